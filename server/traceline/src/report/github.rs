//! Reports as commands of GitHub's workflows: each finding becomes an annotation beside its line.

use super::checked::{Checked, words};
use super::human::{close, total};
use super::markdown::inline;
use std::cmp::Reverse;
use std::io::{self, Write};
use traceline_engine::export::check::Entry;
use traceline_engine::settings::Level;

/// So many findings stand in a summary; GitHub takes a megabyte of it.
const MOST: usize = 200;

/// Writes each finding as a command, the most serious first: GitHub shows ten of each kind of a step. The last line, which is
/// no command, says how much was read.
pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    for (level, entry) in sorted(checked) {
        let kind = match level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Information | Level::Hint => "notice",
        };
        let Entry { line, column, end_line, end_column, .. } = entry;
        write!(out, "::{kind} file={},line={line},endLine={end_line},col={column}", value(&entry.path))?;
        // Columns of two lines are of no use to GitHub, which then leaves the annotation out.
        if line == end_line {
            write!(out, ",endColumn={end_column}")?;
        }
        writeln!(out, ",title={}::{}", value(entry.rule), message(&words(&entry)))?;
    }
    close(out, checked)
}

/// Writes the summary of a step as Markdown.
pub(crate) fn summary(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    writeln!(out, "### Traceline\n\n{}", total(checked.summary))?;
    let all = sorted(checked);
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| level | place | finding | rule |\n|---|---|---|---|")?;
    for (level, entry) in all.iter().take(MOST) {
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            level.as_str(),
            inline(&format!("{}:{}", entry.path, entry.line)),
            inline(&entry.message),
            entry.rule
        )?;
    }
    if all.len() > MOST {
        writeln!(out, "\nand {} more", all.len() - MOST)?;
    }
    Ok(())
}

fn sorted(checked: &Checked<'_>) -> Vec<(Level, Entry)> {
    let mut all: Vec<(Level, Entry)> = checked.all().map(|(finding, entry)| (finding.level, entry)).collect();
    all.sort_by_key(|(level, _)| Reverse(*level));
    all
}

/// Text behind the `::` of a command, whose end is the end of the line.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a command's property, which a comma or colon would end.
fn value(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(message("50 %\r\n::error::x, y"), "50 %25%0D%0A::error::x, y");
        assert_eq!(value("a,b:c%.md"), "a%2Cb%3Ac%25.md");
    }
}
