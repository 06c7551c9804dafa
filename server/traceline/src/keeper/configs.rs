//! Configuration files as the keeper sees them: those on disk are in force, what an editor has open is only checked.
//!
//! A half-typed setting must not read the workspace again at each key, so what is open counts once it is saved.

use super::state::Keeper;
use crate::config::{self, Configs};
use crate::paths;
use std::path::PathBuf;
use traceline_engine::dialect::{Dialect, Role};
use traceline_engine::document::{Change, Document, Work};
use traceline_engine::path::FilePath;
use traceline_engine::scope::Layout;
use traceline_engine::world::World;

impl Keeper {
    pub(super) fn root_paths(&self) -> Vec<PathBuf> {
        self.roots.iter().map(|root| paths::encode(root).into_owned()).collect()
    }

    /// The workspace folder that `path` is in, the innermost where they nest.
    pub(super) fn root_above(&self, path: &FilePath) -> Option<&FilePath> {
        self.roots.iter().filter(|root| path.is_within(root.as_str())).max_by_key(|root| root.as_str().len())
    }

    pub(super) fn add_configs_above(&self, configs: &mut Configs, path: &FilePath) {
        if let Some(root) = self.root_above(path) {
            configs.add_above(&paths::encode(root), &paths::encode(path));
        }
    }

    /// Before the workspace's files are known, an opened document still wants its own configuration.
    pub(super) fn find_configs_above(&mut self, path: &FilePath) {
        let mut configs = self.configs.clone();
        self.add_configs_above(&mut configs, path);
        if self.put_configs(configs) {
            self.renew_world();
            self.list_open_features();
        }
    }

    /// Puts configuration files in force and shows what is wrong with them. Returns whether anything is another now.
    pub(super) fn put_configs(&mut self, configs: Configs) -> bool {
        let changed = configs != self.configs;
        let old = std::mem::replace(&mut self.configs, configs);
        let gone: Vec<PathBuf> = old.told().map(|file| file.path.to_path_buf()).collect();
        let drafts = &self.drafts;
        let shown =
            self.configs.told().filter(|file| paths::decode(file.path).is_none_or(|path| !drafts.contains_key(&path)));
        self.publisher.show_configs(&gone, &shown.collect::<Vec<_>>(), self.encoding);
        self.drafts.keys().cloned().collect::<Vec<_>>().iter().for_each(|path| self.show_draft(path));
        changed
    }

    /// Reads again what of `paths` are configuration files. Returns whether the workspace must be read again; other levels
    /// of rules alone are put in force here, unless the files are being listed: the list comes with those from before.
    pub(super) fn configs_touched(&mut self, paths: &[FilePath]) -> bool {
        let touches = |path: &FilePath| {
            config::is_config(path)
                || (config::is_baseline(path) || config::is_lock(path)) && self.roots.contains(&path.folder())
                || self.configs.name_template(path)
                || self.configs.folders().iter().any(|it| it.starts_with(&*paths::encode(path)))
        };
        if !paths.iter().any(touches) {
            return false;
        }
        let mut configs = Configs::of_roots(&self.root_paths());
        let known: Vec<FilePath> = self.configs.files().filter_map(|file| paths::decode(&file.path)).collect();
        for path in known.iter().chain(paths.iter().filter(|path| config::is_config(path))) {
            if let Some(root) = self.root_above(path) {
                configs.add(&paths::encode(root), &paths::encode(&path.folder()));
            }
        }
        let reads_alike = configs.reads_like(&self.configs);
        if !reads_alike || !self.put_configs(configs) {
            return !reads_alike;
        }
        let listing = self.reading && !self.listed;
        if !listing {
            self.put_settings();
        }
        listing
    }

    pub(super) fn put_settings(&mut self) {
        self.world.set_settings(self.configs.settings(&self.client));
        self.everything_due();
    }

    /// Makes the world anew, with nothing in it but the open documents.
    pub(super) fn renew_world(&mut self) {
        let texts = self.world.open_texts();
        self.publisher.forget();
        let layout = Layout::new(self.roots.clone()).with_homes(self.configs.dialects());
        self.world = World::of(layout, self.configs.settings(&self.client));
        self.places.look_again();
        self.world.set_places(self.places.clone());
        if self.reading && !self.listed {
            self.world.begin_listing();
        }
        for (path, version, text) in texts {
            self.world.open(&path, version, &text);
            self.edited.insert(path);
        }
    }

    // Open configuration files --------------------------------------------------------------------------------------

    pub(super) fn open_draft(&mut self, path: &FilePath, version: i32, text: &str) {
        let document = Document::new(version, text, Dialect::home(), Role::Other, &mut Work::default());
        self.drafts.insert(path.clone(), document);
        self.show_draft(path);
    }

    pub(super) fn change_draft(&mut self, path: &FilePath, version: i32, changes: &[Change]) {
        if let Some(document) = self.drafts.get_mut(path) {
            document.apply(version, changes, self.encoding);
            self.show_draft(path);
        }
    }

    pub(super) fn close_draft(&mut self, path: &FilePath) {
        if self.drafts.remove(path).is_some() {
            self.publisher.show_config(path, "", &[], self.encoding);
            self.put_configs(self.configs.clone());
        }
    }

    fn show_draft(&mut self, path: &FilePath) {
        let Some(document) = self.drafts.get(path) else { return };
        let text = document.rope().to_string();
        let root = self.root_above(path).cloned();
        let folder = path.folder();
        let inside = root.as_ref().map_or(".", |root| folder.relative_to(root.as_str()));
        let (_, problems) = config::parse(&text, if inside == "." { "" } else { inside });
        self.publisher.show_config(path, &text, &problems, self.encoding);
    }
}
