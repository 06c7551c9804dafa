//! What is easily left of a template in a document that is filled in otherwise: its brackets in code, or one word behind a label.

use super::Words;
use super::reader::Reader;
use crate::dialect::Role;
use crate::text::{Span, Trim};
use std::ops::Range;

/// Brackets that the dialect knows as its template's, wherever they stand, or what the template says to whom it is filled in by:
/// `specs/[###-feature]/`, `Fill ONLY if`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remains {
    /// With the brackets; of a sentence how it begins.
    pub span: Span,
    /// The same text.
    pub words: Words,
}

/// What a template's instructions may stand behind: `**Note**: This template …`.
const LABEL: &str = "note";

/// What brackets of templates hold at most, in bytes.
const LONGEST: usize = 40;

impl Reader<'_> {
    /// Notes them right behind the labels of a leaf; elsewhere in a text they may be spoken of.
    pub(super) fn read_remains(&mut self, range: &Range<usize>) {
        let dialect = self.dialect;
        let text = self.text;
        self.note_remains(range, |at, words| {
            let before = text[range.start..at].trim_end_matches(['`', ' ', '*', '_']);
            let label = before.trim_end_matches([':', '：', '*', '_']);
            let word = label.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let remains = &dialect.table.hints.remains;
            let known = || remains.contains(words) || remains.contains(&format!("{word}: {words}"));
            before[label.len()..].contains([':', '：']) && known()
        });
    }

    /// Notes them in a fenced block that has no language.
    pub(super) fn read_fenced_remains(&mut self, info: &str, block: &Range<usize>) {
        let dialect = self.dialect;
        if matches!(info.trimmed(), "" | "text" | "txt" | "plaintext" | "plain" | "tree") {
            self.note_remains(block, |_, words| dialect.table.hints.remains.contains(words));
        }
    }

    /// Notes how a paragraph, a heading or a comment begins in which the template speaks to whom it is filled in by.
    pub(super) fn read_instruction(&mut self, range: &Range<usize>) {
        if !matches!(self.role, Role::Spec | Role::Plan | Role::Tasks) || self.context.is_spilled() {
            return;
        }
        let is_mark = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'*' | b'_' | b'=' | b'>' | b':');
        let behind_marks = |text: &'_ str| text.bytes().take_while(|byte| is_mark(*byte)).count();
        let mut text = &self.text[range.clone()];
        text = &text[behind_marks(text)..];
        if let Some(behind) =
            text.get(..LABEL.len()).filter(|it| it.eq_ignore_ascii_case(LABEL)).map(|_| &text[LABEL.len()..])
        {
            text = &behind[behind_marks(behind)..];
        }
        if let Some(len) = self.dialect.table.hints.instructions.starting(text).max() {
            let at = range.end - text.len();
            let end = at + text[..len].trim_end_matches([' ', ':']).len();
            let (span, words) = (self.builder.span(&(at..end)), self.builder.words(&self.text[at..end]));
            self.builder.remains.push(Remains { span, words });
        }
    }

    /// Notes the brackets in `range` of whose place and words `is_left` holds.
    fn note_remains(&mut self, range: &Range<usize>, is_left: impl Fn(usize, &str) -> bool) {
        if !matches!(self.role, Role::Spec | Role::Plan | Role::Tasks) || self.quotes > 0 || self.context.is_spilled() {
            return;
        }
        let text = self.text;
        for open in memchr::memchr_iter(b'[', &text.as_bytes()[range.clone()]) {
            let at = range.start + open;
            let inner = &text.as_bytes()[at + 1..range.end.min(at + 2 + LONGEST)];
            let Some(end) = memchr::memchr(b']', inner).map(|close| at + close + 2) else { continue };
            let is_link = text[end..range.end].starts_with(['(', '[', ':']);
            if !is_link && is_left(at, &text[at + 1..end - 1]) {
                let (span, words) = (self.builder.span(&(at..end)), self.builder.words(&text[at..end]));
                self.builder.remains.push(Remains { span, words });
            }
        }
    }
}
