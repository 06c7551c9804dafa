//! The tree of one requirement, drawn for a person at a terminal.

use std::io::{self, Write};
use traceline_engine::export::trace::{Node, Report};

/// Writes what stands above, the requirement, and what is below it, each further in than what it hangs from.
pub(crate) fn human(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let mut before = String::new();
    for (depth, node) in report.above.iter().chain([&report.node]).enumerate() {
        let branch = if depth == 0 { "" } else { "└─ " };
        writeln!(out, "{before}{branch}{}", line(node))?;
        before += if depth == 0 { "" } else { "   " };
    }
    below(out, &report.node, &before)
}

fn below(out: &mut impl Write, node: &Node, before: &str) -> io::Result<()> {
    for (at, child) in node.below.iter().enumerate() {
        let (branch, deeper) = if at + 1 == node.below.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        writeln!(out, "{before}{branch}{}", line(child))?;
        below(out, child, &format!("{before}{deeper}"))?;
    }
    Ok(())
}

fn line(node: &Node) -> String {
    let name = match (node.kind, &node.id) {
        // A name is its own title.
        (_, Some(id)) if *id == node.title || node.title.is_empty() => id.clone(),
        ("scenario", _) => format!("scenario {}", node.title),
        (_, Some(id)) => format!("{id} {}", node.title),
        ("section", _) => format!("plan {}", node.title),
        ("task", _) => format!("task {}", node.title),
        _ => node.title.clone(),
    };
    let state = node.state.map_or(String::new(), |state| format!(" ({state})"));
    let through = match node.through {
        Some("whole") => ", by what it is part of",
        Some(_) => ", by “all requirements”",
        None => "",
    };
    format!("{name}{state}{through}  {}:{}", node.path, node.line)
}
