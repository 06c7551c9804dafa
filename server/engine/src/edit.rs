//! Edits that are proposed, never made: replacements in files, files to make or to move, with the words that offer them.

use crate::path::FilePath;
use crate::text::{Span, lines_of};
use std::fmt;
use std::ops::Range;

/// A replacement of a stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What replaces it.
    pub text: String,
}

/// Whether a fix may be made without a look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// It cannot change what the document means: case, order, spacing, a reference that stands twice.
    Safe,
    /// It is likely what was meant, and a person should look at it.
    Suggested,
}

impl Safety {
    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Suggested => "suggested",
        }
    }
}

/// Edits of one file that make a finding go away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it may be made without a look at it.
    pub safety: Safety,
    /// The edits, none overlapping another.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that a person should look at.
    #[must_use]
    pub fn of(title: String, edits: Vec<Edit>) -> Self {
        Self { title, safety: Safety::Suggested, edits }
    }

    /// The same of one edit.
    #[must_use]
    pub fn one(title: String, span: Span, text: impl Into<String>) -> Self {
        Self::of(title, vec![Edit { span, text: text.into() }])
    }

    /// The same fix, which cannot change what the document means.
    #[must_use]
    pub fn safe(self) -> Self {
        Self { safety: Safety::Safe, ..self }
    }

    /// `text` with the edits made.
    #[must_use]
    pub fn applied_to(&self, text: &str) -> String {
        apply(text, &self.edits)
    }

    /// The fix as a proposal for the file at `path`.
    #[must_use]
    pub fn proposed_for(&self, path: &FilePath) -> Proposal {
        Proposal::of_file(path, self.edits.clone())
    }
}

/// Edits of any number of files that belong together: all of them are made, or none. Files are made first, then edited,
/// then moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Files to make. None of them exists, and none is overwritten.
    pub created: Vec<Creation>,
    /// Edits of files as they are in the snapshot from which the proposal was made. Edits of one file never overlap, also
    /// when they stand in several entries, one for each label.
    pub changes: Vec<FileEdits>,
    /// Files to move; none is overwritten.
    pub moved: Vec<Move>,
    /// Lines of files that are no documents: a snapshot knows nothing of their texts.
    pub lines: Vec<LineEdits>,
}

/// Edits of whole lines of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineEdits {
    /// The file.
    pub path: FilePath,
    /// The lines to replace, from 0, and what takes their place, with its line terminator.
    pub edits: Vec<(Range<u32>, String)>,
}

/// A file to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creation {
    /// Where.
    pub path: FilePath,
    /// What it says.
    pub text: String,
}

/// Edits of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdits {
    /// The file.
    pub path: FilePath,
    /// The edits; spans count from the file's start.
    pub edits: Vec<Edit>,
    /// What a preview says of them.
    pub label: Option<Label>,
}

/// A file to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Where it is.
    pub from: FilePath,
    /// Where it goes.
    pub to: FilePath,
}

/// What a preview says of a group of edits: the protocol's change annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The group's name.
    pub title: String,
    /// What is to be known about it; may be empty.
    pub about: String,
    /// Whether a person should look at the edits before they are made.
    pub confirm: bool,
}

impl Proposal {
    /// A proposal of edits in one file.
    #[must_use]
    pub fn of_file(path: &FilePath, edits: Vec<Edit>) -> Self {
        Self { changes: vec![FileEdits { path: path.clone(), edits, label: None }], ..Self::default() }
    }

    /// A proposal of one new file.
    #[must_use]
    pub fn of_new_file(path: FilePath, text: String) -> Self {
        Self { created: vec![Creation { path, text }], ..Self::default() }
    }

    /// Whether nothing is proposed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let lines = self.lines.iter().all(|lines| lines.edits.is_empty());
        lines
            && self.created.is_empty()
            && self.moved.is_empty()
            && self.changes.iter().all(|change| change.edits.is_empty())
    }

    /// The files that are edited, in order, each once.
    #[must_use]
    pub fn edited_files(&self) -> Vec<&FilePath> {
        let mut files: Vec<&FilePath> = self.changes.iter().map(|change| &change.path).collect();
        files.sort();
        files.dedup();
        files
    }

    /// `text`, which the file at `path` holds, with the edits made.
    #[must_use]
    pub fn applied_to(&self, path: &FilePath, text: &str) -> String {
        let own = self.changes.iter().filter(|change| change.path == *path);
        let edits: Vec<Edit> = own.flat_map(|change| change.edits.iter().cloned()).collect();
        apply(text, &edits)
    }
}

/// `text` with the edits made. Of several insertions at one place the first comes first.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in sorted {
        let span = edit.span.range();
        out.push_str(text.get(from..span.start).unwrap_or_default());
        out.push_str(&edit.text);
        from = span.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// The edits of a text of `len` bytes that are the same as making `first` and then, in what comes of that, `second`.
