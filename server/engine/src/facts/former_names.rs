//! Former names: what a requirement says it was called before, in brackets, in a line of its own, or in a table of names.

use super::open_blocks::Nest;
use super::reader::Reader;
use super::signs::Signs;
use super::table::column_name;
use super::trace::mentions;
use super::trace_opening::first_colon;
use crate::dialect::{Former, contains};
use crate::id::Id;
use std::ops::Range;

/// Which columns of a table say how requirements were called and are called now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameColumns {
    old: usize,
    /// None where each row states a requirement itself.
    new: Option<usize>,
}

impl NameColumns {
    /// Those of a table with these columns, if it is one of names. Of the columns whose ids the rows state (see
    /// [`super::table::stating_columns`]) it is none.
    pub(super) fn of(columns: &[String], table: &Former, stating: &mut u64) -> Option<Self> {
        let old =
            columns.iter().position(|name| contains(&table.old_columns, column_name(name))).filter(|at| *at < 64)?;
        let others = *stating & !(1 << old);
        if others != 0 {
            *stating = others;
            return Some(Self { old, new: None });
        }
        let is_new = |(at, name): &(usize, &String)| *at != old && contains(&table.new_columns, column_name(name));
        let new = columns.iter().enumerate().find(is_new).map(|(at, _)| at)?;
        *stating = 0;
        Some(Self { old, new: Some(new) })
    }
}

/// The ids of one row of such a table.
#[derive(Debug, Default)]
pub(super) struct RowNames {
    old: Vec<(Id, Range<usize>)>,
    new: Vec<Id>,
}

impl Reader<'_> {
    /// Notes what the statement behind an id says that it was called: `(formerly FR-2)`.
    pub(super) fn heed_former_names(&mut self, index: usize, behind: Range<usize>) {
        let text = self.text;
        let bytes = text.as_bytes();
        let mut at = behind.start;
        while let Some(found) = memchr::memchr3(b'(', b'[', 0xef, &bytes[at..behind.end]) {
            let open = at + found;
            let Some((inner, sign)) = bracket_at(text, open, behind.end) else {
                at = open + 1;
                continue;
            };
            // What is never closed is not looked for again.
            let Some(close) = text[inner..behind.end].find(sign).map(|close| inner + close) else { return };
            let start = inner + (text[inner..close].len() - text[inner..close].trim_start_matches(MARKS).len());
            if let Some(end) = self.dialect.table.former.words.longest_start(&text[start..close]) {
                self.note_former_ids(index, start + end..close);
            }
            at = close;
        }
    }

    /// The same for a line about the requirement around it: `**Former ID**: FR-2`.
    pub(super) fn heed_former_line(&mut self, line: &Range<usize>) {
        // Most hold no colon.
        if !self.signs.hold(Signs::COLON | Signs::WIDE) || !self.signs.hold(Signs::DIGIT) {
            return;
        }
        let Some(index) = self.definition_around() else { return };
        let text = &self.text[line.clone()];
        let Some(colon) = first_colon(text) else { return };
        let key = text[..colon.start].trim_matches(|c: char| !c.is_alphanumeric());
        if contains(&self.dialect.table.former.keys, key) {
            self.note_former_ids(index, line.start + colon.end..line.end);
        }
    }

    /// What a statement says behind the brackets that it begins with and that say what it was called.
    pub(super) fn behind_former_name<'t>(&self, statement: &'t str) -> &'t str {
        let bare = statement.trim_start_matches(MARKS);
        let Some((inner, sign)) = bracket_at(bare, 0, bare.len()) else { return statement };
        let Some(close) = bare[inner..].find(sign).map(|close| inner + close) else { return statement };
        let names = self.dialect.table.former.words.longest_start(bare[inner..close].trim_start_matches(MARKS));
        let rest = bare[close..].trim_start_matches(|c: char| !c.is_alphanumeric());
        let told = names.is_some() && bare[inner..close].contains(|c: char| c.is_ascii_digit());
        if told && !rest.is_empty() { rest } else { statement }
    }

    /// Notes the ids that stand at `range`, where it begins with one.
    fn note_former_ids(&mut self, index: usize, range: Range<usize>) {
        for (id, place) in self.only_ids(range, false) {
            self.builder.name_formerly(index, &id, &place);
        }
    }

    /// The ids that a stretch begins with, those of a range each; `alone` says that nothing else may stand there.
    fn only_ids(&self, range: Range<usize>, alone: bool) -> Vec<(Id, Range<usize>)> {
        let found = mentions(self.text, range.start, range.end, &self.masks, self.dialect, false);
        let words = |from: usize, to: usize| self.text[from..to.max(from)].chars().any(char::is_alphanumeric);
        let mut out = Vec::new();
        let mut from = range.start;
        for mention in &found {
            if mention.wildcard || words(from, mention.start) && (alone || out.is_empty()) {
                return Vec::new();
            }
            from = mention.end;
            let last = mention.last.as_ref().unwrap_or(&mention.first);
            let all = mention.first.through(last).unwrap_or_default();
            out.extend(all.into_iter().map(|id| (id, mention.start..mention.end)));
        }
        if alone && words(from, range.end) { Vec::new() } else { out }
    }

    /// Keeps the ids of a cell of a table of names for the row's end.
    pub(super) fn note_name_cell(&mut self, columns: NameColumns, index: usize, cell: &Range<usize>) {
        let old = index == columns.old;
        if !old && Some(index) != columns.new {
            return;
        }
        let ids = self.only_ids(cell.clone(), true);
        if let Some(Nest::Row { names, .. }) = self.nest.last_mut() {
            let names = names.get_or_insert_default();
            if old {
                names.old.extend(ids);
            } else {
                names.new.extend(ids.into_iter().map(|(id, _)| id));
            }
        }
    }

    /// Ties the old ids of a row to what they are called now.
    pub(super) fn end_name_row(&mut self, names: &RowNames, definition: Option<usize>) {
        for (old, place) in &names.old {
            if let Some(index) = definition {
                self.builder.name_formerly(index, old, place);
            }
            for new in &names.new {
                self.builder.name_id_formerly(new, old, place);
            }
        }
    }
}

/// What may stand before the first word in brackets.
const MARKS: [char; 5] = ['*', '_', '`', ' ', '\t'];

/// Where the text in a bracket at `open` begins, and what closes it.
fn bracket_at(text: &str, open: usize, end: usize) -> Option<(usize, char)> {
    const PAIRS: [(&str, char); 4] = [("(", ')'), ("[", ']'), ("（", '）'), ("［", '］')];
    let rest = &text[open.min(end)..end];
    PAIRS.iter().find(|(sign, _)| rest.starts_with(sign)).map(|(sign, close)| (open + sign.len(), *close))
}
