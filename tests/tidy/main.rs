//! The house rules that a compiler does not check.

mod documents;
mod editors;
mod engine;
mod figures;
mod guide;
mod layers;
mod map;
mod modules;
mod promises;
mod sources;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};

use traceline_tests::places;

/// What is made, installed or not ours.
const SKIPPED: [&str; 8] = ["target", "node_modules", ".git", ".cache", ".results", ".venv", "__pycache__", "fixtures"];

/// Every source file of the project with one of these extensions, by its path from the root.
fn files(extensions: &[&str]) -> Vec<(String, String)> {
    let root = places::project();
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let wanted = |path: &PathBuf| {
        let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        extensions.is_empty() || extensions.contains(&extension)
    };
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).expect("it was found below").to_string_lossy().replace('\\', "/");
        // A picture is no text, and holds no words of ours.
        fs::read_to_string(&path).ok().map(|text| (name, text))
    };
    paths.into_iter().filter(wanted).filter_map(read).collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        if SKIPPED.contains(&name.as_str()) || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Lists faults, one per line, or passes.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
