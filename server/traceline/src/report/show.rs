//! All that is known of one requirement, for a person at a terminal.

use super::place;
use std::io::{self, Write};
use traceline_engine::export::chain::Chain;
use traceline_engine::export::impact::ServerEntry;
use traceline_engine::export::show::{DefinitionEntry, PartEntry, PieceEntry, Report};

/// So many places that name it are told.
const MOST_PLACES: usize = 40;

/// Writes its statement, its chain, the places that name it, and why it is read and judged as it is.
pub(crate) fn human(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let name =
        if report.id.ends_with(&report.title) { report.id.clone() } else { format!("{} {}", report.id, report.title) };
    let state = report.chain.state.map_or(String::new(), |state| format!(" ({state})"));
    writeln!(out, "{name}{state}")?;
    let folder = if report.scope == "." { "the workspace" } else { &report.scope };
    writeln!(out, "  a requirement of {folder}")?;
    for defined in &report.defined {
        let gone = if defined.withdrawn { ", given up" } else { "" };
        writeln!(out, "  {}:{}:{}  {}{gone}", defined.path, defined.line, defined.column, defined.form)?;
    }
    writeln!(out)?;
    report.statement.lines().try_for_each(|line| writeln!(out, "{}", format!("    {line}").trim_end()))?;
    if let Some(pieces) = &report.suspect {
        writeln!(out, "\nchanged since its review: {}", change(pieces))?;
    }
    if !report.successors.is_empty() {
        writeln!(out, "\nsuperseded by {}", report.successors.join(", "))?;
    }
    if !report.predecessors.is_empty() {
        writeln!(out, "\ntakes the place of {}", report.predecessors.join(", "))?;
    }
    if !report.former_names.is_empty() {
        writeln!(out, "\nformerly {}", report.former_names.join(", "))?;
    }
    parts(out, "part of", &report.part_of)?;
    parts(out, "parts", &report.parts)?;
    chain(out, &report.chain)?;
    if !report.named.is_empty() {
        writeln!(out, "\nnamed ({})", report.named.len())?;
    }
    for entry in report.named.iter().take(MOST_PLACES) {
        let within = entry.within.as_ref().map_or(String::new(), |title| format!(", {title}"));
        writeln!(out, "  {}:{}:{}  {}{within}", entry.path, entry.line, entry.column, entry.how)?;
    }
    let more = report.named.len().saturating_sub(MOST_PLACES);
    if more > 0 {
        writeln!(out, "  and {more} more: --format json")?;
    }
    writeln!(out, "\nwhy")?;
    for sentence in report.defined.first().map(why_read).into_iter().chain([why_so_far(&report.chain)]) {
        writeln!(out, "  {sentence}")?;
    }
    report.rules.iter().try_for_each(|entry| place::rule(out, entry))
}

fn parts(out: &mut impl Write, what: &str, parts: &[PartEntry]) -> io::Result<()> {
    if parts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{what}")?;
    for part in parts {
        // A name is its own title, and a scenario's that behind its requirement's.
        let title = if part.id.ends_with(&part.title) { "" } else { &part.title };
        let state = part.state.map_or(String::new(), |state| format!(" ({state})"));
        writeln!(out, "  {}", format!("{} {title}", part.id).trim_end().to_string() + &state)?;
    }
    Ok(())
}

fn chain(out: &mut impl Write, chain: &Chain) -> io::Result<()> {
    let (sections, tasks) = (&chain.sections, &chain.tasks);
    if sections.is_empty() && tasks.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nserved")?;
    for (what, all) in [("plan", sections), ("task", tasks)] {
        for ServerEntry { title, path, line, state } in all {
            let state = state.map_or(String::new(), |state| format!(" ({state})"));
            writeln!(out, "  {what}   {path}:{line}  {title}{state}")?;
        }
    }
    Ok(())
}

/// Which words have changed, in a line.
fn change(pieces: &[PieceEntry]) -> String {
    let told = |piece: &PieceEntry| match piece.what {
        "gone" => format!("[-{}-]", piece.words),
        "new" => format!("{{+{}+}}", piece.words),
        _ => piece.words.clone(),
    };
    pieces.iter().map(told).collect::<Vec<_>>().join(" ")
}

/// Why it is a requirement: what its file is, and for what.
fn why_read(defined: &DefinitionEntry) -> String {
    let evidence = defined.role_evidence.as_ref().map_or(String::new(), |evidence| format!(" for {evidence}"));
    let chosen = match defined.chosen_by {
        "path" => "for its path",
        "content" => "for what it says",
        "configuration" => "as the configuration says",
        _ => "neither its path nor what it says is of another",
    };
    let (form, path, role, dialect) = (defined.form, &defined.path, defined.role, &defined.dialect);
    format!("defined {form}: {path} is read as {role}{evidence}, in the dialect {dialect} ({chosen})")
}

/// Why it has its state.
fn why_so_far(chain: &Chain) -> String {
    let through = |through: Option<&str>| match through {
        Some("whole") => ", by way of what it is part of",
        Some("parts") => ", by way of its parts",
        Some(_) => ", by a trace line that names all requirements",
        None => "",
    };
    let tasks = format!("{} of {} done{}", chain.done(), count(chain.tasks.len()), through(chain.tasks_through));
    let lacks = match (chain.missing.contains(&"plan"), chain.missing.contains(&"task")) {
        (true, true) => "no section of a plan serves it and no task builds it",
        (true, false) => "no section of a plan serves it",
        (false, true) => "no task builds it",
        (false, false) => "nothing is missing",
    };
    let others = if chain.missing.is_empty() { "" } else { ", though others of its family have one" };
    match chain.state {
        None => "the matrix does not count it: it is a part of a requirement, or the number of a section".into(),
        Some("uncovered") => format!("uncovered: {lacks}{others}"),
        Some("untraced") => "untraced: nothing serves it, nor any other of its family that would be judged".into(),
        Some("planned") => {
            let planned = format!("planned: a section serves it{}", through(chain.sections_through));
            if chain.missing.is_empty() { planned } else { format!("{planned}; {lacks}{others}") }
        }
        Some(state @ ("tasked" | "done")) => {
            if chain.missing.is_empty() {
                format!("{state}: {tasks}")
            } else {
                format!("{state}: {tasks}; {lacks}{others}")
            }
        }
        Some("deferred") => "deferred: its document puts it off, or leaves it out on purpose".into(),
        Some("withdrawn") => "withdrawn: its definition says that it is given up".into(),
        Some(state) => state.into(),
    }
}

fn count(tasks: usize) -> String {
    format!("{tasks} task{}", if tasks == 1 { "" } else { "s" })
}
