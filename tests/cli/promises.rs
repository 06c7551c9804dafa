//! What SECURITY.md promises of the command line: what only tells writes nothing, and what writes says so by its name.

use std::fs;
use std::path::Path;

use traceline_tests::Workspace;
use traceline_tests::command::traceline;

use crate::MISTAKE;

/// Every file and folder below `folder`, with what it holds.
fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        found.push((path.display().to_string(), fs::read(&path).unwrap_or_default()));
        if path.is_dir() {
            found.extend(tree(&path));
        }
    }
    found.sort();
    found
}

#[test]
fn commands_that_tell_write_no_file() {
    let workspace = Workspace::new(MISTAKE);
    let before = tree(workspace.root());
    for line in [
        "check",
        "check --format json",
        "check --format sarif",
        "check --format github",
        "check --format concise",
        "check --statistics",
        "check --watch",
        "check --fix --dry-run",
        "check --fix --suggested --dry-run",
        "matrix",
        "matrix --format html",
        "inspect specs/login/spec.md",
        "inspect specs/login/tasks.md:2 --format json",
        "show FR-1.1",
        "list",
        "trace FR-1.1",
        "rename FR-1.1 FR-2 --dry-run",
        "renumber FR-1.1 --dry-run",
        "split FR-1.1 --into FR-1.1 FR-1.2 --dry-run",
        "retire FR-1.1 --dry-run",
        "review",
        "review --all --dry-run",
        "explain",
        "explain unknown-requirement",
        "config schema",
        "config settings",
        "init",
        "completions bash",
        "man",
        "--version",
        "help",
    ] {
        let outcome = traceline(workspace.root(), line.split(' '));
        assert!(outcome.code() < 2, "{line}: {outcome:#?}");
        assert!(before == tree(workspace.root()), "traceline {line} wrote something");
    }
}

#[test]
fn commands_that_write_add_what_they_name_and_change_nothing() {
    for (line, written) in [
        ("init --write", "traceline.toml"),
        ("new plan specs/login", "specs/login/plan.md"),
        ("new feature Payment", "payment"),
        ("man pages", "pages"),
        ("check --write-baseline", "traceline-baseline.json"),
        ("review --all", "traceline-review.lock"),
        ("review FR-1.1", "traceline-review.lock"),
        ("check --fail-on error --output sarif=a.sarif", "a.sarif"),
        ("matrix --output html=a.html", "a.html"),
    ] {
        let workspace = Workspace::new(MISTAKE);
        let before = tree(workspace.root());
        let outcome = traceline(workspace.root(), line.split(' '));
        assert_eq!(outcome.code(), 0, "{line}: {outcome:#?}");
        let after = tree(workspace.root());
        assert!(before.iter().all(|it| after.contains(it)), "traceline {line} changed what was there");
        let new: Vec<_> = after.iter().filter(|it| !before.contains(it)).map(|(path, _)| path).collect();
        assert!(!new.is_empty(), "traceline {line} wrote nothing");
        assert!(new.iter().all(|path| path.replace('\\', "/").contains(written)), "traceline {line} wrote {new:?}");
    }
}
