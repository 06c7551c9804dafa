//! The inbox: what the keeper is told and asked, in the order in which it counts.

use super::checked::Checked;
use super::pulls::{Pull, WorkspacePull};
use crate::config::Configs;
use crate::disk::{Selection, Unread};
use crate::fault;
use crate::watch::Watch;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use tokio::sync::oneshot;
use traceline_engine::dialect::Dialect;
use traceline_engine::document::Change;
use traceline_engine::edit::Move;
use traceline_engine::path::FilePath;
use traceline_engine::scope::Layout;
use traceline_engine::settings::Settings;
use traceline_engine::text::Encoding;
use traceline_engine::world::{Closed, Snapshot};

/// What the keeper is told.
pub(crate) enum Message {
    /// The session begins: these are the workspace folders.
    Start {
        roots: Vec<FilePath>,
        encoding: Encoding,
        settings: Settings,
        /// Whether the client tells of changes on disk.
        watches: bool,
    },
    Open {
        path: FilePath,
        version: i32,
        text: String,
    },
    Change {
        path: FilePath,
        version: i32,
        changes: Vec<Change>,
    },
    Close {
        path: FilePath,
    },
    /// Files were made, changed or deleted on disk.
    Touched(Vec<FilePath>),
    /// Files or folders were moved on disk.
    Moved(Vec<Move>),
    Folders {
        added: Vec<FilePath>,
        removed: Vec<FilePath>,
    },
    ClientSettings(Settings),
    /// The client does not tell of changes on disk, though it seemed to.
    ClientWatchesNothing,
    /// A scan's folders are watched by ourselves.
    Watching {
        scan: u32,
        watch: Watch,
    },
    /// Somebody wants to know what the keeper works with, whatever it is doing.
    Describe(Description),
    /// A document was saved.
    Saved {
        path: FilePath,
    },
    /// A workspace folder has answered, perhaps late.
    Answers(FilePath),
    /// The workspace is to be read again.
    RestartReading,
    Ask(Question),
    Pull(Pull),
    PullWorkspace(WorkspacePull),
    /// The session ends; whoever waits for news is told that there will be none.
    End,
    /// The workspace's files, in reply to a scan's request; the reply says in which order to read them.
    Listed {
        scan: u32,
        paths: Vec<FilePath>,
        configs: Configs,
        /// What cannot be read of them, in words.
        lost: Vec<String>,
        reply: Sender<Scan>,
    },
    /// More of the listed files are to be put where they belong.
    Place {
        scan: u32,
    },
    /// Files have been read into the store.
    Stored {
        scan: u32,
        last: bool,
    },
    /// A closed file was read again.
    Reread {
        path: FilePath,
        result: Result<Closed, Unread>,
    },
    Checked(Checked),
    /// A question was tried before its time; it comes back if it needs more than is known yet.
    Tried(Option<Question>),
}

/// What the keeper works with.
pub(crate) struct State {
    pub(crate) reading: bool,
    pub(crate) selection: Selection,
    /// Who sees changes on disk.
    pub(crate) watching: &'static str,
    /// How many closed files have findings that are not shown, because too many others are.
    pub(crate) hidden: usize,
}

/// What is done with the keeper's state.
pub(super) type Description = Box<dyn FnOnce(&Snapshot, &State) + Send>;

/// What a scan is to read.
pub(crate) struct Scan {
    pub(super) paths: Vec<FilePath>,
    pub(super) layout: Arc<Layout>,
    pub(super) dialect: Arc<Dialect>,
}

/// What must have been read before a question can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Only what the editor has sent.
    Nothing,
    /// The feature of this file, and where else its ids are looked for.
    Feature(FilePath),
    /// Every file.
    Everything,
}

/// A question on its way.
pub(crate) struct Question {
    pub(super) needs: Needs,
    /// Whether its answer takes so long that it must not keep others from theirs.
    pub(super) long: bool,
    /// Whether it may be answered from a part of the workspace, if that is all it looks at.
    pub(super) early: bool,
    /// Returns whether it needs no more.
    pub(super) answer: Box<dyn FnMut(&Snapshot) -> bool + Send>,
}

/// Tells whoever answers a long question when nobody waits for it any more.
pub(crate) struct Cancellation<'a>(&'a dyn Fn() -> bool);

impl Cancellation<'_> {
    /// Whether the answer is no longer waited for: working on is a waste.
    pub(crate) fn is_cancelled(&self) -> bool {
        (self.0)()
    }
}

/// The way to the keeper. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Inbox(pub(super) Sender<Message>);

impl Inbox {
    /// Posts a message; the order of posts is the order in which they count.
    pub(crate) fn post(&self, message: Message) {
        // A keeper that is gone means that the session is over.
        let _ = self.0.send(message);
    }

    /// Asks a question of the world as it is after everything posted so far. The receiver fails if answering panics.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        needs: Needs,
        question: impl FnOnce(&Snapshot) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        self.ask_as(needs, false, |snapshot, _| question(snapshot))
    }

    /// The same for a question about one file, which is answered before the workspace is known if its answer cannot depend on
    /// that.
    pub(crate) fn ask_early<T: Send + 'static>(
        &self,
        path: FilePath,
        question: impl Fn(&Snapshot) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (answered, answer) = oneshot::channel();
        let mut answered = Some(answered);
        let answer_it = move |snapshot: &Snapshot| {
            // Nobody waits for a cancelled question's answer.
            if answered.as_ref().is_some_and(|answered| !answered.is_closed()) {
                fault::panic_at("answer");
                let answer = question(snapshot);
                if snapshot.has_looked_too_far() {
                    return false;
                }
                if let Some(answered) = answered.take() {
                    let _ = answered.send(answer);
                }
            }
            true
        };
        self.post(Message::Ask(Question {
            needs: Needs::Feature(path),
            long: false,
            early: true,
            answer: Box::new(answer_it),
        }));
        answer
    }

    /// The same as `ask` for a question that may take long: it is answered beside the others, one after the other, and told when
    /// it was cancelled.
    pub(crate) fn ask_long<T: Send + 'static>(
        &self,
        needs: Needs,
        question: impl FnOnce(&Snapshot, &Cancellation<'_>) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        self.ask_as(needs, true, question)
    }

    /// Asks what the keeper works with, now: neither the reading nor another question holds this up, and edits that wait
    /// behind a question are not seen.
    pub(crate) fn describe<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Snapshot, &State, &Cancellation<'_>) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (answered, answer) = oneshot::channel();
        self.post(Message::Describe(Box::new(move |snapshot, state| {
            let answer = question(snapshot, state, &Cancellation(&|| answered.is_closed()));
            // Nobody waits for a cancelled question's answer.
            let _ = answered.send(answer);
        })));
        answer
    }

    fn ask_as<T: Send + 'static>(
        &self,
        needs: Needs,
        long: bool,
        question: impl FnOnce(&Snapshot, &Cancellation<'_>) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (answered, answer) = oneshot::channel();
        let mut once = Some((answered, question));
        let answer_it = move |snapshot: &Snapshot| {
            // Nobody waits for a cancelled question's answer.
            if let Some((answered, question)) = once.take().filter(|(answered, _)| !answered.is_closed()) {
                fault::panic_at("answer");
                let answer = question(snapshot, &Cancellation(&|| answered.is_closed()));
                let _ = answered.send(answer);
            }
            true
        };
        self.post(Message::Ask(Question { needs, long, early: false, answer: Box::new(answer_it) }));
        answer
    }
}
