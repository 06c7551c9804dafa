//! The keeper: the one thread that owns the world. Edits and questions reach it through one inbox, in their order.

mod book;
mod configs;
mod findings;
mod found;
mod inbox;
mod pool;
mod publisher;
mod pulls;
mod roots;
mod watch;

pub(crate) use book::Revision;
pub(crate) use inbox::{Asked, Inbox, Message, Needs, State};
pub(crate) use publisher::Editor;
pub(crate) use pulls::{Pull, Pulled, Report, WorkspacePull};

use crate::config::{self, Configs};
use crate::disk::{self, Listed};
use crate::fault;
use crate::paths;
use crate::shelf::{self, Shelf};
use inbox::{Description, Question};
use pool::Pool;
use publisher::Publisher;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use traceline_engine::document::Document;
use traceline_engine::edit::Move;
use traceline_engine::path::FilePath;
use traceline_engine::settings::Settings;
use traceline_engine::text::Encoding;
use traceline_engine::world::{Closed, Snapshot, World};
use watch::Watching;

/// Starts the keeper's thread.
pub(crate) fn start(editor: Editor) -> std::io::Result<Inbox> {
    let (sender, receiver) = mpsc::channel();
    let inbox = Inbox(sender);
    let keeper = Keeper {
        world: World::new(Vec::new(), Settings::default()),
        roots: Vec::new(),
        silent: Vec::new(),
        encoding: Encoding::default(),
        client: Settings::default(),
        configs: Configs::default(),
        drafts: BTreeMap::new(),
        inbox: inbox.clone(),
        pool: Pool::start("traceline-answer", 2)?,
        long: Pool::start("traceline-long", 1)?,
        background: Pool::start("traceline-check", 1)?,
        publisher: Publisher::new(editor),
        shelf: Arc::default(),
        scan: 0,
        reading: false,
        listed: false,
        deferred: VecDeque::new(),
        edited: BTreeSet::new(),
        due: None,
        scopes_due: BTreeSet::new(),
        retold: false,
        documents_due: BTreeSet::new(),
        moved: BTreeSet::new(),
        panics: VecDeque::new(),
        watching: Watching::Client,
        rereading: BTreeSet::new(),
        pulls: Vec::new(),
    };
    std::thread::Builder::new().name("traceline-keeper".into()).spawn(move || keeper.run(&receiver))?;
    Ok(inbox)
}

struct Keeper {
    world: World,
    roots: Vec<FilePath>,
    /// Workspace folders that do not answer.
    silent: Vec<FilePath>,
    encoding: Encoding,
    client: Settings,
    configs: Configs,
    /// Configuration files that are open in the editor.
    drafts: BTreeMap<FilePath, Document>,
    inbox: Inbox,
    pool: Pool,
    long: Pool,
    background: Pool,
    publisher: Publisher,
    shelf: Arc<Shelf>,
    /// Which scan is going on; news of an older one is ignored.
    scan: u32,
    reading: bool,
    /// Whether the files that are being read are known.
    listed: bool,
    /// What came behind a question that waits for the reading: it must not overtake it.
    deferred: VecDeque<Message>,
    /// Open documents whose findings are to be shown at once.
    edited: BTreeSet<FilePath>,
    /// When the findings of `scopes_due` are to be shown.
    due: Option<Instant>,
    scopes_due: BTreeSet<FilePath>,
    /// A title or a task's state has changed.
    retold: bool,
    /// Edited documents that somebody who waits for news of the workspace is to be told of.
    documents_due: BTreeSet<FilePath>,
    /// Files whose places have moved and that findings of others point into.
    moved: BTreeSet<FilePath>,
    /// When the world had to be made anew.
    panics: VecDeque<Instant>,
    watching: Watching,
    /// Closed files that are being read again, and who has asked about them meanwhile.
    rereading: BTreeSet<FilePath>,
    pulls: Vec<Pull>,
}

impl Keeper {
    fn run(mut self, receiver: &Receiver<Message>) {
        while !self.survive(|keeper| keeper.turn(receiver)) {}
    }

