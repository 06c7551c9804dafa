//! The life of an id from a shell: `traceline rename`, `renumber`, `split`, `merge` and `retire`. What changes is tried out before
//! anything is written, and all of it is written or nothing.

use super::named;
use super::proposed::{Made, make};
use super::workspace::{self, Workspace};
use crate::disk::Disk;
use crate::paths;
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use traceline_engine::edit::{Proposal, Refusal};
use traceline_engine::feature::Source;
use traceline_engine::feature::refactoring::former::rename_keeping;
use traceline_engine::feature::refactoring::merge::merge;
use traceline_engine::feature::refactoring::rename::rename;
use traceline_engine::feature::refactoring::renumber::{self, renumber};
use traceline_engine::feature::refactoring::retire::{Retirement, retire};
use traceline_engine::feature::refactoring::retrace::NamedAt;
use traceline_engine::feature::refactoring::split::split;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::{Defined, Place, definitions_of};

/// Whether anything is written.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Trying {
    /// Print what would change as a unified diff, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What is renamed.
#[derive(Debug, Args)]
pub(super) struct Rename {
    /// The requirement: `FR-1`, or `login/FR-1` where several features have one
    #[arg(value_name = "[FEATURE/]OLD")]
    old: String,
    /// Its new id; or a family such as `REQ-`, which all ids of its family then have; or another name
    new: String,
    /// Rename it in code and comments too
    #[arg(long)]
    code: bool,
    /// Say beside it what it was called, so that the old id still means it: `**FR-7** (formerly FR-2)`
    #[arg(long)]
    keep_former: bool,
    #[command(flatten)]
    trying: Trying,
}

/// What is renumbered.
#[derive(Debug, Args)]
pub(super) struct Renumber {
    /// The requirement from which on numbers are put in order; or a file, perhaps with the line of one: `spec.md:12`
    #[arg(value_name = "[FEATURE/]ID|FILE[:LINE]")]
    from: String,
    /// Where two requirements have one id, the one that is meant elsewhere than in what states the two
    #[arg(long, value_enum)]
    elsewhere: Option<Elsewhere>,
    #[command(flatten)]
    trying: Trying,
}

/// Which of two requirements that have one id is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Elsewhere {
    /// The first in its file
    First,
    /// The last in its file
    Last,
}

/// What is given up.
#[derive(Debug, Args)]
pub(super) struct Retire {
    /// The requirement: `FR-1`, or `login/FR-1` where several features have one
    #[arg(value_name = "[FEATURE/]ID")]
    id: String,
    /// Why, in a line that stands beside it
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// What takes its place; as often as you like
    #[arg(long, value_name = "ID")]
    successor: Vec<String>,
    #[command(flatten)]
    trying: Trying,
}

/// What is merged.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The requirements, of one feature
    #[arg(value_name = "[FEATURE/]ID", required = true)]
    ids: Vec<String>,
    /// The one that is left, which may be one of them
    #[arg(long, value_name = "ID")]
    into: String,
    /// Why, in a line that stands beside those that are given up
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    #[command(flatten)]
    trying: Trying,
}

/// What is split.
#[derive(Debug, Args)]
pub(super) struct Split {
    /// The requirement: `FR-1`, or `login/FR-1` where several features have one
    #[arg(value_name = "[FEATURE/]ID")]
    id: String,
    /// What it becomes: new ids, and itself where it goes on
    #[arg(long, value_name = "ID", required = true, num_args = 1..)]
    into: Vec<String>,
    /// Why, in a line that stands beside it where it is given up
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    #[command(flatten)]
    trying: Trying,
}

pub(super) fn run_rename(asked: &Rename) -> Result<ExitCode> {
    let workspace = whole(&[])?;
    let (scope, id) = any(&workspace, &asked.old)?;
    let place = place_of(&workspace, &scope, &id)?;
    if asked.keep_former && id.is_name() {
        bail!("`{id}` goes by its name and has no id that could be kept · rename it without --keep-former");
    }
    let rename = if asked.keep_former { rename_keeping } else { rename };
    let proposal = rename(&workspace.snapshot, &Disk, &place.path, place.span.start, &asked.new, asked.code);
    let made = finish(&workspace, proposal.map(Option::unwrap_or_default), asked.trying)?;
    made.tell(&workspace, &format!("`{id}` renamed to `{}`", asked.new.trim()))
}

