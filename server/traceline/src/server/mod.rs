//! The front door: tower-lsp's handlers, each a post to the keeper and a translation of its answer.

mod settings;
mod state;
mod answer;
mod command;
mod sync;
mod session;
mod router;

use crate::keeper::{self, Editor};
use crate::lsp::refresh::Changes;
use crate::wire::{self, Isolated};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use tower_lsp::LspService;

/// Serves an editor on stdin and stdout until the session ends.
pub(crate) fn serve() -> ExitCode {
    std::panic::set_hook(Box::new(report_panic));
    wire::serve(|outbox| {
        let (reading, progress) = watch::channel(None);
        let (changes, changed) = watch::channel(Changes::default());
        let editor = Editor { outbox, uris: Arc::default(), abilities: Arc::default(), reading, changes };
        LspService::build(|client| {
            let inbox = keeper::start(editor.clone()).expect("a process that cannot start a thread cannot serve");
            Isolated(state::Server::new(client, inbox, editor, progress, changed))
        })
        .finish()
    })
}

/// Logs a panic: once, wherever it happens, and without document text, which panics of ours never hold. What panics again
/// at each edit is reported the first time.
fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    static REPORTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let thread = std::thread::current();
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    if !REPORTED.lock().unwrap_or_else(PoisonError::into_inner).insert(place.clone()) {
        tracing::debug!(thread = thread.name(), place, "panicked again");
        return;
    }
    let message = panic.payload_as_str().unwrap_or("no message");
    let trace = std::backtrace::Backtrace::capture();
    tracing::error!(thread = thread.name(), "panicked at {place}: {message}\n{trace}");
}
