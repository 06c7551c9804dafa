//! `traceline.showReferences`: the places that refer to the requirement at a place. An editor that can lists them; in others a
//! message says them.

use super::call::{Answer, Arguments, Command};
use crate::lsp::client_capabilities::SHOW_REFERENCES;
use crate::lsp::convert::encode_place;
use crate::server::state::{Server, failed};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Location, MessageType, Position, TextDocumentIdentifier, TextDocumentPositionParams, Uri};
use traceline_engine::feature;
use traceline_engine::query::{Place, symbols_at};
use traceline_engine::text::Encoding;
use traceline_engine::world::Snapshot;

pub(super) const COMMAND: Command = Command { name: SHOW_REFERENCES, run };

/// A message names so many lines.
const MOST_SAID: usize = 12;

/// Arguments: the document's URI, a position in it and, where they are known already, the places.
fn run(server: &Server, mut arguments: Arguments) -> Result<Answer<'_>> {
    let uri: Uri = arguments.next("the URI of a document")?;
    let position: Position = arguments.next("a position in the document")?;
    if let Some(known) = arguments.optional::<Vec<Location>>("a list of places")? {
        return Ok(Box::pin(async move { Ok(serde_json::to_value(known).ok()) }));
    }
    let (encoding, uris) = (server.abilities().encoding, server.uris());
    let at = TextDocumentPositionParams { text_document: TextDocumentIdentifier { uri }, position };
    let says = !server.abilities().commands.shows_places;
    let answer = server.ask_at(&at, move |snapshot, path, offset| {
        let places = feature::navigation::references::references(snapshot, path, offset, false);
        let id = || Some(symbols_at(snapshot, &snapshot.view(path)?, offset).into_iter().next()?.id);
        let said = id().filter(|_| says && !places.is_empty()).map(|id| {
            let lines = lines(snapshot, &places);
            format!("`{id}` is named in {lines}")
        });
        let places: Vec<Location> =
            places.iter().filter_map(|place| encode_place(snapshot, place, &uris, encoding)).collect();
        Some((said, serde_json::to_value(places).ok()?))
    });
    Ok(Box::pin(async move {
        let (said, places) = answer.await.map_err(failed)?.unwrap_or_else(|| (None, serde_json::json!([])));
        if let Some(said) = said {
            server.client.show_message(MessageType::INFO, said).await;
        }
        Ok(Some(places))
    }))
}

/// The lines on which the places stand, as far as somebody reads them: `specs/a/tasks.md:3`.
fn lines(snapshot: &Snapshot, places: &[Place]) -> String {
    let line = |place: &Place| {
        let line = snapshot.view(&place.path)?.position(place.span.start, Encoding::Utf8).line + 1;
        Some(format!("{}:{line}", snapshot.display_path(&place.path)))
    };
    let mut all: Vec<String> = places.iter().filter_map(line).collect();
    all.dedup();
    let more = all.len().saturating_sub(MOST_SAID);
    all.truncate(MOST_SAID);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", all.join(", "))
}
