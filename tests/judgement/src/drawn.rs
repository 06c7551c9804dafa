//! What was drawn for each round, `drawn.tsv`: also the repositories that nothing was said of.

use anyhow::{Context, Result, bail};

/// The names of the columns, in order.
pub const COLUMNS: [&str; 5] = ["round", "repository", "commit", "family", "language"];

/// A repository that a round looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Which round, from 1.
    pub round: u32,
    /// `owner/name`.
    pub repository: String,
    /// The commit that was read.
    pub commit: String,
    /// The kind of documents that it was drawn for.
    pub family: String,
    /// The language of its documents.
    pub language: String,
}

/// Reads the list.
///
/// # Errors
/// When a line is not of that form, with its number and what is wrong.
pub fn parse(text: &str) -> Result<Vec<Drawn>> {
    let mut lines = (1..).zip(text.lines());
    match lines.next() {
        Some((_, head)) if head == COLUMNS.join("\t") => {}
        _ => bail!("line 1: the columns are {}", COLUMNS.join(", ")),
    }
    lines.map(|(number, line): (usize, &str)| row(line).with_context(|| format!("line {number}"))).collect()
}

fn row(line: &str) -> Result<Drawn> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [round, repository, commit, family, language] = cells[..] else {
        bail!("{} columns instead of {}", cells.len(), COLUMNS.len());
    };
    Ok(Drawn {
        round: round
            .parse()
            .ok()
            .filter(|round| *round > 0)
            .with_context(|| format!("the round is a number from 1, not {round:?}"))?,
        repository: crate::log::repository(repository)?,
        commit: crate::log::commit(commit)?,
        family: family.to_owned(),
        language: language.to_owned(),
    })
}
