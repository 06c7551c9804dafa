//! What is understood of one place, for a person at a terminal.

use std::io::{self, Write};
use traceline_engine::export::place::{ReadEntry, Report, RuleEntry};

/// Writes what stands at a place, where it was looked up, and what the rules made of it.
pub(crate) fn print(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let column = report.column.map_or(String::new(), |column| format!(":{column}"));
    writeln!(out, "{}:{}{column}", report.path, report.line)?;
    writeln!(out, "  in a file read as {} in the dialect {}", report.role, report.dialect)?;
    for entry in &report.read {
        read(out, entry)?;
    }
    if report.rules.is_empty() {
        return writeln!(out, "\nNo rule has anything to say here.");
    }
    report.rules.iter().try_for_each(|entry| rule(out, entry))
}

fn read(out: &mut impl Write, entry: &ReadEntry) -> io::Result<()> {
    if entry.what == "nothing" {
        return writeln!(out, "\nNothing: {}", entry.how);
    }
    let id = entry.id.as_ref().map_or(String::new(), |id| format!(" {id}"));
    writeln!(out, "\n{}:{} {}{id} ({})", entry.line, entry.column, entry.what.replace('-', " "), entry.how)?;
    for (at, folder) in entry.looked_up.iter().enumerate() {
        let folder_name = if folder.folder == "." { "the workspace" } else { &folder.folder };
        let found = if folder.found { "found" } else { "not there" };
        writeln!(out, "  looked up {}. in {folder_name}: {found}", at + 1)?;
    }
    for place in &entry.resolved {
        writeln!(out, "  defined at {}:{}", place.path, place.line)?;
    }
    if let Some(near) = &entry.nearest {
        writeln!(out, "  nearest: {}, {}", near.id, near.why)?;
    }
    Ok(())
}

/// Writes what one rule made of it.
pub(super) fn rule(out: &mut impl Write, entry: &RuleEntry) -> io::Result<()> {
    let level = entry.level.unwrap_or("silent");
    writeln!(out, "\n{} ({level}): {}", entry.rule, entry.message)?;
    for by in &entry.by {
        let name = by.doubt.map_or(String::new(), |name| format!(" {name}"));
        writeln!(out, "  {}{name}: {}", by.kind, by.note)?;
    }
    Ok(())
}
