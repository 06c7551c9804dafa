//! Criteria that bear their own numbers where no heading counts them: `1.1 WHEN …`,
//! `1. <a name="1.1"></a>WHEN …`; and those whose number fills a cell.

use super::Form;
use super::line_head::{anchor_number, behind_tags, dotted_number};
use super::reader::Reader;
use crate::dialect::{Counted, Role};
use crate::id::Id;
use std::ops::Range;

impl Reader<'_> {
    /// Defines the criterion whose number stands at `start`, where no heading counts it; returns where the number ends.
    pub(super) fn bare_number(&mut self, start: usize, end: usize, body: &Range<usize>) -> Option<usize> {
        if self.role != Role::Spec || !self.dialect.table.definitions.bare_numbers {
            return None;
        }
        let (number, title) = dotted_number(self.text, start, end)?;
        let id = Id::new(&self.text[number.clone()]);
        let (statement, block) = (title..title, title..end);
        let title = &self.text[title..end];
        let made = self.builder.define(&id, number.clone(), body.clone(), title, Form::Numbered);
        self.heed_statement(made, &statement, &block, Form::Counted);
        Some(number.end)
    }

    /// The same where the number is the name of an anchor before the text, `1. <a name="1.1"></a>WHEN …`, and no heading
    /// counts the items; returns where the text begins.
    pub(super) fn anchored_number(&mut self, start: usize, end: usize, body: &Range<usize>) -> Option<usize> {
        let counted = self.dialect.table.definitions.counted == Counted::UnderIds;
        if self.role != Role::Spec || !counted || self.context.counted_parent().is_some() {
            return None;
        }
        let number = anchor_number(self.text, start, end)?;
        let text = behind_tags(self.text, start, end);
        let (id, title) = (Id::new(&self.text[number.clone()]), &self.text[text..end]);
        let made = self.builder.define(&id, number, body.clone(), title, Form::Numbered);
        self.heed_statement(made, &(text..text), &(text..end), Form::Counted);
        Some(text)
    }

    /// Defines the criterion whose number is all of a cell, where a heading states the requirement above it: `| 21.1 | … |`
    /// under Requirement 21.
    pub(super) fn numbered_cell(&mut self, cell: &Range<usize>) -> Option<usize> {
        if self.role != Role::Spec || self.dialect.table.definitions.counted != Counted::UnderIds {
            return None;
        }
        // Its number says whose it is, whatever heading stands between: `#### What is known`.
        let parent = self.context.stated_parent()?;
        let bare = self.text[cell.clone()].trim_matches(['*', '_', '`', '~', ' ', '\t']);
        let (head, rest) = bare.split_once('.')?;
        let number = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if head != parent.tail() || !number {
            return None;
        }
        let start = cell.start + self.text[cell.clone()].find(bare)?;
        let (id, number) = (parent.child(rest), start..start + bare.len());
        let made = self.builder.define(&id, number.clone(), cell.clone(), "", Form::Counted);
        self.heed_statement(made, &number, cell, Form::Counted);
        Some(made)
    }
}
