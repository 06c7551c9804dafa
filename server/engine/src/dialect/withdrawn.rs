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
    /// Words that say in the same places that a requirement is put off, or is not to be built: `### FR-3: Title (deferred)`.
    pub deferred: Vec<String>,
    /// Headings below which requirements are put off.
    pub deferred_headings: Vec<String>,
    /// Words behind a requirement that is struck through because it is done.
    pub fulfilled: Vec<String>,
}

impl Withdrawn {
    /// The lists of words, which are compared in lower case.
    pub(super) fn lists(&mut self) -> [&mut Vec<String>; 7] {
        let Self { words, successors, keys, headings, fulfilled, deferred, deferred_headings, struck: _ } = self;
        [words, successors, keys, headings, fulfilled, deferred, deferred_headings]
    }

    /// The same for what is put off: nothing takes its place, and what is struck through is more than that.
    pub(super) fn of_deferred(&self) -> Self {
        let Self { deferred, deferred_headings, keys, fulfilled, .. } = self.clone();
        Self {
            struck: false,
            words: deferred,
            successors: Vec::new(),
            keys,
            headings: deferred_headings,
            deferred: Vec::new(),
            deferred_headings: Vec::new(),
            fulfilled,
        }
    }
}
