//! The ids that other files hear of from a stretch of text, and how an edit has changed them.

use crate::facts::Facts;
use crate::id::Id;

/// The ids that other files hear of from a stretch of text; both sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedIds {
    /// Those that it defines.
    pub defined: Vec<Id>,
    /// Those that something in it begins with, without defining them.
    pub possible: Vec<Id>,
    /// Those that it gives up, each with what takes its place, and those that it calls otherwise now, each with that name.
    pub ended: Vec<(Id, Option<Id>)>,
}

/// What a stretch of text said before it was read again, and what it says now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportChange {
    /// Before.
    pub before: ExportedIds,
    /// Now.
    pub after: ExportedIds,
}

impl ExportedIds {
    /// The same in order, each once.
    pub(crate) fn sorted(mut self) -> Self {
        for ids in [&mut self.defined, &mut self.possible] {
            ids.sort_unstable();
            ids.dedup();
        }
        self.ended.sort_unstable();
        self.ended.dedup();
        self
    }
}

impl ExportChange {
    pub(super) fn join(&mut self, other: Self) {
        // What one reading gave up is said before and after the next one; that is a change all the same.
        let changed = [&*self, &other].iter().any(|it| it.before.ended != it.after.ended);
        for (all, more) in [(&mut self.before, other.before), (&mut self.after, other.after)] {
            for (all, more) in [(&mut all.defined, more.defined), (&mut all.possible, more.possible)] {
                all.extend(more);
                all.sort_unstable();
                all.dedup();
            }
            all.ended.extend(more.ended);
            all.ended.sort_unstable();
            all.ended.dedup();
        }
        if changed && self.before.ended == self.after.ended {
            self.before.ended.clear();
        }
    }
}

/// What others hear of from these stretches.
pub(crate) fn exported_by<'a>(parts: impl Iterator<Item = &'a Facts>) -> ExportedIds {
    exported_unsorted(parts).sorted()
}

/// The same in no order and perhaps several times: enough where it is compared with nothing.
pub(crate) fn exported_unsorted<'a>(parts: impl Iterator<Item = &'a Facts>) -> ExportedIds {
    let mut exported = ExportedIds::default();
    for facts in parts {
        exported.defined.extend(facts.definitions.iter().map(|definition| facts.id(definition.id).clone()));
        let withdrawn = facts.definitions.iter().filter(|definition| definition.withdrawn);
        exported.ended.extend(withdrawn.map(|definition| (facts.id(definition.id).clone(), None)));
        let succeeded = facts.successors.iter();
        exported.ended.extend(succeeded.map(|(id, by)| (facts.id(*id).clone(), Some(facts.id(*by).clone()))));
        let named = facts.former_names.iter();
        exported.ended.extend(named.map(|it| (facts.id(it.former).clone(), Some(facts.id(it.id).clone()))));
        exported.possible.extend(facts.possible.iter().map(|id| facts.id(*id).clone()));
    }
    exported
}
