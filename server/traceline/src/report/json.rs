//! Reports as JSON, in the forms that the engine's exports define.

use serde::Serialize;
use std::io::{self, Write};
use traceline_engine::export::check::{Report, Summary, entries};
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;
use traceline_engine::world::Snapshot;

/// Writes `value` as one indented document.
pub(crate) fn print(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

pub(crate) fn check(
    out: &mut impl Write,
    snapshot: &Snapshot,
    root: &FilePath,
    found: &[(FilePath, Vec<Finding>)],
    summary: Summary,
) -> io::Result<()> {
    let findings = found.iter().flat_map(|(path, findings)| entries(snapshot, root, path, findings)).collect();
    print(out, &Report { version: 1, root: root.to_string(), summary, findings })
}
