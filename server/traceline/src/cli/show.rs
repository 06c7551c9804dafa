//! `traceline show`: all that is known of one requirement, and why.

use super::named;
use crate::disk::Disk;
use crate::report;
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use traceline_engine::export::show;

/// What is shown, and how.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The requirement: `FR-1`, or `login/FR-1` where several features have one
    id: String,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How `show` and `trace` report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[value(alias = "text")]
    Human,
    /// For programs, by its schema
    Json,
}

pub(super) fn run(asked: &Show) -> Result<ExitCode> {
    named::ask(&asked.id, |workspace, scope, id| {
        let told = show::report(&workspace.snapshot, &Disk, &workspace.root, scope, id)
            .with_context(|| format!("`{id}` is defined nowhere any more"))?;
        let mut out = BufWriter::new(anstream::stdout().lock());
        match asked.format {
            Format::Human => report::show::human(&mut out, &told)?,
            Format::Json => report::json::print(&mut out, &told)?,
        }
        Ok(out.flush()?)
    })
}
