//! What the editor tells: documents, files, folders and settings, each posted to the keeper in the order of arrival.

use super::answer::moves;
use super::convert::decode_change;
use super::server::Server;
use crate::config::{self, client::ClientSettings};
use crate::keeper::Message;
use std::sync::{Arc, PoisonError};
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;

/// The client's settings, and what was said of them.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    settings: Arc<ClientSettings>,
    /// Those of the session's beginning.
    first: Arc<ClientSettings>,
    warning: Option<String>,
}

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
        self.given.forget(&path);
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
        self.inbox.post(Message::Moved(moves(params, &self.editor.uris)));
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
        self.keep_settings(sent);
        self.inbox.post(Message::ClientSettings(self.settings().to_engine()));
    }

    /// Keeps the settings with which the session begins.
    pub(crate) fn keep_first_settings(&self, sent: &serde_json::Value) {
        self.keep_settings(sent);
        let mut kept = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        kept.first = Arc::clone(&kept.settings);
    }

    /// Keeps the settings that the client sent; where it has none, those of the session's beginning count. What is wrong
    /// with them is said once, not each time they are sent.
    fn keep_settings(&self, sent: &serde_json::Value) {
        let mut kept = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        let Some((settings, warning)) = config::client::decode(sent) else {
            kept.settings = Arc::clone(&kept.first);
            return;
        };
        if let Some(warning) = warning.as_ref().filter(|_| kept.warning != warning) {
            self.editor.outbox.send(super::diagnostics::encode_log(warning));
        }
        kept.settings = Arc::new(settings);
        kept.warning = warning;
    }

    /// The client's settings that are in force.
    pub(crate) fn settings(&self) -> Arc<ClientSettings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner).settings)
    }
}
