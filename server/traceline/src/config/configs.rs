//! Every configuration file of the workspace, and what they come to together.

use super::baseline::BaselineFile;
use super::file::{ConfigFile, NAMES, of_folder};
use super::problem::Problem;
use super::reviews::LockFile;
use crate::disk::{self, Found, Patterns, Selection};
use crate::paths;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use traceline_engine::dialect::Dialect;
use traceline_engine::path::FilePath;
use traceline_engine::settings::Settings;

/// Every configuration file of the workspace.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Configs {
    /// Each with its workspace folder.
    files: Vec<(PathBuf, ConfigFile)>,
    /// The baseline of each workspace folder that has one.
    baselines: BTreeMap<PathBuf, BaselineFile>,
    /// The lock of reviews of each workspace folder that has one.
    reviews: BTreeMap<PathBuf, LockFile>,
}

/// A file of the configuration, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) path: &'a Path,
    pub(crate) text: &'a str,
    pub(crate) problems: &'a [Problem],
}

impl Configs {
    /// Those of the workspace folders themselves.
    pub(crate) fn of_roots(roots: &[PathBuf]) -> Self {
        let mut all = Self::default();
        roots.iter().for_each(|root| all.add(root, root));
        all.baselines = roots.iter().filter_map(|root| Some((root.clone(), BaselineFile::of_root(root)?))).collect();
        all.reviews = roots.iter().filter_map(|root| Some((root.clone(), LockFile::of_root(root)?))).collect();
        all
    }

    /// Adds that of `folder`, which lies in the workspace folder `root`, if it has one.
    pub(crate) fn add(&mut self, root: &Path, folder: &Path) {
        if !self.files.iter().any(|(_, file)| file.folder() == folder)
            && let Some(file) = of_folder(root, folder)
        {
            self.files.push((root.to_path_buf(), file));
        }
    }

    /// Adds those of the folders above `path`, up to the workspace folder `root`.
    pub(crate) fn add_above(&mut self, root: &Path, path: &Path) {
        for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(root)) {
            self.add(root, folder);
        }
    }

    /// The Markdown files below `folder`, which lies in the workspace folder `root`; the configuration files that were
    /// found on the way are added, and decide which files these are.
    pub(crate) fn list(&mut self, root: &Path, folder: &Path) -> Found {
        loop {
            let found = disk::find(folder, &self.selection(), &NAMES);
            let before = self.files.len();
            found.named.iter().filter_map(|path| path.parent()).for_each(|folder| self.add(root, folder));
            // A file that was found may select others below it, so that the walk was another one.
            if self.files.len() == before {
                return found;
            }
        }
    }

    /// The baseline of the workspace folder `root`.
    pub(crate) fn baseline(&self, root: &Path) -> Option<&BaselineFile> {
        self.baselines.get(root)
    }

    /// Puts a baseline in the place of the one that the workspace folder `root` has.
    pub(crate) fn put_baseline(&mut self, root: &Path, baseline: BaselineFile) {
        self.baselines.insert(root.to_path_buf(), baseline);
    }

    /// Forgets the baseline of the workspace folder `root`.
    pub(crate) fn drop_baseline(&mut self, root: &Path) {
        self.baselines.remove(root);
    }

    /// The lock of reviews of the workspace folder `root`.
    pub(crate) fn reviews(&self, root: &Path) -> Option<&LockFile> {
        self.reviews.get(root)
    }

    /// All files, with what is wrong with each.
    pub(crate) fn told(&self) -> impl Iterator<Item = Told<'_>> {
        let configs = self.files().map(|it| Told { path: &it.path, text: &it.text, problems: &it.problems });
        let baselines = self.baselines.values();
        let baselines = baselines.map(|it| Told { path: &it.path, text: &it.text, problems: &it.problems });
        let reviews = self.reviews.values();
        let reviews = reviews.map(|it| Told { path: &it.path, text: &it.text, problems: &it.problems });
        configs.chain(baselines).chain(reviews)
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &ConfigFile> {
        self.files.iter().map(|(_, file)| file)
    }

    /// Whether a file names `path` as a template, be it there or not.
    pub(crate) fn name_template(&self, path: &FilePath) -> bool {
        let whole = &*paths::encode(path);
        self.files().any(|file| {
            let mut read = file.templates.iter().map(|template| &template.path);
            let mut named = file.config.templates.iter().map(|named| file.folder().join(&named.path));
            read.any(|read| read == path) || named.any(|named| named == whole)
        })
    }

    /// The folders that have one.
    pub(crate) fn folders(&self) -> BTreeSet<&Path> {
        self.files().map(ConfigFile::folder).collect()
    }

    pub(crate) fn selection(&self) -> Selection {
        Selection::new(self.files().map(|file| (file.folder().to_path_buf(), file.config.patterns.clone())))
    }

    /// The settings of every folder, where `client` is what the user has set.
    pub(crate) fn settings(&self, client: &Settings) -> Settings {
        let mut all = client.clone();
        for file in self.files() {
            let Some(folder) = paths::decode(file.folder()) else { continue };
            let mut own = client.clone();
            own.levels.extend(file.config.levels.to_engine());
            own.templates.extend(file.templates.iter().map(|own| (own.role, Arc::clone(&own.schema))));
            all.folders.insert(folder, own);
        }
        for (root, file) in &self.baselines {
            all.baselines.extend(paths::decode(root).map(|root| (root, Arc::clone(&file.baseline))));
        }
        for (root, file) in self.reviews.iter().filter(|(_, file)| file.problems.is_empty()) {
            all.reviews.extend(paths::decode(root).map(|root| (root, Arc::clone(&file.lock))));
        }
        for template in self.files().flat_map(|file| &file.templates) {
            all.add_template_file(&template.path, &template.mistakes);
        }
        all
    }

    /// The dialects of every folder that has its own.
    pub(crate) fn dialects(&self) -> Vec<(FilePath, Arc<Dialect>)> {
        let own = |file: &ConfigFile| {
            // The nearest alone counts, so one that says nothing of dialects brings the built-in ones back.
            Some((paths::decode(file.folder())?, file.config.dialect.clone().unwrap_or_else(Dialect::home)))
        };
        self.files().filter_map(own).collect()
    }

    /// Whether the same files are read, and alike.
    pub(crate) fn reads_like(&self, other: &Configs) -> bool {
        let own = |all: &Configs| -> BTreeMap<PathBuf, (Patterns, Option<Arc<Dialect>>)> {
            let own = |file: &ConfigFile| (file.config.patterns.clone(), file.config.dialect.clone());
            all.files().map(|file| (file.folder().to_path_buf(), own(file))).collect()
        };
        own(self) == own(other)
    }

    /// The file that is in force for `path`.
    pub(crate) fn of(&self, path: &FilePath) -> Option<&ConfigFile> {
        let path = &*paths::encode(path);
        let above = self.files().filter(|file| path.starts_with(file.folder()));
        above.max_by_key(|file| file.folder().as_os_str().len())
    }
}
