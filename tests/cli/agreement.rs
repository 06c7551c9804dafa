//! The command and the editor give the same findings: one engine.

use std::path::Path;

use traceline_tests::report::{self, Finding, findings, shown};
use traceline_tests::{Client, Encoding, Setup, Workspace, capabilities, places, workspace};

use crate::{CLEAN, MISTAKE, UNCOVERED};

/// A feature with a finding of nearly every rule.
const MANY: &str = "
    //- specs/a/spec.md
    # Spec

    - **FR-1.1**: text 🎉
    - **FR-1.2**: text
    - **FR-1.2**: text again
    - **FR-1.3**: forgotten
    - **NFR-4**: text
    //- specs/a/plan.md
    # Plan with fr-1.1 and FR-8.8

    _Requirements: FR-1.1, FR-1.1, NF-4, FR 1.2_

    _Requirements: FR-1.2
    //- specs/a/tasks.md
    - [ ] 1. Task 字
      - _Requirements: FR-1.1, FR-9.9_
    - [ ] 1. Task again
      - _Requirements: [Reference specific requirements from spec]_
    - [ ] 2. Task without trace
    <!-- traceline: allow unknown-requirement nothing is wrong here -->
    //- specs/b/spec.md
    - **FR-9.9**: elsewhere
    ";

/// A file is found the same amiss by itself as among all: what the features beside it define counts.
#[test]
fn a_file_alone_is_judged_as_among_all() {
    let root = Workspace::new(
        "
        //- traceline.toml
        //- specs/a/spec.md
        - **FR-1**: text
        //- specs/a/tasks.md
        - [ ] 1. T
          - _Requirements: FR-1, AC-7_
        //- specs/b/spec.md
        - **AC-7**: text
        ",
    );
    let (_, all) = report::check(root.root(), &[]);
    let (_, one) = report::check(root.root(), &["specs/a/tasks.md"]);
    let own: Vec<_> = findings(&all).into_iter().filter(|finding| finding.path == "specs/a/tasks.md").collect();
    assert!(own.iter().any(|finding| finding.rule == "unknown-requirement"), "{own:?}");
    assert_eq!(findings(&one), own);
}

/// What the command reports is what an editor is sent, and what one that asks is told: of the workspace at once, of the
/// workspace bit by bit, and of each file by itself.
fn agree(root: &Path) -> Vec<Finding> {
    let (_, report) = report::check(root, &[]);
    let expected = findings(&report);
    let mut client = start(root, capabilities::rich());
    client.ready();
    let begun = std::time::Instant::now();
    // What is published after the reading may take a moment more.
    while shown(root, &client.shown()) != expected && begun.elapsed().as_secs() < 10 {
        client.listen(std::time::Duration::from_millis(50));
    }
    same(&expected, &shown(root, &client.shown()), "is sent");

    let mut client = start(root, capabilities::pulling());
    same(&expected, &shown(root, &client.pull_workspace()), "asks for the workspace");
    for uri in client.all_known().into_keys() {
        // Asked for from nothing, each is told whole.
        client.forget(&uri);
        client.pull(&uri);
    }
    same(&expected, &shown(root, &client.all_known()), "asks for each file");
    assert!(client.published().is_empty(), "who asks is sent nothing");

    let mut client = start(root, capabilities::pulling());
    client.ask_workspace_diagnostics(Some("held"));
    let begun = std::time::Instant::now();
    client.streamed_when("held", "all findings", |all| {
        (shown(root, all) == expected || begun.elapsed().as_secs() > 10).then_some(())
    });
    same(&expected, &shown(root, &client.all_known()), "takes partial results");
    expected
}

fn start(root: &Path, capabilities: serde_json::Value) -> Client {
    let mut client = Client::launch();
    let capabilities = Setup::new(capabilities).offering(&[Encoding::Utf16]).capabilities;
    let uri = workspace::uri(root);
    client.initialize(serde_json::json!({
        "processId": null,
        "rootUri": uri,
        "workspaceFolders": [{ "uri": uri, "name": "root" }],
        "capabilities": capabilities,
    }));
    client
}

fn same(expected: &[Finding], actual: &[Finding], who: &str) {
    let only = |these: &[Finding], those: &[Finding]| -> Vec<Finding> {
        these.iter().filter(|it| !those.contains(it)).cloned().collect()
    };
    assert!(
        actual == expected,
        "only the command says {:#?}\nonly the editor that {who} says {:#?}",
        only(expected, actual),
        only(actual, expected)
    );
}

#[test]
fn over_small_projects() {
    for picture in [CLEAN, MISTAKE, UNCOVERED] {
        agree(Workspace::new(picture).root());
    }
}

#[test]
fn over_a_project_with_many_mistakes() {
    let found = agree(Workspace::new(MANY).root());
    assert!(found.len() >= 8, "{found:#?}");
}

#[test]
fn over_a_project_with_settings() {
    let workspace = Workspace::new(MANY);
    workspace.write("traceline.toml", "[rules]\nunknown-requirement = \"error\"\nplaceholder-left = \"off\"\n");
    let found = agree(workspace.root());
    assert!(found.iter().any(|it| it.level == "error"), "{found:#?}");
    // A folder of its own, with another dialect, other families and keys, other levels, and less that is read.
    workspace.write(
        "specs/a/traceline.toml",
        "[ids]\nfamilies = [\"NFR\"]\nwhen-defined = [\"FR\"]\n[roles]\nplan = [\"spec.md\"]\nspec = [\"plan.md\"]\n\
         [traces]\nkeys = [\"Requirements\"]\n[rules]\nid-case = \"warning\"\n[files]\nexclude = [\"tasks.md\"]\n",
    );
    let other = agree(workspace.root());
    assert_ne!(other, found);
    workspace.write("specs/b/traceline.toml", "[ids]\nfamilies = []\n");
    agree(workspace.root());
    workspace.write("traceline.toml", "dialect = \"openspec\"\n");
    agree(workspace.root());
}

