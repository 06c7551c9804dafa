//! Headings: which requirement one states, and what it means for what stands below.

use super::Form;
use super::context::Meaning;
use super::line_head::{LineHead, behind_noun, numbered_heading, plain_number, section_number};
use super::reader::Reader;
use crate::dialect::{Role, contains};
use crate::id::Id;
use crate::text::Trim;
use std::ops::Range;

impl Reader<'_> {
    /// Defines the number of a heading, and returns it: `### 2.1 Title`.
    fn define_section(&mut self, range: &Range<usize>) -> Option<Id> {
        if self.role == Role::Spec
            && self.dialect.table.definitions.sections
            && let Some((number, title)) = section_number(self.text, range.start, range.end)
        {
            let id = Id::new(&self.text[number.clone()]);
            let title = &self.text[title..range.end];
            self.builder.define(&id, number, range.clone(), title, Form::Section);
            return Some(id);
        }
        None
    }

    pub(super) fn read_heading(&mut self, level: u8, range: &Range<usize>) {
        let rules = &self.dialect.table.definitions;
        let title = &self.text[range.clone()];
        // `Acceptance Criteria (EARS Format)`, `Acceptance Criteria — happy path`
        let words = before_note(title);
        let criteria = contains(&rules.criteria, words.trim_matches(|c: char| !c.is_alphanumeric()));
        let mut meaning = if criteria { Meaning::Criteria } else { Meaning::Plain };
        // `### Requirement REQ-1: Title`, `### 7.1 REQ-1: Title`
        let named = || {
            let numbered = || {
                let number = section_number(self.text, range.start, range.end).filter(|_| self.role == Role::Spec);
                number.map(|(_, title)| title)
            };
            let from = behind_noun(self.text, range, &rules.numbered).or_else(numbered)?;
            let ends = |head: &LineHead| {
                let rest = self.text[head.end..range.end].trim_start_matches(['*', '`', ' ']);
                head.separated || rest.is_empty() || rest.starts_with(['·', '•', '・', '|'])
            };
            self.definition_head(from, range.end).filter(ends)
        };
        let head = self.definition_head(range.start, range.end).or_else(named).filter(|_| rules.headings);
        // `### Log in {#US-1}`
        let anchor = (self.role == Role::Spec && rules.headings && title.ends_with('}'))
            .then(|| Some((title.rfind("{#")?, self.whole_id(&title[title.rfind("{#")? + 2..title.len() - 1])?)))
            .flatten();
        let stated = self.behind_mark(range.start, range.end).unwrap_or(range.start)..range.end;
        let mut from = range.start;
        let mut id = None;
        if self.role == Role::Tasks {
            self.labelled = self.task_named(range);
        }
        self.context.leave(level);
        self.heed_withdrawal();
        self.builder.close_name();
        let mut section = None;
        if let Some((name, begin)) = self.requirement_name(title) {
            from = range.end;
            id = Some(name.clone());
            self.headed = self.name(&name, range.start + begin..range.start + begin + name.as_str().len(), range);
            if rules.binding.iter().any(|word| title.contains(word.as_str())) {
                self.builder.bind();
            }
        }
        if let Some(head) = head {
            id = Some(Id::new(&self.text[head.start..head.end]));
            meaning = Meaning::Counts;
            from = head.end;
            self.headed = Some(self.define(&head, range.clone(), range, Form::Heading));
        } else if let Some((at, own)) = anchor {
            meaning = Meaning::Counts;
            let place = range.start + at + 2..range.end - 1;
            let made = self.builder.define(&own, place, range.clone(), title[..at].trimmed_end(), Form::Heading);
            self.heed_statement(made, &(range.start..range.start), &(range.start..range.start + at), Form::Heading);
            self.headed = Some(made);
            id = Some(own);
        } else if self.role == Role::Spec
            && !self.context.is_spilled()
            && let Some((number, kind, begin)) = numbered_heading(self.text, &stated, &rules.numbered)
        {
            let own = Id::new(&format!("{}{}", kind.prefix, plain_number(&self.text[number.clone()])));
            meaning = if kind.counts { Meaning::Counts } else { Meaning::Plain };
            from = number.end;
            self.note_second(kind, number.end..range.end);
            let made =
                self.builder.define(&own, number.clone(), range.clone(), &title[begin - range.start..], Form::Numbered);
            self.heed_statement(made, &number, range, Form::Numbered);
            self.headed = Some(made);
            id = Some(own);
        } else if rules.headings
            && self.role == Role::Spec
            && !self.context.is_spilled()
            && let Some((at, own, marked)) = self.id_at_end(title.trimmed_end())
        {
            let place = range.start + own.start..range.start + own.end;
            let own = Id::new(&self.text[place.clone()]);
            if marked {
                meaning = Meaning::Counts;
                let made = self.builder.define(&own, place, range.clone(), &title[..at], Form::Heading);
                self.heed_statement(made, &(range.start..range.start), &(range.start..range.start + at), Form::Heading);
                self.headed = Some(made);
                id = Some(own);
                from = range.end;
            } else {
                self.builder.note_possible(&own);
                section = self.define_section(range);
            }
        } else if self.context.is_spilled() || self.scenario(level, range, title) {
            // Said all there is.
        } else {
            self.note_head(range, true);
            section = self.define_section(range);
        }
        let (start, top) = self.heading;
        self.builder.section(level, start, top, range.clone(), title);
        self.context.enter(level, id, meaning);
        if let Some(number) = section {
            self.context.set_number(number);
        }
        if let Some(change) = rules.changes.iter().find(|change| change.heading.eq_ignore_ascii_case(title.trimmed())) {
            self.context.set_change(change.kind);
        }
        self.heed_heading(words);
        if contains(&rules.restating, words.trim_matches(|c: char| !c.is_alphabetic())) {
            self.context.set_restates();
        }
        if self.dialect.table.traces.tables.occurs_in(title) {
            self.context.set_lists();
        }
        self.head_status(range);
        let title = if self.role == Role::Tasks { self.read_trace_at_end(range) } else { range.clone() };
        self.mentions(from.min(title.end)..title.end);
        self.read_placeholders(&title);
    }
}

/// A title as far as a colon, a dash or parentheses.
fn before_note(title: &str) -> &str {
    // The wide ones begin with one of these two bytes.
    let ends = |at: &usize| title[*at..].starts_with(['(', '（', ':', '：', '—', '–']);
    let bytes = title.bytes().enumerate();
    let mut near = bytes.filter(|(_, byte)| matches!(byte, b'(' | b':' | 0xe2 | 0xef)).map(|(at, _)| at);
    near.find(ends).map_or(title, |at| &title[..at])
}
