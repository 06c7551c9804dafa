//! Texts for features: of open documents the rope, of closed files what the source says, if that is still what was read.

use super::Source;
use crate::edit::Refusal;
use crate::text::Span;
use crate::world::{Snapshot, View};
use ropey::Rope;
use std::borrow::Cow;

/// The text of a file.
#[derive(Clone, Debug)]
pub(crate) enum FileText<'a> {
    Open(&'a Rope),
    Closed(String),
}

impl<'a> FileText<'a> {
    /// The text of the file, or why it cannot be edited.
    pub(crate) fn of(snapshot: &Snapshot, source: &dyn Source, view: &View<'a>) -> Result<Self, Refusal> {
        if let Some(document) = view.document() {
            return Ok(Self::Open(document.rope()));
        }
        let name = snapshot.spoken(view.path);
        let Some(text) = source.text(view.path) else {
            return Err(Refusal(format!("{name} cannot be read any more, so nothing was changed")));
        };
        if view.is_as_read(&text) { Ok(Self::Closed(text)) } else { Err(changed(name)) }
    }

    /// The bytes of `span`; none where the text has no such place.
    pub(crate) fn slice(&self, span: Span) -> Option<Cow<'_, str>> {
        match self {
            Self::Open(rope) => rope.get_byte_slice(span.range()).map(Cow::from),
            Self::Closed(text) => text.get(span.range()).map(Cow::Borrowed),
        }
    }

    /// The line terminator of the text: that of its first line.
    pub(crate) fn newline(&self) -> &'static str {
        let first = match self {
            Self::Open(rope) => rope.line(0).to_string(),
            Self::Closed(text) => text[..text.find('\n').map_or(0, |at| at + 1)].to_string(),
        };
        if first.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// All of the text.
    pub(crate) fn whole(&self) -> Cow<'_, str> {
        match self {
            Self::Open(rope) => Cow::from(*rope),
            Self::Closed(text) => Cow::Borrowed(text),
        }
    }
}

/// What is said where a file is not any more what was read.
pub(crate) fn changed(name: &str) -> Refusal {
    Refusal(format!("{name} has changed on disk and was not read again yet, so nothing was changed · try again"))
}
