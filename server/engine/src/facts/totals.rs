//! How many tasks a list says it has: in all (`Total tasks: 40`), or of one part (`- Phase 3 (US1): 12 tasks`).

use super::reader::Reader;
use crate::text::Span;
use std::ops::Range;

/// How many tasks a list says it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The number, as it is written.
    pub span: Span,
    /// What it says.
    pub count: u32,
    /// The tasks that it counts.
    pub of: Counted,
}

/// What a total counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// All tasks of the list.
    All,
    /// Those of `Phase 3`.
    Phase(u32),
    /// Those of `User Story 3`, or `US3`.
    Story(u32),
}

impl Counted {
    /// The phase or story that a text begins with, and how many bytes name it.
    #[must_use]
    pub fn begins(text: &str) -> Option<(Self, usize)> {
        /// What a number stands behind, and what it is the number of.
        type Word = (&'static str, fn(u32) -> Counted);
        const WORDS: [Word; 3] = [("phase ", Counted::Phase), ("user story ", Counted::Story), ("us", Counted::Story)];
        WORDS.iter().find_map(|(word, of)| {
            let begins = text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            let rest = begins.then(|| &text[word.len()..])?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            Some((of(rest[..digits].parse().ok()?), word.len() + digits))
        })
    }
}

impl Reader<'_> {
    /// Notes the total of the whole list that stands behind a colon.
    pub(super) fn note_total(&mut self, from: usize, line_end: usize) {
        let text = self.text;
        let start = line_end - text[from..line_end].trim_start_matches(['*', '_', '`', ' ']).len();
        let end = start + text[start..line_end].bytes().take_while(u8::is_ascii_digit).count();
        // `12.5` and `12/40` count something else.
        let whole = !text[end..line_end].starts_with(['.', '/', ',', '+', '-', '–', '%', '~']);
        if whole || text[end..line_end].trim_end_matches(['.', ',', '*', '_']).is_empty() {
            self.put_total(&(start..end), Counted::All);
        }
    }

    /// Notes the total of a phase or story that a line begins with.
    pub(super) fn note_part_total(&mut self, line: &Range<usize>) {
        const NOUN: &str = " tasks";
        let marks = |b: &u8| matches!(b, b'*' | b'_' | b'-' | b' ');
        let start = line.start + self.text.as_bytes()[line.clone()].iter().take_while(|b| marks(b)).count();
        if !matches!(self.text.as_bytes()[..line.end].get(start), Some(b'P' | b'p' | b'U' | b'u' | 0x80..)) {
            return;
        }
        let content = self.text[start..line.end].trim_start_matches(['✅', '🎯', ' ', '*', '_']);
        let Some((of, name)) = Counted::begins(content) else { return };
        let Some(end) = content[name..].find(NOUN).map(|at| name + at) else { return };
        let start = end - content[name..end].bytes().rev().take_while(u8::is_ascii_digit).count();
        if names_one_part(&content[name..start]) && ends_count(&content[end + NOUN.len()..]) {
            let at = line.end - content.len();
            self.put_total(&(at + start..at + end), of);
        }
    }

    fn put_total(&mut self, digits: &Range<usize>, of: Counted) {
        if let Ok(count) = self.text[digits.clone()].parse() {
            let span = self.builder.span(digits);
            self.builder.totals.push(Total { span, count, of });
        }
    }
}

/// Whether what stands between a part's number and the count names no other part, number or share: ` (User Story 2, P1)**: `.
fn names_one_part(between: &str) -> bool {
    let number = |(at, c): (usize, char)| {
        let before = &between[..at];
        let labelled = before.ends_with(['P', 'p', 'S', 's', ' ']) && !before.trim_end().ends_with([':', '(', '|']);
        c.is_ascii_digit() && !labelled && !before.ends_with(|c: char| c.is_ascii_digit())
    };
    let begins = between.trim_start_matches(['*', '_']).trim_start();
    begins.starts_with([':', '：', '(', '（', '-', '–', '—', '|'])
        && between.trim_end_matches(['*', '_', ' ']).ends_with([':', '：', '(', '（', '-', '–', '—', '|'])
        && between.matches([':', '：']).count() < 2
        && !between.contains(['+', '&', '/', '~', '≈', '→'])
        && !between.char_indices().any(number)
}

/// Whether nothing behind the noun says which of the tasks are counted: *8 tasks remaining*.
fn ends_count(behind: &str) -> bool {
    let behind = behind.trim_start_matches(['*', '_', ' ']);
    behind.is_empty() || behind.starts_with(['(', '（', ')', '|', ',', ';', '.', '-', '–', '—', '✅', '['])
}
