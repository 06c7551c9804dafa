//! Result ids of diagnostics (LSP 3.17, `resultId`): which one the findings of each file have. Who knows it knows them.

use crate::lsp::diagnostics::Items;
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};
use traceline_engine::path::FilePath;

/// A state of a file's findings. None twice the same, but for [`ResultId::NOTHING`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResultId(u64);

impl ResultId {
    /// Nothing is found.
    pub(crate) const NOTHING: Self = Self(0);
    /// One that no file ever has.
    pub(crate) const FOREIGN: Self = Self(u64::MAX);

    /// The id as the client keeps it.
    pub(crate) fn encode(self) -> String {
        self.0.to_string()
    }

    /// The id that a client has kept. One of another server is none that we ever gave.
    pub(crate) fn decode(text: &str) -> Self {
        text.parse().map_or(Self::FOREIGN, Self)
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    id: ResultId,
}

/// Files with findings and the id of them.
#[derive(Debug)]
pub(super) struct ResultIds {
    entries: HashMap<FilePath, Entry>,
    last: u64,
}

impl ResultIds {
    pub(super) fn new() -> Self {
        // A client may keep a id over a restart of the server, so no two servers count from the same number.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_micros());
        Self { entries: HashMap::new(), last: u64::try_from(now).unwrap_or_default() }
    }

    /// Notes what is found of the file now, none for nothing, and gives the result id of it.
    pub(super) fn note(&mut self, path: &FilePath, items: Option<&Items>) -> ResultId {
        let Some(items) = items else {
            self.entries.remove(path);
            return ResultId::NOTHING;
        };
        let hash = items.hash();
        if let Some(entry) = self.entries.get(path)
            && entry.hash == hash
        {
            return entry.id;
        }
        self.last += 1;
        let id = ResultId(self.last);
        self.entries.insert(path.clone(), Entry { hash, id });
        id
    }

    pub(super) fn forget(&mut self, path: &FilePath) {
        self.entries.remove(path);
    }

    pub(super) fn of(&self, path: &FilePath) -> ResultId {
        self.entries.get(path).map_or(ResultId::NOTHING, |entry| entry.id)
    }

    /// How many files have findings.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn has(&self, path: &FilePath) -> bool {
        self.entries.contains_key(path)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&FilePath, ResultId)> {
        self.entries.iter().map(|(path, entry)| (path, entry.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_id_stands_for_what_is_found() {
        let (path, mut ids) = (FilePath::new("/w/a.md"), ResultIds::new());
        let (some, other) = (Items::of_text(r#"[{"message":"a"}]"#), Items::of_text(r#"[{"message":"b"}]"#));
        let first = ids.note(&path, Some(&some));
        assert_eq!(ids.note(&path, Some(&some)), first);
        assert_ne!(ids.note(&path, Some(&other)), first);
        assert_eq!(ids.note(&path, None), ResultId::NOTHING);
        // The same again is another id: who asks with the first one has not seen that nothing was found between.
        assert_ne!(ids.note(&path, Some(&some)), first);
        assert_eq!(ResultId::decode(&first.encode()), first);
        assert_ne!(ResultId::decode("of another server"), ResultId::NOTHING);
    }
}
