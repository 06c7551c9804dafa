//! What is kept of files: of a closed one its lines and its facts, not its text; and the scopes that files belong to.

use crate::dialect::{Dialect, Role};
use crate::facts::{Context, Cut, Facts, read};
use crate::index::Index;
use crate::letter_set::LetterSet;
use crate::link_set::LinkSet;
use crate::path::FilePath;
use crate::text::Lines;
use std::sync::{Arc, OnceLock};

/// What is kept of a file that is not open: its lines and its facts, not its text.
#[derive(Clone, Debug, Default)]
pub struct Closed {
    pub(super) lines: Lines,
    pub(super) facts: Arc<Facts>,
    /// The letters of each definition's id and title.
    pub(super) letter_sets: Box<[LetterSet]>,
    pub(super) links: LinkSet,
    /// The dialect that the text says it is written in, where its path says none.
    pub(super) recognised: Option<Arc<Dialect>>,
}

impl Closed {
    /// What `text` says, read as `role`, in `dialect` unless it says that it is written in another that this one knows. Any
    /// thread may do this; [`super::World::put`] takes the result.
    #[must_use]
    pub fn read(text: &str, dialect: &Dialect, role: Role) -> Self {
        let recognised = (role == Role::Spec).then(|| dialect.recognised(text).cloned()).flatten();
        let dialect = recognised.as_deref().unwrap_or(dialect);
        let mut reading = read(text, dialect, role, Cut::Never, Context::default(), true, &|_| false);
        let facts = reading.parts.pop().map(|part| part.facts).unwrap_or_default();
        let letter_sets = facts.definitions.iter().map(|definition| facts.letter_set_of(definition)).collect();
        Self { lines: Lines::of(text), facts: Arc::new(facts), letter_sets, links: LinkSet::of(text), recognised }
    }
}

#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) role: Role,
    /// None while the file has not been read.
    pub(super) closed: Option<Closed>,
    /// Whether there is such a file that is still to be read.
    pub(super) expected: bool,
    pub(super) open: bool,
}

/// The files whose ids belong together, most often a feature folder.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub(super) folder: Option<FilePath>,
    pub(super) files: imbl::OrdMap<FilePath, Arc<File>>,
    pub(super) unread: usize,
    /// Made when it is first asked for, then kept up to date.
    pub(super) index: OnceLock<Arc<Index>>,
}

impl Scope {
    /// Its files, in order.
    pub fn files(&self) -> impl Iterator<Item = &FilePath> {
        self.files.keys()
    }

    /// Whether every file of it has been read.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.unread == 0
    }
}
