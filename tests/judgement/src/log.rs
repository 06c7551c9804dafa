//! The log of blind rounds, `rounds.tsv`: facts and verdicts, no text of the repositories.

use std::fmt::Write;

use anyhow::{Context, Result, bail};

/// The names of the columns, in order.
pub const COLUMNS: [&str; 11] =
    ["round", "repository", "commit", "dialect", "path", "line", "column", "rule", "kind", "verdict", "cause"];

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A warning or an error that `check` printed, judged.
    Warning,
    /// A real mistake that somebody found by reading.
    Reading,
}

/// What was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The maintainer would mend it.
    Real,
    /// The maintainer would be annoyed.
    False,
    /// It depends on whom one asks; it counts as wrong.
    Arguable,
    /// A mistake found by reading that a finding of any level tells.
    Told,
    /// A mistake found by reading that nothing tells.
    Missed,
}

impl Verdict {
    /// The verdict of that name on a row of that kind.
    #[must_use]
    pub fn named(kind: Kind, name: &str) -> Option<Self> {
        Some(match (kind, name) {
            (Kind::Warning, "real") => Self::Real,
            (Kind::Warning, "false") => Self::False,
            (Kind::Warning, "arguable") => Self::Arguable,
            (Kind::Reading, "told") => Self::Told,
            (Kind::Reading, "missed") => Self::Missed,
            _ => return None,
        })
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::False => "false",
            Self::Arguable => "arguable",
            Self::Told => "told",
            Self::Missed => "missed",
        }
    }

    /// Whether it speaks for the program.
    #[must_use]
    pub const fn is_right(self) -> bool {
        matches!(self, Self::Real | Self::Told)
    }
}

/// One judged place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which round, from 1.
    pub round: u32,
    /// `owner/name`.
    pub repository: String,
    /// The commit that was read: forty hexadecimal digits.
    pub commit: String,
    /// The dialect that the file was read in.
    pub dialect: String,
    /// From the repository's root, with `/`.
    pub path: String,
    /// From 1.
    pub line: u64,
    /// From 1, in UTF-16 code units.
    pub column: u64,
    /// The rule that spoke, or that should have.
    pub rule: String,
    /// Whether it is about a warning or about a mistake.
    pub kind: Kind,
    /// What was judged.
    pub verdict: Verdict,
    /// Why, in a few words of ours.
    pub cause: String,
}

impl Row {
    /// What tells it from the other rows of its repository.
    #[must_use]
    pub fn place(&self) -> (&str, u64, u64, &str) {
        (&self.path, self.line, self.column, &self.rule)
    }
}

/// Reads the log.
///
/// # Errors
/// When a line is not of that form, with its number and what is wrong.
pub fn parse(text: &str) -> Result<Vec<Row>> {
    let mut lines = (1..).zip(text.lines());
    match lines.next() {
        Some((_, head)) if head == COLUMNS.join("\t") => {}
        _ => bail!("line 1: the columns are {}", COLUMNS.join(", ")),
    }
    lines.map(|(number, line): (usize, &str)| row(line).with_context(|| format!("line {number}"))).collect()
}

fn row(line: &str) -> Result<Row> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [round, repository, commit, dialect, path, at, column, rule, kind, verdict, cause] = cells[..] else {
        bail!("{} columns instead of {}", cells.len(), COLUMNS.len());
    };
    if let Some(empty) = COLUMNS.iter().zip(&cells).find(|(name, cell)| cell.is_empty() && **name != "cause") {
        bail!("the column {} is empty", empty.0);
    }
    let number = |name: &str, cell: &str| match cell.parse::<u32>() {
        Ok(number) if number > 0 => Ok(number),
        _ => bail!("{name} is a number from 1, not {cell:?}"),
    };
    let kind = match kind {
        "warning" => Kind::Warning,
        "reading" => Kind::Reading,
        _ => bail!("a kind is warning or reading, not {kind:?}"),
    };
    let Some(verdict) = Verdict::named(kind, verdict) else {
        bail!("a verdict on a warning is real, false or arguable, on a reading told or missed, not {verdict:?}");
    };
    if verdict != Verdict::Real && verdict != Verdict::Told && cause.is_empty() {
        bail!("what is not right has a cause");
    }
    Ok(Row {
        round: number("the round", round)?,
        repository: self::repository(repository)?,
        commit: self::commit(commit)?,
        dialect: dialect.to_owned(),
        path: path.to_owned(),
        line: number("the line", at)?.into(),
        column: number("the column", column)?.into(),
        rule: rule.to_owned(),
        kind,
        verdict,
        cause: cause.to_owned(),
    })
}

/// The name of a repository.
pub(crate) fn repository(name: &str) -> Result<String> {
    if name.split('/').count() != 2 {
        bail!("a repository is named owner/name, not {name:?}");
    }
    Ok(name.to_owned())
}

/// The name of a commit.
pub(crate) fn commit(name: &str) -> Result<String> {
    if name.len() != 40 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        bail!("a commit has forty hexadecimal digits, not {name:?}");
    }
    Ok(name.to_owned())
}

/// Writes the log.
#[must_use]
pub fn write(rows: &[Row]) -> String {
    let mut out = COLUMNS.join("\t");
    out.push('\n');
    for it in rows {
        let kind = if it.kind == Kind::Warning { "warning" } else { "reading" };
        let _ = writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{kind}\t{}\t{}",
            it.round,
            it.repository,
            it.commit,
            it.dialect,
            it.path,
            it.line,
            it.column,
            it.rule,
            it.verdict.name(),
            it.cause
        );
    }
    out
}
