//! What was found of closed files, on its way to the keeper.

use super::check::check_file;
use super::related::related_files;
use crate::lsp::diagnostics::{Encoder, Items};
use std::collections::BTreeSet;
use traceline_engine::path::FilePath;
use traceline_engine::world::Snapshot;

/// The findings of a closed file.
pub(super) struct CheckedFile {
    pub(super) path: FilePath,
    /// None where there are none.
    pub(super) items: Option<Items>,
    /// Other files that they point into.
    pub(super) others: BTreeSet<FilePath>,
}

impl CheckedFile {
    pub(super) fn of(snapshot: &Snapshot, path: &FilePath, encoder: Encoder<'_>) -> Self {
        let findings = check_file(snapshot, path, None).unwrap_or_default();
        let items = (!findings.is_empty()).then(|| encoder.items(snapshot, path, &findings));
        Self { path: path.clone(), items, others: related_files(path, &findings) }
    }
}

/// The findings of closed files.
pub(crate) struct Checked {
    pub(super) files: Vec<CheckedFile>,
    /// Scopes that were left out, because nobody waited any more.
    pub(super) left: Vec<FilePath>,
}
