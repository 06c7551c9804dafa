//! Features: what an editor can ask, each a function of a snapshot in a file of its own.

pub mod action;
pub mod call_hierarchy;
pub mod code_lenses;
pub mod completion;
pub mod declaration;
pub mod definition;
pub mod document_highlight;
pub mod document_links;
pub mod document_symbols;
pub mod explain;
pub mod file_rename;
pub mod folding_ranges;
pub mod formatting;
pub mod fill_in;
pub(crate) mod named;
pub mod new_file;
pub mod section_completion;
pub mod section_hover;
pub mod hover;
pub(crate) mod hierarchy;
pub mod implementation;
pub mod inlay_hints;
pub(crate) mod item;
pub mod linked_editing;
pub mod on_type;
pub mod references;
pub mod rename;
pub mod selection_ranges;
pub mod semantic_tokens;
pub(crate) mod texts;
pub mod type_definition;
pub mod type_hierarchy;
pub mod workspace_symbols;

use crate::path::FilePath;
use crate::query::Defined;

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

/// A requirement's statement as it is written, without the indentation of its block, cut after some lines.
pub(crate) fn statement_text(source: &dyn Source, defined: &Defined<'_>) -> String {
    const MOST_LINES: usize = 24;
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
    let mut lines: Vec<&str> = text.lines().collect();
    let indent = lines
        .iter()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let cut = lines.len() > MOST_LINES;
    lines.truncate(MOST_LINES);
    let mut out: Vec<&str> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { line.trim_start() } else { line.get(indent..).unwrap_or("") })
        .collect();
    if cut {
        out.push("…");
    }
    out.join("\n")
}