pub(crate) fn compose(len: usize, first: &[Edit], second: &[Edit]) -> Vec<Edit> {
    /// What a stretch of a text consists of.
    enum Piece {
        Kept(Range<usize>),
        New(String),
    }
    let mut sorted: Vec<&Edit> = first.iter().collect();
    sorted.sort_by_key(|edit| edit.span);
    let mut pieces = Vec::new();
    let mut at = 0;
    for edit in sorted {
        pieces.push(Piece::Kept(at..edit.span.start as usize));
        pieces.push(Piece::New(edit.text.clone()));
        at = edit.span.end as usize;
    }
    pieces.push(Piece::Kept(at..len));
    let mut sorted: Vec<&Edit> = second.iter().collect();
    sorted.sort_by_key(|edit| edit.span);
    let mut left = sorted.into_iter().peekable();
    let (mut out, mut at): (Vec<Piece>, usize) = (Vec::new(), 0);
    let mut skipped_to = 0;
    for piece in pieces {
        let size = match &piece {
            Piece::Kept(range) => range.len(),
            Piece::New(text) => text.len(),
        };
        let part = |from: usize, to: usize| match &piece {
            Piece::Kept(range) => Piece::Kept(range.start + from..range.start + to),
            Piece::New(text) => Piece::New(text[from..to].to_string()),
        };
        let (start, end) = (at, at + size);
        let mut from = start.max(skipped_to.min(end));
        while let Some(edit) = left.next_if(|edit| (edit.span.start as usize) < end) {
            let begin = edit.span.start as usize;
            out.push(part(from - start, begin - start));
            out.push(Piece::New(edit.text.clone()));
            skipped_to = edit.span.end as usize;
            from = skipped_to.min(end);
        }
        out.push(part(from - start, size));
        at = end;
    }
    out.extend(left.map(|edit| Piece::New(edit.text.clone())));
    let mut edits: Vec<Edit> = Vec::new();
    let (mut done, mut text) = (0, String::new());
    for piece in out.into_iter().chain([Piece::Kept(len..len)]) {
        match piece {
            Piece::New(new) => text.push_str(&new),
            Piece::Kept(range) if range.is_empty() && range.start < len => {}
            Piece::Kept(range) => {
                if range.start > done || !text.is_empty() {
                    edits.push(Edit { span: Span::new(done, range.start), text: std::mem::take(&mut text) });
                }
                done = range.end;
            }
        }
    }
    edits
}

/// The edits that make `new` of `old`: line by line where there are as many lines, else one.
pub(crate) fn differences(old: &str, new: &str) -> Vec<Edit> {
    let lines = |text: &str| lines_of(text).collect::<Vec<_>>();
    let (before, after) = (lines(old), lines(new));
    if before.len() != after.len() {
        return difference(old, new, 0).into_iter().collect();
    }
    before
        .into_iter()
        .zip(after)
        .filter_map(|(from, to)| difference(&old[from.clone()], &new[to], from.start))
        .collect()
}

/// The edit that makes `new` of `old`, which begins at byte `base`.
pub(crate) fn difference(old: &str, new: &str, base: usize) -> Option<Edit> {
    let same = |a: char, b: char| (a == b).then(|| a.len_utf8());
    let front: usize = old.chars().zip(new.chars()).map_while(|(a, b)| same(a, b)).sum();
    let (a, b) = (&old[front..], &new[front..]);
    let back: usize = a.chars().rev().zip(b.chars().rev()).map_while(|(a, b)| same(a, b)).sum();
    let text = b[..b.len() - back].to_string();
    let span = Span::new(base + front, base + old.len() - back);
    (!span.is_empty() || !text.is_empty()).then_some(Edit { span, text })
}

/// Why an edit that was asked for is not proposed, in the user's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn edits_that_are_composed_are_those_one_after_another(
            text in "[a-z]{0,12}",
            first in proptest::collection::vec((0..13_usize, 0..4_usize, "[A-Z]{0,3}"), 0..4),
            second in proptest::collection::vec((0..20_usize, 0..4_usize, "[0-9]{0,3}"), 0..4),
        ) {
            let made = |len: usize, all: Vec<(usize, usize, String)>| {
                let (mut sorted, mut end) = (all, 0);
                sorted.sort();
                let mut edits: Vec<Edit> = Vec::new();
                for (at, size, text) in sorted {
                    let (start, stop) = (at.max(end).min(len), (at.max(end) + size).min(len));
                    // Where one ends another may not begin: which comes first is not said.
                    end = stop + 1;
                    if start + size == stop && at >= start {
                        edits.push(Edit { span: Span::new(start, stop), text });
                    }
                }
                edits
            };
            let first = made(text.len(), first);
            let between = apply(&text, &first);
            let second = made(between.len(), second);
            let composed = compose(text.len(), &first, &second);
            proptest::prop_assert_eq!(apply(&text, &composed), apply(&between, &second));
        }
    }

    #[test]
    fn edits_are_made_in_the_order_of_the_text() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.into() };
        let edits = [edit(4, 5, "E"), edit(2, 2, "x"), edit(0, 1, "A"), edit(2, 2, "y")];
        assert_eq!(apply("abcdef", &edits), "AbxycdEf");
        let path = FilePath::new("/w/a.md");
        let mut proposal = Proposal::of_file(&path, edits[..2].to_vec());
        proposal.changes.push(FileEdits { path: path.clone(), edits: edits[2..].to_vec(), label: None });
        assert_eq!(proposal.applied_to(&path, "abcdef"), "AbxycdEf");
        assert_eq!(proposal.applied_to(&FilePath::new("/w/b.md"), "abcdef"), "abcdef");
        assert_eq!(proposal.edited_files(), [&path]);
    }
}
