//! `traceline check --diff REVISION`: what a change has brought, and what is about requirements that it touches.
//! Wine has no git, so none of this runs there.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use traceline_tests::Workspace;
use traceline_tests::binary::binary;
use traceline_tests::command::{run, traceline};
use traceline_tests::report::{self, findings};
use traceline_tests::repository::Repository;

use crate::MISTAKE;

/// What is told of a change, as messages.
fn told(workspace: &Workspace, revision: &str, more: &[&str]) -> Vec<String> {
    let (_, report) = report::check(workspace.root(), &[&["--diff", revision], more].concat());
    findings(&report).into_iter().map(|it| format!("{}: {}", it.path, it.message)).collect()
}

#[test]
fn only_what_the_change_has_brought_is_told() {
    let workspace = Workspace::new(MISTAKE);
    let repository = Repository::new(workspace.root());
    assert_eq!(told(&workspace, "HEAD", &[]), [""; 0]);
    let (code, report) = report::check(workspace.root(), &["--diff", "HEAD"]);
    assert_eq!((code, &report["summary"]["before"]), (0, &Value::from(1)));
    let outcome = traceline(workspace.root(), ["check", "--diff", "HEAD"]);
    assert!(outcome.stdout.ends_with("; 1 more was there before\n"), "{outcome:#?}");
    // Neither moved lines nor another document make the old one new.
    let text = workspace.text("specs/login/tasks.md").to_owned();
    workspace.write("specs/login/tasks.md", format!("# Tasks\n\n{text}- [ ] 2. More\n  - _Requirements: FR-9.8_\n"));
    let new = ["specs/login/tasks.md: `FR-9.8` is not defined in specs/login"];
    assert_eq!(told(&workspace, "HEAD", &[]), new, "it is not committed");
    repository.git(&["add", "--all"]);
    assert_eq!(told(&workspace, "HEAD", &[]), new, "it is staged");
    repository.commit("more");
    assert_eq!(told(&workspace, "HEAD~1", &[]), new, "it is committed");
    assert_eq!(told(&workspace, "HEAD", &[]), [""; 0]);
    assert_eq!(told(&workspace, "HEAD~1", &["specs/login"]), new);
    assert_eq!(told(&workspace, "HEAD~1", &["specs/login/spec.md"]), [""; 0]);
}

#[test]
fn what_a_change_breaks_elsewhere_is_told() {
    let workspace = Workspace::new(MISTAKE);
    let _repository = Repository::new(workspace.root());
    // The tasks have not changed; what they name has gone.
    workspace.write("specs/login/spec.md", "- **FR-1.2**: Users sign out\n");
    let found = told(&workspace, "HEAD", &[]);
    assert!(found.iter().any(|it| it.contains("tasks.md: `FR-1.1` is not defined")), "{found:?}");
    assert!(found.iter().all(|it| !it.contains("FR-9.9")), "{found:?}");
}

#[test]
fn what_is_about_a_touched_requirement_is_told() {
    let workspace = Workspace::new(
        "//- specs/a/spec.md\n- **FR-1**: one\n- **FR-2**: two\n//- specs/a/tasks.md\n- [ ] 1. x\n  - _Requirements: FR-1, FR-1, FR-2, FR-2_\n",
    );
    let _repository = Repository::new(workspace.root());
    workspace.write("specs/a/spec.md", "# Title\n\n- **FR-1**: one\n- **FR-2**: two, otherwise\n");
    assert_eq!(told(&workspace, "HEAD", &[]), ["specs/a/tasks.md: `FR-2` stands twice in this trace line"]);
}

