//! Fences that were to begin a block of code and are code themselves, as the block above is still open.

use super::open_fence::heading_in;
use super::reader::Reader;
use super::title_key;
use crate::dialect::Role;
use crate::text::{Span, Trim, lines_of};
use std::ops::Range;

/// A line of a fenced block that would begin one if none were open. It closes none: what does has no words behind it
/// (CommonMark 0.31, 4.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InnerFence {
    /// The line without its indentation and line break.
    pub span: Span,
    /// The first line of the block that it stands in.
    pub around: Span,
    /// The line between them that would close the block if nothing stood behind the marks: ```` ```## Next ````.
    pub hampered: Option<Span>,
    /// What that block is said to hold.
    pub holds: Held,
    /// [`title_key`]s of the headings of level 2 and below that are code, too: those in the block above the first fence in
    /// it, unless it shows Markdown.
    pub headings: Box<[u32]>,
}

/// What a fenced block is said to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing is said.
    Anything,
    /// Markdown, which may show a fence.
    Markdown,
    /// Some other language.
    Code,
}

impl Held {
    fn of(info: &str) -> Self {
        let language = info.trimmed().split([' ', '{', ',']).next().unwrap_or_default().to_ascii_lowercase();
        match language.as_str() {
            "" => Self::Anything,
            "markdown" | "md" | "mdx" => Self::Markdown,
            _ => Self::Code,
        }
    }
}

/// Deeper indented, a fence is code wherever it stands. In columns.
const DEEPEST: usize = 3;

/// Whether what stands behind the marks names a language: one word, perhaps with attributes (`ts title="x"`).
fn names_language(info: &str) -> bool {
    let (word, rest) = info.split_at(info.find([' ', '{']).unwrap_or(info.len()));
    let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.' | ':' | '/');
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(sign)
        && (rest.is_empty() || rest.contains(['=', '{']) && !rest.contains('`'))
}

impl Reader<'_> {
    /// Notes the lines of a fenced block of backticks that begin a block with a language as if none were open.
    pub(super) fn read_inner_fences(&mut self, info: &str, block: &Range<usize>) {
        if self.quotes > 0 || !matches!(self.role, Role::Spec | Role::Plan | Role::Tasks) {
            return;
        }
        let text = self.text;
        let code = &text[block.clone()];
        let marks = &code[..code.bytes().take_while(|b| *b == b'`').count()];
        let mut near = memchr::memmem::find_iter(code.as_bytes(), "```").filter(|at| *at > marks.len());
        // Mostly the only one is that which closes it.
        let Some(first) = near.next().filter(|_| !marks.is_empty()) else { return };
        if code[first..].trimmed_end().bytes().all(|b| b == b'`') {
            return;
        }
        let column = block.start - text[..block.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let around = block.start..block.start + code.lines().next().unwrap_or_default().trimmed_end().len();
        let (mut hampered, mut headings, mut parted) = (None, Vec::new(), false);
        let holds = Held::of(info);
        for line in lines_of(code).skip(1) {
            let said = code[line.clone()].trimmed_end();
            let blank = std::mem::replace(&mut parted, said.is_empty());
            let bare = said.trim_start_matches([' ', '\t']);
            let Some(rest) = bare.strip_prefix(marks) else {
                // Without a blank line before it, `##` begins a comment in many a language.
                let whole = block.start + line.start..block.start + line.end;
                let head = bare.starts_with('#') && holds != Held::Markdown && (blank || holds == Held::Anything);
                if head && let Some((title, _)) = heading_in(text, &whole).filter(|(_, level)| *level > 1) {
                    headings.push(title_key(text[title].trim_matches(['*', '_'])));
                }
                continue;
            };
            let words = rest.trim_start_matches('`').trimmed();
            if said.len() - bare.len() > column + DEEPEST {
                continue;
            }
            let end = block.start + line.start + said.len();
            let place = self.builder.span(&(end - bare.len()..end));
            if words.starts_with('#') {
                hampered = hampered.or(Some(place));
            } else if names_language(words) {
                let around = self.builder.span(&around);
                let headings = headings.drain(..).collect();
                self.builder.inner_fences.push(InnerFence { span: place, around, hampered, holds, headings });
            }
        }
    }
}
