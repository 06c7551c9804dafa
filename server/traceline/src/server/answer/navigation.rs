//! Answers that lead somewhere: definitions, references, symbols.

use crate::keeper::Needs;
use crate::lsp::client_capabilities::Abilities;
use crate::lsp::convert::{encode_place, encode_span};
use crate::lsp::uri_map::UriMap;
use crate::parallel::in_pieces;
use crate::server::state::{Server, failed};
use crate::wire;
use serde::{Deserialize, Serialize, Serializer as _};
use std::borrow::Cow;
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::feature;
use traceline_engine::feature::navigation::definition::Target;
use traceline_engine::feature::navigation::document_symbols::{Outline, OutlineKind};
use traceline_engine::feature::navigation::workspace_symbols::{Spread, SymbolMatch, place_of, workspace_symbols};
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::Place;
use traceline_engine::text::Encoding;
use traceline_engine::world::{Snapshot, View};

impl Server {
    pub(crate) async fn answer_goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            let targets = feature::navigation::definition::definition(snapshot, path, offset);
            encode_targets(snapshot, path, &targets, &uris, abilities.encoding, abilities.links.definition)
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_goto_declaration(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let links = self.abilities().links.declaration;
        self.answer_jump(params, feature::navigation::declaration::declaration, links).await
    }

    pub(crate) async fn answer_goto_implementation(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let links = self.abilities().links.implementation;
        self.answer_jump(params, feature::navigation::implementation::implementation, links).await
    }