#[test]
fn files_that_come_go_and_move_are_compared() {
    let workspace = Workspace::new(MISTAKE);
    let repository = Repository::new(workspace.root());
    std::fs::rename(workspace.path("specs/login"), workspace.path("specs/sign-in")).expect("it can be renamed");
    repository.commit("move");
    assert_eq!(told(&workspace, "HEAD~1", &[]), [""; 0], "a moved file has its old findings");
    workspace.write("specs/new/spec.md", "- **FR-1**: x\n- **FR-1**: y\n");
    let new = ["specs/new/spec.md: `FR-1` is defined twice"];
    assert_eq!(told(&workspace, "HEAD", &[]), new, "git does not know it yet");
    workspace.write(".gitignore", "specs/new\n");
    assert_eq!(told(&workspace, "HEAD", &[]), [""; 0], "what git ignores has no history");
    workspace.remove(".gitignore");
    repository.commit("new");
    assert_eq!(told(&workspace, "HEAD~1", &[]), new);
    workspace.remove("specs/new/spec.md");
    assert_eq!(told(&workspace, "HEAD", &[]), [""; 0]);
}

#[test]
fn what_the_other_branch_has_done_is_not_this_change() {
    let workspace = Workspace::new(MISTAKE);
    let repository = Repository::new(workspace.root());
    repository.git(&["switch", "--quiet", "--create", "topic"]);
    workspace.write("specs/b/spec.md", "- **FR-1**: x\n- **FR-1**: y\n");
    repository.commit("topic");
    repository.git(&["switch", "--quiet", "main"]);
    workspace.write("specs/login/tasks.md", "- [ ] 1. Build it\n  - _Requirements: FR-1.1_\n");
    repository.commit("mended on main");
    repository.git(&["switch", "--quiet", "topic"]);
    assert_eq!(told(&workspace, "main", &[]), ["specs/b/spec.md: `FR-1` is defined twice"]);
}

#[test]
fn the_baseline_counts_too() {
    let workspace = Workspace::new(MISTAKE);
    traceline(workspace.root(), ["check", "--write-baseline"]);
    let repository = Repository::new(workspace.root());
    let text = workspace.text("specs/login/tasks.md").to_owned();
    workspace.write("specs/login/tasks.md", format!("{text}- [ ] 2. More\n  - _Requirements: FR-9.8_\n"));
    repository.commit("more");
    let (_, report) = report::check(workspace.root(), &["--diff", "HEAD"]);
    assert_eq!([&report["summary"]["baseline"], &report["summary"]["before"]], [1, 1]);
}

#[test]
fn a_folder_of_a_repository_is_compared_by_itself() {
    let workspace = Workspace::new("//- app/README.md\n# Words\n");
    for path in ["app/specs/a", "other/specs/a"] {
        workspace.write(&format!("{path}/spec.md"), "- **FR-1**: x\n");
    }
    let _repository = Repository::new(workspace.root());
    for path in ["app/specs/a", "other/specs/a"] {
        workspace.write(&format!("{path}/spec.md"), "- **FR-1**: x\n- **FR-1**: y\n");
    }
    let (code, report) = report::check(&workspace.path("app"), &["--diff", "HEAD"]);
    let found = findings(&report);
    assert_eq!((code, found.len(), found[0].path.as_str()), (1, 1, "specs/a/spec.md"), "{found:#?}");
}

