//! The server's state: what every handler has at hand, how it asks the keeper, and how it refuses.

use super::settings::KeptSettings;
use crate::keeper::{Editor, Inbox};
use crate::lsp::client_capabilities::Abilities;
use crate::lsp::convert::decode_offset;
use crate::lsp::refresh::Changes;
use crate::lsp::semantic_tokens::TokenResults;
use crate::lsp::uri_map::UriMap;
use std::sync::{Arc, OnceLock, RwLock};
use tokio::sync::{oneshot, watch};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::ls_types::{TextDocumentPositionParams, Uri};
use traceline_engine::edit::Refusal;
use traceline_engine::path::FilePath;
use traceline_engine::world::Snapshot;

/// What every handler has at hand.
pub(crate) struct Server {
    pub(super) client: Client,
    pub(super) inbox: Inbox,
    pub(super) editor: Editor,
    pub(super) reading: watch::Receiver<Option<usize>>,
    pub(super) changes: watch::Receiver<Changes>,
    pub(super) abilities: OnceLock<Abilities>,
    pub(super) token_results: TokenResults,
    pub(super) settings: RwLock<KeptSettings>,
}

/// A question whose answering panicked: the log says where.
pub(super) fn failed(_: oneshot::error::RecvError) -> Error {
    let mut error = Error::internal_error();
    error.message = "the answer to this request failed; the server's log says where".into();
    error
}

/// A refusal as the protocol's `RequestFailed` (LSP 3.17, `LSPErrorCodes`): well asked, and not done for this reason.
pub(super) fn refused(why: &Refusal) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: why.to_string().into(), data: None }
}

impl Server {
    pub(crate) fn new(
        client: Client,
        inbox: Inbox,
        editor: Editor,
        reading: watch::Receiver<Option<usize>>,
        changes: watch::Receiver<Changes>,
    ) -> Self {
        Self {
            client,
            inbox,
            editor,
            reading,
            changes,
            abilities: OnceLock::new(),
            token_results: TokenResults::default(),
            settings: RwLock::default(),
        }
    }

    pub(super) fn abilities(&self) -> Abilities {
        self.abilities.get().copied().unwrap_or_default()
    }

    pub(super) fn uris(&self) -> Arc<UriMap> {
        Arc::clone(&self.editor.uris)
    }

    /// Asks about a whole document.
    pub(super) fn ask_of<T: Send + 'static>(
        &self,
        uri: &Uri,
        question: impl Fn(&Snapshot, &FilePath) -> Option<T> + Send + 'static,
    ) -> oneshot::Receiver<Option<T>> {
        let path = self.editor.uris.decode(uri);
        self.inbox.ask_early(path.clone(), move |snapshot| question(snapshot, &path))
    }

    /// Asks about a place in an open document.
    pub(super) fn ask_at<T: Send + 'static>(
        &self,
        at: &TextDocumentPositionParams,
        question: impl Fn(&Snapshot, &FilePath, u32) -> Option<T> + Send + 'static,
    ) -> oneshot::Receiver<Option<T>> {
        let path = self.editor.uris.decode(&at.text_document.uri);
        let (position, encoding) = (at.position, self.abilities().encoding);
        self.inbox.ask_early(path.clone(), move |snapshot| {
            let offset = decode_offset(snapshot, &path, position, encoding)?;
            question(snapshot, &path, offset)
        })
    }
}
