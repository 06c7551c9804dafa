//! The matrix as Markdown for the description of a pull request, or a comment.

use super::Links;
use super::words;
use crate::report::markdown::inline;
use std::io::{self, Write};
use traceline_engine::export::matrix::{Entry, Feature, Matrix, ServerEntry, Stage, Totals};

/// So many requirements are told in a table: a comment of a forge has an end.
const MOST: usize = 100;

/// So many features are told.
const MOST_FEATURES: usize = 40;

/// So many sections or tasks stand in a cell.
const MOST_SERVERS: usize = 5;

pub(super) fn write(out: &mut impl Write, matrix: &Matrix, links: &Links) -> io::Result<()> {
    writeln!(out, "### Requirements and what serves them\n\n{}.", words::total(matrix))?;
    if matrix.is_empty() {
        return Ok(());
    }
    let mut features: Vec<&Feature> = matrix.features.iter().filter(|it| it.totals.requirements > 0).collect();
    // The least covered first.
    features.sort_by_key(|it| std::cmp::Reverse(it.totals.uncovered + it.totals.untraced));
    let more = features.len().saturating_sub(MOST_FEATURES);
    head(out, "feature")?;
    for feature in features.iter().take(MOST_FEATURES) {
        total(out, words::feature(&feature.scope), &feature.totals)?;
    }
    if more > 0 {
        writeln!(out, "\nand {} that lack less", words::count(more, "feature", "features"))?;
    }
    if matrix.families.len() > 1 {
        head(out, "family")?;
        for family in &matrix.families {
            total(out, words::family(&family.name), &family.totals)?;
        }
    }
    let report = matrix.report();
    let is_open = |it: &&Entry<'_>| !matches!(it.state, "done" | "deferred" | "withdrawn");
    let (open, closed): (Vec<_>, Vec<_>) = report.requirements.iter().partition(is_open);
    if !open.is_empty() {
        writeln!(out, "\n#### What is to be done\n")?;
        table(out, &open, links)?;
    }
    if !closed.is_empty() {
        let count = words::count(closed.len(), "requirement", "requirements");
        writeln!(out, "\n<details><summary>{count} done, deferred or withdrawn</summary>\n")?;
        table(out, &closed, links)?;
        writeln!(out, "\n</details>")?;
    }
    Ok(())
}

fn head(out: &mut impl Write, what: &str) -> io::Result<()> {
    let stages = Stage::ALL.map(Stage::as_str).join(" | ");
    let columns = "---:|".repeat(Stage::ALL.len());
    writeln!(out, "\n| {what} | covered | requirements | {stages} |\n|---|---|---:|{columns}")
}

fn total(out: &mut impl Write, name: &str, totals: &Totals) -> io::Result<()> {
    write!(out, "| {} | {} | {} |", inline(name), words::bar(totals), totals.requirements)?;
    for stage in Stage::ALL {
        match totals.of(stage) {
            0 => write!(out, "  |")?,
            number => write!(out, " {number} |")?,
        }
    }
    writeln!(out)
}

fn table(out: &mut impl Write, entries: &[&Entry<'_>], links: &Links) -> io::Result<()> {
    writeln!(out, "| requirement | state | plan | tasks |\n|---|---|---|---|")?;
    for entry in entries.iter().take(MOST) {
        let lacks: Vec<&str> =
            entry.missing.iter().map(|link| if *link == "plan" { "no section" } else { "no task" }).collect();
        let lacks = if lacks.is_empty() { String::new() } else { format!("<br>{}", lacks.join(", ")) };
        let id = linked(entry.id, entry.path, entry.line, links);
        writeln!(
            out,
            "| **{id}** {}<br><sub>{}</sub> | {}{lacks} | {} | {} |",
            inline(entry.title),
            inline(words::feature(entry.scope)),
            entry.state,
            cell(&entry.sections, entry.sections_through, links),
            cell(&entry.tasks, entry.tasks_through, links)
        )?;
    }
    let more = entries.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "\nand {} more: `traceline matrix --format csv`", words::thousands(more))?;
    }
    Ok(())
}

/// Text that leads somewhere where whoever reads it can go there.
fn linked(text: &str, path: &str, line: u32, links: &Links) -> String {
    if links.are_whole() { format!("[{}]({})", inline(text), links.to(path, line)) } else { inline(text) }
}

fn cell(servers: &[ServerEntry<'_>], through: Option<&str>, links: &Links) -> String {
    let mut lines: Vec<String> = servers
        .iter()
        .take(MOST_SERVERS)
        .map(|server| {
            let state = server.state.map_or(String::new(), |state| format!(" ({state})"));
            linked(server.title, server.path, server.line, links) + &state
        })
        .collect();
    let more = servers.len().saturating_sub(MOST_SERVERS);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    if through.is_some() {
        lines.push(format!("<sub>{}</sub>", words::through(through)));
    }
    lines.join("<br>")
}
