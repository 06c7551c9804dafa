//! The workspace of a command: its root, its files, and the world that they make.

use super::progress::Progress;
use super::stdin::OpenDocument;
use crate::config::{ConfigFile, Configs, Problem, Told};
use crate::disk::{self, Listed, Selection, Unread};
use crate::file_store;
use crate::paths;
use crate::places;
use anyhow::{Context as _, Error, Result, anyhow, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use traceline_engine::dialect::Dialect;
use traceline_engine::path::FilePath;
use traceline_engine::scope::Layout;
use traceline_engine::settings::Settings;
use traceline_engine::world::{Closed, Snapshot, World};

/// What a command works on.
pub(super) struct Workspace {
    /// The folder that all is said from; the empty path where what was named lies on several drives.
    pub(super) root: FilePath,
    /// The root on disk, where there is one.
    pub(super) folder: Option<PathBuf>,
    /// The folders on disk that all lies in, one for each drive.
    pub(super) roots: Vec<PathBuf>,
    /// The files and folders that were named, each with its words, or the current folder.
    pub(super) named: Vec<Named>,
    /// The files that were asked for, in order; others were read only because ids are looked up in them.
    pub(super) asked: Vec<FilePath>,
    /// All files that are read, in order.
    pub(super) all: Vec<FilePath>,
    pub(super) snapshot: Snapshot,
    /// What the snapshot is one of. The process ends with it: to give back each thing of a large one would take a while, and
    /// nobody has anything of that.
    pub(super) world: ManuallyDrop<World>,
    /// Files that were asked for and not read.
    pub(super) unread: Vec<(FilePath, Unread)>,
    pub(super) configs: Configs,
    /// What was named and cannot be read, in words.
    pub(super) failed: Vec<Error>,
    /// Files that were found and have no name that could be said.
    pub(super) unspeakable: Vec<PathBuf>,
}

impl Workspace {
    /// Whether `path` was named, or lies in a folder that was.
    pub(super) fn names(&self, path: &FilePath) -> bool {
        self.named.iter().any(|named| path.is_within(named.path.as_str()))
    }

    /// What is known if everything is read once more, with these texts in the place of what some files say.
    pub(super) fn read_anew(&self, texts: &BTreeMap<&FilePath, &str>) -> Snapshot {
        let roots = self.roots.iter().filter_map(|root| paths::decode(root)).collect();
        let mut world = begun(roots, &self.configs, &self.all);
        let on_disk: Vec<FilePath> = self.all.iter().filter(|path| !texts.contains_key(path)).cloned().collect();
        read_files(&mut world, &on_disk, &Progress::new(false));
        for (path, text) in texts {
            let now = world.snapshot();
            let closed = Closed::read_at(text, path, now.layout(), now.dialect());
            drop(now);
            world.put(path, closed);
        }
        world.settle();
        world.snapshot()
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

/// Reads what `paths` hold, and beside it the project that they lie in as far as the root holds it, so that they are judged as
/// the whole is. Where no folder says that a project begins there, that is what their ids may be defined in: the folders above
/// them up to the root. The root is the current folder, or the path itself where it lies elsewhere. What cannot be read is told
/// of, and the rest is read.
pub(super) fn read(paths: &[PathBuf]) -> Result<Workspace> {
    read_with(paths, |_, _| Ok(()))
}

/// The same, where `adjust` is given the root on disk and may change what is configured.
pub(super) fn read_with(
    paths: &[PathBuf],
    adjust: impl FnOnce(Option<&Path>, &mut Configs) -> Result<()>,
) -> Result<Workspace> {
    read_showing(Places::of(paths)?, None, &Progress::new(false), adjust)
}

/// The same of places that were found, where a document may be open, whose text then counts and not its file; how far it has
/// come is shown.
pub(super) fn read_showing(
    places: Places,
    open: Option<&OpenDocument>,
    progress: &Progress,
    adjust: impl FnOnce(Option<&Path>, &mut Configs) -> Result<()>,
) -> Result<Workspace> {
    let Places { named, roots, failed } = places;
    let root_paths: Vec<FilePath> = roots.iter().filter_map(|root| paths::decode(root)).collect();
    let mut configs = Configs::of_roots(&roots);
    let folder = if let [only] = &roots[..] { Some(only.clone()) } else { None };
    adjust(folder.as_deref(), &mut configs)?;
    for named in &named {
        let path = paths::encode(&named.path);
        configs.add_above(root_above(&roots, &path), &path);
    }
    let Files { asked, all, unspeakable } = list(&named, &roots, &mut configs);
    let mut world = begun(root_paths.clone(), &configs, &all);
    let opened = open.and_then(|open| Some((paths::decode(&open.path)?, open)));
    let is_closed = |path: &&FilePath| opened.as_ref().is_none_or(|(open, _)| open != *path);
    let closed: Vec<FilePath> = all.iter().filter(is_closed).cloned().collect();
    let unread = read_files(&mut world, &closed, progress);
    if let Some((path, open)) = opened {
        world.open(&path, 1, &open.text);
    }
    world.settle();
    let root = match &root_paths[..] {
        [only] => only.clone(),
        _ => FilePath::new(""),
    };
    let snapshot = world.snapshot();
    let world = ManuallyDrop::new(world);
    Ok(Workspace { root, folder, roots, named, asked, all, snapshot, world, unread, configs, failed, unspeakable })
}

/// A world that expects `all` files, of which none is read yet.
fn begun(roots: Vec<FilePath>, configs: &Configs, all: &[FilePath]) -> World {
    let layout = Layout::new(roots).with_homes(configs.dialects());
    let mut world = World::of(layout, configs.settings(&Settings::default()));
    world.set_places(Arc::new(places::Places::default()));
    world.expect_all(all);
    world
}

/// Reads `paths` from disk and puts them where they belong in `world`. Returns those that were not read, in order.
pub(super) fn read_files(world: &mut World, paths: &[FilePath], progress: &Progress) -> Vec<(FilePath, Unread)> {
    progress.begin("reading", paths.len());
    // No snapshot is kept meanwhile: the world would be copied, stretch by stretch.
    let now = world.snapshot();
    let (layout, dialect) = (Arc::clone(now.layout()), Arc::clone(now.dialect()));
    drop(now);
    let mut unread = Vec::new();
    file_store::read_each(paths, &layout, &dialect, |path, read| {
        progress.advance();
        match read {
            Ok(closed) => world.put(path, closed),
            Err(why) => {
                world.remove(path);
                unread.push((path.clone(), why));
            }
        }
    });
    unread.sort_by(|a, b| a.0.cmp(&b.0));
    unread
}

/// What was named, and the folders that it is told from.
pub(super) struct Places {
    named: Vec<Named>,
    pub(super) roots: Vec<PathBuf>,
    /// What cannot be read, in words.
    failed: Vec<Error>,
}

impl Places {
    /// Finds `paths`, or the current folder where there are none. Some of them may not be there, but not all.
    pub(super) fn of(paths: &[PathBuf]) -> Result<Self> {
        let here = here()?;
        let (mut named, mut failed) = (Vec::new(), Vec::new());
        for path in if paths.is_empty() { std::slice::from_ref(&here) } else { paths } {
            match find(path) {
                Ok(mut found) => {
                    if paths.is_empty() {
                        found.words = "the current folder".into();
                    }
                    named.push(found);
                }
                Err(error) => failed.push(error),
            }
        }
        if named.is_empty() {
            let last = failed.pop().context("there is nothing to read")?;
            failed.iter().for_each(tell);
            return Err(last);
        }
        Ok(Self { roots: roots_of(&named, &here), named, failed })
    }

    /// The folders in which changes count: the roots and, as those leave it out, what is ignored and was named all the same.
    pub(super) fn watched(&self, configs: &Configs) -> Vec<PathBuf> {
        let selection = configs.selection();
        let ignored = self.named.iter().filter_map(|named| {
            let path = paths::encode(&named.path);
            let folder = if named.is_folder { &*path } else { path.parent()? };
            let root = root_above(&self.roots, folder);
            (!Listed::of(root, &selection).enters(folder)).then(|| folder.to_path_buf())
        });
        self.roots.iter().cloned().chain(ignored).collect()
    }

    /// The place of an open document.
    pub(super) fn of_open(open: &OpenDocument) -> Result<Self> {
        let path = paths::decode(&open.path).context("its path is not Unicode")?;
        let named = vec![Named { words: open.words.clone(), path, is_folder: false }];
        Ok(Self { roots: roots_of(&named, &here()?), named, failed: Vec::new() })
    }
}

fn here() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    Ok(paths::whole(&here).unwrap_or(here))
}

/// The root that `path` is in.
fn root_above<'r>(roots: &'r [PathBuf], path: &Path) -> &'r Path {
    roots.iter().find(|root| path.starts_with(root)).map_or(Path::new(""), PathBuf::as_path)
}

