//! `traceline check`: the findings of every file, as the editor shows them.

use super::outcome::COULD_NOT_RUN;
use super::{empty, workspace};
use crate::report::Format;
use crate::{disk, paths};
use anyhow::Result;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use traceline_engine::export::check::Summary;
use traceline_engine::path::FilePath;
use traceline_engine::rule::{self, Finding};
use traceline_engine::settings::Level;
use traceline_engine::world::Snapshot;

pub(super) fn run(paths: &[PathBuf], format: Format, fail_on: Level, allow_empty: bool) -> Result<ExitCode> {
    let workspace = workspace::read(paths)?;
    workspace::complain(&workspace);
    let empty = if allow_empty { Vec::new() } else { empty::complaints(&workspace) };
    for words in empty.iter().cloned().chain(empty::prompts(&workspace)).chain(empty::remark(&workspace)) {
        anstream::eprintln!("traceline: {words}");
    }
    let (found, mut summary) = check(&workspace.snapshot, &workspace.asked);
    summary.unread = workspace.asked.len() - summary.files;
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    format.check(&mut out, &workspace.snapshot, &workspace.root, &found, summary)?;
    out.flush()?;
    let explicit = workspace.unread.iter().any(|(path, _)| workspace.named.iter().any(|named| named.path == *path));
    // A team that mistypes its settings must not believe that they are in force.
    let misled = workspace.configs.files().any(|config| !config.problems.is_empty());
    // Nor that all is well where nothing was looked at.
    if explicit || misled || !workspace.failed.is_empty() || !empty.is_empty() {
        return Ok(ExitCode::from(COULD_NOT_RUN));
    }
    let failed = found.iter().flat_map(|(_, findings)| findings).any(|finding| finding.level >= fail_on);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The findings of `paths`, in their order, files without any left out.
pub(super) fn check(snapshot: &Snapshot, paths: &[FilePath]) -> (Vec<(FilePath, Vec<Finding>)>, Summary) {
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
                let mut findings = rule::check(snapshot, path);
                rule::complete(snapshot, path, &mut findings, || disk::read(&paths::encode(path)).ok());
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
