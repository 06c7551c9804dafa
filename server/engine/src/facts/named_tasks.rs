//! Tasks that a task list names elsewhere than at their boxes (`Depends on: T014`, `_Depends: 2.4_`).

use super::inline::names_another;
use super::line_head::task_number;
use super::reader::Reader;
use super::signs::Signs;
use super::trace_opening::first_colon;
use crate::dialect::{Role, contains};
use std::ops::Range;

/// No key has more bytes.
const LONGEST_KEY: usize = 64;

impl Reader<'_> {
    /// Notes the tasks that a stretch of text names, and the one that it begins with.
    pub(super) fn note_tasks(&mut self, lines: &[Range<usize>]) {
        // Each is named by a number.
        if self.role != Role::Tasks || self.context.is_spilled() || !self.signs.hold(Signs::DIGIT) {
            return;
        }
        for (at, line) in lines.iter().enumerate() {
            let boxed = super::line_head::checkbox(self.text, line.start, line.end);
            let mut from = boxed.map_or(line.start, |(_, behind)| behind);
            if at == 0
                && let Some((number, title)) = task_number(self.text, from, line.end)
            {
                // Before an arrow it is one of a chain.
                let chain = self.text[title..line.end].starts_with(['→', '⇒', '>']);
                if boxed.is_none() {
                    self.builder.task_name(self.text, &number, !chain);
                }
                from = number.end;
            } else if at == 0 && boxed.is_some() {
                from = self.note_range(from, line.end);
            }
            self.note_lettered(line, from);
            if self.signs.hold(Signs::COLON | Signs::WIDE) {
                self.note_depended(line);
            }
            if boxed.is_none() {
                self.note_part_total(line);
            }
        }
    }

    /// Notes the tasks that a box begins with where it is none of one number: `[P] T006 …`, `T003-T007: …`. Returns where they
    /// end.
    fn note_range(&mut self, from: usize, end: usize) -> usize {
        /// More are not summed up.
        const MOST: u32 = 500;
        let text = self.text;
        let mut start = from;
        while let Some(tag) = text[start..end].strip_prefix('[').and_then(|inner| inner.find(']')) {
            start = end - text[start + tag + 2..end].trim_start().len();
        }
        start = end - text[start..end].trim_start_matches(['*', '_']).len();
        if let Some((number, _)) = task_number(text, start, end) {
            self.builder.task_name(text, &number, true);
            return number.end;
        }
        let number = |at: usize| {
            let rest = text[at..end].strip_prefix('T')?;
            let digits = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
            Some((digits.len(), digits.parse::<u32>().ok()?))
        };
        let Some((width, first)) = number(start) else { return from };
        let joint = end - text[start + 1 + width..end].trim_start_matches([' ', '-', '–', '—', '~', '.']).len();
        let Some((_, last)) =
            number(joint).filter(|(other, last)| *other == width && (first..first + MOST).contains(last))
        else {
            return from;
        };
        for task in first..=last {
            self.builder.task_told(&format!("T{task:0width$}"), &(start..joint + 1 + width));
        }
        joint + 1 + width
    }

    /// Notes each `T014` in a line.
    fn note_lettered(&mut self, line: &Range<usize>, from: usize) {
        let bytes = &self.text.as_bytes()[..line.end];
        let mut given_up = None;
        for at in memchr::memchr_iter(b'T', &bytes[from..]).map(|at| from + at) {
            let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
            let mut end = at + 1 + digits;
            let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
            end += usize::from(letter(end) && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric));
            let before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || b"-_./#\\@=".contains(&bytes[at - 1]));
            // In `T009-T011` the dash joins two of them.
            let range = at > 1 && matches!(bytes[at - 1], b'-' | b'/') && bytes[at - 2].is_ascii_alphanumeric();
            let after = bytes.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
                || matches!(bytes.get(end), Some(b'-' | b'.')) && letter(end + 1);
            if !(2..=5).contains(&digits) || before && !range || after || self.masks.end_of(at).is_some() {
                continue;
            }
            if names_another(self.text, line.start, at, &self.dialect.table.ids) {
                continue;
            }
            // A line may say that a task was given up.
            let gone = *given_up.get_or_insert_with(|| {
                let text = self.text[line.clone()].to_lowercase();
                let rules = &self.dialect.table.withdrawn;
                text.contains("~~")
                    || rules.words.iter().chain(&rules.successors).any(|word| text.contains(word.as_str()))
            });
            if gone {
                return;
            }
            self.builder.task_name(self.text, &(at..end), false);
        }
    }

    /// Notes the bare numbers behind a key of dependencies.
    fn note_depended(&mut self, line: &Range<usize>) {
        let text = self.text;
        let content = &text[line.clone()];
        let Some(colon) = first_colon(content) else { return };
        let before = &content[..colon.start];
        let key = before.rsplit(['(', '（', '[', '—', '–', ';']).next().unwrap_or(before);
        let key = key.trim_matches(|c: char| matches!(c, '*' | '_' | '-' | '+' | '>') || c.is_whitespace());
        if key.len() > LONGEST_KEY {
            return;
        }
        if contains(&self.dialect.table.tasks.totals, key) {
            self.note_total(line.start + colon.end, line.end);
            return;
        }
        if !contains(&self.dialect.table.tasks.depends, key) {
            return;
        }
        let mut at = line.start + colon.end;
        for element in text[at..line.end].split([',', ';', '、', '，', '；', '&', '+', '|']) {
            let start = at;
            at = (at + element.len() + 1).min(line.end);
            at = text.ceil_char_boundary(at);
            if self.masks.end_of(start).is_some() {
                continue;
            }
            let bare =
                element.trim_matches(|c: char| matches!(c, '*' | '_' | '.' | ')' | ']' | '[') || c.is_whitespace());
            let bare = match bare.get(..5) {
                Some(noun) if noun.eq_ignore_ascii_case("task ") => bare[5..].trim_start(),
                _ => bare,
            };
            let bytes = bare.as_bytes();
            let number = bytes.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
            let whole = bare[number..].trim_start();
            let ends = whole.is_empty() || whole.starts_with(['(', '（']);
            if number == 0 || bytes[number - 1] == b'.' || !ends || bare.len() > 24 && whole.is_empty() {
                continue;
            }
            let Some(offset) = element.find(bare) else { continue };
            self.builder.task_name(text, &(start + offset..start + offset + number), false);
        }
    }
}