#[test]
fn over_a_project_with_a_baseline() {
    let workspace = Workspace::new(MANY);
    let before = agree(workspace.root());
    let tasks = workspace.text("specs/a/tasks.md").to_owned();
    workspace.write("specs/a/tasks.md", "- [ ] 1. Task 字\n  - _Requirements: FR-1.1, FR-9.9_\n");
    traceline_tests::command::traceline(workspace.root(), ["check", "--write-baseline"]);
    assert_eq!(agree(workspace.root()), []);
    // What comes back is new, and told in both.
    workspace.write("specs/a/tasks.md", format!("# Tasks\n\n{tasks}"));
    let found = agree(workspace.root());
    assert!(!found.is_empty() && found.len() < before.len(), "{found:#?}");
    // One that is broken hides nothing in the editor, and the command does not run.
    workspace.write("traceline-baseline.json", "{");
    let mut client = start(workspace.root(), capabilities::pulling());
    assert!(shown(workspace.root(), &client.pull_workspace()).len() >= before.len());
}

#[test]
fn over_a_project_with_reviews() {
    let workspace = Workspace::new(MANY);
    let before = agree(workspace.root());
    traceline_tests::command::traceline(workspace.root(), ["review", "--all"]);
    assert_eq!(agree(workspace.root()), before);
    let spec = workspace.text("specs/a/spec.md").replace("text 🎉", "other 🎉 text").replace("forgotten", "found");
    workspace.write("specs/a/spec.md", spec);
    let found = agree(workspace.root());
    assert_eq!(found.iter().filter(|it| it.rule == "suspect-link").count(), 2, "{found:#?}");
    assert_eq!(found.len(), before.len() + 2, "{found:#?}");
}

#[test]
fn over_real_documents() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    let mut projects: Vec<_> = std::fs::read_dir(corpus)
        .expect("the corpus can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    projects.sort();
    let found: usize = projects.iter().map(|project| agree(project).len()).sum();
    assert!(found > 100, "{found} findings over {} projects", projects.len());
}

/// Lines of which random documents are made.
const LINES: &[&str] = &[
    "# Part",
    "## Part of a part",
    "- **FR-1.1**: text 🎉",
    "- **FR-1.2**: text",
    "- **FR-2.1**: other text",
    "- [ ] 1. Task",
    "- [x] 2. Task 字",
    "  - _Requirements: FR-1.1, FR-9.9_",
    "_Requirements: FR-1.2, FR-1.2_",
    "_Requirements: FR-2.1, NF-1.1",
    "_Requirements: [which ones]_",
    "Prose about FR-1.1 and FR-7.7.",
    "<!-- traceline: allow unknown-requirement -->",
    "```",
    "",
];

/// A document of random lines; the same numbers give the same document.
fn document(state: &mut u64) -> String {
    let mut dice = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 33).expect("31 bits fit")
    };
    (0..12).map(|_| LINES[dice() % LINES.len()].to_owned() + "\n").collect()
}

#[test]
fn after_random_edits_of_open_and_closed_files() {
    let files = ["specs/a/spec.md", "specs/a/plan.md", "specs/a/tasks.md", "specs/b/spec.md", "specs/b/tasks.md"];
    let workspace = Workspace::new(&files.map(|path| format!("//- {path}\n# T\n")).concat());
    let root = workspace.root();
    let (mut sent, mut asks) = (start(root, capabilities::rich()), start(root, capabilities::pulling()));
    asks.ask_workspace_diagnostics(Some("held"));
    for client in [&mut sent, &mut asks] {
        client.ready();
        for path in &files[..3] {
            client.open(&workspace, path);
        }
    }
    let mut state = 7;
    for round in 0..25 {
        for path in files {
            if document(&mut state).len().is_multiple_of(3) {
                continue;
            }
            let text = document(&mut state);
            workspace.write(path, &text);
            let uri = workspace.uri(path);
            for client in [&mut sent, &mut asks] {
                if files[..3].contains(&path) {
                    client.replace(&uri, &text);
                } else {
                    let change = serde_json::json!({ "changes": [{ "uri": uri, "type": 2 }] });
                    client.notify("workspace/didChangeWatchedFiles", change);
                }
            }
        }
        let expected = findings(&report::check(root, &[]).1);
        // What is found of closed files comes after a moment.
        let late = |begun: std::time::Instant| begun.elapsed().as_secs() > 10;
        let begun = std::time::Instant::now();
        while shown(root, &sent.shown()) != expected && !late(begun) {
            sent.listen(std::time::Duration::from_millis(20));
        }
        same(&expected, &shown(root, &sent.shown()), &format!("is sent (round {round})"));
        let begun = std::time::Instant::now();
        asks.streamed_when("held", "what the command says", |all| {
            (shown(root, all) == expected || late(begun)).then_some(())
        });
        same(&expected, &shown(root, &asks.all_known()), &format!("takes partial results (round {round})"));
        for path in files {
            asks.pull(&workspace.uri(path));
        }
        same(&expected, &shown(root, &asks.all_known()), &format!("asks (round {round})"));
    }
}
