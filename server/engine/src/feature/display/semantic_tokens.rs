//! Semantic tokens: requirement ids by what they do and whether they are served, trace lines, task numbers, hints to fill in.

use crate::batch::Meanings;
use crate::facts::{Form, Reach, State};
use crate::id::Id;
use crate::index::is_believed;
use crate::path::FilePath;
use crate::text::Span;
use crate::world::Snapshot;
use rustc_hash::FxHashMap;

/// What a token is; its number is its place in [`TYPES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The id of a requirement.
    Requirement,
    /// What opens a trace line: `_Requirements:`.
    Trace,
    /// The number of a task.
    Task,
    /// Text of a template that is still to be filled in.
    Placeholder,
}

/// The types of tokens in the words of the protocol (LSP 3.17, `SemanticTokenTypes`), which themes know.
pub const TYPES: [&str; 4] = ["interface", "keyword", "event", "parameter"];

/// What is said of a token: bits in the order of [`MODIFIERS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(pub u32);

/// What is said of tokens. `definition` and `deprecated` are the protocol's; the others are this server's own.
pub const MODIFIERS: [&str; 7] =
    ["definition", "reference", "unresolved", "covered", "done", "placeholder", "deprecated"];

impl Marks {
    /// The id is defined here.
    pub const DEFINITION: Marks = Marks(1);
    /// The id is named here.
    pub const REFERENCE: Marks = Marks(1 << 1);
    /// Nothing defines the id.
    pub const UNRESOLVED: Marks = Marks(1 << 2);
    /// A plan or task serves the requirement.
    pub const COVERED: Marks = Marks(1 << 3);
    /// The task is done.
    pub const DONE: Marks = Marks(1 << 4);
    /// The text is a hint.
    pub const PLACEHOLDER: Marks = Marks(1 << 5);
    /// The requirement is withdrawn.
    pub const DEPRECATED: Marks = Marks(1 << 6);

    fn with(self, other: Marks, holds: bool) -> Self {
        if holds { Self(self.0 | other.0) } else { self }
    }
}

/// A coloured stretch of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The stretch, from the file's start; it ends on the line where it begins.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// What is said of it.
    pub marks: Marks,
}

/// The tokens of the open document at `path` that touch `within`, in order, none over another; none at all where it is no
/// plan document.
#[must_use]
pub fn semantic_tokens(snapshot: &Snapshot, path: &FilePath, within: Span) -> Option<Vec<Token>> {
    let view = snapshot.view(path)?;
    let rope = view.document()?.rope();
    if !view.is_ours() {
        return None;
    }
    let slice = |span: Span| {
        let (start, end) = (span.start as usize, (span.end as usize).min(rope.len_bytes()));
        rope.get_byte_slice(start.min(end)..end).map_or_else(String::new, |slice| slice.to_string())
    };
    let mut meanings = Meanings::of(snapshot, view.scope);
    let mut covered = Covered { snapshot, known: FxHashMap::default() };
    let mut out: Vec<Token> = Vec::new();
    for (base, facts) in view.parts() {
        let touches = |span: Span| span.start <= within.end && within.start <= span.end;
        for definition in &facts.definitions {
            let id = facts.id(definition.id);
            let span = definition.place.shifted(base);
            let defines = || {
                let index = meanings.lookup.own();
                index.is_some_and(|index| index.names_of(path).is_some_and(|names| names.defines(id)))
            };
            if touches(span) && definition.form.rank() < Form::WEAKEST && defines() {
                let marks = Marks::DEFINITION
                    .with(Marks::COVERED, covered.of(view.scope, id))
                    .with(Marks::DEPRECATED, definition.withdrawn);
                out.push(Token { span, kind: TokenKind::Requirement, marks });
            }
        }
        let mut at = 0;
        while let Some(reference) = facts.references.get(at) {
            // All that one range means is one token.
            let same = facts.references[at..].iter().take_while(|other| other.span == reference.span).count();
            let all = &facts.references[at..at + same];
            at += same;
            let span = reference.span.shifted(base);
            if !touches(span) {
                continue;
            }
            let (mut resolved, mut served, mut gone) = (false, true, true);
            for reference in all {
                for (scope, id) in meanings.meant_by(facts, reference) {
                    resolved = true;
                    served &= covered.of(scope, id);
                    gone &= covered.is_withdrawn(scope, id);
                }
            }
            let lookup = &meanings.lookup;
            let believed = all.iter().any(|reference| {
                reference.reach != Reach::Within
                    && is_believed(reference.sure, facts.id(reference.id), |family| lookup.defines_family(family))
            });
            if resolved || believed {
                let marks = Marks::REFERENCE
                    .with(Marks::UNRESOLVED, !resolved && lookup.complete)
                    .with(Marks::COVERED, resolved && served)
                    .with(Marks::DEPRECATED, resolved && gone);
                out.push(Token { span, kind: TokenKind::Requirement, marks });
            }
        }
        for trace in &facts.traces {
            let label = Span { start: trace.line.start, end: trace.value.start.max(trace.line.start) }.shifted(base);
            if touches(label) {
                let length = slice(label).trim_end().len();
                let span = Span::new(label.start as usize, label.start as usize + length);
                out.push(Token { span, kind: TokenKind::Trace, marks: Marks::default() });
            }
        }
        for task in &facts.tasks {
            let (number, head) = (facts.text(task.number), task.head.shifted(base));
            if touches(head) && !number.is_empty() && slice(head).starts_with(number) {
                let span = Span::new(head.start as usize, head.start as usize + number.len());
                let marks = Marks::default().with(Marks::DONE, task.state == State::Done);
                out.push(Token { span, kind: TokenKind::Task, marks });
            }
        }
        for placeholder in &facts.placeholders {
            let span = placeholder.shifted(base);
            if touches(span) {
                out.push(Token { span, kind: TokenKind::Placeholder, marks: Marks::PLACEHOLDER });
            }
        }
    }
    // Not every client can show tokens over one another or over several lines.
    for token in &mut out {
        if let Some(end) = slice(token.span).find(['\n', '\r']) {
            token.span.end = token.span.start + crate::text::narrow(end);
        }
    }
    out.sort_by_key(|token| (token.span.start, std::cmp::Reverse(token.span.end)));
    let mut end = 0;
    out.retain(|token| {
        let free = token.span.start >= end && !token.span.is_empty();
        end = if free { token.span.end } else { end };
        free
    });
    Some(out)
}

