//! What a change touches: for a person at a terminal, and as Markdown for a pull request.

use super::markdown::{fenced, inline};
use std::io::{self, Write};
use traceline_engine::export::impact::{Entry, Report, ServerEntry, Summary};

/// What is done to requirements, in the order in which a reviewer reads it.
const ORDER: [&str; 5] = ["removed", "withdrawn", "changed", "added", "restored"];

/// So many lines of a statement are shown.
const MOST_LINES: usize = 24;

/// So many requirements are told in Markdown: a comment of a forge has an end.
const MOST: usize = 100;

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What it comes to, in a line.
fn total(report: &Report) -> String {
    let Summary { files, changed_files, added, changed, withdrawn, restored, removed, tasks, done } = report.summary;
    let of = [
        (added, "added"),
        (changed, "changed"),
        (withdrawn, "withdrawn"),
        (restored, "restored"),
        (removed, "removed"),
    ];
    let parts: Vec<String> =
        of.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
    let number = added + changed + withdrawn + restored + removed;
    let requirements = if number == 0 {
        "no requirement has changed".to_string()
    } else {
        format!("{}: {}", count(number, "requirement", "requirements"), parts.join(", "))
    };
    let served = match (tasks, done) {
        (0, _) => String::new(),
        (tasks, 0) => format!("; {} of them, none done", count(tasks, "task serves one", "tasks serve one")),
        (tasks, done) => format!("; {} of them, {done} done", count(tasks, "task serves one", "tasks serve one")),
    };
    let files = format!("{changed_files} of {} changed", count(files, "file", "files"));
    format!("{requirements}{served} ({files} since {})", report.base)
}

/// The requirements, by what was done to them.
fn ordered(report: &Report) -> impl Iterator<Item = &Entry> {
    ORDER.iter().flat_map(|change| report.requirements.iter().filter(move |it| it.change == *change))
}

/// Whether something that is done would have to be done again.
fn is_reopened(entry: &Entry, task: &ServerEntry) -> bool {
    task.state == Some("done") && matches!(entry.change, "changed" | "removed" | "withdrawn")
}

fn state(entry: &Entry, task: &ServerEntry) -> &'static str {
    match task.state {
        Some("done") if is_reopened(entry, task) => "done before the change",
        Some(state) => state,
        None => "",
    }
}

/// Writes it for a person at a terminal.
pub(crate) fn human(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for entry in ordered(report) {
        let place = &entry.place;
        writeln!(out, "{} {}  {}:{}", entry.change, entry.id, place.path, place.line)?;
        for (mark, text) in [('-', &entry.before), ('+', &entry.after)] {
            // What has come or gone says it by its word.
            for line in text.iter().filter(|_| entry.change == "changed").flat_map(|text| text.lines()).take(MOST_LINES)
            {
                writeln!(out, "  {mark} {}", line.trim_end())?;
            }
        }
        if entry.change != "changed" {
            writeln!(out, "    {}", entry.title)?;
        }
        for section in &entry.sections {
            writeln!(out, "  plan   {}:{}  {}", section.path, section.line, section.title)?;
        }
        for task in &entry.tasks {
            writeln!(out, "  task   {}:{}  {} ({})", task.path, task.line, task.title, state(entry, task))?;
        }
        for document in &entry.documents {
            writeln!(out, "  named  {document}")?;
        }
        if entry.sections.is_empty() && entry.tasks.is_empty() && entry.documents.is_empty() {
            writeln!(out, "  nothing names it")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", total(report))
}

/// Writes it as Markdown for the description of a pull request, or a comment.
pub(crate) fn markdown(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "### Requirements that this change touches\n\n{}.", inline(&total(report)))?;
    if report.requirements.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| requirement | | plan | tasks | other documents |\n|---|---|---|---|---|")?;
    for entry in ordered(report).take(MOST) {
        let cell = |items: &[ServerEntry]| {
            let items: Vec<String> = items
                .iter()
                .map(|item| match item.state {
                    Some(_) => format!("{} ({})", inline(&item.title), state(entry, item)),
                    None => inline(&item.title),
                })
                .collect();
            items.join("<br>")
        };
        let documents: Vec<String> = entry.documents.iter().map(|path| inline(path)).collect();
        writeln!(
            out,
            "| **{}** {} | {} | {} | {} | {} |",
            inline(&entry.id),
            inline(&entry.title),
            entry.change,
            cell(&entry.sections),
            cell(&entry.tasks),
            documents.join("<br>")
        )?;
    }
    let more = report.requirements.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "\nand {more} more: `traceline impact --base {}`", report.base.replace('`', ""))?;
    }
    let reworded: Vec<&Entry> = ordered(report).filter(|it| it.change == "changed").take(MOST).collect();
    if reworded.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>What they said, and say</summary>\n")?;
    for entry in reworded {
        let marked = |mark: char, text: &Option<String>| {
            let lines = text.iter().flat_map(|text| text.lines()).take(MOST_LINES);
            lines.map(|line| format!("{mark} {}\n", line.trim_end())).collect::<String>()
        };
        let text = marked('-', &entry.before) + &marked('+', &entry.after);
        writeln!(
            out,
            "{} ({}:{})\n\n{}\n",
            inline(&entry.id),
            inline(&entry.place.path),
            entry.place.line,
            fenced("diff", &text)
        )?;
    }
    writeln!(out, "</details>")
}
