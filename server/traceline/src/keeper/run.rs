//! The keeper's thread: takes one message after the other, in their order, and outlives a panic.

use super::editor::Editor;
use super::inbox::{Inbox, Message};
use super::pool::Pool;
use super::publisher::Publisher;
use super::state::Keeper;
use super::watching::Watching;
use crate::config::{self, Configs};
use crate::fault;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use traceline_engine::settings::Settings;
use traceline_engine::text::Encoding;
use traceline_engine::world::World;

/// Starts the keeper's thread.
pub(crate) fn start(editor: Editor) -> std::io::Result<Inbox> {
    let (sender, receiver) = mpsc::channel();
    let inbox = Inbox(sender);
    let keeper = Keeper {
        world: World::new(Vec::new(), Settings::default()),
        places: Arc::default(),
        roots: Vec::new(),
        unresponsive: Vec::new(),
        encoding: Encoding::default(),
        client: Settings::default(),
        configs: Configs::default(),
        drafts: BTreeMap::new(),
        inbox: inbox.clone(),
        pool: Pool::start("traceline-answer", 2)?,
        long: Pool::start("traceline-long", 1)?,
        background: Pool::start("traceline-check", 1)?,
        publisher: Publisher::new(editor),
        store: Arc::default(),
        scan: 0,
        reading: false,
        listed: false,
        placing: None,
        attempting: false,
        deferred: VecDeque::new(),
        edited: BTreeSet::new(),
        due: None,
        scopes_due: BTreeSet::new(),
        titles_changed: false,
        documents_due: BTreeSet::new(),
        moved: BTreeSet::new(),
        panics: VecDeque::new(),
        watching: Watching::Client,
        rereading: BTreeMap::new(),
        pulls: Vec::new(),
        tidying: false,
    };
    std::thread::Builder::new().name("traceline-keeper".into()).spawn(move || keeper.run(&receiver))?;
    Ok(inbox)
}

/// How long it waits with what is left of facts to be given up, if nothing comes.
const TIDYING: Duration = Duration::from_millis(20);

impl Keeper {
    fn run(mut self, receiver: &Receiver<Message>) {
        while !self.survive(|keeper| keeper.turn(receiver)) {}
    }

    /// One turn: everything that has come, and what is to be shown after it. Returns whether the session is over.
    fn turn(&mut self, receiver: &Receiver<Message>) -> bool {
        let rest = if self.tidying { TIDYING } else { Duration::from_secs(3600) };
        let wait = self.due.map_or(rest, |due| due.saturating_duration_since(Instant::now()).min(rest));
        match receiver.recv_timeout(wait) {
            Ok(message) => self.take(message),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return true,
        }
        // What has come meanwhile counts first: findings of a text that is already another one help nobody.
        while self.placing.is_none()
            && let Ok(message) = receiver.try_recv()
        {
            self.take(message);
        }
        self.world.settle();
        if !self.edited.is_empty() {
            fault::panic_at("keeper");
        }
        self.show_edited();
        self.show_due();
        self.show_checking();
        self.tidying = self.world.give_up_unpacked();
        false
    }

    /// Does `turn`. A panic leaves a world that cannot be trusted, so it is made anew from the open texts and the disk; if
    /// that fails too, or again and again is not enough, the process ends, and the editor starts another.
    fn survive(&mut self, turn: impl FnOnce(&mut Self) -> bool) -> bool {
        if let Ok(over) = catch_unwind(AssertUnwindSafe(|| turn(self))) {
            return over;
        }
        const MOST: usize = 5;
        const WITHIN: Duration = Duration::from_secs(60);
        self.panics.push_back(Instant::now());
        self.panics.retain(|panic| panic.elapsed() < WITHIN);
        if self.panics.len() > MOST {
            tracing::error!("one panic follows another; the server ends");
            std::process::exit(1);
        }
        tracing::warn!("after a panic the workspace is read again");
        if catch_unwind(AssertUnwindSafe(|| self.read_workspace())).is_err() {
            tracing::error!("reading again failed too; the server ends");
            std::process::exit(1);
        }
        false
    }

    /// Handles a message, unless a question before it still waits: then it waits too, so that the question sees the edits
    /// before it and no others.
    fn take(&mut self, message: Message) {
        let news = matches!(
            message,
            Message::Listed { .. }
                | Message::Place { .. }
                | Message::Stored { .. }
                | Message::Reread { .. }
                | Message::Checked(_)
                | Message::Describe(_)
                | Message::Tried(_)
        );
        if !news && (self.attempting || !self.deferred.is_empty()) {
            self.deferred.push_back(message);
            return;
        }
        self.handle(message);
    }

    /// Handles what has waited, up to the next question that has to wait on.
    pub(super) fn handle_deferred(&mut self) {
        let waiting = std::mem::take(&mut self.deferred);
        for message in waiting {
            self.take(message);
        }
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Start { roots, encoding, settings, watches } => {
                self.encoding = encoding;
                self.watching = if watches { Watching::Client } else { Watching::Wanted };
                self.client = settings;
                self.roots = roots;
                self.leave_unresponsive();
                self.read_workspace();
            }
            Message::Open { path, version, text } => self.open(&path, version, &text),
            Message::Change { path, version, changes } if config::is_config(&path) => {
                self.change_draft(&path, version, &changes);
            }
            Message::Change { path, version, changes } => {
                if self.world.change(&path, version, &changes, self.encoding) {
                    self.edited.insert(path);
                } else {
                    tracing::warn!(%path, "an edit of a document that is not open is lost");
                }
            }
            Message::Close { path } => self.close(&path),
            Message::Touched(paths) => self.touched(paths),
            Message::Moved(moves) => self.moved(&moves),
            Message::Folders { added, removed } => {
                self.roots.retain(|root| !removed.contains(root));
                self.unresponsive.retain(|root| !removed.contains(root));
                self.roots.extend(added);
                self.leave_unresponsive();
                self.read_workspace();
            }
            Message::ClientSettings(settings) => {
                self.client = settings;
                self.put_settings();
            }
            Message::Answers(root) => self.answers(&root),
            Message::RestartReading => self.read_workspace(),
            Message::ClientWatchesNothing => {
                self.watching = Watching::Wanted;
                self.read_workspace();
            }
            Message::Watching { scan, watch } => self.watched(scan, watch),
            Message::Describe(description) => self.describe(description),
            Message::Saved { path } if config::is_config(&path) => self.touched(vec![path]),
            Message::Saved { path } => {
                self.places.look_again();
                self.look_again(&path);
            }
            Message::Ask(question) => self.ask(question),
            Message::Listed { scan, paths, configs, lost, reply } => {
                if scan == self.scan {
                    lost.iter().for_each(|what| self.publisher.warn(what));
                    self.listed(paths, configs, reply);
                }
            }
            Message::Place { scan } => {
                if scan == self.scan {
                    self.place();
                }
            }
            Message::Stored { scan, last } => {
                if scan == self.scan {
                    self.stored(last);
                }
            }
            Message::Reread { path, result } => self.reread(&path, result),
            Message::Tried(question) => self.attempted(question),
            Message::Checked(checked) => self.show_closed(checked),
            Message::Pull(pull) => self.pull(pull),
            Message::PullWorkspace(pull) => self.pull_workspace(pull),
            Message::End => self.publisher.end(),
        }
    }
}
