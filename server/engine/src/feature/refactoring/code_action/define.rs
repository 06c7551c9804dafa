//! Defines a requirement that is named and not there: in its place in the specification, in the shape of its neighbours.

use super::offer::{Deed, Kind, Offer, Place};
use crate::edit::{Edit, FileEdits, Proposal, Refusal};
use crate::facts::Reach;
use crate::feature::refactoring::shape::shaped;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::query::{Defined, Lookup, definitions_of};
use crate::rule::Finding;
use crate::text::Span;
use crate::world::View;

pub(super) fn offer(place: Place<'_>, view: &View<'_>, finding: &Finding, out: &mut Vec<Offer>) {
    if !matches!(finding.rule.name, "unknown-requirement" | "unknown-in-prose") {
        return;
    }
    let named = view.parts().flat_map(|(base, facts)| {
        facts.references.iter().map(move |reference| (reference, facts.id(reference.id), base))
    });
    let mut group = named.filter(|(reference, _, base)| reference.span.shifted(*base) == finding.span);
    let (Some((reference, id, _)), None) = (group.next(), group.next()) else { return };
    let number = reference.span.len() != id.as_str().len();
    if reference.reach != Reach::One || number || id.tail().is_empty() {
        return;
    }
    let Some(neighbour) = neighbour(place, view, id) else {
        let mut offer = Offer::new(format!("Define `{id}`"), Kind::QuickFix, Deed::Define(id.clone(), None));
        offer.mends = Some(finding.clone());
        offer.disabled =
            Some(Refusal("the feature has no specification with a requirement beside which it could stand".into()));
        out.push(offer);
        return;
    };
    let file = place.snapshot.display_path(neighbour.view.path).to_string();
    let written = neighbour.definition.form.is_written();
    let next = next_free(place, view, id, written);
    if written || next == *id {
        let mut offer = Offer::new(format!("Define `{id}` in {file}"), Kind::QuickFix, Deed::Define(id.clone(), None));
        offer.mends = Some(finding.clone());
        out.push(offer);
    }
    if next != *id {
        let title = format!("Define it as `{next}`, the next free id, in {file}");
        let mut offer = Offer::new(title, Kind::QuickFix, Deed::Define(next, Some(finding.span)));
        offer.mends = Some(finding.clone());
        out.push(offer);
    }
}

/// The edits that define `id`, and let the reference at `at` name it.
pub(super) fn define(place: Place<'_>, view: &View<'_>, id: &Id, at: Option<Span>) -> Result<Proposal, Refusal> {
    let none = || Refusal("the feature has no specification with a requirement beside which it could stand".into());
    let neighbour = neighbour(place, view, id).ok_or_else(none)?;
    let text = FileText::of(place.snapshot, place.source, &neighbour.view)?;
    let shape = shaped(&text, &neighbour, id, true).ok_or_else(none)?;
    let gap = if shape.apart { shape.newline.repeat(2) } else { shape.newline.to_string() };
    let written =
        Edit { span: Span { start: shape.neighbour.end, ..shape.neighbour }, text: format!("{gap}{}", shape.text) };
    let mut proposal = Proposal::of_file(neighbour.view.path, std::iter::once(written).chain(shape.marks).collect());
    if let Some(span) = at {
        let edit = Edit { span, text: id.to_string() };
        proposal.changes.push(FileEdits { path: place.path.clone(), edits: vec![edit], label: None });
    }
    Ok(proposal)
}

/// The id behind the last of those that `id` stands among; where ids are written, none that somebody names already, as that
/// would mean something else then.
pub(super) fn next_free(place: Place<'_>, view: &View<'_>, id: &Id, written: bool) -> Id {
    const MOST: usize = 1000;
    let lookup = Lookup::of(place.snapshot, view.scope);
    let beside = |known: &Id| known.prefix().eq_ignore_ascii_case(id.prefix()) && known.parent() == id.parent();
    let last = lookup.all_defined().map(|(_, known)| known).filter(|known| beside(known)).max();
    let named = |next: &Id| lookup.own().is_some_and(|index| index.files_naming(next).next().is_some());
    let mut free = std::iter::successors(last.and_then(next), next).take(MOST);
    let first = free.find(|next| next == id || !written || !named(next));
    first.unwrap_or_else(|| id.clone())
}

/// The id with the next number, written with as many digits.
pub(crate) fn next(id: &Id) -> Option<Id> {
    let text = id.as_str();
    let stem = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let digits = stem.len() - stem.bytes().rev().take_while(u8::is_ascii_digit).count();
    let number: u64 = stem[digits..].parse().ok()?;
    let width = stem.len() - digits;
    Some(Id::new(&format!("{}{:0width$}", &stem[..digits], number + 1)))
}

/// The definition behind which `id` belongs: the nearest before it among its kind, else the first of them, else the last
/// requirement of the feature.
fn neighbour<'a>(place: Place<'a>, view: &View<'_>, id: &Id) -> Option<Defined<'a>> {
    let index = place.snapshot.index(view.scope)?;
    let mut all: Vec<&Id> = index.all_defined().filter(|known| !known.is_name() && !known.tail().is_empty()).collect();
    all.sort();
    let alike = |known: &&&Id| known.prefix().eq_ignore_ascii_case(id.prefix());
    let beside = |known: &&&Id| alike(known) && known.parent() == id.parent();
    let before = |known: &&&Id| **known < id;
    let found = all
        .iter()
        .filter(beside)
        .rfind(before)
        .or_else(|| all.iter().filter(alike).rfind(before))
        .or_else(|| all.iter().find(beside))
        .or_else(|| all.iter().rev().find(|known| known.parent().is_some() == id.parent().is_some()))
        .or_else(|| all.last())?;
    definitions_of(place.snapshot, view.scope, found).into_iter().next()
}
