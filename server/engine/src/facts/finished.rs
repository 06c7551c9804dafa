//! Whether a task list says that its work is done: `Status: Done`, or the word alone below a heading *Status*.

use super::reader::Reader;
use super::trace_opening::first_colon;
use crate::dialect::{Role, contains};
use std::ops::Range;

impl Reader<'_> {
    /// Notes a heading that is a status, or that says one.
    pub(super) fn head_status(&mut self, head: &Range<usize>) {
        let title = &self.text[head.clone()];
        let bare = title.trim_matches(|c: char| !c.is_alphanumeric());
        self.builder.in_status = self.role == Role::Tasks && contains(&self.dialect.table.withdrawn.keys, bare);
        self.read_status(head);
    }

    /// Notes a line that says that the work is done.
    pub(super) fn line_status(&mut self, line: &Range<usize>) {
        // The first that says so of all of it is no later one.
        if self.role == Role::Tasks && !(self.builder.finished && self.builder.done.is_some()) {
            if self.builder.in_status {
                self.read_value(line, line);
            }
            self.read_status(line);
        }
    }

    fn read_status(&mut self, line: &Range<usize>) {
        const LONGEST: usize = 80;
        let text = &self.text[line.clone()];
        if self.role == Role::Tasks
            && text.len() < LONGEST
            // Steps have a status of their own.
            && self.nest.is_empty()
            && let Some(colon) = first_colon(text)
            && contains(&self.dialect.table.withdrawn.keys, text[..colon.start].trim_matches(|c: char| !c.is_alphanumeric()))
        {
            self.read_value(&(line.start + colon.end..line.end), line);
        }
    }

    /// Notes the value of a status that stands in `line`.
    fn read_value(&mut self, value: &Range<usize>, line: &Range<usize>) {
        let value = &self.text[value.clone()];
        self.builder.finished |= self.says_done(value);
        if self.builder.done.is_some() || !self.nest.is_empty() {
            return;
        }
        let to_review = contains(&self.dialect.table.tasks.review, value.trim_matches(|c: char| !c.is_alphanumeric()));
        if to_review || self.says_all_done(value) {
            self.builder.done = Some(self.builder.span(line));
            self.builder.to_review = to_review;
        }
    }

    fn says_done(&self, text: &str) -> bool {
        let bare = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '.'));
        let first = bare.split([' ', '-', '(', '—', '–', '*', '_']).find(|word| !word.is_empty()).unwrap_or_default();
        let words = &self.dialect.table.withdrawn.fulfilled;
        contains(words, bare) || contains(words, first)
    }

    /// Whether a status says in a word that all is done, and not that a part of it is: `Done (mobile later)`.
    pub(super) fn says_all_done(&self, text: &str) -> bool {
        let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some(end) = self.dialect.table.withdrawn.fulfilled.longest_start(bare) else { return false };
        let rest = &bare[end..];
        let tasks = &self.dialect.table.tasks;
        // `Complete the list`
        !rest.trim_start_matches([' ', '*', '_', '`']).starts_with(char::is_alphabetic)
            && !rest.contains(['%', '/', '?'])
            && !tasks.optional.stands_in(rest)
            && !tasks.names.stands_in(rest)
    }
}
