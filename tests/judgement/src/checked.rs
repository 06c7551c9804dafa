//! What `traceline check` says of a folder.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use traceline_tests::command::{Outcome, traceline};

/// How loud a finding is, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Shown only where somebody looks.
    Hint,
    /// A remark.
    Information,
    /// What a team should look at.
    Warning,
    /// What a team has raised to an error.
    Error,
}

impl Level {
    /// The level of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "hint" => Self::Hint,
            "information" => Self::Information,
            "warning" => Self::Warning,
            "error" => Self::Error,
            _ => return None,
        })
    }
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's name.
    pub rule: String,
    /// How loud it is.
    pub level: Level,
    /// The file, from the folder, with `/`.
    pub path: String,
    /// From 1.
    pub line: u64,
    /// From 1, in UTF-16 code units.
    pub column: u64,
    /// What it says.
    pub message: String,
    /// What it proposes.
    pub help: String,
}

impl Finding {
    /// Whether it is a warning or an error.
    #[must_use]
    pub fn is_loud(&self) -> bool {
        self.level >= Level::Warning
    }
}

/// The findings in `folder`, in the order of the report.
///
/// # Errors
/// When the command does not answer with a report.
pub fn findings(folder: &Path) -> Result<Vec<Finding>> {
    let report = report(&traceline(folder, ["check", "--format", "json", "."]))?;
    report["findings"].as_array().context("a report has findings")?.iter().map(finding).collect()
}

/// The name of the dialect that the file at `path` of `folder` is read in.
///
/// # Errors
/// When the command does not answer with a report.
pub fn dialect(folder: &Path, path: &str) -> Result<String> {
    let report = report(&traceline(folder, ["inspect", path, "--format", "json"]))?;
    let dialect = &report["dialect"];
    Ok(dialect["name"].as_str().or(dialect.as_str()).unwrap_or("-").to_owned())
}

fn report(outcome: &Outcome) -> Result<Value> {
    match outcome.code {
        Some(0 | 1) => serde_json::from_str(&outcome.stdout).context("a report is JSON"),
        code => bail!("exit {code:?}: {}", outcome.stderr.trim()),
    }
}

fn finding(value: &Value) -> Result<Finding> {
    let text = |key: &str| value[key].as_str().map(ToOwned::to_owned);
    let level = text("level").as_deref().and_then(Level::named).context("a finding has a level")?;
    Ok(Finding {
        rule: text("rule").context("a finding has a rule")?,
        level,
        path: text("path").context("a finding has a path")?,
        line: value["line"].as_u64().unwrap_or(1),
        column: value["column"].as_u64().unwrap_or(1),
        message: text("message").context("a finding has a message")?,
        help: text("help").unwrap_or_default(),
    })
}
