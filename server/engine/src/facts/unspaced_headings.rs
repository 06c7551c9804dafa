//! Headings without a space behind their `#`s, which are read as what they were meant to be, and those that stand behind other
//! text in its line: both are text to CommonMark.

use super::Words;
use super::line_head::{LineHead, dotted_number, head_at, numbered_heading};
use super::reader::{Leaf, Nest, Reader};
use super::signs::Signs;
use crate::dialect::{Role, contains};
use crate::text::{Span, Trim};
use std::ops::Range;

/// A line that would be a heading if a space stood behind its `#`s, or the end of a line that would be one in a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnspacedHeading {
    /// The line from the first of these `#`s on.
    pub span: Span,
    /// How many `#`s there are.
    pub level: u8,
    /// What stands behind them, without marks.
    pub title: Words,
    /// [`super::title_key`] of that.
    pub key: u32,
    /// Whether it would define something, or say what is defined below it. It is read as if it did, so that nothing else is
    /// amiss on its account.
    pub defines: bool,
    /// What keeps it from being one.
    pub slip: Slip,
}

/// What keeps a line from being a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// No space stands behind the `#`s.
    Space,
    /// It stands behind other text in its line.
    Behind,
    /// The `#`s stand alone in the line before.
    Alone,
}

impl Reader<'_> {
    /// Reads a block of text, in which a line may be a heading without its space.
    pub(super) fn read_text(&mut self, range: &Range<usize>, lines: &[Range<usize>]) {
        let begins = |line: &Range<usize>| self.text.as_bytes().get(line.start) == Some(&b'#');
        if self.quotes > 0 || !self.signs.hold(Signs::HASH) {
            return self.read_block(range, lines);
        }
        if !lines.iter().any(begins) {
            lines.iter().for_each(|line| self.note_glued(line));
            return self.read_block(range, lines);
        }
        // Where a list goes on in this line, it is read when that is over.
        let inside = !self.nest.is_empty();
        let (mut run, mut end, mut headed) = (None, range.start, false);
        for line in lines {
            if self.defines_glued(line) {
                if let Some(start) = run.take() {
                    self.read_run(&(start..end));
                }
                if inside {
                    self.late.push(line.start..range.end);
                    return;
                }
                headed = self.read_glued(line);
            } else {
                if run.is_none() && headed {
                    self.builder.fill();
                }
                self.note_glued(line);
                run.get_or_insert(line.start);
            }
            end = line.end;
        }
        if let Some(start) = run {
            self.read_run(&(start..range.end));
        }
    }

    fn read_run(&mut self, range: &Range<usize>) {
        let lines = self.block_lines(range);
        self.read_block(range, &lines);
    }

    /// Reads what follows a list or table though CommonMark takes it for a part of that, now that the block, which ends at
    /// `end`, is over.
    pub(super) fn read_late(&mut self, end: usize) {
        if !self.nest.is_empty() {
            return;
        }
        for range in std::mem::take(&mut self.late) {
            self.signs = Signs::of(&self.text[range.clone()]);
            let lines = self.block_lines(&range);
            self.read_text(&range, &lines);
            // More items may stand behind it.
            if self.text.get(range.end..end).is_some_and(|rest| !rest.trimmed().is_empty()) {
                self.builder.fill();
            }
        }
    }

    /// Reads the line as a heading if it would define something but for the space; says whether it did.
    pub(super) fn read_glued(&mut self, line: &Range<usize>) -> bool {
        if !self.defines_glued(line) {
            return false;
        }
        let Some(rest) = self.unspaced_heading(line) else { return false };
        let level = rest.start - line.start;
        self.builder.unspaced_heading(
            line,
            u8::try_from(level).unwrap_or(6),
            &self.text[rest.clone()],
            true,
            Slip::Space,
        );
        self.builder.end_section();
        self.headed = None;
        let column_0 = line.start == 0 || matches!(self.text.as_bytes()[line.start - 1], b'\n' | b'\r');
        self.heading = (line.start, self.nest.is_empty() && column_0);
        self.read_heading(u8::try_from(level).unwrap_or(6), &rest);
        true
    }

    /// Notes a line that may be a section of the document's template, or ends with a heading.
    fn note_glued(&mut self, line: &Range<usize>) {
        if !matches!(self.role, Role::Spec | Role::Plan | Role::Tasks) || self.context.is_spilled() {
            return;
        }
        if let Some(rest) = self.unspaced_heading(line).filter(|rest| rest.start > line.start + 1) {
            let level = u8::try_from(rest.start - line.start).unwrap_or(6);
            self.builder.unspaced_heading(line, level, &self.text[rest], false, Slip::Space);
        } else {
            self.note_behind(line);
        }
    }

    /// Notes a heading whose line was joined to the one before: `…is sent.### Late parcels`, or `###` alone at its end.
    fn note_behind(&mut self, line: &Range<usize>) {
        let text = &self.text[line.clone()];
        let Some(at) = memchr::memchr_iter(b'#', text.as_bytes()).find(|at| text[at + 1..].starts_with('#')) else {
            return;
        };
        let level = text[at..].bytes().take_while(|byte| *byte == b'#').count();
        let ends =
            |c: char| c.is_alphanumeric() || matches!(c, '.' | '!' | '?' | ')' | '。' | '！' | '？' | '）' | '*');
        let rest = &text[at + level..];
        let title = rest.trimmed();
        // A small letter goes on with a sentence about such marks.
        let begins = rest.starts_with(' ') && title.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
        // In a quotation lines may be parted by `\n`.
        let shown = self.masks.end_of(line.start + at).is_some() || text.contains("\\n");
        if !(2..=6).contains(&level) || shown || !text[..at].ends_with(ends) || !(title.is_empty() || begins) {
            return;
        }
        let own = line.start + at..line.end;
        self.builder.unspaced_heading(&own, u8::try_from(level).unwrap_or(6), title, false, Slip::Behind);
    }

    /// Notes a heading whose title slipped into the line below its `#`s.
    pub(super) fn note_alone(&mut self, leaf: &Leaf, lines: &[Range<usize>]) {
        /// In words; a longer line is text.
        const LONGEST: usize = 10;
        let judged = matches!(self.role, Role::Spec | Role::Plan | Role::Tasks) && !self.context.is_spilled();
        let plain = self.is_own_paragraph(leaf);
        let ([line], true) = (lines, judged && plain) else { return };
        let Some(before) = self.text[..line.start].trim_end_matches(' ').strip_suffix('\n') else { return };
        let marks = before.trim_end_matches(['\r', ' ', '\t']);
        let bare = marks.trim_end_matches('#');
        let level = marks.len() - bare.len();
        if !(2..=6).contains(&level) || !(bare.is_empty() || bare.ends_with(['\n', '\r'])) {
            return;
        }
        let title = self.text[line.clone()].trim();
        let begins = title.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase());
        let ends = title.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '）' | '`' | '*'));
        let short = title.split_whitespace().count() <= LONGEST && title.contains(char::is_alphabetic);
        if begins && ends && short {
            let own = bare.len()..line.end;
            self.builder.unspaced_heading(&own, u8::try_from(level).unwrap_or(6), title, false, Slip::Alone);
        }
    }

    /// Whether the first cell of a row is a line of its own that defines something: nothing else ends a table.
    pub(super) fn is_glued_row(&self, cell: &Range<usize>) -> bool {
        let outer = matches!(self.nest[..], [Nest::Table { .. }, Nest::Row { .. }]);
        let text = &self.text[cell.clone()];
        outer && text.starts_with('#') && {
            let rest = &self.text[cell.end..];
            let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
            !line.contains('|') && self.defines_glued(cell)
        }
    }

    /// What stands behind the `#`s that `line` begins with, where no blank parts them and the line is no code.
    fn unspaced_heading(&self, line: &Range<usize>) -> Option<Range<usize>> {
        let text = &self.text[line.clone()];
        let marks = text.bytes().take_while(|b| *b == b'#').count();
        let rest = text[marks..].trimmed_end();
        if !(1..=6).contains(&marks) || !rest.starts_with(|c: char| !c.is_whitespace() && c != '\\') {
            return None;
        }
        // Far in, or behind anything else, it would be no heading either.
        let before = &self.text[..line.start];
        let indent = before.len() - before.trim_end_matches(' ').len();
        let margin = indent == before.len() || before[..before.len() - indent].ends_with(['\n', '\r']);
        let inside = !self.nest.is_empty();
        if !margin || indent > 3 || inside && indent > 0 || self.masks.end_of(line.start).is_some() {
            return None;
        }
        let start = line.start + marks;
        // `##Title##`
        let closed = rest.trim_end_matches('#');
        let closed = if rest.len() - closed.len() > 0 && !closed.ends_with('{') { closed.trimmed_end() } else { rest };
        (!closed.is_empty()).then(|| start..start + closed.len())
    }

    /// The id that `start..end` starts with; behind a `#`, where no id begins, as if a space stood there.
    pub(super) fn head_at(&self, start: usize, end: usize) -> Option<LineHead> {
        let families = &self.dialect.families;
        if !self.text[..start].ends_with('#') {
            return head_at(self.text, start, end, families);
        }
        let head = head_at(&self.text[start..end], 0, end - start, families)?;
        Some(LineHead { start: head.start + start, end: head.end + start, title: head.title + start, ..head })
    }

    /// Whether the line would define something, or say what is defined below it, if a space stood behind its `#`s.
    fn defines_glued(&self, line: &Range<usize>) -> bool {
        if self.role != Role::Spec || self.context.is_spilled() || self.quotes > 0 {
            return false;
        }
        let Some(rest) = self.unspaced_heading(line) else { return false };
        let title = &self.text[rest.clone()];
        // A single one is also the mark of a tag: `#FR-1`, `#story`.
        let many = rest.start > line.start + 1;
        let rules = &self.dialect.table.definitions;
        let begins = |words: &[String]| {
            let found =
                words.iter().find(|word| title.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word)));
            found.is_some_and(|word| !title[word.len()..].trimmed().is_empty())
        };
        if self.requirement_name(title).is_some() || many && begins(&rules.scenarios) {
            return true;
        }
        if rules.changes.iter().any(|change| change.heading.eq_ignore_ascii_case(title.trimmed())) {
            return true;
        }
        let parted = |behind: usize| {
            let text = &self.text[behind..rest.end];
            many || text.starts_with([':', '：', '—', '–', '.']) && text.chars().any(char::is_alphanumeric)
        };
        if rules.headings
            && let Some(head) = self.head_at(rest.start, rest.end)
        {
            return parted(head.end);
        }
        if let Some((number, ..)) = numbered_heading(self.text, &rest, &rules.numbered) {
            return parted(number.end);
        }
        let words = title.split(['(', '（', ':', '：', '—', '–']).next().unwrap_or_default();
        many && (rules.sections && dotted_number(self.text, rest.start, rest.end).is_some()
            || contains(&rules.criteria, words.trim_matches(|c: char| !c.is_alphanumeric()))
            || contains(&self.dialect.table.withdrawn.headings, words.trim_matches(|c: char| !c.is_alphanumeric())))
    }
}
