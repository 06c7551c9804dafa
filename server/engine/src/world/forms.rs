//! The templates that a workspace keeps of its own: which documents each is for, and what those that are done have of it.

use crate::dialect::{FormOf, Role};
use crate::path::FilePath;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The templates of a workspace by their paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Forms(BTreeMap<FilePath, Vec<Form>>);

#[derive(Clone, Debug)]
struct Form {
    /// The folder whose documents it is for.
    reach: FilePath,
    dialect: SmolStr,
    role: Role,
    rank: usize,
}

impl Forms {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes the template at `path`, below the workspace folder `root`.
    pub(super) fn add(&mut self, path: &FilePath, root: &FilePath, all: Vec<FormOf>) {
        let relative = path.relative_to(root.as_str());
        let reach = |depth: usize| {
            let inner: Vec<&str> = relative.split('/').take(depth).collect();
            if inner.is_empty() { root.clone() } else { FilePath::new(&format!("{root}/{}", inner.join("/"))) }
        };
        let form = |it: FormOf| Form { reach: reach(it.depth), dialect: it.dialect, role: it.role, rank: it.rank };
        self.0.insert(path.clone(), all.into_iter().map(form).collect());
    }

    pub(super) fn remove(&mut self, path: &FilePath) -> bool {
        self.0.remove(path).is_some()
    }

    pub(super) fn holds(&self, path: &FilePath) -> bool {
        self.0.contains_key(path)
    }

    /// The folders whose documents the template at `path` is for; more than one where dialects differ about it.
    pub(super) fn reaches_of(&self, path: &FilePath) -> impl Iterator<Item = &FilePath> {
        self.0.get(path).into_iter().flatten().map(|form| &form.reach)
    }

    /// The folders above `path` for whose documents of this role there are templates.
    pub(super) fn reaches_around<'a>(&'a self, path: &FilePath, role: Role) -> impl Iterator<Item = &'a FilePath> {
        let path = path.clone();
        let all = self.0.values().flatten();
        all.filter(move |form| form.role == role && path.is_within(form.reach.as_str())).map(|form| &form.reach)
    }

    /// The practice of each, still to be found out.
    pub(super) fn practices(&self) -> Practices {
        self.0.keys().map(|path| (path.clone(), OnceLock::new())).collect()
    }

    /// The template of the documents of this role and dialect that the file at `path` is one of, with the folder of all that
    /// it is for: that of the innermost folder, and of several there the one whose pattern comes first.
    pub(super) fn of(&self, path: &FilePath, role: Role, dialect: &str) -> Option<(&FilePath, &FilePath)> {
        let all = self.0.iter().flat_map(|(own, forms)| forms.iter().map(move |form| (own, form)));
        let meant =
            all.filter(|(_, form)| form.role == role && form.dialect == dialect && path.is_within(form.reach.as_str()));
        let best = meant.min_by_key(|(_, form)| (std::cmp::Reverse(form.reach.as_str().len()), form.rank));
        best.map(|(own, form)| (own, &form.reach))
    }
}

/// What the documents of a template have of it, as they are on disk: what is being typed changes nothing for others.
#[derive(Clone, Debug, Default)]
pub struct Practice {
    /// The sections of the template that each document has which is done and follows it.
    pub documents: FxHashMap<FilePath, Box<[bool]>>,
    /// How many of these have each section.
    pub counts: Vec<usize>,
}

impl Practice {
    /// How many of the documents but that at `path` have the section `slot`, and of how many.
    #[must_use]
    pub fn of_others(&self, path: &FilePath, slot: usize) -> (usize, usize) {
        let own = self.documents.get(path);
        let has = own.is_some_and(|slots| slots.get(slot) == Some(&true));
        let count = self.counts.get(slot).copied().unwrap_or_default();
        (count - usize::from(has), self.documents.len() - usize::from(own.is_some()))
    }
}

/// The practice of each template, found out when it is asked for.
pub(super) type Practices = BTreeMap<FilePath, OnceLock<Practice>>;
