//! Refresh requests: the one place that tells the client to ask again for what another file has changed.

use super::capabilities::Refreshes;
use std::time::Duration;
use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;

/// How long things must have been quiet: a word that is being typed is one change.
const QUIET: Duration = Duration::from_millis(150);

/// How long a client may take to answer. One that never does is told again all the same.
const PATIENCE: Duration = Duration::from_secs(5);

/// What has changed so far, counted. Whoever changes something counts on; see [`refresh`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Names in some feature: counts of references, titles, who covers what.
    pub(crate) names: u64,
    /// Findings of some file that did not change itself.
    pub(crate) findings: u64,
}

/// Tells the client of changes until the session ends: what it can refresh, and only where that has changed.
pub(crate) async fn refresh(client: Client, wanted: Refreshes, mut changes: watch::Receiver<Changes>) {
    let mut told = *changes.borrow_and_update();
    while changes.changed().await.is_ok() {
        tokio::time::sleep(QUIET).await;
        let now = *changes.borrow_and_update();
        let (names, findings) = (now.names != told.names, now.findings != told.findings);
        told = now;
        let all = async {
            tokio::join!(
                when(names && wanted.lenses, client.code_lens_refresh()),
                when(names && wanted.hints, client.inlay_hint_refresh()),
                when(names && wanted.tokens, client.semantic_tokens_refresh()),
                when(findings && wanted.diagnostics, client.workspace_diagnostic_refresh()),
            )
        };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("the client leaves a refresh unanswered");
        }
    }
}

async fn when(wanted: bool, request: impl Future<Output = Result<()>>) {
    if wanted && let Err(error) = request.await {
        tracing::warn!(%error, "the client refuses a refresh");
    }
}