    /// One turn: everything that has come, and what is to be shown after it. Returns whether the session is over.
    fn turn(&mut self, receiver: &Receiver<Message>) -> bool {
        let wait = self.due.map_or(Duration::from_secs(3600), |due| due.saturating_duration_since(Instant::now()));
        match receiver.recv_timeout(wait) {
            Ok(message) => self.take(message),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return true,
        }
        // What has come meanwhile counts first: findings of a text that is already another one help nobody.
        while let Ok(message) = receiver.try_recv() {
            self.take(message);
        }
        self.world.settle();
        if !self.edited.is_empty() {
            fault::panic_at("keeper");
        }
        self.show_edited();
        self.show_due();
        self.show_checking();
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

    /// Heeds a message, unless a question before it still waits: then it waits too, so that the question sees the edits
    /// before it and no others.
    fn take(&mut self, message: Message) {
        let news = matches!(
            message,
            Message::Listed { .. }
                | Message::Shelved { .. }
                | Message::Reread { .. }
                | Message::Checked(_)
                | Message::Describe(_)
        );
        if !news && !self.deferred.is_empty() {
            self.deferred.push_back(message);
            return;
        }
        self.heed(message);
    }

    /// Heeds what has waited, up to the next question that has to wait on.
    fn heed_deferred(&mut self) {
        let waiting = std::mem::take(&mut self.deferred);
        for message in waiting {
            self.take(message);
        }
    }

    fn heed(&mut self, message: Message) {
        match message {
            Message::Start { roots, encoding, settings, watches } => {
                self.encoding = encoding;
                self.watching = if watches { Watching::Client } else { Watching::Wanted };
                self.client = settings;
                self.roots = roots;
                self.leave_silent();
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
                self.silent.retain(|root| !removed.contains(root));
                self.roots.extend(added);
                self.leave_silent();
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
            Message::Saved { path } => self.look_again(&path),
            Message::Ask(question) => self.ask(question),
            Message::Listed { scan, paths, configs, lost, reply } => {
                if scan == self.scan {
                    lost.iter().for_each(|what| self.publisher.warn(what));
                    self.listed(paths, configs, &reply);
                }
            }
            Message::Shelved { scan, last } => {
                if scan == self.scan {
                    self.shelved(last);
                }
            }
            Message::Reread { path, result } => self.reread(&path, result),
            Message::Checked(checked) => self.show_closed(checked),
            Message::Pull(pull) => self.pull(pull),
            Message::PullWorkspace(pull) => self.pull_workspace(pull),
            Message::End => self.publisher.end(),
        }
    }

    // Documents -----------------------------------------------------------------------------------------------------

    fn open(&mut self, path: &FilePath, version: i32, text: &str) {
        if config::is_config(path) {
            self.open_draft(path, version, text);
            return;
        }
        self.look_again(path);
        if self.reading && !self.listed {
            self.find_configs_above(path);
        }
        self.world.open(path, version, text);
        self.edited.insert(path.clone());
        if self.reading {
            self.read_feature_first(path);
        }
        self.note_changes();
    }

    /// Reads the files that an opened document's ids may be defined in, so that it does not wait for the whole workspace.
    fn read_feature_first(&mut self, path: &FilePath) {
        const MOST: usize = 64;
        self.world.settle();
        let snapshot = self.world.snapshot();
        let Some(scope) = snapshot.scope_of(path) else { return };
        let chain = snapshot.chain(scope);
        let files = chain
            .iter()
            .filter_map(|folder| snapshot.scope(folder))
            .filter(|scope| !scope.is_read())
            .flat_map(|scope| scope.files());
        let unread: Vec<FilePath> =
            files.filter(|path| snapshot.view(path).is_none()).take(MOST + 1).cloned().collect();
        if unread.len() > MOST {
            return;
        }
        for path in unread {
            match shelf::read(&path, snapshot.layout(), snapshot.dialect()) {
                Ok(closed) => self.world.put(&path, closed),
                Err(why) => self.unread(&path, &why),
            }
        }
    }

    fn close(&mut self, path: &FilePath) {
        if config::is_config(path) {
            self.close_draft(path);
            return;
        }
        self.world.close(path);
        self.places_moved(path);
        self.edited.remove(path);
        self.publisher.close(path);
        if !self.world.knows(path) {
            // It has no file, or none that was read: what is shown of it would stay for ever.
            self.publisher.clear(path, self.encoding);
        }
        self.touched(vec![path.clone()]);
        self.note_changes();
        if let Some(scope) = self.world_scope(path) {
            self.scope_due(scope);
        }
    }

    fn world_scope(&mut self, path: &FilePath) -> Option<FilePath> {
        self.world.settle();
        self.world.snapshot().scope_of(path).cloned()
    }

    // Files ---------------------------------------------------------------------------------------------------------

    /// What a folder held is where the folder has gone; a client that watches no files tells nothing else.
    fn moved(&mut self, moves: &[Move]) {
        self.world.settle();
        let snapshot = self.world.snapshot();
        let mut paths = Vec::new();
        for Move { from, to } in moves {
            let inside = snapshot.files().filter(|path| path.is_within(from.as_str()));
            let gone = |path: &FilePath| FilePath::new(&format!("{to}{}", &path.as_str()[from.as_str().len()..]));
            paths.extend(inside.flat_map(|path| [path.clone(), gone(path)]));
            paths.extend([from.clone(), to.clone()]);
        }
        paths.sort();
        paths.dedup();
        self.touched(paths);
    }

    fn touched(&mut self, paths: Vec<FilePath>) {
        if paths.iter().any(|path| matches!(path.name(), ".gitignore" | ".ignore")) || self.configs_touched(&paths) {
            self.read_workspace();
            return;
        }
        self.world.settle();
        let snapshot = self.world.snapshot();
        let selection = self.configs.selection();
        let mut listed: HashMap<FilePath, Listed> = HashMap::new();
        let (mut wanted, mut gone, mut folders) = (Vec::new(), HashSet::new(), HashSet::new());
        // Where a name may be written in several ways, a file whose name has been written anew is another one.
        let spelt = |path: FilePath| {
            let own = paths::as_on_disk(path.clone());
            if own == path { vec![(path, true)] } else { vec![(own, true), (path, false)] }
        };
        for (path, is_spelt_so) in paths.into_iter().flat_map(spelt) {
            let there = &*paths::encode(&path);
            let known = snapshot.scope_of(&path).is_some();
            if !is_spelt_so {
                if known {
                    gone.insert(path);
                }
                continue;
            }
            let root = snapshot.layout().root_of(&path).filter(|root| !disk::is_too_wide(&paths::encode(root)));
            let mut is_listed = |holds: fn(&Listed, &Path) -> bool| {
                root.is_some_and(|root| {
                    let listed = listed.entry(root.clone());
                    holds(listed.or_insert_with(|| Listed::of(&paths::encode(root), &selection)), there)
                })
            };
            if there.is_file() {
                if known || is_listed(Listed::holds) {
                    wanted.push(path);
                }
            } else if there.is_dir() {
                if known {
                    gone.insert(path.clone());
                }
                if is_listed(Listed::enters) {
                    folders.insert(path);
                }
            } else if !there.exists() && (known || is_listed(Listed::enters)) {
                gone.insert(path);
            }
        }
        self.look_into(&folders);
        // A folder that is gone takes its files with it, and a file that could not be read is in no list.
        let lost = |file: &&FilePath| gone.contains(*file) || file.ancestors().any(|folder| gone.contains(folder));
        let files: Vec<FilePath> =
            if gone.is_empty() { Vec::new() } else { snapshot.files().filter(lost).cloned().collect() };
        files.iter().for_each(|path| self.remove(path));
        gone.iter().for_each(|path| self.world.remove(path));
        self.note_changes();
        if wanted.is_empty() {
            return;
        }
        self.rereading.extend(wanted.iter().cloned());
        let (inbox, layout, dialect) = (self.inbox.clone(), snapshot.layout().clone(), Arc::clone(snapshot.dialect()));
        self.background.first(move || {
            for path in wanted {
                let result = shelf::read(&path, &layout, &dialect);
                inbox.post(Message::Reread { path, result });
            }
        });
    }

    /// Looks for files in new folders: of what was written together with a folder, an editor may tell the folder alone.
    fn look_into(&self, folders: &HashSet<FilePath>) {
        let outermost = folders.iter().filter(|folder| !folder.ancestors().any(|above| folders.contains(above)));
        for folder in outermost {
            let folder = folder.clone();
            let inbox = self.inbox.clone();
            self.background.first(move || {
                let files = disk::list(&paths::encode(&folder), &disk::Selection::default(), None);
                if !files.is_empty() {
                    inbox.post(Message::Touched(files));
                }
            });
        }
    }

    fn reread(&mut self, path: &FilePath, result: Result<Closed, disk::Unread>) {
        self.rereading.remove(path);
        match result {
            Ok(closed) => self.world.put(path, closed),
            Err(disk::Unread::Gone) => self.remove(path),
            Err(why) => self.unread(path, &why),
        }
        self.places_moved(path);
        self.note_changes();
        if let Some(scope) = self.world_scope(path) {
            self.scope_due(scope);
        }
        self.pull_reread(path);
        // While the workspace is read, a question may wait for this file alone.
        self.heed_deferred();
    }

    fn remove(&mut self, path: &FilePath) {
        let scope = self.world_scope(path);
        self.world.remove(path);
        self.world.settle();
        if !self.world.snapshot().open_files().any(|open| open == path) {
            self.publisher.clear(path, self.encoding);
        }
        scope.into_iter().for_each(|scope| self.scope_due(scope));
    }

    fn unread(&mut self, path: &FilePath, why: &disk::Unread) {
        tracing::warn!(%path, %why, "not read");
        self.publisher.warn(&format!("{path} was not read: {why}"));
        match why {
            disk::Unread::Gone => self.world.remove(path),
            _ => self.world.leave_unread(path, &why.to_string()),
        }
        if !self.world.is_open(path) {
            self.publisher.clear(path, self.encoding);
        }
    }

    // Questions -----------------------------------------------------------------------------------------------------

    fn ask(&mut self, question: Question) {
        self.world.settle();
        let snapshot = self.world.snapshot();
        if !self.is_ready(&snapshot, &question.needs) {
            self.deferred.push_back(Message::Ask(question));
            return;
        }
        let pool = if question.long { &self.long } else { &self.pool };
        pool.last(move || (question.answer)(&snapshot));
    }

    /// Whether as much has been read as is needed.
    fn is_ready(&self, snapshot: &Snapshot, needs: &Needs) -> bool {
        if !self.reading {
            return true;
        }
        match needs {
            Needs::Nothing => true,
            Needs::Everything => false,
            Needs::Feature(path) => {
                // Before the files are listed, nobody knows which files the feature has.
                self.listed
                    && snapshot.scope_of(path).is_none_or(|scope| {
                        let mut chain = snapshot.chain(scope).into_iter();
                        chain.all(|folder| snapshot.scope(&folder).is_none_or(|scope| scope.is_read()))
                    })
            }
        }
    }

    /// Has somebody look at what there is now, on a thread of its own: nothing that is asked waits for it, and it for nothing.
    fn describe(&mut self, description: Description) {
        self.world.settle();
        let snapshot = self.world.snapshot();
        let state = State {
            reading: self.reading,
            selection: self.configs.selection(),
            watching: self.watching.name(),
            hidden: self.publisher.hidden(),
        };
        let describe = move || description(&snapshot, &state);
        if let Err(error) = std::thread::Builder::new().name("traceline-status".into()).spawn(describe) {
            tracing::error!(%error, "the state cannot be described");
        }
    }
}
