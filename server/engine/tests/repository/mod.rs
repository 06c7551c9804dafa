//! The repositories of the corpus, read as worlds, and what becomes of one when edits are made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use traceline_engine::dialect::Dialect;
use traceline_engine::edit::Proposal;
use traceline_engine::feature::Source;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::settings::Settings;
use traceline_engine::world::{Closed, Snapshot, Trial, World};

/// The folders of the corpus, one for each repository; none, and said so, where it is absent.
pub(crate) fn repositories() -> Vec<PathBuf> {
    let set = std::env::var_os("TRACELINE_CORPUS").map(PathBuf::from);
    let folder = set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped corpus: {} is not there (set TRACELINE_CORPUS)", folder.display());
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

/// The path as the engine writes it, on Windows too.
fn written(path: &Path) -> FilePath {
    FilePath::new(&path.to_str().unwrap().replace(std::path::MAIN_SEPARATOR, "/"))
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|end| end == "md") {
            out.push(path);
        }
    }
}

/// The texts of a repository.
#[derive(Clone, Default)]
pub(crate) struct Texts(pub(crate) BTreeMap<FilePath, String>);

impl Source for Texts {
    fn text(&self, path: &FilePath) -> Option<String> {
        self.0.get(path).cloned()
    }
}

pub(crate) fn read(folder: &Path) -> (World, Texts) {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    paths.sort();
    let root = written(folder);
    let mut world = World::new(vec![root.clone()], Settings::default());
    let mut texts = Texts::default();
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let path = written(&path);
        let (home, relative) = (Dialect::home(), path.relative_to(root.as_str()));
        world.put(&path, Closed::read(&text, home.at(relative), home.role_of(relative)));
        texts.0.insert(path, text);
    }
    (world, texts)
}

/// What there is after a proposal was accepted.
pub(crate) fn accept(snapshot: &Snapshot, texts: &Texts, proposal: &Proposal) -> (Snapshot, Texts) {
    let (mut trial, mut after) = (Trial::of(snapshot), texts.clone());
    for path in proposal.edited_files() {
        let text = proposal.applied_to(path, &texts.0[path]);
        let own = proposal.changes.iter().filter(|change| change.path == *path);
        let edits: Vec<_> =
            own.flat_map(|change| change.edits.iter().map(|edit| (edit.span, edit.text.as_str()))).collect();
        if snapshot.document(path).is_some() {
            trial.edit(path, &edits);
        } else {
            trial.put(path, &text);
        }
        after.0.insert(path.clone(), text);
    }
    (trial.end(), after)
}

/// An id that is nowhere: the last number far behind all others.
pub(crate) fn fresh(id: &Id) -> String {
    let text = id.as_str();
    let letter = text.ends_with(|c: char| c.is_ascii_alphabetic());
    let stem = &text[..text.len() - usize::from(letter)];
    let digits = stem.len() - stem.bytes().rev().take_while(u8::is_ascii_digit).count();
    let number: u32 = stem[digits..].parse().unwrap();
    format!("{}{}", &stem[..digits], 7000 + number % 2000)
}
