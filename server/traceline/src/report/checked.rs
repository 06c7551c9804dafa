//! What a run of `traceline check` has found, as every format is given it.

use crate::parallel::in_pieces;
use traceline_engine::export::check::{Entry, Summary, entries};
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;
use traceline_engine::settings::Level;
use traceline_engine::world::Snapshot;

/// Those of fewer files are made by one thread.
const FEW: usize = 256;

/// What a run of `traceline check` has found.
pub(crate) struct Checked<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// Paths are told from here on.
    pub(crate) root: &'a FilePath,
    /// The files that were asked for, in order.
    pub(crate) files: &'a [FilePath],
    /// What was found in each file, files without any left out.
    pub(crate) found: &'a [(FilePath, Vec<Finding>)],
    /// What it comes to.
    pub(crate) summary: Summary,
    /// The least serious level that makes the run fail.
    pub(crate) fail_on: Level,
    /// Whether rules were chosen, so that some of what they tell is missing.
    pub(crate) chosen: bool,
    /// Whether findings alone are told, and not how much was read.
    pub(crate) quiet: bool,
}

impl Checked<'_> {
    /// The path as reports tell it.
    pub(super) fn name<'p>(&self, path: &'p FilePath) -> &'p str {
        path.relative_to(self.root.as_str())
    }

    /// The findings of a file, each with what programs are told of it.
    pub(super) fn entries<'f>(
        &self,
        path: &FilePath,
        findings: &'f [Finding],
    ) -> impl Iterator<Item = (&'f Finding, Entry)> {
        findings.iter().zip(entries(self.snapshot, self.root, path, findings))
    }

    /// What programs are told of all findings, in the order of files and text.
    pub(super) fn all_entries(&self) -> Vec<Entry> {
        let of = |(path, findings): &(FilePath, Vec<Finding>)| entries(self.snapshot, self.root, path, findings);
        in_pieces(self.found, FEW, |piece| piece.iter().flat_map(of).collect())
    }

    /// All findings, in the order of files and text.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Finding, Entry)> {
        self.found.iter().flat_map(|(path, findings)| self.entries(path, findings))
    }
}

/// What a finding says, and below it what would work: for formats that have one text for both.
pub(super) fn words(entry: &Entry) -> String {
    entry.help.iter().fold(entry.message.clone(), |message, help| format!("{message}\n{help}"))
}
