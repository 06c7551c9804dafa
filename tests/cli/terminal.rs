//! What a terminal shows while something goes on: how far a long check has come, and the screen of a watch.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
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

#[test]
fn a_watch_draws_its_screen_anew_until_q() {
    for (keys, format) in [("q", "concise"), ("\u{3}", "human"), ("\u{4}", "grouped")] {
        let workspace = Workspace::new(MISTAKE);
        let mut terminal = Terminal::start(workspace.root(), ["check", "--watch", "--format", format], &[NEVER]);
        let shown = terminal.until("watching 2 files · q leaves");
        assert!(shown.contains("\u{1b}[2J") && shown.contains("`FR-9.9` is not defined"), "{shown:?}");
        // Other keys do nothing.
        terminal.press("x\u{1b}[A ");
        let mended = workspace.text("specs/login/tasks.md").replace("FR-9.9", "FR-1.2");
        workspace.write("specs/login/tasks.new", mended);
        fs::rename(workspace.path("specs/login/tasks.new"), workspace.path("specs/login/tasks.md")).expect("a move");
        let shown = terminal.until("again · q leaves");
        let screen = shown.rsplit("\u{1b}[2J").next().unwrap_or_default();
        assert!(screen.contains("`FR-1.2` is not defined") && !screen.contains("FR-9.9"), "{shown:?}");
        terminal.press(keys);
        let (code, shown) = terminal.end();
        assert_eq!(code, Some(1), "what came out of the last round: {shown:?}");
    }
}

#[test]
fn a_watch_that_is_killed_leaves_the_terminal_as_it_was() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let workspace = Workspace::new(MISTAKE);
        let mut terminal = Terminal::start(workspace.root(), ["check", "--watch"], &[NEVER]);
        assert!(terminal.echoes());
        terminal.until("watching 2 files · q leaves");
        // Keys are heard a moment later.
        let begun = Instant::now();
        while terminal.echoes() {
            assert!(begun.elapsed() < Duration::from_secs(120), "keys are not listened to");
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(terminal.kill(signal), Some(signal.as_raw()));
        assert!(terminal.echoes(), "{signal:?}");
    }
}
