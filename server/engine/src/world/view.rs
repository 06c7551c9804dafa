//! A file of a snapshot, open or closed: what it says, and where its bytes are as an editor counts.

use super::{Closed, Scope, Snapshot};
use crate::dialect::Role;
use crate::document::Document;
use crate::facts::{Facts, Form, Sure};
use crate::id::Id;
use crate::letters::Letters;
use crate::path::FilePath;
use crate::text::{Encoding, Lines, Position, Range, Span, position_in};
use std::borrow::Cow;
use std::ops::Bound;
use std::sync::Arc;

/// A file as it is at one moment.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Where it is.
    pub path: &'a FilePath,
    /// What it is for.
    pub role: Role,
    /// The scope it belongs to.
    pub scope: &'a FilePath,
    pub(super) text: Text<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Text<'a> {
    Open(&'a Arc<Document>),
    Closed(&'a Closed),
}

impl Snapshot {
    /// The scopes next to `scope` in order that define `id`.
    pub fn neighbours_defining(&self, id: &Id, scope: &FilePath) -> impl Iterator<Item = &FilePath> {
        let all = self.defined.get(id);
        let before = all.and_then(|all| all.range((Bound::Unbounded, Bound::Excluded(scope.clone()))).next_back());
        let after = all.and_then(|all| all.range((Bound::Excluded(scope.clone()), Bound::Unbounded)).next());
        before.into_iter().chain(after)
    }

    /// Where `id` was looked for in vain from `scope`, in words: features have ids of their own.
    #[must_use]
    pub fn spoken_home<'a>(&'a self, scope: &'a FilePath, id: &Id) -> &'a str {
        match self.spoken(scope) {
            "" => "this document",
            "." if self.neighbours_defining(id, scope).next().is_some() => "the documents above the features",
            "." => "this workspace",
            place => place,
        }
    }

    /// Every known file below `folder`, with its role.
    pub fn files_below<'a>(&'a self, folder: &'a FilePath) -> impl Iterator<Item = (&'a FilePath, Role)> {
        let from = (Bound::Included(folder.clone()), Bound::Unbounded);
        let near = self.homes.range(from).take_while(|(path, _)| path.as_str().starts_with(folder.as_str()));
        let below = near.filter(|(path, _)| path.is_within(folder.as_str()));
        below.filter_map(|(path, home)| Some((path, self.scopes.get(home)?.files.get(path)?.role)))
    }

    /// Every file that has been read or is open, scope by scope, without looking any of them up.
    pub fn views(&self) -> impl Iterator<Item = View<'_>> {
        self.scopes.iter().flat_map(|(folder, scope)| self.views_of(folder, scope))
    }

    /// Those of one scope.
    pub fn views_in(&self, folder: &FilePath) -> impl Iterator<Item = View<'_>> {
        self.scopes.get_key_value(folder).into_iter().flat_map(|(folder, scope)| self.views_of(folder, scope))
    }

    fn views_of<'a>(&'a self, folder: &'a FilePath, scope: &'a Scope) -> impl Iterator<Item = View<'a>> {
        scope.files.iter().filter_map(move |(path, file)| {
            let text = match &file.closed {
                Some(closed) if !file.open => Text::Closed(closed),
                _ => Text::Open(self.open.get(path)?),
            };
            Some(View::new(path, file.role, folder, text))
        })
    }
}

impl<'a> View<'a> {
    /// A file that `role` is the role of by its path. What is written for an agent says so itself.
    pub(super) fn new(path: &'a FilePath, role: Role, scope: &'a FilePath, text: Text<'a>) -> Self {
        let view = Self { path, role, scope, text };
        Self { role: if view.is_prompt() { Role::None } else { role }, ..view }
    }

    /// Whether its front matter says that it is written for an agent.
    #[must_use]
    pub fn is_prompt(&self) -> bool {
        self.parts().next().is_some_and(|(_, facts)| facts.prompt)
    }

