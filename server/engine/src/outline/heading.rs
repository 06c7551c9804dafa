//! A heading of a document beside the section of its template that it begins.

use crate::facts::{Facts, Section};
use crate::text::Span;

/// A heading of a document and the section that it begins. Places count from the file's start.
#[derive(Debug)]
pub struct Heading<'a> {
    /// What the facts say of it.
    pub section: &'a Section,
    /// The facts that say it.
    pub facts: &'a Facts,
    /// What their spans are relative to.
    pub base: u32,
    /// Where the next heading starts; for the last one, behind any text.
    pub own_end: u32,
    /// Where the section ends with all that is in it.
    pub end: u32,
    /// 1 at the top; 0 above that.
    pub depth: u8,
    /// The section around it.
    pub parent: Option<usize>,
    /// Whether there are headings in it.
    pub has_children: bool,
    /// The section of the template that it is.
    pub slot: Option<usize>,
    /// Its number where the template counts it.
    pub number: Option<u32>,
    /// How it comes to be that section.
    pub fit: Fit,
}

/// How a heading and a section of the template came together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// By its title, where the template has it.
    Exact,
    /// By its title without a mistake: what it should be called.
    Misspelt(String),
    /// By what its title seems to mean, or on another level: nothing is said of it.
    Alike,
    /// By its title, but inside another section than that of the template: the heading that it belongs under, none at the
    /// top.
    Astray(Option<usize>),
    /// By its title, where the section that should hold it is missing.
    Orphan,
}

impl Heading<'_> {
    /// The heading's first byte.
    #[must_use]
    pub fn start(&self) -> u32 {
        self.base + self.section.start
    }

    /// The heading's text.
    #[must_use]
    pub fn head(&self) -> Span {
        self.section.head.shifted(self.base)
    }

    /// The heading's text without marks.
    #[must_use]
    pub fn title(&self) -> &str {
        self.facts.text(self.section.title)
    }

    /// Whether it stands where the template has it, as far as anybody can say.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        self.slot.is_some() && !matches!(self.fit, Fit::Astray(_) | Fit::Orphan)
    }
}
