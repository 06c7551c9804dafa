//! The publisher: keeps account of which findings the editor shows of which file.

use super::check::check_file;
use super::checked::{Checked, CheckedFile};
use super::editor::{Editor, SharedEncoder};
use super::inbox::{Inbox, Message};
use super::pool::Pool;
use super::pulls::{Pull, Pulls, WorkspacePull};
use super::related::{RelatedFiles, related_files};
use super::result_ids::ResultId;
use crate::config::{self, Problem, Told};
use crate::fault;
use crate::lsp::diagnostics::Items;
use crate::lsp::notification;
use crate::paths;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use traceline_engine::path::FilePath;
use traceline_engine::rule::Memory;
use traceline_engine::text::{Encoding, Lines, Span};
use traceline_engine::world::{Snapshot, World};

/// Findings of more closed files than this are left to `traceline check`: nobody reads them all, and every editor would
/// have to keep them.
const MOST_CLOSED: usize = 2000;

/// More than this much unread output, in bytes, and findings of closed files wait.
const MOST_BACKLOG: usize = 8 << 20;

pub(super) struct Publisher {
    editor: Editor,
    open: HashMap<FilePath, Open>,
    /// A hash of what is shown of each closed file that has findings, where they are sent unasked.
    shown: HashMap<FilePath, u64>,
    pulls: Pulls,
    /// Of what is sent unasked, and of closed files.
    related: RelatedFiles,
    /// Closed files whose findings are not shown, because too many others are.
    hidden: BTreeSet<FilePath>,
    /// Chunks of scopes that are being checked.
    checking: usize,
    /// Closed files that were checked since the last time that everything was.
    checked: usize,
    /// Whether somebody still has to hear that everything was checked.
    unfinished: bool,
    full: bool,
}

/// An open document that findings are sent of.
#[derive(Default)]
struct Open {
    memory: Memory,
    /// What was sent last, and its version.
    sent: Option<(i32, Items)>,
}

/// Posts what was checked, also where checking panics: the rest of the workspace must not wait for ever.
struct Chunk {
    inbox: Inbox,
    checked: Checked,
}

impl Drop for Chunk {
    fn drop(&mut self) {
        let checked =
            Checked { files: std::mem::take(&mut self.checked.files), left: std::mem::take(&mut self.checked.left) };
        self.inbox.post(Message::Checked(checked));
    }
}

impl Publisher {
    pub(super) fn new(editor: Editor) -> Self {
        let pulls = Pulls::new(editor.outbox.clone());
        Self {
            editor,
            open: HashMap::new(),
            shown: HashMap::new(),
            pulls,
            related: RelatedFiles::default(),
            hidden: BTreeSet::new(),
            checking: 0,
            checked: 0,
            unfinished: false,
            full: false,
        }
    }

    /// Whether the editor asks for findings instead of being sent them.
    pub(super) fn is_asked(&self) -> bool {
        self.editor.abilities().pulls
    }

    // Open documents ------------------------------------------------------------------------------------------------

    /// Shows what is found of an open document that was edited. One that the editor asks about is left to it; returns
    /// whether somebody else waits for news of it.
    pub(super) fn show_edited(&mut self, snapshot: &Snapshot, path: &FilePath, encoding: Encoding) -> bool {
        self.hidden.remove(path);
        if !self.is_asked() {
            self.publish_open(snapshot, path, encoding);
            return false;
        }
        self.pulls.edited(path);
        self.pulls.is_awaited()
    }

    /// Shows what is found of an open document after other files have changed.
    pub(super) fn show_open(&mut self, snapshot: &Snapshot, path: &FilePath, encoding: Encoding) {
        if !self.is_asked() {
            self.publish_open(snapshot, path, encoding);
            return;
        }
        if self.pulls.look_at(snapshot, path, self.editor.encoder(encoding)) {
            self.findings_changed();
        }
    }

