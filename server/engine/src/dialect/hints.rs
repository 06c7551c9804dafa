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
    /// What brackets, or a paragraph that is all in brackets or emphasis, say of text that comes later: `(to be filled in)`.
    pub later: Lexicon,
    /// All that a paragraph says of a section which is empty on purpose: `(none)`.
    pub none: Lexicon,
    /// How a paragraph begins that a tool has left to be written: `TBD - created by …`.
    pub left: Lexicon,
    /// What a template's brackets hold that are hints in code, too, and single words with the label before them:
    /// `specs/[###-feature]/`, `**Spec**: [link]`.
    pub remains: Lexicon,
    /// How a paragraph, a heading or a comment begins in which a template speaks to whom it is filled in by:
    /// `Fill ONLY if …`, `<!-- ACTION REQUIRED: … -->`.
    pub instructions: Lexicon,
    /// Names of the tags that a coding agent writes its tool calls with, of which one may be left in a file: `</content>`.
    pub tool_tags: Lexicon,
    /// How a paragraph begins in which a coding agent speaks to whom it works with, in lower case.
    pub remarks: Lexicon,
    /// Words before a bracket that is seen on a screen or in a file: `Click [Save changes]`.
    pub shown: Lexicon,
    /// Words before the colon of brackets that cite, or before such brackets: `[Source: docs/prd.md]`.
    pub cited: Lexicon,
    /// Words of a line with a colon behind which a form of something else follows: `Write them in this format:`.
    pub forms: Lexicon,
    /// Words that a hint in a heading ends with; other brackets there hold the heading's own words: `### [Feature Name]`.
    pub headings: Lexicon,
}

impl Hints {
    /// The lists of words, which are compared in lower case.
    pub(super) fn lists(&mut self) -> [&mut Lexicon; 15] {
        let Self {
            starts,
            meant,
            sentences,
            blanks,
            later,
            none,
            left,
            remains,
            instructions,
            tool_tags,
            remarks,
            shown,
            cited,
            forms,
            headings,
        } = self;
        [
            starts,
            meant,
            sentences,
            blanks,
            later,
            none,
            left,
            remains,
            instructions,
            tool_tags,
            remarks,
            shown,
            cited,
            forms,
            headings,
        ]
    }
}
