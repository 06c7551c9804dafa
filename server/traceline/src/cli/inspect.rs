//! `traceline inspect`: what is understood of one file, and why.

use super::{Format, workspace};
use crate::{disk, report};
use anyhow::{Context, Result, anyhow};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use traceline_engine::export::inspect;

pub(super) fn run(file: &Path, format: Format) -> Result<ExitCode> {
    let workspace = workspace::read(&[file.to_path_buf()])?;
    // The rest of its feature is read too, so that references resolve.
    let folder = file
        .canonicalize()
        .ok()
        .and_then(|file| file.parent().map(Path::to_path_buf))
        .with_context(|| format!("{} has no folder", file.display()))?;
    let path = workspace.asked.first().cloned().context("there is nothing to inspect")?;
    if let Some((_, why)) = workspace.unread.iter().find(|(unread, _)| *unread == path) {
        return Err(anyhow!("{} was not read: {why}", file.display()));
    }
    let feature = workspace::read(&[folder])?;
    let snapshot = if feature.snapshot.view(&path).is_some() { &feature.snapshot } else { &workspace.snapshot };
    let text = disk::read(Path::new(path.as_str())).map_err(|why| anyhow!("{} was not read: {why}", file.display()))?;
    let told = inspect::report(snapshot, &path, &text).context("the file was not understood")?;
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    match format {
        Format::Json => report::json::print(&mut out, &told)?,
        Format::Human => report::human::inspect(&mut out, &told)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
