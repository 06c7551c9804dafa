//! `traceline check --watch`: checks again whenever something changes, and only that in which something can have.

use super::check::{self, Check};
use super::findings::Findings;
use super::outcome::{COULD_NOT_RUN, is_pipe_closed};
use super::progress::Progress;
use super::refresh::Refreshed;
use super::screen::Screen;
use super::workspace::{Places, Workspace};
use crate::config::Configs;
use crate::watch::{DiskChange, MOST, Watch};
use anyhow::{Error, Result};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use traceline_engine::facts::Holds;
use traceline_engine::path::FilePath;

/// What is waited for.
enum Event {
    Disk(DiskChange),
    Leave,
}

/// Checks and waits until somebody leaves. Returns what came out of the last round.
pub(super) fn run(asked: &Check) -> Result<ExitCode> {
    asked.agree()?;
    let (tell, told) = mpsc::channel();
    let mut round = Round::begin(asked, &tell)?;
    let screen = Screen::here();
    let leave = tell.clone();
    screen.listen(move || drop(leave.send(Event::Leave)))?;
    // What is wrong in the first round is wrong with what was asked.
    let mut code = round.show(asked, &screen)?;
    loop {
        let change = match next(&told) {
            Event::Leave => return Ok(code),
            Event::Disk(change) => change,
        };
        let shown = match round.take(asked, change, &tell) {
            Ok(false) => continue,
            Ok(true) => round.show(asked, &screen),
            Err(error) => screen.clear().map_err(Error::from).and(Err(error)),
        };
        code = match shown {
            Ok(code) => code,
            Err(error) if is_pipe_closed(&error) => return Err(error),
            // It may be mended: the next change tries again.
            Err(error) => {
                anstream::eprintln!("traceline: {error:#}");
                ExitCode::from(COULD_NOT_RUN)
            }
        };
    }
}

/// What has happened, that which has come meanwhile included.
fn next(told: &Receiver<Event>) -> Event {
    let mut touched = BTreeSet::new();
    let mut overflow = false;
    // The sender is kept, so that somebody always may tell something.
    for event in told.recv().into_iter().chain(told.try_iter()) {
        match event {
            Event::Leave => return Event::Leave,
            Event::Disk(DiskChange::Touched(paths)) => touched.extend(paths),
            Event::Disk(DiskChange::Overflow) => overflow = true,
        }
    }
    Event::Disk(if overflow { DiskChange::Overflow } else { DiskChange::Touched(touched.into_iter().collect()) })
}

/// What is known at the end of a round.
struct Round {
    workspace: Workspace,
    findings: Findings,
    /// How many files were checked in it; none where it is the first.
    again: Option<usize>,
    /// Whether the workspace is an old one, because reading it has failed.
    failed: bool,
    /// Sees changes for as long as it is kept.
    watch: Watch,
}

impl Round {
    /// Reads and checks everything, watched from before that on so that no change falls between.
    fn begin(asked: &Check, tell: &Sender<Event>) -> Result<Self> {
        let mut configs = Configs::of_roots(&Places::of(&asked.paths)?.roots);
        loop {
            let progress = Progress::new(!asked.quiet);
            let places = Places::of(&asked.paths)?;
            let watch = start(&places, &configs, tell);
            let mut workspace = check::read(asked, places, None, &progress)?;
            // Which folders are watched depends on settings that were found only now.
            if !workspace.configs.reads_like(&configs) {
                configs = workspace.configs;
                continue;
            }
            workspace.world.take_changed();
            let mut findings = Findings::default();
            findings.check(&check::checking(asked, &workspace, &progress), &workspace.asked);
            progress.end();
            return Ok(Self { workspace, findings, again: None, failed: false, watch });
        }
    }

