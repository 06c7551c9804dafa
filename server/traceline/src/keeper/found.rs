//! What is found of one file, and into which other files it points: where these move, it has to be shown anew.

use crate::fault;
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use traceline_engine::path::FilePath;
use traceline_engine::rule::{self, Finding, Memory};
use traceline_engine::world::Snapshot;

/// The findings of a file, with `memory` of the last time if it is open; none where a rule panics over it. That costs no
/// other file its findings, and the world, of which this only sees a picture, nothing at all.
pub(super) fn find(snapshot: &Snapshot, path: &FilePath, mut memory: Option<&mut Memory>) -> Option<Vec<Finding>> {
    let found = catch_unwind(AssertUnwindSafe(|| {
        fault::panic_over("find", path);
        match memory.as_deref_mut() {
            Some(memory) => rule::check_again(snapshot, path, memory),
            None => rule::check(snapshot, path),
        }
    }));
    if found.is_err()
        && let Some(memory) = memory
    {
        // It was left in the middle.
        *memory = Memory::default();
    }
    found.ok()
}

/// The other files that findings of the file at `path` point into.
pub(super) fn pointed_into(path: &FilePath, findings: &[Finding]) -> BTreeSet<FilePath> {
    let places = findings.iter().flat_map(|finding| &finding.related).map(|(place, _)| &place.path);
    places.filter(|other| *other != path).cloned().collect()
}

/// Which shown findings point into which other files.
#[derive(Debug, Default)]
pub(super) struct Pointers {
    /// The files that the findings of a file point into. None of them is empty.
    of: HashMap<FilePath, BTreeSet<FilePath>>,
    /// The same the other way round.
    into: HashMap<FilePath, BTreeSet<FilePath>>,
}

impl Pointers {
    /// What is shown of the file at `path` points into these files and no others.
    pub(super) fn put(&mut self, path: &FilePath, others: BTreeSet<FilePath>) {
        if self.of.get(path).map_or(others.is_empty(), |old| *old == others) {
            return;
        }
        for other in self.of.remove(path).into_iter().flatten() {
            if let Some(pointing) = self.into.get_mut(&other) {
                pointing.remove(path);
                if pointing.is_empty() {
                    self.into.remove(&other);
                }
            }
        }
        for other in &others {
            self.into.entry(other.clone()).or_default().insert(path.clone());
        }
        if !others.is_empty() {
            self.of.insert(path.clone(), others);
        }
    }

    /// The files whose findings point into the one at `path`.
    pub(super) fn pointing_into(&self, path: &FilePath) -> impl Iterator<Item = &FilePath> {
        self.into.get(path).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_points_into_a_file_is_known_until_it_does_no_longer() {
        let [a, b, c] = ["/w/a.md", "/w/b.md", "/w/c.md"].map(FilePath::new);
        let mut pointers = Pointers::default();
        pointers.put(&a, [b.clone(), c.clone()].into());
        pointers.put(&b, [c.clone()].into());
        assert_eq!(pointers.pointing_into(&c).collect::<Vec<_>>(), [&a, &b]);
        pointers.put(&a, [b.clone()].into());
        assert_eq!(pointers.pointing_into(&c).collect::<Vec<_>>(), [&b]);
        pointers.put(&b, BTreeSet::new());
        pointers.put(&a, BTreeSet::new());
        assert!(pointers.into.is_empty() && pointers.of.is_empty(), "{pointers:?}");
    }
}
