//! Reports of a line for each finding, that begins with its place: what terminals and editors lead to when it is clicked.

use super::checked::Checked;
use super::human::close;
use super::paint::{BOLD, DIM, PLAIN, of_level};
use std::io::{self, Write};

/// Writes `path:line:column: level rule message` for each finding, in the order of files and text.
pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    for (finding, entry) in checked.all() {
        let (path, line, column, colour) = (entry.path, entry.line, entry.column, of_level(finding.level));
        writeln!(
            out,
            "{BOLD}{path}:{line}:{column}{PLAIN}: {colour}{}{PLAIN} {DIM}{}{PLAIN} {}",
            entry.level, entry.rule, entry.message
        )?;
    }
    close(out, checked)
}
