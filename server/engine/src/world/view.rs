//! A file of a snapshot, open or closed: what it says, and where its bytes are as an editor counts.

use super::file::Closed;
use super::unpacked::Unpacked;
use crate::dialect::Role;
use crate::document::Document;
use crate::facts::{Certainty, Facts, Form, Holds, Named};
use crate::letter_set::LetterSet;
use crate::path::FilePath;
use crate::text::{Encoding, Lines, Position, Range, Span, position_in};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

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
    Closed(Shut<'a>),
}

/// Notes that somebody looks at the facts of a part of an open document. Nobody counts that but the tests: of a long document
/// each look is likely to miss the cache, which no count of instructions shows.
fn looked() {
    #[cfg(test)]
    LOOKS.set(LOOKS.get() + 1);
}

#[cfg(test)]
thread_local! {
    pub(crate) static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// A closed file, and where its facts are put when somebody looks at them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shut<'a> {
    pub(super) closed: &'a Closed,
    pub(super) facts: &'a OnceLock<Arc<Facts>>,
    /// Who is told that they lie there: none where they go away by themselves.
    pub(super) unpacked: Option<&'a Unpacked>,
}

impl<'a> Shut<'a> {
    fn facts(self, path: &FilePath) -> &'a Facts {
        self.facts.get_or_init(|| {
            self.unpacked.into_iter().for_each(|all| all.note(path));
            self.closed.facts_once()
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
        match self.text {
            Text::Open(document) => document.parts().next().is_some_and(|(_, facts)| facts.prompt),
            Text::Closed(shut) => shut.closed.prompt,
        }
    }

    /// What the file says, in order, each part with the offset that its spans are relative to. A closed file has one part.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = (u32, &'a Facts)> + use<'a> {
        let (document, closed) = match self.text {
            Text::Open(document) => (Some(document), None),
            Text::Closed(shut) => (None, Some(shut.facts(self.path))),
        };
        let parts = document.into_iter().flat_map(|document| document.parts()).map(|(base, facts)| (base, &**facts));
        parts.inspect(|_| looked()).chain(closed.map(|facts| (0, facts)))
    }

    /// The part that holds the byte `offset`, with the offset that its spans are relative to.
    #[must_use]
    pub fn part_at(&self, offset: u32) -> Option<(u32, &'a Facts)> {
        match self.text {
            Text::Open(document) => {
                looked();
                document.part_at(offset).map(|(base, facts)| (base, &**facts))
            }
            Text::Closed(shut) => Some((0, shut.facts(self.path))),
        }
    }

    /// Those of its parts that hold some of `wanted`: of a long document most are passed over without a look at them.
    pub fn parts_with(&self, wanted: Holds) -> impl Iterator<Item = (u32, &'a Facts)> + use<'a> {
        let (document, closed) = match self.text {
            Text::Open(document) => (Some(document), None),
            Text::Closed(shut) => (None, shut.closed.holds.any(wanted).then(|| shut.facts(self.path))),
        };
        let open = document.into_iter().flat_map(move |document| document.parts_with(wanted));
        open.map(|(base, facts)| (base, &**facts)).inspect(|_| looked()).chain(closed.map(|facts| (0, facts)))
    }

    /// Where its links lead, each once and in no order.
    pub(crate) fn link_targets(&self) -> FxHashSet<&'a str> {
        match self.text {
            Text::Open(document) => document.link_targets().collect(),
            Text::Closed(shut) => {
                let facts = shut.facts(self.path);
                facts.links.iter().map(|link| facts.text(link.target)).collect()
            }
        }
    }

    /// The first heading of the file.
    pub(crate) fn first_heading(&self) -> Option<Span> {
        self.parts().find_map(|(base, facts)| Some(facts.sections.first()?.head.shifted(base)))
    }

    /// Whether some part holds some of `wanted`.
    #[must_use]
    pub fn holds(&self, wanted: Holds) -> bool {
        match self.text {
            Text::Open(document) => document.parts_with(wanted).next().is_some(),
            Text::Closed(shut) => shut.closed.holds.any(wanted),
        }
    }

    /// The facts of a closed file for whoever looks at them once: they are not kept for others.
    pub(super) fn facts_once(&self) -> Option<Arc<Facts>> {
        match self.text {
            Text::Open(_) => None,
            Text::Closed(shut) => Some(shut.facts.get().cloned().unwrap_or_else(|| shut.closed.facts_once())),
        }
    }

