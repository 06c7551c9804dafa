//! `[tasks]`: which boxes of a task list are tasks that need a trace.

use super::Lexicon;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[tasks]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tasks {
    /// How titles of tasks begin that need no trace, in lower case.
    pub exempt: Lexicon,
    /// Words that such titles end with, in lower case.
    pub gates: Lexicon,
    /// Words of titles of tasks that serve all of a story at once: its tests, a review.
    pub of_all: Lexicon,
    /// Headings below which no box needs one, in lower case.
    pub headings: Lexicon,
    /// Whether parts are filled in when the work is done: before that their hints are only hints.
    pub filled_later: bool,
    /// Words before a task's number in a heading, in lower case: the boxes below it are its steps.
    pub nouns: Lexicon,
    /// Words before the number of a task that text names, in lower case: `Task 18`, `tasks 3–5`.
    pub names: Lexicon,
    /// Words that say of a task that it need not be done, or not now, in lower case: `(optional)`, `— deferred`.
    pub optional: Lexicon,
    /// Words of headings below which the tasks are, in lower case: `Tasks / Subtasks`.
    pub lists: Lexicon,
    /// Words before the colon of a line that names the tasks which come first, in lower case: `Depends on: 2.4`.
    pub depends: Lexicon,
    /// Words before the colon of a line that says how many tasks there are, in lower case: `Total tasks: 40`.
    pub totals: Lexicon,
    /// Words before the colon of a line that names the file which a task changes, in lower case: `Create: src/main.rs`.
    pub files: Lexicon,
    /// What a status says where all is done and somebody is to look at it, in lower case: `Status: Ready for Review`.
    pub review: Lexicon,
}

impl Tasks {
    /// The lists of words, which are compared in lower case.
    pub(super) fn lists(&mut self) -> [&mut Lexicon; 12] {
        let Self {
            exempt,
            gates,
            of_all,
            headings,
            filled_later: _,
            nouns,
            names,
            optional,
            lists,
            depends,
            totals,
            files,
            review,
        } = self;
        [exempt, gates, of_all, headings, nouns, names, optional, lists, depends, totals, files, review]
    }
}
