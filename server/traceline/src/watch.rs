//! The watch: sees changes on disk where nobody else tells of them, in the folders that are read and in no others.

use crate::config;
use crate::disk::{self, Listed, Selection};
use crate::paths;
use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};
use traceline_engine::path::FilePath;
use traceline_engine::review_lock;

/// How many folders are watched at most. Systems have limits of their own, which other programs need a part of.
pub(crate) const MOST: usize = 30_000;

/// Whether each folder is watched by itself. Only where a whole tree would be watched folder by folder all the same, and with
/// it what is not read: `node_modules` alone can use up the system's limit.
const BY_FOLDER: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// Changes that follow each other this closely are told in one go, so that a switch of branches is one change.
const QUIET: Duration = Duration::from_millis(50);

/// But what goes on and on is told from time to time.
const LONGEST: Duration = Duration::from_millis(400);

/// A watch, until it is dropped.
pub(crate) struct Watch {
    stop: Sender<Signal>,
    /// Folders that are not watched, and why.
    pub(crate) missed: Option<(usize, String)>,
}

/// What has happened on disk.
pub(crate) enum DiskChange {
    /// Files and folders were made, changed or deleted.
    Touched(Vec<FilePath>),
    /// More than could be told of.
    Overflow,
}

enum Signal {
    Event(notify::Result<Event>),
    Stop,
}

/// The thread's own.
struct Watched {
    /// None where the system has no way to watch.
    watcher: Option<RecommendedWatcher>,
    roots: Vec<PathBuf>,
    selection: Selection,
    most: usize,
    folders: BTreeSet<PathBuf>,
    missed: Option<(usize, String)>,
}

impl Watch {
    /// Watches what is read of `roots`, at most so many folders, and tells what changes there.
    pub(crate) fn start(
        roots: Vec<PathBuf>,
        selection: &Selection,
        most: usize,
        tell: impl Fn(DiskChange) + Send + 'static,
    ) -> Self {
        let (stop, signals) = mpsc::channel();
        let events = stop.clone();
        let notice = move |event: notify::Result<Event>| {
            // What only looks at a file changes nothing, and our own reading would never come to an end.
            let looks = |event: &Event| match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
                EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => true,
                _ => false,
            };
            if !event.as_ref().is_ok_and(looks) {
                // Nobody listens once the watch has been dropped.
                let _ = events.send(Signal::Event(event));
            }
        };
        let mut watched = Watched {
            watcher: None,
            roots,
            selection: selection.clone(),
            most,
            folders: BTreeSet::new(),
            missed: None,
        };
        match notify::recommended_watcher(notice) {
            Ok(watcher) => {
                watched.watcher = Some(watcher);
                for root in watched.roots.clone() {
                    watched.enter(&root);
                }
            }
            Err(error) => watched.missed = Some((watched.roots.len(), error.to_string())),
        }
        let missed = watched.missed.clone();
        let run = move || watched.run(&signals, tell);
        if let Err(error) = std::thread::Builder::new().name("traceline-watch".into()).spawn(run) {
            tracing::error!(%error, "changes on disk are not seen");
        }
        Self { stop, missed }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A thread that has ended needs no word.
        let _ = self.stop.send(Signal::Stop);
    }
}

impl Watched {
    fn run(mut self, signals: &Receiver<Signal>, tell: impl Fn(DiskChange)) {
        while let Ok(Signal::Event(first)) = signals.recv() {
            let begun = Instant::now();
            let mut events = vec![first];
            while begun.elapsed() < LONGEST {
                match signals.recv_timeout(QUIET) {
                    Ok(Signal::Event(event)) => events.push(event),
                    Ok(Signal::Stop) => return,
                    Err(_) => break,
                }
            }
            let lost = |event: &notify::Result<Event>| event.as_ref().map_or(true, Event::need_rescan);
            if events.iter().any(lost) {
                tracing::warn!("changes on disk came too fast; the workspace is read again");
                tell(DiskChange::Overflow);
                continue;
            }
            let paths: BTreeSet<PathBuf> = events.into_iter().flatten().flat_map(|event| event.paths).collect();
            let touched: Vec<FilePath> = self.touched(paths).iter().filter_map(|path| paths::decode(path)).collect();
            if !touched.is_empty() {
                tell(DiskChange::Touched(touched));
            }
        }
    }

    /// What of `paths` is told of, with the files of folders that have come.
    fn touched(&mut self, paths: BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let mut out = BTreeSet::new();
        for path in paths {
            // What a link leads to is not followed when the workspace is read.
            let folder = path.symlink_metadata().is_ok_and(|it| it.is_dir());
            if folder {
                if self.leave(&path) {
                    // It was moved away and another one has come.
                    out.insert(path.clone());
                }
                out.extend(self.enter(&path));
            } else if self.leave(&path) || is_ours(&path) {
                out.insert(path);
            }
        }
        out
    }

