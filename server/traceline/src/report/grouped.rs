//! Reports by file: its path, and below it a line for each of its findings, in columns.

use super::checked::Checked;
use super::human::close;
use super::paint::{BOLD, DIM, PLAIN, of_level};
use std::io::{self, Write};

/// Writes the files that have findings, each with its own in the order of its text.
pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    for (path, findings) in checked.found {
        writeln!(out, "{BOLD}{}{PLAIN}", checked.name(path))?;
        let rows: Vec<_> = checked.entries(path, findings).collect();
        let places: Vec<String> = rows.iter().map(|(_, entry)| format!("{}:{}", entry.line, entry.column)).collect();
        let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or_default();
        let place = widest(&mut places.iter().map(String::len));
        let level = widest(&mut rows.iter().map(|(_, entry)| entry.level.len()));
        let rule = widest(&mut rows.iter().map(|(_, entry)| entry.rule.len()));
        for ((finding, entry), at) in rows.iter().zip(&places) {
            writeln!(
                out,
                "  {at:>place$}  {}{:level$}{PLAIN}  {DIM}{:rule$}{PLAIN}  {}",
                of_level(finding.level),
                entry.level,
                entry.rule,
                entry.message
            )?;
        }
        writeln!(out)?;
    }
    close(out, checked)
}
