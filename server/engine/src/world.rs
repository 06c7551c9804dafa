//! The world: every known file by scope, the one mutable thing, and the snapshots of it that everyone else holds.

mod trial;
mod users;
mod view;

pub use trial::Trial;
use users::Mentions;
use view::Text;
pub use view::View;

use crate::dialect::{Dialect, Role};
use crate::document::{Change, Document, Renamed, Said, Work, said_by};
use crate::facts::{Context, Cut, Facts, read};
use crate::id::Id;
use crate::index::{Index, Names};
use crate::letters::Letters;
use crate::path::FilePath;
use crate::scope::Layout;
use crate::settings::Settings;
use crate::text::{Encoding, Lines};
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

/// What is kept of a file that is not open: its lines and its facts, not its text.
#[derive(Clone, Debug, Default)]
pub struct Closed {
    lines: Lines,
    facts: Arc<Facts>,
    /// The letters of each definition's id and title.
    letters: Box<[Letters]>,
    /// The dialect that the text says it is written in, where its path says none.
    said: Option<Arc<Dialect>>,
}

impl Closed {
    /// What `text` says, read as `role`, in `dialect` unless it says that it is written in another that this one knows. Any
    /// thread may do this; [`World::put`] takes the result.
    #[must_use]
    pub fn read(text: &str, dialect: &Dialect, role: Role) -> Self {
        let said = (role == Role::Spec).then(|| dialect.recognised(text).cloned()).flatten();
        let dialect = said.as_deref().unwrap_or(dialect);
        let mut reading = read(text, dialect, role, Cut::Never, Context::default(), true, &|_| false);
        let facts = reading.parts.pop().map(|part| part.facts).unwrap_or_default();
        let letters = facts.definitions.iter().map(|definition| facts.letters_of(definition)).collect();
        Self { lines: Lines::of(text), facts: Arc::new(facts), letters, said }
    }
}

#[derive(Clone, Debug)]
struct File {
    role: Role,
    /// None while the file has not been read.
    closed: Option<Closed>,
    open: bool,
}

/// The files whose ids belong together, most often a feature folder.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    folder: Option<FilePath>,
    files: imbl::OrdMap<FilePath, Arc<File>>,
    unread: usize,
    /// Made when it is first asked for, then kept up to date.
    index: OnceLock<Arc<Index>>,
}

impl Scope {
    /// Its files, in order.
    pub fn files(&self) -> impl Iterator<Item = &FilePath> {
        self.files.keys()
    }

    /// Whether every file of it has been read.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.unread == 0
    }
}

/// Everything that is known. One thread owns it; see [`World::snapshot`].
#[derive(Debug)]
pub struct World {
    now: Snapshot,
    work: Work,
    changed: BTreeSet<FilePath>,
    dirty: BTreeSet<FilePath>,
    retold: bool,
}

