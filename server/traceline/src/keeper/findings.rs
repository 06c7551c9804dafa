//! When findings are shown: at once those of an edited document, after a moment those of others, and to whom asks.

use super::checked::Checked;
use super::inbox::{Message, Needs};
use super::pulls::{Pull, WorkspacePull};
use super::state::Keeper;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use traceline_engine::path::FilePath;

/// How long other files of a feature wait for their findings after an edit: long enough for a word to be typed.
pub(super) const PATIENCE: Duration = Duration::from_millis(80);

impl Keeper {
    pub(super) fn note_changes(&mut self) {
        self.world.settle();
        if self.reading {
            return;
        }
        for scope in self.world.take_changed() {
            self.scope_due(scope);
        }
        if self.world.take_titles_changed() {
            // No finding changes, but lenses and hints of other files do.
            self.titles_changed = true;
            self.due.get_or_insert_with(|| Instant::now() + PATIENCE);
        }
    }

    pub(super) fn scope_due(&mut self, scope: FilePath) {
        self.scopes_due.insert(scope);
        self.due.get_or_insert_with(|| Instant::now() + PATIENCE);
    }

    pub(super) fn everything_due(&mut self) {
        self.world.settle();
        self.scopes_due.extend(self.world.snapshot().scopes().map(|(folder, _)| folder.clone()));
        self.due = Some(Instant::now());
    }

    pub(super) fn show_edited(&mut self) {
        self.note_changes();
        if self.edited.is_empty() {
            return;
        }
        let snapshot = self.world.snapshot();
        for path in std::mem::take(&mut self.edited) {
            self.places_moved(&path);
            if self.publisher.show_edited(&snapshot, &path, self.encoding) {
                self.documents_due.insert(path);
                self.due.get_or_insert_with(|| Instant::now() + PATIENCE);
            }
        }
    }

    /// Text of the file at `path` has moved, and with it the places that findings of other files may point to.
    pub(super) fn places_moved(&mut self, path: &FilePath) {
        if self.publisher.related_to(path).next().is_some() {
            self.moved.insert(path.clone());
            self.due.get_or_insert_with(|| Instant::now() + PATIENCE);
        }
    }

    pub(super) fn show_due(&mut self) {
        if self.reading || self.due.is_none_or(|due| Instant::now() < due) {
            return;
        }
        self.due = None;
        let scopes = std::mem::take(&mut self.scopes_due);
        let mut files = std::mem::take(&mut self.documents_due);
        let moved = std::mem::take(&mut self.moved);
        files.extend(moved.iter().flat_map(|path| self.publisher.related_to(path)).cloned());
        let snapshot = self.world.snapshot();
        let in_scopes = |path: &FilePath| snapshot.scope_of(path).is_some_and(|scope| scopes.contains(scope));
        for path in snapshot.open_files().filter(|path| files.contains(*path) || in_scopes(path)) {
            self.publisher.show_open(&snapshot, path, self.encoding);
        }
        files.retain(|path| snapshot.document(path).is_none() && !in_scopes(path));
        let files = files.into_iter().collect();
        self.publisher.check_files(&snapshot, files, self.encoding, &self.background, &self.inbox);
        if !scopes.is_empty() || std::mem::take(&mut self.titles_changed) {
            self.publisher.names_changed();
            self.publisher.check_closed(&snapshot, scopes, self.encoding, &self.background, &self.inbox);
        }
    }

    /// Shows what was found of closed files; where that makes room, of those too that were left out.
    pub(super) fn show_closed(&mut self, checked: Checked) {
        self.publisher.show_closed(checked, &self.world, self.encoding);
        let files = self.publisher.take_hidden();
        if !files.is_empty() {
            self.world.settle();
            let snapshot = self.world.snapshot();
            self.publisher.check_files(&snapshot, files, self.encoding, &self.background, &self.inbox);
        }
    }

    /// Shows those who wait until everything has been checked how far that is.
    pub(super) fn show_checking(&mut self) {
        let idle = !self.reading && self.due.is_none();
        self.publisher.show_checking(&self.world, idle, self.encoding, &self.long);
    }

    // Who asks ------------------------------------------------------------------------------------------------------

    pub(super) fn pull(&mut self, pull: Pull) {
        // Edits that came with the question are noted before it: the answer to it tells of them.
        self.show_edited();
        self.world.settle();
        let snapshot = self.world.snapshot();
        let needs = Needs::Feature(pull.path.clone());
        // What is found of a feature that is known says nothing about what is not.
        if !self.is_ready(&snapshot, &needs) && !self.is_near(&snapshot, &needs) {
            self.deferred.push_back(Message::Pull(pull));
        } else if self.rereading.contains_key(&pull.path) && !self.world.is_open(&pull.path) {
            self.pulls.push(pull);
        } else {
            self.publisher.pull(&snapshot, pull, self.encoding, &self.pool);
        }
    }

    /// Answers who has asked about a file that was being read again.
    pub(super) fn pull_reread(&mut self, path: &FilePath) {
        let (ready, waiting) = std::mem::take(&mut self.pulls).into_iter().partition(|pull| pull.path == *path);
        self.pulls = waiting;
        let ready: Vec<Pull> = ready;
        ready.into_iter().for_each(|pull| self.pull(pull));
    }

    pub(super) fn pull_workspace(&mut self, pull: WorkspacePull) {
        let news = self.publisher.hold(pull);
        if self.reading {
            return;
        }
        self.world.settle();
        let snapshot = self.world.snapshot();
        for path in snapshot.open_files() {
            self.publisher.show_open(&snapshot, path, self.encoding);
        }
        let scopes: BTreeSet<FilePath> = news.iter().filter_map(|path| snapshot.scope_of(path)).cloned().collect();
        self.publisher.check_closed(&snapshot, scopes, self.encoding, &self.background, &self.inbox);
    }
}
