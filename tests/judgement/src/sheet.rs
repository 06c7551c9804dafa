//! A sheet to judge on: the loud findings of one repository, at most sixty, each with the lines around it.
//!
//! A sheet is the log's columns with `?` for a verdict, and behind them what it says and where, which the log leaves out.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::checked::{Finding, dialect, findings};
use crate::drawn::Drawn;

/// How many findings of one repository are judged.
pub const MOST: usize = 60;

/// The loud findings of a repository that are judged: all, or sixty of them that are always the same ones.
#[must_use]
pub fn chosen(repository: &str, found: Vec<Finding>) -> Vec<Finding> {
    let mut loud: Vec<Finding> = found.into_iter().filter(Finding::is_loud).collect();
    if loud.len() > MOST {
        loud.sort_by_key(|it| lot(&format!("{repository} {} {} {} {}", it.path, it.line, it.column, it.rule)));
        loud.truncate(MOST);
        loud.sort_by(|a, b| (&a.path, a.line, a.column, &a.rule).cmp(&(&b.path, b.line, b.column, &b.rule)));
    }
    loud
}

/// A number that looks drawn by chance and is always the same for the same text (FNV-1a).
fn lot(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// The sheet of a repository whose files lie in `folder`.
///
/// # Errors
/// When it cannot be checked.
pub fn sheet(drawn: &Drawn, folder: &Path) -> Result<String> {
    let Drawn { round, repository, commit, .. } = drawn;
    let all = findings(folder)?;
    let count = all.iter().filter(|it| it.is_loud()).count();
    let mut out = format!("# {repository}: {count} warnings and errors of {} findings\n", all.len());
    for it in chosen(repository, all) {
        let dialect = dialect(folder, &it.path)?;
        let place = format!("{}\t{}\t{}\t{}", it.path, it.line, it.column, it.rule);
        let _ = writeln!(out, "{round}\t{repository}\t{commit}\t{dialect}\t{place}\twarning\t?\t");
        let _ = writeln!(out, "#   {} | {}", it.message, it.help);
        let text = fs::read(folder.join(&it.path)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let first = it.line.saturating_sub(3).max(1);
        for (number, line) in (1u64..).zip(text.lines()).filter(|(number, _)| (first..=it.line + 1).contains(number)) {
            let mark = if number == it.line { '>' } else { ' ' };
            let _ = writeln!(out, "#   {mark}{number:5} {}", line.chars().take(240).collect::<String>());
        }
    }
    Ok(out)
}
