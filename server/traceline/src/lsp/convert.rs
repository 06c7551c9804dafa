//! Between the protocol's types and the engine's: `decode` comes in, `encode` goes out.

use super::capabilities::Abilities;
use super::uris::Spellings;
use serde::{Deserialize, Serialize};
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::document::Change;
use traceline_engine::feature::completion::{Completion, Item};
use traceline_engine::feature::definition::Target;
use traceline_engine::feature::document_symbols::{Outline, OutlineKind};
use traceline_engine::feature::workspace_symbols::Found;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::Place;
use traceline_engine::rule::Finding;
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

fn decode_position(position: Position) -> text::Position {
    text::Position { line: position.line, column: position.character }
}

pub(crate) fn decode_range(range: Range) -> text::Range {
    text::Range { start: decode_position(range.start), end: decode_position(range.end) }
}

pub(crate) fn decode_change(change: TextDocumentContentChangeEvent) -> Change {
    Change { range: change.range.map(decode_range), text: change.text }
}

pub(crate) fn encode_range(range: text::Range) -> Range {
    let at = |position: text::Position| Position { line: position.line, character: position.column };
    Range { start: at(range.start), end: at(range.end) }
}

pub(crate) fn encode_span(view: &View<'_>, span: Span, encoding: Encoding) -> Range {
    encode_range(view.range(span, encoding))
}

pub(crate) fn encode_place(
    snapshot: &Snapshot,
    place: &Place,
    uris: &Spellings,
    encoding: Encoding,
) -> Option<Location> {
    let view = snapshot.view(&place.path)?;
    Some(Location { uri: uris.uri(&place.path)?, range: encode_span(&view, place.span, encoding) })
}

/// Jumps as links where the client can show where they start, else as plain places. Nothing at all is null, so that
/// another server's answer is not shadowed.
pub(crate) fn encode_targets(
    snapshot: &Snapshot,
    path: &FilePath,
    targets: &[Target],
    uris: &Spellings,
    abilities: Abilities,
) -> Option<GotoDefinitionResponse> {
    let encoding = abilities.encoding;
    let origin = snapshot.view(path)?;
    if targets.is_empty() {
        return None;
    }
    if !abilities.links {
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

/// What a completion item remembers until it is looked at.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct ItemData {
    pub(crate) scope: String,
    pub(crate) id: String,
}

impl ItemData {
    pub(crate) fn place(&self) -> (FilePath, Id) {
        (FilePath::new(&self.scope), Id::new(&self.id))
    }
}

pub(crate) fn encode_completion(view: &View<'_>, completion: Completion, abilities: Abilities) -> CompletionResponse {
    let (insert, replace) = (
        encode_span(view, completion.insert, abilities.encoding),
        encode_span(view, completion.replace, abilities.encoding),
    );
    let items =
        completion.items.into_iter().enumerate().map(|(at, item)| encode_item(at, item, insert, replace, abilities));
    CompletionResponse::List(CompletionList { is_incomplete: completion.incomplete, items: items.collect() })
}

fn encode_item(at: usize, item: Item, insert: Range, replace: Range, abilities: Abilities) -> CompletionItem {
    let new_text = item.id.to_string();
    let text_edit = if abilities.insert_replace {
        CompletionTextEdit::InsertAndReplace(InsertReplaceEdit { new_text: new_text.clone(), insert, replace })
    } else {
        CompletionTextEdit::Edit(TextEdit { new_text: new_text.clone(), range: replace })
    };
    let state = if item.missing.is_empty() { String::new() } else { format!(" · {}", item.missing) };
    let data = ItemData { scope: item.scope.to_string(), id: item.id.to_string() };
    CompletionItem {
        label: new_text.clone(),
        kind: Some(CompletionItemKind::REFERENCE),
        detail: Some(format!("{}{state}", item.file)),
        documentation: (!item.title.is_empty()).then(|| encode_documentation(item.title, abilities)),
        sort_text: Some(format!("{at:05}")),
        filter_text: Some(new_text),
        text_edit: Some(text_edit),
        data: serde_json::to_value(data).ok(),
        ..Default::default()
    }
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

#[expect(deprecated, reason = "the protocol's struct has a deprecated field that must be set")]
pub(crate) fn encode_outline(view: &View<'_>, outline: Outline, encoding: Encoding) -> DocumentSymbol {
    let (kind, detail) = match outline.kind {
        OutlineKind::Section => (SymbolKind::STRING, None),
        OutlineKind::Requirement => (SymbolKind::INTERFACE, None),
        OutlineKind::Task(state) => (SymbolKind::EVENT, Some(state.as_str().to_string())),
    };
    let children: Vec<_> = outline.children.into_iter().map(|child| encode_outline(view, child, encoding)).collect();
    DocumentSymbol {
        name: outline.name,
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: encode_span(view, outline.whole, encoding),
        selection_range: encode_span(view, outline.exact, encoding),
        children: (!children.is_empty()).then_some(children),
    }
}

/// The outline without its tree, for clients that cannot show one.
#[expect(deprecated, reason = "the protocol's struct has a deprecated field that must be set")]
pub(crate) fn flatten(
    symbols: Vec<DocumentSymbol>,
    uri: &Uri,
    container: Option<&str>,
    out: &mut Vec<SymbolInformation>,
) {
    for symbol in symbols {
        let DocumentSymbol { name, kind, range, children, .. } = symbol;
        out.push(SymbolInformation {
            name: name.clone(),
            kind,
            tags: None,
            deprecated: None,
            location: Location { uri: uri.clone(), range },
            container_name: container.map(String::from),
        });
        flatten(children.unwrap_or_default(), uri, Some(&name), out);
    }
}

#[expect(deprecated, reason = "the protocol's struct has a deprecated field that must be set")]
pub(crate) fn encode_found(
    snapshot: &Snapshot,
    found: Found,
    uris: &Spellings,
    encoding: Encoding,
) -> Option<SymbolInformation> {
    let location = encode_place(snapshot, &found.place, uris, encoding)?;
    Some(SymbolInformation {
        name: found.name,
        kind: SymbolKind::INTERFACE,
        tags: None,
        deprecated: None,
        location,
        container_name: Some(found.container),
    })
}

/// The quick fix of a finding in the open document `view`.
pub(crate) fn encode_fix(
    view: &View<'_>,
    finding: &Finding,
    uri: &Uri,
    diagnostics: &[Diagnostic],
    encoding: Encoding,
) -> Option<CodeAction> {
    let fix = finding.fix.as_ref()?;
    let edits = fix
        .edits
        .iter()
        .map(|edit| TextEdit { range: encode_span(view, edit.span, encoding), new_text: edit.text.clone() });
    let range = encode_span(view, finding.span, encoding);
    let mended = diagnostics.iter().filter(|diagnostic| {
        diagnostic.range == range && diagnostic.code == Some(NumberOrString::String(finding.rule.name.into()))
    });
    let mended: Vec<_> = mended.cloned().collect();
    Some(CodeAction {
        title: fix.title.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: (!mended.is_empty()).then_some(mended),
        edit: Some(WorkspaceEdit { changes: Some([(uri.clone(), edits.collect())].into()), ..Default::default() }),
        is_preferred: Some(true),
        ..Default::default()
    })
}
