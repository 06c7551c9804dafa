//! The workspace of a command: its root, its files, and the world that they make.

use crate::config::{ConfigFile, Configs};
use crate::disk::{self, Listed, Selection, Unread};
use crate::shelf::Shelf;
use anyhow::{Context as _, Result, bail};
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
    pub(super) root: FilePath,
    /// The files that were asked for, in order; others were read only because ids are looked up in them.
    pub(super) asked: Vec<FilePath>,
    pub(super) snapshot: Snapshot,
    /// Files that were asked for and not read.
    pub(super) unread: Vec<(FilePath, Unread)>,
    pub(super) configs: Configs,
}

/// Reads what `paths` hold, and beside it only what their ids may be defined in: the folders above them up to the root.
/// The root is the current folder, or the path itself where it lies elsewhere.
pub(super) fn read(paths: &[PathBuf]) -> Result<Workspace> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    let here = here.canonicalize().unwrap_or(here);
    let mut wanted = Vec::new();
    for path in paths {
        wanted.push(path.canonicalize().with_context(|| format!("{} cannot be read", path.display()))?);
    }
    if wanted.is_empty() {
        wanted.push(here.clone());
    }
    let root = root_of(&wanted, &here);
    let root_path = disk::engine_path(&root).with_context(|| format!("{} is not valid UTF-8", root.display()))?;
    let mut configs = Configs::of_roots(std::slice::from_ref(&root));
    wanted.iter().for_each(|path| configs.add_above(&root, path));
    let mut asked = Vec::new();
    for path in &wanted {
        if path.is_dir() {
            // A walk from the root heeds its `.gitignore`; a walk from below would not see it.
            let inside = configs.list(&root, path);
            let listed = Listed::of(&root, &configs.selection());
            if listed.enters(path) {
                asked.extend(inside.into_iter().filter(|file| path == &root || listed.holds(Path::new(file.as_str()))));
            } else {
                // A folder that is ignored and asked for by name is meant all the same.
                asked.extend(disk::list(path, &Selection::default(), None));
            }
        } else if disk::is_markdown(path) {
            asked.push(disk::engine_path(path).with_context(|| format!("{} is not valid UTF-8", path.display()))?);
        } else {
            bail!("{} is no Markdown file", path.display());
        }
    }
    asked.sort();
    asked.dedup();
    let mut all = asked.clone();
    all.extend(around(&wanted, &root, &configs));
    all.sort();
    all.dedup();

    let layout = Layout::new(vec![root_path.clone()]).with_homes(configs.dialects());
    let mut world = World::of(layout, configs.settings(&Settings::default()));
    for path in &all {
        world.expect(path);
    }
    let before = world.snapshot();
    let shelf = Arc::new(Shelf::default());
    shelf.fill(&all, before.layout(), before.dialect(), |_| {});
    drop(before);
    let mut unread = Vec::new();
    for (path, result) in shelf.take() {
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
    Ok(Workspace { root: root_path, asked, snapshot: world.snapshot(), unread, configs })
}

fn root_of(wanted: &[PathBuf], here: &Path) -> PathBuf {
    if wanted.iter().all(|path| path.starts_with(here)) {
        return here.to_path_buf();
    }
    let folder = |path: &PathBuf| {
        if path.is_dir() { path.clone() } else { path.parent().map_or_else(|| path.clone(), Path::to_path_buf) }
    };
    let mut folders = wanted.iter().map(folder);
    let mut root = folders.next().unwrap_or_else(|| here.to_path_buf());
    for folder in folders {
        while !folder.starts_with(&root) && root.pop() {}
    }
    root
}

/// The Markdown files beside the folders above `wanted`, and in their `docs`, where ids are looked up as well.
fn around(wanted: &[PathBuf], root: &Path, configs: &Configs) -> Vec<FilePath> {
    let homes = configs.dialects().into_iter().map(|(_, home)| home);
    let outward: BTreeSet<String> =
        homes.chain([Dialect::home()]).flat_map(|home| home.table.scope.outward.clone()).collect();
    let mut out = Vec::new();
    for path in wanted {
        let first = if path.is_dir() { path.parent() } else { Some(path.as_path()).and_then(Path::parent) };
        for folder in first.into_iter().flat_map(Path::ancestors).take_while(|folder| folder.starts_with(root)) {
            let selection = Selection::default();
            out.extend(disk::list(folder, &selection, Some(1)));
            for name in &outward {
                out.extend(disk::list(&folder.join(name), &selection, Some(1)));
            }
        }
    }
    out
}

/// Tells on stderr what was not read and what of the configuration is not in force.
pub(super) fn complain(workspace: &Workspace) {
    let name = |path: &FilePath| path.relative_to(workspace.root.as_str()).to_string();
    for (path, why) in &workspace.unread {
        anstream::eprintln!("traceline: {} was not checked: {why}", name(path));
    }
    complain_of_configs(workspace);
}

/// Tells on stderr what of the configuration is not in force.
pub(super) fn complain_of_configs(workspace: &Workspace) {
    for config in workspace.configs.files() {
        let file = spoken(config, workspace);
        for problem in &config.problems {
            let before = &config.text[..problem.span.start.min(config.text.len())];
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').map(char::len_utf16).sum::<usize>() + 1;
            anstream::eprintln!("{file}:{line}:{column}: {}", problem.message);
        }
    }
}

/// A configuration file's path as a person would say it.
pub(super) fn spoken(config: &ConfigFile, workspace: &Workspace) -> String {
    let path = disk::engine_path(&config.path);
    path.map_or_else(|| config.path.display().to_string(), |path| path.relative_to(workspace.root.as_str()).to_string())
}
