//! What a client that asks for findings has been told, and what it still waits for.
//!
//! Open documents are asked about one by one; a client that hears of them in no other way is told to ask again when
//! another file has changed what is found of them. `workspace/diagnostic` is held open: with a token for partial results
//! it is told of every change as long as it lasts, without one it is answered as soon as everything has been checked.

use super::check::check_file;
use super::editor::SharedEncoder;
use super::pool::Pool;
use super::related::related_files;
use super::result_ids::{ResultId, ResultIds};
use crate::lsp::diagnostics::{Encoder, Items};
use crate::lsp::progress::Reporter;
use crate::wire::Outbox;
use std::collections::{HashMap, HashSet};
use std::sync::Weak;
use tokio::sync::oneshot;
use tower_lsp::ls_types::{Diagnostic, ProgressToken};
use traceline_engine::path::FilePath;
use traceline_engine::rule::Memory;
use traceline_engine::world::Snapshot;

/// Files that are looked through for what a document has changed in them.
const MOST_RELATED: usize = 32;

/// A `textDocument/diagnostic`.
pub(crate) struct Pull {
    pub(crate) path: FilePath,
    pub(crate) previous: Option<ResultId>,
    pub(crate) reply: oneshot::Sender<Pulled>,
}

/// The answer to a [`Pull`].
pub(crate) struct Pulled<I = Vec<Diagnostic>> {
    pub(crate) own: Report<I>,
    pub(crate) related: Vec<(FilePath, Report<I>)>,
}

/// What is found of a file. Without items it is what the client knows already.
pub(crate) struct Report<I = Vec<Diagnostic>> {
    pub(crate) result_id: ResultId,
    pub(crate) items: Option<I>,
}

impl Pulled<Items> {
    pub(super) fn decode(self) -> Pulled {
        let related = self.related.into_iter().map(|(path, report)| (path, report.decode()));
        Pulled { own: self.own.decode(), related: related.collect() }
    }
}

impl Report<Items> {
    fn decode(self) -> Report {
        Report { result_id: self.result_id, items: self.items.map(|items| items.decode()) }
    }
}

/// A `workspace/diagnostic`.
pub(crate) struct WorkspacePull {
    /// The result id of each file that the client knows.
    pub(crate) known: HashMap<FilePath, ResultId>,
    /// Where it takes partial results.
    pub(crate) token: Option<ProgressToken>,
    pub(crate) progress: Reporter,
    pub(crate) reply: oneshot::Sender<Vec<(FilePath, Option<i32>, Report)>>,
    /// Gone when the request was cancelled.
    pub(crate) asked: Weak<()>,
}

impl WorkspacePull {
    fn is_wanted(&self) -> bool {
        self.asked.strong_count() > 0
    }

    /// Answers what is found of `files`, which have these result ids in `snapshot`.
    fn answer(self, snapshot: &Snapshot, files: Vec<(FilePath, ResultId)>, encoder: Encoder<'_>) {
        let mut out = Vec::new();
        for (path, result_id) in files {
            if !self.is_wanted() {
                return;
            }
            let version = snapshot.document(&path).map(|document| document.version());
            let known = self.known.get(&path) == Some(&result_id);
            let items = if known {
                None
            } else {
                let Some(findings) = check_file(snapshot, &path, None) else { continue };
                Some(encoder.items(snapshot, &path, &findings))
            };
            out.push((path, version, Report { result_id, items }.decode()));
        }
        // Who has cancelled does not wait.
        let _ = self.reply.send(out);
    }
}

/// What a file's result id stands for.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    version: Option<i32>,
    /// Names and settings; also every change of a closed file.
    revision: u64,
    /// Open documents that its findings point into, with the version that they point into.
    related: Vec<(FilePath, Option<i32>)>,
}

pub(super) struct Pulls {
    outbox: Outbox,
    pub(super) result_ids: ResultIds,
    keys: HashMap<FilePath, Key>,
    memories: HashMap<FilePath, Memory>,
    /// The result id that an answer last told of each document.
    reported: HashMap<FilePath, ResultId>,
    /// Documents that were edited after they were last asked about: the client asks by itself.
    edited: HashSet<FilePath>,
    held: Vec<WorkspacePull>,
    /// Scopes whose closed files nobody wanted to be checked.
    pub(super) stale: HashSet<FilePath>,
}

