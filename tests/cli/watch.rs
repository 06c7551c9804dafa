//! `traceline check --watch` without a terminal: each round follows the one before, and the end of stdin ends them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use traceline_tests::Workspace;
use traceline_tests::binary::binary;
use traceline_tests::command::traceline;

use crate::{CLEAN, MISTAKE};

/// How long a round may be awaited before it is said not to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running watch, whose output and complaints are one stream.
struct Watch<'w> {
    workspace: &'w Workspace,
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl<'w> Watch<'w> {
    fn start(workspace: &'w Workspace, arguments: &[&str]) -> Self {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let mut command = Command::new(binary());
        command.args(["check", "--watch", "--format", "concise"]).args(arguments).current_dir(workspace.root());
        command.env("NO_COLOR", "1").stdin(Stdio::piped()).stdout(writer.try_clone().expect("a pipe")).stderr(writer);
        let mut child = command.spawn().expect("it starts");
        // Its own ends would keep the pipe open.
        drop(command);
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Self { workspace, stdin: child.stdin.take(), child, lines }
    }

    /// What the next round tells, and its last line, which says what was checked.
    fn round(&self) -> (Vec<String>, String) {
        let begun = Instant::now();
        let mut told = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
                Ok(line) if line.starts_with("watching ") || line.starts_with("checked ") => return (told, line),
                Ok(line) => told.push(line),
                Err(error) => panic!("no round comes ({error}), but {told:?}"),
            }
        }
    }

    /// Waits for a round that tells what a fresh check tells: a busy machine may see a part of a change before the rest.
    fn agrees(&self, arguments: &[&str]) -> String {
        let fresh = traceline(self.workspace.root(), ["check", "--format", "concise"].iter().chain(arguments));
        let wanted: Vec<&str> = fresh.stdout.lines().chain(fresh.stderr.lines()).collect();
        let begun = Instant::now();
        loop {
            let (told, last) = self.round();
            if wanted.len() == told.len() && wanted.iter().all(|line| told.iter().any(|it| it == line)) {
                return last;
            }
            assert!(begun.elapsed() < PATIENCE, "{told:#?} is not {wanted:#?}");
        }
    }

    /// Puts a text in the place of a file at once, as careful editors do.
    fn write(&self, path: &str, text: &str) {
        let beside = format!("{path}.new");
        self.workspace.write(&beside, text);
        fs::rename(self.workspace.path(&beside), self.workspace.path(path)).expect("a move");
    }

    /// Closes stdin, and gives the exit code.
    fn end(mut self) -> Option<i32> {
        drop(self.stdin.take());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        // After a failed test it would watch for ever.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_change_is_a_round_and_the_end_of_stdin_the_end() {
    let workspace = Workspace::new(MISTAKE);
    let watch = Watch::start(&workspace, &[]);
    let (told, last) = watch.round();
    assert!(told[0].contains("specs/login/tasks.md:2:28: warning unknown-requirement"), "{told:#?}");
    assert_eq!(last, "watching 2 files");
    watch.write("specs/login/spec.md", "- **FR-1.1**: Users sign in\n- **FR-9.9**: Users sign out\n");
    watch.agrees(&[]);
    assert_eq!(watch.end(), Some(0), "what came out of the last round");
}

#[test]
fn only_what_can_have_changed_is_checked_again() {
    let mut picture = String::new();
    for feature in ["a", "b", "c"] {
        picture += &format!(
            "//- specs/{feature}/spec.md\n- **FR-1.1**: Words\n//- specs/{feature}/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1_\n"
        );
    }
    let workspace = Workspace::new(&picture);
    let watch = Watch::start(&workspace, &[]);
    assert_eq!(watch.round().1, "watching 6 files");
    watch.write("specs/b/tasks.md", "- [ ] 1. Other words\n  - _Requirements: FR-1.1, FR-9.9_\n");
    assert_eq!(watch.agrees(&[]), "checked 2 of 6 files again");
    // What is defined may be meant from anywhere.
    watch.write("specs/b/spec.md", "- **FR-1.1**: Words\n- **FR-9.9**: Words\n");
    assert_eq!(watch.agrees(&[]), "checked 6 of 6 files again");
    assert_eq!(watch.end(), Some(0));
}

