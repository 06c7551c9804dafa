//! The editor as the keeper sees it: what it can be told, and how.

use crate::lsp::client_capabilities::DiagnosticAbilities;
use crate::lsp::diagnostics::Encoder;
use crate::lsp::refresh::Changes;
use crate::lsp::uri_map::UriMap;
use crate::wire::Outbox;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;
use traceline_engine::text::Encoding;

/// What the editor can be told, and how.
#[derive(Clone)]
pub(crate) struct Editor {
    pub(crate) outbox: Outbox,
    pub(crate) uris: Arc<UriMap>,
    /// Known once the session has begun.
    pub(crate) abilities: Arc<OnceLock<DiagnosticAbilities>>,
    /// How many files have been read, while the workspace is being read nothing.
    pub(crate) reading: watch::Sender<Option<usize>>,
    /// What has changed that the client may want to ask for again.
    pub(crate) changes: watch::Sender<Changes>,
}

impl Editor {
    pub(super) fn abilities(&self) -> DiagnosticAbilities {
        self.abilities.get().copied().unwrap_or_default()
    }

    pub(super) fn encoder(&self, encoding: Encoding) -> Encoder<'_> {
        Encoder { encoding, uris: &self.uris, abilities: self.abilities() }
    }
}

/// What makes an [`Encoder`] on any thread.
#[derive(Clone)]
pub(crate) struct SharedEncoder {
    pub(super) editor: Editor,
    pub(super) encoding: Encoding,
}

impl SharedEncoder {
    pub(crate) fn of(&self) -> Encoder<'_> {
        self.editor.encoder(self.encoding)
    }
}
