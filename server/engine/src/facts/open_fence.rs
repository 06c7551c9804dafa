//! A fence that is never closed: to CommonMark all that follows it is code, headings and all.

use super::Words;
use super::line_head::numbered_heading;
use super::reader::Reader;
use super::signs::Signs;
use super::trace_opening::trace_value_start;
use crate::dialect::Role;
use crate::id::Id;
use crate::text::{Span, Trim, lines_of};
use std::ops::Range;

/// A fence that runs to the end of the document, and the headings that are lost in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFence {
    /// Its first line, without the line break.
    pub span: Span,
    /// Whether it was meant to begin a block: it says what code follows, or that follows at once.
    pub begins: bool,
    /// The first line in it that would close it if nothing stood behind the marks: ```` ```## Next ````.
    pub hampered: Option<Span>,
    /// Whether a line in it would say what a section or task serves.
    pub traces: bool,
    /// The headings of level 2 and below, in the order of the text; none where the document ends in code of a language.
    pub headings: Box<[FencedHeading]>,
}

/// A line that would be a heading if it stood in no fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FencedHeading {
    /// The line without its line break.
    pub span: Span,
    /// What stands behind the `#`s, without marks.
    pub title: Words,
    /// [`super::title_key`] of that.
    pub key: u32,
}

/// The marks of a fence, where `line` begins with some that are as many as `fewest`, and what stands behind them.
fn fence_of<'t>(line: &'t str, fewest: &str) -> Option<(&'t str, &'t str)> {
    let bare = line.trim_start_matches(' ');
    let mark = bare.bytes().next().filter(|b| matches!(b, b'`' | b'~'))?;
    let (marks, behind) = bare.split_at(bare.bytes().take_while(|b| *b == mark).count());
    (line.len() - bare.len() <= 3 && marks.starts_with(fewest)).then_some((marks, behind.trimmed()))
}

/// What stands behind the `#`s of a line that would be a heading, in bytes of `text`, and how many `#`s there are.
pub(super) fn heading_in(text: &str, line: &Range<usize>) -> Option<(Range<usize>, usize)> {
    let whole = text[line.clone()].trimmed_end();
    let bare = whole.trim_start_matches(' ');
    let rest = bare.trim_start_matches('#');
    let level = bare.len() - rest.len();
    let title = rest.trim_end_matches('#').trimmed();
    let begins = whole.len() - bare.len() <= 3 && (1..=6).contains(&level) && rest.starts_with([' ', '\t']);
    (begins && !title.is_empty()).then(|| {
        let start = line.start + whole.len() - rest.trim_start().len();
        (start..start + title.len(), level)
    })
}

impl Reader<'_> {
    /// Notes the fenced block if nothing closes it and headings are lost in it.
    pub(super) fn read_open_fence(&mut self, info: &str, block: &Range<usize>) {
        let ends = self.text[block.end..].trim_start().is_empty();
        if !ends || !self.nest.is_empty() || self.quotes > 0 {
            return;
        }
        if !matches!(self.role, Role::Spec | Role::Plan | Role::Tasks) {
            return;
        }
        let text = self.text;
        let code = &text[block.clone()];
        let mut lines = lines_of(code).map(|line| block.start + line.start..block.start + line.end);
        let Some(first) = lines.next() else { return };
        let Some((marks, _)) = fence_of(&text[first.clone()], "") else { return };
        let last = code.trimmed_end().rsplit(['\n', '\r']).next().unwrap_or_default();
        let rest = block.start + code.trimmed_end().len() > first.end;
        if !rest || fence_of(last, marks).is_some_and(|(_, behind)| behind.is_empty()) {
            return;
        }
        let (mut found, mut hampered, mut blank) = (Vec::new(), None, false);
        for line in lines {
            let said = text[line.clone()].trimmed_end();
            if let Some((title, _)) = heading_in(text, &line).filter(|(_, level)| *level > 1) {
                found.push((line.start..line.start + said.len(), title, blank));
            } else if hampered.is_none() && fence_of(said, marks).is_some_and(|(_, behind)| behind.starts_with('#')) {
                hampered = Some(line.start..line.start + said.len());
            }
            blank = said.is_empty();
        }
        // What begins with `##` in a language is a comment, mostly: a heading has a blank line before it.
        let named = !info.trimmed().is_empty();
        if named || found.len() == 1 {
            found.retain(|(.., parted)| *parted);
        }
        if !found.is_empty() || named {
            let first = first.start..first.start + text[first.clone()].trimmed_end().len();
            let serves = |line: Range<usize>| trace_value_start(&code[line], self.dialect).is_some();
            let traces = self.role != Role::Spec && lines_of(code).any(serves);
            let (span, hampered) = (self.builder.span(&first), hampered.map(|line| self.builder.span(&line)));
            let headings = found.iter().map(|(line, title, _)| self.builder.fenced_heading(line, &text[title.clone()]));
            let headings = headings.collect();
            let behind = lines_of(code).nth(1).map(|line| &code[line]);
            let begins = named || behind.is_some_and(|line| !line.trimmed().is_empty());
            let lost = !found.is_empty();
            self.builder.open_fence = Some(Box::new(OpenFence { span, begins, hampered, traces, headings }));
            if lost {
                self.note_fenced(block);
            }
        }
    }

    /// Notes the requirements that would be stated in the block: one of these is not surely missing.
    fn note_fenced(&mut self, block: &Range<usize>) {
        if self.role != Role::Spec {
            return;
        }
        let text = self.text;
        let mut owner: Option<Id> = None;
        for line in lines_of(&text[block.clone()]) {
            let line = block.start + line.start..block.start + line.end;
            self.signs = Signs::of(&text[line.clone()]);
            if let Some((title, _)) = heading_in(text, &line) {
                if let Some((number, kind, _)) =
                    numbered_heading(text, &title, &self.dialect.table.definitions.numbered)
                {
                    let id = Id::new(&format!("{}{}", kind.prefix, &text[number]));
                    self.builder.note_possible(&id);
                    owner = Some(id);
                } else {
                    self.note_head(&title, true);
                }
                continue;
            }
            let said = text[line.clone()].trimmed();
            let digits = said.bytes().take_while(u8::is_ascii_digit).count();
            if let (Some(owner), 1..=3, true) = (&owner, digits, said[digits..].starts_with(['.', ')'])) {
                self.builder.note_possible(&owner.child(said[..digits].trim_start_matches('0')));
            } else if let Some(item) = ["- ", "* ", "+ "].iter().find_map(|mark| said.strip_prefix(mark)) {
                let start = line.start + text[line.clone()].find(item).unwrap_or_default();
                self.note_head(&(start..start + item.len()), true);
            }
        }
    }
}
