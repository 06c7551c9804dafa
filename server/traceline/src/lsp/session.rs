//! How a session begins: what both sides can do, which folders, which settings, and that reading is shown.

use super::capabilities::{Abilities, Refreshes, offered, watchers};
use super::refresh::refresh;
use super::server::Server;
use super::uris::Spellings;
use crate::disk;
use crate::keeper::Message;
use std::path::Path;
use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::path::FilePath;

impl Server {
    pub(crate) fn begin(&self, params: &InitializeParams) -> Result<InitializeResult> {
        let abilities = *self.abilities.get_or_init(|| Abilities::of(&params.capabilities));
        let _ = self.editor.features.set(abilities.diagnostics);
        params.initialization_options.as_ref().inspect(|options| self.keep_first_settings(options));
        let settings = self.settings().to_engine();
        self.inbox.post(Message::Start {
            roots: folders(params),
            encoding: abilities.encoding,
            settings,
            watches: abilities.watches,
        });
        let server_info = ServerInfo { name: "traceline".into(), version: Some(env!("CARGO_PKG_VERSION").into()) };
        Ok(InitializeResult { capabilities: offered(&abilities), server_info: Some(server_info), ..Default::default() })
    }

    pub(crate) async fn begun(&self) {
        let abilities = self.abilities();
        let mut wanted = Vec::new();
        let mut register = |method: &str, options: Option<serde_json::Value>| {
            wanted.push(Registration { id: method.into(), method: method.into(), register_options: options });
        };
        if abilities.watches {
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers() };
            register("workspace/didChangeWatchedFiles", serde_json::to_value(options).ok());
        }
        if abilities.configuration_news {
            register(
                "workspace/didChangeConfiguration",
                serde_json::to_value(serde_json::json!({ "section": "traceline" })).ok(),
            );
        }
        let (client, inbox) = (self.client.clone(), self.inbox.clone());
        let registered = async move {
            if !wanted.is_empty()
                && let Err(error) = client.register_capability(wanted).await
            {
                tracing::warn!(%error, "the client registers nothing");
                if abilities.watches {
                    inbox.post(Message::ClientWatchesNothing);
                }
            }
        };
        let progress = async {
            if abilities.progress {
                show_progress(self.client.clone(), self.reading.clone()).await;
            }
        };
        if abilities.refreshes != Refreshes::default() {
            tokio::spawn(refresh(self.client.clone(), abilities.refreshes, self.changes.clone()));
        }
        tokio::join!(registered, progress, self.ask_settings());
    }

    pub(crate) async fn ask_settings(&self) {
        if !self.abilities().configuration {
            return;
        }
        let item = ConfigurationItem { scope_uri: None, section: Some("traceline".into()) };
        if let Ok(answer) = self.client.configuration(vec![item]).await {
            answer.first().inspect(|sent| self.take_settings(sent));
        }
    }
}

/// The workspace folders of a session: those that it names, else its root.
#[expect(deprecated, reason = "older clients send only the root")]
fn folders(params: &InitializeParams) -> Vec<FilePath> {
    let named = params.workspace_folders.iter().flatten().map(|folder| folder.uri.clone());
    let mut folders: Vec<FilePath> = named.map(|uri| Spellings::path_of(&uri)).collect();
    if folders.is_empty() {
        folders.extend(params.root_uri.as_ref().map(Spellings::path_of));
    }
    if folders.is_empty() {
        folders.extend(params.root_path.as_deref().and_then(|path| disk::engine_path(Path::new(path))));
    }
    folders.retain(|folder| folder.as_str().contains('/') && !folder.as_str().contains("://"));
    folders
}

/// Shows that the workspace is being read, until it has been.
async fn show_progress(client: Client, mut reading: watch::Receiver<Option<usize>>) {
    const TOKEN: &str = "traceline/reading";
    if reading.borrow().is_some() {
        return;
    }
    let token = ProgressToken::String(TOKEN.into());
    if client.create_work_done_progress(token.clone()).await.is_err() {
        return;
    }
    let progress = client.progress(token, "Reading plan documents").begin().await;
    let files = match reading.wait_for(Option::is_some).await {
        Ok(files) => files.unwrap_or_default(),
        Err(_) => return,
    };
    progress.finish_with_message(format!("{files} files")).await;
}
