//! Scopes: which folder a file's ids belong to, and where an id is looked for when the feature does not define it.

use crate::dialect::{Dialect, FormOf, Role, is_same_name};
use crate::path::{FilePath, is_within};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// Workspace folders and the folders in them that hold a specification: from these follows every file's scope.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    roots: Vec<FilePath>,
    /// Folders with dialects of their own.
    homes: Vec<(FilePath, Arc<Dialect>)>,
    /// How many files of the spec role each folder holds.
    specs: BTreeMap<FilePath, u32>,
}

/// Where a change and what it changes lie.
#[derive(Clone, Debug)]
pub struct Change {
    /// The folder of its own specifications: `changes/hash/specs`.
    pub specs: FilePath,
    /// The file that says what it is about: `changes/hash/proposal.md`.
    pub proposal: Option<FilePath>,
    /// The folder of the specification that it is made to: `specs/login`.
    pub base: FilePath,
    /// The folder of all such specifications: `specs`.
    pub bases: FilePath,
}

impl Layout {
    /// The layout of workspace folders without any file.
    #[must_use]
    pub fn new(roots: Vec<FilePath>) -> Self {
        Self { roots, ..Self::default() }
    }

    /// The same with folders that have a home dialect of their own.
    #[must_use]
    pub fn with_homes(self, homes: Vec<(FilePath, Arc<Dialect>)>) -> Self {
        Self { homes, ..self }
    }

    /// The home dialect of the file or folder at `path`: that of the nearest folder with its own, else `home`.
    #[must_use]
    pub fn home_of<'a>(&'a self, path: &FilePath, home: &'a Arc<Dialect>) -> &'a Arc<Dialect> {
        let above = self.homes.iter().filter(|(folder, _)| path.is_within(folder.as_str()));
        above.max_by_key(|(folder, _)| folder.as_str().len()).map_or(home, |(_, own)| own)
    }

    /// All home dialects, where `home` is that of most folders.
    pub fn homes<'a>(&'a self, home: &'a Arc<Dialect>) -> impl Iterator<Item = &'a Arc<Dialect>> {
        std::iter::once(home).chain(self.homes.iter().map(|(_, own)| own))
    }

    /// The workspace folders.
    #[must_use]
    pub fn roots(&self) -> &[FilePath] {
        &self.roots
    }

    /// The workspace folder that holds `path`, the innermost where they nest.
    #[must_use]
    pub fn root_of(&self, path: &FilePath) -> Option<&FilePath> {
        self.roots.iter().filter(|root| path.is_within(root.as_str())).max_by_key(|root| root.as_str().len())
    }

    /// The role of the file at `path`.
    #[must_use]
    pub fn role_of(&self, path: &FilePath, home: &Arc<Dialect>) -> Role {
        self.home_of(path, home).role_of(self.root_of(path).map_or(path.name(), |root| path.relative_to(root.as_str())))
    }

    /// The dialect that the file at `path` is read in.
    #[must_use]
    pub fn dialect_of<'a>(&'a self, path: &FilePath, home: &'a Arc<Dialect>) -> &'a Arc<Dialect> {
        self.home_of(path, home).at(self.root_of(path).map_or(path.name(), |root| path.relative_to(root.as_str())))
    }

    /// What the template at `path` is the template of; nothing where it is none that a workspace keeps for its documents.
    #[must_use]
    pub fn forms_at(&self, path: &FilePath, home: &Arc<Dialect>) -> Vec<FormOf> {
        let Some(root) = self.root_of(path) else { return Vec::new() };
        self.home_of(path, home).forms_at(path.relative_to(root.as_str()))
    }

