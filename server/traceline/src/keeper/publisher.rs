//! The publisher: the book-keeper of which findings the editor shows of which file.

use super::pool::Pool;
use super::{Inbox, Message};
use crate::config::ConfigFile;
use crate::lsp::diagnostics::{self, Features};
use crate::lsp::refresh::Changes;
use crate::lsp::uris::Spellings;
use crate::wire::Outbox;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;
use traceline_engine::path::FilePath;
use traceline_engine::rule::{self, Memory};
use traceline_engine::text::{Encoding, Lines, Span};
use traceline_engine::world::{Snapshot, World};

/// Findings of more closed files than this are left to `traceline check`: nobody reads them all, and every editor would
/// have to keep them.
const MOST_CLOSED: usize = 2000;

/// More than this much unread output, in bytes, and findings of closed files wait.
const MOST_BACKLOG: usize = 8 << 20;

/// What the editor can be told, and how.
#[derive(Clone)]
pub(crate) struct Editor {
    pub(crate) outbox: Outbox,
    pub(crate) uris: Arc<Spellings>,
    /// Known once the session has begun.
    pub(crate) features: Arc<OnceLock<Features>>,
    /// How many files have been read, while the workspace is being read nothing.
    pub(crate) reading: watch::Sender<Option<usize>>,
    /// What has changed that the client may want to ask for again.
    pub(crate) changes: watch::Sender<Changes>,
}

impl Editor {
    fn features(&self) -> Features {
        self.features.get().copied().unwrap_or_default()
    }
}

pub(super) struct Publisher {
    editor: Editor,
    memories: HashMap<FilePath, Memory>,
    /// A hash of what is shown of each closed file that has findings.
    shown: HashMap<FilePath, u64>,
    full: bool,
}

/// The findings of closed files, ready to be sent. An empty text clears.
pub(crate) struct Checked {
    files: Vec<(FilePath, Option<String>)>,
}

impl Publisher {
    pub(super) fn new(editor: Editor) -> Self {
        Self { editor, memories: HashMap::new(), shown: HashMap::new(), full: false }
    }

    pub(super) fn show_open(&mut self, snapshot: &Snapshot, path: &FilePath, encoding: Encoding) {
        let Some(document) = snapshot.document(path) else { return };
        let memory = self.memories.entry(path.clone()).or_default();
        let findings = rule::check_again(snapshot, path, memory);
        let version = Some(document.version());
        let message = diagnostics::encode(
            snapshot,
            path,
            &findings,
            version,
            encoding,
            &self.editor.uris,
            self.editor.features(),
        );
        self.editor.outbox.send(message);
        // Whatever was shown while the file was closed has been replaced.
        self.shown.remove(path);
    }

    /// The file is closed: what is shown of it are now a closed file's findings.
    pub(super) fn close(&mut self, path: &FilePath) {
        self.memories.remove(path);
        self.shown.insert(path.clone(), 0);
    }

    pub(super) fn clear(&mut self, path: &FilePath) {
        if self.shown.remove(path).is_some() {
            self.editor.outbox.send(diagnostics::encode_none(path, &self.editor.uris));
        }
    }

    /// Clears what is shown of files that the workspace no longer has.
    pub(super) fn clear_unknown(&mut self, world: &World) {
        let configs = |path: &FilePath| crate::config::NAMES.contains(&path.name());
        let gone: Vec<FilePath> =
            self.shown.keys().filter(|path| !world.knows(path) && !configs(path)).cloned().collect();
        gone.iter().for_each(|path| self.clear(path));
    }

    /// Checks the closed files of `scopes` in the background, some scopes at a time.
    pub(super) fn check_closed(
        &self,
        snapshot: &Snapshot,
        scopes: &[FilePath],
        encoding: Encoding,
        pool: &Pool,
        inbox: &Inbox,
    ) {
        const AT_ONCE: usize = 32;
        for scopes in scopes.chunks(AT_ONCE) {
            let (snapshot, scopes, inbox, editor) =
                (snapshot.clone(), scopes.to_vec(), inbox.clone(), self.editor.clone());
            pool.last(move || {
                while editor.outbox.backlog() > MOST_BACKLOG {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                let mut files = Vec::new();
                for path in scopes.iter().filter_map(|folder| snapshot.scope(folder)).flat_map(|scope| scope.files()) {
                    if snapshot.document(path).is_some() {
                        continue;
                    }
                    let findings = rule::check(&snapshot, path);
                    let message = (!findings.is_empty()).then(|| {
                        diagnostics::encode(&snapshot, path, &findings, None, encoding, &editor.uris, editor.features())
                    });
                    files.push((path.clone(), message));
                }
                inbox.post(Message::Checked(Checked { files }));
            });
        }
    }

    pub(super) fn show_closed(&mut self, checked: Checked, world: &World) {
        for (path, message) in checked.files {
            if world.is_open(&path) {
                continue;
            }
            let Some(message) = message else {
                self.clear(&path);
                continue;
            };
            let mut hasher = DefaultHasher::new();
            message.hash(&mut hasher);
            let hash = hasher.finish();
            let known = self.shown.get(&path);
            if known == Some(&hash) {
                continue;
            }
            if known.is_none() && self.shown.len() >= MOST_CLOSED {
                if !self.full {
                    self.full = true;
                    self.warn(&format!(
                        "findings of the first {MOST_CLOSED} closed files are shown; `traceline check` lists all"
                    ));
                }
                continue;
            }
            self.shown.insert(path, hash);
            self.editor.outbox.send(message);
        }
    }

    /// Shows what is wrong with the configuration files, and clears those that have gone.
    pub(super) fn show_configs(&mut self, old: &[PathBuf], configs: &[ConfigFile], encoding: Encoding) {
        let new: HashSet<&PathBuf> = configs.iter().map(|config| &config.path).collect();
        for path in old.iter().filter(|path| !new.contains(path)).filter_map(|path| crate::disk::engine_path(path)) {
            self.clear(&path);
        }
        for config in configs {
            let Some(path) = crate::disk::engine_path(&config.path) else { continue };
            let lines = Lines::of(&config.text);
            let problems = config.problems.iter().map(|problem| {
                let span = Span::new(problem.span.start, problem.span.end);
                let range = traceline_engine::text::Range {
                    start: lines.position(span.start, encoding),
                    end: lines.position(span.end, encoding),
                };
                (range, problem.message.as_str())
            });
            let problems: Vec<_> = problems.collect();
            if problems.is_empty() {
                self.clear(&path);
            } else {
                self.editor.outbox.send(diagnostics::encode_problems(&path, &problems, &self.editor.uris));
                self.shown.insert(path, 0);
            }
        }
    }

    pub(super) fn warn(&self, message: &str) {
        self.editor.outbox.send(diagnostics::encode_log(message));
    }

    pub(super) fn names_changed(&self) {
        self.editor.changes.send_modify(|changes| changes.names += 1);
    }

    pub(super) fn progress_begins(&self) {
        self.editor.reading.send_replace(None);
    }

    pub(super) fn progress_ends(&self, files: usize) {
        self.editor.reading.send_replace(Some(files));
    }
}
