//! The sections of a document beside those of its template, as they are found by place.

use super::heading::Heading;
use crate::template::Schema;
use crate::text::Span;

/// The sections of a document beside those of its template.
#[derive(Debug)]
pub struct Outline<'a> {
    /// What the template asks for.
    pub schema: &'a Schema,
    /// The headings but the title, in the order of the text.
    pub headings: Vec<Heading<'a>>,
    /// The title's text, if the document has one.
    pub title: Option<Span>,
    /// Whether that is the template's.
    pub titled: bool,
    /// Whether it is plain that the document is to have the template's sections: it has many of them and few others, or its
    /// team says so. Else it is a lean document of a team's own, which lacks nothing.
    pub plain: bool,
    /// Level of the headings of sections at the top.
    pub top: u8,
}

impl Outline<'_> {
    /// The section that holds `offset`.
    #[must_use]
    pub fn holder_of(&self, offset: u32) -> Option<usize> {
        let first = self.headings.partition_point(|heading| heading.start() <= offset);
        first.checked_sub(1).filter(|at| offset <= self.headings[*at].own_end)
    }

    /// The headings right under `parent`, or those at the top.
    pub fn inside(&self, parent: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        let from = parent.map_or(0, |parent| parent + 1);
        let inner = (from..self.headings.len())
            .take_while(move |at| parent.is_none_or(|parent| self.headings[*at].start() < self.headings[parent].end));
        inner.filter(move |at| self.headings[*at].parent == parent)
    }
}