/// Which requirements are served, each asked once.
struct Covered<'a> {
    snapshot: &'a Snapshot,
    /// Whether each is covered, and whether it is withdrawn.
    known: FxHashMap<(FilePath, Id), (bool, bool)>,
}

impl Covered<'_> {
    fn of(&mut self, scope: &FilePath, id: &Id) -> bool {
        self.looked_up(scope, id).0
    }

    fn is_withdrawn(&mut self, scope: &FilePath, id: &Id) -> bool {
        self.looked_up(scope, id).1
    }

    fn looked_up(&mut self, scope: &FilePath, id: &Id) -> (bool, bool) {
        let snapshot = self.snapshot;
        *self.known.entry((scope.clone(), id.clone())).or_insert_with(|| {
            snapshot.index(scope).map_or((false, false), |index| (index.is_covered(id), index.is_withdrawn(id)))
        })
    }
}

/// What turns one list into another: some entries are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice<T> {
    /// The first entry that is replaced.
    pub start: usize,
    /// How many are.
    pub delete: usize,
    /// What stands there instead.
    pub insert: Vec<T>,
}

/// The one splice that turns `old` into `new`; none where they are the same. Places are relative to the token before, so an
/// edit changes the tokens beside it and no others.
#[must_use]
pub fn delta<T: Clone + PartialEq>(old: &[T], new: &[T]) -> Option<Splice<T>> {
    if old == new {
        return None;
    }
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let behind = old[start..].iter().rev().zip(new[start..].iter().rev());
    let same = behind.take_while(|(old, new)| old == new).count();
    Some(Splice { start, delete: old.len() - start - same, insert: new[start..new.len() - same].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;
    use proptest::prelude::*;

    const ALL: Span = Span { start: 0, end: u32::MAX };

    /// Each token as `text kind marks`.
    fn drawn(fixture: &str, within: Span) -> Option<Vec<String>> {
        let (world, path, _) = cursor(fixture);
        let snapshot = world.snapshot();
        let text = snapshot.document(&path)?.rope().to_string();
        let tokens = semantic_tokens(&snapshot, &path, within)?;
        let draw = |token: Token| {
            let marks: Vec<_> = MODIFIERS
                .iter()
                .enumerate()
                .filter(|(bit, _)| token.marks.0 >> bit & 1 == 1)
                .map(|(_, name)| *name)
                .collect();
            format!("{} {} {}", &text[token.span.range()], TYPES[token.kind as usize], marks.join("+"))
                .trim_end()
                .to_string()
        };
        Some(tokens.into_iter().map(draw).collect())
    }

    #[test]
    fn ids_tell_what_they_do_and_whether_they_are_served() {
        assert_eq!(
            drawn("//- a/spec.md\n$0# S\n\n- **FR-1**: A\n- **FR-2**: see FR-1, FR-9, UTF-8 and R2\n- **FR-3**: [what it does]\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1_\n", ALL).unwrap(),
            [
                "FR-1 interface definition+covered",
                "FR-2 interface definition",
                "FR-1 interface reference+covered",
                "FR-9 interface reference+unresolved",
                "FR-3 interface definition",
                "[what it does] parameter placeholder",
            ]
        );
    }

    #[test]
    fn trace_lines_open_with_a_keyword_and_tasks_with_their_number() {
        assert_eq!(
            drawn("//- a/spec.md\n- **FR-1**: A\n- **FR-2**: B\n//- a/tasks.md\n$0- [x] 1. Make\n  - _Requirements: FR-1–FR-2, FR-1_\n- [ ] 2. Take\n", ALL).unwrap(),
            ["1 event done", "_Requirements: keyword", "FR-1–FR-2 interface reference+covered", "FR-1 interface reference+covered", "2 event"]
        );
    }

    #[test]
    fn a_range_gives_what_it_touches_and_other_markdown_nothing() {
        let fixture = "//- a/spec.md\n$0- **FR-1**: A\n- **FR-2**: B\n- **FR-3**: C\n";
        assert_eq!(drawn(fixture, Span::new(16, 20)).unwrap(), ["FR-2 interface definition"]);
        assert_eq!(drawn("//- a/README.md\n$0# Read me\n\n[the link text] and more\n", ALL), None);
    }

    proptest! {
        #[test]
        fn a_delta_turns_the_old_into_the_new(old in prop::collection::vec(0..3u8, 0..12), new in prop::collection::vec(0..3u8, 0..12)) {
            let mut changed = old.clone();
            if let Some(Splice { start, delete, insert }) = delta(&old, &new) {
                prop_assert!(delete > 0 || !insert.is_empty());
                changed.splice(start..start + delete, insert);
            }
            prop_assert_eq!(changed, new);
        }
    }
}
