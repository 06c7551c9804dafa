//! What a cursor names: the ids at a place, and the requirement whose heading it is on.

use crate::batch::RequirementKey;
use crate::facts::{Definition, Form, Section};
use crate::query::{Symbol, SymbolRole, symbols_at};
use crate::text::Span;
use crate::world::{Snapshot, View};

/// The ids at byte `offset`, as [`symbols_at`] has them; on the word before a heading's number or name
/// (`Requirement` of `### Requirement 2: Title`) that heading's.
pub(crate) fn named_at(snapshot: &Snapshot, view: &View<'_>, offset: u32) -> Vec<Symbol> {
    let symbols = symbols_at(snapshot, view, offset);
    if !symbols.is_empty() {
        return symbols;
    }
    let Some((section, base, definition)) = heading_at(view, offset) else { return Vec::new() };
    let words = Span { start: section.head.start, end: definition.place.end }.shifted(base);
    let led = matches!(definition.form, Form::Numbered | Form::Name | Form::Scenario);
    if !led || !words.touches(offset) {
        return Vec::new();
    }
    let mut symbols = symbols_at(snapshot, view, definition.place.shifted(base).start);
    symbols.retain(|symbol| matches!(symbol.role, SymbolRole::Definition(_)));
    symbols.iter_mut().for_each(|symbol| symbol.span = words);
    symbols
}

/// The requirements at byte `offset`: those that are named there, else the one whose heading's line it is; none where
/// nothing is named, and empty where nothing defines what is.
pub(crate) fn requirements_at(snapshot: &Snapshot, view: &View<'_>, offset: u32) -> Option<Vec<RequirementKey>> {
    let mut symbols = symbols_at(snapshot, view, offset);
    if symbols.is_empty() {
        let (_, base, definition) = heading_at(view, offset)?;
        symbols = symbols_at(snapshot, view, definition.place.shifted(base).start);
    }
    Some(symbols.into_iter().filter_map(|symbol| Some((symbol.scope?, symbol.id))).collect())
}

/// The heading whose line holds the byte, with the requirement that it states.
fn heading_at<'a>(view: &View<'a>, offset: u32) -> Option<(&'a Section, u32, &'a Definition)> {
    let (base, facts) = view.part_at(offset)?;
    let at = facts.sections.partition_point(|section| section.start + base <= offset).checked_sub(1)?;
    let section = &facts.sections[at];
    if offset > section.head.end + base {
        return None;
    }
    let stated = |d: &&Definition| d.form.rank() < Form::WEAKEST && section.head.covers(d.place);
    Some((section, base, facts.definitions.iter().find(stated)?))
}
