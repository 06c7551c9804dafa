//! Edits that are proposed, never made: replacements in one file, with the words that offer them.

use crate::text::Span;

/// A replacement of a stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What replaces it.
    pub text: String,
}

/// Edits of one file that make a finding go away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// The edits, none overlapping another.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of one edit.
    #[must_use]
    pub fn one(title: String, span: Span, text: impl Into<String>) -> Self {
        Self { title, edits: vec![Edit { span, text: text.into() }] }
    }

    /// `text` with the edits made.
    #[must_use]
    pub fn applied_to(&self, text: &str) -> String {
        let mut edits = self.edits.clone();
        edits.sort_by_key(|edit| edit.span);
        let mut out = text.to_string();
        for edit in edits.iter().rev() {
            out.replace_range(edit.span.range(), &edit.text);
        }
        out
    }
}
