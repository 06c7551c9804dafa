//! `traceline check --diff`: of what was found only what a change has brought, or what is about a requirement that it touches.

use super::before::Before;
use super::workspace::Workspace;
use crate::disk::Disk;
use crate::parallel::in_pieces;
use anyhow::Result;
use std::collections::BTreeSet;
use traceline_engine::export::changes::{State, Touched, changes};
use traceline_engine::export::check::Summary;
use traceline_engine::feature::Source;
use traceline_engine::fingerprint::Fingerprint;
use traceline_engine::path::FilePath;
use traceline_engine::rule::identity::identify;
use traceline_engine::rule::{self, Finding};

/// Fewer files are held against what they were by one thread.
const FEW: usize = 64;

/// Leaves out of `found`, which have identities, what was found at `revision` already, unless what it is about says something
/// else now.
pub(super) fn leave_old(
    workspace: &Workspace,
    revision: &str,
    found: &mut Vec<(FilePath, Vec<Finding>)>,
    summary: &mut Summary,
) -> Result<()> {
    let before = Before::of(workspace, revision)?;
    let state = State { snapshot: &before.snapshot, source: &before };
    let changed = changes(state, State { snapshot: &workspace.snapshot, source: &Disk }, &before.files);
    let touched = Touched::by(&workspace.snapshot, &changed);
    let names = before.names();
    let known = in_pieces(found, FEW, |piece| {
        let old = |path| names.get(path).copied().unwrap_or(Some(path));
        piece.iter().map(|(path, _)| known(workspace, &before, path, old(path))).collect()
    });
    for ((path, findings), known) in found.iter_mut().zip(known) {
        let mut keep = touched.of(path, findings).into_iter();
        let is_old = |finding: &Finding| {
            !finding.identities.is_empty() && finding.identities.iter().all(|it| known.contains(&it.fingerprint))
        };
        let old: Vec<Finding> = findings.extract_if(.., |it| !keep.next().unwrap_or(false) && is_old(it)).collect();
        summary.leave_before(&old);
    }
    found.retain(|(_, findings)| !findings.is_empty());
    Ok(())
}

/// What was found of the file at `path`, which was called `old`; nothing where it was not there.
fn known(workspace: &Workspace, before: &Before, path: &FilePath, old: Option<&FilePath>) -> BTreeSet<Fingerprint> {
    let Some(old) = old else { return BTreeSet::new() };
    let snapshot = &before.snapshot;
    // Asking for the index keeps it, and it is asked for by every file of the folder.
    let _ = snapshot.scope_of(old).and_then(|scope| snapshot.index(scope));
    let mut known = rule::check_text(snapshot, old, &|| before.text(old));
    // By the name of today, so that a file that was moved is the same file.
    let name = path.relative_to(workspace.root.as_str());
    identify(snapshot, old, name, &mut known, || before.text(old));
    known.iter().flat_map(|it| &it.identities).map(|it| it.fingerprint).collect()
}
