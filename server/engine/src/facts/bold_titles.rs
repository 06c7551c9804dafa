//! Lines in bold that stand where a heading might: `**Technical Context** *(resolved in research.md)*`.

use super::reader::{Leaf, Reader};
use super::title_key;
use crate::dialect::Role;
use std::ops::Range;

impl Reader<'_> {
    /// Notes the title if the paragraph begins with a line in bold, with nothing but an aside behind it.
    pub(super) fn note_bold_title(&mut self, leaf: &Leaf, lines: &[Range<usize>]) {
        /// In bytes; longer text is a sentence.
        const LONGEST: usize = 80;
        let plain = self.is_own_paragraph(leaf);
        let judged = matches!(self.role, Role::Spec | Role::Plan | Role::Tasks) && plain;
        let Some(line) = lines.first().filter(|_| judged) else { return };
        let Some(inner) = self.text[line.clone()].strip_prefix("**") else { return };
        let Some((title, behind)) = inner.split_once("**").filter(|(title, _)| title.len() <= LONGEST) else { return };
        let behind = behind.trim_matches([' ', ':', '：']);
        let aside = |open: &[char], close: &[char]| behind.starts_with(open) && behind.ends_with(close);
        if behind.is_empty() || aside(&['*', '_', '(', '（'], &['*', '_', ')', '）']) {
            self.builder.bold_titles.push(title_key(title.trim_end_matches([':', '：'])));
        }
    }
}
