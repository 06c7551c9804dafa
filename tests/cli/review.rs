//! `traceline review`: what requirements said when they were reviewed, and which say something else now.

use std::fs;
use std::path::Path;

use traceline_tests::command::{Outcome, traceline};
use traceline_tests::report::{self, findings};
use traceline_tests::{Workspace, places};

const NAME: &str = "traceline-review.lock";

/// Two features that have the same ids.
const FEATURES: &str = "
    //- specs/login/spec.md
    # Login

    - **FR-1**: The system SHALL lock the account after 3 tries
    - **FR-2**: The system SHALL check the password
    //- specs/login/tasks.md
    # Tasks

    - [x] 1. Lock
      - _Requirements: FR-1, FR-2_
    //- specs/pay/spec.md
    # Pay

    - **FR-1**: The system SHALL take money
    - ~~**FR-2**: The system SHALL take coins~~
    ";

fn review(workspace: &Workspace, line: &str) -> Outcome {
    traceline(workspace.root(), ["review"].into_iter().chain(line.split_whitespace()))
}

fn lock(workspace: &Workspace) -> String {
    fs::read_to_string(workspace.path(NAME)).expect("there is a lock")
}

/// Scope and id of each line.
fn held(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').take(2).collect::<Vec<_>>().join("/")).collect()
}

/// What `check` finds of the rule, as path and message.
fn suspects(root: &Path) -> Vec<String> {
    let (_, report) = report::check(root, &["--allow-empty"]);
    let found = findings(&report).into_iter().filter(|it| it.rule == "suspect-link");
    found.map(|it| format!("{}: {}", it.path, it.message)).collect()
}

fn reworded(workspace: &Workspace) {
    let text = workspace.text("specs/login/spec.md").replace("after 3 tries", "after 5 tries");
    workspace.write("specs/login/spec.md", text);
}

#[test]
fn what_was_reviewed_is_suspect_once_it_says_something_else() {
    let workspace = Workspace::new(FEATURES);
    let outcome = review(&workspace, "");
    assert_eq!((outcome.code(), workspace.path(NAME).exists()), (0, false), "{outcome:#?}");
    assert!(outcome.stdout.starts_with("nothing is reviewed here, of 3 requirements"), "{outcome:#?}");
    reworded(&workspace);
    assert_eq!(suspects(workspace.root()), [""; 0], "without a lock nothing is suspect");
    workspace.write("specs/login/spec.md", workspace.text("specs/login/spec.md"));
    let outcome = review(&workspace, "--all");
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    assert_eq!(outcome.stdout, "traceline-review.lock holds 3 requirements: 3 new\n");
    assert_eq!(held(&lock(&workspace)), ["specs/login/FR-1", "specs/login/FR-2", "specs/pay/FR-1"]);
    assert_eq!(review(&workspace, "").stdout, "0 suspect, 3 as reviewed\n");
    assert_eq!(suspects(workspace.root()), [""; 0]);
    reworded(&workspace);
    let message = "`FR-1` says something else than when it was reviewed · one place traces it";
    assert_eq!(suspects(workspace.root()), [format!("specs/login/spec.md: {message}")]);
    let outcome = review(&workspace, "");
    assert_eq!(outcome.code(), 1, "{outcome:#?}");
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "specs/login/FR-1  specs/login/spec.md:3",
            "    … system SHALL lock the account after [-3-] {+5+} tries",
            "    traced in specs/login/tasks.md:4",
            "1 suspect, 2 as reviewed",
        ]
    );
    let before = lock(&workspace);
    let outcome = review(&workspace, "login/FR-1 --dry-run");
    assert_eq!((outcome.code(), lock(&workspace) == before), (0, true), "{outcome:#?}");
    assert!(outcome.stdout.ends_with("would hold 3 requirements: 1 changed\n"), "{outcome:#?}");
    let outcome = review(&workspace, "login/FR-1");
    assert!(outcome.stdout.ends_with("holds 3 requirements: 1 changed\n"), "{outcome:#?}");
    assert_eq!(suspects(workspace.root()), [""; 0]);
    let after = lock(&workspace);
    assert_eq!(before.lines().zip(after.lines()).filter(|(a, b)| a != b).count(), 1, "one line is another");
}

