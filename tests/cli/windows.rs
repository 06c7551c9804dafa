//! The paths of Windows, as people and other programs spell them. On other systems they are names like any other.

use std::fs;
use std::path::Path;

use serde_json::Value;
use traceline_tests::Workspace;
use traceline_tests::command::traceline;
use traceline_tests::report::{self, findings};

use crate::{CLEAN, MISTAKE};

/// The path with the drive's letter as `spelt`.
fn on_drive(root: &Path, spelt: fn(&str) -> String) -> String {
    let text = root.to_str().expect("tests use paths that are Unicode");
    let (drive, rest) = text.split_at(2);
    spelt(drive) + rest
}

/// The path by the share that Windows keeps of each drive; tests/windows/install sees to one in Wine.
fn by_share(root: &Path) -> String {
    on_drive(root, |drive| format!(r"\\localhost\{}$", drive[..1].to_ascii_lowercase()))
}

#[test]
fn every_spelling_of_a_folder_is_checked() {
    let workspace = Workspace::new(MISTAKE);
    let root = workspace.root();
    let upper = on_drive(root, str::to_ascii_uppercase);
    let lower = on_drive(root, str::to_ascii_lowercase);
    for path in [
        r"specs".to_owned(),
        r".\specs\".into(),
        r"specs/".into(),
        r".\specs\login\..\login".into(),
        r"SPECS\Login".into(),
        r"specs/login\tasks.md".into(),
        r"specs\login\TASKS.MD".into(),
        format!(r"{upper}\specs"),
        format!(r"{lower}\specs\\"),
        format!(r"{upper}/specs\login/"),
        format!(r"{lower}\SPECS"),
        format!(r"\\?\{upper}\specs"),
        format!(r"{}\specs", &upper[2..]),
        format!(r"{}\specs", by_share(root)),
        format!("{}/specs/login", by_share(root).replace('\\', "/")),
    ] {
        let (code, report) = report::check(root, &[&path]);
        let found = findings(&report);
        assert_eq!(code, 1, "{path}: {report}");
        assert_eq!(found.len(), 1, "{path}: {report}");
        assert!(found[0].path.ends_with("tasks.md") && !found[0].path.contains('\\'), "{path}: {report}");
    }
}

#[test]
fn a_folder_elsewhere_is_its_own_root() {
    let (here, there) = (Workspace::new(CLEAN), Workspace::new(MISTAKE));
    let (code, report) = report::check(here.root(), &[there.root().to_str().expect("it is Unicode")]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report)[0].path, "specs/login/tasks.md");
    assert_eq!(
        report["root"].as_str(),
        Some(there.root().to_str().expect("it is Unicode").replace('\\', "/").as_str())
    );
}

#[test]
fn names_of_devices_and_long_paths_are_read() {
    let workspace = Workspace::new("");
    let root = workspace.root().to_str().expect("it is Unicode");
    let deep = format!(r"specs\{}\{}", "long".repeat(50), "deep".repeat(50));
    for (folder, spec, tasks) in [("specs\\a", "spec.md", "aux.md"), (deep.as_str(), "spec.md", "tasks.md")] {
        // Only by this prefix does Windows make them.
        let folder = format!(r"\\?\{root}\{folder}");
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(format!(r"{folder}\{spec}"), "- **FR-1.1**: x\n").expect("it can be written");
        fs::write(format!(r"{folder}\{tasks}"), "- [ ] 1. x\n  - _Requirements: FR-1.1, FR-9.9_\n").expect("it too");
    }
    let (code, report) = report::check(workspace.root(), &[]);
    let read = |report: &Value| ["files", "references", "unread"].map(|it| report["summary"][it].clone());
    assert_eq!((code, read(&report)), (1, [4, 4, 0].map(Value::from)), "{report}");
    let (_, report) = report::check(workspace.root(), &[r"specs\a\aux.md"]);
    assert_eq!(read(&report), [1, 2, 0].map(Value::from), "{report}");
}

#[test]
fn what_is_not_there_is_told_and_the_rest_is_checked() {
    let workspace = Workspace::new(MISTAKE);
    for path in [r"B:\gone", r"\\localhost\nothing\specs", r"C:\a<b", "con", "specs:stream"] {
        let outcome = traceline(workspace.root(), ["check", path, "specs"]);
        assert_eq!(outcome.code(), 2, "{path}: {outcome:#?}");
        assert!(outcome.stdout.contains("`FR-9.9` is not defined"), "{path}: {outcome:#?}");
        assert_eq!(outcome.stderr.lines().count(), 1, "{path}: {outcome:#?}");
        assert!(outcome.stderr.contains(path), "{path}: {outcome:#?}");
    }
}

#[test]
fn a_name_with_half_a_letter_does_not_hide_the_others() {
    use std::ffi::OsString;
    use std::os::windows::ffi::OsStringExt;
    let half = |text: &str| {
        let mut wide: Vec<u16> = text.encode_utf16().collect();
        wide.push(0xD800);
        wide.extend(".md".encode_utf16());
        OsString::from_wide(&wide)
    };
    let workspace = Workspace::new(MISTAKE);
    let name = half("specs\\login\\caf");
    let outcome = traceline(workspace.root(), [&OsString::from("check"), &name, &OsString::from("specs")]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:#?}");
    assert!(outcome.stdout.contains("`FR-9.9` is not defined"), "{outcome:#?}");
    // Wine keeps files under names of its host, which have no such letters.
    if fs::write(workspace.root().join(&name), "- **FR-1**: x\n").is_ok() {
        let outcome = traceline(workspace.root(), ["check"]);
        assert_eq!(outcome.code(), 1, "{outcome:#?}");
    }
}
