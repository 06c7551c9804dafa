//! Answers that change a name in all places: rename, of files too, and linked editing.

use crate::disk::Disk;
use crate::keeper::Needs;
use crate::lsp::convert::{decode_moves, decode_offset, encode_span};
use crate::lsp::edits::encode_edit;
use crate::server::state::{Server, failed, refused};
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::feature;
use traceline_engine::feature::refactoring::former::rename_keeping;
use traceline_engine::feature::refactoring::rename::rename;

/// An id as an editor's word: what linked editing may type without ending it.
const ID_PATTERN: &str = "[A-Za-z0-9][A-Za-z0-9.-]*";

impl Server {
    pub(crate) async fn answer_prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        let encoding = self.abilities().encoding;
        let answer = self.ask_at(&params, move |snapshot, path, offset| {
            let found = match feature::refactoring::rename::prepare_rename(snapshot, path, offset) {
                Ok(found) => found?,
                Err(why) => return Some(Err(why)),
            };
            let range = encode_span(&snapshot.view(path)?, found.span, encoding);
            Some(Ok(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: found.id.to_string() }))
        });
        answer.await.map_err(failed)?.transpose().map_err(|why| refused(&why))
    }

    pub(crate) async fn answer_rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let path = self.editor.uris.decode(&params.text_document_position.text_document.uri);
        let position = params.text_document_position.position;
        let rename = if self.settings().rename.keep_former { rename_keeping } else { rename };
        // Whoever names the id must follow, wherever it is.
        let answer = self.inbox.ask(Needs::Everything, move |snapshot| {
            let offset = decode_offset(snapshot, &path, position, abilities.encoding)?;
            let (name, code) = (params.new_name.as_str(), abilities.edits.annotations);
            match rename(snapshot, &Disk, &path, offset, name, code) {
                Ok(proposal) => encode_edit(snapshot, &proposal?, &uris, abilities.encoding, abilities.edits).map(Ok),
                Err(why) => Some(Err(why)),
            }
        });
        answer.await.map_err(failed)?.transpose().map_err(|why| refused(&why))
    }

    pub(crate) async fn answer_will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let moves = decode_moves(&params, &uris);
        // Files are read from disk for this.
        let answer = self.inbox.ask_long(Needs::Everything, move |snapshot, _| {
            let proposal = feature::refactoring::file_rename::file_rename(snapshot, &Disk, &moves);
            if proposal.is_empty() {
                return None;
            }
            encode_edit(snapshot, &proposal, &uris, abilities.encoding, abilities.edits)
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_linked_editing_range(
        &self,
        params: LinkedEditingRangeParams,
    ) -> Result<Option<LinkedEditingRanges>> {
        let encoding = self.abilities().encoding;
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            let spans = feature::refactoring::linked_editing::linked_editing(snapshot, path, offset)?;
            let view = snapshot.view(path)?;
            let ranges = spans.into_iter().map(|span| encode_span(&view, span, encoding)).collect();
            Some(LinkedEditingRanges { ranges, word_pattern: Some(ID_PATTERN.into()) })
        });
        answer.await.map_err(failed)
    }
}
