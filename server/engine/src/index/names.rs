//! What one file does with ids: which it defines, and which it names in what way.

use crate::dialect::Role;
use crate::facts::{Facts, Form, Kind, Reach};
use crate::id::Id;
use rustc_hash::{FxHashMap, FxHashSet};

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
    /// Whether a table that says what is traced to what names it.
    pub listed: bool,
    /// Whether anything names it.
    pub mentioned: bool,
}

/// The ids that one file names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub(super) role: Role,
    pub(super) uses: FxHashMap<Id, Use>,
    /// Ranges over parents: every id defined between the two is meant.
    pub(super) ranges: Vec<(Id, Id)>,
    /// Ids that something begins with which does not define them.
    pub(super) possible: FxHashSet<Id>,
    /// What requirements were called before, with what each is called now.
    pub(super) former: Vec<(Id, Id)>,
    /// Whether a trace line names all requirements.
    pub(super) all: bool,
}

impl Names {
    /// The names in a file's parts.
    #[must_use]
    pub fn of<'a>(role: Role, parts: impl Iterator<Item = &'a Facts>) -> Self {
        let mut names = Self { role, ..Self::default() };
        // Parts that have a heading of their own beside that of the whole: `### Requirement 19.1`.
        let mut apart: FxHashSet<Id> = FxHashSet::default();
        for facts in parts {
            for definition in &facts.definitions {
                if definition.form == Form::Numbered && facts.id(definition.id).tail().contains('.') {
                    apart.insert(facts.id(definition.id).clone());
                }
                let entry = names.uses.entry(facts.id(definition.id).clone()).or_default();
                let rank = definition.form.rank();
                entry.listed |= definition.listed;
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
            names
                .former
                .extend(facts.former_names.iter().map(|it| (facts.id(it.former).clone(), facts.id(it.id).clone())));
            names.possible.extend(facts.possible.iter().map(|id| facts.id(*id).clone()));
            // A part names few ids many times, so they are joined before they are looked up.
            let mut mentioned: Vec<Option<Use>> = vec![None; facts.ids.len()];
            for (at, reference) in facts.references.iter().enumerate() {
                let tagged = matches!(role, Role::Plan | Role::Tasks | Role::Trace) && reference.kind == Kind::Tag;
                let traced = reference.kind == Kind::Trace || tagged;
                let entry = mentioned[reference.id as usize].get_or_insert_default();
                entry.traced |= traced;
                entry.listed |= reference.kind == Kind::Listed;
                let partial = role == Role::Plan && facts.is_partial(at);
                entry.settled |= traced && !entry.settled && !partial && !facts.is_in_hint(reference.span);
                if reference.reach == Reach::From
                    && let Some(last) = facts.references.get(at + 1)
                {
                    names.ranges.push((facts.id(reference.id).clone(), facts.id(last.id).clone()));
                }
            }
            for (id, used) in facts.ids.iter().zip(mentioned) {
                if let Some(Use { traced, settled, listed, .. }) = used {
                    let entry = names.uses.entry(id.clone()).or_default();
                    entry.mentioned = true;
                    entry.traced |= traced;
                    entry.settled |= settled;
                    entry.listed |= listed;
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
        // A written child of FR-1 says that its items are not to be counted. FR-1A stands beside it, and so does what has a
        // heading of its own.
        let counted = |entry: &Use| entry.defined.is_some_and(|rank| rank >= 2);
        let written: FxHashSet<Id> = names
            .uses
            .iter()
            .filter(|(id, entry)| entry.defined.is_some_and(|rank| rank < 2) && id.letter().is_none())
            .filter(|(id, _)| !apart.contains(*id))
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

    /// What the file does with `id`, if anything.
    #[must_use]
    pub fn use_of(&self, id: &Id) -> Option<Use> {
        self.uses.get(id).copied()
    }

    /// Whether the file defines `id`.
    #[must_use]
    pub fn defines(&self, id: &Id) -> bool {
        self.uses.get(id).is_some_and(|entry| entry.defined.is_some())
    }
}
