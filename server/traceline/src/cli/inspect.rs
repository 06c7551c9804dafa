//! `traceline inspect`: what is understood of one file, and why.

use super::{Format, workspace};
use crate::{disk, paths, report};
use anyhow::{Context, Result, anyhow};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use traceline_engine::export::inspect;

pub(super) fn run(file: &Path, format: Format) -> Result<ExitCode> {
    let whole = paths::whole(file).with_context(|| format!("{} cannot be read", file.display()))?;
    // The rest of its feature is read too, so that references resolve.
    let folder = whole.parent().map(Path::to_path_buf).with_context(|| format!("{} has no folder", file.display()))?;
    let workspace = workspace::read(&[whole.clone(), folder])?;
    let path = paths::decode(&whole).with_context(|| format!("{} is not valid UTF-8", file.display()))?;
    if let Some((_, why)) = workspace.unread.iter().find(|(unread, _)| *unread == path) {
        return Err(anyhow!("{} was not read: {why}", file.display()));
    }
    let text = disk::read(&whole).map_err(|why| anyhow!("{} was not read: {why}", file.display()))?;
    workspace::complain_of_configs(&workspace);
    let mut told = inspect::report(&workspace.snapshot, &path, &text).context("the file was not understood")?;
    told.configuration = workspace.configs.of(&path).map(|config| workspace::spoken(config, &workspace));
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    match format {
        Format::Json => report::json::print(&mut out, &told)?,
        Format::Human => report::human::inspect(&mut out, &told)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
