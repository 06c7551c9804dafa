//! `traceline check --diff`: of what was found only what a change has brought, or what is about a requirement that it touches.

use super::before::Before;
use super::workspace::Workspace;
use crate::disk::Disk;
use anyhow::Result;
use traceline_engine::baseline::Baseline;
use traceline_engine::export::changes::{State, Touched, changes};
use traceline_engine::export::check::Summary;
use traceline_engine::feature::Source;
use traceline_engine::path::FilePath;
use traceline_engine::rule::identity::identify;
use traceline_engine::rule::{self, Finding};

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
    for (path, findings) in &mut *found {
        let Some(old) = before.name_of(path) else { continue };
        let name = path.relative_to(workspace.root.as_str());
        let mut known = rule::check(&before.snapshot, old);
        // By the name of today, so that a file that was moved is the same file.
        identify(&before.snapshot, old, name, &mut known, || before.text(old));
        let mut then = Baseline::default();
        known.iter().flat_map(|it| &it.identities).for_each(|it| then.insert(name, it.fingerprint));
        let mut keep = touched.of(path, findings).into_iter();
        let is_old = |finding: &Finding| {
            let is_known =
                |it: &rule::identity::Identity| then.of_file(name).is_some_and(|known| known.contains(&it.fingerprint));
            !finding.identities.is_empty() && finding.identities.iter().all(is_known)
        };
        let old: Vec<Finding> = findings.extract_if(.., |it| !keep.next().unwrap_or(false) && is_old(it)).collect();
        summary.leave_before(&old);
    }
    found.retain(|(_, findings)| !findings.is_empty());
    Ok(())
}
