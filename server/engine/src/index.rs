//! The index of one scope: which files define an id and which use it. Names only; where in a file is the file's affair.

mod coverage;
mod id_shape;
mod served;

pub use coverage::{Chain, Link, Listing, Whole};
pub use id_shape::{Children, Counted, Kin, Unlike, last_of, letters};

use crate::dialect::Role;
use crate::facts::{Certainty, Facts, Form, Kind, Reach};
use crate::id::Id;
use crate::path::FilePath;
use coverage::Coverage;
use id_shape::Shapes;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What one file does with an id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// The rank of its strongest definition; see [`crate::facts::Form::rank`].
    pub defined: Option<u8>,
    /// How many definitions of that rank it holds.
    pub definitions: u16,
    /// Whether all of those are withdrawn.
    pub withdrawn: bool,
    /// Whether a trace line names it.
    pub traced: bool,
    /// Whether one does from which follows what is missing: it is no part of a hint, and leaves out nothing on purpose.
    pub settled: bool,
    /// Whether anything names it.
    pub mentioned: bool,
}

/// The ids that one file names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    role: Role,
    uses: FxHashMap<Id, Use>,
    /// Ranges over parents: every id defined between the two is meant.
    ranges: Vec<(Id, Id)>,
    /// Ids that something begins with which does not define them.
    possible: FxHashSet<Id>,
    /// Whether a trace line names all requirements.
    all: bool,
}

impl Names {
    /// The names in a file's parts.
    #[must_use]
    pub fn of<'a>(role: Role, parts: impl Iterator<Item = &'a Facts>) -> Self {
        let mut names = Self { role, ..Self::default() };
        for facts in parts {
            for definition in &facts.definitions {
                let entry = names.uses.entry(facts.id(definition.id).clone()).or_default();
                let rank = definition.form.rank();
                match entry.defined {
                    Some(known) if known < rank => {}
                    Some(known) if known == rank => {
                        entry.definitions += 1;
                        entry.withdrawn &= definition.withdrawn;
                    }
                    _ => {
                        (entry.defined, entry.definitions) = (Some(rank), 1);
                        entry.withdrawn = definition.withdrawn;
                    }
                }
            }
            names.all |= facts.traces.iter().any(|trace| trace.all);
            names.possible.extend(facts.possible.iter().map(|id| facts.id(*id).clone()));
            // A part names few ids many times, so they are joined before they are looked up.
            let mut mentioned = vec![None; facts.ids.len()];
            for (at, reference) in facts.references.iter().enumerate() {
                let tagged = matches!(role, Role::Plan | Role::Tasks | Role::Trace) && reference.kind == Kind::Tag;
                let traced = reference.kind == Kind::Trace || tagged;
                let entry: &mut (bool, bool) = mentioned[reference.id as usize].get_or_insert_default();
                entry.0 |= traced;
                let partial = role == Role::Plan && facts.is_partial(at);
                entry.1 |= traced && !entry.1 && !partial && !facts.is_in_hint(reference.span);
                if reference.reach == Reach::From
                    && let Some(last) = facts.references.get(at + 1)
                {
                    names.ranges.push((facts.id(reference.id).clone(), facts.id(last.id).clone()));
                }
            }
            for (id, traced) in facts.ids.iter().zip(mentioned) {
                if let Some((traced, settled)) = traced {
                    let entry = names.uses.entry(id.clone()).or_default();
                    entry.mentioned = true;
                    entry.traced |= traced;
                    entry.settled |= settled;
                }
            }
        }
        // Numbers of chapters are ids only for want of others.
        let states = |entry: &Use| entry.defined.is_some_and(|rank| rank < Form::WEAKEST);
        if names.uses.values().any(states) {
            for entry in names.uses.values_mut().filter(|entry| entry.defined == Some(Form::WEAKEST)) {
                (entry.defined, entry.definitions, entry.withdrawn) = (None, 0, false);
            }
            names.uses.retain(|_, entry| entry.defined.is_some() || entry.mentioned);
        }
        // A written child of FR-1 says that its items are not to be counted. FR-1A stands beside it.
        let counted = |entry: &Use| entry.defined.is_some_and(|rank| rank >= 2);
        let written: FxHashSet<Id> = names
            .uses
            .iter()
            .filter(|(id, entry)| entry.defined.is_some_and(|rank| rank < 2) && id.letter().is_none())
            .filter_map(|(id, _)| id.parent())
            .collect();
        if !written.is_empty() {
            for (id, entry) in &mut names.uses {
                if counted(entry) && id.parent().is_some_and(|parent| written.contains(&parent)) {
                    (entry.defined, entry.definitions, entry.withdrawn) = (None, 0, false);
                }
            }
            names.uses.retain(|_, entry| entry.defined.is_some() || entry.mentioned);
        }
        names
    }

    /// The ids that the file defines.
    pub fn defined(&self) -> impl Iterator<Item = &Id> {
        self.uses.iter().filter(|(_, entry)| entry.defined.is_some()).map(|(id, _)| id)
    }

    /// Whether the file defines `id`.
    #[must_use]
    pub fn defines(&self, id: &Id) -> bool {
        self.uses.get(id).is_some_and(|entry| entry.defined.is_some())
    }
}

