//! Titles of requirements; each file that defines one of them is gone through once.

use crate::id::Id;
use crate::path::FilePath;
use crate::query::Place;
use crate::world::Snapshot;
use rustc_hash::{FxHashMap, FxHashSet};

/// A requirement's title and where it is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Titled<'a> {
    /// The statement's first line without marks.
    pub title: &'a str,
    /// Where its strongest definition stands.
    pub place: Place,
    rank: u8,
}

/// Titles of requirements; each file that defines one of them is gone through once.
pub struct Titles<'a> {
    snapshot: &'a Snapshot,
    read: FxHashSet<FilePath>,
    known: FxHashMap<FilePath, FxHashMap<Id, Titled<'a>>>,
}

impl<'a> Titles<'a> {
    /// Titles as of `snapshot`, none read yet.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, read: FxHashSet::default(), known: FxHashMap::default() }
    }

    /// The title of `id` of `scope`, if that defines it.
    pub fn title(&mut self, scope: &FilePath, id: &Id) -> Option<&Titled<'a>> {
        if !self.known.get(scope).is_some_and(|known| known.contains_key(id)) {
            let index = self.snapshot.index(scope)?;
            for (path, _) in index.definers_of(id) {
                if self.read.insert(path.clone()) {
                    self.read(path);
                }
            }
        }
        self.known.get(scope)?.get(id)
    }

    fn read(&mut self, path: &FilePath) {
        let Some(view) = self.snapshot.view(path) else { return };
        let known = self.known.entry(view.scope.clone()).or_default();
        for (base, facts) in view.parts() {
            for definition in &facts.definitions {
                // An old wording may stand beside the new one.
                let rank = definition.form.rank() * 2 + u8::from(definition.withdrawn);
                let id = facts.id(definition.id);
                if known.get(id).is_some_and(|other| other.rank <= rank) {
                    continue;
                }
                let place = Place { path: path.clone(), span: definition.place.shifted(base) };
                known.insert(id.clone(), Titled { title: facts.text(definition.title), place, rank });
            }
        }
    }

    /// How many files were gone through; tests count it.
    #[must_use]
    pub fn files(&self) -> usize {
        self.read.len()
    }
}
