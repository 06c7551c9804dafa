//! The handlers. Each one's first act is to post to the keeper, so that the order of arrival is the order of effect; only
//! then does it wait.

use super::capabilities::{Abilities, offered, watchers};
use super::convert::{ItemData, decode_change, decode_offset, decode_range};
use super::convert::{
    encode_completion, encode_documentation, encode_fix, encode_found, encode_markup, encode_outline,
};
use super::convert::{encode_place, encode_span, encode_targets, flatten};
use super::uris::Spellings;
use crate::config;
use crate::disk;
use crate::keeper::{Editor, Inbox, Message, Needs};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tokio::sync::{oneshot, watch};
use tower_lsp::jsonrpc::{Error, Result};
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};
use traceline_engine::feature::{self, Source};
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::settings::Settings;
use traceline_engine::text::offset_in;
use traceline_engine::world::Snapshot;

pub(crate) struct Server {
    client: Client,
    inbox: Inbox,
    editor: Editor,
    reading: watch::Receiver<Option<usize>>,
    abilities: OnceLock<Abilities>,
}

/// Texts of closed files, from the disk.
struct Disk;

impl Source for Disk {
    fn text(&self, path: &FilePath) -> Option<String> {
        disk::read(Path::new(path.as_str())).ok()
    }
}

/// A question whose answering panicked: the log says where.
fn failed(_: oneshot::error::RecvError) -> Error {
    let mut error = Error::internal_error();
    error.message = "the answer to this request failed; the server's log says where".into();
    error
}

impl Server {
    pub(crate) fn new(client: Client, inbox: Inbox, editor: Editor, reading: watch::Receiver<Option<usize>>) -> Self {
        Self { client, inbox, editor, reading, abilities: OnceLock::new() }
    }

    fn abilities(&self) -> Abilities {
        self.abilities.get().copied().unwrap_or_default()
    }

    fn uris(&self) -> Arc<Spellings> {
        Arc::clone(&self.editor.uris)
    }

