//! `traceline check --fix`: what it mends, what it leaves, and how a file stays otherwise as it is.

use std::fs;

use traceline_tests::Workspace;
use traceline_tests::command::{Outcome, traceline};
use traceline_tests::report::{self, findings};

/// A feature with three findings that can be mended safely, one that can be guessed, and one that only a person can.
const MISTAKES: &str = "
    //- specs/login/spec.md
    # Login

    - **FR-1**: Users sign in
    - **FR-2**: Users sign out
    - **FR-3**: Three tries
    //- specs/login/tasks.md
    # Tasks

    - [ ] 1. Build it
      - _Requirements: fr-1, FR-2 FR-2
    - [ ] 2. Lock it
      - _Requirements: FR-03, FR-9_
    ";

const TASKS: &str = "specs/login/tasks.md";

fn fix(workspace: &Workspace, more: &[&str]) -> Outcome {
    traceline(workspace.root(), ["check", "--fix"].iter().chain(more))
}

fn read(workspace: &Workspace, path: &str) -> String {
    String::from_utf8(fs::read(workspace.path(path)).expect("it is there")).expect("it is text")
}

#[test]
fn what_is_safe_is_mended_and_what_is_left_is_told() {
    let workspace = Workspace::new(MISTAKES);
    let outcome = fix(&workspace, &[]);
    assert_eq!(outcome.code(), 1, "what only a person can mend is left: {outcome:#?}");
    let wanted = workspace.text(TASKS).replace("fr-1, FR-2 FR-2\n", "FR-1, FR-2_\n");
    assert_eq!(read(&workspace, TASKS), wanted);
    assert!(
        outcome.stderr.contains("specs/login/tasks.md: 1 duplicate-reference, 1 id-case, 2 malformed-trace-line\n"),
        "{outcome:#?}"
    );
    assert!(outcome.stderr.contains("4 findings mended in 1 file\n"), "{outcome:#?}");
    assert!(outcome.stdout.contains("`FR-9` is not defined"), "{outcome:#?}");
    assert!(!outcome.stdout.contains("id-case"), "{outcome:#?}");
    let outcome = fix(&workspace, &[]);
    assert!(outcome.stderr.contains("0 findings mended in 0 files"), "{outcome:#?}");
    assert_eq!(read(&workspace, TASKS), wanted, "a second time changes nothing");
}

#[test]
fn what_is_likely_meant_is_mended_where_that_is_wanted() {
    let workspace = Workspace::new(MISTAKES);
    let outcome = fix(&workspace, &["--suggested"]);
    let text = read(&workspace, TASKS);
    assert!(
        text.contains("_Requirements: FR-1, FR-2_\n") && text.contains("_Requirements: FR-3, FR-9_\n"),
        "{text} {outcome:#?}"
    );
}

#[test]
fn a_dry_run_prints_a_diff_that_can_be_applied_and_writes_nothing() {
    let workspace = Workspace::new(MISTAKES);
    let outcome = fix(&workspace, &["--dry-run"]);
    assert_eq!(outcome.code(), 1, "{outcome:#?}");
    let wanted = "\
--- a/specs/login/tasks.md
+++ b/specs/login/tasks.md
@@ -1,6 +1,6 @@
 # Tasks
 
 - [ ] 1. Build it
-  - _Requirements: fr-1, FR-2 FR-2
+  - _Requirements: FR-1, FR-2_
 - [ ] 2. Lock it
   - _Requirements: FR-03, FR-9_
";
    assert_eq!(outcome.stdout, wanted);
    assert!(outcome.stderr.contains("4 findings would be mended in 1 file\n"), "{outcome:#?}");
    assert_eq!(read(&workspace, TASKS), workspace.text(TASKS));
    fix(&workspace, &[]);
    let outcome = fix(&workspace, &["--dry-run"]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (0, ""), "{outcome:#?}");
}

