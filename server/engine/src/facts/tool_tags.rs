//! Tags of a coding agent's tool calls, such as `</content>`: what wrote the file has left them in it.

use super::Words;
use super::builder::{Builder, LONGEST_TITLE};
use super::reader::Reader;
use crate::text::Span;
use std::ops::Range;

/// A tag that a tool call is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToolTag {
    /// The tag; with its line break where nothing else stands in its line.
    pub span: Span,
    /// Its name.
    pub name: Words,
    /// Whether it closes.
    pub closes: bool,
}

impl Reader<'_> {
    /// Notes the tags in HTML, be it a block or a single tag in text.
    pub(super) fn read_tool_tags(&mut self, range: &Range<usize>) {
        let mut from = range.start;
        while let Some(at) = self.text[from..range.end].find('<').map(|at| from + at) {
            from = at + 1;
            let (text, closes) = match self.text[from..range.end].strip_prefix('/') {
                Some(rest) => (rest, true),
                None => (&self.text[from..range.end], false),
            };
            let name = &text[..text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len())];
            // `<invoke-workflow>` is another tag.
            let ends =
                text[name.len()..].starts_with(['>', '/']) || text[name.len()..].starts_with(char::is_whitespace);
            if name.is_empty() || !ends || !self.dialect.table.hints.tool_tags.contains(name) {
                continue;
            }
            let Some(end) = self.text[at..range.end].find('>').map(|behind| at + behind + 1) else { return };
            self.builder.tool_tag(&self.with_line_break(&(at..end)), name, closes);
            from = end;
        }
    }

    /// `range`, or its whole line where nothing else stands there.
    fn with_line_break(&self, range: &Range<usize>) -> Range<usize> {
        let (before, behind) = (&self.text[..range.start], &self.text[range.end..]);
        let start = before.trim_end_matches([' ', '\t']);
        let rest = behind.trim_start_matches([' ', '\t']);
        let first = start.is_empty() || start.ends_with(['\n', '\r']);
        let line_break = ["\r\n", "\n", "\r"].into_iter().find(|it| rest.starts_with(it)).unwrap_or_default();
        if !first || line_break.is_empty() && !rest.is_empty() {
            return range.clone();
        }
        start.len()..range.end + (behind.len() - rest.len()) + line_break.len()
    }
}

impl Builder {
    fn tool_tag(&mut self, range: &Range<usize>, name: &str, closes: bool) {
        let (span, name) = (self.span(range), self.title(name, LONGEST_TITLE));
        self.tool_tags.push(ToolTag { span, name, closes });
    }
}