    /// Takes a change into account. Returns whether there is anything to show.
    fn take(&mut self, asked: &Check, change: DiskChange, tell: &Sender<Event>) -> Result<bool> {
        let touched = match change {
            DiskChange::Touched(touched) if !self.failed => touched,
            _ => return self.begin_again(asked, tell),
        };
        let touched: Vec<FilePath> = touched.into_iter().filter(|path| !asked.writes(path)).collect();
        let progress = Progress::new(!asked.quiet);
        let before = self.workspace.snapshot.definitions_revision();
        let changed = match self.workspace.refresh(&touched, &progress) {
            Refreshed::Files(changed) => changed,
            Refreshed::Everything => return self.begin_again(asked, tell),
        };
        if changed.is_empty() {
            return Ok(false);
        }
        let again = self.concerned(&changed, before);
        let workspace = &self.workspace;
        self.findings.keep(|path| workspace.asked.binary_search(path).is_ok());
        self.findings.check(&check::checking(asked, workspace, &progress), &again);
        progress.end();
        self.again = Some(again.len());
        Ok(true)
    }

    fn begin_again(&mut self, asked: &Check, tell: &Sender<Event>) -> Result<bool> {
        self.failed = true;
        *self = Self::begin(asked, tell)?;
        Ok(true)
    }

    /// The files that are asked for and in which something else may be found now, where `before` is the state of all
    /// definitions when they were checked.
    fn concerned(&mut self, changed: &BTreeSet<FilePath>, before: u64) -> Vec<FilePath> {
        let mut scopes = self.workspace.world.take_changed();
        let Workspace { snapshot, asked, .. } = &self.workspace;
        // A definition that comes or goes may be what is meant anywhere.
        if snapshot.definitions_revision() != before {
            return asked.clone();
        }
        scopes.extend(changed.iter().filter_map(|path| snapshot.scope_of(path)).cloned());
        // What a scope names covers what is defined further out.
        let defines = |scope: &FilePath| snapshot.index(scope).is_some_and(|index| index.defines_any());
        let outward: BTreeSet<FilePath> = scopes.iter().flat_map(|scope| snapshot.lookup_chain(scope)).collect();
        scopes.extend(outward.into_iter().filter(defines));
        let pointing: BTreeSet<&FilePath> = self.findings.pointing_into(|path| changed.contains(path)).collect();
        // What has come may be where a link leads, and so may what has gone.
        let broken: BTreeSet<&FilePath> = self.findings.telling("broken-link").collect();
        let is_gone = changed.iter().any(|path| snapshot.scope_of(path).is_none());
        let links = |path: &FilePath| is_gone && snapshot.view(path).is_some_and(|view| view.holds(Holds::LINKS));
        let follows = |path: &FilePath| broken.contains(path) || links(path);
        let is_in_scope = |path: &FilePath| snapshot.scope_of(path).is_some_and(|scope| scopes.contains(scope));
        asked.iter().filter(|path| is_in_scope(path) || pointing.contains(path) || follows(path)).cloned().collect()
    }

    /// Shows what is found now.
    fn show(&self, asked: &Check, screen: &Screen) -> Result<ExitCode> {
        screen.clear()?;
        let (found, summary) = self.findings.all();
        let code = check::tell(asked, &self.workspace, found, summary)?;
        if !asked.quiet {
            let files = self.workspace.asked.len();
            let s = if files == 1 { "" } else { "s" };
            let words = match self.again {
                None => format!("watching {files} file{s}"),
                Some(again) => format!("checked {again} of {files} file{s} again"),
            };
            let leave = if screen.is_terminal() { " · q leaves" } else { "" };
            if let Some((folders, why)) = &self.watch.missed {
                anstream::eprintln!("traceline: {folders} folders are not watched: {why}");
            }
            anstream::eprintln!("\x1b[2m{words}{leave}\x1b[0m");
        }
        Ok(code)
    }
}

/// Watches what is read of `places`.
fn start(places: &Places, configs: &Configs, tell: &Sender<Event>) -> Watch {
    let tell = tell.clone();
    // Nobody listens once the command ends.
    let tell = move |change| drop(tell.send(Event::Disk(change)));
    Watch::start(places.watched(configs), &configs.selection(), MOST, tell)
}
