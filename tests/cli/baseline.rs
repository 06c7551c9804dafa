//! The baseline: what was found when a team began is not told, until its cause is gone.

use std::fs;
use std::path::Path;

use serde_json::Value;
use traceline_tests::Workspace;
use traceline_tests::command::{Outcome, traceline};
use traceline_tests::places;
use traceline_tests::report::{self, findings, follows_schema};

use crate::{CLEAN, MISTAKE};

const NAME: &str = "traceline-baseline.json";

fn check(root: &Path, line: &str) -> Outcome {
    traceline(root, ["check"].into_iter().chain(line.split_whitespace()))
}

/// What the baseline says that its findings are about.
fn held(workspace: &Workspace, name: &str) -> Vec<String> {
    let text = fs::read_to_string(workspace.path(name)).expect("there is a baseline");
    let file: Value = serde_json::from_str(&text).expect("it is JSON");
    follows_schema("baseline", &file);
    let entries = file["findings"].as_array().expect("it holds findings");
    entries.iter().map(|it| it["about"].as_str().expect("words").to_owned()).collect()
}

#[test]
fn the_baseline_of_a_state_reports_nothing_on_that_state() {
    let workspace = Workspace::new(MISTAKE);
    let outcome = check(workspace.root(), "--write-baseline");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(outcome.stderr.contains("traceline-baseline.json holds 1 finding"), "{outcome:#?}");
    assert!(outcome.stdout.ends_with("; 1 finding more in the baseline\n"), "{outcome:#?}");
    let outcome = check(workspace.root(), "--fail-on hint");
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    let (_, report) = report::check(workspace.root(), &[]);
    assert_eq!((findings(&report).len(), &report["summary"]["baseline"]), (0, &Value::from(1)));
    // Lines that move make nothing new, and a finding more is one.
    let text = workspace.text("specs/login/tasks.md").to_owned();
    workspace.write("specs/login/tasks.md", format!("# Tasks\n\n{text}- [ ] 2. More\n  - _Requirements: FR-9.8_\n"));
    let (code, report) = report::check(workspace.root(), &[]);
    let found = findings(&report);
    assert_eq!((code, found.len()), (1, 1), "{found:#?}");
    assert!(found[0].message.contains("FR-9.8"), "{found:#?}");
}

#[test]
fn over_real_documents() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    let folder = Workspace::new("");
    let mut told = 0;
    for project in fs::read_dir(corpus).expect("the corpus can be read").flatten().filter(|it| it.path().is_dir()) {
        // The corpus is not ours to write into.
        let file = folder.path(&format!("{}.json", project.file_name().to_string_lossy()));
        let with = ["check", "--allow-empty", "--fail-on", "hint", "--baseline"].map(std::ffi::OsStr::new);
        let with: Vec<_> = with.into_iter().chain([file.as_os_str()]).collect();
        let all = [with.clone(), vec![std::ffi::OsStr::new("--write-baseline")]].concat();
        let outcome = traceline(&project.path(), all);
        assert_eq!(outcome.code(), 0, "{outcome:#?}");
        told += usize::from(outcome.stdout.contains("more in the baseline"));
        let outcome = traceline(&project.path(), with);
        assert_eq!((outcome.code(), outcome.stderr.contains("stale")), (0, false), "{outcome:#?}");
        assert!(outcome.stdout.starts_with("nothing"), "{outcome:#?}");
    }
    assert!(told > 5, "{told} projects have findings");
}

#[test]
fn it_only_shrinks_unless_new_findings_are_accepted() {
    let workspace = Workspace::new(MISTAKE);
    let tasks = |ids: &str| {
        workspace.write("specs/login/tasks.md", format!("- [ ] 1. Build it\n  - _Requirements: {ids}_\n"));
    };
    tasks("FR-1.1, FR-9.1, FR-9.2");
    check(workspace.root(), "--write-baseline");
    assert_eq!(held(&workspace, NAME), ["FR-9.1", "FR-9.2"]);
    tasks("FR-1.1, FR-9.2, FR-9.3");
    let outcome = check(workspace.root(), "");
    assert_eq!(outcome.code(), 1, "{outcome:#?}");
    assert!(outcome.stderr.contains("traceline-baseline.json: 1 entry is stale"), "{outcome:#?}");
    let outcome = check(workspace.root(), "--write-baseline");
    assert_eq!((outcome.code(), held(&workspace, NAME)), (1, vec!["FR-9.2".to_owned()]), "{outcome:#?}");
    assert!(outcome.stderr.contains("1 new one") && outcome.stderr.contains("--accept-new"), "{outcome:#?}");
    let outcome = check(workspace.root(), "--write-baseline --accept-new");
    assert_eq!((outcome.code(), held(&workspace, NAME).len()), (0, 2), "{outcome:#?}");
    assert_eq!(check(workspace.root(), "--accept-new").code(), 2, "it says nothing alone");
}

