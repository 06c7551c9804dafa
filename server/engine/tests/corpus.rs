//! Over real files: opening one changes nothing that is understood of it.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use traceline_engine::dialect::Dialect;
use traceline_engine::export::inspect;
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::settings::Settings;
use traceline_engine::text::Encoding;
use traceline_engine::world::{Closed, World};

fn corpus() -> Option<PathBuf> {
    let set = std::env::var_os("TRACELINE_CORPUS").map(PathBuf::from);
    let folder = set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    if !folder.is_dir() {
        println!("skipped corpus: {} is not there (set TRACELINE_CORPUS)", folder.display());
        return None;
    }
    Some(folder)
}

/// The path as the engine writes it, on Windows too.
fn written(path: &Path) -> FilePath {
    FilePath::new(&path.to_str().unwrap().replace(std::path::MAIN_SEPARATOR, "/"))
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

/// FNV-1a: the list must not change with the compiler's own hasher.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What each repository's check finds, as one line for each rule: repository, rule, level, count, and a hash of the places.
fn found_in(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let root = written(folder);
    let mut world = World::new(vec![root.clone()], Settings::default());
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let path = written(&path);
        let (home, relative) = (Dialect::home(), path.relative_to(root.as_str()));
        world.put(&path, Closed::read(&text, home.at(relative), home.role_of(relative)));
    }
    let snapshot = world.snapshot();
    let mut found: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for path in snapshot.files() {
        let view = snapshot.view(path).unwrap();
        for finding in rule::check(&snapshot, path) {
            let line = view.position(finding.span.start, Encoding::Utf16).line + 1;
            let place = format!("{}:{line}:{}", path.relative_to(root.as_str()), finding.message);
            found.entry((finding.rule.name, finding.level.as_str())).or_default().push(place);
        }
    }
    let name = folder.file_name().unwrap().to_str().unwrap();
    found
        .into_iter()
        .map(|((rule, level), mut places)| {
            places.sort();
            format!("{name}\t{rule}\t{level}\t{}\t{:016x}", places.len(), hash(&places.join("\n")))
        })
        .collect()
}

/// The reviewed list: a line that was not looked at must not get in. `UPDATE_REVIEWED=1` keeps the verdicts of lines that
/// stay, and marks the others to be looked at.
#[test]
fn real_files_have_the_findings_that_were_looked_at() {
    let Some(folder) = corpus() else { return };
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    let found: Vec<String> = folders.iter().flat_map(|folder| found_in(folder)).collect();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reviewed.tsv");
    let reviewed = std::fs::read_to_string(&list).unwrap_or_default();
    let verdicts: BTreeMap<&str, &str> = reviewed.lines().filter_map(|line| line.rsplit_once('\t')).collect();
    if std::env::var_os("UPDATE_REVIEWED").is_some() {
        let lines = found.iter().map(|line| format!("{line}\t{}\n", verdicts.get(line.as_str()).unwrap_or(&"LOOK")));
        std::fs::write(&list, lines.collect::<String>()).unwrap();
        return;
    }
    let known: Vec<&str> = verdicts.keys().copied().collect();
    let mut now: Vec<&str> = found.iter().map(String::as_str).collect();
    now.sort_unstable();
    assert_eq!(now, known, "look at what is new, then UPDATE_REVIEWED=1 and write the verdict");
    assert!(verdicts.values().all(|verdict| *verdict != "LOOK"), "each line has been looked at");
}

#[test]
fn an_open_file_says_what_it_says_closed() {
    let Some(folder) = corpus() else { return };
    let mut found = Vec::new();
    files(&folder, &mut found);
    let root = written(&folder);
    let mut world = World::new(vec![root.clone()], Settings::default());
    let mut texts = Vec::new();
    for path in found {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let path = written(&path);
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
