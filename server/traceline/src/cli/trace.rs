//! `traceline trace`: the tree of one requirement, upwards to what it is part of and downwards to what serves it.

use super::named;
use super::show::Format;
use crate::report;
use anyhow::{Context, Result};
use clap::Args;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use traceline_engine::export::trace;

/// What is traced, and how it is told.
#[derive(Debug, Args)]
pub(super) struct Trace {
    /// The requirement: `FR-1`, or `login/FR-1` where several features have one
    id: String,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(asked: &Trace) -> Result<ExitCode> {
    named::ask(&asked.id, |workspace, scope, id| {
        let told = trace::report(&workspace.snapshot, &workspace.root, scope, id)
            .with_context(|| format!("`{id}` is defined nowhere any more"))?;
        let mut out = BufWriter::new(anstream::stdout().lock());
        match asked.format {
            Format::Human => report::trace::human(&mut out, &told)?,
            Format::Json => report::json::print(&mut out, &told)?,
        }
        Ok(out.flush()?)
    })
}
