//! `[hints]`: what a template's author writes in brackets, and what else stands in some.

use super::Lexicon;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[hints]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Hints {
    /// Words that a hint begins with, however long it is: `[Describe …]`.
    pub starts: Lexicon,
    /// Words that a bracket begins with that is meant: `[See other-file.md]`.
    pub meant: Lexicon,
    /// Words that make a sentence of what a bracket holds, so that it says something: `[The queue is drained hourly]`.
    pub sentences: Lexicon,
    /// What stands for the text of a section as a whole where nobody has written it: `TBD`.
    pub blanks: Lexicon,
    /// How a paragraph begins that a tool has left to be written: `TBD - created by …`.
    pub left: Lexicon,
    /// Words before a bracket that is seen on a screen or in a file: `Click [Save changes]`.
    pub shown: Lexicon,
    /// Words that a hint in a heading ends with; other brackets there hold the heading's own words: `### [Feature Name]`.
    pub headings: Lexicon,
}

impl Hints {
    /// The lists of words, which are compared in lower case.
    pub(super) fn lists(&mut self) -> [&mut Lexicon; 7] {
        let Self { starts, meant, sentences, blanks, left, shown, headings } = self;
        [starts, meant, sentences, blanks, left, shown, headings]
    }
}
