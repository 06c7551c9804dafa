//! Related files: those that findings of one file point into. Where these move, it has to be shown anew.

use std::collections::{BTreeSet, HashMap};
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;

/// The other files that findings of the file at `path` point into.
pub(super) fn related_files(path: &FilePath, findings: &[Finding]) -> BTreeSet<FilePath> {
    let places = findings.iter().flat_map(|finding| &finding.related).map(|(place, _)| &place.path);
    places.filter(|other| *other != path).cloned().collect()
}

/// Which shown findings point into which other files.
#[derive(Debug, Default)]
pub(super) struct RelatedFiles {
    /// The files that the findings of a file point into. None of them is empty.
    of: HashMap<FilePath, BTreeSet<FilePath>>,
    /// The same the other way round.
    into: HashMap<FilePath, BTreeSet<FilePath>>,
}

impl RelatedFiles {
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
    pub(super) fn related_to(&self, path: &FilePath) -> impl Iterator<Item = &FilePath> {
        self.into.get(path).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_points_into_a_file_is_known_until_it_does_no_longer() {
        let [a, b, c] = ["/w/a.md", "/w/b.md", "/w/c.md"].map(FilePath::new);
        let mut related = RelatedFiles::default();
        related.put(&a, [b.clone(), c.clone()].into());
        related.put(&b, [c.clone()].into());
        assert_eq!(related.related_to(&c).collect::<Vec<_>>(), [&a, &b]);
        related.put(&a, [b.clone()].into());
        assert_eq!(related.related_to(&c).collect::<Vec<_>>(), [&b]);
        related.put(&b, BTreeSet::new());
        related.put(&a, BTreeSet::new());
        assert!(related.into.is_empty() && related.of.is_empty(), "{related:?}");
    }
}
