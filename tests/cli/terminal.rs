//! What a terminal shows while something goes on: how far a long check has come.

use traceline_tests::Workspace;
use traceline_tests::command::run;
use traceline_tests::terminal::Terminal;

use crate::MISTAKE;

/// From the first file on, instead of after a second.
const AT_ONCE: (&str, &str) = ("TRACELINE_FAULT", "progress 0");
/// After longer than a test takes.
const NEVER: (&str, &str) = ("TRACELINE_FAULT", "progress 3600000");

#[test]
fn a_long_check_says_how_far_it_has_come() {
    let workspace = Workspace::new(MISTAKE);
    let (code, shown) = Terminal::start(workspace.root(), ["check"], &[AT_ONCE]).end();
    assert_eq!(code, Some(1), "{shown:?}");
    assert!(shown.contains("checking") && shown.contains("of 2 files"), "{shown:?}");
    // It is gone before the report begins.
    let report = shown.find("warning").expect("there is a finding");
    assert!(!shown[report..].contains("of 2 files"), "{shown:?}");
    for (arguments, variable) in [(&["check"][..], NEVER), (&["check", "--quiet"], AT_ONCE)] {
        let (code, shown) = Terminal::start(workspace.root(), arguments, &[variable]).end();
        assert_eq!(code, Some(1), "{shown:?}");
        assert!(!shown.contains("checking"), "{arguments:?}: {shown:?}");
    }
}

#[test]
fn nobody_who_reads_a_pipe_is_told_how_far_it_has_come() {
    let workspace = Workspace::new(MISTAKE);
    let mut command = std::process::Command::new(traceline_tests::binary::binary());
    let outcome = run(command.arg("check").current_dir(workspace.root()).envs([AT_ONCE]));
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (1, ""), "{outcome:#?}");
    assert!(!outcome.stdout.contains("checking"), "{outcome:#?}");
}
