//! Work-done progress where the client has sent a token for it: begun with the work, ended before the answer.

use crate::wire::Outbox;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tower_lsp::ls_types::{
    ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressEnd,
    WorkDoneProgressReport,
};

/// No eye sees more reports than one in this time.
const PAUSE: Duration = Duration::from_millis(100);

/// The progress of one request. Whoever answers holds it: it ends when that is done or cancelled.
pub(crate) struct Progress(Option<Arc<Shown>>);

/// Reports of a progress, from the thread that works; after its end they are silent.
#[derive(Clone)]
pub(crate) struct Reporter(Option<Arc<Shown>>);

struct Shown {
    outbox: Outbox,
    token: ProgressToken,
    /// When something was last said; none after the end.
    said: Mutex<Option<Instant>>,
}

impl Progress {
    /// Shows `title`, if the client has sent a token.
    pub(crate) fn begin(outbox: &Outbox, token: Option<ProgressToken>, title: &str) -> Self {
        let shown = token.map(|token| {
            let shown = Shown { outbox: outbox.clone(), token, said: Mutex::new(Some(Instant::now())) };
            shown.say(WorkDoneProgress::Begin(WorkDoneProgressBegin {
                title: title.to_string(),
                // The request itself can be cancelled, which stops the work.
                cancellable: Some(false),
                message: None,
                percentage: Some(0),
            }));
            Arc::new(shown)
        });
        Self(shown)
    }

    pub(crate) fn reporter(&self) -> Reporter {
        Reporter(self.0.clone())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.reporter().end();
    }
}

impl Reporter {
    /// Ends the progress, where it has not ended yet.
    pub(crate) fn end(&self) {
        let Some(shown) = &self.0 else { return };
        if shown.said.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            shown.say(WorkDoneProgress::End(WorkDoneProgressEnd { message: None }));
        }
    }

    /// Tells that `done` of `all` files are done.
    pub(crate) fn files(&self, done: usize, all: usize) {
        let Some(shown) = &self.0 else { return };
        let mut said = shown.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_none_or(|said| said.elapsed() < PAUSE) {
            return;
        }
        *said = Some(Instant::now());
        shown.say(WorkDoneProgress::Report(WorkDoneProgressReport {
            cancellable: Some(false),
            message: Some(format!("{done} of {all} files")),
            percentage: u32::try_from(done * 100 / all.max(1)).ok(),
        }));
    }
}

impl Shown {
    fn say(&self, value: WorkDoneProgress) {
        let params = ProgressParams { token: self.token.clone(), value: ProgressParamsValue::WorkDone(value) };
        let message = serde_json::json!({ "jsonrpc": "2.0", "method": "$/progress", "params": params });
        self.outbox.send(message.to_string());
    }
}
