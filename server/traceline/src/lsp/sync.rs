//! What the editor tells: documents, files, folders and settings, each posted to the keeper in the order of arrival.

use super::convert::decode_change;
use super::server::Server;
use super::uris::Spellings;
use crate::config;
use crate::keeper::Message;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;

impl Server {
    pub(crate) fn take_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.inbox.post(Message::Open { path: self.editor.uris.decode(&uri), version, text });
    }

    pub(crate) fn take_change(&self, params: DidChangeTextDocumentParams) {
        let path = self.editor.uris.decode(&params.text_document.uri);
        let changes = params.content_changes.into_iter().map(decode_change).collect();
        self.inbox.post(Message::Change { path, version: params.text_document.version, changes });
    }

    pub(crate) fn take_close(&self, params: &DidCloseTextDocumentParams) {
        self.inbox.post(Message::Close { path: self.editor.uris.decode(&params.text_document.uri) });
    }

    pub(crate) fn take_save(&self, params: &DidSaveTextDocumentParams) {
        self.inbox.post(Message::Saved { path: self.editor.uris.decode(&params.text_document.uri) });
    }

    pub(crate) fn take_change_watched_files(&self, params: &DidChangeWatchedFilesParams) {
        let paths = params.changes.iter().map(|change| Spellings::path_of(&change.uri)).collect();
        self.inbox.post(Message::Touched(paths));
    }

    pub(crate) fn take_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths =
            |folders: Vec<WorkspaceFolder>| folders.iter().map(|folder| Spellings::path_of(&folder.uri)).collect();
        self.inbox.post(Message::Folders { added: paths(params.event.added), removed: paths(params.event.removed) });
    }

    pub(crate) async fn take_change_configuration(&self, params: DidChangeConfigurationParams) {
        // A client that answers `workspace/configuration` sends nothing of worth here.
        if self.abilities().configuration {
            self.ask_settings().await;
        } else {
            self.inbox.post(Message::ClientSettings(config::of_client(&params.settings)));
        }
    }
}
