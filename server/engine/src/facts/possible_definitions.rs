//! What lines begin with and yet do not define: an id of which this is true is not surely missing.

use super::inline::number_end;
use super::line_head::{head_at, item_number};
use super::reader::Reader;
use super::signs::Signs;
use crate::dialect::{Numbered, Role};
use crate::id::Id;
use crate::text::Trim;
use std::ops::Range;

/// Where the id ends that a line begins with, if capitals are joined to its number by a hyphen: `FR-024` of `FR-024-INFRA`.
fn named_end(text: &str, start: usize, end: usize) -> Option<usize> {
    let line = &text.as_bytes()[start..end];
    let number = line.iter().take_while(|b| b.is_ascii_uppercase() || **b == b'-').count();
    let behind = number + line[number..].iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let name = line.get(behind..)?.strip_prefix(b"-")?;
    let length = name.iter().take_while(|b| b.is_ascii_uppercase() || **b == b'-').count();
    let ends = name.get(length).is_none_or(|b| !b.is_ascii_alphanumeric());
    (length > 1 && ends && behind > number && line[0].is_ascii_alphabetic()).then_some(start + behind)
}

impl Reader<'_> {
    /// Notes the id or dotted number that a line or heading begins with, where that has defined nothing.
    pub(super) fn note_head(&mut self, line: &Range<usize>, heading: bool) {
        // Tasks say what they serve, and forms what somebody else is to write.
        if matches!(self.role, Role::Tasks | Role::Template) || !self.signs.hold(Signs::DIGIT) {
            return;
        }
        let text = &self.text[line.clone()];
        let start = line.end - text.trim_start_matches(['*', '_', ' ', '\t', '[', '(']).len();
        if self.role == Role::Spec
            && let Some(stop) = number_end(&self.text.as_bytes()[..line.end], start)
            && self.text[start..stop].contains('.')
        {
            self.note_number(&(start..stop));
            return;
        }
        // Right under a paragraph only `1.` is an item to CommonMark.
        if self.role == Role::Spec
            && let Some((number, _)) = item_number(self.text, start, line.end)
        {
            if let Some(child) = self.context.owner().map(|owner| owner.child(&self.text[number])) {
                self.builder.note_possible(&child);
            }
            return;
        }
        if self.role == Role::Spec && !heading {
            self.note_glued_criteria(line);
        }
        let families = &self.dialect.families;
        // `FR-024-INFRA: …`: words behind the number.
        if let Some(end) = named_end(self.text, start, line.end)
            && families.token_at(&self.text[..end], start).is_some_and(|token| token.end == end)
        {
            self.builder.note_possible(&Id::new(&self.text[start..end]));
            return;
        }
        if let Some(head) = head_at(self.text, line.start, line.end, families)
            && (heading || head.marked || head.separated || self.role == Role::Spec)
        {
            self.builder.note_possible(&Id::new(&self.text[head.start..head.end]));
        }
    }

    /// Notes criteria that are counted within a line where criteria are listed: `**Backend:** 5. THE … 6. THE …`.
    fn note_glued_criteria(&mut self, line: &Range<usize>) {
        let Some(parent) = self.context.counted_parent().cloned() else { return };
        let bytes = &self.text.as_bytes()[line.clone()];
        for dot in memchr::memchr_iter(b'.', bytes) {
            let number = bytes[..dot].iter().rev().take_while(|b| b.is_ascii_digit()).count();
            let begins = matches!(bytes[..dot - number].last(), Some(b' ' | b'*'));
            if (1..=3).contains(&number) && begins && bytes.get(dot + 1) == Some(&b' ') {
                let number = &self.text[line.start + dot - number..line.start + dot];
                self.builder.note_possible(&parent.child(number.trim_start_matches('0')));
            }
        }
    }

    /// Notes a number with a dot: by itself, and as a child of the requirement around it.
    fn note_number(&mut self, number: &Range<usize>) {
        let literal = &self.text[number.clone()];
        self.builder.note_possible(&Id::new(literal));
        if let Some(owner) = self.context.owner()
            && let Some((head, rest)) = literal.split_once('.')
        {
            let rest = if owner.tail().rsplit('.').next() == Some(head) { rest } else { literal };
            let child = owner.child(rest);
            self.builder.note_possible(&child);
        }
    }

    /// Notes an ordered item below a requirement that is not counted: of a list in another section, or inside another item.
    pub(super) fn note_item(&mut self, number: &Range<usize>, rendered: u64) {
        if let (Role::Spec, Some(owner)) = (self.role, self.context.owner()) {
            let owner = owner.clone();
            self.builder.note_possible(&owner.child(self.text[number.clone()].trim_start_matches('0')));
            self.builder.note_possible(&owner.child(&rendered.to_string()));
        }
    }

    /// Notes the second number of a heading: `### User Story 4 & 5`.
    pub(super) fn note_second(&mut self, kind: &Numbered, rest: Range<usize>) {
        let text = self.text[rest].trim_start();
        let joined = ["&", "and ", ",", "/", "-", "–", "+", "to "].iter().find_map(|joint| text.strip_prefix(joint));
        let second = joined.unwrap_or_default().trim_start();
        let digits = second.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && !second[digits..].starts_with(|c: char| c.is_alphanumeric()) {
            self.builder.note_possible(&Id::new(&format!("{}{}", kind.prefix, &second[..digits])));
        }
    }

    /// Notes the id in the first cell of a row that defines none.
    pub(super) fn note_cell(&mut self, cell: &Range<usize>) {
        let whole = self.text[cell.clone()].trimmed();
        if whole.len() <= 40 {
            let bare = whole.trim_start_matches(['*', '_', '~', '[', '`']);
            // `[FR-1](…)`, `` `FR-1` ``
            if bare.len() < whole.len()
                && self.role != Role::Tasks
                && let Some(token) = self.dialect.families.token_at(bare, 0)
                && bare[token.full_end..].starts_with(['*', '_', '~', ']', '`'])
            {
                self.builder.note_possible(&Id::new(&bare[..token.end]));
            }
            self.note_head(cell, true);
        }
    }
}
