//! `traceline check --stdin`: a text that is not on disk, checked as an editor checks an open document.

use traceline_tests::Workspace;
use traceline_tests::command::{Outcome, traceline, traceline_given};
use traceline_tests::report::{Finding, findings};

use crate::MISTAKE;

const TASKS: &str = "specs/login/tasks.md";

fn check(workspace: &Workspace, path: &str, text: impl AsRef<[u8]>, more: &[&str]) -> Outcome {
    let arguments = [&["check", "--stdin", "--stdin-filename", path], more].concat();
    traceline_given(workspace.root(), arguments, text)
}

fn found(outcome: &Outcome) -> Vec<Finding> {
    assert!(outcome.code() < 2, "{outcome:#?}");
    findings(&outcome.json())
}

#[test]
fn the_text_counts_and_not_the_file() {
    let workspace = Workspace::new(MISTAKE);
    let mended = workspace.text(TASKS).replace("FR-9.9", "FR-1.1");
    let broken = workspace.text(TASKS).replace("FR-9.9", "FR-8.8");
    let outcome = check(&workspace, TASKS, &mended, &["--ignore", "duplicate-reference"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let outcome = check(&workspace, TASKS, &broken, &[]);
    assert_eq!(outcome.code(), 1, "{outcome:#?}");
    // The excerpt is that of the text.
    for words in ["specs/login/tasks.md:2:28", "_Requirements: FR-1.1, FR-8.8_", "1 warning in 1 file"] {
        assert!(outcome.stdout.contains(words), "{words} in {outcome:#?}");
    }
}

#[test]
fn the_same_text_has_the_same_findings() {
    let workspace = Workspace::new(MISTAKE);
    let text =
        workspace.text(TASKS).to_owned() + "- [ ] 2. More 🎉 fr-1.1\n  - _Requirements: FR-1.1, fr-1.1, FR 1.1\n";
    for (mark, end) in [("", "\n"), ("", "\r\n"), ("\u{feff}", "\n")] {
        let text = mark.to_owned() + &text.replace('\n', end);
        workspace.write(TASKS, &text);
        for format in ["json", "sarif", "human", "gitlab"] {
            let of_file = traceline(workspace.root(), ["check", TASKS, "--format", format]);
            let of_text = check(&workspace, TASKS, &text, &["--format", format]);
            assert_eq!(of_text.stdout, of_file.stdout, "{mark:?} {end:?} {format}");
            assert_eq!(of_text.code(), of_file.code());
        }
    }
}

#[test]
fn a_file_that_is_not_there_yet_is_checked_where_it_will_be() {
    let workspace = Workspace::new(MISTAKE);
    let text = "# Plan\n\n## A\n\n_Requirements: FR-1.1, FR-7.7_\n";
    for path in ["specs/login/plan.md", "specs/login/deep/down/plan.md"] {
        let found = found(&check(&workspace, path, text, &["--format", "json", "--select", "unknown-requirement"]));
        let told: Vec<_> = found.iter().map(|it| (it.path.as_str(), it.message.as_str())).collect();
        assert_eq!(told, [(path, "`FR-7.7` is not defined in specs/login")]);
        assert!(!workspace.path(path).exists(), "nothing is written");
    }
    let inside = workspace.path("specs");
    let arguments = ["check", "--stdin", "--stdin-filename", "login/plan.md", "--format", "concise"];
    let outcome = traceline_given(&inside, arguments, text);
    assert!(outcome.stdout.contains("login/plan.md:5:24: warning unknown-requirement"), "{outcome:#?}");
}

#[test]
fn what_cannot_be_a_document_is_two() {
    let workspace = Workspace::new(MISTAKE);
    for (path, text, said) in [
        ("notes.txt", &b"words"[..], "notes.txt is no Markdown file"),
        (TASKS, b"caf\xe9", "stdin is not UTF-8 (byte 3)"),
    ] {
        let outcome = check(&workspace, path, text, &[]);
        assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{outcome:#?}");
        assert!(outcome.stderr.contains(said), "{outcome:#?}");
    }
    workspace.write("folder.md/x.txt", "words");
    let outcome = check(&workspace, "folder.md", "words", &[]);
    assert!(outcome.code() == 2 && outcome.stderr.contains("folder.md is a folder"), "{outcome:#?}");
    for (arguments, said) in [
        (&["check", "--stdin"][..], "--stdin-filename"),
        (&["check", "--stdin-filename", TASKS], "--stdin"),
        (&["check", "--stdin", "--stdin-filename", TASKS, "specs"], "cannot be used with"),
        (&["check", "--stdin", "--stdin-filename", TASKS, "--watch"], "cannot be used with"),
    ] {
        let outcome = traceline_given(workspace.root(), arguments, "");
        assert_eq!(outcome.code(), 2, "{arguments:?}: {outcome:#?}");
        assert!(outcome.stderr.contains(said), "{arguments:?}: {outcome:#?}");
    }
}