#[test]
fn what_was_not_looked_at_stays() {
    let workspace = Workspace::new(MISTAKE);
    workspace.write("specs/other/spec.md", "- **FR-1**: x\n- **FR-1**: y\n");
    workspace.write("specs/gone/spec.md", "- **FR-1**: x\n- **FR-1**: y\n");
    check(workspace.root(), "--write-baseline");
    assert_eq!(held(&workspace, NAME).len(), 3);
    workspace.write("specs/login/tasks.md", "- [ ] 1. Build it\n  - _Requirements: FR-1.1_\n");
    workspace.remove("specs/gone/spec.md");
    let outcome = check(workspace.root(), "specs/other");
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    check(workspace.root(), "--write-baseline specs/login");
    assert_eq!(held(&workspace, NAME).len(), 2);
    check(workspace.root(), "--write-baseline");
    assert_eq!(held(&workspace, NAME), ["FR-1"]);
}

#[test]
fn what_is_broken_is_one_message_and_nothing_is_overwritten() {
    let workspace = Workspace::new(MISTAKE);
    check(workspace.root(), "--write-baseline");
    let good = fs::read_to_string(workspace.path(NAME)).expect("it was written");
    for (text, words) in [
        ("".to_owned(), "traceline-baseline.json:1:1: this is no baseline"),
        ("{\"version\": 7, \"findings\": []}".into(), "version 7 of a baseline is not known"),
        (good.replace("    {", "<<<<<<< HEAD\n    {"), "traceline-baseline.json:5:1: git has left a conflict"),
        (good.replace("fingerprint", "print"), "unknown field `print`"),
    ] {
        workspace.write(NAME, &text);
        for line in ["", "--write-baseline", "--write-baseline --accept-new", "--baseline traceline-baseline.json"] {
            let outcome = check(workspace.root(), line);
            assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{line}: {outcome:#?}");
            assert_eq!(outcome.stderr.lines().count(), 1, "{line}: {outcome:#?}");
            assert!(outcome.stderr.contains(words), "{line}: {outcome:#?}");
            assert_eq!(fs::read_to_string(workspace.path(NAME)).expect("it is there"), text, "{line}");
        }
    }
    let outcome = check(workspace.root(), "--baseline none.json");
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("none.json cannot be read"), "{outcome:#?}");
    let outcome = check(workspace.root(), "--baseline no/such/folder.json --write-baseline");
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("cannot be written"), "{outcome:#?}");
}

#[test]
fn nothing_is_written_of_what_could_not_be_checked() {
    let workspace = Workspace::new(MISTAKE);
    for (line, toml) in [("--write-baseline no/such/folder specs", ""), ("--write-baseline", "severty = 1\n")] {
        workspace.write("traceline.toml", toml);
        let outcome = check(workspace.root(), line);
        assert_eq!(outcome.code(), 2, "{outcome:#?}");
        assert!(outcome.stderr.contains("the baseline was not written"), "{outcome:#?}");
        assert!(!workspace.path(NAME).exists());
    }
}

#[test]
fn another_file_can_be_named() {
    let workspace = Workspace::new(MISTAKE);
    assert_eq!(check(workspace.root(), "--write-baseline --baseline ci/known.json").code(), 2);
    assert!(!workspace.path("ci/known.json").exists(), "a folder is not made");
    fs::create_dir(workspace.path("ci")).expect("it can be made");
    assert_eq!(check(workspace.root(), "--write-baseline --baseline ci/known.json").code(), 0);
    assert!(!workspace.path(NAME).exists());
    assert_eq!(check(workspace.root(), "").code(), 1);
    assert_eq!(check(workspace.root(), "--baseline ci/known.json").code(), 0);
    let left: Vec<_> = fs::read_dir(workspace.path("ci")).expect("it is there").flatten().collect();
    assert_eq!(left.len(), 1, "nothing half written is left: {left:?}");
}

#[test]
fn a_place_says_that_the_baseline_holds_its_finding() {
    let workspace = Workspace::new(MISTAKE);
    check(workspace.root(), "--write-baseline");
    let place = report::place(workspace.root(), "specs/login/tasks.md:2:30");
    let rule = &place["rules"][0];
    assert_eq!(
        [&rule["rule"], &rule["level"], &rule["by"][0]["kind"]],
        [&"unknown-requirement".into(), &Value::Null, &"baseline".into()]
    );
    let outcome = traceline(workspace.root(), ["inspect", "specs/login/tasks.md:2:30"]);
    assert!(outcome.stdout.contains("baseline: the baseline holds it"), "{outcome:#?}");
}

#[test]
fn an_empty_baseline_takes_nothing_in() {
    let workspace = Workspace::new(CLEAN);
    assert_eq!(check(workspace.root(), "--write-baseline").code(), 0);
    assert_eq!(held(&workspace, NAME), [""; 0]);
    workspace.write("specs/login/tasks.md", "- [ ] 1. Build it\n  - _Requirements: FR-9.9_\n");
    let outcome = check(workspace.root(), "--write-baseline");
    assert_eq!((outcome.code(), held(&workspace, NAME)), (1, vec![]), "{outcome:#?}");
}

#[test]
fn lines_of_two_branches_are_sorted_alike() {
    let workspace = Workspace::new("");
    for feature in ["b", "a"] {
        workspace
            .write(&format!("specs/{feature}/spec.md"), "- **FR-2**: x\n- **FR-2**: y\n- **FR-1**: x\n- **FR-1**: y\n");
    }
    check(workspace.root(), "--write-baseline");
    let text = fs::read_to_string(workspace.path(NAME)).expect("it was written");
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("fingerprint")).collect();
    assert!(lines.len() == 4 && lines.is_sorted(), "{text}");
    assert!(!text.contains('\\') && !text.contains('\r'), "{text}");
}
