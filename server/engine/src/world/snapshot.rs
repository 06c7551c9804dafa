//! Snapshots: everything that is known at one moment, and what can be asked of it.

use super::definers::{Definers, IdMap};
use super::file::{Closed, File, Scope};
use super::forms::{Forms, Practice, Practices};
use super::horizon::Horizon;
use super::mentions::Mentions;
use super::places::{Named, Places};
use super::unpacked::Unpacked;
use super::view::{Shut, Text, View};
use crate::baseline::Baseline;
use crate::dialect::{Dialect, Role};
use crate::document::{Document, ExportedIds, exported_by, exported_unsorted};
use crate::facts::Facts;
use crate::id::Id;
use crate::index::{Index, Names};
use crate::path::FilePath;
use crate::review_lock::Lock;
use crate::scope::Layout;
use crate::settings::Settings;
use crate::template::Schema;
use rustc_hash::FxHashMap;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

/// Everything that is known at one moment. Cheap to clone and never changes.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(super) layout: Arc<Layout>,
    pub(super) dialect: Arc<Dialect>,
    pub(super) settings: Arc<Settings>,
    /// The scope of each file.
    pub(super) homes: imbl::OrdMap<FilePath, FilePath>,
    pub(super) scopes: imbl::OrdMap<FilePath, Arc<Scope>>,
    pub(super) open: imbl::OrdMap<FilePath, Arc<Document>>,
    /// Files that exist and could not be read, and why.
    pub(super) unreadable: imbl::OrdMap<FilePath, Arc<str>>,
    /// The scopes that define each id.
    pub(super) defined: IdMap<Definers>,
    /// The scopes that name each id; kept up to date once it has been made.
    pub(super) mentions: Arc<OnceLock<Mentions>>,
    /// What says whether there is anything beside the known files.
    pub(super) places: Option<Arc<dyn Places>>,
    /// Known files by their names; made when it is first asked for.
    pub(super) named: Arc<OnceLock<Named>>,
    /// The templates that the workspace keeps.
    pub(super) forms: Arc<Forms>,
    /// What documents on disk have of them; a new one once one of these has changed.
    pub(super) practices: Arc<Practices>,
    pub(super) revision: u64,
    pub(super) definitions: u64,
    /// None once every file of the workspace is known.
    pub(super) horizon: Option<Arc<Horizon>>,
    /// Which closed files have their facts at hand.
    pub(super) unpacked: Arc<Unpacked>,
    /// The scope that is gone through now.
    pub(super) visited: Option<Visited>,
}

/// What is known of a scope while somebody goes through its files, and not kept with what is known of others.
#[derive(Clone, Debug)]
pub(super) struct Visited {
    folder: FilePath,
    index: OnceLock<Arc<Index>>,
    lookup_chain: OnceLock<Vec<FilePath>>,
    /// Facts of its closed files that are unpacked for this visit.
    facts: FxHashMap<FilePath, OnceLock<Arc<Facts>>>,
}

impl Snapshot {
    /// Whether every file below `folder`, or the file of that path, is known, be it read or not.
    #[must_use]
    pub fn is_listed(&self, folder: &FilePath) -> bool {
        self.horizon.as_ref().is_none_or(|horizon| horizon.covers(folder))
    }

    /// The same for one question, whose answer counts only if it has not [looked too far](Self::has_looked_too_far).
    #[must_use]
    pub fn for_question(&self) -> Self {
        Self { horizon: self.horizon.as_ref().map(|horizon| Arc::new(horizon.fresh())), ..self.clone() }
    }

