//! What a text itself says of its dialect, for files whose path says nothing.

use super::Dialect;
use super::lexicon::{Starts, low};
use crate::text::Trim;
use std::ops::Range;
use std::sync::Arc;

/// A text is looked at as far as this, in bytes: so much is looked at again while it is being typed.
const HEAD: usize = 16 * 1024;

/// How much of a text of `len` bytes is looked at.
#[must_use]
pub fn head_len(len: usize) -> usize {
    len.min(HEAD)
}

/// The beginnings of lines by which a dialect is known, in lower case: a line of each group has to be there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Signs(Vec<(Starts, Vec<String>)>);

impl Signs {
    pub(super) fn new(groups: &[Vec<String>]) -> Self {
        let group = |group: &Vec<String>| {
            let mut starts = Starts::default();
            let patterns: Vec<String> = group.iter().map(|text| text.to_lowercase()).collect();
            patterns.iter().for_each(|pattern| starts.add_pattern(pattern));
            (starts, patterns)
        };
        Self(groups.iter().map(group).collect())
    }

    /// The first line of each group among these of `head`; none where one is missing.
    fn lines(&self, head: &str, lines: impl Iterator<Item = Range<usize>>) -> Option<Vec<Range<usize>>> {
        if self.0.is_empty() {
            return None;
        }
        let mut found: Vec<Option<Range<usize>>> = vec![None; self.0.len()];
        for range in lines {
            let line = &head[range.clone()];
            for ((starts, group), found) in self.0.iter().zip(&mut found) {
                if found.is_none() && starts.may_begin(line) && group.iter().any(|pattern| begins(line, pattern)) {
                    *found = Some(range.start..range.start + line.trimmed_end().len());
                }
            }
        }
        found.into_iter().collect()
    }
}

/// How lines begin by which some of several dialects is known: lines that begin otherwise are not looked at.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tells {
    starts: Starts,
    /// By five bits of its first byte, what a line may begin with: the pattern, whose dialect and group it is of.
    patterns: Vec<Vec<Tell>>,
    /// Behind the last group of each dialect, of all groups.
    ends: Vec<usize>,
}

/// A pattern, and the index of its group among those of all dialects.
#[derive(Debug, PartialEq, Eq)]
struct Tell {
    pattern: String,
    group: usize,
}

impl Tells {
    /// Those of several dialects, in their order.
    pub(super) fn of<'s>(dialects: impl Iterator<Item = &'s Signs>) -> Self {
        let mut all = Self { patterns: std::iter::repeat_with(Vec::new).take(32).collect(), ..Self::default() };
        let mut group = 0;
        for signs in dialects {
            for (_, patterns) in &signs.0 {
                for pattern in patterns {
                    all.starts.add_pattern(pattern);
                    let mut places: Vec<usize> = match pattern.bytes().next() {
                        Some(b'#') => b"#0123456789".iter().map(|first| low(*first)).collect(),
                        Some(first) => vec![low(first)],
                        None => (0..32).collect(),
                    };
                    places.sort_unstable();
                    places.dedup();
                    for place in places {
                        all.patterns[place].push(Tell { pattern: pattern.clone(), group });
                    }
                }
                group += 1;
            }
            all.ends.push(group);
        }
        all
    }

    /// The index of the first dialect that lines of `head` say it is written in.
    fn told_by(&self, head: &str) -> Option<usize> {
        let mut found = vec![false; self.ends.last().copied().unwrap_or_default()];
        for range in lines_in(head) {
            let line = &head[range];
            if !self.starts.may_begin(line) {
                continue;
            }
            let Some(first) = line.bytes().next() else { continue };
            for Tell { pattern, group } in self.patterns.get(low(first)).into_iter().flatten() {
                found[*group] = found[*group] || begins(line, pattern);
            }
        }
        let mut start = 0;
        self.ends.iter().position(|end| {
            let own = &found[std::mem::replace(&mut start, *end)..*end];
            !own.is_empty() && own.iter().all(|found| *found)
        })
    }
}

/// The lines of `text`, with what ends them.
fn lines_in(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
    let last = (!text.ends_with('\n')).then_some(text.len());
    ends.chain(last).map(move |end| std::mem::replace(&mut start, end)..end)
}

/// Whether `line` begins as `pattern` says, which is in lower case: `#` stands for a digit as well.
fn begins(line: &str, pattern: &str) -> bool {
    let same = |(c, wanted): (&u8, &u8)| c.to_ascii_lowercase() == *wanted || *wanted == b'#' && c.is_ascii_digit();
    let head = line.as_bytes().get(..pattern.len());
    // Many begin alike and end otherwise.
    head.is_some_and(|head| head.iter().zip(pattern.as_bytes()).rev().all(same))
}

impl Dialect {
    /// The first of the other dialects that a text with this beginning says it is written in.
    #[must_use]
    pub fn recognised(&self, text: &str) -> Option<&Arc<Dialect>> {
        let head = &text[..text.floor_char_boundary(head_len(text.len()))];
        self.tells.told_by(head).map(|at| self.others[at].dialect())
    }

    /// The lines of `text` that say that it is written in this dialect, in order.
    #[must_use]
    pub fn saying<'t>(&self, text: &'t str) -> Vec<(usize, &'t str)> {
        let head = &text[..text.floor_char_boundary(head_len(text.len()))];
        let mut lines = self.says.lines(head, lines_in(head)).unwrap_or_default();
        lines.sort_by_key(|line| line.start);
        lines.into_iter().map(|line| (line.start, &text[line])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_its_dialect_by_lines_of_every_group() {
        let home = Dialect::home();
        let said = |text: &str| home.recognised(text).map_or("plan", |other| other.table.name.as_str()).to_string();
        assert_eq!(said("# T\n\n### Requirement: Log in\n\n#### Scenario: Wrong\n"), "openspec");
        assert_eq!(said("# T\n\n### Requirement: Log in\n"), "plan");
        assert_eq!(said("### Requirement 12: Log in\n\n#### Acceptance criteria\n"), "kiro");
        assert_eq!(said("### User Story 1 - Log in\n\n- **FR-001**: It MUST\n"), "spec-kit");
        assert_eq!(said("### US-1: Log in\n\n- [ ] **AC-1.1**: It does\n"), "stories");
        assert_eq!(said("# Product Requirements Document (PRD)\n"), "prd");
        assert_eq!(said("# Software Requirements Specification\n"), "srs");
        assert_eq!(said("- **FR-1**: a\n"), "plan");
    }

    #[test]
    fn only_the_beginning_of_a_text_says_it() {
        let far = format!("{}\n### Requirement: A\n#### Scenario: b\n", "é".repeat(HEAD));
        assert!(Dialect::home().recognised(&far).is_none());
    }
}
