//! Former names of a scope's requirements: what each was called, and what is meant by a name that nothing has any more.

use super::names::Names;
use crate::id::Id;
use rustc_hash::FxHashMap;

/// Who says that it was called how.
#[derive(Clone, Debug, Default)]
pub(super) struct FormerNames {
    /// By the former name: what is called otherwise now.
    now: FxHashMap<Id, Vec<Id>>,
    /// By the name of today: the former ones, in the order in which they are told.
    before: FxHashMap<Id, Vec<Id>>,
}

impl FormerNames {
    pub(super) fn of<'a>(files: impl Iterator<Item = &'a Names>) -> Self {
        let mut all = Self::default();
        for (former, now) in files.flat_map(|names| &names.former) {
            for (map, key, value) in [(&mut all.now, former, now), (&mut all.before, now, former)] {
                let known = map.entry(key.clone()).or_default();
                if !known.contains(value) {
                    known.push(value.clone());
                }
            }
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.now.is_empty()
    }

    pub(super) fn says_it_was(&self, id: &Id) -> &[Id] {
        self.now.get(id).map_or(&[], Vec::as_slice)
    }

    /// What was called `id` and is `defined`, however often it was renamed since.
    pub(super) fn called_now<'d>(&self, id: &Id, defined: impl Fn(&Id) -> Option<&'d Id>) -> Vec<&'d Id> {
        let (mut out, mut seen, mut at) = (Vec::new(), vec![id], 0);
        while let Some(name) = seen.get(at).copied() {
            at += 1;
            for now in self.says_it_was(name) {
                match defined(now) {
                    Some(known) if !out.contains(&known) => out.push(known),
                    None if !seen.contains(&now) => seen.push(now),
                    _ => {}
                }
            }
        }
        out
    }

    /// What `id` was called, and before that, and so on.
    pub(super) fn of_id(&self, id: &Id) -> Vec<Id> {
        let (mut out, mut name, mut at): (Vec<Id>, _, _) = (Vec::new(), id.clone(), 0);
        loop {
            for former in self.before.get(&name).into_iter().flatten() {
                if former != id && !out.contains(former) {
                    out.push(former.clone());
                }
            }
            let Some(next) = out.get(at) else { return out };
            name = next.clone();
            at += 1;
        }
    }
}