    /// The folder whose specification the file at `path` is, or is a part of: `docs` for `docs/requirements/nfr/index.md`,
    /// which states requirements for its folder's name alone.
    fn specified_by(&self, path: &FilePath, home: &Arc<Dialect>) -> FilePath {
        let home = self.home_of(path, home);
        let dialect = self.dialect_of(path, home);
        let root = self.root_of(path);
        let (relative, own) = (root.map_or(path.name(), |root| path.relative_to(root.as_str())), path.folder());
        if dialect.has_role(Role::Spec, path.name()) {
            return own;
        }
        let parts = &dialect.table.scope.parts;
        let folders: Vec<&str> = relative.split('/').rev().skip(1).collect();
        let Some(innermost) = folders.iter().position(|name| parts.iter().any(|part| is_same_name(part, name))) else {
            return own;
        };
        let run =
            folders[innermost..].iter().take_while(|name| parts.iter().any(|part| is_same_name(part, name))).count();
        let depth = innermost + run - 1;
        let above = path.ancestors().nth(depth + 1).map_or_else(String::new, String::from);
        FilePath::new(&above)
    }

    /// Notes a file of the spec role. Returns the folder whose files may now belong to another scope.
    pub fn add_spec(&mut self, path: &FilePath, home: &Arc<Dialect>) -> Option<FilePath> {
        let folder = self.specified_by(path, home);
        let count = self.specs.entry(folder.clone()).or_default();
        *count += 1;
        (*count == 1).then_some(folder)
    }

    /// Forgets a file of the spec role. Returns the folder whose files may now belong to another scope.
    pub fn remove_spec(&mut self, path: &FilePath, home: &Arc<Dialect>) -> Option<FilePath> {
        let folder = self.specified_by(path, home);
        let count = self.specs.get_mut(&folder)?;
        *count -= 1;
        if *count > 0 {
            return None;
        }
        self.specs.remove(&folder);
        Some(folder)
    }

