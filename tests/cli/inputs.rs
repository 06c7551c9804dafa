//! Files and folders that a disk may hold against us.

use std::fs;

use traceline_tests::Workspace;
use traceline_tests::command::traceline;
use traceline_tests::report::{self, findings};

use crate::CLEAN;

#[test]
fn a_file_that_is_not_utf_8_does_no_harm() {
    let workspace = Workspace::new(CLEAN);
    workspace.write("specs/bytes/spec.md", b"- **FR-1.1**: caf\xe9 \xff\xfe\n");
    workspace.write("specs/bytes/tasks.md", b"\xff\xfe- _Requirements: FR-1.1_\n\xc3");
    let (code, _) = report::check(workspace.root(), &[]);
    assert!(code < 2);
    let outcome = traceline(workspace.root(), ["inspect", "specs/bytes/spec.md", "--format", "json"]);
    assert!(outcome.code() <= 2);
}

#[test]
fn how_lines_end_and_a_byte_order_mark_change_no_finding() {
    let plain = Workspace::new(crate::MISTAKE);
    let wanted = findings(&report::check(plain.root(), &[]).1);
    assert!(!wanted.is_empty());
    for (mark, end) in [("", "\r\n"), ("\u{feff}", "\n"), ("\u{feff}", "\r\n")] {
        let workspace = Workspace::new("");
        for path in ["specs/login/spec.md", "specs/login/tasks.md"] {
            workspace.write(path, mark.to_owned() + &plain.text(path).replace('\n', end));
        }
        assert_eq!(findings(&report::check(workspace.root(), &[]).1), wanted, "{mark:?} {end:?}");
    }
}

#[test]
fn a_giant_file_is_read_or_left_out_but_ends() {
    let workspace = Workspace::new(CLEAN);
    let line = "- [ ] 1. Words and words, FR-1.1\n  - _Requirements: FR-1.1_\n";
    workspace.write("specs/giant/spec.md", "- **FR-1.1**: x\n");
    workspace.write("specs/giant/tasks.md", line.repeat(20 << 20 >> 6));
    let (code, _) = report::check(workspace.root(), &["--fail-on", "error"]);
    assert_eq!(code, 0);
}

#[test]
fn a_folder_named_as_a_file_does_no_harm() {
    let workspace = Workspace::new(CLEAN);
    fs::create_dir_all(workspace.path("specs/odd/spec.md")).expect("a folder can be made");
    let (code, _) = report::check(workspace.root(), &[]);
    assert_eq!(code, 0);
}

/// Not on Windows: Wine 8 makes no links, and follows those of its host as if they were folders.
#[test]
#[cfg(unix)]
fn links_that_go_in_circles_are_not_followed_for_ever() {
    use std::os::unix::fs::symlink;
    let workspace = Workspace::new(CLEAN);
    symlink(workspace.root(), workspace.path("specs/loop")).expect("a link can be made");
    symlink("self.md", workspace.path("specs/self.md")).expect("a link can be made");
    symlink("nowhere.md", workspace.path("specs/login/plan.md")).expect("a link can be made");
    let (code, report) = report::check(workspace.root(), &[]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(findings(&report), []);
}

/// Not on Windows: Wine 8 has no lists of who may read a file.
#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_does_not_hide_the_others() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::new(crate::MISTAKE);
    workspace.write("specs/secret/spec.md", "- **FR-1.1**: x\n");
    let secret = workspace.path("specs/secret/spec.md");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).expect("we own it");
    let (code, report) = report::check(workspace.root(), &[]);
    assert_eq!(code, 1);
    assert!(findings(&report).iter().any(|it| it.rule == "unknown-requirement"), "{report}");
}

/// Not on Windows: a name of Windows is made of UTF-16; cli/windows.rs has half a letter instead.
#[test]
#[cfg(unix)]
fn a_name_that_is_not_utf_8_does_no_harm() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let workspace = Workspace::new(CLEAN);
    let path = workspace.root().join(OsStr::from_bytes(b"specs/caf\xe9/spec.md"));
    fs::create_dir_all(path.parent().expect("it has one")).expect("a folder can be made");
    fs::write(&path, "- **FR-1.1**: x\n").expect("it can be written");
    fs::write(path.with_file_name("tasks.md"), "- [ ] 1. x\n").expect("it can be written");
    let outcome = traceline(workspace.root(), ["check"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let said: Vec<&str> = outcome.stderr.lines().collect();
    assert!(said.len() == 1 && said[0].ends_with("was not checked: its name is not Unicode"), "{outcome:#?}");
    let outcome = traceline(workspace.root(), [OsStr::new("check"), path.as_os_str(), OsStr::new("specs")]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(
        outcome.stderr.contains("its path is not Unicode") && outcome.stdout.contains("nothing found in 2 files"),
        "{outcome:#?}"
    );
}

/// Not on Windows: Wine says nothing to who writes into a pipe that is closed.
#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_crash() {
    use std::process::{Command, Stdio};
    let mut picture = String::from("//- specs/a/spec.md\n");
    for id in 0..5_000 {
        picture.push_str(&format!("- **FR-1.{}**: x\n", id % 10));
    }
    let workspace = Workspace::new(&picture);
    let mut command = Command::new(traceline_tests::binary::binary());
    command.args(["check", "--format", "json"]).current_dir(workspace.root());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    // Closed before anything is read, as `| head` does.
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!stderr.contains("panicked"), "{stderr}");
}
