//! Hints in leaf blocks: brackets that nobody has filled in, paragraphs that stand for text to come, and open questions.

use super::BlockKind;
use super::placeholder::{
    Strength, announces_form, begins_later, fence_hints, is_blank, is_word, names_heading, placeholders, question,
    says_none,
};
use super::reader::{Nest, Reader};
use super::signs::Signs;
use crate::dialect::Role;
use crate::text::Trim;
use std::ops::Range;

impl Reader<'_> {
    /// Notes that a form follows in which something is written elsewhere: the brackets below are its own.
    pub(super) fn note_form(&mut self, range: &Range<usize>) {
        let text = self.text[range.clone()].trimmed_end();
        if text.ends_with([':', '：']) && announces_form(text, &self.dialect.table.hints) {
            self.form = self.form.or(Some(self.nest.len()));
        }
    }

    /// Notes a paragraph below a heading that stands for text which nobody has written.
    pub(super) fn read_blank(&mut self, range: &Range<usize>) {
        let document = matches!(self.role, Role::Spec | Role::Plan | Role::Tasks | Role::Checklist | Role::Template);
        if !document {
            return;
        }
        let text = self.text[range.clone()].trimmed();
        let hints = &self.dialect.table.hints;
        let place = range.start..range.start + text.len();
        // An item of a list may say so, too. Few dialects ask.
        if !self.dialect.table.definitions.changes.is_empty() && says_none(text, hints) {
            self.builder.none(&place);
        }
        if self.context.is_spilled() || !self.builder.is_in_section() {
            return;
        }
        let blank = match self.nest.last() {
            None if self.quotes == 0 => is_blank(text, hints),
            None => begins_later(text, hints),
            Some(Nest::Item(_)) => {
                matches!(self.role, Role::Spec | Role::Plan) && self.quotes == 0 && is_word(text, hints)
            }
            _ => false,
        };
        if blank {
            self.note_blocks();
            self.builder.blank(&place);
        }
    }

    pub(super) fn read_placeholders(&mut self, line: &Range<usize>) {
        if !self.signs.hold(Signs::BRACKET | Signs::BRACE) {
            return;
        }
        if matches!(self.role, Role::Spec | Role::Plan)
            && !self.context.is_spilled()
            && let Some(found) = question(self.text, line, &self.masks)
        {
            self.builder.question(&found);
        }
        let checklist = self.role == Role::Checklist;
        if (checklist || matches!(self.role, Role::Spec | Role::Plan | Role::Tasks | Role::Template))
            && !self.context.is_spilled()
        {
            for found in placeholders(self.text, line, &self.masks, &self.links, &self.dialect.table.hints) {
                // A checklist's brackets are its own, but for those behind a label: `**Reviewer**: [Name]`.
                let label =
                    || self.text[line.start..found.range.start].trim_end_matches([' ', '*']).ends_with([':', '：']);
                if checklist && (found.strength == Strength::Template || !label()) {
                    continue;
                }
                if self.notes_withdrawal(&found.range) {
                    continue;
                }
                self.note_blocks();
                let words = &self.text[found.range.start + 1..found.range.end - 1];
                let own = self.block.1 == BlockKind::Heading
                    && !words.starts_with('{')
                    && !names_heading(words, &self.dialect.table.hints);
                let row = matches!(self.nest.last(), Some(Nest::Row { hints: true, .. }));
                // What is quoted was written elsewhere: a formula, a form.
                let hint = found.strength > Strength::Template || row;
                if hint && !own && self.form.is_none() && self.quotes == 0 {
                    // A paragraph of its own stands where text should.
                    let whole = self.block.1 == BlockKind::Paragraph
                        && self.nest.is_empty()
                        && self.text[self.block.0.clone()].trimmed_end().len() == found.range.len();
                    if found.strength == Strength::Plain || row || whole || self.block.1 == BlockKind::Heading {
                        self.builder.placeholder(&found.range);
                    } else {
                        self.builder.likely_placeholder(&found.range, words);
                    }
                } else {
                    self.builder.bracket(found.range.clone(), words);
                }
            }
        }
    }

    /// The hints of a fenced block: all of it in brackets, or nothing but comments where code should stand.
    pub(super) fn read_fence(&mut self, info: &str, block: &Range<usize>) {
        if matches!(self.role, Role::Spec | Role::Plan | Role::Tasks | Role::Template) && !self.context.is_spilled() {
            for found in fence_hints(self.text, info, block, &self.dialect.table.hints) {
                self.note_blocks();
                self.builder.placeholder(&found);
            }
        }
    }
}
