//! Texts for features: of open documents the rope, of closed files what the source says, if that is still what was read.

use crate::edit::{Edit, Refusal, apply};
use crate::path::FilePath;
use crate::query::Defined;
use crate::text::Span;
use crate::world::{Snapshot, Trial, View};
use ropey::Rope;
use std::borrow::Cow;

/// Texts of closed files, which the engine does not keep. Open documents are never asked for.
pub trait Source {
    /// The text of the file, or none where it cannot be read any more.
    fn text(&self, path: &FilePath) -> Option<String>;
}

/// No texts at all: answers fall back to the titles that are kept.
impl Source for () {
    fn text(&self, _: &FilePath) -> Option<String> {
        None
    }
}

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
        let name = snapshot.display_path(view.path);
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

    /// Makes `edits`, in their order, of the file at `path`, whose text this is, in a trial.
    pub(crate) fn try_out(&self, trial: &mut Trial, path: &FilePath, edits: &[Edit]) {
        match self {
            Self::Open(_) => {
                let edits: Vec<(Span, &str)> = edits.iter().map(|edit| (edit.span, edit.text.as_str())).collect();
                trial.edit(path, &edits);
            }
            Self::Closed(text) => trial.put(path, &apply(text, edits)),
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

/// So many lines of a statement are shown beside the text.
const MOST_LINES: usize = 24;

/// A requirement's statement as it is written, without the indentation of its block, cut after some lines.
pub(crate) fn statement_text(source: &dyn Source, defined: &Defined<'_>) -> String {
    let whole = whole_statement(source, defined);
    match whole.lines().nth(MOST_LINES) {
        Some(_) => whole.lines().take(MOST_LINES).chain(["…"]).collect::<Vec<_>>().join("\n"),
        None => whole,
    }
}

/// All of it.
pub(crate) fn whole_statement(source: &dyn Source, defined: &Defined<'_>) -> String {
    let span = defined.statement();
    let text = match defined.view.document() {
        Some(document) => {
            let rope = document.rope();
            let (start, end) = ((span.start as usize).min(rope.len_bytes()), (span.end as usize).min(rope.len_bytes()));
            let (start, end) = (rope.char_to_byte(rope.byte_to_char(start)), rope.char_to_byte(rope.byte_to_char(end)));
            Some(rope.byte_slice(start..end).to_string())
        }
        None => source.text(&defined.view.path.clone()).and_then(|text| {
            let end = (span.end as usize).min(text.len());
            text.get(span.start as usize..end).map(String::from)
        }),
    };
    // A file that has changed since it was read may hold anything at that place.
    let id = defined.facts.id(defined.definition.id).as_str();
    let Some(text) = text.filter(|text| !defined.definition.form.is_written() || text.contains(id)) else {
        return defined.title().to_string();
    };
    let text = text.trim_end();
    let lines: Vec<&str> = text.lines().collect();
    let indent = lines
        .iter()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let dedented = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { line.trim_start() } else { line.get(indent..).unwrap_or("") });
    dedented.collect::<Vec<_>>().join("\n")
}

/// The bytes of `span` in an open document.
pub(crate) fn slice(view: &View<'_>, span: Span) -> Option<String> {
    view.document()?.rope().get_byte_slice(span.range()).map(|text| text.to_string())
}