#[test]
fn a_revision_that_is_none_is_one_message() {
    let workspace = Workspace::new(MISTAKE);
    let check = |revision: &str| {
        let outcome = traceline(workspace.root(), ["check", &format!("--diff={revision}")]);
        assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{revision}: {outcome:#?}");
        assert_eq!(outcome.stderr.lines().count(), 1, "{revision}: {outcome:#?}");
        outcome.stderr
    };
    assert!(check("HEAD").contains("is in no git repository"), "{}", check("HEAD"));
    let _repository = Repository::new(workspace.root());
    for revision in
        ["nope", "--help", "--output=stolen", "-1", "", "HEAD:specs", "HEAD --", "@{upstream}", "a\nb", "HEAD^{tree}"]
    {
        let said = check(revision);
        assert!(said.contains("is no revision that git knows here"), "{said}");
    }
    assert!(!workspace.path("stolen").exists());
    let mut command = Command::new(binary());
    command.args(["check", "--diff", "HEAD"]).current_dir(workspace.root()).env("PATH", workspace.root());
    let outcome = run(&mut command);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{outcome:#?}");
    assert!(outcome.stderr.contains("git is not there"), "{outcome:#?}");
}

#[test]
fn nothing_that_a_repository_names_is_run() {
    let workspace = Workspace::new(MISTAKE);
    let repository = Repository::new(workspace.root());
    let program = workspace.path("stolen.sh");
    workspace.write("stolen.sh", format!("#!/bin/sh\necho ran >> {}\nexit 1\n", workspace.path("ran").display()));
    run(Command::new("chmod").arg("+x").arg(&program));
    let program = program.to_str().expect("it is Unicode");
    for key in ["core.fsmonitor", "diff.external", "diff.md.command", "diff.md.textconv", "core.pager"] {
        repository.git(&["config", key, program]);
    }
    workspace.write(".gitattributes", "*.md diff=md\n");
    workspace.write("specs/login/spec.md", "- **FR-1.1**: Otherwise\n");
    assert_eq!(traceline(workspace.root(), ["check", "--diff", "HEAD"]).code(), 0);
    assert!(!workspace.path("ran").exists());
    let mut command = Command::new("git");
    run(command.args(["diff", "HEAD"]).current_dir(workspace.root()));
    assert!(workspace.path("ran").exists(), "git itself would have run it");
}

/// Lines of which random documents are made.
const LINES: &[&str] = &[
    "# Part",
    "- **FR-1.1**: text 🎉",
    "- **FR-1.2**: text",
    "- **FR-2.1**: other text",
    "- [ ] 1. Task",
    "- [x] 2. Task 字",
    "  - _Requirements: FR-1.1, FR-9.9_",
    "_Requirements: FR-1.2, FR-1.2_",
    "_Requirements: [which ones]_",
    "Prose about FR-1.1 and FR-7.7.",
    "",
];

#[test]
fn random_changes_are_told_as_both_states_say() {
    let files = ["specs/a/spec.md", "specs/a/plan.md", "specs/a/tasks.md", "specs/b/spec.md", "specs/b/tasks.md"];
    let workspace = Workspace::new("");
    let mut state: u64 = 11;
    let mut dice = move |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits fit") % most
    };
    let mut write = |all: bool| {
        for path in files {
            match dice(if all { 2 } else { 6 }) {
                0 | 1 => {
                    let text: String = (0..12).map(|_| LINES[dice(LINES.len())].to_owned() + "\n").collect();
                    workspace.write(path, text);
                }
                2 if workspace.path(path).exists() => workspace.remove(path),
                _ => {}
            }
        }
    };
    write(true);
    let repository = Repository::new(workspace.root());
    let prints = |more: &[&str]| -> BTreeSet<(String, String)> {
        let arguments = ["check", "--allow-empty", "--format", "sarif"].iter().chain(more);
        let log = traceline(workspace.root(), arguments).json();
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        let text = |it: &Value| it.as_str().expect("text").to_owned();
        results
            .iter()
            .map(|it| (text(&it["partialFingerprints"]["traceline/v1"]), text(&it["message"]["text"])))
            .collect()
    };
    let folder = Workspace::new("");
    let mut told = 0;
    for round in 0..12 {
        let known = folder.path(&format!("{round}.json"));
        let known = known.to_str().expect("it is Unicode");
        let _ = traceline(workspace.root(), ["check", "--allow-empty", "--write-baseline", "--baseline", known]).code();
        let before = std::fs::read_to_string(known).expect("it was written");
        repository.commit("before");
        write(false);
        let after = prints(&[]);
        let diff = prints(&["--diff", "HEAD"]);
        assert!(diff.is_subset(&after), "round {round}");
        for (print, message) in &after {
            // What is told together has one fingerprint for all, and may be new in part alone.
            let new = !before.contains(print.as_str()) && !message.contains(" and ");
            assert!(!new || diff.iter().any(|(known, _)| known == print), "round {round}: {message} is new");
        }
        told += diff.len();
    }
    assert!(told > 20, "{told}");
}
