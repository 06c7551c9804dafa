//! The workspace as it was at a revision, in memory: the same files, but for those that git says differ.

use super::git::{self, Since};
use super::workspace::Workspace;
use crate::disk::{self, Listed};
use crate::paths;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use traceline_engine::feature::Source;
use traceline_engine::path::FilePath;
use traceline_engine::world::{Snapshot, Trial};

/// What a workspace was. Its configuration is today's, so that a change of that alone changes nothing.
pub(super) struct Before {
    pub(super) commit: String,
    pub(super) snapshot: Snapshot,
    /// Files that differ, as each was called, and is.
    pub(super) files: Vec<(Option<FilePath>, Option<FilePath>)>,
    /// The texts of those that were there.
    texts: BTreeMap<FilePath, String>,
}

impl Before {
    /// What `workspace` was where this branch left `revision`.
    pub(super) fn of(workspace: &Workspace, revision: &str) -> Result<Self> {
        let folder = workspace.folder.as_deref().context("what lies on several drives has no common history")?;
        let Since { commit, files } = git::since(folder, revision)?;
        let mut trial = Trial::of(&workspace.snapshot);
        let listed = Listed::of(folder, &workspace.configs.selection());
        // What was read then: a file that is read now, and what would be beside those.
        let is_read = |path: &FilePath| {
            let beside = || workspace.snapshot.files().any(|known| known.folder() == path.folder());
            workspace.snapshot.scope_of(path).is_some()
                || listed.holds(&paths::encode(path)) && (workspace.names(path) || beside())
        };
        let mut out = Vec::new();
        let mut texts = BTreeMap::new();
        for file in files {
            let before = file.before.filter(|(path, _)| is_read(path));
            let after = file.after.filter(|path| workspace.snapshot.scope_of(path).is_some());
            if before.is_none() && after.is_none() {
                continue;
            }
            let name = before.as_ref().map(|(path, _)| path.clone());
            if let Some(path) = after.as_ref().filter(|path| Some(*path) != name.as_ref()) {
                trial.remove(path);
            }
            out.push((name, after));
            texts.extend(before);
        }
        // What a rename has freed may be another file's name.
        texts.iter().for_each(|(path, text)| trial.add(path, text));
        Ok(Self { commit, snapshot: trial.end(), files: out, texts })
    }

    /// What each file that differs was called; none where it was not there.
    pub(super) fn names(&self) -> BTreeMap<&FilePath, Option<&FilePath>> {
        self.files.iter().filter_map(|(before, after)| Some((after.as_ref()?, before.as_ref()))).collect()
    }
}

impl Source for Before {
    fn text(&self, path: &FilePath) -> Option<String> {
        self.texts.get(path).cloned().or_else(|| disk::read(&paths::encode(path)).ok())
    }
}