#[test]
fn files_and_folders_come_and_go() {
    let workspace = Workspace::new(MISTAKE);
    let watch = Watch::start(&workspace, &[]);
    watch.round();
    workspace.write("specs/pay/spec.md", "- **FR-1.1**: Users pay\n");
    watch.agrees(&[]);
    workspace.write("specs/pay/tasks.md", "- [ ] 1. T\n  - _Requirements: FR-1.1, FR-7.7_\n");
    watch.agrees(&[]);
    fs::rename(workspace.path("specs/pay"), workspace.path("specs/cash")).expect("a move");
    watch.agrees(&[]);
    workspace.remove("specs/login/tasks.md");
    watch.agrees(&[]);
    fs::remove_dir_all(workspace.path("specs/cash")).expect("it is removed");
    watch.agrees(&[]);
    assert_eq!(watch.end(), Some(0));
}

#[test]
fn a_link_is_broken_until_its_file_comes() {
    let workspace = Workspace::new(&format!("{CLEAN}//- docs/plan.md\n# Plan\n\nSee [why](why.md).\n"));
    let watch = Watch::start(&workspace, &[]);
    assert!(watch.round().0.iter().any(|line| line.contains("broken-link")));
    workspace.write("docs/why.md", "# Why\n");
    watch.agrees(&[]);
    workspace.remove("docs/why.md");
    watch.agrees(&[]);
    assert_eq!(watch.end(), Some(0));
}

#[test]
fn settings_are_followed_and_mistakes_in_them_told() {
    let workspace = Workspace::new(MISTAKE);
    let watch = Watch::start(&workspace, &[]);
    watch.round();
    for toml in
        ["[rules]\nunknown-requirement = \"error\"\n", "[files]\nexclude = [\"tasks.md\"]\n", "[rules", "[rules]\n"]
    {
        watch.write("traceline.toml", toml);
        watch.agrees(&[]);
    }
    watch.write("traceline-baseline.json", "{");
    until(&watch, "traceline-baseline.json:");
    workspace.remove("traceline-baseline.json");
    watch.agrees(&[]);
    assert_eq!(watch.end(), Some(1));
}

/// The lines up to one that holds `words`.
fn until(watch: &Watch<'_>, words: &str) -> Vec<String> {
    let mut told = Vec::new();
    while told.last().is_none_or(|it: &String| !it.contains(words)) {
        told.push(watch.lines.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{error}: {told:#?}")));
    }
    told
}

#[test]
fn what_was_named_is_watched_and_nothing_else() {
    let workspace = Workspace::new(MISTAKE);
    workspace.write("specs/pay/spec.md", "- **FR-1.1**: Users pay\n");
    let watch = Watch::start(&workspace, &["specs/login/tasks.md"]);
    assert_eq!(watch.round().1, "watching 1 file");
    // Another feature is no reason for a round.
    watch.write("specs/pay/spec.md", "- **FR-1.1**: Users do not pay\n");
    watch.write("specs/login/tasks.md", "- [ ] 1. T\n  - _Requirements: FR-1.1, FR-9.8_\n");
    let (told, last) = watch.round();
    assert!(told[0].contains("FR-9.8"), "{told:#?}");
    assert_eq!(last, "checked 1 of 1 file again");
    workspace.remove("specs/login/tasks.md");
    let gone = until(&watch, "specs/login/tasks.md was not checked: there is no such file");
    watch.round();
    assert_eq!(watch.end(), Some(2), "{gone:#?}");
}

#[test]
fn what_the_watch_writes_itself_is_no_change() {
    let workspace = Workspace::new(MISTAKE);
    let watch = Watch::start(&workspace, &["--output", "human=specs/login/report.md"]);
    watch.round();
    for id in ["FR-9.1", "FR-9.2", "FR-9.3"] {
        watch.write("specs/login/tasks.md", &format!("- [ ] 1. T\n  - _Requirements: FR-1.1, {id}_\n"));
        let (told, _) = watch.round();
        assert!(told[0].contains(id), "{id} in {told:#?}");
    }
    assert_eq!(watch.end(), Some(1));
}

#[test]
fn what_is_wrong_from_the_beginning_is_two_and_no_watch() {
    let workspace = Workspace::new(CLEAN);
    for (arguments, said) in [
        (&["no/such/folder"][..], "no/such/folder cannot be read"),
        (&["--write-baseline"], "cannot be used with"),
        (&["--statistics", "--format", "json"], "--statistics"),
    ] {
        let outcome = traceline(workspace.root(), ["check", "--watch"].iter().chain(arguments));
        assert_eq!(outcome.code(), 2, "{arguments:?}: {outcome:#?}");
        assert!(outcome.stderr.contains(said), "{arguments:?}: {outcome:#?}");
    }
    // Without any input there is one round.
    let outcome = traceline(workspace.root(), ["check", "--watch"]);
    assert_eq!((outcome.code(), outcome.stderr.trim()), (0, "watching 2 files"), "{outcome:#?}");
}
