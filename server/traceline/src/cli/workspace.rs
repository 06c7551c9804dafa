//! The workspace of a command: its root, its files, and the world that they make.

use crate::config::{ConfigFile, Configs, Problem, Told};
use crate::disk::{self, Listed, Selection, Unread};
use crate::file_store::FileStore;
use crate::paths;
use anyhow::{Context as _, Error, Result, anyhow, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use traceline_engine::dialect::Dialect;
use traceline_engine::path::FilePath;
use traceline_engine::scope::Layout;
use traceline_engine::settings::Settings;
use traceline_engine::world::{Snapshot, World};

/// What a command works on.
pub(super) struct Workspace {
    /// The folder that all is said from; the empty path where what was named lies on several drives.
    pub(super) root: FilePath,
    /// The root on disk, where there is one.
    pub(super) folder: Option<PathBuf>,
    /// The files and folders that were named, each with its words, or the current folder.
    pub(super) named: Vec<Named>,
    /// The files that were asked for, in order; others were read only because ids are looked up in them.
    pub(super) asked: Vec<FilePath>,
    pub(super) snapshot: Snapshot,
    /// Files that were asked for and not read.
    pub(super) unread: Vec<(FilePath, Unread)>,
    pub(super) configs: Configs,
    /// What was named and cannot be read, in words.
    pub(super) failed: Vec<Error>,
    /// Files that were found and have no name that could be said.
    unspeakable: Vec<PathBuf>,
}

impl Workspace {
    /// Whether `path` was named, or lies in a folder that was.
    pub(super) fn names(&self, path: &FilePath) -> bool {
        self.named.iter().any(|named| path.is_within(named.path.as_str()))
    }

    /// Whether something that was named could not be read, or some of the configuration is not in force: a team that mistypes
    /// its settings must not believe that they are.
    pub(super) fn is_incomplete(&self) -> bool {
        let misled = self.configs.told().any(|config| !config.problems.is_empty());
        let explicit = self.unread.iter().any(|(path, _)| self.named.iter().any(|named| named.path == *path));
        explicit || misled || !self.failed.is_empty()
    }
}

/// A file or folder that a command was given.
pub(super) struct Named {
    /// As it was written.
    pub(super) words: String,
    pub(super) path: FilePath,
    pub(super) is_folder: bool,
}

/// Reads what `paths` hold, and beside it only what their ids may be defined in: the folders above them up to the root.
/// The root is the current folder, or the path itself where it lies elsewhere. What cannot be read is told of, and the rest
/// is read.
pub(super) fn read(paths: &[PathBuf]) -> Result<Workspace> {
    read_with(paths, |_, _| Ok(()))
}

/// The same, where `adjust` is given the root on disk and may change what is configured.
pub(super) fn read_with(
    paths: &[PathBuf],
    adjust: impl FnOnce(Option<&Path>, &mut Configs) -> Result<()>,
) -> Result<Workspace> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    let here = paths::whole(&here).unwrap_or(here);
    let mut failed = Vec::new();
    let mut wanted = Vec::new();
    let mut named = Vec::new();
    for path in if paths.is_empty() { std::slice::from_ref(&here) } else { paths } {
        match find(path) {
            Ok(mut found) => {
                if paths.is_empty() {
                    found.words = "the current folder".into();
                }
                wanted.push(paths::encode(&found.path).into_owned());
                named.push(found);
            }
            Err(error) => failed.push(error),
        }
    }
    if wanted.is_empty() {
        let last = failed.pop().context("there is nothing to read")?;
        failed.iter().for_each(tell);
        return Err(last);
    }
    let roots = roots_of(&wanted, &here);
    let root_paths: Vec<FilePath> = roots.iter().filter_map(|root| paths::decode(root)).collect();
    let root_above = |path: &Path| roots.iter().find(|root| path.starts_with(root)).unwrap_or(&here);
    let mut configs = Configs::of_roots(&roots);
    let folder = if let [only] = &roots[..] { Some(only.clone()) } else { None };
    adjust(folder.as_deref(), &mut configs)?;
    wanted.iter().for_each(|path| configs.add_above(root_above(path), path));
    let (mut asked, mut unspeakable) = (Vec::new(), Vec::new());
    for (path, named) in wanted.iter().zip(&named) {
        let root = root_above(path);
        if named.is_folder {
            // A walk from the root heeds its `.gitignore`; a walk from below would not see it.
            let inside = configs.list(root, path);
            let listed = Listed::of(root, &configs.selection());
            unspeakable.extend(inside.unspeakable);
            if listed.enters(path) {
                let files = inside.files.into_iter();
                asked.extend(files.filter(|file| path == root || listed.holds(&paths::encode(file))));
            } else {
                // A folder that is ignored and asked for by name is meant all the same.
                asked.extend(disk::list(path, &Selection::default(), None));
            }
        } else {
            asked.push(named.path.clone());
        }
    }
    asked.sort();
    asked.dedup();
    let mut all = asked.clone();
    wanted.iter().for_each(|path| all.extend(around(path, root_above(path), &configs)));
    all.sort();
    all.dedup();

    let layout = Layout::new(root_paths.clone()).with_homes(configs.dialects());
    let mut world = World::of(layout, configs.settings(&Settings::default()));
    world.expect_all(&all);
    let before = world.snapshot();
    let store = Arc::new(FileStore::default());
    store.fill(&all, before.layout(), before.dialect(), |_| {});
    drop(before);
    let mut unread = Vec::new();
    for (path, result) in store.take() {
        match result {
            Ok(closed) => world.put(&path, closed),
            Err(why) => {
                world.remove(&path);
                unread.push((path, why));
            }
        }
    }
    unread.sort_by(|a, b| a.0.cmp(&b.0));
    world.settle();
    let root = match &root_paths[..] {
        [only] => only.clone(),
        _ => FilePath::new(""),
    };
    Ok(Workspace { root, folder, named, asked, snapshot: world.snapshot(), unread, configs, failed, unspeakable })
}

