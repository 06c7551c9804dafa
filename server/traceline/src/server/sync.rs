//! What the editor tells: documents, files, folders and settings, each posted to the keeper in the order of arrival.

use super::settings::KeptSettings;
use super::state::Server;
use crate::config::client::ClientSettings;
use crate::keeper::Message;
use crate::lsp::convert::{decode_change, decode_moves};
use crate::lsp::notification::encode_log;
use std::sync::{Arc, PoisonError};
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;

impl Server {
    pub(crate) fn take_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.inbox.post(Message::Open { path: self.editor.uris.decode_anew(&uri), version, text });
    }

    pub(crate) fn take_change(&self, params: DidChangeTextDocumentParams) {
        let path = self.editor.uris.decode(&params.text_document.uri);
        let changes = params.content_changes.into_iter().map(decode_change).collect();
        self.inbox.post(Message::Change { path, version: params.text_document.version, changes });
    }

    pub(crate) fn take_close(&self, params: &DidCloseTextDocumentParams) {
        let path = self.editor.uris.decode(&params.text_document.uri);
        self.token_results.forget(&path);
        self.inbox.post(Message::Close { path });
    }

    pub(crate) fn take_save(&self, params: &DidSaveTextDocumentParams) {
        self.inbox.post(Message::Saved { path: self.editor.uris.decode(&params.text_document.uri) });
    }

    pub(crate) fn take_change_watched_files(&self, params: &DidChangeWatchedFilesParams) {
        let paths = params.changes.iter().map(|change| self.editor.uris.path_of(&change.uri)).collect();
        self.inbox.post(Message::Touched(paths));
    }

    pub(crate) fn take_rename_files(&self, params: &RenameFilesParams) {
        self.inbox.post(Message::Moved(decode_moves(params, &self.editor.uris)));
    }

    pub(crate) fn take_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let uris = &self.editor.uris;
        let paths = |folders: Vec<WorkspaceFolder>| folders.iter().map(|folder| uris.folder(&folder.uri)).collect();
        self.inbox.post(Message::Folders { added: paths(params.event.added), removed: paths(params.event.removed) });
    }

    pub(crate) async fn take_change_configuration(&self, params: DidChangeConfigurationParams) {
        // A client that answers `workspace/configuration` sends nothing of worth here.
        if self.abilities().configuration {
            self.ask_settings().await;
        } else {
            self.take_settings(&params.settings);
        }
    }

    /// Puts the settings that the client sent in force.
    pub(crate) fn take_settings(&self, sent: &serde_json::Value) {
        self.keep_settings(|settings| settings.keep(sent));
        self.inbox.post(Message::ClientSettings(self.settings().to_engine()));
    }

    /// Keeps the settings with which the session begins.
    pub(crate) fn keep_first_settings(&self, sent: &serde_json::Value) {
        self.keep_settings(|settings| settings.keep_first(sent));
    }

    fn keep_settings(&self, keep: impl FnOnce(&mut KeptSettings) -> Option<String>) {
        let warning = keep(&mut self.settings.write().unwrap_or_else(PoisonError::into_inner));
        warning.inspect(|warning| self.editor.outbox.send(encode_log(warning)));
    }

    /// The client's settings that are in force.
    pub(crate) fn settings(&self) -> Arc<ClientSettings> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).in_force()
    }
}
