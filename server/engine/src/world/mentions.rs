//! Mentions: which scopes name an id. Made when it is asked for, then added to.

use super::definers::IdMap;
use super::view::View;
use crate::facts::Facts;
use crate::id::Id;
use crate::path::FilePath;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What is added, in ids of a scope, until it is worth making anew: half-typed ids are never taken out.
const STALE: usize = 10_000;

/// The scopes that name each id, in order. A scope may be there that names it no more.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentions {
    pub(super) scopes: IdMap<Arc<Vec<FilePath>>>,
    added: usize,
}

impl Mentions {
    pub(super) fn of<'a>(views: impl Iterator<Item = View<'a>>) -> Self {
        let mut scopes: FxHashMap<Id, Vec<FilePath>> = FxHashMap::default();
        for view in views {
            let once = view.facts_once();
            let closed = once.iter().flat_map(|facts| named_in(facts));
            let open = once.is_none().then(|| view.parts().flat_map(|(_, facts)| named_in(facts)));
            for id in closed.chain(open.into_iter().flatten()) {
                if let Some(known) = scopes.get_mut(id) {
                    if known.last() != Some(view.scope) {
                        known.push(view.scope.clone());
                    }
                } else {
                    scopes.insert(id.clone(), vec![view.scope.clone()]);
                }
            }
        }
        Self { scopes: scopes.into_iter().map(|(id, scopes)| (id, Arc::new(scopes))).collect(), added: 0 }
    }

    /// Whether so much was added that it is worth making anew.
    pub(super) fn is_stale(&self) -> bool {
        self.added >= STALE
    }

    pub(super) fn add(&mut self, view: &View<'_>) {
        for id in view.parts().flat_map(|(_, facts)| named_in(facts)) {
            let known = self.scopes.get(id).map(|known| known.binary_search(view.scope));
            if let None | Some(Err(_)) = known {
                let at = known.and_then(Result::err).unwrap_or_default();
                Arc::make_mut(self.scopes.entry(id.clone()).or_default()).insert(at, view.scope.clone());
                self.added += 1;
            }
        }
    }
}

/// The ids that references name, each spelling once.
fn named_in(facts: &Facts) -> impl Iterator<Item = &Id> {
    let mut named = vec![false; facts.ids.len()];
    for reference in &facts.references {
        named[reference.id as usize] = true;
    }
    facts.ids.iter().zip(named).filter(|(_, named)| *named).map(|(id, _)| id)
}
