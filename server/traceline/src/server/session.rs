//! How a session begins: what both sides can do, which folders, which settings, and that reading is shown.

use super::command::COMMANDS;
use super::state::Server;
use crate::keeper::Message;
use crate::lsp::client_capabilities::{Abilities, Refreshes};
use crate::lsp::refresh::refresh;
use crate::lsp::server_capabilities::{offered, watchers};
use crate::lsp::uri_map::UriMap;
use crate::paths;
use std::path::Path;
use std::time::Duration;
use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::path::FilePath;

impl Server {
    pub(crate) fn begin(&self, params: &InitializeParams) -> Result<InitializeResult> {
        let abilities = *self.abilities.get_or_init(|| Abilities::of(&params.capabilities));
        let _ = self.editor.abilities.set(abilities.diagnostics);
        params.initialization_options.as_ref().inspect(|options| self.keep_first_settings(options));
        let settings = self.settings().to_engine();
        self.inbox.post(Message::Start {
            roots: folders(params, &self.editor.uris),
            encoding: abilities.encoding,
            settings,
            watches: abilities.watches,
        });
        let server_info = ServerInfo { name: "traceline".into(), version: Some(env!("CARGO_PKG_VERSION").into()) };
        let commands = COMMANDS.iter().map(|command| command.name.into()).collect();
        Ok(InitializeResult {
            capabilities: offered(&abilities, commands),
            server_info: Some(server_info),
            ..Default::default()
        })
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
        if abilities.progress {
            tokio::spawn(show_progress(self.client.clone(), self.reading.clone()));
        }
        if abilities.refreshes != Refreshes::default() {
            tokio::spawn(refresh(self.client.clone(), abilities.refreshes, self.changes.clone()));
        }
        tokio::join!(registered, self.ask_settings());
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
fn folders(params: &InitializeParams, uris: &UriMap) -> Vec<FilePath> {
    let named = params.workspace_folders.iter().flatten().map(|folder| folder.uri.clone());
    let mut folders: Vec<FilePath> = named.map(|uri| uris.folder(&uri)).collect();
    if folders.is_empty() {
        folders.extend(params.root_uri.as_ref().map(|uri| uris.folder(uri)));
    }
    if folders.is_empty() {
        folders
            .extend(params.root_path.as_deref().and_then(|path| paths::decode(Path::new(path))).map(paths::as_on_disk));
    }
    folders.retain(paths::is_absolute);
    folders
}

/// Shows each time that the workspace is being read, until it has been. The first time is shown at once, and later ones if they
/// take long enough to be seen: a change of settings that is read in a moment needs no sign.
async fn show_progress(client: Client, mut reading: watch::Receiver<Option<usize>>) {
    const TOKEN: &str = "traceline/reading";
    const SOON: Duration = Duration::from_millis(300);
    if reading.borrow().is_some() && reading.wait_for(Option::is_none).await.is_err() {
        return;
    }
    for round in 1_u32.. {
        let token = if round == 1 { TOKEN.to_string() } else { format!("{TOKEN}/{round}") };
        let token = ProgressToken::String(token);
        if client.create_work_done_progress(token.clone()).await.is_err() {
            return;
        }
        let progress = client.progress(token, "Reading plan documents").begin().await;
        let Ok(files) = reading.wait_for(Option::is_some).await.map(|files| files.unwrap_or_default()) else { return };
        progress.finish_with_message(format!("{files} files")).await;
        loop {
            if reading.wait_for(Option::is_none).await.is_err() {
                return;
            }
            if tokio::time::timeout(SOON, reading.wait_for(Option::is_some)).await.is_err() {
                break;
            }
        }
    }
}