    /// Asks about a place in an open document.
    fn ask_at<T: Send + 'static>(
        &self,
        at: &TextDocumentPositionParams,
        question: impl FnOnce(&Snapshot, &FilePath, u32) -> Option<T> + Send + 'static,
    ) -> oneshot::Receiver<Option<T>> {
        let path = self.editor.uris.decode(&at.text_document.uri);
        let (position, encoding) = (at.position, self.abilities().encoding);
        self.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
            let offset = decode_offset(snapshot, &path, position, encoding)?;
            question(snapshot, &path, offset)
        })
    }

    async fn ask_settings(&self) {
        if !self.abilities().configuration {
            return;
        }
        let item = ConfigurationItem { scope_uri: None, section: Some("traceline".into()) };
        if let Ok(answer) = self.client.configuration(vec![item]).await {
            let settings = answer.first().map(config::of_client).unwrap_or_default();
            self.inbox.post(Message::ClientSettings(settings));
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

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let abilities = *self.abilities.get_or_init(|| Abilities::of(&params.capabilities));
        let _ = self.editor.features.set(abilities.diagnostics);
        let settings = params.initialization_options.as_ref().map_or_else(Settings::default, config::of_client);
        self.inbox.post(Message::Start { roots: folders(&params), encoding: abilities.encoding, settings });
        let server_info = ServerInfo { name: "traceline".into(), version: Some(env!("CARGO_PKG_VERSION").into()) };
        Ok(InitializeResult { capabilities: offered(&abilities), server_info: Some(server_info), ..Default::default() })
    }

    async fn initialized(&self, _: InitializedParams) {
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
        let client = self.client.clone();
        let registered = async move {
            if !wanted.is_empty()
                && let Err(error) = client.register_capability(wanted).await
            {
                tracing::warn!(%error, "the client registers nothing");
            }
        };
        let progress = async {
            if abilities.progress {
                show_progress(self.client.clone(), self.reading.clone()).await;
            }
        };
        tokio::join!(registered, progress, self.ask_settings());
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.inbox.post(Message::Open { path: self.editor.uris.decode(&uri), version, text });
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let path = self.editor.uris.decode(&params.text_document.uri);
        let changes = params.content_changes.into_iter().map(decode_change).collect();
        self.inbox.post(Message::Change { path, version: params.text_document.version, changes });
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.inbox.post(Message::Close { path: self.editor.uris.decode(&params.text_document.uri) });
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let paths = params.changes.iter().map(|change| Spellings::path_of(&change.uri)).collect();
        self.inbox.post(Message::Touched(paths));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths =
            |folders: Vec<WorkspaceFolder>| folders.iter().map(|folder| Spellings::path_of(&folder.uri)).collect();
        self.inbox.post(Message::Folders { added: paths(params.event.added), removed: paths(params.event.removed) });
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        // A client that answers `workspace/configuration` sends nothing of worth here.
        if self.abilities().configuration {
            self.ask_settings().await;
        } else {
            self.inbox.post(Message::ClientSettings(config::of_client(&params.settings)));
        }
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let abilities = self.abilities();
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            let hover = feature::hover::hover(snapshot, &Disk, path, offset)?;
            let range = Some(encode_span(&snapshot.view(path)?, hover.span, abilities.encoding));
            Some(Hover { contents: HoverContents::Markup(encode_markup(hover.text, abilities.markdown_hover)), range })
        });
        answer.await.map_err(failed)
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            let targets = feature::definition::definition(snapshot, path, offset);
            encode_targets(snapshot, path, &targets, &uris, abilities)
        });
        answer.await.map_err(failed)
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let (encoding, uris, definitions) =
            (self.abilities().encoding, self.uris(), params.context.include_declaration);
        let answer = self.ask_at(&params.text_document_position, move |snapshot, path, offset| {
            let places = feature::references::references(snapshot, path, offset, definitions);
            let found: Vec<Location> =
                places.iter().filter_map(|place| encode_place(snapshot, place, &uris, encoding)).collect();
            (!found.is_empty()).then_some(found)
        });
        answer.await.map_err(failed)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let abilities = self.abilities();
        let answer = self.ask_at(&params.text_document_position, move |snapshot, path, offset| {
            let completion = feature::completion::completion(snapshot, path, offset)?;
            Some(encode_completion(&snapshot.view(path)?, completion, abilities))
        });
        answer.await.map_err(failed)
    }

    async fn completion_resolve(&self, mut item: CompletionItem) -> Result<CompletionItem> {
        let abilities = self.abilities();
        let Some(data) = item.data.clone().and_then(|data| serde_json::from_value::<ItemData>(data).ok()) else {
            return Ok(item);
        };
        let (scope, id) = data.place();
        // The item was made of a feature that has been read.
        let answer = self.inbox.ask(Needs::Feature(scope.clone()), move |snapshot| {
            feature::completion::documentation(snapshot, &Disk, &scope, &id)
        });
        if let Some(text) = answer.await.map_err(failed)? {
            item.documentation = Some(encode_documentation(text, abilities));
        }
        Ok(item)
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let abilities = self.abilities();
        let uri = params.text_document.uri;
        let path = self.editor.uris.decode(&uri);
        let answer = self.inbox.ask(Needs::Nothing, move |snapshot| {
            let view = snapshot.view(&path)?;
            let outline = feature::document_symbols::document_symbols(snapshot, &path);
            let symbols: Vec<DocumentSymbol> =
                outline.into_iter().map(|entry| encode_outline(&view, entry, abilities.encoding)).collect();
            if abilities.symbol_tree {
                return Some(DocumentSymbolResponse::Nested(symbols));
            }
            let mut flat = Vec::new();
            flatten(symbols, &uri, None, &mut flat);
            Some(DocumentSymbolResponse::Flat(flat))
        });
        answer.await.map_err(failed)
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let answer = self.inbox.ask(Needs::Everything, move |snapshot| {
            let found = feature::workspace_symbols::workspace_symbols(snapshot, &params.query);
            let symbols =
                found.into_iter().filter_map(|found| encode_found(snapshot, found, &uris, encoding)).collect();
            Some(WorkspaceSymbolResponse::Flat(symbols))
        });
        answer.await.map_err(failed)
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let encoding = self.abilities().encoding;
        let uri = params.text_document.uri;
        let path = self.editor.uris.decode(&uri);
        let answer = self.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
            let view = snapshot.view(&path)?;
            let rope = view.document()?.rope();
            let asked = decode_range(params.range);
            let (start, end) = (offset_in(rope, asked.start, encoding), offset_in(rope, asked.end, encoding));
            let findings = rule::check(snapshot, &path);
            let there = findings.iter().filter(|finding| finding.span.start <= end && start <= finding.span.end);
            let fixes =
                there.filter_map(|finding| encode_fix(&view, finding, &uri, &params.context.diagnostics, encoding));
            let actions: Vec<_> = fixes.map(CodeActionOrCommand::CodeAction).collect();
            (!actions.is_empty()).then_some(actions)
        });
        answer.await.map_err(failed)
    }
}