impl Pulls {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self {
            outbox,
            result_ids: ResultIds::new(),
            keys: HashMap::new(),
            memories: HashMap::new(),
            reported: HashMap::new(),
            edited: HashSet::new(),
            held: Vec::new(),
            stale: HashSet::new(),
        }
    }

    pub(super) fn edited(&mut self, path: &FilePath) {
        self.edited.insert(path.clone());
    }

    /// The document is closed: from now on its file counts, and a client forgets what it was told of the document.
    pub(super) fn close(&mut self, path: &FilePath) {
        self.memories.remove(path);
        self.keys.remove(path);
        self.edited.remove(path);
        self.reported.remove(path);
        for held in &mut self.held {
            // Not removed, which would mean that it knows of no findings: it may still show some.
            held.known.entry(path.clone()).and_modify(|known| *known = ResultId::FOREIGN);
        }
    }

    /// The world is made anew: nothing of the old one can be compared with it.
    pub(super) fn forget_keys(&mut self) {
        self.keys.clear();
        self.memories.clear();
    }

    // Documents -----------------------------------------------------------------------------------------------------

    /// The files that were asked about whose findings point into the one at `path`.
    pub(super) fn related_to<'a>(&'a self, path: &'a FilePath) -> impl Iterator<Item = &'a FilePath> {
        let points = move |key: &Key| key.related.iter().any(|(other, _)| other == path);
        self.keys.iter().filter(move |(_, key)| points(key)).map(|(from, _)| from)
    }

    /// Brings a file's result id up to date; gives its items where they had to be made anew. None where a rule
    /// panics.
    fn review(
        &mut self,
        snapshot: &Snapshot,
        path: &FilePath,
        encoder: Encoder<'_>,
    ) -> Option<(ResultId, Option<Items>)> {
        let version = |path: &FilePath| snapshot.document(path).map(|document| document.version());
        let (own, revision) = (version(path), snapshot.revision());
        let same = |key: &Key| {
            (key.version, key.revision) == (own, revision)
                && key.related.iter().all(|(path, known)| version(path) == *known)
        };
        if self.keys.get(path).is_some_and(same) {
            return Some((self.result_ids.of(path), None));
        }
        let items = self.items(snapshot, path, encoder)?;
        Some((self.result_ids.of(path), Some(items)))
    }

    /// Notes what was found of a closed file elsewhere.
    pub(super) fn note(&mut self, path: &FilePath, items: Option<&Items>) -> ResultId {
        // It was checked as it was a moment ago, which need not be what the key says.
        self.keys.remove(path);
        self.result_ids.note(path, items)
    }

    /// What is found of a file, its result id noted; none where a rule panics.
    fn items(&mut self, snapshot: &Snapshot, path: &FilePath, encoder: Encoder<'_>) -> Option<Items> {
        let version = |path: &FilePath| snapshot.document(path).map(|document| document.version());
        let memory = snapshot.document(path).map(|_| self.memories.entry(path.clone()).or_default());
        let findings = check_file(snapshot, path, memory)?;
        let related =
            related_files(path, &findings).into_iter().map(|other| (other.clone(), version(&other))).collect();
        let items = encoder.items(snapshot, path, &findings);
        self.result_ids.note(path, (!findings.is_empty()).then_some(&items));
        let key = Key { version: version(path), revision: snapshot.revision(), related };
        self.keys.insert(path.clone(), key);
        Some(items)
    }

    /// Answers what is found of a document, and of the other files of its feature where that is news to the client. None
    /// where a rule panics over the document.
    pub(super) fn pull(&mut self, snapshot: &Snapshot, pull: &Pull, encoder: Encoder<'_>) -> Option<Pulled<Items>> {
        self.edited.remove(&pull.path);
        let own = self.report(snapshot, &pull.path, pull.previous, encoder)?;
        let mut related = Vec::new();
        if encoder.abilities.related_documents
            && let Some(scope) = snapshot.scope_of(&pull.path).and_then(|folder| snapshot.scope(folder))
        {
            let others: Vec<FilePath> =
                scope.files().filter(|path| **path != pull.path).take(MOST_RELATED + 1).cloned().collect();
            for path in others.iter().filter(|_| others.len() <= MOST_RELATED) {
                let known = self.reported.get(path).copied().unwrap_or(ResultId::NOTHING);
                let report = self.report(snapshot, path, Some(known), encoder);
                related.extend(report.filter(|it| it.items.is_some()).map(|report| (path.clone(), report)));
            }
        }
        Some(Pulled { own, related })
    }

    fn report(
        &mut self,
        snapshot: &Snapshot,
        path: &FilePath,
        previous: Option<ResultId>,
        encoder: Encoder<'_>,
    ) -> Option<Report<Items>> {
        let (result_id, items) = self.review(snapshot, path, encoder)?;
        self.reported.insert(path.clone(), result_id);
        if previous == Some(result_id) {
            return Some(Report { result_id, items: None });
        }
        let items = items.or_else(|| self.items(snapshot, path, encoder))?;
        Some(Report { result_id, items: Some(items) })
    }

    /// Looks at a file that others may have changed. Returns whether the client has to ask about it again to learn of
    /// that.
    pub(super) fn look_at(&mut self, snapshot: &Snapshot, path: &FilePath, encoder: Encoder<'_>) -> bool {
        let Some((result_id, items)) = self.review(snapshot, path, encoder) else { return false };
        if self.held.iter().any(|held| held.known.get(path).copied().unwrap_or(ResultId::NOTHING) != result_id)
            && let Some(items) = items.or_else(|| self.items(snapshot, path, encoder))
        {
            let version = snapshot.document(path).map(|document| document.version());
            self.tell(&[(path.clone(), version, result_id, items)], encoder);
        }
        !self.edited.contains(path) && self.reported.get(path).is_some_and(|known| *known != result_id)
    }

    /// The closed files of which answers have told.
    pub(super) fn closed_reported<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a FilePath> {
        self.reported.keys().filter(|path| snapshot.document(path).is_none())
    }

    // The workspace -------------------------------------------------------------------------------------------------

    pub(super) fn hold(&mut self, pull: WorkspacePull) {
        self.held.push(pull);
    }

    /// Whether anybody waits for news of the workspace.
    pub(super) fn is_awaited(&mut self) -> bool {
        self.held.retain(WorkspacePull::is_wanted);
        !self.held.is_empty()
    }

    /// What tells a thread that works for those who wait whether anybody still does.
    pub(super) fn waiting(&self) -> Vec<Weak<()>> {
        self.held.iter().map(|held| held.asked.clone()).collect()
    }

    /// The files of which somebody who waits knows something else than what was last found.
    pub(super) fn news(&self) -> Vec<FilePath> {
        let mut out: HashSet<&FilePath> = HashSet::new();
        for held in &self.held {
            let known = |path: &FilePath| held.known.get(path).copied().unwrap_or(ResultId::NOTHING);
            out.extend(
                self.result_ids.iter().filter(|(path, result_id)| known(path) != *result_id).map(|(path, _)| path),
            );
            out.extend(
                held.known.iter().filter(|(path, known)| self.result_ids.of(path) != **known).map(|(path, _)| path),
            );
        }
        out.into_iter().cloned().collect()
    }

    /// Tells those who take partial results what was found; what they know is not said again.
    pub(super) fn tell(&mut self, files: &[(FilePath, Option<i32>, ResultId, Items)], encoder: Encoder<'_>) {
        for held in &mut self.held {
            let Some(token) = &held.token else { continue };
            let news: Vec<_> = files
                .iter()
                .filter(|(path, _, result_id, _)| {
                    held.known.get(path).copied().unwrap_or(ResultId::NOTHING) != *result_id
                })
                .collect();
            if news.is_empty() || !held.is_wanted() {
                continue;
            }
            let reports =
                news.iter().map(|(path, version, result_id, items)| (path, *version, result_id.encode(), items));
            self.outbox.send(encoder.partial(token, reports));
            for (path, _, result_id, _) in news {
                held.known.insert(path.clone(), *result_id);
            }
        }
    }

    /// Shows how much has been checked.
    pub(super) fn show_progress(&self, done: usize, all: usize) {
        self.held.iter().for_each(|held| held.progress.files(done, all));
    }

    /// Everything has been checked, as it is in `snapshot`: who waits for an answer gets it, with the items that have to be
    /// made anew in `pool`. Who takes partial results waits on for what comes.
    pub(super) fn complete(&mut self, snapshot: &Snapshot, encoder: &SharedEncoder, pool: &Pool) {
        let gone = |held: &WorkspacePull| {
            let files = held
                .known
                .iter()
                .filter(|(path, known)| **known != ResultId::NOTHING && self.result_ids.of(path) == ResultId::NOTHING);
            files.map(|(path, _)| path.clone()).collect::<Vec<FilePath>>()
        };
        let version = |path: &FilePath| snapshot.document(path).map(|document| document.version());
        let nothing: HashSet<FilePath> = self.held.iter().flat_map(gone).collect();
        let nothing: Vec<_> = nothing
            .into_iter()
            .map(|path| (path.clone(), version(&path), ResultId::NOTHING, Items::default()))
            .collect();
        self.tell(&nothing, encoder.of());
        let mut held = std::mem::take(&mut self.held);
        held.retain(WorkspacePull::is_wanted);
        for pull in held {
            pull.progress.end();
            if pull.token.is_some() {
                self.held.push(pull);
                continue;
            }
            let mut files: Vec<(FilePath, ResultId)> =
                self.result_ids.iter().map(|(path, result_id)| (path.clone(), result_id)).collect();
            let gone = pull.known.keys().filter(|path| !self.result_ids.has(path));
            files.extend(gone.map(|path| (path.clone(), ResultId::NOTHING)));
            files.sort_by(|a, b| a.0.cmp(&b.0));
            let (snapshot, encoder) = (snapshot.clone(), encoder.clone());
            pool.last(move || pull.answer(&snapshot, files, encoder.of()));
        }
    }

    /// The session ends: nobody gets any more news.
    pub(super) fn end(&mut self) {
        for held in self.held.drain(..) {
            held.progress.end();
            // Who has cancelled does not wait.
            let _ = held.reply.send(Vec::new());
        }
    }
}