pub(super) fn run_renumber(asked: &Renumber) -> Result<ExitCode> {
    let (file, line) = super::inspect::split(Path::new(&asked.from));
    let elsewhere = match asked.elsewhere {
        None => renumber::Elsewhere::Unknown,
        Some(Elsewhere::First) => renumber::Elsewhere::First,
        Some(Elsewhere::Last) => renumber::Elsewhere::Last,
    };
    let (workspace, path, from) = if file.exists() {
        let workspace = whole(std::slice::from_ref(&file))?;
        let spoken = file.display();
        let path = paths::whole(&file).ok().and_then(|whole| paths::decode(&whole));
        let path = path.filter(|path| workspace.snapshot.view(path).is_some());
        let path = path.with_context(|| format!("{spoken} is no plan document that could be renumbered"))?;
        if let Some(scope) = workspace.snapshot.scope_of(&path) {
            refuse_unread(&workspace, scope)?;
        }
        let from = line.map(|(line, _)| start_of(&path, line).with_context(|| format!("{spoken} has no line {line}")));
        (workspace, path, from.transpose()?)
    } else {
        let workspace = whole(&[])?;
        let (scope, id) = any(&workspace, &asked.from)?;
        let place = place_of(&workspace, &scope, &id)?;
        (workspace, place.path, Some(place.span.start))
    };
    let proposal = renumber(&workspace.snapshot, &Disk, &path, from, elsewhere);
    let hint = |why: Refusal| match asked.elsewhere {
        None if why.0.ends_with("say which is meant") => Refusal(format!("{why}: --elsewhere first, or last")),
        _ => why,
    };
    finish(&workspace, proposal.map_err(hint), asked.trying)?.tell(&workspace, "renumbered")
}

pub(super) fn run_retire(asked: &Retire) -> Result<ExitCode> {
    let workspace = whole(&[])?;
    let (scope, id) = any(&workspace, &asked.id)?;
    let successors = beside(&workspace, &scope, &asked.successor)?;
    let what = Retirement { scope: &scope, id: &id, reason: &asked.reason, successors: &successors };
    let proposal = retire(&workspace.snapshot, &Disk, &what);
    finish(&workspace, proposal, asked.trying)?.tell(&workspace, &format!("`{id}` given up"))
}

pub(super) fn run_merge(asked: &Merge) -> Result<ExitCode> {
    let workspace = whole(&[])?;
    let (scope, into) = merged_into(&workspace, asked)?;
    let ids = beside(&workspace, &scope, &asked.ids)?;
    let merged = merge(&workspace.snapshot, &Disk, &scope, &ids, &into, &asked.reason);
    finish_with_places(&workspace, merged, asked.trying, &format!("merged into `{into}`"))
}

pub(super) fn run_split(asked: &Split) -> Result<ExitCode> {
    let workspace = whole(&[])?;
    let (scope, id) = any(&workspace, &asked.id)?;
    // As it is spelt where it goes on.
    let spelt = |name: &String| Some(Id::new(name)).filter(|it| *it != id).unwrap_or_else(|| id.clone());
    let into: Vec<Id> = asked.into.iter().map(spelt).collect();
    let done = split(&workspace.snapshot, &Disk, &scope, &id, &into, &asked.reason);
    finish_with_places(&workspace, done, asked.trying, &format!("`{id}` split"))
}

/// Everything that ids may be looked up in: the current folder and what is named.
fn whole(named: &[PathBuf]) -> Result<Workspace> {
    let here = PathBuf::from(".");
    let workspace = workspace::read(&named.iter().cloned().chain([here]).collect::<Vec<_>>())?;
    if workspace.is_incomplete() {
        workspace::complain(&workspace);
        bail!("nothing was changed: not everything could be read as it is meant");
    }
    Ok(workspace)
}

