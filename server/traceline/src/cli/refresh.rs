//! What has changed on disk since a workspace was read, read again into it.

use super::progress::Progress;
use super::workspace::{Files, Workspace, list, read_files};
use crate::config;
use crate::paths;
use crate::places::Places;
use std::collections::BTreeSet;
use std::sync::Arc;
use traceline_engine::path::FilePath;

/// What a change on disk comes to.
pub(super) enum Refreshed {
    /// These files were read again, have come or have gone.
    Files(BTreeSet<FilePath>),
    /// Other files may be read now, or in another way: everything has to be read again.
    Everything,
}

impl Workspace {
    /// Reads again what of `touched` is read at all. Only where something has come or gone it is looked which files there are.
    pub(super) fn refresh(&mut self, touched: &[FilePath], progress: &Progress) -> Refreshed {
        // Where a name may be written in several ways, the disk's and the one that was told of may be two files.
        // What was at other paths may have changed, too.
        self.world.set_places(Arc::new(Places::default()));
        let touched: BTreeSet<FilePath> =
            touched.iter().flat_map(|path| [paths::as_on_disk(path.clone()), path.clone()]).collect();
        if touched.iter().any(|path| self.is_configured_by(path)) {
            return Refreshed::Everything;
        }
        let mut changed: BTreeSet<FilePath> = touched.iter().filter(|path| self.reads(path)).cloned().collect();
        if touched.iter().any(|path| !self.reads(path) || !paths::encode(path).is_file()) {
            let Files { asked, all, unspeakable } = list(&self.named, &self.roots, &mut self.configs.clone());
            let new: Vec<FilePath> = all.iter().filter(|path| !self.reads(path)).cloned().collect();
            let gone = self.all.iter().filter(|path| all.binary_search(path).is_err());
            let gone: Vec<FilePath> = gone.cloned().collect();
            self.world.expect_all(&new);
            gone.iter().for_each(|path| self.world.remove(path));
            changed.extend(new.into_iter().chain(gone));
            (self.asked, self.all, self.unspeakable) = (asked, all, unspeakable);
        }
        self.unread.retain(|(path, _)| !changed.contains(path));
        let there: Vec<FilePath> = changed.iter().filter(|path| self.reads(path)).cloned().collect();
        if !there.is_empty() {
            let unread = read_files(&mut self.world, &there, progress);
            self.unread.extend(unread);
            self.unread.sort_by(|a, b| a.0.cmp(&b.0));
        }
        self.world.settle();
        self.snapshot = self.world.snapshot();
        Refreshed::Files(changed)
    }

    fn reads(&self, path: &FilePath) -> bool {
        self.all.binary_search(path).is_ok()
    }

    /// Whether a change of the file or folder may put another configuration in force.
    fn is_configured_by(&self, path: &FilePath) -> bool {
        let at_top = || self.roots.iter().any(|root| paths::decode(root).as_ref() == Some(&path.folder()));
        config::is_config(path)
            || matches!(path.name(), ".gitignore" | ".ignore")
            || (config::is_baseline(path) || config::is_lock(path)) && at_top()
            || self.configs.name_template(path)
            || self.configs.folders().iter().any(|folder| folder.starts_with(&*paths::encode(path)))
    }
}
