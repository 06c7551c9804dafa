//! Open documents: what an editor has opened is read first, and what it closes is its file again.

use super::state::Keeper;
use crate::config;
use crate::file_store;
use traceline_engine::path::FilePath;

impl Keeper {
    pub(super) fn open(&mut self, path: &FilePath, version: i32, text: &str) {
        if config::is_config(path) {
            self.open_draft(path, version, text);
            return;
        }
        self.look_again(path);
        if self.reading && !self.listed {
            self.find_configs_above(path);
        }
        self.world.open(path, version, text);
        self.edited.insert(path.clone());
        if self.reading {
            self.read_feature_first(path);
        }
        self.note_changes();
    }

    /// Reads the files that an opened document's ids may be defined in, so that it does not wait for the whole workspace.
    pub(super) fn read_feature_first(&mut self, path: &FilePath) {
        const MOST: usize = 64;
        self.world.settle();
        let snapshot = self.world.snapshot();
        let Some(scope) = snapshot.scope_of(path) else { return };
        let chain = snapshot.chain(scope);
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
