//! The schema of a document: its sections, and what each asks for.

use super::heading::Heading;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a document of one kind looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The title, if the template has one.
    pub title: Option<Heading>,
    /// What the comment below the title says.
    pub help: String,
    /// What stands below the title, before the first section.
    pub preface: String,
    /// The sections in the order of the template, parents before their children.
    pub slots: Vec<Slot>,
    /// The sections at the top.
    pub top: Vec<usize>,
    /// Sections by the key of their title, where it is always the same.
    pub keys: FxHashMap<u32, Vec<usize>>,
    /// Keys of everything in brackets: what is left of it in a document has not been filled in.
    pub hints: FxHashSet<u32>,
}

/// A section of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its heading.
    pub heading: Heading,
    /// 1 at the top.
    pub depth: u8,
    /// The section it is in.
    pub parent: Option<usize>,
    /// The sections in it.
    pub children: Vec<usize>,
    /// What follows from its comment.
    pub options: Options,
    /// What the author is told about it.
    pub help: String,
    /// The key and marks of its trace line, if it wants one: `_Requirements: %_`, with `%` for the ids.
    pub trace: Option<String>,
    /// Its labelled bullets.
    pub labels: Vec<Label>,
    /// Its headings and texts; a repeated section may have several.
    pub bodies: Vec<(Heading, String)>,
}

/// What a comment below a heading asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A document may do without it.
    pub optional: bool,
    /// No document may: a template of another tool says so.
    pub mandatory: bool,
    /// Such a template has nothing to be written in it, or lets documents leave out what they have no use for.
    pub free: bool,
    /// A document may do without it, though nearly every document has it.
    pub usual: bool,
    /// Its hints may stay: few documents have a use for it.
    pub spare: bool,
    /// There may be any number of them.
    pub repeats: bool,
    /// Their numbers count from 1 without a gap.
    pub sequence: bool,
}

/// A bullet that begins with a label: `- **Backend**: [language and framework]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The label's words.
    pub name: String,
    /// The whole line, from the bullet on.
    pub line: String,
}

/// Something in a template that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where, from the template's start.
    pub span: Span,
    /// What, in the author's words.
    pub message: String,
}

impl Schema {
    /// The sections of `parent`, or those at the top.
    #[must_use]
    pub fn children_of(&self, parent: Option<usize>) -> &[usize] {
        parent.map_or(&self.top, |parent| &self.slots[parent].children)
    }

    /// Whether a document whose title is `folded` bears the template's title.
    #[must_use]
    pub fn is_titled(&self, folded: &str) -> bool {
        self.title.as_ref().is_some_and(|title| title.pattern.is_telling() && title.pattern.matches(folded).is_some())
    }
}
