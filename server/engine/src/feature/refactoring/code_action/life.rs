//! The life of a requirement: given up where it is no longer wanted, split into two, merged with others that are selected.

use super::define::next_free;
use super::insert::definition_at;
use super::offer::{Deed, Kind, Offer, Place};
use crate::edit::{Proposal, Refusal};
use crate::facts::Form;
use crate::feature::refactoring::merge;
use crate::feature::refactoring::retire::{self, Retirement};
use crate::feature::refactoring::split;
use crate::id::Id;
use crate::text::Span;
use crate::world::View;

pub(super) fn offer(place: Place<'_>, view: &View<'_>, out: &mut Vec<Offer>) {
    let Some(id) = definition_at(place, view) else { return };
    if place.snapshot.index(view.scope).is_some_and(|index| index.is_withdrawn(&id)) {
        return;
    }
    let mut add = |title: String, deed| out.push(Offer::new(title, Kind::Rewrite, deed));
    let selected = selected(view, place.span);
    if let [first, others @ ..] = &selected[..]
        && !others.is_empty()
    {
        let list: Vec<String> = others.iter().map(|id| format!("`{id}`")).collect();
        add(format!("Merge {} into `{first}`", list.join(", ")), Deed::Merge(selected.clone()));
        return;
    }
    let free = next_free(place, view, &id, true);
    if free != id {
        add(format!("Split `{id}` into itself and `{free}`"), Deed::Split(id.clone(), vec![id.clone(), free]));
    }
    add(format!("Give `{id}` up"), Deed::Retire(id));
}

/// The requirements on the lines that are selected, as far as they are not given up.
fn selected(view: &View<'_>, span: Span) -> Vec<Id> {
    let from = view.line_start(span.start);
    let mut out: Vec<Id> = Vec::new();
    for (base, facts) in view.parts() {
        for definition in facts.definitions.iter().filter(|it| !it.withdrawn && it.form.rank() < Form::Rendered.rank())
        {
            let start = definition.place.start + base;
            let id = facts.id(definition.id);
            if from <= start && view.line_start(start) <= span.end && !out.contains(id) {
                out.push(id.clone());
            }
        }
    }
    out
}

pub(super) fn retire(place: Place<'_>, view: &View<'_>, id: &Id) -> Result<Proposal, Refusal> {
    let what = Retirement { scope: view.scope, id, reason: "", successors: &[] };
    retire::retire(place.snapshot, place.source, &what)
}

pub(super) fn split(place: Place<'_>, view: &View<'_>, id: &Id, into: &[Id]) -> Result<Proposal, Refusal> {
    split::split(place.snapshot, place.source, view.scope, id, into, "").map(|(proposal, _)| proposal)
}

pub(super) fn merge(place: Place<'_>, view: &View<'_>, ids: &[Id]) -> Result<Proposal, Refusal> {
    let into = ids.first().ok_or_else(|| Refusal("nothing is selected that could be merged".into()))?;
    merge::merge(place.snapshot, place.source, view.scope, ids, into, "").map(|(proposal, _)| proposal)
}
