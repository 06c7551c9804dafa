//! Boxes of a task list that are none to Markdown: behind the text of another task, or with a blank missing or too many.

use super::Words;
use super::builder::{Builder, LONGEST_TITLE};
use super::line_head::{checkbox, task_number};
use super::reader::Reader;
use super::signs::Signs;
use crate::dialect::Role;
use crate::text::Span;
use std::ops::Range;

/// A box that is no box, so that there is no task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostBox {
    /// From its hyphen or bracket to the end of its line, or to the next one there.
    pub span: Span,
    /// The number behind it, as it is written.
    pub number: Words,
    /// Why it is none.
    pub how: Lost,
}

/// Why a box is none to Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// It stands behind the text of another task in its line.
    Glued,
    /// A blank of it is missing, or there is one too many: `- []`, `-[ ]`, `- [x]T004`.
    Broken,
    /// It is a code span: ``- `[x]` Saw``.
    Quoted,
}

impl Reader<'_> {
    /// Notes the boxes in a stretch of text that are none.
    pub(super) fn note_lost_boxes(&mut self, lines: &[Range<usize>]) {
        if self.role != Role::Tasks || !self.signs.hold(Signs::BRACKET) || self.quotes > 0 || self.context.is_spilled()
        {
            return;
        }
        for line in lines {
            if let Some((_, behind)) = checkbox(self.text, line.start, line.end) {
                self.note_glued_boxes(behind..line.end);
            } else if let Some((start, behind, how)) = self.unread_box(line) {
                let number = task_number(self.text, behind, line.end).map_or(behind..behind, |(number, _)| number);
                self.builder.lost_box(&(start..line.end), &self.text[number], how);
            }
        }
    }

    /// Where a box that Markdown reads as text starts, where the task's text does, and why it is none.
    fn unread_box(&self, line: &Range<usize>) -> Option<(usize, usize, Lost)> {
        if let Some((start, behind)) = self.broken_box(line) {
            return Some((start, behind, Lost::Broken));
        }
        self.quoted_box(line).map(|behind| (line.start, behind, Lost::Quoted))
    }

    /// Notes the boxes with numbers in what stands behind one: `Saw planks.- [ ] T004 Tar them`.
    fn note_glued_boxes(&mut self, rest: Range<usize>) {
        let text = self.text;
        let bytes = &text.as_bytes()[..rest.end];
        let mut found: Vec<(usize, Range<usize>)> = Vec::new();
        for at in memchr::memchr_iter(b'[', &bytes[rest.clone()]).map(|at| rest.start + at) {
            let marker = at >= rest.start + 3 && bytes[at - 1] == b' ' && matches!(bytes[at - 2], b'-' | b'*');
            let boxed = || checkbox(text, at, rest.end).filter(|(mark, _)| matches!(mark, b' ' | b'x' | b'X'));
            if marker
                && self.masks.end_of(at).is_none()
                && let Some((_, behind)) = boxed()
                && let Some((number, _)) = task_number(text, behind, rest.end)
            {
                found.push((at - 2, number));
            }
        }
        for (at, (start, number)) in found.iter().enumerate() {
            let end = found.get(at + 1).map_or(rest.end, |(next, _)| *next);
            self.builder.lost_box(&(*start..end), &text[number.clone()], Lost::Glued);
        }
    }

    /// Where the text of an item starts behind a box in code.
    fn quoted_box(&self, line: &Range<usize>) -> Option<usize> {
        let own = self.text[line.clone()].trim_start();
        let rest = ["`[ ]` ", "`[x]` ", "`[X]` "].into_iter().find_map(|mark| own.strip_prefix(mark))?;
        let before = self.text[..line.end - own.len()].trim_end_matches([' ', '\t']);
        (before.ends_with(['-', '*', '+']) && rest.contains(char::is_alphanumeric)).then(|| line.end - rest.len())
    }

    /// Where a broken box of a line starts, and where its text does: `- [] T004`, `-[ ] T004`, `- [x]T004`.
    fn broken_box(&self, line: &Range<usize>) -> Option<(usize, usize)> {
        let text = self.text;
        let own = text[line.clone()].trim_start();
        let start = line.end - own.len();
        // An item's text begins behind its mark; `-[ ] T004` is text itself.
        let (inner, joined) = match own.strip_prefix(['-', '*', '+']) {
            Some(rest) => (rest, true),
            None => (own, false),
        };
        let mark = ["[ ]", "[x]", "[X]", "[]"].into_iter().find(|mark| inner.starts_with(mark))?;
        let at = line.end - inner.len();
        let behind = at + mark.len();
        let rest = &text[behind..line.end];
        let before = text[..start].trim_end_matches([' ', '\t']);
        let begins = |text: &str| text.is_empty() || text.ends_with(['\n', '\r']);
        let item = || {
            let bare = before.strip_suffix(['-', '*', '+']);
            bare.is_some_and(|bare| begins(bare.trim_end_matches([' ', '\t'])))
        };
        let placed = if joined { begins(before) } else { item() };
        // `[x](link)`, `[x]: link`, `[x][link]`
        let touches = !rest.starts_with([' ', '\t', '(', '[', ':', '*', '\\']);
        let broken = joined || mark == "[]" && rest.starts_with(' ') || mark != "[]" && touches;
        let says = rest.contains(char::is_alphanumeric) && !rest.starts_with(['(', '[', ':']);
        let behind = line.end - rest.trim_start().len();
        (placed && broken && says && self.masks.end_of(start).is_none()).then_some((start, behind))
    }
}

impl Builder {
    fn lost_box(&mut self, range: &Range<usize>, number: &str, how: Lost) {
        let (span, number) = (self.span(range), self.title(number, LONGEST_TITLE));
        self.lost_boxes.push(LostBox { span, number, how });
    }
}