#[test]
fn line_ends_a_byte_order_mark_and_the_end_of_a_file_stay() {
    let drawn = Workspace::new(MISTAKES);
    for (mark, end, last) in [("", "\n", ""), ("", "\r\n", "\r\n"), ("\u{feff}", "\n", "\n"), ("\u{feff}", "\r\n", "")]
    {
        let workspace = Workspace::new(MISTAKES);
        let text = |text: &str| mark.to_owned() + &text.trim_end().replace('\n', end) + last;
        workspace.write(TASKS, text(drawn.text(TASKS)));
        fix(&workspace, &[]);
        let wanted = text(&drawn.text(TASKS).replace("fr-1, FR-2 FR-2\n", "FR-1, FR-2_\n"));
        assert_eq!(read(&workspace, TASKS), wanted, "{mark:?} {end:?} {last:?}");
    }
}

/// Not on Windows: who may read a file is said otherwise there.
#[test]
#[cfg(unix)]
fn who_may_read_and_write_a_file_stays() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::new(MISTAKES);
    let path = workspace.path(TASKS);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
    fix(&workspace, &[]);
    assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
    assert_ne!(read(&workspace, TASKS), workspace.text(TASKS));
    // What nobody may write is left alone, and told.
    workspace.write(TASKS, workspace.text(TASKS));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).expect("it is ours");
    let outcome = fix(&workspace, &[]);
    assert_eq!(read(&workspace, TASKS), workspace.text(TASKS));
    assert!(outcome.stderr.contains("tasks.md is not to be written and was left alone"), "{outcome:#?}");
}

#[test]
fn what_would_bring_a_finding_is_left_and_told() {
    let workspace = Workspace::new(MISTAKES);
    // Once the slip is mended, the line names one twice.
    workspace.write(TASKS, "- [ ] 1. A\n  - _Requirements: FR-1, FR-01, FR-2, fr-3_\n");
    let outcome = fix(&workspace, &["--suggested"]);
    assert_eq!(read(&workspace, TASKS), "- [ ] 1. A\n  - _Requirements: FR-1, FR-01, FR-2, FR-3_\n");
    let words =
        "specs/login/tasks.md:2: unknown-requirement was left: `Replace by `FR-1`` would bring duplicate-reference";
    assert!(outcome.stderr.contains(words), "{outcome:#?}");
}

#[test]
fn only_what_is_named_is_written() {
    let workspace = Workspace::new(MISTAKES);
    workspace.write("specs/pay/spec.md", "- **FR-1**: Users pay\n");
    workspace.write("specs/pay/tasks.md", "- [ ] 1. A\n  - _Requirements: fr-1_\n");
    fix(&workspace, &["specs/pay"]);
    assert_eq!(read(&workspace, TASKS), workspace.text(TASKS));
    assert_eq!(read(&workspace, "specs/pay/tasks.md"), "- [ ] 1. A\n  - _Requirements: FR-1_\n");
}

#[test]
fn what_the_baseline_holds_is_left() {
    let workspace = Workspace::new(MISTAKES);
    assert_eq!(traceline(workspace.root(), ["check", "--write-baseline"]).code(), 0);
    let held = read(&workspace, TASKS) + "- [ ] 3. More\n  - _Requirements: fr-2_\n";
    workspace.write(TASKS, &held);
    let outcome = fix(&workspace, &[]);
    assert_eq!(read(&workspace, TASKS), held.replace("fr-2", "FR-2"), "{outcome:#?}");
}

