//! Between the protocol's types and the engine's: `decode` comes in, `encode` goes out.

use super::client_capabilities::Abilities;
use super::uri_map::UriMap;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::document::Change;
use traceline_engine::edit::Move;
use traceline_engine::path::FilePath;
use traceline_engine::query::Place;
use traceline_engine::text::{self, Encoding, Span, offset_in};
use traceline_engine::world::{Snapshot, View};

/// The byte offset of a position in the open document at `path`.
pub(crate) fn decode_offset(
    snapshot: &Snapshot,
    path: &FilePath,
    position: Position,
    encoding: Encoding,
) -> Option<u32> {
    let document = snapshot.document(path)?;
    Some(offset_in(document.rope(), decode_position(position), encoding))
}

pub(crate) fn decode_position(position: Position) -> text::Position {
    text::Position { line: position.line, column: position.character }
}

pub(crate) fn decode_range(range: Range) -> text::Range {
    text::Range { start: decode_position(range.start), end: decode_position(range.end) }
}

pub(crate) fn decode_change(change: TextDocumentContentChangeEvent) -> Change {
    Change { range: change.range.map(decode_range), text: change.text }
}

/// The moves of files and folders that a client tells of.
pub(crate) fn decode_moves(params: &RenameFilesParams, uris: &UriMap) -> Vec<Move> {
    let path = |uri: &str| uri.parse().ok().map(|uri| uris.path_of(&uri));
    let one = |file: &FileRename| Some(Move { from: path(&file.old_uri)?, to: path(&file.new_uri)? });
    params.files.iter().filter_map(one).collect()
}

pub(crate) fn encode_range(range: text::Range) -> Range {
    let at = |position: text::Position| Position { line: position.line, character: position.column };
    Range { start: at(range.start), end: at(range.end) }
}

pub(crate) fn encode_span(view: &View<'_>, span: Span, encoding: Encoding) -> Range {
    encode_range(view.range(span, encoding))
}

pub(crate) fn encode_place(snapshot: &Snapshot, place: &Place, uris: &UriMap, encoding: Encoding) -> Option<Location> {
    let view = snapshot.view(&place.path)?;
    Some(Location { uri: uris.uri(&place.path)?, range: encode_span(&view, place.span, encoding) })
}

pub(crate) fn encode_documentation(text: String, abilities: Abilities) -> Documentation {
    Documentation::MarkupContent(encode_markup(text, abilities.markdown_documentation))
}

pub(crate) fn encode_markup(text: String, markdown: bool) -> MarkupContent {
    if markdown {
        MarkupContent { kind: MarkupKind::Markdown, value: text }
    } else {
        // Bold and italic marks only get in the way of a client that does not render them.
        MarkupContent { kind: MarkupKind::PlainText, value: text.replace("**", "") }
    }
}
