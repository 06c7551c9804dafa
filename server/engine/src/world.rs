//! The world: every known file by scope, the one mutable thing, and the snapshots of it that everyone else holds.

mod file;
mod unpacked;
mod definers;
mod forms;
mod view;
mod mentions;
mod horizon;
mod places;
mod snapshot;
mod memory;
mod missing;
mod seeing;
mod trial;

pub use definers::Definers;
pub use file::{Closed, Scope};
pub use forms::Practice;
pub(crate) use horizon::Horizon;
pub use memory::Parts;
pub use places::Places;
pub use snapshot::Snapshot;
pub use trial::Trial;
#[cfg(test)]
pub(crate) use view::LOOKS;
pub use view::View;

use crate::dialect::{Dialect, Role};
use crate::document::{Change, Document, ExportChange, ExportedIds, Work};
use crate::id::Id;
use crate::path::FilePath;
use crate::scope::Layout;
use crate::settings::Settings;
use crate::text::Encoding;
use definers::IdMap;
use file::File;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

/// Everything that is known. One thread owns it; see [`World::snapshot`].
#[derive(Debug)]
pub struct World {
    now: Snapshot,
    work: Work,
    changed: BTreeSet<FilePath>,
    dirty: BTreeSet<FilePath>,
    titles_changed: bool,
    /// Folders for whose documents a template, or what others have of one, may have changed.
    changed_forms: BTreeSet<FilePath>,
}

impl World {
    /// A world of these workspace folders without any file yet.
    #[must_use]
    pub fn new(roots: Vec<FilePath>, settings: Settings) -> Self {
        Self::of(Layout::new(roots), settings)
    }

    /// The same with a layout that knows folders with dialects of their own.
    #[must_use]
    pub fn of(layout: Layout, settings: Settings) -> Self {
        let now = Snapshot {
            layout: Arc::new(layout),
            dialect: Dialect::home(),
            settings: Arc::new(settings),
            homes: imbl::OrdMap::new(),
            scopes: imbl::OrdMap::new(),
            open: imbl::OrdMap::new(),
            unreadable: imbl::OrdMap::new(),
            defined: IdMap::default(),
            mentions: Arc::default(),
            places: None,
            named: Arc::default(),
            forms: Arc::default(),
            practices: Arc::default(),
            revision: 0,
            definitions: 0,
            horizon: None,
            unpacked: Arc::default(),
            visited: None,
        };
        Self {
            now,
            work: Work::default(),
            changed: BTreeSet::new(),
            dirty: BTreeSet::new(),
            titles_changed: false,
            changed_forms: BTreeSet::new(),
        }
    }

