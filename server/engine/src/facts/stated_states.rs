//! How far requirements are, as a specification says itself: by a box before a requirement, by the status in a row of a table.

use super::State;
use super::reader::{Nest, Reader};
use super::trace::mentions;
use crate::dialect::{Role, contains};
use crate::text::{Span, Trim};
use std::ops::Range;

/// A place that says how far a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatedState {
    /// Index into [`super::Facts::ids`].
    pub id: u32,
    /// What it says: open or done.
    pub state: State,
    /// The requirement's id behind its box, or the status of its row.
    pub span: Span,
    /// Whether it is a row of a table.
    pub row: bool,
}

impl Reader<'_> {
    /// Notes the box before the requirement whose id stands at `place`.
    pub(super) fn note_box(&mut self, definition: usize, mark: u8, place: Range<usize>) {
        let state = match mark {
            b' ' => State::Open,
            b'x' | b'X' => State::Done,
            _ => return,
        };
        if self.role == Role::Spec && self.quotes == 0 && !self.context.is_spilled() {
            let (id, span) = (self.builder.id_of(definition), self.builder.span(&place));
            self.builder.states.push(StatedState { id, state, span, row: false });
        }
    }

    /// Notes the status in the cell at `range` of a row whose first cell names one requirement and nothing else.
    pub(super) fn note_row_status(&mut self, range: &Range<usize>) {
        if self.role != Role::Spec || self.quotes > 0 || self.context.is_spilled() {
            return;
        }
        let text = self.text;
        let Some(Nest::Row { block, .. }) = self.nest.last() else { return };
        let row = block.range.clone();
        let value = text[range.clone()].trimmed();
        let bare = value.trim_matches(|c: char| !c.is_alphanumeric());
        let state = match () {
            () if contains(&self.dialect.table.withdrawn.pending, bare) => State::Open,
            () if self.says_all_done(value) => State::Done,
            () => return,
        };
        let start = row.start + text[row.clone()].bytes().take_while(|b| matches!(b, b'|' | b' ')).count();
        let Some(length) = text[start..range.start.max(start)].find('|') else { return };
        let all = mentions(text, start, start + length, &self.masks, self.dialect, false);
        let [one] = &all[..] else { return };
        let around = [&text[start..one.start], &text[one.end..start + length]];
        let whole = around.iter().all(|text| text.chars().all(|c| !c.is_alphanumeric()));
        if whole && one.last.is_none() && !one.wildcard {
            let (id, span) = (self.builder.id(&one.first), self.builder.span(range));
            self.builder.states.push(StatedState { id, state, span, row: true });
        }
    }
}
