//! Reports: findings and facts as people and programs read them.

pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod place;

use clap::ValueEnum;
use std::io::{self, Write};
use traceline_engine::export::check::Summary;
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;
use traceline_engine::world::Snapshot;

/// How `traceline check` reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, with excerpts of the source
    Human,
    /// For programs, by its schema
    Json,
}

impl Format {
    /// Writes what was found in each file, below `root`, and what it comes to.
    pub(crate) fn check(
        self,
        out: &mut impl Write,
        snapshot: &Snapshot,
        root: &FilePath,
        found: &[(FilePath, Vec<Finding>)],
        summary: Summary,
    ) -> io::Result<()> {
        match self {
            Self::Human => human::check(out, snapshot, root, found, summary),
            Self::Json => json::check(out, snapshot, root, found, summary),
        }
    }
}
