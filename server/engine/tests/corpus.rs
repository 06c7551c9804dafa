//! Over real files: opening one changes nothing that is understood of it.

use std::path::{Path, PathBuf};
use traceline_engine::dialect::Dialect;
use traceline_engine::export::inspect;
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::settings::Settings;
use traceline_engine::world::{Closed, World};

fn corpus() -> Option<PathBuf> {
    let set = std::env::var_os("TRACELINE_CORPUS").map(PathBuf::from);
    let folder = set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    if !folder.is_dir() {
        println!("skipped corpus: {} is not there (set TRACELINE_CORPUS)", folder.display());
        return None;
    }
    folder.canonicalize().ok()
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|end| end == "md") {
            out.push(path);
        }
    }
}

#[test]
fn an_open_file_says_what_it_says_closed() {
    let Some(folder) = corpus() else { return };
    let mut found = Vec::new();
    files(&folder, &mut found);
    let root = FilePath::new(folder.to_str().unwrap());
    let mut world = World::new(vec![root.clone()], Settings::default());
    let mut texts = Vec::new();
    for path in found {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let path = FilePath::new(path.to_str().unwrap());
        let (home, relative) = (Dialect::home(), path.relative_to(root.as_str()));
        world.put(&path, Closed::read(&text, home.at(relative), home.role_of(relative)));
        texts.push((path, text));
    }
    assert!(texts.len() > 900, "the corpus has {} files", texts.len());
    let before = world.snapshot();
    for (version, (path, text)) in texts.iter().enumerate() {
        world.open(path, i32::try_from(version).unwrap(), text);
        world.settle();
        let after = world.snapshot();
        let told = |snapshot| serde_json::to_string(&inspect::report(snapshot, path, text)).unwrap();
        assert_eq!(told(&after), told(&before), "{path}");
        assert_eq!(rule::check(&after, path), rule::check(&before, path), "{path}");
        world.close(path);
    }
}