/// Which files there are, each part sorted.
pub(super) struct Files {
    pub(super) asked: Vec<FilePath>,
    /// With those that are read only because ids are looked up in them.
    pub(super) all: Vec<FilePath>,
    pub(super) unspeakable: Vec<PathBuf>,
}

/// The files of what was named, and around it; the configuration files that were found on the way are added.
pub(super) fn list(named: &[Named], roots: &[PathBuf], configs: &mut Configs) -> Files {
    let (mut asked, mut unspeakable) = (Vec::new(), Vec::new());
    for named in named {
        let path = &*paths::encode(&named.path);
        let root = root_above(roots, path);
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
    let mut wholes: BTreeSet<(&Path, PathBuf)> = BTreeSet::new();
    for named in named {
        let path = paths::encode(&named.path);
        let root = root_above(roots, &path);
        all.extend(around(&path, root, configs));
        wholes.extend(project_of(&path, root).map(|folder| (root, folder)));
    }
    for (root, folder) in wholes {
        let found = configs.list(root, &folder).files;
        let listed = Listed::of(root, &configs.selection());
        all.extend(found.into_iter().filter(|file| folder == root || listed.holds(&paths::encode(file))));
    }
    all.sort();
    all.dedup();
    Files { asked, all, unspeakable }
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
fn roots_of(named: &[Named], here: &Path) -> Vec<PathBuf> {
    let wanted: Vec<PathBuf> = named.iter().map(|named| paths::encode(&named.path).into_owned()).collect();
    if wanted.iter().all(|path| path.starts_with(here)) {
        return vec![here.to_path_buf()];
    }
    let mut roots: Vec<PathBuf> = Vec::new();
    for (path, named) in wanted.iter().zip(named) {
        let folder = if named.is_folder { path } else { path.parent().unwrap_or(path) };
        let common = |root: &PathBuf| root.ancestors().find(|above| folder.starts_with(above)).map(Path::to_path_buf);
        match roots.iter_mut().find_map(|root| Some((common(root)?, root))) {
            Some((common, root)) => *root = common,
            None => roots.push(folder.to_path_buf()),
        }
    }
    roots
}

/// The folder of the project that `path` lies in, as far as `root` holds it: what its other features define tells how sure a
/// finding is. None where nothing says where the project begins: `root` may hold anything.
fn project_of(path: &Path, root: &Path) -> Option<PathBuf> {
    const MARKS: [&str; 2] = [".git", "traceline.toml"];
    let above = path.ancestors().find(|folder| MARKS.iter().any(|mark| folder.join(mark).exists()))?;
    let folder = if above.starts_with(root) { above } else { root };
    (folder != path).then(|| folder.to_path_buf())
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
