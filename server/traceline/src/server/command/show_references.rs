//! `traceline.showReferences`: the places that refer to the requirement at a place. An editor that can shows them; others
//! get them as an answer.

use super::call::{Answer, Arguments, Command};
use crate::lsp::convert::encode_place;
use crate::server::state::{Server, failed};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Location, Position, TextDocumentIdentifier, TextDocumentPositionParams, Uri};
use traceline_engine::feature;

pub(super) const COMMAND: Command = Command { name: "traceline.showReferences", run };

/// Arguments: the document's URI, a position in it and, where they are known already, the places.
fn run(server: &Server, mut arguments: Arguments) -> Result<Answer<'_>> {
    let uri: Uri = arguments.next("the URI of a document")?;
    let position: Position = arguments.next("a position in the document")?;
    if let Some(known) = arguments.optional::<Vec<Location>>("a list of places")? {
        return Ok(Box::pin(async move { Ok(serde_json::to_value(known).ok()) }));
    }
    let (encoding, uris) = (server.abilities().encoding, server.uris());
    let at = TextDocumentPositionParams { text_document: TextDocumentIdentifier { uri }, position };
    let nothing = || Some(serde_json::json!([]));
    let answer = server.ask_at(&at, move |snapshot, path, offset| {
        let places = feature::navigation::references::references(snapshot, path, offset, false);
        let places: Vec<Location> =
            places.iter().filter_map(|place| encode_place(snapshot, place, &uris, encoding)).collect();
        serde_json::to_value(places).ok()
    });
    Ok(Box::pin(async move { Ok(answer.await.map_err(failed)?.or_else(nothing)) }))
}
