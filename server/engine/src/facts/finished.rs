//! Whether a task list says that its work is done: `Status: Done`, or the word alone below a heading *Status*.

use super::reader::Reader;
use super::trace_opening::first_colon;
use crate::dialect::{Role, contains};
use std::ops::Range;

impl Reader<'_> {
    /// Notes a heading that is a status, or that says one.
    pub(super) fn head_status(&mut self, title: &str) {
        let bare = title.trim_matches(|c: char| !c.is_alphanumeric());
        self.builder.in_status = self.role == Role::Tasks && contains(&self.dialect.table.withdrawn.keys, bare);
        self.read_status(title);
    }

    /// Notes a line that says that the work is done.
    pub(super) fn line_status(&mut self, line: &Range<usize>) {
        if self.role == Role::Tasks && !self.builder.finished {
            let text = self.text;
            let line = &text[line.clone()];
            self.builder.finished = self.builder.in_status && self.says_done(line);
            self.read_status(line);
        }
    }

    fn read_status(&mut self, text: &str) {
        const LONGEST: usize = 80;
        if self.role == Role::Tasks
            && text.len() < LONGEST
            && let Some(colon) = first_colon(text)
            && let (key, value) = (&text[..colon.start], &text[colon.end..])
            && contains(&self.dialect.table.withdrawn.keys, key.trim_matches(|c: char| !c.is_alphanumeric()))
        {
            // Steps have a status of their own.
            self.builder.finished |= self.nest.is_empty() && self.says_done(value);
        }
    }

    fn says_done(&self, text: &str) -> bool {
        let bare = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '.'));
        let first = bare.split([' ', '-', '(', '—', '–', '*', '_']).find(|word| !word.is_empty()).unwrap_or_default();
        let words = &self.dialect.table.withdrawn.fulfilled;
        contains(words, bare) || contains(words, first)
    }
}