    /// The same for whoever goes through the files of `folder` and is done with it then: its index is kept no longer than this.
    #[must_use]
    pub fn for_visit(&self, folder: &FilePath) -> Self {
        let index = self.scopes.get(folder).map_or_else(OnceLock::new, |scope| scope.index.clone());
        let packed = |file: &File| file.closed.as_ref().is_some_and(|it| it.facts.get().is_none());
        let files = self.scopes.get(folder).into_iter().flat_map(|scope| scope.files.iter());
        let facts = files.filter(|(_, file)| packed(file)).map(|(path, _)| (path.clone(), OnceLock::new())).collect();
        let visited = Visited { folder: folder.clone(), index, lookup_chain: OnceLock::new(), facts };
        Self { visited: Some(visited), ..self.clone() }
    }

    /// Whether somebody has asked for what is not known yet, so that the answer may be another one later.
    #[must_use]
    pub fn has_looked_too_far(&self) -> bool {
        self.horizon.as_ref().is_some_and(|horizon| horizon.is_crossed())
    }

    /// What is to be told when an answer depends on what is not known yet; none once everything is.
    pub(crate) fn horizon(&self) -> Option<&Arc<Horizon>> {
        self.horizon.as_ref()
    }

    /// Notes that something beyond all that is listed is asked for.
    pub(super) fn look_everywhere(&self) {
        if let Some(horizon) = &self.horizon {
            horizon.cross();
        }
    }

    /// Notes that what `folder` holds is asked for.
    pub(super) fn look_into(&self, folder: &FilePath) {
        if !self.is_listed(folder) {
            self.look_everywhere();
        }
    }

    pub(super) fn file(&self, path: &FilePath) -> Option<&File> {
        let scope = self.scopes.get(self.homes.get(path)?)?;
        scope.files.get(path).map(|file| &**file)
    }

    /// The ids that the file defines, sorted.
    pub(super) fn exported_in(&self, path: &FilePath) -> ExportedIds {
        self.view(path).map_or_else(ExportedIds::default, |view| exported_by(view.parts().map(|(_, facts)| facts)))
    }

    /// The same in no order.
    pub(super) fn exported_unsorted_in(&self, path: &FilePath) -> ExportedIds {
        let view = self.view(path);
        view.map_or_else(ExportedIds::default, |view| exported_unsorted(view.parts().map(|(_, facts)| facts)))
    }

    pub(super) fn defines(&self, path: &FilePath, id: &Id) -> bool {
        let parts = self.view(path).into_iter().flat_map(|view| view.parts());
        parts
            .flat_map(|(_, facts)| facts.definitions.iter().map(|definition| facts.id(definition.id)))
            .any(|known| known == id)
    }

    pub(super) fn names(&self, path: &FilePath) -> Names {
        self.view(path).map_or_else(Names::default, |view| Names::of(view.role, view.parts().map(|(_, facts)| facts)))
    }