/// Not on Windows: Wine has no git.
#[test]
#[cfg(unix)]
fn of_a_change_only_what_it_has_brought_is_mended() {
    let workspace = Workspace::new(MISTAKES);
    let _repository = traceline_tests::repository::Repository::new(workspace.root());
    let held = read(&workspace, TASKS) + "- [ ] 3. More\n  - _Requirements: fr-2_\n";
    workspace.write(TASKS, &held);
    let outcome = fix(&workspace, &["--diff", "HEAD"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert_eq!(read(&workspace, TASKS), held.replace("fr-2", "FR-2"), "{outcome:#?}");
}

#[test]
fn a_broken_file_is_not_touched_and_stops_nothing() {
    let workspace = Workspace::new(MISTAKES);
    let bytes = b"- [ ] 1. caf\xe9\n  - _Requirements: fr-1_\n";
    workspace.write("specs/pay/spec.md", "- **FR-1**: x\n");
    workspace.write("specs/pay/tasks.md", bytes);
    fix(&workspace, &[]);
    assert_eq!(fs::read(workspace.path("specs/pay/tasks.md")).expect("it is there"), bytes);
    assert_ne!(read(&workspace, TASKS), workspace.text(TASKS));
    // A configuration that is not in force may have meant something else.
    let workspace = Workspace::new(MISTAKES);
    workspace.write("traceline.toml", "[rules]\nid-case = \"of\"\n");
    let outcome = fix(&workspace, &[]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("nothing was mended"), "{outcome:#?}");
    assert_eq!(read(&workspace, TASKS), workspace.text(TASKS));
}

#[test]
fn nothing_looked_at_is_not_clean_in_a_dry_run_either() {
    let workspace = Workspace::new("//- README.md\n# Nothing\n");
    let outcome = fix(&workspace, &["--dry-run"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("holds no plan document"), "{outcome:#?}");
    assert_eq!(fix(&workspace, &["--dry-run", "--allow-empty"]).code(), 0);
}

#[test]
fn options_of_fixes_need_one() {
    let workspace = Workspace::new(MISTAKES);
    for option in ["--suggested", "--dry-run"] {
        let outcome = traceline(workspace.root(), ["check", option]);
        assert_eq!(outcome.code(), 2, "{outcome:#?}");
        assert!(outcome.stderr.contains("--fix"), "{outcome:#?}");
    }
}

#[test]
fn programs_are_told_how_safe_a_fix_is() {
    let workspace = Workspace::new(MISTAKES);
    let (_, report) = report::check(workspace.root(), &[]);
    let of = |rule: &str| {
        let all = report["findings"].as_array().expect("findings");
        all.iter().find(|it| it["rule"] == rule && !it["fix"].is_null()).expect("it is found")["fix"]["safety"].clone()
    };
    assert_eq!([of("id-case"), of("unknown-requirement")], ["safe", "suggested"]);
    let outcome = traceline(workspace.root(), ["check", "--format", "sarif"]);
    let results = outcome.json()["runs"][0]["results"].as_array().expect("results").clone();
    let safety =
        results.iter().find(|it| it["ruleId"] == "id-case").expect("it is found")["fixes"][0]["properties"].clone();
    assert_eq!(safety["safety"], "safe");
    assert!(!findings(&report).is_empty());
    let words = traceline(workspace.root(), ["explain", "id-case"]).stdout;
    assert!(words.contains("Fix (safe): "), "{words}");
}

/// Not on Windows, where only a console can interrupt.
#[test]
#[cfg(unix)]
fn an_interruption_leaves_each_file_as_it_was_or_mended() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};

    const FEATURES: usize = 400;
    const INTERRUPTED: i32 = 2;
    let one = Workspace::new(MISTAKES);
    let (spec, before) = (one.text("specs/login/spec.md"), one.text(TASKS));
    fix(&one, &[]);
    let after = read(&one, TASKS);
    let many = Workspace::new("");
    let tasks = |feature: usize| format!("specs/f{feature:03}/tasks.md");
    for feature in 0..FEATURES {
        many.write(&format!("specs/f{feature:03}/spec.md"), spec);
        many.write(&tasks(feature), before);
    }
    let mut command = Command::new(traceline_tests::binary::binary());
    command.args(["check", "--fix", "--quiet"]).current_dir(many.root());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    while read(&many, &tasks(0)) == before {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it has ended before anything was mended");
    }
    let sent = rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT);
    assert!(sent.is_ok(), "it is still at work");
    let status = child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(INTERRUPTED), "{status}");
    let texts: Vec<String> = (0..FEATURES).map(|feature| read(&many, &tasks(feature))).collect();
    let mended = texts.iter().filter(|text| **text == after).count();
    assert!(texts.iter().all(|text| *text == before || *text == after), "a file is neither");
    assert!(mended > 0 && mended < FEATURES, "{mended} were mended");
    fix(&many, &[]);
    assert!((0..FEATURES).all(|feature| read(&many, &tasks(feature)) == after), "the rest is mended another time");
}
