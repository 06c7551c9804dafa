//! `[withdrawn]`: how a requirement is given up that stays where it is.

use schemars::JsonSchema;
use serde::Deserialize;

/// `[withdrawn]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Withdrawn {
    /// Whether a requirement that is struck through is withdrawn: `~~**FR-3**: text~~`.
    pub struck: bool,
    /// Words that say so behind the id or where the statement starts: `**FR-3** (withdrawn)`.
    pub words: Vec<String>,
    /// Words before the id of what takes its place: `superseded by FR-7`.
    pub successors: Vec<String>,
    /// Words before the colon of a line that says so of the requirement around it: `**Status**: Withdrawn`.
    pub keys: Vec<String>,
    /// Headings below which requirements are withdrawn.
    pub headings: Vec<String>,
    /// Words behind a requirement that is struck through because it is done.
    pub fulfilled: Vec<String>,
}

impl Withdrawn {
    /// The lists of words, which are compared in lower case.
    pub(super) fn lists(&mut self) -> [&mut Vec<String>; 5] {
        let Self { words, successors, keys, headings, fulfilled, struck: _ } = self;
        [words, successors, keys, headings, fulfilled]
    }
}
