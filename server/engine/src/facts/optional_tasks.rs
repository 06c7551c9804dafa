//! Tasks that need not be done, or not now: Kiro's `- [ ]* 3.2`, `- [ ] 3.2 Load test (optional)`, `Deferred: …` below one.

use super::State;
use super::line_head::checkbox;
use super::reader::{Nest, Reader};
use crate::dialect::{Role, Tasks, Withdrawn};
use std::ops::Range;

/// No line that says so is longer, in bytes.
const LONGEST_LINE: usize = 600;

impl Reader<'_> {
    /// Notes that the task around says in these lines that it need not be done; those of a `fresh` item may begin with its
    /// box, at `start`.
    pub(super) fn note_optional(&mut self, start: usize, fresh: bool, lines: &[Range<usize>]) {
        if self.role != Role::Tasks {
            return;
        }
        let own = |nest: &Nest| match nest {
            Nest::Item(item) => item.task,
            _ => None,
        };
        let Some(task) = self.nest.iter().rev().find_map(own).map(|task| task as usize) else { return };
        let boxed = fresh && self.nest.last().and_then(own).is_some();
        let known = &self.builder.tasks[task];
        let open = known.state == State::Open && !known.optional;
        let mut says = boxed && self.is_optional_box(start, &lines[0]);
        // What stands below a box says so of what is left to do alone.
        says |=
            open && lines[usize::from(boxed)..].iter().any(|line| self.begins_as_optional(&self.text[line.clone()]));
        self.builder.tasks[task].optional |= says;
    }

    /// Whether the task whose box stands at `start` of its first line is marked as optional, or says so there.
    fn is_optional_box(&self, start: usize, line: &Range<usize>) -> bool {
        let Some((_, text)) = checkbox(self.text, start, line.end) else { return false };
        let whole = &self.text[text..line.end];
        // Some write `- [ ] 3.2* Write tests`.
        let behind = whole.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let numbered = behind.len() < whole.len() && behind.starts_with("* ");
        numbered
            || self.text.as_bytes().get(start + 3) == Some(&b'*')
            || self.begins_as_optional(whole)
            || note_of(whole).is_some_and(|note| self.says_optional(note))
    }

    fn begins_as_optional(&self, text: &str) -> bool {
        let bare = text.trim_start_matches(|c: char| {
            c.is_whitespace()
                || c.is_ascii_digit()
                || matches!(c, '*' | '_' | '~' | '`' | '(' | '[' | '（' | '【' | '-' | '—' | '–' | '.')
        });
        let ends = |at: usize| {
            let behind = bare[at..].trim_start_matches(['*', '_', '~', '`']);
            // `Removed users …` and `Future dates …` are what is to be done.
            behind.trim().is_empty()
                || behind.len() < bare.len() - at
                || behind
                    .trim_start()
                    .starts_with([':', '：', ')', '）', ']', '】', '(', '（', '.', ',', ';', '—', '–', '-', '。', '，'])
        };
        self.dialect.begins_optional().starting(bare).any(ends)
    }

    fn says_optional(&self, note: &str) -> bool {
        let Tasks { optional, .. } = &self.dialect.table.tasks;
        let Withdrawn { words, successors, deferred, .. } = &self.dialect.table.withdrawn;
        note.len() < LONGEST_LINE && [optional, words, successors, deferred].iter().any(|all| all.stands_in(note))
    }
}

/// What a title says beside what is to be done: all from its first bracket, dash or sign (`⏭`) on.
fn note_of(title: &str) -> Option<&str> {
    const SIGNS: [&[u8]; 4] = [b" - ", b" -- ", b"; ", b". "];
    let sign =
        |c: char| !c.is_ascii() && !c.is_alphanumeric() && !matches!(c, '、' | '，' | '「' | '」' | '“' | '”' | '’');
    let bytes = title.as_bytes();
    let begins = |at: usize| match bytes[at] {
        b'(' | b'[' => true,
        b' ' | b';' | b'.' => SIGNS.iter().any(|sign| bytes[at..].starts_with(sign)),
        b'*' => bytes[at..].starts_with(b"**:"),
        0xc0.. => title[at..].chars().next().is_some_and(sign),
        _ => false,
    };
    let at = (0..bytes.len()).find(|at| begins(*at))?;
    Some(&title[at..])
}