#[test]
fn files_and_folders_stand_for_their_requirements() {
    let workspace = Workspace::new(FEATURES);
    assert_eq!(review(&workspace, "specs/login/spec.md").code(), 0);
    assert_eq!(held(&lock(&workspace)), ["specs/login/FR-1", "specs/login/FR-2"]);
    assert_eq!(review(&workspace, "specs/pay login/FR-2").code(), 0);
    assert_eq!(held(&lock(&workspace)), ["specs/login/FR-1", "specs/login/FR-2", "specs/pay/FR-1"]);
    let outcome = review(&workspace, "specs/login/tasks.md");
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("no requirement is defined there"), "{outcome:#?}");
    // What is new is no change.
    let text = workspace.text("specs/login/spec.md").to_owned() + "- **FR-3**: The system SHALL tell\n";
    workspace.write("specs/login/spec.md", text);
    assert_eq!(suspects(workspace.root()), [""; 0]);
    assert_eq!(review(&workspace, "").stdout, "0 suspect, 3 as reviewed, 1 not reviewed yet\n");
}

#[test]
fn an_id_that_is_not_one_requirement_is_refused_with_what_would_work() {
    let workspace = Workspace::new(FEATURES);
    for (line, words) in [
        ("FR-1", "`FR-1` is defined in 2 features, name one of them:\n  specs/login/FR-1  "),
        ("FR-22", "`FR-22` is defined nowhere in this workspace · nearest: `specs/login/FR-2`"),
        ("login/FR-3", "`login/FR-3` is defined nowhere in this workspace · nearest: `specs/login/FR-1`"),
        ("XYZ-9", "`XYZ-9` is defined nowhere in this workspace\n"),
        ("pay/FR-2", "`specs/pay/FR-2` is withdrawn"),
        ("specs/none/spec.md", "specs/none/spec.md cannot be read: there is no such file"),
        ("--all FR-1", "cannot be used with"),
    ] {
        let outcome = review(&workspace, line);
        assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{line}: {outcome:#?}");
        assert!(outcome.stderr.contains(words), "{line}: {outcome:#?}");
        assert!(!workspace.path(NAME).exists(), "{line}");
    }
    assert_eq!(review(&workspace, "fr-2").code(), 0, "what is withdrawn elsewhere is no candidate");
    assert_eq!(held(&lock(&workspace)), ["specs/login/FR-2"]);
}

#[test]
fn what_is_gone_is_told_and_taken_out_with_all() {
    let workspace = Workspace::new(FEATURES);
    review(&workspace, "--all");
    workspace.remove("specs/pay/spec.md");
    workspace.write("specs/login/spec.md", "- **FR-1**: The system SHALL lock the account after 3 tries\n");
    assert_eq!(suspects(workspace.root()), [""; 0], "check has nothing to say of it");
    let outcome = review(&workspace, "");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(outcome.stdout.contains("specs/login/FR-2 is not there any more"), "{outcome:#?}");
    assert!(outcome.stdout.contains("2 stale lines"), "{outcome:#?}");
    review(&workspace, "FR-1");
    assert_eq!(held(&lock(&workspace)).len(), 3);
    review(&workspace, "--all");
    assert_eq!(held(&lock(&workspace)), ["specs/login/FR-1"]);
}

#[test]
fn what_is_broken_is_one_message_and_nothing_is_overwritten() {
    let workspace = Workspace::new(FEATURES);
    review(&workspace, "--all");
    let good = lock(&workspace);
    for (text, words) in [
        (String::new(), "traceline-review.lock:1:1: this is no review lock"),
        (good.replace("review 1", "review 9"), "traceline-review.lock:1:1: version 9 of a review lock is not known"),
        (good.replace("specs/pay", "=======\nspecs/pay"), "traceline-review.lock:5:1: git has left a conflict"),
        (good.replace("3 tries", "4 tries"), "traceline-review.lock:3:1: these are not the words of `FR-1`"),
        (good.replace("FR-2\t", "FR-2 "), "traceline-review.lock:4:1: this is no review"),
    ] {
        workspace.write(NAME, &text);
        for line in ["review", "review --all", "review login/FR-1", "review specs", "check"] {
            let outcome = traceline(workspace.root(), line.split(' '));
            assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{line}: {outcome:#?}");
            assert_eq!(outcome.stderr.lines().count(), 1, "{line}: {outcome:#?}");
            assert!(outcome.stderr.contains(words), "{line}: {outcome:#?}");
            assert_eq!(lock(&workspace), text, "{line}");
        }
    }
}

#[test]
fn nothing_is_written_of_what_could_not_be_read() {
    let workspace = Workspace::new(FEATURES);
    workspace.write("specs/login/broken.md", b"\xff\xfe\x00broken");
    let outcome = review(&workspace, "--all");
    assert_eq!((outcome.code(), workspace.path(NAME).exists()), (2, false), "{outcome:#?}");
    assert!(outcome.stderr.contains("nothing was written: not everything could be read"), "{outcome:#?}");
    workspace.remove("specs/login/broken.md");
    workspace.write("traceline.toml", "severty = 1\n");
    assert_eq!(review(&workspace, "--all").code(), 2);
    assert!(!workspace.path(NAME).exists());
}

#[test]
fn a_folder_has_the_lock_of_the_whole() {
    let workspace = Workspace::new(FEATURES);
    review(&workspace, "--all");
    let outcome = traceline(&workspace.path("specs/login"), ["review", "--all"]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{outcome:#?}");
    assert!(outcome.stderr.contains("traceline-review.lock holds the reviews of this folder too"), "{outcome:#?}");
    assert!(!workspace.path("specs/login/traceline-review.lock").exists());
    let empty = Workspace::new("//- notes.txt\nnothing\n");
    let outcome = review(&empty, "--all");
    assert_eq!((outcome.code(), empty.path(NAME).exists()), (2, false), "{outcome:#?}");
    assert!(outcome.stderr.contains("no requirement is defined there"), "{outcome:#?}");
}

#[test]
fn line_ends_stay_and_nothing_half_written_is_left() {
    let workspace = Workspace::new(FEATURES);
    review(&workspace, "specs/login");
    workspace.write(NAME, lock(&workspace).replace('\n', "\r\n"));
    review(&workspace, "--all");
    let text = lock(&workspace);
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count(), "{text:?}");
    assert_eq!(held(&text).len(), 3);
    let left: Vec<_> =
        fs::read_dir(workspace.root()).expect("it is there").flatten().map(|it| it.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    // What is as it was is not written again.
    let before = fs::metadata(workspace.path(NAME)).and_then(|it| it.modified()).expect("it is there");
    review(&workspace, "--all");
    assert_eq!(fs::metadata(workspace.path(NAME)).and_then(|it| it.modified()).expect("it is there"), before);
}

#[test]
fn over_real_documents() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    let mut held_in_all = 0;
    for project in fs::read_dir(corpus).expect("the corpus can be read").flatten().filter(|it| it.path().is_dir()) {
        // The corpus is not ours to write into.
        let copy = Workspace::new("");
        copy_documents(&project.path(), copy.root());
        let outcome = review(&copy, "--all");
        // One states nothing that has an id.
        if outcome.stderr.contains("no requirement is defined there") {
            continue;
        }
        assert_eq!(outcome.code(), 0, "{outcome:#?}");
        held_in_all += held(&lock(&copy)).len();
        assert_eq!(suspects(copy.root()), [""; 0], "{}", project.path().display());
        let outcome = review(&copy, "");
        assert_eq!(outcome.code(), 0, "{outcome:#?}");
        assert!(!outcome.stdout.contains("stale") && !outcome.stdout.contains("not reviewed yet"), "{outcome:#?}");
    }
    assert!(held_in_all > 1000, "{held_in_all} requirements are held");
}

fn copy_documents(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("it can be read").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            fs::create_dir_all(&target).expect("it can be made");
            copy_documents(&path, &target);
        } else {
            fs::copy(&path, &target).expect("it can be copied");
        }
    }
}

/// Wine has no git.
#[cfg(unix)]
mod merges {
    use super::*;
    use traceline_tests::repository::Repository;

    /// Features a to d with four requirements each, reviewed; on two branches the requirements at `one` and `other` are
    /// reworded and reviewed again, and the branches merged.
    fn merged(one: &str, other: &str, attributes: &str) -> (Workspace, bool) {
        let spec = |feature: &str| {
            let line = |number: u8| format!("- **FR-{number}**: what {feature} does by {number}\n\n");
            format!("//- specs/{feature}/spec.md\n# S\n\n{}", (1..5).map(line).collect::<String>())
        };
        let workspace = Workspace::new(&["a", "b", "c", "d"].map(spec).concat());
        workspace.write(".gitattributes", attributes);
        assert_eq!(review(&workspace, "--all").code(), 0);
        let repository = Repository::new(workspace.root());
        for (branch, id, word) in [("mine", one, "mine"), ("theirs", other, "theirs")] {
            repository.git(&["checkout", "--quiet", "-b", branch, "main"]);
            let (feature, number) = id.split_once("/FR-").expect("a feature and a number");
            let path = format!("specs/{feature}/spec.md");
            let text = fs::read_to_string(workspace.path(&path)).expect("it is there");
            workspace.write(&path, text.replace(&format!("by {number}\n"), &format!("by {number} {word}\n")));
            assert_eq!(review(&workspace, id).code(), 0);
            repository.commit(branch);
        }
        let mut merge = std::process::Command::new("git");
        merge.args([
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@localhost",
            "merge",
            "--quiet",
            "--no-edit",
            "mine",
        ]);
        let outcome = traceline_tests::command::run(merge.current_dir(workspace.root()));
        let is_merged = outcome.code() == 0;
        (workspace, is_merged)
    }

    #[test]
    fn reviews_of_two_branches_come_together() {
        for (one, other) in [("a/FR-1", "a/FR-3"), ("a/FR-4", "b/FR-2"), ("d/FR-1", "a/FR-1")] {
            let (workspace, is_merged) = merged(one, other, "");
            assert!(is_merged, "{one} and {other}");
            let outcome = review(&workspace, "");
            assert_eq!(outcome.stdout, "0 suspect, 16 as reviewed\n", "{outcome:#?}");
        }
    }

    #[test]
    fn of_neighbouring_lines_git_keeps_both_where_it_is_told_to() {
        // Lines that touch are a conflict to git, as in any file.
        let (workspace, is_merged) = merged("a/FR-1", "a/FR-2", "");
        assert!(!is_merged && lock(&workspace).contains("<<<<<<<"));
        assert_eq!(review(&workspace, "").code(), 2);
        let union = "traceline-review.lock merge=union\n";
        let (workspace, is_merged) = merged("a/FR-1", "a/FR-2", union);
        assert!(is_merged, "{}", lock(&workspace));
        assert_eq!(review(&workspace, "").code(), 0);
        assert!(review(&workspace, "").stdout.starts_with("0 suspect"));
        // The lines that both had are there once more; the next review has one of each again.
        review(&workspace, "--all");
        assert_eq!(held(&lock(&workspace)).len(), 16);
    }
}