/// What is at `path`: a folder, or a file that can be read.
fn find(path: &Path) -> Result<Named> {
    let words = path.display().to_string();
    let whole = paths::whole(path).with_context(|| format!("{words} cannot be read"))?;
    let is_folder = whole.is_dir();
    if !is_folder && !disk::is_markdown(&whole) {
        bail!("{words} is no Markdown file");
    }
    let path = paths::decode(&whole).with_context(|| format!("{words} cannot be read: its path is not Unicode"))?;
    Ok(Named { words, path, is_folder })
}

/// The current folder where it holds everything that is wanted; otherwise the folder that does, one for each drive.
fn roots_of(wanted: &[PathBuf], here: &Path) -> Vec<PathBuf> {
    if wanted.iter().all(|path| path.starts_with(here)) {
        return vec![here.to_path_buf()];
    }
    let mut roots: Vec<PathBuf> = Vec::new();
    for path in wanted {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let common = |root: &PathBuf| root.ancestors().find(|above| folder.starts_with(above)).map(Path::to_path_buf);
        match roots.iter_mut().find_map(|root| Some((common(root)?, root))) {
            Some((common, root)) => *root = common,
            None => roots.push(folder.to_path_buf()),
        }
    }
    roots
}

/// The Markdown files beside the folders above `path`, and in their `docs`, where ids are looked up as well.
fn around(path: &Path, root: &Path, configs: &Configs) -> Vec<FilePath> {
    let homes = configs.dialects().into_iter().map(|(_, home)| home);
    let outward: BTreeSet<String> =
        homes.chain([Dialect::home()]).flat_map(|home| home.table.scope.outward.clone()).collect();
    let mut out = Vec::new();
    for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(root)) {
        let selection = Selection::default();
        out.extend(disk::list(folder, &selection, Some(1)));
        for name in &outward {
            out.extend(disk::list(&folder.join(name), &selection, Some(1)));
        }
    }
    out
}

/// Tells on stderr what was not read and what of the configuration is not in force.
pub(super) fn complain(workspace: &Workspace) {
    workspace.failed.iter().for_each(tell);
    let name = |path: &FilePath| path.relative_to(workspace.root.as_str()).to_string();
    for (path, why) in &workspace.unread {
        anstream::eprintln!("traceline: {} was not checked: {why}", name(path));
    }
    for path in &workspace.unspeakable {
        let root = paths::encode(&workspace.root);
        let path = path.strip_prefix(&root).unwrap_or(path);
        anstream::eprintln!("traceline: {} was not checked: {}", paths::spoken(path), disk::UNSPEAKABLE);
    }
    complain_of_configs(workspace);
}

/// Tells on stderr what of the configuration is not in force.
pub(super) fn complain_of_configs(workspace: &Workspace) {
    for told in workspace.configs.told() {
        for problem in told.problems {
            anstream::eprintln!("{}", problem_words(&told, problem, &workspace.root));
        }
    }
}

/// A file that everything rests on, if it can be read.
pub(super) fn whole(told: &Told<'_>, folder: Option<&Path>) -> Result<()> {
    let root = folder.and_then(paths::decode).unwrap_or_else(|| FilePath::new(""));
    match told.problems.first() {
        Some(problem) => Err(anyhow!("{}", problem_words(told, problem, &root))),
        None => Ok(()),
    }
}

/// The lock of reviews, if there is one and it can be read.
pub(super) fn whole_lock(folder: Option<&Path>, configs: &Configs) -> Result<()> {
    let Some(file) = folder.and_then(|folder| configs.reviews(folder)) else { return Ok(()) };
    whole(&Told { path: &file.path, text: &file.text, problems: &file.problems }, folder)
}

/// What is wrong with a file of the configuration, behind its place.
fn problem_words(told: &Told<'_>, problem: &Problem, root: &FilePath) -> String {
    let file = spoken_path(told.path, root);
    let before = &told.text[..problem.span.start.min(told.text.len())];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').map(char::len_utf16).sum::<usize>() + 1;
    format!("{file}:{line}:{column}: {}", problem.message)
}

/// Tells on stderr why something could not be done.
fn tell(error: &Error) {
    anstream::eprintln!("traceline: {error:#}");
}

/// A configuration file's path as a person would say it.
pub(super) fn spoken(config: &ConfigFile, workspace: &Workspace) -> String {
    spoken_path(&config.path, &workspace.root)
}

fn spoken_path(path: &Path, root: &FilePath) -> String {
    let own = paths::decode(path);
    own.map_or_else(|| path.display().to_string(), |path| path.relative_to(root.as_str()).to_string())
}
