//! Cells of tables: ids that a row of a table of requirements states, and those that a trace matrix lists.

use super::reader::{Nest, Reader};
use super::table::column_name;
use super::trace::mentions;
use super::{Form, Kind};
use crate::dialect::{Role, contains};
use crate::text::Trim;
use std::ops::Range;

impl Reader<'_> {
    /// Defines all ids of a cell that holds nothing but them: `FR-2, FR-3`, `FR-4 – FR-6`.
    fn define_each(&mut self, cell: &Range<usize>) -> bool {
        if self.role != Role::Spec || self.quotes > 0 || self.context.is_spilled() {
            return false;
        }
        let all = mentions(self.text, cell.start, cell.end, &self.masks, self.dialect, false);
        let mut rest = self.text[cell.clone()].to_string();
        for mention in all.iter().rev() {
            rest.replace_range(mention.start - cell.start..mention.end - cell.start, "");
        }
        let bare = rest.chars().all(|c| !c.is_alphanumeric()) && !rest.contains('<');
        if !bare || all.iter().any(|mention| mention.first.family().is_empty() || mention.wildcard) {
            return false;
        }
        for mention in &all {
            let place = mention.start..mention.end;
            let last = mention.last.as_ref().unwrap_or(&mention.first);
            for id in mention.first.through(last).unwrap_or_default() {
                self.builder.define(&id, place.clone(), cell.clone(), "", Form::Row);
            }
        }
        !all.is_empty()
    }

    /// Whether a cell names requirements of several families, `FR-2 / NFR-3`: it speaks of them and states none.
    fn joins_families(&self, cell: &Range<usize>) -> bool {
        if !self.text[cell.clone()].contains(['/', ',', '+', '&']) {
            return false;
        }
        let all = mentions(self.text, cell.start, cell.end, &self.masks, self.dialect, false);
        let families = || all.iter().map(|mention| mention.first.family()).filter(|family| !family.is_empty());
        let first = families().next();
        families().any(|family| Some(family) != first)
    }

    pub(super) fn read_cell(&mut self, range: &Range<usize>) {
        let text = self.text[range.clone()].trimmed();
        self.read_binding(range);
        let (mut listed, mut status, mut names) = (false, false, None);
        let index = self.nest.iter().rev().find_map(|nest| match nest {
            Nest::Row { cell, .. } => Some(*cell),
            _ => None,
        });
        let ids = match self.nest.iter_mut().rev().find(|nest| matches!(nest, Nest::Table { .. })) {
            Some(Nest::Table { columns, head: true, .. }) => {
                columns.push(text.to_string());
                self.mentions(range.clone());
                return;
            }
            Some(Nest::Table { ids, columns, names: own, .. }) => {
                names = *own;
                let first = columns.first().map_or("", |name| column_name(name));
                listed = *ids == 0 && self.dialect.is_trace_key(first);
                let column = index.and_then(|index| columns.get(index)).map_or("", |name| column_name(name));
                status = contains(&self.dialect.table.withdrawn.keys, column);
                *ids
            }
            _ => 0,
        };
        if status {
            self.note_row_status(range);
        }
        let Some(Nest::Row { cell, definition, .. }) = self.nest.last_mut() else { return };
        let index = *cell;
        *cell += 1;
        let defined = *definition;
        if let Some(late) = self.late.last_mut() {
            late.end = range.end;
            return;
        }
        if index == 0 && self.is_glued_row(range) {
            self.late.push(range.clone());
            return;
        }
        if let Some(names) = names {
            self.note_name_cell(names, index, range);
        }
        let mut from = range.start;
        let states = index < 64 && ids >> index & 1 == 1 && defined.is_none() && !self.joins_families(range);
        if states && self.dialect.table.definitions.rows {
            if let Some(head) = self.definition_head(range.start, range.end).or_else(|| self.linked_head(range)) {
                from = head.end;
                let made = self.define(&head, range.clone(), range, Form::Row);
                if let Some(Nest::Row { definition, .. }) = self.nest.last_mut() {
                    *definition = Some((made, index));
                }
            } else if let Some(made) = self.numbered_cell(range) {
                from = range.end;
                if let Some(Nest::Row { definition, .. }) = self.nest.last_mut() {
                    *definition = Some((made, index));
                }
            } else if self.define_each(range) {
                from = range.end;
            }
        } else if let Some((definition, at)) = defined {
            self.builder.entitle(definition, text, range.end);
            if index == at + 1 && !status {
                self.heed_statement(definition, &(range.start..range.start), range, Form::Row);
            } else {
                self.heed_cell(definition, text, status);
            }
        } else if index == 0 && !listed {
            self.note_cell(range);
        }
        if index == 0 && listed && self.role != Role::Spec {
            // A trace matrix: its first column lists requirements, bare numbers among them.
            for mention in mentions(self.text, range.start, range.end, &self.masks, self.dialect, true) {
                self.builder.reference(mention, Kind::Tag);
            }
        } else {
            let lists = matches!(self.role, Role::Spec | Role::Other) && self.context.lists();
            self.mentions_as(from..range.end, if lists { Kind::Listed } else { Kind::Mention });
        }
        self.read_placeholders(range);
    }
}
