//! The ids that other files hear of from a stretch of text, and how an edit has changed them.

use crate::facts::Facts;
use crate::id::Id;

/// The ids that other files hear of from a stretch of text; both sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Those that it defines.
    pub defined: Vec<Id>,
    /// Those that something in it begins with, without defining them.
    pub told: Vec<Id>,
    /// Those that it gives up, and then each with what takes its place.
    pub withdrawn: Vec<(Id, Option<Id>)>,
}

/// What a stretch of text said before it was read again, and what it says now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    /// Before.
    pub before: Said,
    /// Now.
    pub after: Said,
}

impl Renamed {
    pub(super) fn join(&mut self, other: Self) {
        // What one reading gave up is said before and after the next one; that is a change all the same.
        let changed = [&*self, &other].iter().any(|it| it.before.withdrawn != it.after.withdrawn);
        for (all, more) in [(&mut self.before, other.before), (&mut self.after, other.after)] {
            for (all, more) in [(&mut all.defined, more.defined), (&mut all.told, more.told)] {
                all.extend(more);
                all.sort_unstable();
                all.dedup();
            }
            all.withdrawn.extend(more.withdrawn);
            all.withdrawn.sort_unstable();
            all.withdrawn.dedup();
        }
        if changed && self.before.withdrawn == self.after.withdrawn {
            self.before.withdrawn.clear();
        }
    }
}

/// What others hear of from these stretches.
pub(crate) fn said_by<'a>(parts: impl Iterator<Item = &'a Facts>) -> Said {
    let mut said = Said::default();
    for facts in parts {
        said.defined.extend(facts.definitions.iter().map(|definition| facts.id(definition.id).clone()));
        let withdrawn = facts.definitions.iter().filter(|definition| definition.withdrawn);
        said.withdrawn.extend(withdrawn.map(|definition| (facts.id(definition.id).clone(), None)));
        let succeeded = facts.successors.iter();
        said.withdrawn.extend(succeeded.map(|(id, by)| (facts.id(*id).clone(), Some(facts.id(*by).clone()))));
        said.told.extend(facts.told.iter().map(|id| facts.id(*id).clone()));
    }
    for ids in [&mut said.defined, &mut said.told] {
        ids.sort_unstable();
        ids.dedup();
    }
    said.withdrawn.sort_unstable();
    said.withdrawn.dedup();
    said
}
