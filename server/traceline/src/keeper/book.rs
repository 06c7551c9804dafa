//! The book: which revision of its findings each file has. Whoever knows a file's revision knows its findings.

use crate::lsp::diagnostics::Items;
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};
use traceline_engine::path::FilePath;

/// A state of a file's findings. None twice the same, but for [`Revision::NOTHING`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Revision(u64);

impl Revision {
    /// Nothing is found.
    pub(crate) const NOTHING: Self = Self(0);
    /// One that no file ever has.
    pub(crate) const FOREIGN: Self = Self(u64::MAX);

    /// The revision as the client keeps it.
    pub(crate) fn encode(self) -> String {
        self.0.to_string()
    }

    /// The revision that a client has kept. One of another server is none that we ever gave.
    pub(crate) fn decode(text: &str) -> Self {
        text.parse().map_or(Self::FOREIGN, Self)
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    revision: Revision,
}

/// Files with findings and the revision of them.
#[derive(Debug)]
pub(super) struct Book {
    entries: HashMap<FilePath, Entry>,
    last: u64,
}

impl Book {
    pub(super) fn new() -> Self {
        // A client may keep a revision over a restart of the server, so no two servers count from the same number.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_micros());
        Self { entries: HashMap::new(), last: u64::try_from(now).unwrap_or_default() }
    }

    /// Notes what is found of the file now, none for nothing, and gives the revision of it.
    pub(super) fn note(&mut self, path: &FilePath, items: Option<&Items>) -> Revision {
        let Some(items) = items else {
            self.entries.remove(path);
            return Revision::NOTHING;
        };
        let hash = items.hash();
        if let Some(entry) = self.entries.get(path)
            && entry.hash == hash
        {
            return entry.revision;
        }
        self.last += 1;
        let revision = Revision(self.last);
        self.entries.insert(path.clone(), Entry { hash, revision });
        revision
    }

    pub(super) fn forget(&mut self, path: &FilePath) {
        self.entries.remove(path);
    }

    pub(super) fn revision(&self, path: &FilePath) -> Revision {
        self.entries.get(path).map_or(Revision::NOTHING, |entry| entry.revision)
    }

    /// How many files have findings.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn has(&self, path: &FilePath) -> bool {
        self.entries.contains_key(path)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&FilePath, Revision)> {
        self.entries.iter().map(|(path, entry)| (path, entry.revision))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_stands_for_what_is_found() {
        let (path, mut book) = (FilePath::new("/w/a.md"), Book::new());
        let (some, other) = (Items::of_text(r#"[{"message":"a"}]"#), Items::of_text(r#"[{"message":"b"}]"#));
        let first = book.note(&path, Some(&some));
        assert_eq!(book.note(&path, Some(&some)), first);
        assert_ne!(book.note(&path, Some(&other)), first);
        assert_eq!(book.note(&path, None), Revision::NOTHING);
        // The same again is another revision: who asks with the first one has not seen that nothing was found between.
        assert_ne!(book.note(&path, Some(&some)), first);
        assert_eq!(Revision::decode(&first.encode()), first);
        assert_ne!(Revision::decode("of another server"), Revision::NOTHING);
    }
}
