//! Requirements and scenarios that are known by their names: `### Requirement: Name`, `#### Scenario: Name`.

use super::Form;
use super::line_head::behind_tags;
use super::reader::Reader;
use crate::dialect::Role;
use crate::id::Id;
use crate::text::Trim;
use std::ops::Range;

impl Reader<'_> {
    /// The name behind `Requirement:`, and where it starts in `text`.
    pub(super) fn requirement_name(&self, text: &str) -> Option<(Id, usize)> {
        if self.role != Role::Spec || self.context.is_spilled() {
            return None;
        }
        let names = &self.dialect.table.definitions.names;
        let lead = behind_tags(text, 0, text.len());
        let text = &text[lead..];
        let word =
            names.iter().find(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))?;
        let name = text[word.len()..].trimmed().trim_end_matches('`').trimmed_end();
        let begin = text.len() - text[word.len()..].trim_start().len();
        (!name.is_empty()).then(|| (Id::new(name), lead + begin))
    }

    /// Defines the scenario of the named requirement that a heading is right below.
    pub(super) fn scenario(&mut self, level: u8, range: &Range<usize>, title: &str) -> bool {
        let words = &self.dialect.table.definitions.scenarios;
        let word =
            words.iter().find(|word| title.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)));
        let (Some(word), Some(requirement)) = (word, self.context.name_above(level)) else { return false };
        let name = title[word.len()..].trimmed();
        if name.is_empty() {
            return false;
        }
        let begin = range.end - title[word.len()..].trim_start().len();
        let id = Id::of_scenario(requirement, name);
        self.builder.define(&id, begin..begin + name.len(), range.clone(), name, Form::Scenario);
        true
    }
}
