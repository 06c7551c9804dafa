//! What is kept of files: of a closed one its lines and its facts, not its text; and the scopes that files belong to.

use crate::dialect::{Dialect, Role};
use crate::document::{ExportedIds, exported_unsorted};
use crate::facts::{Context, Cut, Facts, Holds, Packed, read};
use crate::index::Index;
use crate::letter_set::LetterSet;
use crate::link_set::LinkSet;
use crate::path::FilePath;
use crate::scope::Layout;
use crate::template::{Schema, read_form};
use crate::text::Lines;
use std::sync::{Arc, OnceLock};

/// What is kept of a file that is not open: its lines and its facts, not its text.
#[derive(Clone, Debug, Default)]
pub struct Closed {
    pub(super) lines: Lines,
    /// What it says in few bytes; empty where it was read briefly.
    pub(super) packed: Packed,
    /// The same unpacked: from the beginning where it was read briefly, else while somebody looks.
    pub(super) facts: OnceLock<Arc<Facts>>,
    /// Which kinds of facts these are.
    pub(super) holds: Holds,
    /// What others hear of it, until [`super::World::put`] has told them.
    pub(super) exported: Option<Box<ExportedIds>>,
    /// Whether it is written for an agent, as its facts say: whoever goes through all files need not fetch those for it.
    pub(super) prompt: bool,
    /// The letters of each definition's id and title; none where it was read briefly.
    pub(super) letter_sets: Box<[LetterSet]>,
    /// Whether it was read with those.
    pub(super) lettered: bool,
    pub(super) links: LinkSet,
    /// The dialect that the text says it is written in, where its path says none.
    pub(super) recognised: Option<Arc<Dialect>>,
    /// The sections that it asks for, of a template that the workspace keeps.
    pub(super) form: Option<Arc<Schema>>,
}

impl Closed {
    /// What `text` says, read as `role`, in `dialect` unless it says that it is written in another that this one knows. Any
    /// thread may do this; [`super::World::put`] takes the result.
    #[must_use]
    pub fn read(text: &str, dialect: &Dialect, role: Role) -> Self {
        let mut closed = Self::read_briefly(text, dialect, role);
        let facts = closed.facts.take().unwrap_or_default();
        closed.letter_sets = facts.definitions.iter().map(|definition| facts.letter_set_of(definition)).collect();
        closed.lettered = true;
        closed.links = LinkSet::of(text);
        closed.exported = Some(Box::new(exported_unsorted(std::iter::once(&*facts))));
        closed.packed = Packed::of(&facts);
        closed
    }

    /// The same without what tells an editor's questions which files they need not look at.
    #[must_use]
    pub fn read_briefly(text: &str, dialect: &Dialect, role: Role) -> Self {
        let recognised = (role == Role::Spec).then(|| dialect.recognised(text).cloned()).flatten();
        let dialect = recognised.as_deref().unwrap_or(dialect);
        let mut reading = read(text, dialect, role, Cut::Never, Context::default(), true, &|_| false);
        let facts = reading.parts.pop().map(|part| part.facts).unwrap_or_default();
        Self {
            lines: Lines::of(text),
            holds: Holds::of(&facts),
            prompt: facts.prompt,
            facts: OnceLock::from(Arc::new(facts)),
            links: LinkSet::ANYWHERE,
            recognised,
            ..Self::default()
        }
    }

    /// Its facts, unpacked for whoever asks where they are not at hand.
    pub(super) fn facts_once(&self) -> Arc<Facts> {
        self.facts.get().cloned().unwrap_or_else(|| Arc::new(self.packed.unpack()))
    }

    /// The same without facts that were unpacked and can be again; none where there are no such.
    pub(super) fn without_unpacked(&self) -> Option<Self> {
        let is_unpacked = !self.packed.is_empty() && self.facts.get().is_some();
        is_unpacked.then(|| Self { facts: OnceLock::new(), ..self.clone() })
    }

    /// What `text`, the file at `path`, says as a file of this layout, in which `home` is the dialect of most folders.
    #[must_use]
    pub fn read_at(text: &str, path: &FilePath, layout: &Layout, home: &Arc<Dialect>) -> Self {
        Self::at(text, path, layout, home, Self::read)
    }

    /// The same as briefly as [`Closed::read_briefly`].
    #[must_use]
    pub fn read_briefly_at(text: &str, path: &FilePath, layout: &Layout, home: &Arc<Dialect>) -> Self {
        Self::at(text, path, layout, home, Self::read_briefly)
    }

    fn at(
        text: &str,
        path: &FilePath,
        layout: &Layout,
        home: &Arc<Dialect>,
        read: fn(&str, &Dialect, Role) -> Self,
    ) -> Self {
        let (role, dialect) = (layout.role_of(path, home), layout.dialect_of(path, home));
        let closed = read(text, dialect, role);
        let is_form = role == Role::Template && !layout.forms_at(path, home).is_empty();
        Self { form: is_form.then(|| Arc::new(read_form(text, dialect))), ..closed }
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

impl File {
    /// The same as if it had not been read.
    pub(super) fn without_closed(&self) -> Self {
        Self { role: self.role, closed: None, expected: self.expected, open: self.open }
    }

    /// Whether both are known to have the same sections on disk, with as many hints in them.
    pub(super) fn has_sections_of(&self, other: &Self) -> bool {
        let (Some(one), Some(other)) = (&self.closed, &other.closed) else { return false };
        let sections = |facts: &Facts| facts.sections.iter().map(|it| (it.level, it.top, it.key)).collect::<Vec<_>>();
        let hints = |facts: &Facts| (facts.placeholders.len(), facts.brackets.len());
        let (one, other) = (one.facts_once(), other.facts_once());
        Arc::ptr_eq(&one, &other) || hints(&one) == hints(&other) && sections(&one) == sections(&other)
    }
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
