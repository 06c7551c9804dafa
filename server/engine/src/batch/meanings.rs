//! Meanings: what references mean, each id looked up once however often it is written.

use crate::facts::{Certainty, Facts, Reach, Reference};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::world::Snapshot;
use rustc_hash::FxHashMap;

/// A requirement: the scope that defines it, and its id as it is spelt there.
pub type RequirementKey = (FilePath, Id);

/// What the ids of one scope's files mean, each looked up once however often it is written.
pub struct Meanings {
    /// Where they are looked up.
    pub lookup: Lookup,
    known: FxHashMap<(Id, Certainty, bool), Box<[RequirementKey]>>,
    children: Option<FxHashMap<Id, Vec<RequirementKey>>>,
    /// How many lookups there were; tests count it.
    pub looked_up: usize,
}

impl Meanings {
    /// The meanings of ids in `scope`.
    #[must_use]
    pub fn of(snapshot: &Snapshot, scope: &FilePath) -> Self {
        Self::with(Lookup::of(snapshot, scope))
    }

    /// The same without keeping the indexes made for them.
    #[must_use]
    pub fn once(snapshot: &Snapshot, scope: &FilePath) -> Self {
        Self::with(Lookup::once(snapshot, scope))
    }

    fn with(lookup: Lookup) -> Self {
        Self { lookup, known: FxHashMap::default(), children: None, looked_up: 0 }
    }

    /// The requirements that a reference in `facts` means: none where nothing defines it, several for `FR-1.*`.
    pub fn meant_by(&mut self, facts: &Facts, reference: &Reference) -> &[RequirementKey] {
        let children = reference.reach == Reach::Children;
        let key = (facts.id(reference.id).clone(), reference.sure, children);
        self.known.entry(key).or_insert_with_key(|(id, sure, _)| {
            self.looked_up += 1;
            if !children {
                let meant = self.lookup.meant(id, *sure).into_iter();
                return meant.map(|(scope, id)| (scope.clone(), id.clone())).collect();
            }
            let children = self.children.get_or_insert_with(|| {
                let mut children: FxHashMap<Id, Vec<RequirementKey>> = FxHashMap::default();
                for (scope, id) in self.lookup.all_defined() {
                    if let Some(parent) = id.parent() {
                        children.entry(parent).or_default().push((scope.clone(), id.clone()));
                    }
                }
                children.values_mut().for_each(|ids| ids.sort_by(|a, b| a.1.cmp(&b.1)));
                children
            });
            children.get(id).cloned().unwrap_or_default().into()
        })
    }
}

/// Requirements of `scope` that are looked for in the files of `user`.
pub(crate) struct Sought<'a> {
    snapshot: &'a Snapshot,
    scope: &'a FilePath,
    user: &'a FilePath,
    /// Made only where the spelling alone does not tell what is meant.
    meanings: Option<Meanings>,
}

impl<'a> Sought<'a> {
    /// Those of `scope`, none looked up yet.
    pub(crate) fn of(snapshot: &'a Snapshot, scope: &'a FilePath, user: &'a FilePath) -> Self {
        Self { snapshot, scope, user, meanings: None }
    }

    /// The ids of the scope that a reference means, where `is_defined` tells those that the scope defines and that matter.
    pub(crate) fn meant_by<'m>(
        &'m mut self,
        facts: &'m Facts,
        reference: &Reference,
        is_defined: impl Fn(&Id) -> bool,
    ) -> Vec<&'m Id> {
        let written = facts.id(reference.id);
        let as_written = reference.reach != Reach::Children && is_defined(written);
        // Most scopes that name an id of another define none of that name, and need no index to say so.
        if as_written && self.user != self.scope && !self.snapshot.is_defined_before(self.user, self.scope, written) {
            return vec![written];
        }
        let make = if self.user == self.scope { Meanings::of } else { Meanings::once };
        let meanings = self.meanings.get_or_insert_with(|| make(self.snapshot, self.user));
        let meant = meanings.meant_by(facts, reference).iter();
        meant.filter(|(home, _)| home == self.scope).map(|(_, id)| id).collect()
    }
}
