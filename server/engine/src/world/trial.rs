//! Edits tried out: the snapshot that there would be if some texts were others. Nothing else hears of it.

use super::{Closed, Snapshot, World};
use crate::document::{Change, Work};
use crate::path::FilePath;
use crate::text::{Encoding, Range, Span, position_in};
use std::collections::BTreeSet;

/// A world of its own in which edits are tried.
#[derive(Debug)]
pub struct Trial(World);

impl Trial {
    /// A trial that begins as `snapshot` is.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        Self(World {
            now: Snapshot { visited: None, ..snapshot.clone() },
            work: Work::default(),
            changed: BTreeSet::new(),
            dirty: BTreeSet::new(),
            titles_changed: false,
            changed_forms: BTreeSet::new(),
        })
    }

    /// Replaces stretches of the open document at `path`, none overlapping another.
    pub fn edit(&mut self, path: &FilePath, edits: &[(Span, &str)]) {
        let Some(document) = self.0.now.open.get(path) else { return };
        let mut sorted: Vec<&(Span, &str)> = edits.iter().collect();
        sorted.sort_by_key(|(span, _)| *span);
        let rope = document.rope();
        let at = |offset| position_in(rope, offset, Encoding::Utf8);
        // From the back, so that the places of those before stay true.
        let changes: Vec<Change> = sorted
            .into_iter()
            .rev()
            .map(|(span, text)| Change {
                range: Some(Range { start: at(span.start), end: at(span.end) }),
                text: (*text).to_string(),
            })
            .collect();
        let version = document.version();
        self.0.change(path, version, &changes, Encoding::Utf8);
    }

    /// Puts `text` in the place of the closed file at `path`.
    pub fn put(&mut self, path: &FilePath, text: &str) {
        if self.0.now.file(path).is_some() {
            let closed = Closed::read_at(text, path, &self.0.now.layout, &self.0.now.dialect);
            self.0.put(path, closed);
        }
    }

    /// Puts `text` in the place of the file at `path`, which need not be known.
    pub fn add(&mut self, path: &FilePath, text: &str) {
        self.0.expect(path);
        self.put(path, text);
    }

    /// Forgets the closed file at `path`.
    pub fn remove(&mut self, path: &FilePath) {
        self.0.remove(path);
    }

    /// What is known after the edits.
    #[must_use]
    pub fn end(mut self) -> Snapshot {
        self.0.settle();
        self.0.now
    }
}
