//! `[withdrawn]`: how a requirement is given up that stays where it is.

use super::Lexicon;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[withdrawn]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Withdrawn {
    /// Whether a requirement that is struck through is withdrawn: `~~**FR-3**: text~~`.
    pub struck: bool,
    /// Words that say so behind the id or where the statement starts: `**FR-3** (withdrawn)`.
    pub words: Lexicon,
    /// Words before the id of what takes its place: `superseded by FR-7`.
    pub successors: Lexicon,
    /// Words before the colon of a line that says so of the requirement around it: `**Status**: Withdrawn`.
    pub keys: Lexicon,
    /// Headings below which requirements are withdrawn.
    pub headings: Lexicon,
    /// Words that say in the same places that a requirement is put off, or is not to be built: `### FR-3: Title (deferred)`.
    pub deferred: Lexicon,
    /// Headings below which requirements are put off.
    pub deferred_headings: Lexicon,
    /// Words behind a requirement that is struck through because it is done.
    pub fulfilled: Lexicon,
    /// All that the status of a requirement says which is not begun: `Pending`.
    pub pending: Lexicon,
}

impl Withdrawn {
    /// The lists of words, which are compared in lower case.
    pub(super) fn lists(&mut self) -> [&mut Lexicon; 8] {
        let Self { words, successors, keys, headings, fulfilled, pending, deferred, deferred_headings, struck: _ } =
            self;
        [words, successors, keys, headings, fulfilled, pending, deferred, deferred_headings]
    }

    /// The same for what is put off: nothing takes its place, and what is struck through is more than that.
    pub(super) fn of_deferred(&self) -> Self {
        let Self { deferred, deferred_headings, keys, fulfilled, pending, .. } = self.clone();
        Self {
            struck: false,
            words: deferred,
            successors: Lexicon::default(),
            keys,
            headings: deferred_headings,
            deferred: Lexicon::default(),
            deferred_headings: Lexicon::default(),
            fulfilled,
            pending,
        }
    }
}
