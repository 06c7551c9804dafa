//! Answers that are graphs: the trace graph as a call hierarchy, the tree of ids as a type hierarchy.

use crate::keeper::Needs;
use crate::lsp::convert::encode_place;
use crate::lsp::uri_map::UriMap;
use crate::server::state::{Server, failed};
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::feature::hierarchies::call_hierarchy::{self, Edge, ItemKind};
use traceline_engine::feature::hierarchies::type_hierarchy;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::Place;
use traceline_engine::text::Encoding;
use traceline_engine::world::Snapshot;

impl Server {
    pub(crate) async fn answer_prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            let items = call_hierarchy::prepare(snapshot, path, offset);
            let items = items.into_iter().filter_map(|item| encode_call(snapshot, item, &uris, encoding));
            some(items.collect())
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        let call = |from, from_ranges| CallHierarchyIncomingCall { from, from_ranges };
        self.answer_calls(params.item, call_hierarchy::incoming, call).await
    }

    pub(crate) async fn answer_outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        let call = |to, from_ranges| CallHierarchyOutgoingCall { to, from_ranges };
        self.answer_calls(params.item, call_hierarchy::outgoing, call).await
    }

    async fn answer_calls<T: Send + 'static>(
        &self,
        item: CallHierarchyItem,
        question: fn(&Snapshot, &call_hierarchy::Key) -> Vec<Edge>,
        call: fn(CallHierarchyItem, Vec<Range>) -> T,
    ) -> Result<Option<Vec<T>>> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let Some(key) = decode_call(item.data) else { return Ok(None) };
        let home = match &key {
            call_hierarchy::Key::Requirement((scope, _)) => scope.clone(),
            call_hierarchy::Key::Node(path, ..) => path.clone(),
        };
        let answer = self.inbox.ask(Needs::Feature(home), move |snapshot| {
            let edges = question(snapshot, &key).into_iter().filter_map(|edge| {
                let ranges = edge.places.iter().filter_map(|place| encode_place(snapshot, place, &uris, encoding));
                let ranges = ranges.map(|location| location.range).collect();
                Some(call(encode_call(snapshot, edge.item, &uris, encoding)?, ranges))
            });
            some(edges.collect())
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_prepare_type_hierarchy(
        &self,
        params: TypeHierarchyPrepareParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            encode_types(snapshot, type_hierarchy::prepare(snapshot, path, offset), &uris, encoding)
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_supertypes(
        &self,
        params: TypeHierarchySupertypesParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.answer_types(params.item, type_hierarchy::supertypes).await
    }

    pub(crate) async fn answer_subtypes(
        &self,
        params: TypeHierarchySubtypesParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.answer_types(params.item, type_hierarchy::subtypes).await
    }

    async fn answer_types(
        &self,
        item: TypeHierarchyItem,
        question: fn(&Snapshot, &type_hierarchy::Key) -> Vec<type_hierarchy::Item>,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let Some(key) = decode_type(item.data) else { return Ok(None) };
        let home = match &key {
            type_hierarchy::Key::Capability(path) => path.clone(),
            type_hierarchy::Key::Requirement((scope, _)) => scope.clone(),
        };
        let answer = self.inbox.ask(Needs::Feature(home), move |snapshot| {
            encode_types(snapshot, question(snapshot, &key), &uris, encoding)
        });
        answer.await.map_err(failed)
    }
}

fn some<T>(all: Vec<T>) -> Option<Vec<T>> {
    (!all.is_empty()).then_some(all)
}

/// What an item remembers between two questions.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum Data {
    Requirement { scope: String, id: String },
    Node { path: String, start: u32, title: String },
    Capability { path: String },
}

fn decode(data: Option<LSPAny>) -> Option<Data> {
    serde_json::from_value(data?).ok()
}

fn decode_call(data: Option<LSPAny>) -> Option<call_hierarchy::Key> {
    match decode(data)? {
        Data::Requirement { scope, id } => {
            Some(call_hierarchy::Key::Requirement((FilePath::new(&scope), Id::new(&id))))
        }
        Data::Node { path, start, title } => Some(call_hierarchy::Key::Node(FilePath::new(&path), start, title)),
        _ => None,
    }
}

fn decode_type(data: Option<LSPAny>) -> Option<type_hierarchy::Key> {
    match decode(data)? {
        Data::Requirement { scope, id } => {
            Some(type_hierarchy::Key::Requirement((FilePath::new(&scope), Id::new(&id))))
        }
        Data::Capability { path } => Some(type_hierarchy::Key::Capability(FilePath::new(&path))),
        Data::Node { .. } => None,
    }
}

fn encode_call(
    snapshot: &Snapshot,
    item: call_hierarchy::Item,
    uris: &UriMap,
    encoding: Encoding,
) -> Option<CallHierarchyItem> {
    let selection = Place { path: item.whole.path.clone(), span: item.exact };
    let Location { uri, range } = encode_place(snapshot, &item.whole, uris, encoding)?;
    let data = match item.key {
        call_hierarchy::Key::Requirement((scope, id)) => {
            Data::Requirement { scope: scope.to_string(), id: id.to_string() }
        }
        call_hierarchy::Key::Node(path, start, title) => Data::Node { path: path.to_string(), start, title },
    };
    Some(CallHierarchyItem {
        name: item.name,
        kind: match item.kind {
            ItemKind::Requirement => SymbolKind::INTERFACE,
            ItemKind::Section | ItemKind::Heading => SymbolKind::STRING,
            ItemKind::Task(_) => SymbolKind::EVENT,
        },
        tags: item.withdrawn.then(|| vec![SymbolTag::DEPRECATED]),
        detail: Some(item.detail),
        uri,
        range,
        selection_range: encode_place(snapshot, &selection, uris, encoding)?.range,
        data: serde_json::to_value(data).ok(),
    })
}

fn encode_types(
    snapshot: &Snapshot,
    items: Vec<type_hierarchy::Item>,
    uris: &UriMap,
    encoding: Encoding,
) -> Option<Vec<TypeHierarchyItem>> {
    some(items.into_iter().filter_map(|item| encode_type(snapshot, item, uris, encoding)).collect())
}

fn encode_type(
    snapshot: &Snapshot,
    item: type_hierarchy::Item,
    uris: &UriMap,
    encoding: Encoding,
) -> Option<TypeHierarchyItem> {
    let selection = Place { path: item.whole.path.clone(), span: item.exact };
    let Location { uri, range } = encode_place(snapshot, &item.whole, uris, encoding)?;
    let (kind, data) = match item.key {
        type_hierarchy::Key::Capability(path) => (SymbolKind::MODULE, Data::Capability { path: path.to_string() }),
        type_hierarchy::Key::Requirement((scope, id)) => {
            let kind = if id.scenario().is_some() { SymbolKind::METHOD } else { SymbolKind::INTERFACE };
            (kind, Data::Requirement { scope: scope.to_string(), id: id.to_string() })
        }
    };
    Some(TypeHierarchyItem {
        name: item.name,
        kind,
        // The library has one tag where the protocol has a list (LSP 3.17, `TypeHierarchyItem`).
        tags: None,
        detail: Some(item.detail),
        uri,
        range,
        selection_range: encode_place(snapshot, &selection, uris, encoding)?.range,
        data: serde_json::to_value(data).ok(),
    })
}
