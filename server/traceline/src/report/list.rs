//! Requirements as a list: for a person at a terminal, as names, and for a spreadsheet.

use super::matrix::csv::table as csv_table;
use std::io::{self, Write};
use traceline_engine::export::list::{Named, Report};

/// A title that is longer is cut.
const LONGEST_TITLE: usize = 72;

/// Writes a line for each: its name, how far it is, how many of its tasks are done, where it stands, and its title.
pub(crate) fn table(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    let rows: Vec<[String; 5]> = report.requirements.iter().map(cells).collect();
    if !rows.is_empty() {
        let head = ["REQUIREMENT", "STATE", "TASKS", "WHERE", "TITLE"].map(String::from);
        let all = || std::iter::once(&head).chain(&rows);
        let width = |column: usize| all().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let widths: [usize; 4] = std::array::from_fn(width);
        for [name, state, tasks, place, title] in all() {
            let [a, b, c, d] = widths;
            let line = format!("{name:a$}  {state:b$}  {tasks:>c$}  {place:d$}  {title}");
            writeln!(out, "{}", line.trim_end())?;
        }
        writeln!(out)?;
    }
    let (listed, of) = (report.requirements.len(), report.of);
    writeln!(out, "{listed} of {of} requirement{}", if of == 1 { "" } else { "s" })
}

fn cells(named: &Named<'_>) -> [String; 5] {
    let entry = &named.requirement;
    let done = entry.tasks.iter().filter(|task| task.state == Some("done")).count();
    let tasks = if entry.tasks.is_empty() { "–".to_string() } else { format!("{done}/{}", entry.tasks.len()) };
    let mut title: String = entry.title.chars().take(LONGEST_TITLE).collect();
    if title.len() < entry.title.len() {
        title.push('…');
    }
    [named.name.clone(), entry.state.to_string(), tasks, format!("{}:{}", entry.path, entry.line), title]
}

/// Writes the names, a line each.
pub(crate) fn ids(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    report.requirements.iter().try_for_each(|it| writeln!(out, "{}", it.name))
}

/// Writes what the matrix says of each, as it does.
pub(crate) fn csv(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    csv_table(out, &report.requirements, |it| &it.requirement)
}
