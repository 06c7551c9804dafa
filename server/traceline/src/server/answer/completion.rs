//! Answers while an id or a section is typed: completion.

use crate::disk::Disk;
use crate::keeper::Needs;
use crate::lsp::client_capabilities::{Abilities, Strikes};
use crate::lsp::convert::{encode_documentation, encode_span};
use crate::server::state::{Server, failed};
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::feature;
use traceline_engine::feature::completion::id_completion::{Completion, Item};
use traceline_engine::feature::completion::section_completion::{Piece, Pieces};
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::text::Span;
use traceline_engine::world::View;

impl Server {
    pub(crate) async fn answer_completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let abilities = self.abilities();
        let answer = self.ask_at(&params.text_document_position, move |snapshot, path, offset| {
            let view = snapshot.view(path)?;
            if let Some(completion) = feature::completion::id_completion::completion(snapshot, path, offset) {
                return Some(encode_completion(&view, completion, abilities));
            }
            let pieces = feature::completion::section_completion::section_completion(snapshot, path, offset)?;
            Some(encode_pieces(&view, offset, pieces, abilities))
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_completion_resolve(&self, mut item: CompletionItem) -> Result<CompletionItem> {
        let abilities = self.abilities();
        let Some(data) = item.data.clone().and_then(|data| serde_json::from_value::<ItemData>(data).ok()) else {
            return Ok(item);
        };
        let (scope, id) = data.place();
        // The item was made of a feature that has been read.
        let answer = self.inbox.ask(Needs::Feature(scope.clone()), move |snapshot| {
            feature::completion::id_completion::documentation(snapshot, &Disk, &scope, &id)
        });
        if let Some(text) = answer.await.map_err(failed)? {
            item.documentation = Some(encode_documentation(text, abilities));
        }
        Ok(item)
    }
}

/// What a completion item remembers until it is looked at.
#[derive(Debug, Deserialize, Serialize)]
struct ItemData {
    pub(crate) scope: String,
    pub(crate) id: String,
}

impl ItemData {
    fn place(&self) -> (FilePath, Id) {
        (FilePath::new(&self.scope), Id::new(&self.id))
    }
}

fn encode_completion(view: &View<'_>, completion: Completion, abilities: Abilities) -> CompletionResponse {
    let (insert, replace) = (
        encode_span(view, completion.insert, abilities.encoding),
        encode_span(view, completion.replace, abilities.encoding),
    );
    let items =
        completion.items.into_iter().enumerate().map(|(at, item)| encode_item(at, item, insert, replace, abilities));
    CompletionResponse::List(CompletionList { is_incomplete: completion.incomplete, items: items.collect() })
}

/// Pieces of a template at `offset`, as snippets where the client knows them.
fn encode_pieces(view: &View<'_>, offset: u32, pieces: Pieces, abilities: Abilities) -> CompletionResponse {
    let replace = encode_span(view, pieces.replace, abilities.encoding);
    let insert = encode_span(view, Span { end: offset, ..pieces.replace }, abilities.encoding);
    let items = pieces.items.into_iter().enumerate().map(|(at, piece)| {
        let Piece { label, filter, detail, help, text, snippet } = piece;
        let stops = abilities.snippets && snippet != text;
        let new_text = if abilities.snippets { snippet } else { text };
        let text_edit = if abilities.insert_replace {
            CompletionTextEdit::InsertAndReplace(InsertReplaceEdit { new_text, insert, replace })
        } else {
            CompletionTextEdit::Edit(TextEdit { new_text, range: replace })
        };
        CompletionItem {
            label,
            kind: Some(if stops { CompletionItemKind::SNIPPET } else { CompletionItemKind::MODULE }),
            detail: Some(detail.to_string()),
            documentation: (!help.is_empty()).then(|| encode_documentation(help, abilities)),
            sort_text: Some(format!("{at:05}")),
            filter_text: Some(filter),
            insert_text_format: abilities.snippets.then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(text_edit),
            ..Default::default()
        }
    });
    CompletionResponse::List(CompletionList { is_incomplete: false, items: items.collect() })
}

fn encode_item(at: usize, item: Item, insert: Range, replace: Range, abilities: Abilities) -> CompletionItem {
    let new_text = item.id.to_string();
    let text_edit = if abilities.insert_replace {
        CompletionTextEdit::InsertAndReplace(InsertReplaceEdit { new_text: new_text.clone(), insert, replace })
    } else {
        CompletionTextEdit::Edit(TextEdit { new_text: new_text.clone(), range: replace })
    };
    let Strikes { item_tag, item_word, .. } = abilities.strikes;
    let state = if item.withdrawn {
        " · withdrawn".to_string()
    } else if item.missing.is_empty() {
        String::new()
    } else {
        format!(" · {}", item.missing)
    };
    let data = ItemData { scope: item.scope.to_string(), id: item.id.to_string() };
    CompletionItem {
        label: new_text.clone(),
        kind: Some(CompletionItemKind::REFERENCE),
        detail: Some(format!("{}{state}", item.file)),
        documentation: (!item.title.is_empty()).then(|| encode_documentation(item.title, abilities)),
        sort_text: Some(format!("{at:05}")),
        filter_text: Some(new_text),
        tags: (item.withdrawn && item_tag).then(|| vec![CompletionItemTag::DEPRECATED]),
        deprecated: (item.withdrawn && item_word && !item_tag).then_some(true),
        text_edit: Some(text_edit),
        data: serde_json::to_value(data).ok(),
        ..Default::default()
    }
}