    /// What the file says, in order, each part with the offset that its spans are relative to. A closed file has one part.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = (u32, &'a Facts)> + use<'a> {
        let (document, closed) = match self.text {
            Text::Open(document) => (Some(document), None),
            Text::Closed(closed) => (None, Some(closed)),
        };
        let parts = document.into_iter().flat_map(|document| document.parts()).map(|(base, facts)| (base, &**facts));
        parts.chain(closed.map(|closed| (0, &*closed.facts)))
    }

    /// The document, if the file is open.
    #[must_use]
    pub fn document(&self) -> Option<&'a Arc<Document>> {
        match self.text {
            Text::Open(document) => Some(document),
            Text::Closed(_) => None,
        }
    }

    /// Whether `text` has the lines that the closed file had when it was read: otherwise it has changed since. An open
    /// document is what its editor says.
    #[must_use]
    pub fn is_as_read(&self, text: &str) -> bool {
        match self.text {
            Text::Open(_) => true,
            Text::Closed(closed) => closed.lines == Lines::of(text),
        }
    }

    /// The position of a byte offset.
    #[must_use]
    pub fn position(&self, offset: u32, encoding: Encoding) -> Position {
        match self.text {
            Text::Open(document) => position_in(document.rope(), offset, encoding),
            Text::Closed(closed) => closed.lines.position(offset, encoding),
        }
    }

    /// The positions of a span.
    #[must_use]
    pub fn range(&self, span: Span, encoding: Encoding) -> Range {
        Range { start: self.position(span.start, encoding), end: self.position(span.end, encoding) }
    }

    /// The first byte of the line that holds a byte.
    #[must_use]
    pub fn line_start(&self, offset: u32) -> u32 {
        let document = match self.text {
            Text::Open(document) => document,
            Text::Closed(closed) => return closed.lines.line_start(offset),
        };
        let rope = document.rope();
        let mut at = (offset as usize).min(rope.len_bytes());
        while at > 0 {
            let (chunk, start, ..) = rope.chunk_at_byte(at - 1);
            if let Some(end) = memchr::memrchr2(b'\n', b'\r', &chunk.as_bytes()[..at - start]) {
                return crate::text::narrow(start + end + 1);
            }
            at = start;
        }
        0
    }

    /// The span without the blanks and line ends at its end. A closed file's text is not at hand, so there it stays.
    #[must_use]
    pub fn trimmed(&self, span: Span) -> Span {
        let Some(document) = self.document() else { return span };
        let rope = document.rope();
        let mut end = (span.end as usize).min(rope.len_bytes());
        while end > span.start as usize && rope.byte(end - 1).is_ascii_whitespace() {
            end -= 1;
        }
        Span { start: span.start, end: crate::text::narrow(end) }
    }

    /// The letters of each definition's id and title, kept for closed files alone, which have one part.
    pub(crate) fn letters(&self) -> Option<&'a [Letters]> {
        match self.text {
            Text::Open(_) => None,
            Text::Closed(closed) => Some(&closed.letters),
        }
    }

    /// The lines of its text, for many positions at once.
    #[must_use]
    pub fn lines(&self) -> Cow<'a, Lines> {
        match self.text {
            Text::Open(document) => Cow::Owned(Lines::of(&document.rope().to_string())),
            Text::Closed(closed) => Cow::Borrowed(&closed.lines),
        }
    }

    /// Whether the file is a plan document, by its name or because it defines or names requirements. Whatever is shown of a
    /// whole document is shown of these alone: other Markdown is left to other servers.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        let speaks = |facts: &Facts| {
            !facts.traces.is_empty()
                || facts.definitions.iter().any(|definition| definition.form.rank() < Form::WEAKEST)
                || facts.references.iter().any(|reference| reference.sure == Sure::Firm)
        };
        !matches!(self.role, Role::Other | Role::None)
            || self.role == Role::Other && self.parts().any(|(_, facts)| speaks(facts))
    }
}
