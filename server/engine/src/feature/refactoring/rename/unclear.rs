//! Where it cannot be told which of several requirements with one id is meant, or one of them would be lost.

use super::affected::{AffectedScope, Rename};
use super::parted::Parted;
use crate::edit::Refusal;
use crate::facts::{Form, Reach};
use crate::id::Id;
use crate::index::Index;
use crate::text::{Encoding, Span};
use crate::world::View;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// So many places are named where what they mean cannot be told.
const MOST_PLACES: usize = 12;

impl Rename<'_> {
    /// Refuses where a place names a shared id and nothing tells which requirement it means.
    pub(super) fn refuse_unclear(&self, users: &[AffectedScope]) -> Result<(), Refusal> {
        let Some(parted) = self.parted.as_ref().filter(|parted| !parted.shared.is_empty() && !parted.told) else {
            return Ok(());
        };
        let mut unclear: BTreeMap<&Id, Vec<String>> = BTreeMap::new();
        for user in users {
            for view in self.views(&user.scope) {
                self.gather_unclear(parted, user, &view, &mut unclear);
            }
        }
        // What is below another that is unclear has the same cause.
        let all: Vec<&Id> = unclear.keys().copied().collect();
        let causes: Vec<&Id> = all.iter().copied().filter(|id| !all.iter().any(|above| id.is_below(above))).collect();
        let Some(first) = causes.first() else { return Ok(()) };
        let mut places: Vec<String> = Vec::new();
        for place in unclear.values().flatten() {
            if !places.contains(place) {
                places.push(place.clone());
            }
        }
        let count = places.len();
        places.truncate(MOST_PLACES);
        let mut list = places.join(", ");
        if count > MOST_PLACES {
            list += &format!(" and {} more", count - MOST_PLACES);
        }
        let mut stated = parted.shared[*first].iter().map(|(span, _)| *span).collect::<Vec<_>>();
        stated.dedup();
        let lines: Vec<String> = match self.snapshot.view(&parted.path) {
            Some(view) => {
                stated.iter().map(|span| (view.position(span.start, Encoding::Utf8).line + 1).to_string()).collect()
            }
            None => Vec::new(),
        };
        let others = if causes.len() > 1 { format!(" and {} more", causes.len() - 1) } else { String::new() };
        Err(Refusal(format!(
            "`{first}`{others} may mean either of lines {} of {} in {list}; nothing was changed · say which is meant",
            lines.join(" and "),
            self.snapshot.display_path(&parted.path),
        )))
    }

    fn gather_unclear<'p>(
        &self,
        parted: &'p Parted,
        user: &AffectedScope,
        view: &View<'_>,
        unclear: &mut BTreeMap<&'p Id, Vec<String>>,
    ) {
        let mut add = |id: &Id, span: Span| {
            let Some((known, _)) = parted.shared.get_key_value(id) else { return };
            if parted.stretch_at(view.path, span.start, id).is_none() {
                unclear.entry(known).or_default().push(self.place(view, span));
            }
        };
        for (base, facts) in view.parts() {
            for reference in &facts.references {
                let (id, span) = (facts.id(reference.id), reference.span.shifted(base));
                if reference.reach == Reach::Children {
                    let below = parted.shared.keys().filter(|known| known.parent().as_ref() == Some(id));
                    below.for_each(|known| add(known, span));
                }
                if let Some((_, known)) =
                    user.lookup.meaning(id, reference.sure).filter(|(scope, _)| self.homes.contains(scope))
                {
                    add(known, span);
                }
            }
            let restated = facts.definitions.iter().filter(|it| user.is_home && it.form != Form::Rendered);
            restated.for_each(|it| add(facts.id(it.id), it.place.shifted(base)));
        }
    }

    /// Refuses where afterwards not just those are defined that should be.
    pub(super) fn refuse_lost(&self, user: &AffectedScope, now: Option<&Index>) -> Result<(), Refusal> {
        let mut expected: FxHashSet<Id> = FxHashSet::default();
        for id in user.lookup.own().into_iter().flat_map(Index::all_defined) {
            match self.parted.as_ref().and_then(|parted| parted.shared.get(id)) {
                Some(all) => expected.extend(all.iter().map(|(_, new)| new.clone())),
                None => drop(expected.insert(self.moves.of(id).unwrap_or_else(|| id.clone()))),
            }
        }
        let defined: FxHashSet<Id> = now.into_iter().flat_map(Index::all_defined).cloned().collect();
        if expected == defined {
            return Ok(());
        }
        let place = self.snapshot.display_path(&user.scope);
        Err(Refusal(format!("{place} would define other requirements than before; nothing was changed")))
    }
}
