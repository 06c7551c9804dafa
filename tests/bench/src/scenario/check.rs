//! Checking a whole workspace from the command line.

use super::{Bench, ms};
use crate::feature::DANGLING;
use crate::process::{cpu, is_zombie};
use crate::row::{Metric, Tally};
use crate::server::Check;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn check(bench: &mut Bench<'_>, check: &Check) -> Result<()> {
    shell(&check.before, &bench.root)?;
    let measured = measure(bench, check);
    shell(&check.after, &bench.root)?;
    measured
}

/// Runs a line of the shell's in the workspace.
fn shell(line: &str, root: &Path) -> Result<()> {
    if line.is_empty() {
        return Ok(());
    }
    let ended = Command::new("sh").args(["-ec", line]).current_dir(root).status().context("there is no shell")?;
    if !ended.success() {
        bail!("{ended}: {line}");
    }
    Ok(())
}

fn measure(bench: &mut Bench<'_>, check: &Check) -> Result<()> {
    let run = || run(&check.command, check, &bench.root);
    let (mut walls, mut cpus, begun) = (Tally::default(), Tally::default(), Instant::now());
    for _ in 0..bench.pace.starts {
        let Ended { wall, cpu, exit, output } = run()?;
        if !check.exit.contains(&exit) || !output.contains(&check.says) {
            let last = output.lines().next_back().unwrap_or_default();
            walls.fault(format!("exit {exit}, {last}"));
            break;
        }
        walls.take(ms(wall));
        cpus.take(cpu);
        if begun.elapsed() > 2 * bench.pace.budget {
            break;
        }
    }
    if !check.proof.is_empty() {
        let Ended { output, .. } = self::run(&check.proof, check, &bench.root)?;
        if let Err(fault) = prove(bench, &check.counts, &output) {
            walls.fault(fault);
        }
    }
    if !check.version.is_empty() {
        let words = self::run(&check.version, check, &bench.root)?.output;
        words.split_whitespace().next_back().unwrap_or_default().clone_into(&mut bench.version);
    }
    bench.enter_as(&check.title, Metric::CheckWall, &walls, "")?;
    if walls.faults() > 0 {
        return Ok(());
    }
    bench.enter_as(&check.title, Metric::CheckCpu, &cpus, "")
}

/// The counts of a report must be those of what was generated.
fn prove(bench: &Bench<'_>, definitions: &str, output: &str) -> Result<()> {
    let report: Value = serde_json::from_str(output).context("the report is no JSON")?;
    let counted =
        |key: &str| report["summary"][key].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    // The hub file defines nothing and need not be counted.
    for (key, least) in [("files", bench.contents.files - 1), (definitions, bench.contents.definitions)] {
        if counted(key) < least {
            bail!("{} {key} of {least}", counted(key));
        }
    }
    if definitions != "definitions" {
        return Ok(());
    }
    let findings = report["findings"].as_array().context("the report has no findings")?;
    let dangling = findings
        .iter()
        .filter(|finding| finding["message"].as_str().is_some_and(|message| message.contains(DANGLING)))
        .count();
    if dangling < bench.contents.dangling {
        bail!("{dangling} of {} dangling references found", bench.contents.dangling);
    }
    Ok(())
}

struct Ended {
    wall: Duration,
    cpu: f64,
    exit: i32,
    output: String,
}

fn run(command: &[String], check: &Check, root: &Path) -> Result<Ended> {
    let (program, arguments) = command.split_first().context("an empty command")?;
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .envs(&check.env)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("`{program}` could not be started"))?;
    let mut bytes = Vec::new();
    child.stdout.take().expect("stdout is piped").read_to_end(&mut bytes)?;
    // A process that has ended but has not been waited for still tells what it used.
    while !is_zombie(child.id()) {
        std::thread::sleep(Duration::from_micros(200));
    }
    let (wall, cpu) = (begun.elapsed(), cpu(child.id(), true));
    let exit = child.wait()?.code().unwrap_or(-1);
    Ok(Ended { wall, cpu, exit, output: String::from_utf8_lossy(&bytes).into_owned() })
}
