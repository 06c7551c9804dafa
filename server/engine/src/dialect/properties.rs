//! `[properties]`: how designs number what has to hold of every run, and how tasks name the tests of it.

use super::Lexicon;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[properties]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Properties {
    /// Words before the number of a property, in lower case: `### Property 5: Votes are counted once`.
    pub names: Lexicon,
    /// Those of them behind which several numbers may stand: `Properties 3-5`.
    pub plurals: Lexicon,
    /// Letters that stand for such a word in a task list, in lower case: `(P4)`.
    pub short: Lexicon,
    /// Words of a task that name all properties, in lower case and without a number.
    pub all: Lexicon,
    /// Words with which a line begins that only looks at what there is, in lower case: `Verify all 12 properties`.
    pub checks: Lexicon,
    /// Words in titles of tasks that write tests, in lower case.
    pub tests: Lexicon,
    /// Words that say of a property that it needs no test of its own, in lower case.
    pub untested: Lexicon,
}

impl Properties {
    /// The lists of words, which are compared in lower case.
    pub(super) fn lists(&mut self) -> [&mut Lexicon; 7] {
        let Self { names, plurals, short, all, checks, tests, untested } = self;
        [names, plurals, short, all, checks, tests, untested]
    }
}
