//! Front matter: the requirements that a document says it serves, in one line or as a list, and whether it is a document at all.

use super::inline::Masks;
use super::reader::Reader;
use super::trace::{Found, mentions};
use crate::text::{Trim, lines_of};
use std::ops::Range;

impl Reader<'_> {
    /// Reads the trace keys in the YAML front matter that is `range` of the text.
    pub(super) fn read_front_matter(&mut self, range: &Range<usize>) {
        let lines: Vec<Range<usize>> = lines_of(&self.text[range.clone()])
            .map(|line| range.start + line.start..range.start + line.end)
            .map(|line| line.start..line.start + self.text[line].trimmed_end().len())
            .collect();
        if self.dialect.tells_an_agent(lines.iter().map(|line| &self.text[line.clone()])).is_some() {
            self.context.set_prompt();
            self.builder.prompt = true;
            return;
        }
        self.builder.says = true;
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            at += 1;
            let Some(colon) = self.text[line.clone()].find(':').map(|colon| line.start + colon) else { continue };
            if !self.dialect.is_trace_key(&self.text[line.start..colon].replace(['_', '-'], " ")) {
                continue;
            }
            let value = line.end - self.text[colon + 1..line.end].trim_start().len();
            let mut parts = Vec::new();
            if value < line.end {
                parts.push(value..line.end);
            }
            // `[` may be closed some lines below; `- FR-1` lines follow the bare key.
            while let Some(next) = lines.get(at) {
                let content = self.text[next.clone()].trim_start();
                let item = next.end - content.len();
                let open = parts.first().is_some_and(|first| self.text[first.clone()].starts_with('['))
                    && !parts.iter().any(|part| self.text[part.clone()].contains(']'));
                if !open && !content.starts_with("- ") {
                    break;
                }
                parts.push(if open { item..next.end } else { item + 2..next.end });
                at += 1;
            }
            self.front_trace(line.start, &parts);
        }
    }

    fn front_trace(&mut self, start: usize, parts: &[Range<usize>]) {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
        let mut found = Vec::new();
        for part in parts {
            let mut from = part.start;
            // Each element by itself: brackets and quotes may stand around it.
            for element in self.text[part.clone()].split_inclusive(',') {
                let end = from + element.len();
                let open = end - element.trim_start_matches(['[', ' ', '"', '\'']).len();
                let close = from + element.trim_end_matches([']', ' ', '"', '\'', ',']).len();
                if open < close {
                    found.extend(mentions(self.text, open, close, &Masks::default(), self.dialect, true));
                }
                from = end;
            }
        }
        if !found.is_empty() {
            let (line, value) = (start..last.end, first.start..last.end);
            let found = Found {
                line,
                value,
                mentions: found,
                flaws: Vec::new(),
                all: false,
                partial: true,
                lines: parts.len(),
            };
            self.builder.trace(self.text, found);
        }
    }
}
