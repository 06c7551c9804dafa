//! Whether the text of a requirement that is known by its name binds: by SHALL or MUST, less by SHOULD, or in another language.

use super::Lax;
use super::builder::Builder;
use super::reader::Reader;
use crate::text::Trim;
use std::ops::Range;

impl Reader<'_> {
    /// Notes whether a line of a named requirement says that it binds.
    pub(super) fn read_binding(&mut self, line: &Range<usize>) {
        if !self.builder.asks_to_bind() {
            return;
        }
        let (rules, text) = (&self.dialect.table.definitions, &self.text[line.clone()]);
        if !text.trimmed().is_empty() {
            self.builder.note_text();
        }
        if rules.binding.iter().any(|word| text.contains(word.as_str())) {
            self.builder.bind();
        } else if rules.grading.iter().any(|word| holds_word(text, word)) {
            self.builder.grade();
        } else if rules.translated.iter().any(|word| text.contains(word.as_str())) {
            self.builder.translate();
        }
    }
}

impl Builder {
    /// From here to [`Builder::close_name`] the text of the named requirement at `place` is read.
    pub(super) fn open_name(&mut self, place: &Range<usize>) {
        self.open_name = Some(Lax { span: self.span(place), has_text: false, graded: false, translated: false });
    }

    pub(super) fn close_name(&mut self) {
        self.lax.extend(self.open_name.take());
    }

    /// Whether a named requirement is open that does not bind yet.
    pub(super) fn asks_to_bind(&self) -> bool {
        self.open_name.is_some()
    }

    /// Notes that its text binds less on purpose.
    pub(super) fn grade(&mut self) {
        if let Some(lax) = &mut self.open_name {
            lax.graded = true;
        }
    }

    /// Notes that its text binds in another language.
    pub(super) fn translate(&mut self) {
        if let Some(lax) = &mut self.open_name {
            lax.translated = true;
        }
    }

    /// Notes that the named requirement that is open has text.
    pub(super) fn note_text(&mut self) {
        if let Some(lax) = &mut self.open_name {
            lax.has_text = true;
        }
    }

    pub(super) fn bind(&mut self) {
        self.open_name = None;
    }
}

/// Whether a text holds `word` as it is written and as a whole.
fn holds_word(text: &str, word: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word)
        .any(|(at, _)| !letter(text[..at].chars().next_back()) && !letter(text[at + word.len()..].chars().next()))
}