    pub(crate) async fn answer_goto_type_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let links = self.abilities().links.type_definition;
        self.answer_jump(params, feature::navigation::type_definition::type_definition, links).await
    }

    async fn answer_jump(
        &self,
        params: GotoDefinitionParams,
        question: fn(&Snapshot, &FilePath, u32) -> Vec<Target>,
        links: bool,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            let targets = question(snapshot, path, offset);
            encode_targets(snapshot, path, &targets, &uris, encoding, links)
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let encoding = self.abilities().encoding;
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            let view = snapshot.view(path)?;
            let found = feature::navigation::document_highlight::document_highlight(snapshot, path, offset);
            let lit = found.into_iter().map(|highlight| DocumentHighlight {
                range: encode_span(&view, highlight.span, encoding),
                kind: Some(if highlight.defines { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
            });
            Some(lit.collect::<Vec<_>>()).filter(|lit| !lit.is_empty())
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let (encoding, uris, definitions) =
            (self.abilities().encoding, self.uris(), params.context.include_declaration);
        let answer = self.ask_at(&params.text_document_position, move |snapshot, path, offset| {
            let places = feature::navigation::references::references(snapshot, path, offset, definitions);
            let found: Vec<Location> =
                places.iter().filter_map(|place| encode_place(snapshot, place, &uris, encoding)).collect();
            (!found.is_empty()).then_some(found)
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        let abilities = self.abilities();
        let uri = params.text_document.uri;
        let path = self.editor.uris.decode(&uri);
        let answer = self.inbox.ask(Needs::Nothing, move |snapshot| {
            let view = snapshot.view(&path)?;
            let outline = feature::navigation::document_symbols::document_symbols(snapshot, &path)?;
            let symbols: Vec<DocumentSymbol> =
                outline.into_iter().map(|entry| encode_outline(&view, entry, abilities)).collect();
            if abilities.symbol_tree {
                return Some(DocumentSymbolResponse::Nested(symbols));
            }
            let mut flat = Vec::new();
            flatten(symbols, &uri, None, &mut flat);
            Some(DocumentSymbolResponse::Flat(flat))
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let answer = self.inbox.ask(Needs::Everything, move |snapshot| {
            let put = |found: &[SymbolMatch<'_>]| encode_symbols(found, &uris, abilities);
            let lists = workspace_symbols(snapshot, &params.query, put, &OnAllCores);
            if lists.is_empty() {
                return None;
            }
            // One list of all: what stands inside of each, between the brackets of one.
            let inside = lists.iter().filter_map(|list| list.get(1..list.len().saturating_sub(1)));
            let mut ready = vec![b'['];
            ready.reserve(lists.iter().map(Vec::len).sum());
            for (at, piece) in inside.enumerate() {
                if at > 0 {
                    ready.push(b',');
                }
                ready.extend_from_slice(piece);
            }
            ready.push(b']');
            Some(ready)
        });
        if let Some(ready) = answer.await.map_err(failed)? {
            wire::answer_with(ready);
        }
        Ok(None)
    }

    pub(crate) async fn answer_symbol_resolve(&self, mut symbol: WorkspaceSymbol) -> Result<WorkspaceSymbol> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let data = symbol.data.clone().and_then(|data| serde_json::from_value::<SymbolData>(data).ok());
        let Some(SymbolData { scope, id }) = data else { return Ok(symbol) };
        let meant = (FilePath::new(&scope), Id::new(&id));
        let answer = self.inbox.ask(Needs::Feature(meant.0.clone()), move |snapshot| {
            encode_place(snapshot, &place_of(snapshot, &meant)?, &uris, encoding)
        });
        if let Some(location) = answer.await.map_err(failed)? {
            symbol.location = OneOf::Left(location);
        }
        Ok(symbol)
    }
}

/// What a symbol remembers until somebody goes there.
#[derive(Debug, Deserialize, Serialize)]
struct SymbolData<'a> {
    scope: Cow<'a, str>,
    id: Cow<'a, str>,
}

/// Has features looked into on several threads where there are many.
struct OnAllCores;

impl Spread for OnAllCores {
    fn spread<T: Sync, R: Send>(&self, items: &[T], few: usize, work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
        in_pieces(items, few, work)
    }
}

/// What a symbol takes as JSON, more or less.
const SYMBOL_BYTES: usize = 320;

/// The symbols as a list in JSON.
fn encode_symbols(found: &[SymbolMatch<'_>], uris: &UriMap, abilities: Abilities) -> Vec<u8> {
    let mut list = Vec::with_capacity(found.len() * SYMBOL_BYTES);
    let symbols = found.iter().map(|found| FoundSymbol::of(found, uris, abilities));
    let written = serde_json::Serializer::new(&mut list).collect_seq(symbols);
    debug_assert!(written.is_ok(), "a list of texts and numbers can always be written");
    list
}

/// A `SymbolInformation`, or a `WorkspaceSymbol` for clients that ask for its range when somebody goes there. There may be
/// as many as there are features, so they are written straight to JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundSymbol<'a> {
    name: &'a str,
    kind: SymbolKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<[SymbolTag; 1]>,
    /// What was there before tags; a `WorkspaceSymbol` has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    deprecated: Option<bool>,
    location: FoundLocation,
    container_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<SymbolData<'a>>,
}

#[derive(Serialize)]
struct FoundLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

impl<'a> FoundSymbol<'a> {
    fn of(found: &'a SymbolMatch<'a>, uris: &UriMap, abilities: Abilities) -> Self {
        let (lazy, tag) = (abilities.symbol_resolve, abilities.strikes.symbol_tag);
        let data = SymbolData { scope: found.scope.as_str().into(), id: found.id.as_str().into() };
        let range = (!lazy).then(|| encode_span(&found.view, found.span, abilities.encoding));
        Self {
            name: &found.name,
            kind: SymbolKind::INTERFACE,
            tags: (found.withdrawn && tag).then_some([SymbolTag::DEPRECATED]),
            deprecated: (found.withdrawn && !tag && !lazy).then_some(true),
            location: FoundLocation { uri: uris.encode(found.view.path), range },
            container_name: found.container,
            data: lazy.then_some(data),
        }
    }
}

/// Jumps as links where the client can show where they start, else as plain places. Nothing at all is null, so that
/// another server's answer is not shadowed.
fn encode_targets(
    snapshot: &Snapshot,
    path: &FilePath,
    targets: &[Target],
    uris: &UriMap,
    encoding: Encoding,
    links: bool,
) -> Option<GotoDefinitionResponse> {
    let origin = snapshot.view(path)?;
    if targets.is_empty() {
        return None;
    }
    if !links {
        let exact = |target: &Target| Place { path: target.whole.path.clone(), span: target.exact };
        let places = targets.iter().filter_map(|target| encode_place(snapshot, &exact(target), uris, encoding));
        return Some(GotoDefinitionResponse::Array(places.collect()));
    }
    let link = |target: &Target| {
        let view = snapshot.view(&target.whole.path)?;
        Some(LocationLink {
            origin_selection_range: Some(encode_span(&origin, target.origin, encoding)),
            target_uri: uris.uri(&target.whole.path)?,
            target_range: encode_span(&view, target.whole.span, encoding),
            target_selection_range: encode_span(&view, target.exact, encoding),
        })
    };
    Some(GotoDefinitionResponse::Link(targets.iter().filter_map(link).collect()))
}

#[expect(deprecated, reason = "the protocol's struct has a deprecated field that must be set")]
fn encode_outline(view: &View<'_>, outline: Outline, abilities: Abilities) -> DocumentSymbol {
    let (kind, detail) = match outline.kind {
        OutlineKind::Section => (SymbolKind::STRING, (!outline.detail.is_empty()).then(|| outline.detail.clone())),
        OutlineKind::Requirement => (SymbolKind::INTERFACE, None),
        OutlineKind::Task(state) => (
            if abilities.symbol_events { SymbolKind::EVENT } else { SymbolKind::FUNCTION },
            Some(state.as_str().to_string()),
        ),
    };
    let (encoding, tag) = (abilities.encoding, abilities.strikes.outline_tag);
    let children: Vec<_> = outline.children.into_iter().map(|child| encode_outline(view, child, abilities)).collect();
    DocumentSymbol {
        name: outline.name,
        detail,
        kind,
        tags: (outline.withdrawn && tag).then(|| vec![SymbolTag::DEPRECATED]),
        deprecated: (outline.withdrawn && !tag).then_some(true),
        range: encode_span(view, outline.whole, encoding),
        selection_range: encode_span(view, outline.exact, encoding),
        children: (!children.is_empty()).then_some(children),
    }
}

/// The outline without its tree, for clients that cannot show one.
#[expect(deprecated, reason = "the protocol's struct has a deprecated field that must be set")]
fn flatten(symbols: Vec<DocumentSymbol>, uri: &Uri, container: Option<&str>, out: &mut Vec<SymbolInformation>) {
    for symbol in symbols {
        let DocumentSymbol { name, kind, range, children, tags, deprecated, .. } = symbol;
        out.push(SymbolInformation {
            name: name.clone(),
            kind,
            tags,
            deprecated,
            location: Location { uri: uri.clone(), range },
            container_name: container.map(String::from),
        });
        flatten(children.unwrap_or_default(), uri, Some(&name), out);
    }
}