    /// What is known now. Edits must have been settled.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        debug_assert!(self.dirty.is_empty(), "a question must see every edit before it");
        self.now.clone()
    }

    /// Whether there is such a file.
    #[must_use]
    pub fn knows(&self, path: &FilePath) -> bool {
        self.now.homes.contains_key(path)
    }

    /// Whether the document is open.
    #[must_use]
    pub fn is_open(&self, path: &FilePath) -> bool {
        self.now.open.contains_key(path)
    }

    /// Path, version and text of every open document, whether its edits have been read or not.
    #[must_use]
    pub fn open_texts(&self) -> Vec<(FilePath, i32, String)> {
        let texts = self.now.open.iter();
        texts.map(|(path, document)| (path.clone(), document.version(), document.rope().to_string())).collect()
    }

    /// How much reading has been done so far.
    #[must_use]
    pub fn work(&self) -> Work {
        self.work
    }

    /// Scopes in which names changed since the last call, with those that look ids up in them.
    pub fn take_changed(&mut self) -> BTreeSet<FilePath> {
        for folder in std::mem::take(&mut self.changed_forms) {
            let roles = [Role::Spec, Role::Plan, Role::Tasks];
            let below = self.now.files_below(&folder).filter(|(_, role)| roles.contains(role));
            let scopes = below.filter_map(|(path, _)| self.now.homes.get(path));
            self.changed.extend(scopes.cloned());
        }
        std::mem::take(&mut self.changed)
    }

    /// Whether a title or a task's state has changed in an open document since the last call.
    pub fn take_titles_changed(&mut self) -> bool {
        std::mem::take(&mut self.titles_changed)
    }

    /// Puts other settings in force.
    pub fn set_settings(&mut self, settings: Settings) {
        self.now.settings = Arc::new(settings);
        self.now.revision += 1;
        self.now.definitions += 1;
    }

    /// Notes that files are being looked for: what is absent now may be found.
    pub fn begin_listing(&mut self) {
        self.see(Some(Horizon::default()));
    }

    /// Notes that `paths` are all files below `folder`.
    pub fn expect_below(&mut self, folder: &FilePath, paths: &[FilePath]) {
        self.expect_all(paths);
        if let Some(horizon) = self.now.horizon.as_ref().map(|horizon| horizon.with(folder.clone())) {
            self.see(Some(horizon));
        }
    }

    /// Notes that every file is known.
    pub fn end_listing(&mut self) {
        self.see(None);
    }

    fn see(&mut self, horizon: Option<Horizon>) {
        self.now.horizon = horizon.map(Arc::new);
        // What was found holds no longer: more is known to be absent.
        self.now.revision += 1;
        self.now.definitions += 1;
    }

    /// Notes that the file exists and will be read. Nothing absent is claimed of its scope until then.
    pub fn expect(&mut self, path: &FilePath) {
        match self.now.file(path).cloned() {
            None => self.add(path, true),
            // Its editor was faster; it will be read nonetheless.
            Some(file) if file.closed.is_none() && !file.expected => {
                self.replace(path, File { expected: true, ..file });
            }
            Some(_) => {}
        }
    }

    /// The same for many files at once, each once: none of them has to move when a specification is found beside it.
    pub fn expect_all(&mut self, paths: &[FilePath]) {
        let (known, new): (Vec<&FilePath>, Vec<&FilePath>) = paths.iter().partition(|path| self.knows(path));
        let roles: Vec<Role> = new.iter().map(|path| self.now.layout.role_of(path, &self.now.dialect)).collect();
        let layout = Arc::make_mut(&mut self.now.layout);
        let specs = new.iter().zip(&roles).filter(|(_, role)| **role == Role::Spec);
        let stated: Vec<FilePath> = specs.filter_map(|(path, _)| layout.add_spec(path, &self.now.dialect)).collect();
        stated.into_iter().for_each(|folder| self.rehome(Some(folder)));
        // An older snapshot must not make one that this world then sees.
        new.first().into_iter().for_each(|path| self.add_mentions(path));
        for (path, role) in new.into_iter().zip(roles) {
            let folder = self.place(path, File { role, closed: None, expected: true, open: false });
            let indexed = self.now.scopes.get(&folder).is_some_and(|scope| scope.index.get().is_some());
            if indexed {
                self.update_index(path, &folder);
            }
            self.changed.insert(folder);
        }
        self.now.revision += 1;
        known.into_iter().for_each(|path| self.expect(path));
    }

    fn add(&mut self, path: &FilePath, expected: bool) {
        let role = self.now.layout.role_of(path, &self.now.dialect);
        if role == Role::Spec {
            let moved = Arc::make_mut(&mut self.now.layout).add_spec(path, &self.now.dialect);
            self.rehome(moved);
        }
        self.insert(path, File { role, closed: None, expected, open: false });
    }

    /// Takes what was read of a closed file. What its editor says wins while it is open.
    pub fn put(&mut self, path: &FilePath, mut closed: Closed) {
        self.expect(path);
        self.now.unreadable.remove(path);
        let known = self.now.file(path);
        let open = known.is_some_and(|file| file.open);
        let Some(role) = known.map(|file| file.role) else { return };
        let exported = closed.exported.take().filter(|_| !open);
        let before = self.now.exported_in(path);
        self.replace_from(path, File { role, closed: Some(closed), expected: false, open }, &before, exported);
    }

    /// Gives up some facts of closed files that were unpacked when somebody looked at them, where there are many of these.
    /// Returns whether there are more.
    pub fn give_up_unpacked(&mut self) -> bool {
        /// Those of some features at which somebody works: a few megabytes.
        const KEPT: usize = 1_000;
        /// So many take a fraction of a millisecond.
        const AT_ONCE: usize = 200;
        for path in self.now.unpacked.take(KEPT, AT_ONCE) {
            let Some(packed) = self.now.file(&path).and_then(|file| {
                let closed = Some(file.closed.as_ref()?.without_unpacked()?);
                Some(File { closed, ..file.without_closed() })
            }) else {
                continue;
            };
            let scope = self.now.homes.get(&path).and_then(|folder| self.now.scopes.get_mut(folder));
            scope.and_then(|scope| Arc::make_mut(scope).files.insert(path, Arc::new(packed)));
        }
        self.now.unpacked.len() > KEPT
    }

    /// Notes that the file exists but cannot be read, and forgets what was known of it: it must not keep its feature
    /// waiting, and edits of the whole feature must know that they would miss it.
    pub fn leave_unread(&mut self, path: &FilePath, why: &str) {
        self.remove(path);
        self.now.unreadable.insert(path.clone(), why.into());
    }

    /// Forgets a file that no longer exists. An open document stays until it is closed.
    pub fn remove(&mut self, path: &FilePath) {
        self.now.unreadable.remove(path);
        if self.now.open.contains_key(path) {
            if let Some(file) = self.now.file(path).cloned() {
                self.replace(path, File { closed: None, expected: false, ..file });
            }
            return;
        }
        self.forget(path);
    }

    fn forget(&mut self, path: &FilePath) {
        let Some(role) = self.now.file(path).map(|file| file.role) else { return };
        self.take(path);
        if role == Role::Spec {
            let moved = Arc::make_mut(&mut self.now.layout).remove_spec(path, &self.now.dialect);
            self.rehome(moved);
        }
    }

    /// Opens a document: from now on its editor says what the file holds.
    pub fn open(&mut self, path: &FilePath, version: i32, text: &str) {
        if !self.knows(path) {
            self.add(path, false);
        }
        let Some(file) = self.now.file(path).cloned() else { return };
        let dialect = self.now.layout.dialect_of(path, &self.now.dialect);
        let document = Document::new(version, text, Arc::clone(dialect), file.role, &mut self.work);
        let before = self.now.exported_in(path);
        self.now.open.insert(path.clone(), Arc::new(document));
        self.dirty.remove(path);
        self.replace_from(path, File { open: true, ..file }, &before, None);
    }

    /// Applies an edit to an open document; reading it waits for [`World::settle`]. Returns whether it is open.
    pub fn change(&mut self, path: &FilePath, version: i32, changes: &[Change], encoding: Encoding) -> bool {
        let Some(document) = self.now.open.get_mut(path) else { return false };
        Arc::make_mut(document).apply(version, changes, encoding);
        self.dirty.insert(path.clone());
        true
    }

    /// Closes a document. Its file counts as unread until [`World::put`] if it is still to be read, and is forgotten if
    /// nobody has said that there is one.
    pub fn close(&mut self, path: &FilePath) {
        if !self.now.open.contains_key(path) {
            return;
        }
        self.dirty.remove(path);
        let before = self.now.exported_in(path);
        self.now.open.remove(path);
        let Some(file) = self.now.file(path).cloned() else { return };
        if file.closed.is_none() && !file.expected {
            self.changed_names(path, &before, None);
            self.forget(path);
            return;
        }
        self.replace_from(path, File { open: false, ..file }, &before, None);
    }

    /// Reads every open document's edits since the last time, and brings the indexes up to date where names changed.
    pub fn settle(&mut self) {
        for path in std::mem::take(&mut self.dirty) {
            let Some(document) = self.now.open.get_mut(&path) else { continue };
            let document = Arc::make_mut(document);
            let renamed = document.settle(&mut self.work);
            let titles_changed = document.take_titles_changed();
            self.titles_changed |= titles_changed;
            if self.now.forms.holds(&path) {
                self.note_form(&path, Role::Template);
                self.now.revision += 1;
            }
            // What the specification is told of the plan names its sections.
            if titles_changed
                && let Some(folder) = self.now.homes.get(&path)
                && self
                    .now
                    .scopes
                    .get(folder)
                    .and_then(|scope| scope.files.get(&path))
                    .is_some_and(|it| it.role == Role::Plan)
            {
                self.changed.insert(folder.clone());
            }
            if let Some(ExportChange { before, after }) = renamed
                && let Some(folder) = self.now.homes.get(&path).cloned()
            {
                self.settle_definers(&folder, &before, &after);
                self.update_index(&path, &folder);
            }
        }
    }

    // Files and scopes ----------------------------------------------------------------------------------------------

    fn insert(&mut self, path: &FilePath, file: File) {
        self.place(path, file);
        self.changed_names(path, &ExportedIds::default(), None);
    }

    /// Puts a file into its scope, whose folder is returned.
    fn place(&mut self, path: &FilePath, file: File) -> FilePath {
        let folder = self.now.layout.scope_of(path, &self.now.dialect);
        self.now.homes.insert(path.clone(), folder.clone());
        self.forget_named();
        if file.role == Role::Template {
            self.add_form(path);
        }
        let scope = Arc::make_mut(self.now.scopes.entry(folder.clone()).or_default());
        scope.folder = Some(folder.clone());
        scope.unread += usize::from(file.closed.is_none() && !file.open);
        scope.files.insert(path.clone(), Arc::new(file));
        folder
    }

    fn take(&mut self, path: &FilePath) -> Option<Arc<File>> {
        let before = self.now.exported_in(path);
        let folder = self.now.homes.remove(path)?;
        self.forget_named();
        let scope = Arc::make_mut(self.now.scopes.get_mut(&folder)?);
        let file = scope.files.remove(path)?;
        scope.unread -= usize::from(file.closed.is_none() && !file.open);
        if let Some(mut index) = scope.index.take() {
            Arc::make_mut(&mut index).remove(path);
            scope.index = OnceLock::from(index);
        }
        if scope.files.is_empty() {
            self.now.scopes.remove(&folder);
        }
        self.settle_definers(&folder, &before, &ExportedIds::default());
        self.now.revision += 1;
        self.now.definitions += 1;
        self.changed.insert(folder);
        self.note_form(path, file.role);
        if self.now.forms.holds(path) {
            Arc::make_mut(&mut self.now.forms).remove(path);
        }
        Some(file)
    }

    fn replace(&mut self, path: &FilePath, file: File) {
        let before = self.now.exported_in(path);
        self.replace_from(path, file, &before, None);
    }

    /// The same where it is known what the file exported before and, if that is at hand, what it exports now.
    fn replace_from(&mut self, path: &FilePath, file: File, before: &ExportedIds, after: Option<Box<ExportedIds>>) {
        let Some(folder) = self.now.homes.get(path).cloned() else { return };
        let Some(scope) = self.now.scopes.get_mut(&folder) else { return };
        let scope = Arc::make_mut(scope);
        let role = file.role;
        let unread = |file: &File| usize::from(file.closed.is_none() && !file.open);
        let added = unread(&file);
        let file = Arc::new(file);
        let old = scope.files.insert(path.clone(), Arc::clone(&file));
        scope.unread = scope.unread + added - old.as_ref().map_or(0, |old| unread(old));
        // What is typed or put otherwise below the same headings changes nothing for other documents.
        if role == Role::Template || !old.is_some_and(|old| old.has_sections_of(&file)) {
            self.note_form(path, role);
        }
        self.changed_names(path, before, after);
    }

    // Templates of the workspace -------------------------------------------------------------------------------------

    /// Notes the template at `path`, if it is one that the workspace keeps for its documents.
    fn add_form(&mut self, path: &FilePath) {
        let all = self.now.layout.forms_at(path, &self.now.dialect);
        let Some(root) = self.now.layout.root_of(path).filter(|_| !all.is_empty()) else { return };
        Arc::make_mut(&mut self.now.forms).add(path, root, all);
        self.now.practices = Arc::new(self.now.forms.practices());
        self.note_form(path, Role::Template);
    }

    /// Notes that a file of this role has changed: what is found of documents may follow from it, where it is a template that
    /// the workspace keeps, or one of the documents that such a template is for.
    fn note_form(&mut self, path: &FilePath, role: Role) {
        if self.now.forms.is_empty() {
            return;
        }
        let reaches: Vec<&FilePath> = match role {
            Role::Template => self.now.forms.reaches_of(path).collect(),
            Role::Spec | Role::Plan | Role::Tasks => self.now.forms.reaches_around(path, role).collect(),
            _ => return,
        };
        if reaches.is_empty() {
            return;
        }
        self.changed_forms.extend(reaches.into_iter().cloned());
        // An older snapshot must not find out what this world then sees.
        match Arc::get_mut(&mut self.now.practices) {
            Some(own) => own.values_mut().for_each(|known| drop(known.take())),
            None => self.now.practices = Arc::new(self.now.forms.practices()),
        }
    }

    /// Moves files to the scopes that they now belong to, when the folder has gained or lost its specification.
    fn rehome(&mut self, folder: Option<FilePath>) {
        let Some(folder) = folder else { return };
        // What proposes a change is told that its specifications are there.
        if let Some(proposal) = self.now.layout.change_at(&folder, &self.now.dialect).and_then(|it| it.proposal)
            && let Some(home) = self.now.homes.get(&proposal)
        {
            self.changed.insert(home.clone());
            self.now.revision += 1;
        }
        // So are the features that bear its number.
        let beside: Vec<FilePath> = self.now.numbered_like(&folder).cloned().collect();
        self.now.revision += u64::from(!beside.is_empty());
        self.changed.extend(beside);
        let from = (Bound::Included(folder.clone()), Bound::Unbounded);
        let inside = self.now.homes.range(from).take_while(|(path, _)| path.as_str().starts_with(folder.as_str()));
        let moved: Vec<FilePath> = inside
            .filter(|(path, home)| {
                path.is_within(folder.as_str()) && self.now.layout.scope_of(path, &self.now.dialect) != **home
            })
            .map(|(path, _)| path.clone())
            .collect();
        for path in moved {
            if let Some(file) = self.take(&path) {
                self.insert(&path, Arc::unwrap_or_clone(file));
            }
        }
    }

    // Names ---------------------------------------------------------------------------------------------------------

    fn changed_names(&mut self, path: &FilePath, before: &ExportedIds, after: Option<Box<ExportedIds>>) {
        // Most files are read once, and come after nothing.
        let new = *before == ExportedIds::default();
        let after = match after {
            Some(after) if new => *after,
            Some(after) => after.sorted(),
            None if new => self.now.exported_unsorted_in(path),
            None => self.now.exported_in(path),
        };
        let Some(folder) = self.now.homes.get(path).cloned() else { return };
        self.settle_definers(&folder, before, &after);
        self.update_index(path, &folder);
    }

    fn update_index(&mut self, path: &FilePath, folder: &FilePath) {
        self.now.revision += 1;
        self.changed.insert(folder.clone());
        self.add_mentions(path);
        let Some(scope) = self.now.scopes.get_mut(folder) else { return };
        // Even without an index the scope is made anew: an older snapshot must not make one that this world then sees.
        let scope = Arc::make_mut(scope);
        if let Some(mut index) = scope.index.take() {
            self.work.index_updates += 1;
            let names = self.now.names(path);
            Arc::make_mut(&mut index).put(path.clone(), names);
            if let Some(scope) = self.now.scopes.get_mut(folder) {
                Arc::make_mut(scope).index = OnceLock::from(index);
            }
        }
    }

    /// Brings up to date which scopes define which ids, after a file of `folder` defined `before` and now defines
    /// `after`; both sorted unless `before` is nothing.
    fn settle_definers(&mut self, folder: &FilePath, before: &ExportedIds, after: &ExportedIds) {
        let possible = before.possible != after.possible || before.ended != after.ended;
        let (before, after) = (&before.defined, &after.defined);
        // Another spelling of the same id is another definition to whoever refers to it.
        let mut changed = possible || !before.iter().map(Id::as_str).eq(after.iter().map(Id::as_str));
        // Not only what `before` lacks: of several readings in one go, the later ones count the earlier ones' as before.
        for id in after {
            let known = !before.is_empty() && self.now.defined.get(id).is_some_and(|scopes| scopes.contains(folder));
            changed |= !known && self.now.defined.entry(id.clone()).or_default().insert(folder);
        }
        for id in before.iter().filter(|id| after.binary_search(id).is_err()) {
            self.settle_definer(folder, id);
        }
        if changed {
            self.now.definitions += 1;
            let seeing: Vec<FilePath> = self.now.scopes_seeing(folder).cloned().collect();
            self.changed.extend(seeing);
        }
    }

    fn settle_definer(&mut self, folder: &FilePath, id: &Id) {
        let scope = self.now.scopes.get(folder);
        let still = scope.is_some_and(|scope| scope.files.keys().any(|path| self.now.defines(path, id)));
        if still {
            return;
        }
        if let Some(scopes) = self.now.defined.get_mut(id) {
            scopes.remove(folder);
            if scopes.is_empty() {
                self.now.defined.remove(id);
            }
        }
    }

    /// Hears of what the file at `path` names now.
    fn add_mentions(&mut self, path: &FilePath) {
        // While files are read nobody has made one, nor can anybody but this world.
        if Arc::get_mut(&mut self.now.mentions).is_some_and(|own| own.get().is_none()) {
            return;
        }
        // A new cell in any case: an older snapshot must not make one that this world then sees.
        let known = std::mem::take(&mut self.now.mentions);
        let Some(known) = known.get().filter(|known| !known.is_stale()) else { return };
        let mut known = known.clone();
        if let Some(view) = self.now.view(path) {
            known.add(&view);
        }
        self.now.mentions = Arc::new(OnceLock::from(known));
    }
}
