//! `[former]`: how a document says what a requirement was called before.

use super::Lexicon;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[former]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Former {
    /// Words that say so in brackets, before the old ids: `**FR-7** (formerly FR-2)`.
    pub words: Lexicon,
    /// Words before the colon of a line that says so of the requirement around it: `**Former ID**: FR-2`.
    pub keys: Lexicon,
    /// Columns of a table that hold old ids.
    pub old_columns: Lexicon,
    /// Columns of such a table that hold those of today, where its rows state no requirements.
    pub new_columns: Lexicon,
}

impl Former {
    /// The lists of words, which are compared in lower case.
    pub(super) fn lists(&mut self) -> [&mut Lexicon; 4] {
        let Self { words, keys, old_columns, new_columns } = self;
        [words, keys, old_columns, new_columns]
    }
}