    /// Watches a folder and those in it, and gives the files that are there.
    fn enter(&mut self, folder: &Path) -> Vec<PathBuf> {
        let Some(root) =
            self.roots.iter().filter(|root| folder.starts_with(root)).max_by_key(|root| root.as_os_str().len())
        else {
            return Vec::new();
        };
        let listed = Listed::of(root, &self.selection);
        let folders: Vec<PathBuf> =
            disk::folders(folder, &self.selection).into_iter().filter(|folder| listed.enters(folder)).collect();
        let mut files = Vec::new();
        let at_root = folder == root;
        for folder in folders {
            self.watch(folder.clone());
            if !at_root {
                let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
                files.extend(entries.filter(|path| is_ours(path)));
            }
        }
        files
    }

    fn watch(&mut self, folder: PathBuf) {
        let Some(watcher) = &mut self.watcher else { return };
        // A folder that is watched with its root costs the system nothing.
        let why = if BY_FOLDER && self.folders.len() >= self.most {
            format!("{} folders are watched at most", self.most)
        } else {
            let told = match (BY_FOLDER, self.roots.contains(&folder)) {
                (true, _) => watcher.watch(&folder, RecursiveMode::NonRecursive),
                (false, true) => watcher.watch(&folder, RecursiveMode::Recursive),
                (false, false) => Ok(()),
            };
            match told {
                Ok(()) => {
                    self.folders.insert(folder);
                    return;
                }
                // It has gone again; that it came and went is told by the folder above it.
                Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => return,
                Err(error) if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) => {
                    "the system's limit is reached (on Linux fs.inotify.max_user_watches)".to_string()
                }
                Err(error) => error.to_string(),
            }
        };
        self.missed.get_or_insert((0, why)).0 += 1;
    }

    /// Watches a folder and those in it no longer. Returns whether it was watched.
    fn leave(&mut self, folder: &Path) -> bool {
        let inside: Vec<PathBuf> =
            self.folders.range(folder.to_path_buf()..).take_while(|it| it.starts_with(folder)).cloned().collect();
        for folder in &inside {
            self.folders.remove(folder);
            if let Some(watcher) = self.watcher.as_mut().filter(|_| BY_FOLDER || self.roots.contains(folder)) {
                // The system has often done so by itself.
                let _ = watcher.unwatch(folder);
            }
        }
        !inside.is_empty()
    }
}

/// Whether a file of this name can change what is found.
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    disk::is_markdown(path)
        || config::NAMES.contains(&name)
        || name == config::BASELINE
        || name == review_lock::NAME
        || matches!(name, ".gitignore" | ".ignore")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let root = std::env::temp_dir().join(format!("traceline-watch-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&root);
            fs::create_dir_all(&root).unwrap();
            Self(paths::whole(&root).unwrap())
        }

        fn write(&self, path: &str) {
            let path = self.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "# T\n").unwrap();
        }

        fn watched(&self, most: usize) -> Watched {
            let mut watched = Watched {
                watcher: Some(notify::recommended_watcher(|_| {}).unwrap()),
                roots: vec![self.0.clone()],
                selection: Selection::default(),
                most,
                folders: BTreeSet::new(),
                missed: None,
            };
            watched.enter(&self.0);
            watched
        }

        fn names(&self, paths: impl IntoIterator<Item = PathBuf>) -> Vec<String> {
            let name = |path: PathBuf| paths::spoken(path.strip_prefix(&self.0).unwrap());
            paths.into_iter().map(name).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn only_folders_that_are_read_are_watched() {
        let folder = Folder::new("read");
        fs::write(folder.0.join(".gitignore"), "build/\n").unwrap();
        for path in ["specs/a/spec.md", "build/deep/x.md", "node_modules/p/q/r.md", ".kiro/specs/b/tasks.md"] {
            folder.write(path);
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(&folder.0, folder.0.join("specs/loop")).unwrap();
        let mut watched = folder.watched(MOST);
        let wanted = ["", ".kiro", ".kiro/specs", ".kiro/specs/b", "specs", "specs/a"];
        assert_eq!(folder.names(watched.folders.clone()), wanted);
        // What is ignored is not entered when it comes later, either.
        folder.write("build/later/y.md");
        folder.write("specs/c/d/spec.md");
        let touched = watched.touched([folder.0.join("build/later"), folder.0.join("specs/c")].into());
        assert_eq!(folder.names(touched), ["specs/c/d/spec.md"]);
        assert_eq!(watched.folders.len(), wanted.len() + 2);
    }

    #[test]
    fn a_folder_that_goes_is_told_and_left() {
        let folder = Folder::new("gone");
        folder.write("specs/a/spec.md");
        let mut watched = folder.watched(MOST);
        fs::rename(folder.0.join("specs/a"), folder.0.join("specs/b")).unwrap();
        let touched = watched.touched([folder.0.join("specs/a"), folder.0.join("specs/b")].into());
        assert_eq!(folder.names(touched), ["specs/a", "specs/b/spec.md"]);
        assert_eq!(folder.names(watched.folders.clone()), ["", "specs", "specs/b"]);
    }

    #[test]
    #[cfg(target_os = "linux")] // elsewhere a root is watched whole, and nothing is left to count
    fn what_cannot_be_watched_is_counted() {
        let folder = Folder::new("limit");
        for n in 0..9 {
            folder.write(&format!("specs/f{n}/spec.md"));
        }
        let watched = folder.watched(4);
        assert_eq!(watched.folders.len(), 4);
        assert_eq!(watched.missed, Some((7, "4 folders are watched at most".to_string())));
    }
}
