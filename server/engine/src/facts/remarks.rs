//! Paragraphs in which a coding agent speaks to whom it works with: `Would you like me to …`.

use super::reader::{Leaf, LeafKind, Reader};
use crate::dialect::Role;
use crate::text::Trim;

impl Reader<'_> {
    /// Notes the paragraph if it begins as a remark does; one in a list or a quotation is somebody's answer.
    pub(super) fn note_remark(&mut self, leaf: &Leaf) {
        let plain = matches!(leaf.kind, LeafKind::Paragraph) && self.nest.is_empty() && self.quotes == 0;
        if !plain || self.role == Role::Other {
            return;
        }
        let text = self.text[leaf.start..leaf.end].trimmed().trim_start_matches(['*', '_']);
        let begins = |start: &String| {
            let head = text.get(..start.len());
            head.is_some_and(|head| {
                head.eq_ignore_ascii_case(start) || !head.is_ascii() && head.to_lowercase() == *start
            })
        };
        if self.dialect.table.hints.remarks.iter().any(begins) {
            let span = self.builder.span(&(leaf.start..leaf.end));
            self.builder.remarks.push(span);
        }
    }
}
