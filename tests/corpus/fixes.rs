//! `check --fix` over copies of real repositories, as they are and with trace lines spoilt: no finding comes, a second run changes
//! nothing, and what is safe changes nothing that the matrix tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use traceline_tests::command::traceline;
use traceline_tests::{Workspace, places, report};

/// Every file below a folder that is text, by its path from there.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder of the corpus can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(root, &path, out);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let name = path.strip_prefix(root).expect("it lies there").to_string_lossy().replace('\\', "/");
                out.insert(name, text);
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(folder, folder, &mut out);
    out
}

/// The text with its trace lines spoilt, each in one of four ways.
fn spoilt(text: &str) -> String {
    let mut number = 0;
    let spoil = |line: &str| {
        let body = line.trim_end();
        let is_trace = body.contains("equirements: ") && body.ends_with('_') && body.contains(", ");
        if !is_trace {
            return line.to_owned();
        }
        number += 1;
        let end = &line[body.len()..];
        let inner = body.trim_end_matches('_');
        let last = inner.rsplit(", ").next().unwrap_or_default();
        match number % 4 {
            0 => inner.to_lowercase().replace("requirements: ", "Requirements: ") + "_" + end,
            1 => format!("{inner}, {last}_{end}"),
            2 => inner.to_owned() + end,
            _ => body.replacen(", ", " ", 1) + end,
        }
    };
    text.split_inclusive('\n').map(spoil).collect()
}

/// How often each finding is told, without its place.
fn told(root: &Path) -> BTreeMap<[String; 3], usize> {
    let (code, report) = report::check(root, &[]);
    assert!((0..=1).contains(&code), "{}: {code}", root.display());
    let mut out = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        let word = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        // A message may name a line, which moves.
        let message = word("message").chars().filter(|c| !c.is_ascii_digit()).collect();
        *out.entry([word("path"), word("rule"), message]).or_default() += 1;
    }
    out
}

fn matrix(root: &Path) -> Value {
    let outcome = traceline(root, ["matrix", "--format", "json"]);
    assert_eq!(outcome.code(), 0, "{}: {}", root.display(), outcome.stderr);
    outcome.json()
}

/// How the lines of a text end, and the text itself.
fn frame(text: &str) -> (bool, bool, bool, bool) {
    let both = text.matches("\r\n").count();
    (text.starts_with('\u{feff}'), both > 0, both == text.matches('\n').count(), text.ends_with('\n'))
}

/// Mends the copy and holds what comes of it against what was. Returns how many files were changed.
fn hold(name: &str, workspace: &Workspace, more: &[&str]) -> usize {
    let root = workspace.root();
    let (before, findings, rows) = (texts(root), told(root), matrix(root));
    let line = [&["check", "--fix"], more].concat();
    let outcome = traceline(root, &line);
    assert!((0..=1).contains(&outcome.code()), "{name}: {}", outcome.stderr);
    let after = texts(root);
    assert!(before.keys().eq(after.keys()), "{name}: files came or went");
    let changed: Vec<&String> = before.keys().filter(|path| before[*path] != after[*path]).collect();
    for path in &changed {
        assert_eq!(frame(&after[*path]), frame(&before[*path]), "{name} {path}");
    }
    for (finding, count) in told(root) {
        let was = findings.get(&finding).copied().unwrap_or_default();
        assert!(count <= was, "{name} {more:?}: {finding:?} is told {count} times, before {was}: {}", outcome.stderr);
    }
    if more.is_empty() {
        assert!(matrix(root) == rows, "{name}: what is safe changed what serves what: {}", outcome.stderr);
    }
    let again = traceline(root, [&line[..], &["--dry-run"]].concat());
    assert_eq!((again.code(), again.stdout.as_str()), (0, ""), "{name} {more:?}: {}", again.stderr);
    changed.len()
}

fn folders(corpus: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(corpus).expect("the corpus can be read");
    let mut folders: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).filter(|it| it.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn fixes_bring_no_finding_and_a_second_run_changes_nothing() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    let mut changed = [0; 4];
    for (at, folder) in folders(&corpus).iter().enumerate() {
        let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        let real = texts(folder);
        let ways: [(&[&str], bool); 4] =
            [(&[], false), (&["--suggested"], false), (&[], true), (&["--suggested"], true)];
        for (way, (more, spoils)) in ways.into_iter().enumerate() {
            let workspace = Workspace::new("");
            for (path, text) in &real {
                let text = if spoils { spoilt(text) } else { text.clone() };
                // Some as other systems write them.
                let text = if at % 3 == 1 { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text };
                workspace.write(path, text);
            }
            changed[way] += hold(&name, &workspace, more);
        }
    }
    println!("files changed, safe and suggested, as they are and spoilt: {changed:?}");
    assert!(changed[2] > changed[0] && changed[3] >= changed[2], "{changed:?}");
}