    /// The scope of the file at `path`: the nearest folder above it that holds a specification, else its workspace
    /// folder, else its own folder. Folders such as `checklists/` belong to the one above them.
    #[must_use]
    pub fn scope_of(&self, path: &FilePath, home: &Arc<Dialect>) -> FilePath {
        let dialect = self.home_of(path, home);
        let root = self.root_of(path);
        let inside = |folder: &str| {
            let name = folder.rsplit('/').next().unwrap_or(folder);
            dialect.table.scope.inside.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        for folder in path.ancestors() {
            if root.is_some_and(|root| !is_within(folder, root.as_str())) {
                break;
            }
            // One path for all files of a scope.
            if let Some((own, _)) = self.specs.get_key_value(folder)
                && !inside(folder)
            {
                return own.clone();
            }
            if root.is_none() {
                break;
            }
        }
        root.cloned().unwrap_or_else(|| path.folder())
    }

    /// The folder of the specification that the change in `scope` is made to, if it holds one.
    #[must_use]
    pub fn base_of(&self, scope: &FilePath, home: &Arc<Dialect>) -> Option<FilePath> {
        self.change_at(scope, home).map(|change| change.base).filter(|base| self.specs.contains_key(base))
    }

    /// The same where it holds none, though other specifications lie beside it.
    #[must_use]
    pub fn missing_base_of(&self, scope: &FilePath, home: &Arc<Dialect>) -> Option<FilePath> {
        let change = self.change_at(scope, home)?;
        let beside = self.has_spec_below(&change.bases);
        (beside && !self.specs.contains_key(&change.base) && change.base != change.bases).then_some(change.base)
    }

    /// Whether a file of the spec role lies below `folder`.
    #[must_use]
    pub fn has_spec_below(&self, folder: &FilePath) -> bool {
        let from = (Bound::Included(folder.clone()), Bound::Unbounded);
        let mut behind = self.specs.range::<FilePath, _>(from).map(|(spec, _)| spec);
        let mut near = behind.by_ref().take_while(|spec| spec.as_str().starts_with(folder.as_str()));
        near.any(|spec| spec.is_within(folder.as_str()))
    }

    /// The change whose part lies in `folder`: a folder of its specifications, or one in it.
    #[must_use]
    pub fn change_at(&self, folder: &FilePath, home: &Arc<Dialect>) -> Option<Change> {
        let root = self.root_of(folder)?;
        let relative = folder.relative_to(root.as_str());
        let dialect = self.home_of(folder, home).at(relative);
        let base = dialect.table.scope.base.as_ref()?;
        let parts: Vec<&str> = relative.split('/').collect();
        let from: Vec<&str> = base.from.split('/').collect();
        let fits = |window: &[&str]| window.iter().zip(&from).all(|(part, wanted)| *wanted == "*" || part == wanted);
        let at = parts.windows(from.len()).position(fits)?;
        let (before, whole) = (&parts[..at], &parts[..at + from.len()]);
        let path = |parts: &[&str]| FilePath::new(&[&[root.as_str()], parts].concat().join("/"));
        let bases = [before, &[base.to.as_str()]].concat();
        Some(Change {
            specs: path(whole),
            proposal: base.proposal.as_ref().map(|name| path(&[&parts[..at + from.len() - 1], &[name]].concat())),
            base: path(&[&bases, &parts[at + from.len()..]].concat()),
            bases: path(&bases),
        })
    }

    /// Whether `scope` is a change, or a specification that changes are made to.
    #[must_use]
    pub fn is_of_changes(&self, scope: &FilePath, home: &Arc<Dialect>) -> bool {
        self.is_base(scope, home) || self.change_at(scope, home).is_some()
    }

    /// The change that the file at `path` proposes.
    #[must_use]
    pub fn change_proposed_by(&self, path: &FilePath, home: &Arc<Dialect>) -> Option<Change> {
        let dialect = self.dialect_of(path, home);
        let own = dialect.table.scope.base.as_ref()?.from.rsplit('/').next()?;
        let folder = FilePath::new(&format!("{}/{own}", path.folder()));
        self.change_at(&folder, home).filter(|change| change.specs == folder && change.proposal.as_ref() == Some(path))
    }

    /// Whether `scope` lies where a change's base would: changes may be made to its specification.
    #[must_use]
    pub fn is_base(&self, scope: &FilePath, home: &Arc<Dialect>) -> bool {
        let Some(root) = self.root_of(scope) else { return false };
        let relative = scope.relative_to(root.as_str());
        let dialect = self.home_of(scope, home).at(relative);
        let Some(base) = &dialect.table.scope.base else { return false };
        // A change that was put away is none, wherever its archive is.
        if dialect.table.scope.is_archived(relative) {
            return false;
        }
        let parts: Vec<&str> = relative.split('/').collect();
        let to: Vec<&str> = base.to.split('/').collect();
        // The first folder of a change's own path, below which nothing is a base.
        let change = base.from.split('/').next().unwrap_or_default();
        let under = parts.windows(to.len()).position(|window| window == to);
        under.is_some_and(|at| parts.len() > at + to.len()) && !parts.contains(&change)
    }

    /// Whether ids of `scope` are looked for in `folder`: what [`Layout::lookup_chain`] holds, mostly without making it.
    #[must_use]
    pub fn looks_in(&self, scope: &FilePath, folder: &FilePath, home: &Arc<Dialect>) -> bool {
        let Some(root) = self.root_of(scope) else { return self.lookup_chain(scope, home).contains(folder) };
        let above = is_within(scope.as_str(), folder.as_str()) && is_within(folder.as_str(), root.as_str());
        scope == folder
            || above && (self.specs.contains_key(folder) || folder == root)
            || self.lookup_chain(scope, home).contains(folder)
    }

    /// Where ids of `scope` are looked for, nearest first: the scope itself, then at each folder above it the dialect's
    /// outward folders and the folder itself, up to the workspace folder.
    #[must_use]
    pub fn lookup_chain(&self, scope: &FilePath, home: &Arc<Dialect>) -> Vec<FilePath> {
        let dialect = self.home_of(scope, home);
        let mut chain = vec![scope.clone()];
        chain.extend(self.base_of(scope, home));
        let Some(root) = self.root_of(scope) else { return chain };
        let above = scope.ancestors().take_while(|folder| is_within(folder, root.as_str()));
        let start = std::iter::once(scope.as_str()).filter(|scope| *scope == root.as_str());
        let mut beside = String::new();
        for folder in start.chain(above) {
            let is_new = |chain: &[FilePath], folder: &str| !chain.iter().any(|known| known.as_str() == folder);
            for name in &dialect.table.scope.outward {
                beside.clear();
                beside.push_str(folder.trim_end_matches('/'));
                beside.push('/');
                beside.push_str(name);
                if self.specs.contains_key(beside.as_str()) && is_new(&chain, &beside) {
                    chain.push(FilePath::new(&beside));
                }
            }
            if (self.specs.contains_key(folder) || folder == root.as_str()) && is_new(&chain, folder) {
                chain.push(FilePath::new(folder));
            }
        }
        chain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(specs: &[&str]) -> Layout {
        let mut layout = Layout::new(vec![FilePath::new("/w")]);
        for spec in specs {
            layout.add_spec(&FilePath::new(spec), &Dialect::home());
        }
        layout
    }

    #[test]
    fn a_file_belongs_to_the_nearest_folder_with_a_spec() {
        let layout = layout(&["/w/specs/a/spec.md", "/w/docs/prd.md"]);
        let scope = |path: &str| layout.scope_of(&FilePath::new(path), &Dialect::home()).to_string();
        assert_eq!(scope("/w/specs/a/plan.md"), "/w/specs/a");
        assert_eq!(scope("/w/specs/a/checklists/ux.md"), "/w/specs/a");
        assert_eq!(scope("/w/specs/a/deep/notes.md"), "/w/specs/a");
        assert_eq!(scope("/w/specs/b/plan.md"), "/w");
        assert_eq!(scope("/elsewhere/x/plan.md"), "/elsewhere/x");
        assert_eq!(scope("untitled:1"), "");
    }

    #[test]
    fn ids_are_looked_for_outwards() {
        let layout = layout(&["/w/specs/a/spec.md", "/w/docs/prd.md", "/w/specs/b/spec.md"]);
        let chain = layout.lookup_chain(&FilePath::new("/w/specs/a"), &Dialect::home());
        assert_eq!(chain.iter().map(FilePath::as_str).collect::<Vec<_>>(), ["/w/specs/a", "/w/docs", "/w"]);
    }

    #[test]
    fn a_scope_ends_with_its_last_spec() {
        let mut layout = layout(&["/w/a/spec.md"]);
        let home = Dialect::home();
        assert_eq!(layout.add_spec(&FilePath::new("/w/a/requirements.md"), &home), None);
        assert_eq!(layout.remove_spec(&FilePath::new("/w/a/spec.md"), &home), None);
        assert_eq!(layout.remove_spec(&FilePath::new("/w/a/requirements.md"), &home), Some(FilePath::new("/w/a")));
    }

    #[test]
    fn parts_of_a_specification_belong_to_the_folder_above_them() {
        let layout = layout(&[
            "/w/docs/requirements/nfr/index.md",
            "/w/docs/requirements/functional/index.md",
            "/w/requirements/pay/spec.md",
            "/w/specs/a/requirements/errors.md",
        ]);
        let scope = |path: &str| layout.scope_of(&FilePath::new(path), &Dialect::home()).to_string();
        assert_eq!(scope("/w/docs/requirements/nfr/index.md"), "/w/docs");
        assert_eq!(scope("/w/docs/tasks.md"), "/w/docs");
        assert_eq!(scope("/w/requirements/pay/tasks.md"), "/w/requirements/pay", "a feature by its file's name");
        assert_eq!(scope("/w/specs/a/tasks.md"), "/w/specs/a");
    }
}