    fn publish_open(&mut self, snapshot: &Snapshot, path: &FilePath, encoding: Encoding) {
        let Some(document) = snapshot.document(path) else { return };
        let open = self.open.entry(path.clone()).or_default();
        let findings = check_file(snapshot, path, Some(&mut open.memory)).unwrap_or_default();
        let encoder = self.editor.encoder(encoding);
        let items = encoder.items(snapshot, path, &findings);
        let version = document.version();
        if open.sent.as_ref().is_none_or(|(last, sent)| *last != version || !sent.is_same(&items)) {
            self.editor.outbox.send(encoder.publish(path, Some(version), &items));
            open.sent = Some((version, items));
        }
        self.related.put(path, related_files(path, &findings));
        // Whatever was shown while the file was closed has been replaced.
        self.shown.remove(path);
    }

    /// The file is closed: what is shown of it are now a closed file's findings.
    pub(super) fn close(&mut self, path: &FilePath) {
        self.open.remove(path);
        self.pulls.close(path);
        if !self.is_asked() {
            self.shown.insert(path.clone(), 0);
        }
    }

    pub(super) fn pull(&mut self, snapshot: &Snapshot, pull: Pull, encoding: Encoding, pool: &Pool) {
        // Without an answer the reply is dropped, which is an error to whoever waits for it.
        let Some(answer) = self.pulls.pull(snapshot, &pull, self.editor.encoder(encoding)) else { return };
        pool.last(move || {
            // Nobody waits for a cancelled question's answer.
            let _ = pull.reply.send(answer.decode());
        });
    }

    // The workspace -------------------------------------------------------------------------------------------------

    pub(super) fn clear(&mut self, path: &FilePath, encoding: Encoding) {
        self.related.put(path, BTreeSet::new());
        self.hidden.remove(path);
        let encoder = self.editor.encoder(encoding);
        if self.shown.remove(path).is_some() {
            self.editor.outbox.send(encoder.publish_none(path));
        }
        if self.is_asked() {
            self.pulls.result_ids.forget(path);
            self.pulls.tell(&[(path.clone(), None, ResultId::NOTHING, Items::default())], encoder);
        }
    }

    /// Clears what is shown of files that the workspace no longer has.
    pub(super) fn clear_unknown(&mut self, world: &World, encoding: Encoding) {
        let configs = |path: &FilePath| config::is_config(path) || config::is_baseline(path) || config::is_lock(path);
        let all = self.shown.keys().chain(self.pulls.result_ids.iter().map(|(path, _)| path)).chain(&self.hidden);
        let gone: Vec<FilePath> = all.filter(|path| !world.knows(path) && !configs(path)).cloned().collect();
        gone.iter().for_each(|path| self.clear(path, encoding));
    }

    /// Holds a request for the findings of the workspace; returns the files of which it must be told.
    pub(super) fn hold(&mut self, pull: WorkspacePull) -> Vec<FilePath> {
        self.unfinished = true;
        self.pulls.hold(pull);
        self.pulls.news()
    }

    /// The session ends.
    pub(super) fn end(&mut self) {
        self.pulls.end();
    }

    /// The world is made anew.
    pub(super) fn forget(&mut self) {
        self.open.clear();
        self.pulls.forget_keys();
    }