    /// The file at `path`, if it has been read or is open.
    #[must_use]
    pub fn view(&self, path: &FilePath) -> Option<View<'_>> {
        let Some((path, home)) = self.homes.get_key_value(path) else {
            self.look_into(path);
            return None;
        };
        let scope = self.scopes.get(home)?;
        let file = scope.files.get(path)?;
        let text = match self.open.get(path) {
            Some(document) => Text::Open(document),
            None => self.shut(path, home, file.closed.as_ref()?),
        };
        Some(View::new(path, file.role, home, text))
    }

    /// The same as it is on disk, whatever its editor says.
    #[must_use]
    pub fn saved_view(&self, path: &FilePath) -> Option<View<'_>> {
        let (path, home) = self.homes.get_key_value(path)?;
        let file = self.scopes.get(home)?.files.get(path)?;
        Some(View::new(path, file.role, home, self.shut(path, home, file.closed.as_ref()?)))
    }

    fn shut<'a>(&'a self, path: &FilePath, home: &FilePath, closed: &'a Closed) -> Text<'a> {
        let visited = self.visit_of(home).and_then(|visited| visited.facts.get(path));
        let unpacked = if visited.is_none() { Some(&*self.unpacked) } else { None };
        Text::Closed(Shut { closed, facts: visited.unwrap_or(&closed.facts), unpacked })
    }

    /// The path of the template that the workspace keeps for the documents that the one at `path` is one of, the folder of
    /// all these, and the sections that it asks for.
    #[must_use]
    pub fn form_of(&self, path: &FilePath, role: Role) -> Option<(&FilePath, &FilePath, &Arc<Schema>)> {
        if self.forms.is_empty() {
            return None;
        }
        let (form, reach) = self.forms.of(path, role, &self.dialect_of(path).table.name)?;
        let schema = match self.open.get(form) {
            Some(document) => document.form(),
            None => self.file(form)?.closed.as_ref()?.form.as_ref()?,
        };
        Some((form, reach, schema))
    }

    /// What documents on disk have of the template at `form`: `make` finds that out of their paths, once until one of the
    /// files changes. None before all of them have been read.
    pub fn practice_of(&self, form: &FilePath, make: impl FnOnce(&[&FilePath]) -> Practice) -> Option<&Practice> {
        let cell = self.practices.get(form)?;
        if let Some(known) = cell.get() {
            return Some(known);
        }
        let own = |(path, role): &(&FilePath, Role)| {
            matches!(role, Role::Spec | Role::Plan | Role::Tasks)
                && self.form_of(path, *role).is_some_and(|(other, ..)| other == form)
        };
        let mut below: Vec<&FilePath> = self
            .forms
            .reaches_of(form)
            .flat_map(|reach| self.files_below(reach).filter(own))
            .map(|(path, _)| path)
            .collect();
        below.sort_unstable();
        below.dedup();
        let unread = |path: &&FilePath| self.file(path).is_some_and(|file| file.expected && file.closed.is_none());
        if below.iter().any(unread) {
            return None;
        }
        Some(cell.get_or_init(|| make(&below)))
    }

    /// The scope of the folder.
    #[must_use]
    pub fn scope(&self, folder: &FilePath) -> Option<&Arc<Scope>> {
        self.look_into(folder);
        self.scopes.get(folder)
    }

    /// Whether every file of the scope is known and has been read.
    #[must_use]
    pub fn is_read(&self, folder: &FilePath) -> bool {
        self.is_listed(folder) && self.scopes.get(folder).is_none_or(|scope| scope.is_read())
    }

    /// All scopes by folder.
    pub fn scopes(&self) -> impl Iterator<Item = (&FilePath, &Arc<Scope>)> {
        self.look_everywhere();
        self.scopes.iter()
    }

    /// The paths of all known files.
    pub fn files(&self) -> impl Iterator<Item = &FilePath> {
        self.look_everywhere();
        self.homes.keys()
    }

    /// The files that exist and could not be read, in order, each with the reason.
    pub fn unreadable(&self) -> impl Iterator<Item = (&FilePath, &str)> {
        self.look_everywhere();
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
        self.look_into(folder);
        self.known_index(folder)
    }

    /// The same for one that looks no farther where this does not tell.
    pub(crate) fn known_index(&self, folder: &FilePath) -> Option<Arc<Index>> {
        let scope = self.scopes.get(folder)?;
        let cell = self.visit_of(folder).map_or(&scope.index, |visited| &visited.index);
        Some(Arc::clone(cell.get_or_init(|| Arc::new(self.make_index(scope)))))
    }

    /// The index of the scope, not kept if nobody has asked for it before: for looking at every scope once.
    #[must_use]
    pub fn index_once(&self, folder: &FilePath) -> Option<Arc<Index>> {
        if self.visit_of(folder).is_some() {
            return self.known_index(folder);
        }
        let scope = self.scopes.get(folder)?;
        let once = |path: &FilePath| {
            let Some(view) = self.view(path) else { return Names::default() };
            match view.facts_once() {
                Some(facts) => Names::of(view.role, std::iter::once(&*facts)),
                None => Names::of(view.role, view.parts().map(|(_, facts)| facts)),
            }
        };
        let make = || Index::of(scope.files.keys().map(|path| (path.clone(), once(path))));
        Some(scope.index.get().cloned().unwrap_or_else(|| Arc::new(make())))
    }

    fn visit_of(&self, folder: &FilePath) -> Option<&Visited> {
        self.visited.as_ref().filter(|visited| visited.folder == *folder)
    }

    fn make_index(&self, scope: &Scope) -> Index {
        Index::of(scope.files.keys().map(|path| (path.clone(), self.names(path))))
    }

    /// The specification that the change in `scope` is made to, if it holds one and there is such a specification.
    #[must_use]
    pub fn base_of(&self, scope: &FilePath) -> Option<FilePath> {
        let base = self.layout.change_at(scope, &self.dialect)?.base;
        self.look_into(&base);
        self.layout.base_of(scope, &self.dialect)
    }

    /// Where ids of the scope are looked for, nearest first.
    #[must_use]
    pub fn lookup_chain(&self, scope: &FilePath) -> Vec<FilePath> {
        let chain = || self.layout.lookup_chain(scope, &self.dialect);
        self.visit_of(scope).map_or_else(chain, |visited| visited.lookup_chain.get_or_init(chain).clone())
    }

    /// The scopes that define `id`, in order.
    pub fn scopes_defining(&self, id: &Id) -> impl Iterator<Item = &FilePath> {
        self.look_everywhere();
        self.defined.get(id).into_iter().flat_map(Definers::iter)
    }

    /// All defined ids with the scopes that define them.
    pub fn all_defined(&self) -> impl Iterator<Item = (&Id, &Definers)> {
        self.look_everywhere();
        self.defined.iter()
    }

    /// The settings in force for the file at `path`.
    #[must_use]
    pub fn settings_of(&self, path: &FilePath) -> &Settings {
        self.settings.at(path)
    }

    /// The baseline that is in force for the file at `path`: that of the innermost folder, with the folder.
    #[must_use]
    pub fn baseline_of(&self, path: &FilePath) -> Option<(&FilePath, &Baseline)> {
        let around = self.settings.baselines.iter().filter(|(folder, _)| path.is_within(folder.as_str()));
        around.max_by_key(|(folder, _)| folder.as_str().len()).map(|(folder, baseline)| (folder, &**baseline))
    }

    /// The lock of reviews that is in force for the file at `path`: that of the innermost folder, with the folder.
    #[must_use]
    pub fn reviews_of(&self, path: &FilePath) -> Option<(&FilePath, &Lock)> {
        let around = self.settings.reviews.iter().filter(|(folder, _)| path.is_within(folder.as_str()));
        around.max_by_key(|(folder, _)| folder.as_str().len()).map(|(folder, lock)| (folder, &**lock))
    }

    /// The dialect that the file at `path` is read in: the one that is chosen for its path, else the one that it says.
    #[must_use]
    pub fn dialect_of(&self, path: &FilePath) -> &Arc<Dialect> {
        if let Some(document) = self.open.get(path) {
            return document.dialect();
        }
        let recognised = self.file(path).and_then(|file| file.closed.as_ref()?.recognised.as_ref());
        recognised.unwrap_or_else(|| self.dialect_at(path))
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
    pub fn layout(&self) -> &Arc<Layout> {
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
    pub fn display_path<'a>(&self, path: &'a FilePath) -> &'a str {
        self.layout.root_of(path).map_or(path.as_str(), |root| path.relative_to(root.as_str()))
    }

    /// The scopes next to `scope` in order that define `id`.
    pub fn neighbours_defining(&self, id: &Id, scope: &FilePath) -> impl Iterator<Item = &FilePath> {
        self.look_everywhere();
        self.defined.get(id).into_iter().flat_map(|all| all.beside(scope))
    }

    /// Where `id` was looked for in vain from `scope`, in words: features have ids of their own.
    #[must_use]
    pub fn display_scope<'a>(&'a self, scope: &'a FilePath, id: &Id) -> &'a str {
        match self.display_path(scope) {
            "" => "this document",
            "." if self.neighbours_defining(id, scope).next().is_some() => "the documents above the features",
            "." => "this workspace",
            place => place,
        }
    }

    /// The folders of other features beside `folder` that are called by the same number, which its name begins with: `003-billing`.
    pub(crate) fn numbered_like<'a>(&'a self, folder: &'a FilePath) -> impl Iterator<Item = &'a FilePath> {
        /// Fewer digits count something else.
        const FEWEST: usize = 3;
        let start = folder.as_str().rfind('/').map_or(0, |at| at + 1);
        let name = &folder.as_str()[start..];
        let digits = name.bytes().take_while(u8::is_ascii_digit).count();
        // Behind a day stands a time: `20260101-101500-billing`.
        let words = |rest: &str| rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        let prefix = Some(&folder.as_str()[..start + digits]).filter(|_| digits >= FEWEST && words(&name[digits..]));
        let near = prefix.into_iter().flat_map(move |prefix| {
            let from = (Bound::Included(FilePath::new(prefix)), Bound::Unbounded);
            let near =
                self.scopes.range(from).map(|(other, _)| other).take_while(move |it| it.as_str().starts_with(prefix));
            near.filter(move |it| words(&it.as_str()[prefix.len()..]) && !it.as_str()[prefix.len()..].contains('/'))
        });
        near.filter(move |other| *other != folder)
    }

    /// Every known file below `folder`, with its role.
    pub fn files_below<'a>(&'a self, folder: &'a FilePath) -> impl Iterator<Item = (&'a FilePath, Role)> {
        self.look_into(folder);
        let from = (Bound::Included(folder.clone()), Bound::Unbounded);
        let near = self.homes.range(from).take_while(|(path, _)| path.as_str().starts_with(folder.as_str()));
        let below = near.filter(|(path, _)| path.is_within(folder.as_str()));
        below.filter_map(|(path, home)| Some((path, self.scopes.get(home)?.files.get(path)?.role)))
    }

    /// Every file that has been read or is open, scope by scope, without looking any of them up.
    pub fn views(&self) -> impl Iterator<Item = View<'_>> {
        self.look_everywhere();
        self.scopes.iter().flat_map(|(folder, scope)| self.views_of(folder, scope))
    }

    /// Those of one scope.
    pub fn views_in(&self, folder: &FilePath) -> impl Iterator<Item = View<'_>> {
        self.look_into(folder);
        self.scopes.get_key_value(folder).into_iter().flat_map(|(folder, scope)| self.views_of(folder, scope))
    }

    /// Those of each of several scopes, which are given in their order: the next one is mostly the one behind, and is not
    /// looked up then.
    pub(crate) fn views_in_each<'a>(
        &'a self,
        folders: &[&'a FilePath],
    ) -> impl Iterator<Item = impl Iterator<Item = View<'a>> + use<'a>> {
        /// So many are passed over.
        const NEAR: usize = 4;
        let mut behind = self.scopes.range::<_, FilePath>(..);
        folders.iter().enumerate().filter_map(move |(at, folder)| {
            self.look_into(folder);
            let is_it = |(known, _): &(&FilePath, &Arc<Scope>)| known == folder;
            let near = if at > 0 { behind.by_ref().take(NEAR).find(is_it) } else { None };
            let (folder, scope) = near.or_else(|| {
                behind = self.scopes.range::<_, FilePath>(*folder..);
                behind.next().filter(is_it)
            })?;
            Some(self.views_of(folder, scope))
        })
    }

    fn views_of<'a>(&'a self, folder: &'a FilePath, scope: &'a Scope) -> impl Iterator<Item = View<'a>> {
        scope.files.iter().filter_map(move |(path, file)| {
            let text = match &file.closed {
                Some(closed) if !file.open => self.shut(path, folder, closed),
                _ => Text::Open(self.open.get(path)?),
            };
            Some(View::new(path, file.role, folder, text))
        })
    }
}
