//! Proposed edits in the protocol's words: versioned, annotated and with new files where the client can, plain where not.

use super::client_capabilities::EditAbilities;
use super::convert::encode_span;
use super::uri_map::UriMap;
use std::collections::HashMap;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::edit::{Creation, FileEdits, Label, LineEdits, Move, Proposal};
use traceline_engine::text::Encoding;
use traceline_engine::world::Snapshot;

/// The edit that makes `proposal` real; none where the client cannot make or move the files that it needs, or where a file
/// is not known any more.
pub(crate) fn encode_edit(
    snapshot: &Snapshot,
    proposal: &Proposal,
    uris: &UriMap,
    encoding: Encoding,
    abilities: EditAbilities,
) -> Option<WorkspaceEdit> {
    if (!proposal.created.is_empty() && !abilities.create) || (!proposal.moved.is_empty() && !abilities.rename) {
        return None;
    }
    let mut labels = Labels::default();
    let mut edits: Vec<TextDocumentEdit> = Vec::new();
    for FileEdits { path, edits: own, label } in &proposal.changes {
        let view = snapshot.view(path)?;
        let label = label.as_ref().filter(|_| abilities.annotations).map(|label| labels.id_of(label));
        let own = own.iter().map(|edit| {
            let text_edit = TextEdit { range: encode_span(&view, edit.span, encoding), new_text: edit.text.clone() };
            match &label {
                Some(id) => OneOf::Right(AnnotatedTextEdit { text_edit, annotation_id: id.clone() }),
                None => OneOf::Left(text_edit),
            }
        });
        let uri = uris.uri(path)?;
        // A version holds for one edit of a document, so all edits of a file are one.
        match edits.iter_mut().find(|edit| edit.text_document.uri == uri) {
            Some(known) => known.edits.extend(own),
            None => {
                let version = view.document().map(|document| document.version());
                let text_document = OptionalVersionedTextDocumentIdentifier { uri, version };
                edits.push(TextDocumentEdit { text_document, edits: own.collect() });
            }
        }
    }
    edits.extend(proposal.lines.iter().map(|lines| encode_lines(lines, uris)).collect::<Option<Vec<_>>>()?);
    if !abilities.versions {
        return Some(WorkspaceEdit { changes: Some(plain(edits)), ..Default::default() });
    }
    let document_changes = if proposal.created.is_empty() && proposal.moved.is_empty() {
        DocumentChanges::Edits(edits)
    } else {
        let mut operations = Vec::new();
        for creation in &proposal.created {
            operations.extend(encode_creation(creation, uris)?);
        }
        operations.extend(edits.into_iter().map(DocumentChangeOperation::Edit));
        for moved in &proposal.moved {
            operations.push(encode_move(moved, uris)?);
        }
        DocumentChanges::Operations(operations)
    };
    let change_annotations = (!labels.0.is_empty()).then(|| labels.encode());
    Some(WorkspaceEdit { changes: None, document_changes: Some(document_changes), change_annotations })
}

/// Edits of whole lines, whose ends lie at the beginning of a line in every encoding. What the editor has open of such a file
/// is not known, so no version is claimed.
fn encode_lines(lines: &LineEdits, uris: &UriMap) -> Option<TextDocumentEdit> {
    let edit = |(range, text): &(std::ops::Range<u32>, String)| {
        let range = Range { start: Position::new(range.start, 0), end: Position::new(range.end, 0) };
        OneOf::Left(TextEdit { range, new_text: text.clone() })
    };
    let text_document = OptionalVersionedTextDocumentIdentifier { uri: uris.uri(&lines.path)?, version: None };
    Some(TextDocumentEdit { text_document, edits: lines.edits.iter().map(edit).collect() })
}

fn plain(edits: Vec<TextDocumentEdit>) -> HashMap<Uri, Vec<TextEdit>> {
    let plain = |edit: OneOf<TextEdit, AnnotatedTextEdit>| match edit {
        OneOf::Left(edit) => edit,
        OneOf::Right(annotated) => annotated.text_edit,
    };
    edits.into_iter().map(|edit| (edit.text_document.uri, edit.edits.into_iter().map(plain).collect())).collect()
}

fn encode_creation(creation: &Creation, uris: &UriMap) -> Option<[DocumentChangeOperation; 2]> {
    let uri = uris.uri(&creation.path)?;
    let options = CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
    let made = ResourceOp::Create(CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None });
    let text = TextEdit { range: Range::default(), new_text: creation.text.clone() };
    let filled = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version: None },
        edits: vec![OneOf::Left(text)],
    };
    Some([DocumentChangeOperation::Op(made), DocumentChangeOperation::Edit(filled)])
}

fn encode_move(moved: &Move, uris: &UriMap) -> Option<DocumentChangeOperation> {
    let options = RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
    Some(DocumentChangeOperation::Op(ResourceOp::Rename(RenameFile {
        old_uri: uris.uri(&moved.from)?,
        new_uri: uris.uri(&moved.to)?,
        options: Some(options),
        annotation_id: None,
    })))
}

/// The labels of an edit; a label's place in the list is its name in the protocol.
#[derive(Default)]
struct Labels(Vec<Label>);

impl Labels {
    fn id_of(&mut self, label: &Label) -> String {
        let at = self.0.iter().position(|known| known == label).unwrap_or_else(|| {
            self.0.push(label.clone());
            self.0.len() - 1
        });
        at.to_string()
    }

    fn encode(self) -> HashMap<String, ChangeAnnotation> {
        let one = |(at, label): (usize, Label)| {
            let annotation = ChangeAnnotation {
                label: label.title,
                needs_confirmation: Some(label.confirm),
                description: (!label.about.is_empty()).then_some(label.about),
            };
            (at.to_string(), annotation)
        };
        self.0.into_iter().enumerate().map(one).collect()
    }
}
