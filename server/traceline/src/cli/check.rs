//! `traceline check`: the findings of every file, as the editor shows them.

use super::baseline::Baselining;
use super::choose::Chosen;
use super::findings::{Checking, Findings};
use super::fix::Fixing;
use super::outcome::COULD_NOT_RUN;
use super::output::Output;
use super::progress::Progress;
use super::stdin::{OpenDocument, Stdin};
use super::workspace::{Places, Workspace};
use super::{empty, since, stdout, workspace};
use crate::paths;
use crate::report::human::total;
use crate::report::{Checked, Format, github, statistics};
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use traceline_engine::export::check::Summary;
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;
use traceline_engine::settings::Level;

/// What is checked, and how it is told.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files and folders to check [default: the current folder]
    pub(super) paths: Vec<PathBuf>,
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
    /// Tell how much each rule has found, and not what
    #[arg(long)]
    statistics: bool,
    /// Tell findings and what keeps from checking, and nothing else
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Check again whenever something changes, until `q`, Ctrl-C or the end of stdin; the exit code is that of the last round
    #[arg(long, conflicts_with = "write_baseline")]
    pub(super) watch: bool,
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    stdin: Stdin,
    #[command(flatten)]
    baseline: Baselining,
    #[command(flatten)]
    fixing: Fixing,
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

impl Check {
    /// Refuses what does not go together and no option alone can know of.
    pub(super) fn agree(&self) -> Result<()> {
        if self.statistics && !self.format.is_for_people() {
            let name = self.format.to_possible_value().map_or_else(String::new, |value| value.get_name().to_string());
            bail!("--statistics tells people how much was found, and --format {name} tells programs what");
        }
        Ok(())
    }

    /// Whether a report is written to `path`.
    pub(super) fn writes(&self, path: &FilePath) -> bool {
        let whole = |file: &Path| paths::whole(file).ok().and_then(|file| paths::decode(&file));
        self.output.iter().any(|output| whole(&output.file).as_ref() == Some(path))
    }
}

/// A file to report to: `sarif=report.sarif`.
fn output(words: &str) -> Result<Output<Format>, String> {
    Output::parse(words, "sarif=report.sarif")
}

pub(super) fn run(asked: &Check) -> Result<ExitCode> {
    asked.agree()?;
    if let Some(code) =
        asked.fixing.run(&asked.paths, &asked.baseline, &asked.chosen, asked.diff.as_deref(), asked.allow_empty)?
    {
        return Ok(code);
    }
    let progress = Progress::new(!asked.quiet);
    let open = asked.stdin.read()?;
    let places = open.as_ref().map_or_else(|| Places::of(&asked.paths), Places::of_open)?;
    let workspace = read(asked, places, open.as_ref(), &progress)?;
    let mut findings = Findings::default();
    findings.check(&checking(asked, &workspace, &progress), &workspace.asked);
    progress.end();
    let (found, summary) = findings.into_all();
    tell(asked, &workspace, found, summary)
}

/// Reads what is asked for.
pub(super) fn read(
    asked: &Check,
    places: Places,
    open: Option<&OpenDocument>,
    progress: &Progress,
) -> Result<Workspace> {
    workspace::read_showing(places, open, progress, |folder, configs| {
        asked.baseline.read(folder, configs)?;
        workspace::whole_lock(folder, configs)
    })
}

/// What is checked of a workspace.
pub(super) fn checking<'a>(asked: &'a Check, workspace: &'a Workspace, progress: &'a Progress) -> Checking<'a> {
    let formats = || asked.output.iter().map(|output| output.format).chain([asked.format]);
    let identified = formats().any(Format::identifies) || asked.diff.is_some() || asked.baseline.is_wanted(workspace);
    let names = identified.then_some(&workspace.root);
    let completes = identified || formats().any(|format| format != Format::Human);
    Checking { snapshot: &workspace.snapshot, names, completes, chosen: &asked.chosen, progress }
}

/// Tells what was found, and what of it is new where that is asked. Returns what comes out of the run.
pub(super) fn tell(
    asked: &Check,
    workspace: &Workspace,
    mut found: Vec<(FilePath, Vec<Finding>)>,
    mut summary: Summary,
) -> Result<ExitCode> {
    let fail_on = Level::from(asked.fail_on);
    workspace::complain(workspace);
    let empty = if asked.allow_empty { Vec::new() } else { empty::complaints(workspace) };
    let remarks =
        || empty::prompts(workspace).into_iter().chain(empty::remark(workspace)).chain(asked.chosen.remarks(workspace));
    for words in empty.iter().cloned().chain(remarks().filter(|_| !asked.quiet)) {
        anstream::eprintln!("traceline: {words}");
    }
    summary.unread = workspace.asked.len() - summary.files;
    // Nobody must believe that all is well where nothing was looked at.
    let incomplete = workspace.is_incomplete() || !empty.is_empty();
    asked.baseline.apply(workspace, &asked.chosen, &mut found, &mut summary, incomplete)?;
    if let Some(revision) = &asked.diff {
        since::leave_old(workspace, revision, &mut found, &mut summary)?;
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
            chosen: asked.chosen.is_choice(),
            quiet: asked.quiet,
        },
    )?;
    let failed = found.iter().flat_map(|(_, findings)| findings).any(|finding| finding.level >= fail_on);
    // As little is given back as of the workspace.
    std::mem::forget(found);
    if incomplete {
        return Ok(ExitCode::from(COULD_NOT_RUN));
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Tells what was found in every form that was asked for.
fn report(asked: &Check, checked: &Checked<'_>) -> Result<()> {
    for output in &asked.output {
        output.write(|out| output.format.check(out, checked))?;
    }
    if asked.format.escapes() {
        let mut out = stdout::as_it_is();
        asked.format.check(&mut out, checked)?;
        out.flush()?;
    } else {
        let mut out = stdout::stdout();
        if asked.statistics {
            statistics::check(&mut out, checked)?;
        } else {
            asked.format.check(&mut out, checked)?;
        }
        out.flush()?;
    }
    let has = |format: Format| asked.format == format || asked.output.iter().any(|output| output.format == format);
    if has(Format::Gitlab) && !asked.quiet {
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
