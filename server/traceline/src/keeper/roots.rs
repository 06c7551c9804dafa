//! The workspace folders: how they are read, and what becomes of one that does not answer.

use super::inbox::{Inbox, Message, Scan};
use super::state::{Keeper, Placing};
use super::watching::Watching;
use crate::config::Configs;
use crate::disk;
use crate::fault;
use crate::paths;
use crate::watch::{self, DiskChange, Watch};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};
use traceline_engine::path::FilePath;

/// How long a folder may take to say whether it is there. A share whose server is off takes minutes.
const PATIENCE: Duration = Duration::from_secs(2);

impl Keeper {
    /// Sets folders that do not answer aside, so that nobody waits for them; each is told of, and read as soon as it answers.
    pub(super) fn leave_unresponsive(&mut self) {
        let begun = Instant::now();
        let asked: Vec<(FilePath, Receiver<()>)> =
            self.roots.iter().map(|root| (root.clone(), ask(root.clone(), self.inbox.clone()))).collect();
        for (root, answer) in asked {
            if answer.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) == Err(mpsc::RecvTimeoutError::Timeout) {
                self.publisher.warn(&format!("{root} does not answer; it is read as soon as it does"));
                self.roots.retain(|it| *it != root);
                self.unresponsive.push(root);
            }
        }
    }

    /// A folder has answered.
    pub(super) fn answers(&mut self, root: &FilePath) {
        let before = self.unresponsive.len();
        self.unresponsive.retain(|it| it != root);
        if self.unresponsive.len() < before {
            self.roots.push(root.clone());
            self.read_workspace();
        }
    }

    /// Forgets what was read and reads the workspace folders; open documents stay as they are.
    pub(super) fn read_workspace(&mut self) {
        let mut configs = Configs::of_roots(&self.root_paths());
        let open: Vec<FilePath> = self.world.open_texts().into_iter().map(|(path, ..)| path).collect();
        open.iter().for_each(|path| self.add_configs_above(&mut configs, path));
        self.listed = false;
        self.placing = None;
        self.reading = true;
        self.put_configs(configs);
        self.renew_world();
        self.list_open_features();
        self.scan += 1;
        self.store = Arc::default();
        let (wide, folders): (Vec<FilePath>, Vec<FilePath>) =
            self.roots.iter().cloned().partition(|root| disk::is_too_wide(&paths::encode(root)));
        for root in wide {
            self.publisher.warn(&format!(
                "{root} is too wide to be read as a workspace; open the project's own folder to check its features"
            ));
        }
        let (scan, inbox, store) = (self.scan, self.inbox.clone(), Arc::clone(&self.store));
        let mut configs = self.configs.clone();
        self.publisher.progress_begins();
        let watches = !matches!(self.watching, Watching::Client);
        let read = move || {
            // First of all, so that no change falls between reading and watching.
            if watches {
                let roots = folders.iter().map(|root| paths::encode(root).into_owned()).collect();
                let keeper = inbox.clone();
                let tell = move |change| match change {
                    DiskChange::Touched(paths) => keeper.post(Message::Touched(paths)),
                    // This ends this watch and begins another.
                    DiskChange::Overflow => keeper.post(Message::RestartReading),
                };
                let most = fault::number_at("watch", watch::MOST);
                inbox.post(Message::Watching { scan, watch: Watch::start(roots, &configs.selection(), most, tell) });
            }
            let (mut paths, mut lost) = (Vec::new(), Vec::new());
            for root in folders.iter().map(paths::encode) {
                if let Err(error) = std::fs::read_dir(&root) {
                    lost.push(format!("{} cannot be read: {error}", paths::spoken(&root)));
                }
                let found = configs.list(&root, &root);
                paths.extend(found.files);
                lost.extend(
                    found
                        .unspeakable
                        .iter()
                        .map(|it| format!("{} was not read: {}", paths::spoken(it), disk::UNSPEAKABLE)),
                );
            }
            fault::slow_at("list");
            let (reply, order) = mpsc::channel();
            inbox.post(Message::Listed { scan, paths, configs, lost, reply });
            // No reply: another scan has begun.
            if let Ok(Scan { paths, layout, dialect }) = order.recv() {
                store.fill(&paths, &layout, &dialect, |last| inbox.post(Message::Stored { scan, last }));
            }
        };
        if let Err(error) = std::thread::Builder::new().name("traceline-scan".into()).spawn(read) {
            tracing::error!(%error, "the workspace cannot be read");
            self.reading = false;
            self.world.end_listing();
        }
    }

    /// Takes over a watch that a scan has set up.
    pub(super) fn watched(&mut self, scan: u32, watch: Watch) {
        if scan != self.scan || matches!(self.watching, Watching::Client) {
            return;
        }
        if let Some((folders, why)) = &watch.missed {
            self.publisher.warn(&format!(
                "{folders} folders are not watched: {why}; changes in them are seen when a document of their feature is \
                 opened or saved, or with `traceline.restartReading`"
            ));
        }
        self.watching = Watching::Own(watch);
    }

    pub(super) fn listed(&mut self, mut paths: Vec<FilePath>, configs: Configs, reply: Sender<Scan>) {
        if self.put_configs(configs) {
            self.renew_world();
            self.list_open_features();
        }
        paths.sort();
        paths.dedup();
        if paths.len() >= disk::MOST_FILES {
            self.publisher
                .tell(&format!("only the first {} Markdown files of the workspace are read", disk::MOST_FILES));
        }
        self.placing = Some(Placing { paths, placed: 0, reply });
        self.place();
    }

    /// Puts some of the listed files where they belong; what has come meanwhile is taken before the next.
    pub(super) fn place(&mut self) {
        const AT_ONCE: usize = 1000;
        let Some(mut placing) = self.placing.take() else { return };
        let end = placing.paths.len().min(placing.placed + AT_ONCE);
        self.world.expect_all(&placing.paths[placing.placed..end]);
        placing.placed = end;
        if end < placing.paths.len() {
            self.placing = Some(placing);
            self.inbox.post(Message::Place { scan: self.scan });
        } else {
            self.placed(placing);
        }
    }

    fn placed(&mut self, Placing { mut paths, reply, .. }: Placing) {
        self.listed = true;
        self.world.end_listing();
        self.world.settle();
        let snapshot = self.world.snapshot();
        // The features that somebody is looking at come first.
        let near: BTreeSet<FilePath> = snapshot
            .open_files()
            .filter_map(|path| snapshot.scope_of(path))
            .flat_map(|scope| snapshot.lookup_chain(scope))
            .collect();
        let first: HashSet<&FilePath> =
            near.iter().filter_map(|folder| snapshot.scope(folder)).flat_map(|scope| scope.files()).collect();
        if !first.is_empty() {
            paths.sort_by_key(|path| !first.contains(path));
        }
        let _ =
            reply.send(Scan { paths, layout: Arc::clone(snapshot.layout()), dialect: Arc::clone(snapshot.dialect()) });
        for path in snapshot.open_files() {
            self.read_feature_first(path);
        }
        self.handle_deferred();
    }

    pub(super) fn stored(&mut self, last: bool) {
        for (path, result) in self.store.take() {
            match result {
                Ok(closed) => self.world.put(&path, closed),
                Err(disk::Unread::Gone) => self.world.remove(&path),
                Err(why) => self.unread(&path, &why),
            }
        }
        self.world.settle();
        if last {
            self.reading = false;
            let files = self.world.snapshot().files().count();
            tracing::info!(files, "workspace read");
            self.publisher.progress_ends(files);
            self.publisher.clear_unknown(&self.world, self.encoding);
            self.world.take_changed();
            self.everything_due();
        }
        self.handle_deferred();
    }
}

/// Asks the disk about a folder; the answer goes to whoever waits for it, and to the keeper.
fn ask(root: FilePath, inbox: Inbox) -> Receiver<()> {
    let (tell, told) = mpsc::channel();
    let look = move || {
        fault::silent_at(&root);
        // Whether it is there is told when it is read.
        let _ = paths::encode(&root).metadata();
        let _ = tell.send(());
        inbox.post(Message::Answers(root));
    };
    if let Err(error) = std::thread::Builder::new().name("traceline-root".into()).spawn(look) {
        tracing::error!(%error, "nobody looks whether a folder answers");
    }
    told
}
