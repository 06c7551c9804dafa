//! `traceline check`: the findings of every file, as the editor shows them.

use super::baseline::Baselining;
use super::outcome::COULD_NOT_RUN;
use super::output::Output;
use super::{empty, since, workspace};
use crate::disk::Disk;
use crate::report::human::total;
use crate::report::{Checked, Format, github};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use traceline_engine::export::check::Summary;
use traceline_engine::feature::Source;
use traceline_engine::path::FilePath;
use traceline_engine::rule::{self, Finding};
use traceline_engine::settings::Level;
use traceline_engine::world::Snapshot;

/// What is checked, and how it is told.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files and folders to check [default: the current folder]
    paths: Vec<PathBuf>,
    /// How to report on the terminal
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Write a report to a file as well: `sarif=report.sarif`; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output)]
    output: Vec<Output<Format>>,
    /// The least serious level that makes the run fail
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Accept a folder that holds no plan document; without this the run fails with code 2
    #[arg(long)]
    allow_empty: bool,
    /// Only what the change since this git revision has brought, or what is about a requirement that it touches
    #[arg(long, value_name = "REVISION", conflicts_with = "write_baseline")]
    diff: Option<String>,
    #[command(flatten)]
    baseline: Baselining,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Information,
    Hint,
}

impl From<FailOn> for Level {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Information => Self::Information,
            FailOn::Hint => Self::Hint,
        }
    }
}

/// A file to report to: `sarif=report.sarif`.
fn output(words: &str) -> Result<Output<Format>, String> {
    Output::parse(words, "sarif=report.sarif")
}

pub(super) fn run(asked: &Check) -> Result<ExitCode> {
    let fail_on = Level::from(asked.fail_on);
    let workspace = workspace::read_with(&asked.paths, |folder, configs| {
        asked.baseline.read(folder, configs)?;
        workspace::whole_lock(folder, configs)
    })?;
    workspace::complain(&workspace);
    let empty = if asked.allow_empty { Vec::new() } else { empty::complaints(&workspace) };
    for words in empty.iter().cloned().chain(empty::prompts(&workspace)).chain(empty::remark(&workspace)) {
        anstream::eprintln!("traceline: {words}");
    }
    let formats = || asked.output.iter().map(|output| output.format).chain([asked.format]);
    let identified = formats().any(Format::identifies) || asked.diff.is_some() || asked.baseline.is_wanted(&workspace);
    let names = identified.then_some(&workspace.root);
    let (mut found, mut summary) = check(&workspace.snapshot, &workspace.asked, names);
    summary.unread = workspace.asked.len() - summary.files;
    // Nobody must believe that all is well where nothing was looked at.
    let incomplete = workspace.is_incomplete() || !empty.is_empty();
    asked.baseline.apply(&workspace, &mut found, &mut summary, incomplete)?;
    if let Some(revision) = &asked.diff {
        since::leave_old(&workspace, revision, &mut found, &mut summary)?;
    }
    report(
        asked,
        &Checked {
            snapshot: &workspace.snapshot,
            root: &workspace.root,
            files: &workspace.asked,
            found: &found,
            summary,
            fail_on,
        },
    )?;
    if incomplete {
        return Ok(ExitCode::from(COULD_NOT_RUN));
    }
    let failed = found.iter().flat_map(|(_, findings)| findings).any(|finding| finding.level >= fail_on);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Tells what was found in every form that was asked for.
fn report(asked: &Check, checked: &Checked<'_>) -> Result<()> {
    for output in &asked.output {
        output.write(|out| output.format.check(out, checked))?;
    }
    let mut out = BufWriter::new(anstream::stdout().lock());
    asked.format.check(&mut out, checked)?;
    out.flush()?;
    let has = |format: Format| asked.format == format || asked.output.iter().any(|output| output.format == format);
    if has(Format::Gitlab) {
        // A list of findings has no place for how much was read.
        anstream::eprintln!("traceline: {}", total(checked.summary));
    }
    if has(Format::Github)
        && let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty())
    {
        let failed = || format!("GITHUB_STEP_SUMMARY ({}) cannot be written", file.display());
        let mut out = BufWriter::new(File::options().append(true).create(true).open(&file).with_context(failed)?);
        github::summary(&mut out, checked).and_then(|()| out.flush()).with_context(failed)?;
    }
    Ok(())
}

/// The findings of `paths`, in their order, files without any left out; with identities where there is a root that names files.
pub(super) fn check(
    snapshot: &Snapshot,
    paths: &[FilePath],
    root: Option<&FilePath>,
) -> (Vec<(FilePath, Vec<Finding>)>, Summary) {
    // Files of one folder share an index, so a thread takes whole folders.
    let folders: Vec<&[FilePath]> = paths.chunk_by(|a, b| a.folder() == b.folder()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        let mut summary = Summary::default();
        while let Some(folder) = folders.get(next.fetch_add(1, Ordering::Relaxed)) {
            for path in *folder {
                let Some(view) = snapshot.view(path) else { continue };
                // Asking for the index keeps it, and here it is asked for by every file of the folder.
                let _ = snapshot.index(view.scope);
                let mut findings = rule::check_text(snapshot, path, &|| Disk.text(path));
                if let Some(root) = root {
                    let name = path.relative_to(root.as_str());
                    rule::identity::identify(snapshot, path, name, &mut findings, || Disk.text(path));
                }
                rule::complete(snapshot, path, &mut findings, || Disk.text(path));
                summary.count(&view, &findings);
                if !findings.is_empty() {
                    found.push((path.clone(), findings));
                }
            }
        }
        (found, summary)
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(folders.len().max(1));
    let parts: Vec<_> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        std::iter::once(own).chain(others.into_iter().filter_map(|thread| thread.join().ok())).collect()
    });
    let summary = parts.iter().fold(Summary::default(), |sum, (_, part)| sum.plus(*part));
    let mut found: Vec<_> = parts.into_iter().flat_map(|(found, _)| found).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    (found, summary)
}
