//! Puts the numbers of what follows a requirement in order, also out of a number that stands there twice.

use super::offer::{Deed, Kind, Offer, Place};
use crate::edit::{Proposal, Refusal};
use crate::feature::refactoring::renumber::{self, Elsewhere, plan};
use crate::world::View;

pub(super) fn offer(place: Place<'_>, view: &View<'_>, out: &mut Vec<Offer>) {
    let Some(plan) = plan(place.snapshot, view, place.span.start) else { return };
    let title = format!("Renumber from `{}` on", plan.from);
    let mut add = |title: String, elsewhere| out.push(Offer::new(title, Kind::Rewrite, Deed::Renumber(elsewhere)));
    if let Some(id) = plan.shared {
        add(format!("{title}, where `{id}` elsewhere means the first"), Elsewhere::First);
        add(format!("{title}, where `{id}` elsewhere means the last"), Elsewhere::Last);
    }
    add(title, Elsewhere::Unknown);
}

pub(super) fn renumber(place: Place<'_>, elsewhere: Elsewhere) -> Result<Proposal, Refusal> {
    renumber::renumber(place.snapshot, place.source, place.path, Some(place.span.start), elsewhere)
}
