//! A story that holds its criteria and its tasks in one file: numbers behind `AC:` are those of its own list.

use super::line_head::{checkbox, item_number};
use super::reader::{Leaf, LeafKind, Nest, Reader};
use crate::dialect::Role;
use std::ops::Range;

impl Reader<'_> {
    /// Notes what a stretch of text says of the story's own criteria: states one, or cites some.
    pub(super) fn note_story(&mut self, leaf: &Leaf, lines: &[Range<usize>]) {
        if self.role != Role::Tasks || self.context.is_spilled() || self.dialect.table.traces.own_criteria.is_empty() {
            return;
        }
        let range = leaf.start..leaf.end;
        let heading = matches!(leaf.kind, LeafKind::Heading(_));
        let listed = matches!(self.nest.last(), Some(Nest::Item(_)));
        if self.context.is_in_criteria() && !heading {
            if let [Nest::List { .. }, Nest::Item(item)] = &self.nest[..]
                && item.fresh
            {
                let number = item.number.clone();
                self.note_criterion(number, &range);
            }
            // A list that does not begin with one goes on right below its label: to Markdown that is one paragraph.
            if matches!(leaf.kind, LeafKind::Paragraph) {
                for line in lines.iter().skip(1) {
                    if let Some((place, _)) = item_number(self.text, line.start, line.end) {
                        let number = self.text[place.clone()].parse().unwrap_or_default();
                        self.note_criterion(Some((place.clone(), number)), &(place.start..line.end));
                    }
                }
            }
            return;
        }
        if !(heading || listed) {
            return;
        }
        for line in lines {
            self.note_cited(line);
        }
    }

    fn note_criterion(&mut self, number: Option<(Range<usize>, u64)>, text: &Range<usize>) {
        let from = checkbox(self.text, text.start, text.end).map_or(text.start, |(_, behind)| behind);
        let from = text.end - self.text[from..text.end].trim_start_matches(['*', '_']).len();
        let named = self.key_at(from, text.end).and_then(|behind| named_number(self.text, behind, text.end));
        let (place, number) = match (named, number) {
            (Some((own, end)), _) => (from..end, own),
            (None, Some((place, rendered))) => {
                let written = self.text[place.clone()].parse().unwrap_or_default();
                // `1. 1. 1.` is counted by Markdown.
                let rendered = u32::try_from(rendered).unwrap_or_default();
                (place, if written == 1 { rendered } else { written })
            }
            (None, None) => (text.start..text.start, 0),
        };
        self.builder.criterion(&place, number);
    }

    /// One past the key of criteria at `at`: `AC` of `AC: 1`, `ACs` of `ACs 1, 2`.
    fn key_at(&self, at: usize, end: usize) -> Option<usize> {
        let text = &self.text[at..end];
        let keys = &self.dialect.table.traces.own_criteria;
        if let [first, second, ..] = text.as_bytes()
            && !keys.may_start(*first, Some(second))
        {
            return None;
        }
        let keys = keys.iter();
        let fits = |key: &&String| text.get(..key.len()).is_some_and(|head| head.eq_ignore_ascii_case(key));
        let key = keys.filter(fits).map(String::len).max()?;
        (!text[key..].starts_with(char::is_alphabetic)).then_some(at + key)
    }

    /// Notes the criteria that a line cites: `(AC: 1, 2)`, `(AC1, AC2)`, `[ACs: #1-#3]`, `AC: 4` on a line of its own.
    fn note_cited(&mut self, line: &Range<usize>) {
        let content = &self.text[line.clone()];
        let bytes = content.as_bytes();
        let mut from = 0;
        // Opening brackets; `（` is of three bytes.
        while let Some(at) = memchr::memchr3(b'(', b'[', 0xef, &bytes[from..]) {
            let open = from + at;
            let wide = bytes[open] == 0xef;
            from = open + if wide { 3 } else { 1 };
            if !wide || content[open..].starts_with('（') {
                self.note_cited_at(line.start + from, true, line);
            }
        }
        let lead = content.trim_start_matches(|c: char| matches!(c, '*' | '_' | '-' | '+') || c.is_whitespace());
        self.note_cited_at(line.end - lead.len(), false, line);
    }

    /// Notes the criteria whose key stands at `start`, `inner` that brackets open there.
    fn note_cited_at(&mut self, start: usize, inner: bool, line: &Range<usize>) {
        let Some(behind) = self.key_at(start, line.end) else { return };
        // `Story 2.6 (AC6)` cites another story's.
        if inner && (self.masks.end_of(start).is_some() || self.names_story(&self.text[line.start..start])) {
            return;
        }
        let rest = &self.text[behind..line.end];
        let colon = rest.trim_start_matches(['*', '_', ' ']).starts_with([':', '：']);
        if !(inner || colon) {
            return;
        }
        let end = match inner.then(|| rest.find([')', ']', '）'])).flatten() {
            Some(close) => behind + close,
            None if inner => return,
            None => line.end,
        };
        self.note_list(behind, end);
    }

    /// Whether the last of these words name a story by its number.
    fn names_story(&self, before: &str) -> bool {
        /// In bytes: further away another sentence may stand.
        const NEAR: usize = 80;
        let near = before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..].to_lowercase();
        let mut stories = self.dialect.table.definitions.numbered.iter().filter(|kind| !kind.counts);
        stories.any(|kind| {
            kind.nouns.iter().any(|noun| {
                near.match_indices(noun.as_str()).any(|(at, _)| {
                    let behind = near[at + noun.len()..].trim_start_matches([' ', '-', '#']);
                    behind.starts_with(|c: char| c.is_ascii_digit())
                })
            })
        })
    }

    fn note_list(&mut self, from: usize, end: usize) {
        let text = self.text;
        let value = text[from..end].trim_matches(|c: char| matches!(c, ':' | '：' | '*' | '_') || c.is_whitespace());
        if self.dialect.names_all(value) {
            self.builder.cite(&(from..end), 1, u32::MAX);
            return;
        }
        let mut found = Vec::new();
        let mut at = from + hyphen(text, from, end);
        while at < end {
            let skip = |c: char| {
                matches!(c, ':' | '：' | '*' | '_' | ',' | ';' | '&' | '+' | '/' | '、' | '，') || c.is_whitespace()
            };
            at = end - text[at..end].trim_start_matches(skip).len();
            if let Some(rest) = text[at..end].strip_prefix("and ") {
                at = end - rest.len();
            }
            if at >= end {
                break;
            }
            let start = at;
            let own = self.key_at(at, end).map_or(at, |behind| behind + hyphen(text, behind, end));
            // Anything else ends the list; a number of another shape says that it is none.
            let Some((first, mut stop)) = cited_number(text, own, end) else {
                if text[own..end].starts_with(|c: char| c.is_ascii_digit() || c == '-') {
                    return;
                }
                break;
            };
            let mut last = first;
            let joint = text[stop..end].trim_start_matches(' ');
            if let Some(behind) = ["-", "–", "—", "to ", "through "].iter().find_map(|it| joint.strip_prefix(it)) {
                let at = end - behind.trim_start_matches(' ').len();
                if let Some((to, behind)) =
                    cited_number(text, self.key_at(at, end).unwrap_or(at), end).filter(|(to, _)| *to > first)
                {
                    (last, stop) = (to, behind);
                }
            }
            found.push((start..stop, first, last));
            at = stop;
        }
        for (place, first, last) in found {
            self.builder.cite(&place, first, last);
        }
    }
}

/// The length of the hyphen between a key and its number, at `at`: of `AC-1` that at 2. With more digits, such as `AC-701`, it is an id
/// of something else.
fn hyphen(text: &str, at: usize, end: usize) -> usize {
    const MOST: usize = 2;
    let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
    usize::from(text[at..end].strip_prefix('-').is_some_and(|rest| (1..=MOST).contains(&digits(rest))))
}

/// The whole number behind a key that ends at `at`.
fn named_number(text: &str, at: usize, end: usize) -> Option<(u32, usize)> {
    cited_number(text, at + hyphen(text, at, end), end)
}

/// The whole number at `at`, perhaps behind a `#`, and where it ends.
fn cited_number(text: &str, at: usize, end: usize) -> Option<(u32, usize)> {
    let start = end - text[at..end].trim_start_matches([' ', '#', '.', ':']).len();
    let digits = text[start..end].bytes().take_while(u8::is_ascii_digit).count();
    let stop = start + digits;
    let rest = &text[stop..end];
    let longer = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '_'))
        || rest.starts_with('.') && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    (1..=3).contains(&digits).then(|| text[start..stop].parse().ok()).flatten().filter(|_| !longer).map(|it| (it, stop))
}
