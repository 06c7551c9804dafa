//! `[traces]`: how lines are told that say what a section or a task serves.

use super::Lexicon;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[traces]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Traces {
    /// Words before the colon of a trace line, in lower case.
    pub keys: Lexicon,
    /// Those of them that also cite chapters and versions: a bare number behind one is only followed where it is defined.
    pub loose_keys: Lexicon,
    /// Those of them that name a part of what is served on purpose, such as what can be tested: what a plan leaves out behind
    /// these is not missing.
    pub partial_keys: Lexicon,
    /// Those of them behind which a whole number is that of a criterion in the file's own list: `(AC: 1, 2)`.
    pub own_criteria: Lexicon,
    /// Values that mean all requirements, in lower case: `_Requirements: All_`.
    pub all: Lexicon,
    /// Words of headings below which tables say what is traced to what.
    pub tables: Lexicon,
    /// Words that may stand before a bare number in one.
    pub nouns: Lexicon,
}
