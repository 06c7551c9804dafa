//! Inserts a requirement before another one, which gets the next number; so do all behind it, with everything that names them.

use super::define::next;
use super::offer::{Deed, Kind, Offer, Place};
use crate::edit::{Edit, Proposal, Refusal};
use crate::facts::Form;
use crate::feature::refactoring::rename::moves::Moves;
use crate::feature::refactoring::rename::{Added, Rename};
use crate::feature::refactoring::shape::shaped;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::query::{SymbolRole, definitions_of, symbols_at};
use crate::text::Span;
use crate::world::View;

pub(super) fn offer(place: Place<'_>, view: &View<'_>, out: &mut Vec<Offer>) {
    let Some(id) = definition_at(place, view) else { return };
    let mut offer = Offer::new(
        format!("Insert a requirement before `{id}` and renumber what follows"),
        Kind::Rewrite,
        Deed::Insert(id.clone()),
    );
    offer.disabled = in_the_way(place, view, &id);
    out.push(offer);
}

/// What is seen at once: the number behind the last is named already. All else is tried when the action is taken.
fn in_the_way(place: Place<'_>, view: &View<'_>, id: &Id) -> Option<Refusal> {
    let (_, new) = following(place, view, id).pop()?;
    let index = place.snapshot.index(view.scope)?;
    let user = index.files_naming(&new).next()?;
    let file = place.snapshot.display_path(user);
    Some(Refusal(format!("`{new}` is named in {file} already, although nothing defines it · correct that first")))
}

/// The id that the line at the place defines, if it has a number.
pub(super) fn definition_at(place: Place<'_>, view: &View<'_>) -> Option<Id> {
    let (line, start) = view.document()?.line_at(place.span.start);
    let own = Span::new(0, line.len()).shifted(start);
    let (base, facts) = view.part_at(place.span.start)?;
    let definition = facts
        .definitions
        .iter()
        .filter(|definition| !matches!(definition.form, Form::Name | Form::Rendered))
        .find(|definition| own.covers(definition.place.shifted(base)))?;
    let symbols = symbols_at(place.snapshot, view, definition.place.shifted(base).start);
    let symbol = symbols.into_iter().find(|symbol| matches!(symbol.role, SymbolRole::Definition(_)))?;
    // `2a` is half of a criterion.
    let numbered = symbol.id.tail().ends_with(|c: char| c.is_ascii_digit());
    numbered.then_some(symbol.id)
}

pub(super) fn insert(place: Place<'_>, view: &View<'_>, id: &Id) -> Result<Proposal, Refusal> {
    let snapshot = place.snapshot;
    let home = view.scope.clone();
    let moves = following(place, view, id);
    let defined = definitions_of(snapshot, &home, id).into_iter().find(|defined| defined.view.path == view.path);
    let none = || Refusal(format!("`{id}` is not defined here any more"));
    let defined = defined.ok_or_else(none)?;
    let text = FileText::of(snapshot, place.source, view)?;
    let shape = shaped(&text, &defined, id, false).ok_or_else(none)?;
    let gap = if shape.apart { shape.newline.repeat(2) } else { shape.newline.to_string() };
    let edit =
        Edit { span: Span { end: shape.neighbour.start, ..shape.neighbour }, text: format!("{}{gap}", shape.text) };
    let edits = std::iter::once(edit).chain(shape.marks).collect();
    let added = Some(Added { path: view.path.clone(), edits, id: id.clone() });
    Rename { added, ..Rename::of(snapshot, place.source, vec![home], Moves::Ids(moves)) }.propose()
}

/// The id and those that follow it without a gap, each with the next number.
fn following(place: Place<'_>, view: &View<'_>, id: &Id) -> Vec<(Id, Id)> {
    let index = place.snapshot.index(view.scope);
    let defines = |id: &Id| index.as_ref().is_some_and(|index| index.defined(id).is_some());
    let mut pairs = Vec::new();
    let mut at = Some(id.clone());
    while let Some(from) = at.take().filter(|id| defines(id)) {
        let Some(to) = next(&from) else { break };
        at = Some(to.clone());
        pairs.push((from, to));
    }
    pairs
}
