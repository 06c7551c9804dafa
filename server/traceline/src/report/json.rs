//! Reports as JSON, in the forms that the engine's exports define.

use super::checked::Checked;
use serde::Serialize;
use std::io::{self, Write};
use traceline_engine::export::check::Report;

/// Writes `value` as one indented document.
pub(crate) fn print(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    let findings = checked.all_entries();
    print(out, &Report { version: 1, root: checked.root.to_string(), summary: checked.summary, findings })
}
