//! The client's copy of an open document. Every edit stays inside one line of ASCII, so that bytes are columns.

use crate::feature::{DANGLING, NO_HEADING};
use serde_json::{Value, json};

pub(crate) struct Document {
    pub(crate) version: i64,
    pub(crate) lines: Vec<String>,
}

/// A place in a document: a line from 0 and a column in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Spot {
    pub(crate) fn encode(self) -> Value {
        json!({"line": self.line, "character": self.column})
    }
}

impl Document {
    pub(crate) fn new(text: &str) -> Self {
        Self { version: 1, lines: text.split('\n').map(str::to_owned).collect() }
    }

    pub(crate) fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// Replaces the columns `from..to` of a line; returns the content change as the server wants it.
    pub(crate) fn edit(&mut self, line: usize, from: usize, to: usize, text: &str, whole: bool) -> Value {
        self.lines[line].replace_range(from..to, text);
        self.version += 1;
        if whole {
            return json!([{"text": self.text()}]);
        }
        json!([{"range": {"start": {"line": line, "character": from}, "end": {"line": line, "character": to}}, "text": text}])
    }

    /// Every place `offset` bytes into an occurrence of `needle`, without those that lead nowhere on purpose.
    pub(crate) fn spots(&self, needle: &str, offset: usize) -> Vec<Spot> {
        let mut spots = Vec::new();
        for (line, text) in self.lines.iter().enumerate() {
            for (start, _) in text.match_indices(needle) {
                let (at, rest) = (start + offset, &text[start + needle.len()..]);
                let leads_nowhere = rest.starts_with(DANGLING) || rest.starts_with(NO_HEADING);
                if text.is_char_boundary(at) && !leads_nowhere {
                    spots.push(Spot { line, column: text[..at].encode_utf16().count() });
                }
            }
        }
        spots
    }

    /// A line of ASCII prose at or after `share` (0 to 1) of the document.
    pub(crate) fn prose(&self, share: f64) -> Option<usize> {
        let from = (self.lines.len() as f64 * share) as usize;
        (from..self.lines.len())
            .find(|line| self.lines[*line].starts_with("The service shall") && self.lines[*line].is_ascii())
    }

    pub(crate) fn dangling(&self) -> usize {
        self.lines.iter().map(|line| line.matches(DANGLING).count()).sum()
    }
}
