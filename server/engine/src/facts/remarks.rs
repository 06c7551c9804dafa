//! Paragraphs in which a coding agent speaks to whom it works with: `Would you like me to …`.

use super::reader::{Leaf, Reader};
use crate::dialect::Role;

impl Reader<'_> {
    /// Notes the paragraph if it begins as a remark does; one in a list or a quotation is somebody's answer.
    pub(super) fn note_remark(&mut self, leaf: &Leaf) {
        let plain = self.is_own_paragraph(leaf);
        if !plain || self.role == Role::Other {
            return;
        }
        let text = self.text[leaf.start..leaf.end].trim_start_matches([' ', '*', '_']);
        if self.dialect.table.hints.remarks.starting(text).next().is_some() {
            let span = self.builder.span(&(leaf.start..leaf.end));
            self.builder.remarks.push(span);
        }
    }
}