/// Everything that is known at one moment. Cheap to clone and never changes.
#[derive(Clone, Debug)]
pub struct Snapshot {
    layout: Arc<Layout>,
    dialect: Arc<Dialect>,
    settings: Arc<Settings>,
    /// The scope of each file.
    homes: imbl::OrdMap<FilePath, FilePath>,
    scopes: imbl::OrdMap<FilePath, Arc<Scope>>,
    open: imbl::OrdMap<FilePath, Arc<Document>>,
    /// Files that exist and could not be read, and why.
    unreadable: imbl::OrdMap<FilePath, Arc<str>>,
    /// The scopes that define each id.
    defined: imbl::HashMap<Id, imbl::OrdSet<FilePath>>,
    /// The scopes that name each id; kept up to date once it has been made.
    mentions: Arc<OnceLock<Mentions>>,
    revision: u64,
    definitions: u64,
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
            defined: imbl::HashMap::new(),
            mentions: Arc::default(),
            revision: 0,
            definitions: 0,
        };
        Self { now, work: Work::default(), changed: BTreeSet::new(), dirty: BTreeSet::new(), retold: false }
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
        std::mem::take(&mut self.changed)
    }

    /// Whether a title or a task's state has changed in an open document since the last call.
    pub fn take_retold(&mut self) -> bool {
        std::mem::take(&mut self.retold)
    }

    /// Puts other settings in force.
    pub fn set_settings(&mut self, settings: Settings) {
        self.now.settings = Arc::new(settings);
        self.now.revision += 1;
        self.now.definitions += 1;
    }

    /// Notes that the file exists and will be read. Nothing absent is claimed of its scope until then.
    pub fn expect(&mut self, path: &FilePath) {
        if self.now.homes.contains_key(path) {
            return;
        }
        let role = self.now.layout.role_of(path, &self.now.dialect);
        if role == Role::Spec {
            let moved = Arc::make_mut(&mut self.now.layout).add_spec(path, &self.now.dialect);
            self.rehome(moved);
        }
        self.insert(path, File { role, closed: None, open: false });
    }

    /// Takes what was read of a closed file. What its editor says wins while it is open.
    pub fn put(&mut self, path: &FilePath, closed: Closed) {
        self.expect(path);
        self.now.unreadable.remove(path);
        let known = self.now.file(path);
        let open = known.is_some_and(|file| file.open);
        let Some(role) = known.map(|file| file.role) else { return };
        self.replace(path, File { role, closed: Some(closed), open });
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
                self.replace(path, File { closed: None, ..file });
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
        self.expect(path);
        let Some(file) = self.now.file(path).cloned() else { return };
        let dialect = self.now.layout.dialect_of(path, &self.now.dialect);
        let document = Document::new(version, text, Arc::clone(dialect), file.role, &mut self.work);
        let before = self.now.said_in(path);
        self.now.open.insert(path.clone(), Arc::new(document));
        self.dirty.remove(path);
        self.replace_from(path, File { open: true, ..file }, &before);
    }

    /// Applies an edit to an open document; reading it waits for [`World::settle`]. Returns whether it is open.
    pub fn change(&mut self, path: &FilePath, version: i32, changes: &[Change], encoding: Encoding) -> bool {
        let Some(document) = self.now.open.get_mut(path) else { return false };
        Arc::make_mut(document).apply(version, changes, encoding);
        self.dirty.insert(path.clone());
        true
    }

    /// Closes a document. The file counts as unread until [`World::put`] if nothing was known of it.
    pub fn close(&mut self, path: &FilePath) {
        if !self.now.open.contains_key(path) {
            return;
        }
        self.dirty.remove(path);
        let before = self.now.said_in(path);
        self.now.open.remove(path);
        let Some(file) = self.now.file(path).cloned() else { return };
        if file.closed.is_none() {
            self.changed_names(path, &before);
            self.forget(path);
            return;
        }
        self.replace_from(path, File { open: false, ..file }, &before);
    }

    /// Reads every open document's edits since the last time, and brings the indexes up to date where names changed.
    pub fn settle(&mut self) {
        for path in std::mem::take(&mut self.dirty) {
            let Some(document) = self.now.open.get_mut(&path) else { continue };
            let document = Arc::make_mut(document);
            let renamed = document.settle(&mut self.work);
            let retold = document.take_retold();
            self.retold |= retold;
            // What the specification is told of the plan names its sections.
            if retold
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
            if let Some(Renamed { before, after }) = renamed
                && let Some(folder) = self.now.homes.get(&path).cloned()
            {
                self.settle_definers(&folder, &before, &after);
                self.update_index(&path, &folder);
            }
        }
    }

    // Files and scopes ----------------------------------------------------------------------------------------------

    fn insert(&mut self, path: &FilePath, file: File) {
        let folder = self.now.layout.scope_of(path, &self.now.dialect);
        self.now.homes.insert(path.clone(), folder.clone());
        let scope = Arc::make_mut(self.now.scopes.entry(folder.clone()).or_default());
        scope.folder = Some(folder.clone());
        scope.unread += usize::from(file.closed.is_none() && !file.open);
        scope.files.insert(path.clone(), Arc::new(file));
        self.changed_names(path, &Said::default());
    }

    fn take(&mut self, path: &FilePath) -> Option<Arc<File>> {
        let before = self.now.said_in(path);
        let folder = self.now.homes.remove(path)?;
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
        self.settle_definers(&folder, &before, &Said::default());
        self.now.revision += 1;
        self.now.definitions += 1;
        self.changed.insert(folder);
        Some(file)
    }

    fn replace(&mut self, path: &FilePath, file: File) {
        let before = self.now.said_in(path);
        self.replace_from(path, file, &before);
    }

    fn replace_from(&mut self, path: &FilePath, file: File, before: &Said) {
        let Some(folder) = self.now.homes.get(path).cloned() else { return };
        let Some(scope) = self.now.scopes.get_mut(&folder) else { return };
        let scope = Arc::make_mut(scope);
        let unread = |file: &File| usize::from(file.closed.is_none() && !file.open);
        let added = unread(&file);
        let old = scope.files.insert(path.clone(), Arc::new(file)).map_or(0, |old| unread(&old));
        scope.unread = scope.unread + added - old;
        self.changed_names(path, before);
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

    fn changed_names(&mut self, path: &FilePath, before: &Said) {
        let after = self.now.said_in(path);
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
    /// `after`; both sorted.
    fn settle_definers(&mut self, folder: &FilePath, before: &Said, after: &Said) {
        let told = before.told != after.told || before.withdrawn != after.withdrawn;
        let (before, after) = (&before.defined, &after.defined);
        // Another spelling of the same id is another definition to whoever refers to it.
        let mut changed = told || !before.iter().map(Id::as_str).eq(after.iter().map(Id::as_str));
        // Not only what `before` lacks: of several readings in one go, the later ones count the earlier ones' as before.
        for id in after {
            if !self.now.defined.get(id).is_some_and(|scopes| scopes.contains(folder)) {
                self.now.defined.entry(id.clone()).or_default().insert(folder.clone());
                changed = true;
            }
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
}

impl Snapshot {
    fn file(&self, path: &FilePath) -> Option<&File> {
        let scope = self.scopes.get(self.homes.get(path)?)?;
        scope.files.get(path).map(|file| &**file)
    }

    /// The ids that the file defines, sorted.
    fn said_in(&self, path: &FilePath) -> Said {
        self.view(path).map_or_else(Said::default, |view| said_by(view.parts().map(|(_, facts)| facts)))
    }

    fn defines(&self, path: &FilePath, id: &Id) -> bool {
        let parts = self.view(path).into_iter().flat_map(|view| view.parts());
        parts
            .flat_map(|(_, facts)| facts.definitions.iter().map(|definition| facts.id(definition.id)))
            .any(|known| known == id)
    }

    fn names(&self, path: &FilePath) -> Names {
        self.view(path).map_or_else(Names::default, |view| Names::of(view.role, view.parts().map(|(_, facts)| facts)))
    }

    /// The file at `path`, if it has been read or is open.
    #[must_use]
    pub fn view(&self, path: &FilePath) -> Option<View<'_>> {
        let (path, home) = self.homes.get_key_value(path)?;
        let scope = self.scopes.get(home)?;
        let file = scope.files.get(path)?;
        let text = match self.open.get(path) {
            Some(document) => Text::Open(document),
            None => Text::Closed(file.closed.as_ref()?),
        };
        Some(View::new(path, file.role, home, text))
    }

    /// The scope of the folder.
    #[must_use]
    pub fn scope(&self, folder: &FilePath) -> Option<&Arc<Scope>> {
        self.scopes.get(folder)
    }

    /// All scopes by folder.
    pub fn scopes(&self) -> impl Iterator<Item = (&FilePath, &Arc<Scope>)> {
        self.scopes.iter()
    }

    /// The paths of all known files.
    pub fn files(&self) -> impl Iterator<Item = &FilePath> {
        self.homes.keys()
    }

    /// The files that exist and could not be read, in order, each with the reason.
    pub fn unreadable(&self) -> impl Iterator<Item = (&FilePath, &str)> {
        self.unreadable.iter().filter(|(path, _)| !self.open.contains_key(*path)).map(|(path, why)| (path, &**why))
    }

    /// The scope that the file belongs to.
    #[must_use]
    pub fn scope_of(&self, path: &FilePath) -> Option<&FilePath> {
        self.homes.get(path)
    }

    /// The paths of all open documents.
    pub fn open_files(&self) -> impl Iterator<Item = &FilePath> {
        self.open.keys()
    }

    /// The open document at `path`.
    #[must_use]
    pub fn document(&self, path: &FilePath) -> Option<&Arc<Document>> {
        self.open.get(path)
    }

    /// The index of the scope.
    #[must_use]
    pub fn index(&self, folder: &FilePath) -> Option<Arc<Index>> {
        let scope = self.scopes.get(folder)?;
        Some(Arc::clone(scope.index.get_or_init(|| Arc::new(self.make_index(scope)))))
    }

    /// The index of the scope, not kept if nobody has asked for it before: for looking at every scope once.
    #[must_use]
    pub fn index_once(&self, folder: &FilePath) -> Option<Arc<Index>> {
        let scope = self.scopes.get(folder)?;
        Some(scope.index.get().cloned().unwrap_or_else(|| Arc::new(self.make_index(scope))))
    }

    fn make_index(&self, scope: &Scope) -> Index {
        Index::of(scope.files.keys().map(|path| (path.clone(), self.names(path))))
    }

    /// Where ids of the scope are looked for, nearest first.
    #[must_use]
    pub fn chain(&self, scope: &FilePath) -> Vec<FilePath> {
        self.layout.chain(scope, &self.dialect)
    }

    /// The scopes that define `id`, in order.
    pub fn scopes_defining(&self, id: &Id) -> impl Iterator<Item = &FilePath> {
        self.defined.get(id).into_iter().flatten()
    }

    /// All defined ids with the scopes that define them.
    pub fn all_defined(&self) -> impl Iterator<Item = (&Id, &imbl::OrdSet<FilePath>)> {
        self.defined.iter()
    }

    /// The settings in force for the file at `path`.
    #[must_use]
    pub fn settings_of(&self, path: &FilePath) -> &Settings {
        self.settings.at(path)
    }

    /// The dialect that the file at `path` is read in: the one that is chosen for its path, else the one that it says.
    #[must_use]
    pub fn dialect_of(&self, path: &FilePath) -> &Arc<Dialect> {
        if let Some(document) = self.open.get(path) {
            return document.dialect();
        }
        let said = self.file(path).and_then(|file| file.closed.as_ref()?.said.as_ref());
        said.unwrap_or_else(|| self.dialect_at(path))
    }

    /// The dialect that is chosen for a path.
    #[must_use]
    pub fn dialect_at(&self, path: &FilePath) -> &Arc<Dialect> {
        self.layout.dialect_of(path, &self.dialect)
    }

    /// The home dialect of the folder that a file lies in; it knows the roles of paths.
    #[must_use]
    pub fn home_dialect(&self, path: &FilePath) -> &Arc<Dialect> {
        self.layout.home_of(path, &self.dialect)
    }

    /// The home dialect, which knows the others.
    #[must_use]
    pub fn dialect(&self) -> &Arc<Dialect> {
        &self.dialect
    }

    /// Workspace folders and scopes.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Changes whenever names or settings do, and with nothing else.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Changes whenever what is defined, or the settings do: what is found of a reference holds until then.
    #[must_use]
    pub fn definitions_revision(&self) -> u64 {
        self.definitions
    }

    /// The path as a person would say it: from its workspace folder on.
    #[must_use]
    pub fn spoken<'a>(&self, path: &'a FilePath) -> &'a str {
        self.layout.root_of(path).map_or(path.as_str(), |root| path.relative_to(root.as_str()))
    }
}
