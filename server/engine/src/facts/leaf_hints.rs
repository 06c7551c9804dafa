//! Hints in leaf blocks: brackets that nobody has filled in, paragraphs that stand for text to come, and open questions.

use super::BlockKind;
use super::placeholder::{announces_form, fence_hints, is_blank, names_heading, placeholders, question};
use super::reader::{Nest, Reader};
use super::signs::Signs;
use crate::dialect::Role;
use std::ops::Range;

impl Reader<'_> {
    /// Notes that a form follows in which something is written elsewhere: the brackets below are its own.
    pub(super) fn note_form(&mut self, range: &Range<usize>) {
        let text = self.text[range.clone()].trim_end();
        if text.ends_with([':', '：']) && announces_form(text, &self.dialect.table.hints) {
            self.form = self.form.or(Some(self.nest.len()));
        }
    }

    /// Notes a paragraph below a heading that stands for text which nobody has written.
    pub(super) fn read_blank(&mut self, range: &Range<usize>) {
        let document = matches!(self.role, Role::Spec | Role::Plan | Role::Tasks | Role::Checklist | Role::Template);
        if !document
            || !self.nest.is_empty()
            || self.quotes > 0
            || self.context.is_spilled()
            || !self.builder.is_in_section()
        {
            return;
        }
        let text = self.text[range.clone()].trim();
        if is_blank(text, &self.dialect.table.hints) {
            self.note_blocks();
            self.builder.blank(&(range.start..range.start + text.len()));
        }
    }

    pub(super) fn read_placeholders(&mut self, line: &Range<usize>) {
        if !self.signs.hold(Signs::BRACKET | Signs::BRACE) {
            return;
        }
        if self.role == Role::Spec
            && !self.context.is_spilled()
            && let Some(found) = question(self.text, line, &self.masks)
        {
            self.builder.question(&found);
        }
        if matches!(self.role, Role::Spec | Role::Plan | Role::Tasks | Role::Template) && !self.context.is_spilled() {
            for found in placeholders(self.text, line, &self.masks, &self.links, &self.dialect.table.hints) {
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
                if (found.sure || row) && !own && self.form.is_none() && self.quotes == 0 {
                    self.builder.placeholder(found.range);
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
                self.builder.placeholder(found);
            }
        }
    }
}
