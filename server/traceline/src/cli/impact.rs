//! `traceline impact`: which requirements a change touches, and what serves them.

use super::before::Before;
use super::workspace;
use crate::disk::Disk;
use crate::report;
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use traceline_engine::export::changes::State;
use traceline_engine::export::impact;
use traceline_engine::path::FilePath;

/// What is compared, and how it is told.
#[derive(Debug, Args)]
pub(super) struct Impact {
    /// Files and folders to look at [default: the current folder]
    paths: Vec<PathBuf>,
    /// The git revision that the change is since: a branch, a tag or a commit
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    base: String,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[value(alias = "text")]
    Human,
    /// For programs, by its schema
    Json,
    /// For the description of a pull request
    Markdown,
}

pub(super) fn run(asked: &Impact) -> Result<ExitCode> {
    let workspace = workspace::read(&asked.paths)?;
    workspace::complain(&workspace);
    let before = Before::of(&workspace, &asked.base)?;
    let was = State { snapshot: &before.snapshot, source: &before };
    let is = State { snapshot: &workspace.snapshot, source: &Disk };
    // What lies outside of what was named was read only because ids are looked up there.
    let named =
        |(old, new): &&(Option<FilePath>, Option<FilePath>)| old.iter().chain(new).any(|it| workspace.names(it));
    let files: Vec<_> = before.files.iter().filter(named).cloned().collect();
    let mut told = impact::report(&workspace.root, was, is, &files);
    told.base.clone_from(&asked.base);
    told.commit.clone_from(&before.commit);
    told.summary.files = workspace.asked.len() - workspace.unread.len();
    let mut out = BufWriter::new(anstream::stdout().lock());
    match asked.format {
        Format::Human => report::impact::human(&mut out, &told)?,
        Format::Json => report::json::print(&mut out, &told)?,
        Format::Markdown => report::impact::markdown(&mut out, &told)?,
    }
    out.flush()?;
    Ok(if workspace.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(super::outcome::COULD_NOT_RUN) })
}
