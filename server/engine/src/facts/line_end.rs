//! What stands at the end of a line or fills a cell: a trace line behind prose, an id in brackets, an id that is a link.

use super::Form;
use super::line_head::{LineHead, behind_tags};
use super::reader::{Nest, Reader};
use super::signs::Signs;
use super::trace::{bracketed_at, trace_at, trailing_at};
use super::trace_opening::first_colon;
use crate::dialect::{Role, contains};
use crate::id::{Id, Token};
use crate::text::Trim;
use std::ops::Range;

impl Reader<'_> {
    /// Reads the trace line that ends a line of prose, `… text. _Requirements: FR-1_`; returns the line without it.
    pub(super) fn read_trace_at_end(&mut self, line: &Range<usize>) -> Range<usize> {
        let Self { text, masks, dialect, .. } = self;
        let sure = self.signs.hold(Signs::COLON) && !self.signs.hold(Signs::BREAK);
        let may_hold = self.signs.hold(Signs::COLON | Signs::WIDE);
        if !may_hold || !sure && first_colon(&text[line.clone()]).is_none() {
            return line.clone();
        }
        let opens = Signs::BRACKET | Signs::PARENTHESIS | Signs::BRACE | Signs::WIDE;
        let within = if self.signs.hold(opens) { bracketed_at(text, line, masks, dialect) } else { None };
        let bare = || if self.role == Role::Tasks { trailing_at(text, line, masks, dialect) } else { None };
        if let Some(found) = within.or_else(bare) {
            let Range { start, end } = found.line.clone();
            self.builder.trace(self.text, found);
            let rest = end..line.end;
            self.mentions(rest.clone());
            self.read_placeholders(&rest);
            return line.start..start;
        }
        let text = self.text[line.clone()].trimmed_end();
        let Some(mark) = text.bytes().last().filter(|mark| matches!(mark, b'_' | b'*')) else { return line.clone() };
        let Some(colon) = memchr::memrchr(b':', text.as_bytes()) else { return line.clone() };
        let blank = |at: usize| at > 0 && text.as_bytes()[at - 1] == b' ';
        let opens = memchr::memrchr_iter(mark, &text.as_bytes()[..colon]).find(|at| blank(*at));
        let Some(begin) = opens.map(|at| line.start + at) else { return line.clone() };
        let end = Range { start: begin, end: line.end };
        let Some(found) = trace_at(self.text, &end, &[], &self.masks, self.dialect) else {
            return line.clone();
        };
        if found.mentions.is_empty() && !found.all {
            return line.clone();
        }
        self.builder.trace(self.text, found);
        line.start..begin
    }

    /// Defines the id at a line's end (`*(AC-1.1)*`) or behind a label near the top (`**Requirement ID:** CBIN-144`);
    /// returns where the text before it ends.
    pub(super) fn read_line_end(&mut self, start: usize, line: &Range<usize>) -> Option<usize> {
        if self.role != Role::Spec || self.context.is_spilled() {
            return None;
        }
        let text = self.text[start..line.end].trimmed_end();
        let may_end = self.signs.hold(Signs::CLOSE) && self.signs.hold(Signs::DIGIT);
        if let Some((at, id, marked)) = may_end.then(|| self.id_at_end(text)).flatten() {
            let (begin, place) = (start + at, start + id.start..start + id.end);
            let own = Id::new(&self.text[place.clone()]);
            let stated = matches!(self.nest.last(), Some(Nest::Item(item)) if item.definition.is_some());
            if stated {
                return None;
            }
            if !marked {
                // It may as well say where the statement comes from.
                self.builder.note_possible(&own);
                return None;
            }
            let title = &self.text[start..begin];
            let made = self.builder.define(&own, place, start..line.end, title, Form::Row);
            self.heed_statement(made, &(start..start), &(start..begin), Form::Item);
            return Some(begin);
        }
        if !self.context.is_near_top() || !self.signs.hold(Signs::COLON) {
            return None;
        }
        let labels = &self.dialect.table.definitions.labels;
        let bare = text.trim_start_matches(['*', '_', ' ']);
        let (label, value) = bare.split_once(':')?;
        if !contains(labels, label.trim_matches(['*', ' '])) {
            return None;
        }
        let value = value.trim_matches(['*', ' ', '_', '`']);
        let letters = value.bytes().take_while(u8::is_ascii_uppercase).count();
        let tail = value[letters..].strip_prefix('-')?;
        let written = (2..=10).contains(&letters)
            && tail.ends_with(|c: char| c.is_ascii_digit())
            && tail.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        if !written || self.text[line.clone()].contains('`') {
            return None;
        }
        let begin = start + self.text[start..line.end].rfind(value)?;
        let id = Id::new(value);
        self.builder.define(&id, begin..begin + value.len(), line.clone(), "", Form::Paragraph);
        Some(begin)
    }

    /// The id in brackets that `text` ends with: where the brackets and their marks begin, the id, and whether it is emphasised
    /// as in `*(AC-1.1)*`.
    pub(super) fn id_at_end(&self, text: &str) -> Option<(usize, Range<usize>, bool)> {
        let inner = text.trim_end_matches(['*', '_', '.']);
        let marked = text.len() > inner.trim_end_matches('.').len() && text[inner.len()..].contains(['*', '_']);
        let (open, inner) = match inner.strip_suffix(')') {
            Some(inner) => ('(', inner),
            None => match inner.strip_suffix('}') {
                // `{#FR-1}` marks nothing else.
                Some(own) => {
                    let at = own.rfind("{#")?;
                    self.whole_id(&own[at + 2..])?;
                    return (at > 0).then_some((at, at + 2..own.len(), true));
                }
                None => ('[', inner.strip_suffix(']')?),
            },
        };
        let at = inner.rfind(open)?;
        self.whole_id(inner[at + 1..].trim_matches('`'))?;
        let id = &inner[at + 1..];
        let from = at + 1 + (id.len() - id.trim_start_matches('`').len());
        let begin = text[..at].trim_end_matches(['*', '_']).len();
        let spaced = begin == 0 || text[..begin].ends_with([' ', '\t']);
        (spaced && begin > 0).then(|| (begin, from..from + id.trim_matches('`').len(), marked && begin < at))
    }

    /// The id that is all of `text`.
    pub(super) fn whole_id(&self, text: &str) -> Option<Id> {
        let token = self.dialect.families.token_at(text, 0)?;
        (token.end == text.len()).then(|| Id::new(text))
    }

    /// The id of a requirement's row that is a link or stands in a code span: `[FR-1](#fr-1)`, `` `FR-1` ``.
    pub(super) fn linked_head(&self, cell: &Range<usize>) -> Option<LineHead> {
        if self.role != Role::Spec || self.quotes > 0 || self.context.is_spilled() {
            return None;
        }
        let from = behind_tags(self.text, cell.start, cell.end);
        let bare = self.text[from..cell.end].trim_start_matches(['*', '_', '~', '[', '`']);
        let start = cell.end - bare.len();
        let token = self.dialect.families.token_at(&self.text[..cell.end], start).filter(|token| !token.wildcard())?;
        let rest = self.text[token.end..cell.end].trim_start_matches(['*', '_', '~', '`']);
        let rest = rest.strip_prefix("](").map_or(Some(rest), |target| target.split_once(')').map(|(_, rest)| rest))?;
        let alone =
            rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '`' | ']')).is_empty();
        let Token { start, end, .. } = token;
        alone.then_some(LineHead { start, end, title: cell.end, marked: true, separated: true })
    }
}