/// What a scope's files do with one id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    uses: BTreeMap<FilePath, Use>,
}

/// Who defines and who uses each id of a scope.
#[derive(Clone, Debug, Default)]
pub struct Index {
    files: BTreeMap<FilePath, Names>,
    ids: FxHashMap<Id, Entry>,
    families: FxHashMap<String, u32>,
    coverage: OnceLock<Coverage>,
    by_tail: OnceLock<FxHashMap<String, Vec<Id>>>,
    shapes: OnceLock<Shapes>,
}

impl PartialEq for Index {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files && self.ids == other.ids && self.families == other.families
    }
}

impl Index {
    /// The index of these files.
    #[must_use]
    pub fn of(files: impl Iterator<Item = (FilePath, Names)>) -> Self {
        let mut index = Self::default();
        for (path, names) in files {
            index.put(path, names);
        }
        index
    }

    /// Puts a file's names in the place of those it had.
    pub fn put(&mut self, path: FilePath, names: Names) {
        self.remove(&path);
        for (id, entry) in &names.uses {
            if entry.defined.is_some_and(|rank| rank < Form::WEAKEST) {
                *self.families.entry(id.family().to_ascii_uppercase()).or_default() += 1;
            }
            self.ids.entry(id.clone()).or_default().uses.insert(path.clone(), *entry);
        }
        self.files.insert(path, names);
        self.forget();
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &FilePath) {
        let Some(names) = self.files.remove(path) else { return };
        for (id, entry) in &names.uses {
            if entry.defined.is_some_and(|rank| rank < Form::WEAKEST) {
                let family = id.family().to_ascii_uppercase();
                if let Some(count) = self.families.get_mut(&family) {
                    *count -= 1;
                    if *count == 0 {
                        self.families.remove(&family);
                    }
                }
            }
            if let Some(entry) = self.ids.get_mut(id) {
                entry.uses.remove(path);
                if entry.uses.is_empty() {
                    self.ids.remove(id);
                }
            }
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.coverage = OnceLock::new();
        self.by_tail = OnceLock::new();
        self.shapes = OnceLock::new();
    }

    /// The names of a file.
    #[must_use]
    pub fn names_of(&self, path: &FilePath) -> Option<&Names> {
        self.files.get(path)
    }

    /// Whether anything is defined.
    #[must_use]
    pub fn defines_any(&self) -> bool {
        !self.families.is_empty()
    }

    /// Whether an id of this family (upper case) is defined.
    #[must_use]
    pub fn defines_family(&self, family: &str) -> bool {
        self.families.contains_key(family)
    }

    /// Whether something begins with `id` without defining it.
    #[must_use]
    pub fn may_define(&self, id: &Id) -> bool {
        self.files.values().any(|names| names.possible.contains(id))
    }

    /// The spelling of `id` that is defined, if it is.
    #[must_use]
    pub fn defined(&self, id: &Id) -> Option<&Id> {
        let (known, entry) = self.ids.get_key_value(id)?;
        entry.uses.values().any(|used| used.defined.is_some()).then_some(known)
    }

    /// Whether `id` is defined and has been given up: all of its strongest definitions say so.
    #[must_use]
    pub fn is_withdrawn(&self, id: &Id) -> bool {
        let uses = || self.ids.get(id).into_iter().flat_map(|entry| entry.uses.values());
        let strongest = uses().filter_map(|used| used.defined).min();
        strongest.is_some() && uses().filter(|used| used.defined == strongest).all(|used| used.withdrawn)
    }

    /// All defined ids, in no order.
    pub fn all_defined(&self) -> impl Iterator<Item = &Id> {
        self.ids.iter().filter(|(_, entry)| entry.uses.values().any(|used| used.defined.is_some())).map(|(id, _)| id)
    }

    /// The files that define `id` and how, strongest first; see [`Use::defined`].
    #[must_use]
    pub fn definers_of(&self, id: &Id) -> Vec<(&FilePath, Use)> {
        let mut found: Vec<_> = self
            .ids
            .get(id)
            .into_iter()
            .flat_map(|entry| &entry.uses)
            .filter(|(_, used)| used.defined.is_some())
            .map(|(path, used)| (path, *used))
            .collect();
        found.sort_by_key(|(_, used)| used.defined);
        found
    }

    /// The files that name `id` other than by defining it.
    pub fn files_naming(&self, id: &Id) -> impl Iterator<Item = &FilePath> {
        self.ids
            .get(id)
            .into_iter()
            .flat_map(|entry| &entry.uses)
            .filter(|(_, used)| used.mentioned)
            .map(|(path, _)| path)
    }

    /// The ids with the number `tail`, whatever their family: what a bare number in a trace line may mean.
    #[must_use]
    pub fn with_tail(&self, tail: &str) -> &[Id] {
        let by_tail = self.by_tail.get_or_init(|| {
            let mut map: FxHashMap<String, Vec<Id>> = FxHashMap::default();
            for id in self.all_defined() {
                map.entry(id.tail().to_ascii_lowercase()).or_default().push(id.clone());
            }
            map.values_mut().for_each(|ids| ids.sort());
            map
        });
        by_tail.get(&tail.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }

    fn shapes(&self) -> &Shapes {
        self.shapes.get_or_init(|| Shapes::of(self.all_defined()))
    }

    /// How the defined ids with these letters ([`letters`]) are written.
    #[must_use]
    pub fn kin(&self, letters: &str) -> Option<Kin> {
        self.shapes().kin(letters)
    }

    /// The defined ids with these letters, in no order.
    #[must_use]
    pub fn with_letters(&self, letters: &str) -> &[Id] {
        self.shapes().with_letters(letters)
    }

    /// The defined children of `id`, which need not be defined itself.
    #[must_use]
    pub fn children(&self, id: &Id) -> Option<Children> {
        self.shapes().children(id)
    }

    /// The defined children of what has the number `tail`, whatever its letters.
    #[must_use]
    pub fn children_of_number(&self, tail: &str) -> Option<Children> {
        self.shapes().children_of_number(tail)
    }

    /// Whether criteria or sections are numbered without letters: `1.2`.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.shapes().counted
    }
}

/// Whether `sure` lets a reference that resolves to nothing count as a mistake in its scope.
#[must_use]
pub fn is_believed(sure: Certainty, id: &Id, defines_family: impl Fn(&str) -> bool) -> bool {
    match sure {
        Certainty::Firm => true,
        Certainty::Loose | Certainty::Conditional | Certainty::Spaced => {
            defines_family(&id.family().to_ascii_uppercase())
        }
        Certainty::Number | Certainty::Guess => false,
    }
}
