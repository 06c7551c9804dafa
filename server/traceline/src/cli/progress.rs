//! How far a long check has come: on a terminal alone, on stderr, and only where it takes a while.

use crate::fault;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Nobody has to be told of what takes less, in milliseconds.
const PATIENCE: usize = 1000;

/// What is shown of one piece of work after the other.
pub(super) struct Progress {
    /// None where nobody would see it.
    bar: Option<ProgressBar>,
    begun: Instant,
    patience: Duration,
    shown: AtomicBool,
}

impl Progress {
    /// Progress that is shown where `wanted` and where stderr is a terminal.
    pub(super) fn new(wanted: bool) -> Self {
        let style = ProgressStyle::with_template("{msg} {bar:32} {human_pos} of {human_len} files")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━╸─");
        let bar = || ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style);
        let patience = fault::number_at("progress", PATIENCE) as u64;
        Self {
            bar: (wanted && std::io::stderr().is_terminal()).then(bar),
            begun: Instant::now(),
            patience: Duration::from_millis(patience),
            shown: AtomicBool::new(false),
        }
    }

    /// Something is done with so many files from now on.
    pub(super) fn begin(&self, doing: &'static str, files: usize) {
        if let Some(bar) = &self.bar {
            bar.set_message(doing);
            bar.set_length(files as u64);
            bar.set_position(0);
        }
    }

    /// It has been done with one more.
    pub(super) fn advance(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
            self.show(bar);
        }
    }

    /// Shows it from the moment on that it has taken a while.
    fn show(&self, bar: &ProgressBar) {
        if self.begun.elapsed() >= self.patience && !self.shown.swap(true, Ordering::Relaxed) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.tick();
        }
    }

    /// Takes away what is shown: the report follows.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
