//! Memory: what a file that was read takes, by what it is kept for, the largest first.

use crate::counted::{texts, world};
use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;

/// The workspace that is read.
const WORKSPACE: &str = "f300";

/// The parts as a table.
pub(crate) fn table(data: &Path) -> Result<String> {
    let texts = texts(data, WORKSPACE)?;
    let mut parts: Vec<(&str, usize)> = world(&texts).snapshot().memory().into_iter().collect();
    parts.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let (files, bytes) = (texts.len(), texts.iter().map(|(_, text)| text.len()).sum::<usize>());
    let all: usize = parts.iter().map(|(_, bytes)| bytes).sum();
    let mut out = String::from("| what is kept of a file | bytes | |\n|---|---|---|\n");
    for (part, bytes) in parts.into_iter().filter(|(_, bytes)| *bytes > 0) {
        writeln!(out, "| {part} | {} | {} % |", bytes / files, (100 * bytes + all / 2) / all)?;
    }
    writeln!(out, "| all | {} | of {} bytes of text |", all / files, bytes / files)?;
    Ok(out)
}
