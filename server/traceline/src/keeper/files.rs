//! Files on disk that have come, changed, moved or gone.

use super::findings::PATIENCE;
use super::inbox::Message;
use super::state::Keeper;
use super::watching::Watching;
use crate::disk::{self, Listed};
use crate::file_store;
use crate::paths;
use crate::watch::Watch;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use traceline_engine::edit::Move;
use traceline_engine::facts::Holds;
use traceline_engine::path::FilePath;
use traceline_engine::world::{Closed, View};

impl Keeper {
    /// What a folder held is where the folder has gone; a client that watches no files tells nothing else.
    pub(super) fn moved(&mut self, moves: &[Move]) {
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

    pub(super) fn touched(&mut self, paths: Vec<FilePath>) {
        if paths.iter().any(|path| matches!(path.name(), ".gitignore" | ".ignore")) || self.configs_touched(&paths) {
            self.read_workspace();
            return;
        }
        self.world.settle();
        let snapshot = self.world.snapshot();
        let mut changed = self.places.forget(&paths);
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
        changed.extend(gone);
        self.links_due(&changed);
        self.note_changes();
        if wanted.is_empty() {
            return;
        }
        wanted.iter().for_each(|path| *self.rereading.entry(path.clone()).or_default() += 1);
        let (inbox, layout, dialect) =
            (self.inbox.clone(), Arc::clone(snapshot.layout()), Arc::clone(snapshot.dialect()));
        self.background.first(move || {
            for path in wanted {
                let result = file_store::read(&path, &layout, &dialect);
                inbox.post(Message::Reread { path, result });
            }
        });
    }

    /// Documents with links to `changed`, where something has come or gone, are due.
    fn links_due(&mut self, changed: &[FilePath]) {
        /// Of more, a switch of branches say, any document may hold links.
        const FEW: usize = 16;
        if changed.is_empty() || self.reading {
            return;
        }
        self.world.note_places();
        if changed.len() > FEW {
            self.everything_due();
            return;
        }
        self.world.settle();
        let snapshot = self.world.snapshot();
        // A site serves `x.md` as `x`.
        let page = |path: &FilePath| path.as_str().rsplit_once('.').map(|(stem, _)| FilePath::new(stem));
        let targets: Vec<FilePath> =
            changed.iter().flat_map(|path| page(path).into_iter().chain([path.clone()])).collect();
        let leads = |view: &View<'_>| view.holds(Holds::LINKS) && targets.iter().any(|target| view.may_lead_to(target));
        let leading: Vec<FilePath> = snapshot.views().filter(leads).map(|view| view.path.clone()).collect();
        if !leading.is_empty() {
            self.documents_due.extend(leading);
            self.due.get_or_insert_with(|| Instant::now() + PATIENCE);
        }
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

    pub(super) fn reread(&mut self, path: &FilePath, result: Result<Closed, disk::Unread>) {
        if let Some(times) = self.rereading.get_mut(path) {
            *times -= 1;
            if *times == 0 {
                self.rereading.remove(path);
            }
        }
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
        self.handle_deferred();
    }

    pub(super) fn remove(&mut self, path: &FilePath) {
        let scope = self.world_scope(path);
        self.world.remove(path);
        self.world.settle();
        if !self.world.snapshot().open_files().any(|open| open == path) {
            self.publisher.clear(path, self.encoding);
        }
        scope.into_iter().for_each(|scope| self.scope_due(scope));
    }

    pub(super) fn unread(&mut self, path: &FilePath, why: &disk::Unread) {
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

    /// Looks at the files beside a document, where nobody watches them.
    pub(super) fn look_again(&mut self, path: &FilePath) {
        if self.reading || !matches!(&self.watching, Watching::Own(Watch { missed: Some(_), .. })) {
            return;
        }
        self.world.settle();
        let snapshot = self.world.snapshot();
        let folder = snapshot.scope_of(path).cloned().unwrap_or_else(|| path.folder());
        let mut files: BTreeSet<FilePath> =
            snapshot.scope(&folder).into_iter().flat_map(|scope| scope.files().cloned()).collect();
        files.extend(disk::list(&paths::encode(&folder), &self.configs.selection(), Some(2)));
        self.touched(files.into_iter().collect());
    }
}
