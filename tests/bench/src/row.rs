//! One measurement, as a line of JSON in `tests/.results/bench.jsonl`.

use crate::process::Machine;
use crate::workspace::Contents;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Seconds since 1970 when the run began: rows with the same number were measured side by side.
    pub(crate) run: u64,
    /// Small samples, only for a glance.
    pub(crate) quick: bool,
    pub(crate) machine: Machine,
    pub(crate) server: String,
    pub(crate) version: String,
    /// The server's answers had to be right, not only there.
    pub(crate) strict: bool,
    pub(crate) workspace: String,
    pub(crate) contents: Contents,
    pub(crate) metric: Metric,
    #[serde(flatten)]
    pub(crate) spread: Spread,
    /// Answers that were wrong, empty, late or missing. Such a row's figures are not quoted.
    pub(crate) faults: usize,
    /// The first of them, in words.
    pub(crate) fault: String,
    pub(crate) note: String,
}

/// What was measured; README.md says what each means. Milliseconds, but for the memory in megabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Metric {
    StartReady,
    StartCpu,
    StartMemory,
    StartPeak,
    /// Of a document that is opened at once after the start.
    FirstFindings,
    FirstHover,
    /// Of reading and parsing every file, and nothing else.
    ParserWall,
    ParserCpu,
    IdleCpu,
    Hover,
    Definition,
    References,
    Completion,
    CompletionTyped,
    OpenFindings,
    LetterFindings,
    LetterCpu,
    SteadyFindings,
    FenceFindings,
    Burst,
    /// Any one method of the protocol; the note names it.
    Method,
    CheckWall,
    CheckCpu,
}

/// The distribution of the samples, by nearest rank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) count: usize,
    pub(crate) min: f64,
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl Spread {
    pub(crate) fn of(samples: &[f64]) -> Self {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else { return Self::default() };
        let rank = |percent: usize| sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1];
        let round = |value: f64| (value * 1e4).round() / 1e4;
        let [min, p50, p95, p99, max] = [min, rank(50), rank(95), rank(99), max].map(round);
        Self { count: sorted.len(), min, p50, p95, p99, max }
    }
}

/// Samples of one metric, and the answers that do not count.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    samples: Vec<f64>,
    faults: usize,
    fault: String,
}

impl Tally {
    pub(crate) fn of(samples: &[f64]) -> Self {
        Self { samples: samples.to_vec(), ..Self::default() }
    }

    pub(crate) fn failed(fault: impl Display) -> Self {
        let mut tally = Self::default();
        tally.fault(fault);
        tally
    }

    pub(crate) fn take(&mut self, sample: f64) {
        self.samples.push(sample);
    }

    pub(crate) fn fault(&mut self, fault: impl Display) {
        self.faults += 1;
        if self.fault.is_empty() {
            self.fault = fault.to_string();
        }
    }

    pub(crate) fn faults(&self) -> usize {
        self.faults
    }

    pub(crate) fn len(&self) -> usize {
        self.samples.len()
    }

    pub(crate) fn spread(&self) -> Spread {
        Spread::of(&self.samples)
    }
}

/// Where rows go: to the file, and in short to the terminal.
pub(crate) struct Ledger {
    file: File,
    run: u64,
    quick: bool,
    machine: Machine,
}

/// Of what a row speaks.
pub(crate) struct Subject<'a> {
    pub(crate) server: &'a str,
    pub(crate) version: &'a str,
    pub(crate) strict: bool,
    pub(crate) workspace: &'a str,
    pub(crate) contents: &'a Contents,
}

impl Ledger {
    pub(crate) fn open(path: &Path, run: u64, quick: bool) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self { file, run, quick, machine: Machine::here() })
    }

    pub(crate) fn enter(&mut self, subject: &Subject<'_>, metric: Metric, tally: &Tally, note: &str) -> Result<()> {
        let spread = tally.spread();
        let row = Row {
            run: self.run,
            quick: self.quick,
            machine: self.machine.clone(),
            server: subject.server.to_owned(),
            version: subject.version.to_owned(),
            strict: subject.strict,
            workspace: subject.workspace.to_owned(),
            contents: subject.contents.clone(),
            metric,
            spread,
            faults: tally.faults,
            fault: tally.fault.clone(),
            note: note.to_owned(),
        };
        writeln!(self.file, "{}", serde_json::to_string(&row)?)?;
        let fault =
            if tally.faults == 0 { String::new() } else { format!(" · {} faults: {}", tally.faults, tally.fault) };
        let Spread { count, min, p50, p95, p99, max } = spread;
        let metric = format!("{metric:?}");
        println!(
            "{:17} {:12} {metric:16} n {count:4}  min {min:9.3}  p50 {p50:9.3}  p95 {p95:9.3}  p99 {p99:9.3}  max {max:9.3}  {note}{fault}",
            subject.server, subject.workspace
        );
        Ok(())
    }
}

/// The rows of the last run in the file.
pub(crate) fn last_run(path: &Path) -> Result<Vec<Row>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read · run tests/bench/run.sh first", path.display()))?;
    // Rows of an older benchmark may lack fields; they are history, not an error.
    let rows: Vec<Row> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let last = rows.iter().map(|row| row.run).max().unwrap_or_default();
    Ok(rows.into_iter().filter(|row| row.run == last).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_by_nearest_rank() {
        let samples: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(
            Spread::of(&samples),
            Spread { count: 200, min: 1.0, p50: 100.0, p95: 190.0, p99: 198.0, max: 200.0 }
        );
    }

    #[test]
    fn no_samples_give_no_figures() {
        assert_eq!(Spread::of(&[]), Spread::default());
    }
}
