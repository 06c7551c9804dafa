//! Refresh requests: the one place that tells the client to ask again for what another file has changed.

use super::client_capabilities::Refreshes;
use std::time::Duration;
use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Request;
use tower_service::Service;

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
                when(names && wanted.lenses, &client, "workspace/codeLens/refresh"),
                when(names && wanted.hints, &client, "workspace/inlayHint/refresh"),
                when(names && wanted.tokens, &client, "workspace/semanticTokens/refresh"),
                when(findings && wanted.diagnostics, &client, "workspace/diagnostic/refresh"),
            )
        };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("the client leaves a refresh unanswered");
        }
    }
}

async fn when(wanted: bool, client: &Client, method: &'static str) {
    if !wanted {
        return;
    }
    // Not by the client's own functions: they send `"params": null`, which JSON-RPC does not know.
    let request = Request::build(method).id(client.next_request_id()).finish();
    if let Ok(Some(answer)) = client.clone().call(request).await
        && let Some(error) = answer.error()
    {
        tracing::warn!(%error, method, "the client refuses a refresh");
    }
}
