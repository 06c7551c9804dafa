//! Edits of files that are proposed: written to them, all or none, or shown as a unified diff.

use super::fix::{Written, as_read, print_diffs, write};
use super::workspace::Workspace;
use crate::disk::Disk;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use traceline_engine::edit::Proposal;
use traceline_engine::feature::Source;
use traceline_engine::feature::refactoring::fixes::MendedFile;

/// What became of a proposal.
pub(super) struct Made {
    files: Vec<MendedFile>,
    dry_run: bool,
}

/// Writes the files of the proposal, or prints what would change. If one of them says something else by now, none is written.
pub(super) fn make(workspace: &Workspace, proposal: &Proposal, dry_run: bool) -> Result<Made> {
    let name = |file: &MendedFile| file.path.relative_to(workspace.root.as_str()).to_string();
    let mut files = Vec::new();
    for path in proposal.edited_files() {
        let before = Disk
            .text(path)
            .with_context(|| format!("{} cannot be read any more", workspace.snapshot.display_path(path)))?;
        let after = proposal.applied_to(path, &before);
        if after != before {
            files.push(MendedFile { path: path.clone(), before, after, mended: BTreeMap::new() });
        }
    }
    if dry_run {
        print_diffs(workspace, &files)?;
        return Ok(Made { files, dry_run });
    }
    for file in &files {
        if let Err(why) = as_read(file).with_context(|| format!("{} cannot be read", name(file)))? {
            bail!("{} {why}; nothing was written", name(file));
        }
    }
    for (done, file) in files.iter().enumerate() {
        let written = write(file).with_context(|| format!("{} cannot be written", name(file)));
        let why = match written {
            Ok(Written::Whole) => continue,
            Ok(Written::Not(why)) => format!("{} {why}", name(file)),
            Err(error) => format!("{error:#}"),
        };
        let before: Vec<String> = files[..done].iter().map(name).collect();
        match &before[..] {
            [] => bail!("{why}; nothing was written"),
            all => bail!("{why}; written before it were {}", all.join(", ")),
        }
    }
    Ok(Made { files, dry_run })
}

impl Made {
    /// Tells in a line `what` was done in which files.
    pub(super) fn tell(&self, workspace: &Workspace, what: &str) -> Result<ExitCode> {
        let mut out = anstream::stderr().lock();
        let names: Vec<&str> = self.files.iter().map(|file| file.path.relative_to(workspace.root.as_str())).collect();
        match (&names[..], self.dry_run) {
            ([], _) => writeln!(out, "nothing is to be changed")?,
            (_, true) => writeln!(out, "would change: {}", names.join(", "))?,
            (_, false) => writeln!(out, "{what}: {}", names.join(", "))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
