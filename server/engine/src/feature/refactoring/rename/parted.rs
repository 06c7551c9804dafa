//! Ids that several requirements have, and that part: which of the requirements a place means, and where that cannot be told.

use super::affected::{AffectedScope, Rename};
use crate::edit::{Edit, Refusal};
use crate::facts::{Form, Reach};
use crate::id::Id;
use crate::index::Index;
use crate::path::FilePath;
use crate::text::{Encoding, Span};
use crate::world::View;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// So many places are named where what they mean cannot be told.
const MOST_PLACES: usize = 12;

/// Requirements of one file whose numbers are put in order.
pub(crate) struct Parted {
    pub(crate) path: FilePath,
    /// What states each requirement that shares its id with another.
    pub(crate) stretches: Vec<Stretch>,
    /// The shared ids, each with the requirements that have it: where they stand, and what they get.
    pub(crate) shared: BTreeMap<Id, Vec<(Span, Id)>>,
    /// Whether it is known which of them is meant elsewhere: that one gets what the moves say.
    pub(crate) told: bool,
    /// Ids by which nothing but a rendered number goes.
    pub(crate) rendered: FxHashSet<Id>,
    /// The numbers of a list's items, which go with the ids behind them.
    pub(crate) marks: Vec<Edit>,
}

/// A stretch of text in which ids mean what is stated there.
pub(crate) struct Stretch {
    pub(crate) span: Span,
    /// What the ids that it defines become.
    pub(crate) news: FxHashMap<Id, Id>,
}

impl Parted {
    /// What becomes of shared ids.
    pub(super) fn moved(&self) -> impl Iterator<Item = (Id, Id)> + '_ {
        let all = self.shared.iter().flat_map(|(old, those)| those.iter().map(move |(_, new)| (old, new)));
        let stretches = self.stretches.iter().flat_map(|stretch| &stretch.news);
        all.chain(stretches)
            .filter(|(old, new)| old.as_str() != new.as_str())
            .map(|(old, new)| (old.clone(), new.clone()))
    }

    /// The innermost statement around byte `at` of the file that says what `id` is.
    fn stretch_at(&self, path: &FilePath, at: u32, id: &Id) -> Option<&Id> {
        if *path != self.path {
            return None;
        }
        let around = self.stretches.iter().filter(|stretch| stretch.span.start <= at && at < stretch.span.end);
        let own = around.filter_map(|stretch| Some((stretch.span.len(), stretch.news.get(id)?)));
        own.min_by_key(|(len, _)| *len).map(|(_, new)| new)
    }
}

impl Rename<'_> {
    /// What `id` of a home becomes where it stands at byte `at` of the file; none where it stays.
    pub(super) fn new_at(&self, path: &FilePath, at: u32, id: &Id) -> Option<Id> {
        match self.parted.as_ref().and_then(|parted| parted.stretch_at(path, at, id)) {
            Some(new) => Some(new.clone()).filter(|new| new.as_str() != id.as_str()),
            None => self.moves.of(id),
        }
    }

    /// Whether `id` is shared, or goes with a rendered number.
    pub(super) fn is_parted(&self, id: &Id) -> bool {
        self.parted.as_ref().is_some_and(|parted| parted.shared.contains_key(id) || parted.rendered.contains(id))
    }

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
