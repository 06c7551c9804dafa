//! `traceline check`: its exit codes, its words, and its report.

use std::fs;

use traceline_tests::Workspace;
use traceline_tests::command::traceline;
use traceline_tests::report::{self, findings};

use crate::{CLEAN, MISTAKE, UNCOVERED};

#[test]
fn a_clean_project_is_success() {
    let workspace = Workspace::new(CLEAN);
    let outcome = traceline(workspace.root(), ["check"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let (code, report) = report::check(workspace.root(), &[]);
    assert_eq!(code, 0);
    assert_eq!(findings(&report), []);
}

#[test]
fn a_warning_is_a_failure() {
    let workspace = Workspace::new(MISTAKE);
    let outcome = traceline(workspace.root(), ["check"]);
    assert_eq!(outcome.code(), 1, "{outcome:#?}");
}

#[test]
fn an_excerpt_shows_no_line_ends() {
    for (end, other) in [("\r\n", "\n"), ("\r", "\r\n"), ("\n", "\r\n")] {
        let workspace = Workspace::new(CLEAN);
        let tasks = format!("# T{other}{end}- [ ] 1. x{end}  - _Requirements: FR-9.9_{end}- [ ] 2. y{other}");
        workspace.write("specs/login/tasks.md", &tasks);
        let outcome = traceline(workspace.root(), ["check", "specs/login/tasks.md"]);
        assert!(outcome.stdout.contains("specs/login/tasks.md:4:20\n"), "{outcome:#?}");
        assert!(outcome.stdout.contains("\n4 |   - _Requirements: FR-9.9_\n"), "{outcome:#?}");
    }
}

#[test]
fn fail_on_moves_the_bar() {
    let workspace = Workspace::new(MISTAKE);
    for (level, code) in [("error", 0), ("warning", 1), ("information", 1), ("hint", 1)] {
        let outcome = traceline(workspace.root(), ["check", "--fail-on", level]);
        assert_eq!(outcome.code(), code, "--fail-on {level}: {outcome:#?}");
    }
    let workspace = Workspace::new(UNCOVERED);
    for (level, code) in [("error", 0), ("warning", 0), ("information", 1), ("hint", 1)] {
        let outcome = traceline(workspace.root(), ["check", "--fail-on", level]);
        assert_eq!(outcome.code(), code, "--fail-on {level}: {outcome:#?}");
    }
    assert_eq!(traceline(workspace.root(), ["check"]).code(), 0, "an information fails nothing by itself");
}

#[test]
fn what_could_not_run_is_two() {
    let workspace = Workspace::new(CLEAN);
    for arguments in [
        &["check", "no/such/folder"][..],
        &["check", "--fail-on", "loud"],
        &["check", "--format", "morse"],
        &["check", "--no-such-option"],
        &["no-such-command"],
        &["inspect", "no/such/file.md"],
        &["explain", "no-such-rule"],
    ] {
        let outcome = traceline(workspace.root(), arguments);
        assert_eq!(outcome.code(), 2, "{arguments:?}: {outcome:#?}");
        assert!(!outcome.stderr.trim().is_empty(), "{arguments:?} says why");
        assert!(!outcome.stderr.contains("RUST_BACKTRACE"), "{arguments:?}: {outcome:#?}");
    }
}

#[test]
fn settings_that_make_no_sense_are_two_and_named() {
    for toml in
        ["[rules", "[rules]\nplaceholder-left = \"loud\"\n", "severty = 1\n", "[rules]\nunknown-requirment = \"off\"\n"]
    {
        let workspace = Workspace::new(CLEAN);
        workspace.write("traceline.toml", toml);
        let outcome = traceline(workspace.root(), ["check"]);
        assert_eq!(outcome.code(), 2, "{toml:?}: {outcome:#?}");
        assert!(outcome.stderr.contains("traceline.toml"), "{toml:?}: {outcome:#?}");
    }
}

#[test]
fn settings_change_what_is_found() {
    let workspace = Workspace::new(MISTAKE);
    workspace.write("traceline.toml", "[rules]\nunknown-requirement = \"off\"\n");
    assert_eq!(findings(&report::check(workspace.root(), &[]).1), []);
    workspace.write("traceline.toml", "[rules]\nunknown-requirement = \"error\"\n");
    let found = findings(&report::check(workspace.root(), &["--fail-on", "error"]).1);
    assert_eq!(found[0].level, "error");
}

#[test]
fn the_words_for_people_carry_the_place_and_the_message() {
    let workspace = Workspace::new(MISTAKE);
    let outcome = traceline(workspace.root(), ["check"]);
    let words = &outcome.stdout;
    for part in [
        "specs/login/tasks.md:2:28",
        "`FR-9.9` is not defined in specs/login",
        "unknown-requirement",
        "_Requirements: FR-1.1, FR-9.9_",
    ] {
        assert!(words.contains(part), "{part:?} in {words}");
    }
    assert!(!words.contains('\u{1b}'), "no colour where nobody sees it: {words:?}");
}

#[test]
fn the_report_says_everything() {
    let workspace = Workspace::new(MISTAKE);
    let (code, report) = report::check(workspace.root(), &[]);
    assert_eq!(code, 1);
    assert_eq!(report["version"], 1);
    let summary = &report["summary"];
    assert_eq!(summary["files"], 2, "{summary}");
    assert_eq!(summary["definitions"], 1, "{summary}");
    assert_eq!(summary["references"], 2, "{summary}");
    assert_eq!([&summary["errors"], &summary["warnings"], &summary["information"], &summary["hints"]], [0, 1, 0, 0]);
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "unknown-requirement");
    assert_eq!(finding["level"], "warning");
    assert_eq!(finding["path"], "specs/login/tasks.md");
    assert_eq!([&finding["line"], &finding["column"], &finding["endLine"], &finding["endColumn"]], [2, 28, 2, 34]);
    assert!(
        finding["message"].as_str().is_some_and(|it| it.starts_with("`FR-9.9` is not defined in specs/login")),
        "{finding}"
    );
}

#[test]
fn columns_of_the_report_are_utf_16() {
    let workspace = Workspace::new("");
    workspace.write("specs/a/spec.md", "- **FR-1.1**: x\n");
    workspace.write("specs/a/tasks.md", "- [ ] 1. x\r\n  - _Requirements: FR-1.1 (🎉字), FR-9.9_\r\n");
    let found = findings(&report::check(workspace.root(), &[]).1);
    let unknown = found.iter().find(|it| it.rule == "unknown-requirement").expect("FR-9.9 is unknown");
    assert_eq!(unknown.range, [2, 34, 2, 40]);
}

#[test]
fn findings_are_sorted_and_the_same_each_time() {
    let mut picture = String::new();
    for feature in ["b", "a", "c"] {
        picture.push_str(&format!(
            "//- specs/{feature}/spec.md\n- **FR-1.1**: x\n- **FR-1.1**: y\n//- specs/{feature}/tasks.md\n\
             - [ ] 1. x\n  - _Requirements: FR-9.9, FR-9.8, FR-1.1_\n  - _Requirements: FR-9.7_\n"
        ));
    }
    let workspace = Workspace::new(&picture);
    let first = traceline(workspace.root(), ["check", "--format", "json"]).stdout;
    for _ in 0..5 {
        assert_eq!(traceline(workspace.root(), ["check", "--format", "json"]).stdout, first);
    }
    let (_, report) = report::check(workspace.root(), &[]);
    let places: Vec<_> = report["findings"]
        .as_array()
        .expect("a report has findings")
        .iter()
        .map(|it| (it["path"].as_str().map(str::to_owned), it["line"].as_u64(), it["column"].as_u64()))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(places.len() >= 12, "{places:?}");
}

#[test]
fn a_path_restricts_what_is_reported_but_not_what_is_known() {
    let workspace = Workspace::new(MISTAKE);
    workspace.write("specs/other/spec.md", "- **FR-1.1**: x\n- **FR-1.1**: y\n");
    let (_, report) = report::check(workspace.root(), &["specs/login"]);
    assert!(findings(&report).iter().all(|it| it.path.starts_with("specs/login/")), "{report}");
    let (code, report) = report::check(workspace.root(), &["specs/login/tasks.md"]);
    let found = findings(&report);
    // The spec beside the file still counts: FR-1.1 is known.
    assert_eq!(found.iter().map(|it| it.rule.as_str()).collect::<Vec<_>>(), ["unknown-requirement"]);
    assert_eq!(code, 1);
    let (_, report) = report::check(workspace.root(), &["specs/login", "specs/other"]);
    assert!(findings(&report).iter().any(|it| it.path.starts_with("specs/other/")), "{report}");
}

#[test]
fn related_places_are_told() {
    let workspace = Workspace::new("//- specs/a/spec.md\n- **FR-1.1**: x\n- **FR-1.1**: y\n");
    let (_, report) = report::check(workspace.root(), &[]);
    let duplicate = &report["findings"][0];
    assert_eq!(duplicate["rule"], "duplicate-requirement");
    let first = &duplicate["related"][0];
    assert_eq!(
        [&first["path"], &first["line"], &first["column"]],
        [&"specs/a/spec.md".into(), &1.into(), &5.into()] as [&serde_json::Value; 3]
    );
}

#[test]
fn nothing_looked_at_is_not_clean() {
    let workspace = Workspace::new(CLEAN);
    fs::create_dir_all(workspace.path("docs/empty")).expect("a folder can be made");
    workspace.write("prose/README.md", "# Words\n");
    workspace.write("prose/notes.md", "More words.\n");
    for (paths, said) in [
        (&["docs"][..], "docs holds no plan document: no .md or .markdown file that is read is in it"),
        (&["docs/empty", "specs"], "docs/empty holds no plan document"),
        (
            &["prose"],
            "prose holds no plan document: 2 Markdown files in it were read, of which none has the name of one",
        ),
    ] {
        let outcome = traceline(workspace.root(), ["check"].iter().chain(paths));
        assert_eq!(outcome.code(), 2, "{paths:?}: {outcome:#?}");
        for words in [said, "the nearest: specs/login/", "--allow-empty"] {
            assert!(outcome.stderr.contains(words), "{words:?} in {outcome:#?}");
        }
        let outcome = traceline(workspace.root(), ["check", "--allow-empty"].iter().chain(paths));
        assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{paths:?}");
    }
    assert_eq!(traceline(workspace.root(), ["check", "specs", "."]).code(), 0);
}

#[test]
fn an_empty_folder_fails_without_being_named() {
    let workspace = Workspace::new("");
    let (code, report) = report::check(workspace.root(), &[]);
    assert_eq!(code, 2);
    assert_eq!([&report["summary"]["files"], &report["summary"]["documents"]], [0, 0]);
    let outcome = traceline(workspace.root(), ["check"]);
    assert!(outcome.stderr.contains("the current folder holds no plan document"), "{outcome:#?}");
    assert!(outcome.stdout.starts_with("nothing was checked: 0 files read"), "{outcome:#?}");
    assert_eq!(report::check(workspace.root(), &["--allow-empty"]).0, 0);
    workspace.write("README.md", "# Words\n");
    let (code, report) = report::check(workspace.root(), &["."]);
    assert_eq!(code, 2);
    assert_eq!([&report["summary"]["files"], &report["summary"]["documents"]], [1, 0]);
    // What is written for agents was looked at, and is known to be none.
    workspace.write(".claude/agents/spec-writer.md", "---\nname: spec-writer\ntools: Read\n---\n\nWrite FR-9.\n");
    let outcome = traceline(workspace.root(), ["check", "."]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(outcome.stderr.contains("1 Markdown file written for agents"), "{outcome:#?}");
}

#[test]
fn what_is_left_out_is_said_where_no_plan_document_is_there() {
    let workspace = Workspace::new("");
    workspace.write(".gitignore", "build/\n");
    workspace.write("build/spec.md", "- **FR-1.1**: x\n");
    let outcome = traceline(workspace.root(), ["check"]);
    assert_eq!(outcome.code(), 2);
    assert!(outcome.stderr.contains("left out: build (`build/` in .gitignore)"), "{outcome:#?}");
    workspace.write("README.md", "# Words\n");
    let outcome = traceline(workspace.root(), ["check"]);
    assert_eq!(outcome.code(), 2);
    let told = ["1 Markdown file in it was read", "left out: build (`build/` in .gitignore)"];
    assert!(told.iter().all(|it| outcome.stderr.contains(it)), "{outcome:#?}");
    // Nor does what is written for agents hide it.
    workspace.write(".claude/agents/spec-writer.md", "---\nname: spec-writer\ntools: Read\n---\n\nWrite FR-9.\n");
    let outcome = traceline(workspace.root(), ["check", "."]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let told = ["1 Markdown file written for agents", "left out: build (`build/` in .gitignore)"];
    assert!(told.iter().all(|it| outcome.stderr.contains(it)), "{outcome:#?}");
}

#[test]
fn a_file_that_is_no_plan_document_was_looked_at() {
    let workspace = Workspace::new(CLEAN);
    workspace.write("README.md", "# Words\n");
    // As a hook passes the files of a commit.
    for more in [&[][..], &["specs/login/spec.md"]] {
        let outcome = traceline(workspace.root(), ["check", "README.md"].iter().chain(more));
        assert_eq!(outcome.code(), 0, "{outcome:#?}");
        assert!(outcome.stderr.contains("README.md: no plan document"), "{outcome:#?}");
    }
}

#[test]
fn one_path_that_cannot_be_read_does_not_hide_the_others() {
    let workspace = Workspace::new(MISTAKE);
    workspace.write("notes.txt", "words");
    let outcome = traceline(workspace.root(), ["check", "no/such", "specs", "notes.txt", "gone.md"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stdout.contains("`FR-9.9` is not defined"), "{outcome:#?}");
    let said: Vec<&str> = outcome.stderr.lines().collect();
    assert_eq!(said.len(), 3, "one message each: {outcome:#?}");
    for words in ["no/such cannot be read", "notes.txt is no Markdown file", "gone.md cannot be read"] {
        assert!(outcome.stderr.contains(words), "{words} in {outcome:#?}");
    }
}

#[test]
fn help_and_version_are_there() {
    let workspace = Workspace::new("");
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["check", "--help"],
        &["inspect", "--help"],
        &["explain", "--help"],
        &["server", "--help"],
    ] {
        let outcome = traceline(workspace.root(), arguments);
        assert_eq!(outcome.code(), 0, "{arguments:?}: {outcome:#?}");
        assert!(!outcome.stdout.trim().is_empty(), "{arguments:?}");
    }
    let help = traceline(workspace.root(), ["--help"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, alone) = help.split_once("Files are written by these alone").expect("it says what is written");
    for writes in ["new", "init --write", "man FOLDER", "check --output", "check --write-baseline"] {
        assert!(alone.contains(writes), "{help}");
    }
}
