//! The matrix as CSV (RFC 4180), a line for each requirement, which no spreadsheet takes for formulas.

use super::pieces;
use std::borrow::Cow;
use std::io::{self, Write};
use traceline_engine::export::matrix::{Entry, Matrix, ServerEntry};

const COLUMNS: [&str; 14] = [
    "feature",
    "id",
    "family",
    "title",
    "state",
    "missing",
    "path",
    "line",
    "sections",
    "sections_through",
    "tasks",
    "tasks_through",
    "task_count",
    "tasks_done",
];

pub(super) fn write(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    table(out, &matrix.report().requirements, |row| row)
}

/// Writes a line for the requirement of each of `items`.
pub(in crate::report) fn table<'e, T: Sync>(
    out: &mut impl Write,
    items: &[T],
    entry: impl Fn(&T) -> &Entry<'e> + Sync,
) -> io::Result<()> {
    write!(out, "{}\r\n", COLUMNS.join(","))?;
    pieces::write(out, items.len(), "", |text, at| line(text, entry(&items[at])))
}

fn line(out: &mut String, row: &Entry<'_>) {
    let done = row.tasks.iter().filter(|task| task.state == Some("done")).count();
    let cells: [&str; COLUMNS.len()] = [
        row.scope,
        row.id,
        row.family,
        row.title,
        row.state,
        &row.missing.join(" "),
        row.path,
        &row.line.to_string(),
        &list(&row.sections),
        row.sections_through.unwrap_or_default(),
        &list(&row.tasks),
        row.tasks_through.unwrap_or_default(),
        &row.tasks.len().to_string(),
        &done.to_string(),
    ];
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

/// Sections or tasks in one cell.
fn list(servers: &[ServerEntry<'_>]) -> String {
    let one = |server: &ServerEntry<'_>| {
        let state = server.state.map_or(String::new(), |state| format!(" ({state})"));
        format!("{}:{} {}{state}", server.path, server.line, server.title)
    };
    servers.iter().map(one).collect::<Vec<_>>().join(" | ")
}

fn cell(out: &mut String, text: &str) {
    let text = harmless(text);
    if text.contains([',', '"', '\n', '\r', ';', '\t', '\'']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(&text);
    }
}

/// Signs that begin a formula, wide ones too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The text with an apostrophe before whatever a spreadsheet would take for a formula, as a cell's begin or behind what parts
/// cells where it is set up so.
fn harmless(text: &str) -> Cow<'_, str> {
    let begins = |text: &str| text.trim_start_matches(char::is_whitespace).starts_with(FORMULA);
    let apart = [';', '\t', '\n', '\r'];
    if !begins(text) && !text.contains(apart) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 1);
    for part in text.split_inclusive(apart) {
        if begins(part) {
            out.push('\'');
        }
        out.push_str(part);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let written = |text: &str| {
            let mut out = String::new();
            cell(&mut out, text);
            out
        };
        assert_eq!(written("Users sign in"), "Users sign in");
        assert_eq!(written("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(written("=cmd|'/c calc'!A0"), "\"'=cmd|'/c calc'!A0\"");
        assert_eq!(written(" -1+1"), "\"' -1+1\"");
        assert_eq!(written("＝1"), "\"'＝1\"");
        assert_eq!(written("a;=1;b"), "\"a;'=1;b\"");
        assert_eq!(written("a\n@b"), "\"a\n'@b\"");
        assert_eq!(written("FR-1 = x"), "FR-1 = x");
    }
}
