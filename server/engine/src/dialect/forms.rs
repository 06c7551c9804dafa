//! `[forms]`: where a workspace keeps templates of its own, and how they say which sections are asked for.

use super::lexicon::Lexicon;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[forms]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Forms {
    /// Patterns of templates of specifications; of several in one folder the first counts. What a leading `**` stands for is
    /// the folder whose documents they are for.
    pub spec: Vec<String>,
    /// Patterns of templates of plans.
    pub plan: Vec<String>,
    /// Patterns of templates of task lists.
    pub tasks: Vec<String>,
    /// What a template says of a section that no document may leave out, in lower case: *mandatory*.
    pub mandatory: Lexicon,
    /// What it says of one that a document may leave out: *if applicable*.
    pub optional: Lexicon,
    /// What it calls its sections, in lower case: a sentence above them that says so of these lets a document leave out any
    /// that is not mandatory.
    pub sections: Lexicon,
}
