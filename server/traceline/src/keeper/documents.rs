//! Open documents: what an editor has opened is read first, and what it closes is its file again.

use super::nearby::{Nearby, TooMuch};
use super::state::Keeper;
use crate::config;
use crate::disk;
use crate::file_store;
use crate::paths;
use traceline_engine::path::FilePath;

impl Keeper {
    pub(super) fn open(&mut self, path: &FilePath, version: i32, text: &str) {
        if config::is_config(path) {
            self.open_draft(path, version, text);
            return;
        }
        self.places.look_again();
        self.look_again(path);
        if self.reading && !self.listed {
            self.find_configs_above(path);
        }
        self.world.open(path, version, text);
        self.edited.insert(path.clone());
        if self.reading {
            self.list_feature_first(path);
            self.read_feature_first(path);
        }
        self.note_changes();
    }

    /// Lists the feature of an opened document before the workspace is, if that is a moment's work.
    pub(super) fn list_feature_first(&mut self, path: &FilePath) {
        self.world.settle();
        let snapshot = self.world.snapshot();
        if self.listed || snapshot.is_listed(path) {
            return;
        }
        let Some(root) = self.root_above(path).filter(|root| !disk::is_too_wide(&paths::encode(root))).cloned() else {
            return;
        };
        let feature =
            Nearby { root: &root, configs: &self.configs, layout: snapshot.layout(), dialect: snapshot.dialect() };
        for folder in path.ancestors().take_while(|folder| *folder != root.as_str()).map(FilePath::new) {
            match feature.list(&folder) {
                Ok(None) => {}
                Ok(Some(files)) => {
                    self.world.expect_below(&folder, &files);
                    self.world.settle();
                    // A part of a specification belongs to a folder above it.
                    let snapshot = self.world.snapshot();
                    if snapshot.scope_of(path).is_some_and(|scope| snapshot.is_listed(scope)) {
                        return;
                    }
                }
                Err(TooMuch) => return,
            }
        }
    }

    /// The same for every open document, in a world that was made anew.
    pub(super) fn list_open_features(&mut self) {
        let open: Vec<FilePath> = self.world.open_texts().into_iter().map(|(path, ..)| path).collect();
        for path in open {
            self.list_feature_first(&path);
            self.read_feature_first(&path);
        }
    }

    /// Reads the files that an opened document's ids may be defined in, so that it does not wait for the whole workspace.
    pub(super) fn read_feature_first(&mut self, path: &FilePath) {
        const MOST: usize = 64;
        self.world.settle();
        let snapshot = self.world.snapshot();
        let Some(scope) = snapshot.scope_of(path) else { return };
        let chain = snapshot.lookup_chain(scope);
        let files = chain
            .iter()
            .filter_map(|folder| snapshot.scope(folder))
            .filter(|scope| !scope.is_read())
            .flat_map(|scope| scope.files());
        let unread: Vec<FilePath> =
            files.filter(|path| snapshot.view(path).is_none()).take(MOST + 1).cloned().collect();
        if unread.len() > MOST {
            return;
        }
        for path in unread {
            match file_store::read(&path, snapshot.layout(), snapshot.dialect()) {
                Ok(closed) => self.world.put(&path, closed),
                Err(why) => self.unread(&path, &why),
            }
        }
    }

    pub(super) fn close(&mut self, path: &FilePath) {
        if config::is_config(path) {
            self.close_draft(path);
            return;
        }
        self.world.close(path);
        self.places_moved(path);
        self.edited.remove(path);
        self.publisher.close(path);
        if !self.world.knows(path) {
            // It has no file, or none that was read: what is shown of it would stay for ever.
            self.publisher.clear(path, self.encoding);
        }
        self.touched(vec![path.clone()]);
        self.note_changes();
        if let Some(scope) = self.world_scope(path) {
            self.scope_due(scope);
        }
    }

    pub(super) fn world_scope(&mut self, path: &FilePath) -> Option<FilePath> {
        self.world.settle();
        self.world.snapshot().scope_of(path).cloned()
    }
}