    /// Checks the closed files of `scopes` in the background, some scopes at a time; where nobody waits for them, later.
    pub(super) fn check_closed(
        &mut self,
        snapshot: &Snapshot,
        mut scopes: BTreeSet<FilePath>,
        encoding: Encoding,
        pool: &Pool,
        inbox: &Inbox,
    ) {
        const AT_ONCE: usize = 32;
        if self.is_asked() {
            self.look_at_reported(snapshot, &scopes, encoding);
            if !self.pulls.is_awaited() {
                self.pulls.stale.extend(scopes);
                return;
            }
            scopes.extend(self.pulls.stale.drain());
            self.unfinished = true;
        }
        let scopes: Vec<FilePath> = scopes.into_iter().collect();
        let waiting = self.is_asked().then(|| self.pulls.waiting());
        for scopes in scopes.chunks(AT_ONCE) {
            self.checking += 1;
            let (snapshot, scopes, inbox) = (snapshot.clone(), scopes.to_vec(), inbox.clone());
            let (editor, waiting) = (self.editor.clone(), waiting.clone());
            pool.last(move || {
                while editor.outbox.backlog() > MOST_BACKLOG {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                let mut chunk = Chunk { inbox, checked: Checked { files: Vec::new(), left: scopes.clone() } };
                for folder in scopes {
                    if waiting.as_ref().is_some_and(|all| all.iter().all(|asked| asked.strong_count() == 0)) {
                        return;
                    }
                    // Whoever works in it makes an index that stays.
                    let snapshot = snapshot.for_visit(&folder);
                    for path in snapshot.scope(&folder).iter().flat_map(|scope| scope.files()) {
                        if snapshot.document(path).is_some() {
                            continue;
                        }
                        fault::panic_at("check");
                        fault::slow_at("check");
                        chunk.checked.files.push(CheckedFile::of(&snapshot, path, editor.encoder(encoding)));
                    }
                    chunk.checked.left.remove(0);
                }
            });
        }
    }

    /// Checks these closed files in the background, where somebody sees what is found of them.
    pub(super) fn check_files(
        &mut self,
        snapshot: &Snapshot,
        files: Vec<FilePath>,
        encoding: Encoding,
        pool: &Pool,
        inbox: &Inbox,
    ) {
        if files.is_empty() {
            return;
        }
        if self.is_asked() {
            let reported: Vec<FilePath> =
                self.pulls.closed_reported(snapshot).filter(|path| files.contains(path)).cloned().collect();
            reported.iter().for_each(|path| self.show_open(snapshot, path, encoding));
            if !self.pulls.is_awaited() {
                self.pulls.stale.extend(files.iter().filter_map(|path| snapshot.scope_of(path)).cloned());
                return;
            }
        }
        self.checking += 1;
        let (snapshot, editor, inbox) = (snapshot.clone(), self.editor.clone(), inbox.clone());
        pool.last(move || {
            let mut chunk = Chunk { inbox, checked: Checked { files: Vec::new(), left: Vec::new() } };
            for path in files.iter().filter(|path| snapshot.document(path).is_none()) {
                chunk.checked.files.push(CheckedFile::of(&snapshot, path, editor.encoder(encoding)));
            }
        });
    }

    /// Whose findings are shown and point into the file at `path`.
    pub(super) fn related_to<'a>(&'a self, path: &'a FilePath) -> impl Iterator<Item = &'a FilePath> {
        self.related.related_to(path).chain(self.pulls.related_to(path))
    }

    /// Closed files that the editor has asked about one by one.
    fn look_at_reported(&mut self, snapshot: &Snapshot, scopes: &BTreeSet<FilePath>, encoding: Encoding) {
        let reported = self.pulls.closed_reported(snapshot);
        let reported: Vec<FilePath> = reported
            .filter(|path| snapshot.scope_of(path).is_none_or(|scope| scopes.contains(scope)))
            .cloned()
            .collect();
        for path in reported {
            self.show_open(snapshot, &path, encoding);
        }
    }

    pub(super) fn show_closed(&mut self, checked: Checked, world: &World, encoding: Encoding) {
        self.checking -= 1;
        self.checked += checked.files.len();
        self.pulls.stale.extend(checked.left);
        let asked = self.is_asked();
        let mut news = Vec::new();
        for CheckedFile { path, items, others } in checked.files {
            if world.is_open(&path) || !world.knows(&path) {
                continue;
            }
            let known = if asked { self.pulls.result_ids.has(&path) } else { self.shown.contains_key(&path) };
            if items.is_some() && !known && self.room() == 0 {
                self.tell_full();
                self.hidden.insert(path);
                continue;
            }
            self.hidden.remove(&path);
            self.related.put(&path, others);
            if asked {
                let result_id = self.pulls.note(&path, items.as_ref());
                news.push((path, None, result_id, items.unwrap_or_default()));
                continue;
            }
            let Some(items) = items else {
                self.clear(&path, encoding);
                continue;
            };
            let hash = items.hash();
            if self.shown.insert(path.clone(), hash) != Some(hash) {
                self.editor.outbox.send(self.editor.encoder(encoding).publish(&path, None, &items));
            }
        }
        self.pulls.tell(&news, self.editor.encoder(encoding));
    }

    /// Shows how far checking has come; when nothing is left to be checked, answers those who wait for that.
    pub(super) fn show_checking(&mut self, world: &World, idle: bool, encoding: Encoding, pool: &Pool) {
        if !self.unfinished || !self.pulls.is_awaited() {
            return;
        }
        let snapshot = world.snapshot();
        self.pulls.show_progress(self.checked, snapshot.files().count());
        if idle && self.checking == 0 {
            self.checked = 0;
            self.unfinished = false;
            self.pulls.complete(&snapshot, &SharedEncoder { editor: self.editor.clone(), encoding }, pool);
        }
    }

    /// Takes as many files out of those whose findings are not shown as can be shown now.
    pub(super) fn take_hidden(&mut self) -> Vec<FilePath> {
        let room = if self.hidden.is_empty() { 0 } else { self.room() };
        (0..room).map_while(|_| self.hidden.pop_first()).collect()
    }

    /// How many closed files have findings that are not shown.
    pub(super) fn hidden(&self) -> usize {
        self.hidden.len()
    }

    /// How many more files can be shown.
    fn room(&self) -> usize {
        let shown = if self.is_asked() { self.pulls.result_ids.len() } else { self.shown.len() };
        fault::number_at("closed", MOST_CLOSED).saturating_sub(shown)
    }

    fn tell_full(&mut self) {
        if !self.full {
            self.full = true;
            self.tell(&format!(
                "findings of {} closed files are shown, and there are more · `traceline check` lists all",
                fault::number_at("closed", MOST_CLOSED)
            ));
        }
    }

    fn findings_changed(&self) {
        self.editor.changes.send_modify(|changes| changes.findings += 1);
    }

    // Configuration and words ---------------------------------------------------------------------------------------

    /// Shows what is wrong with the configuration files, and clears those that have gone. They are sent unasked to every
    /// editor: which ones ask about a TOML file cannot be known, and none is asked about by way of two.
    pub(super) fn show_configs(&mut self, old: &[PathBuf], configs: &[Told<'_>], encoding: Encoding) {
        let new: HashSet<&Path> = configs.iter().map(|config| config.path).collect();
        for path in old.iter().filter(|path| !new.contains(path.as_path())).filter_map(|path| paths::decode(path)) {
            self.clear(&path, encoding);
        }
        for config in configs {
            if let Some(path) = paths::decode(config.path) {
                self.show_config(&path, config.text, config.problems, encoding);
            }
        }
    }

    /// Shows what is wrong with the configuration file at `path`, whose text is `text`.
    pub(super) fn show_config(&mut self, path: &FilePath, text: &str, problems: &[Problem], encoding: Encoding) {
        if problems.is_empty() {
            self.clear(path, encoding);
            return;
        }
        let lines = Lines::of(text);
        let problems = problems.iter().map(|problem| {
            let span = Span::new(problem.span.start, problem.span.end);
            let range = traceline_engine::text::Range {
                start: lines.position(span.start, encoding),
                end: lines.position(span.end, encoding),
            };
            (range, problem.message.as_str())
        });
        let problems: Vec<_> = problems.collect();
        self.editor.outbox.send(self.editor.encoder(encoding).publish_problems(path, &problems));
        self.shown.insert(path.clone(), 0);
    }

    /// Says something where the user sees it.
    pub(super) fn tell(&self, message: &str) {
        self.editor.outbox.send(notification::encode_message(message));
    }

    pub(super) fn warn(&self, message: &str) {
        self.editor.outbox.send(notification::encode_log(message));
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