/// The requirement that is called so, whatever has become of it.
fn any(workspace: &Workspace, name: &str) -> Result<(FilePath, Id)> {
    let (scope, id) = named::resolve(workspace, name, &|_, _| true)?;
    refuse_unread(workspace, &scope)?;
    Ok((scope, id))
}

/// Refuses where a file that may name what `scope` defines could not be read.
fn refuse_unread(workspace: &Workspace, scope: &FilePath) -> Result<()> {
    let snapshot = &workspace.snapshot;
    let home = |path: &FilePath| snapshot.layout().scope_of(path, snapshot.dialect());
    let may_name = |path: &FilePath| {
        let home = home(path);
        home == *scope || snapshot.scopes_seeing(scope).any(|it| *it == home)
    };
    match workspace.unread.iter().find(|(path, _)| may_name(path)) {
        Some((path, why)) => bail!(
            "{} may name it and could not be read: {why}; nothing was changed",
            path.relative_to(workspace.root.as_str())
        ),
        None => Ok(()),
    }
}

/// Requirements of the feature `home`.
fn beside(workspace: &Workspace, home: &FilePath, names: &[String]) -> Result<Vec<Id>> {
    let one = |name: &String| {
        let found = named::resolve(workspace, name, &|scope, _| scope == home);
        found.map(|(_, id)| id).map_err(|why| {
            let why = why.to_string();
            let near = why.split_once(" · ").map(|(_, near)| format!(" · {near}")).unwrap_or_default();
            anyhow!("`{name}` is no requirement of {}{near}", workspace.snapshot.display_path(home))
        })
    };
    names.iter().map(one).collect()
}

/// What is left of a merger, in the feature of the first that is named and found in one feature alone.
fn merged_into(workspace: &Workspace, asked: &Merge) -> Result<(FilePath, Id)> {
    let (home, _) = any(workspace, asked.ids.first().context("nothing is merged")?)?;
    let into = beside(workspace, &home, std::slice::from_ref(&asked.into))?;
    into.into_iter().next().map(|into| (home, into)).context("nothing is left")
}

/// Where the requirement is defined.
fn place_of(workspace: &Workspace, scope: &FilePath, id: &Id) -> Result<Place> {
    let all = definitions_of(&workspace.snapshot, scope, id);
    all.first().map(Defined::place).with_context(|| format!("`{id}` is defined nowhere any more"))
}

/// The first byte of a line, counted from 1.
fn start_of(path: &FilePath, line: u32) -> Option<u32> {
    let text = Disk.text(path)?;
    let before = usize::try_from(line).ok()?.checked_sub(1)?;
    let lines: Vec<&str> = text.split_inclusive('\n').take(before).collect();
    let start: usize = lines.iter().map(|line| line.len()).sum();
    (lines.len() == before).then(|| u32::try_from(start).ok()).flatten()
}

/// Writes what is proposed, or shows it.
fn finish(workspace: &Workspace, proposal: Result<Proposal, Refusal>, trying: Trying) -> Result<Made> {
    let proposal = proposal.map_err(|why| anyhow!("{why}"))?;
    make(workspace, &proposal, trying.dry_run)
}

/// The same, and tells which lines to look at: they name more or others than before.
fn finish_with_places(
    workspace: &Workspace,
    done: Result<(Proposal, Vec<NamedAt>), Refusal>,
    trying: Trying,
    what: &str,
) -> Result<ExitCode> {
    let (proposal, places) = done.map_err(|why| anyhow!("{why}"))?;
    let made = make(workspace, &proposal, trying.dry_run)?;
    let code = made.tell(workspace, what)?;
    if !places.is_empty() {
        let mut out = anstream::stderr().lock();
        writeln!(out, "look at these lines, which name it:")?;
        for place in &places {
            writeln!(out, "  {}:{}", place.path.relative_to(workspace.root.as_str()), place.line + 1)?;
        }
    }
    Ok(code)
}