    /// What it defines, in the order of the text: those that are `wanted`, by their places among all, and nothing else of a
    /// file whose facts are packed.
    pub fn definitions<F: Fn(usize) -> bool + Copy>(
        &self,
        wanted: F,
    ) -> impl Iterator<Item = (usize, Named<'a>)> + use<'a, F> {
        let (document, shut) = match self.text {
            Text::Open(document) => (Some(document), None),
            Text::Closed(shut) => (None, Some(shut)),
        };
        let packed = shut.filter(|shut| !shut.closed.packed.is_empty()).map(|shut| &shut.closed.packed);
        let plain = if packed.is_none() { shut.map(|shut| (0, shut.facts(self.path))) } else { None };
        let open = document.into_iter().flat_map(|document| document.parts()).map(|(base, facts)| (base, &**facts));
        let told = |(base, facts): (u32, &'a Facts)| {
            let named = facts.definitions.iter().map(|it| Named::of(facts, it));
            named.map(move |named| Named { place: named.place.shifted(base), ..named })
        };
        let packed = packed.into_iter().flat_map(move |packed| packed.definitions(wanted));
        open.chain(plain).flat_map(told).enumerate().filter(move |(at, _)| wanted(*at)).chain(packed)
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
            Text::Closed(shut) => shut.closed.lines == Lines::of(text),
        }
    }

    /// The position of a byte offset.
    #[must_use]
    pub fn position(&self, offset: u32, encoding: Encoding) -> Position {
        match self.text {
            Text::Open(document) => position_in(document.rope(), offset, encoding),
            Text::Closed(shut) => shut.closed.lines.position(offset, encoding),
        }
    }

    /// The line of a byte, from 0.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        self.position(offset, Encoding::Utf8).line
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
            Text::Closed(shut) => return shut.closed.lines.line_start(offset),
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

    /// The letters of each definition's id and title, kept for closed files alone, which have one part, and were not read
    /// briefly.
    pub(crate) fn letter_sets(&self) -> Option<&'a [LetterSet]> {
        match self.text {
            Text::Open(_) => None,
            Text::Closed(Shut { closed, .. }) => closed.lettered.then_some(&*closed.letter_sets),
        }
    }

    /// Whether it may hold a link to the file or folder `target` or into it.
    #[must_use]
    pub fn may_lead_to(&self, target: &FilePath) -> bool {
        match self.text {
            Text::Open(_) => true,
            Text::Closed(shut) => shut.closed.links.may_lead(self.path, target),
        }
    }

    /// The lines of its text, for many positions at once.
    #[must_use]
    pub fn lines(&self) -> Cow<'a, Lines> {
        match self.text {
            Text::Open(document) => Cow::Owned(Lines::of(&document.rope().to_string())),
            Text::Closed(shut) => Cow::Borrowed(&shut.closed.lines),
        }
    }

    /// Whether the file is a plan document, by its name or because it defines or names requirements. Whatever is shown of a
    /// whole document is shown of these alone: other Markdown is left to other servers.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        let speaks = |facts: &Facts| {
            !facts.traces.is_empty()
                || facts.definitions.iter().any(|definition| definition.form.rank() < Form::WEAKEST)
                || facts.references.iter().any(|reference| reference.sure == Certainty::Firm)
        };
        !matches!(self.role, Role::Other | Role::None)
            || self.role == Role::Other && self.parts().any(|(_, facts)| speaks(facts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{put, world};

    #[test]
    fn parts_that_hold_nothing_asked_for_are_passed_over() {
        let text = "# P\n\nText.\n\n## A\n\n- **FR-1**: x\n\n## B\n\n[What to say here]\n\n## C\n\n## D\n\n<!-- traceline: allow empty-section -->\nText.\n";
        let mut world = world("//- a/plan.md\n# Plan\n");
        let path = FilePath::new("/w/a/spec.md");
        let at = |title: &str| crate::text::narrow(text.find(title).unwrap());
        for open in [true, false] {
            if open {
                world.open(&path, 1, text);
            } else {
                world.close(&path);
                put(&mut world, &path, text);
            }
            let snapshot = world.snapshot();
            let view = snapshot.view(&path).unwrap();
            let bases = |wanted| view.parts_with(wanted).map(|(base, _)| base).collect::<Vec<_>>();
            let one = |title: &str| vec![if open { at(title) } else { 0 }];
            assert_eq!(bases(Holds::DEFINITIONS), one("## A"));
            assert_eq!(bases(Holds::HINTS), one("## B"));
            assert_eq!(bases(Holds::EMPTY_SECTIONS), one("## C"));
            assert_eq!(bases(Holds::SUPPRESSIONS), one("## D"));
            assert_eq!((bases(Holds::NAMES), view.holds(Holds::DELTAS)), (vec![], false));
        }
    }
}
