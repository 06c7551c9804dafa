//! What happens to files and folders while the server runs.

use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace};

use crate::{LOGIN, hover_at, rules};

const CREATED: u8 = 1;
const CHANGED: u8 = 2;
const DELETED: u8 = 3;

fn tell(client: &mut Client, workspace: &Workspace, path: &str, kind: u8) {
    let change = json!({ "uri": workspace.uri(path), "type": kind });
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
}

#[test]
fn files_are_watched_where_the_client_can() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    let asked = client.received_when("client/registerCapability", |params| {
        params["registrations"]
            .as_array()
            .is_some_and(|all| all.iter().any(|it| it["method"] == "workspace/didChangeWatchedFiles"))
    });
    let watchers = asked["registrations"].as_array().expect("it was looked into").iter();
    let options = watchers
        .filter(|it| it["method"] == "workspace/didChangeWatchedFiles")
        .map(|it| &it["registerOptions"]["watchers"]);
    for watchers in options {
        assert!(watchers.as_array().is_some_and(|it| !it.is_empty()), "{asked}");
    }
    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.listen(Duration::from_millis(300));
    assert_eq!(client.received("client/registerCapability"), Vec::<Value>::new());
}

#[test]
fn a_changed_file_is_read_again() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    let spec = workspace.text("specs/login/spec.md").replace("FR-1.2", "FR-1.9");
    workspace.write("specs/login/spec.md", spec);
    tell(&mut client, &workspace, "specs/login/spec.md", CHANGED);
    let tasks = workspace.uri("specs/login/tasks.md");
    client.diagnostics_when(&tasks, |it| rules(it).contains(&"unknown-requirement"));
    workspace.write("specs/login/spec.md", workspace.text("specs/login/spec.md"));
    tell(&mut client, &workspace, "specs/login/spec.md", CHANGED);
    client.diagnostics_when(&tasks, <[Value]>::is_empty);
}

#[test]
fn a_broken_link_is_told_until_its_file_comes_and_again_once_it_goes() {
    let workspace = Workspace::new(
        "
        //- specs/login/spec.md
        - **FR-1.1**: Users sign in
        //- specs/login/plan.md
        # Plan

        See [how](../../src/login.rs) and [why](../../docs/why.md).
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/login/plan.md");
    let uri = workspace.uri("specs/login/plan.md");
    let broken = |found: &[Value]| rules(found).iter().filter(|rule| **rule == "broken-link").count();
    client.diagnostics_when(&uri, |found| broken(found) == 2);
    // A folder alone is told of where it came with what it holds.
    workspace.write("docs/why.md", "# Why\n");
    tell(&mut client, &workspace, "docs", CREATED);
    client.diagnostics_when(&uri, |found| broken(found) == 1);
    workspace.write("src/login.rs", "");
    tell(&mut client, &workspace, "src/login.rs", CREATED);
    client.diagnostics_when(&uri, |found| broken(found) == 0);
    for path in ["src/login.rs", "docs/why.md"] {
        workspace.remove(path);
        tell(&mut client, &workspace, path, DELETED);
    }
    client.diagnostics_when(&uri, |found| broken(found) == 2);
}

#[test]
fn a_created_folder_is_looked_into() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.ready();
    workspace.write(".gitignore", "target/\n");
    workspace.write("target/specs/old/spec.md", "# Old\n\n- **FR-8**: a\n- **FR-8**: b\n");
    workspace.write("specs/new/agent/spec.md", "# New\n\n- **FR-8**: a\n- **FR-8**: b\n");
    for folder in ["target", "specs/new", "specs/new/agent"] {
        tell(&mut client, &workspace, folder, CREATED);
    }
    let found = workspace.uri("specs/new/agent/spec.md");
    client.diagnostics_when(&found, |it| rules(it).contains(&"duplicate-requirement"));
    client.settle();
    let ignored = workspace.uri("target/specs/old/spec.md");
    let told = client.received("textDocument/publishDiagnostics");
    assert!(told.iter().all(|it| it["uri"] != ignored.as_str()), "{told:?}");
}

#[test]
fn a_created_file_is_read() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.ready();
    workspace.write("specs/login/requirements.md", "- **FR-2.1**: more\n");
    tell(&mut client, &workspace, "specs/login/requirements.md", CREATED);
    let uri = workspace.uri("specs/login/tasks.md");
    client.open_text(&uri, "- [ ] 1. Task\n  - _Requirements: FR-2.1_\n");
    let at = traceline_tests::Position { line: 1, character: 20 };
    // The disk is read beside the questions, so the first answers may come before.
    let read = (0..500).any(|_| {
        client.listen(Duration::from_millis(10));
        hover_at(&mut client, &uri, at).contains("more")
    });
    assert!(read, "{}", hover_at(&mut client, &uri, at));
}

#[test]
fn a_whole_created_feature_is_read() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.ready();
    workspace.write("specs/new/spec.md", "- **FR-1.1**: text\n");
    workspace.write("specs/new/tasks.md", "- [ ] 1. Task\n  - _Requirements: FR-1.1, FR-9.9_\n");
    tell(&mut client, &workspace, "specs/new/spec.md", CREATED);
    tell(&mut client, &workspace, "specs/new/tasks.md", CREATED);
    client.diagnostics_when(&workspace.uri("specs/new/tasks.md"), |it| rules(it) == ["unknown-requirement"]);
}

#[test]
fn a_deleted_file_defines_nothing_any_more() {
    let workspace = Workspace::new(LOGIN);
    workspace.write("specs/login/requirements.md", "- **FR-2.1**: more\n");
    let mut client = Client::start(&workspace);
    client.ready();
    let uri = workspace.uri("specs/login/tasks.md");
    let tasks = workspace.text("specs/login/tasks.md").replace("FR-1.2_", "FR-1.2, FR-2.1_");
    client.open_text(&uri, &tasks);
    assert!(!rules(&client.diagnostics(&uri, 1)).contains(&"unknown-requirement"));
    workspace.remove("specs/login/requirements.md");
    tell(&mut client, &workspace, "specs/login/requirements.md", DELETED);
    client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
}

#[test]
fn a_deleted_file_has_no_diagnostics_any_more() {
    let workspace = Workspace::new(LOGIN);
    workspace.write("specs/login/tasks.md", "- [ ] 1. Task\n  - _Requirements: FR-9.9_\n");
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/login/tasks.md");
    client.diagnostics_when(&uri, |it| !it.is_empty());
    workspace.remove("specs/login/tasks.md");
    tell(&mut client, &workspace, "specs/login/tasks.md", DELETED);
    client.diagnostics_when(&uri, <[Value]>::is_empty);
}

#[test]
fn a_folder_that_goes_takes_its_files_along() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1.1**: text
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-9.9_
        ",
    );
    let mut client = Client::start(&workspace);
    // An editor tells of a folder alone that goes with all that is in it, and only who wants to know of any file that does.
    let asked =
        client.received_when("client/registerCapability", |it| it.to_string().contains("didChangeWatchedFiles"));
    let watchers = asked["registrations"].as_array().expect("a list").iter();
    let mut watchers = watchers.filter_map(|it| it["registerOptions"]["watchers"].as_array()).flatten();
    assert!(watchers.any(|it| it == &json!({ "globPattern": "**/*", "kind": 5 })), "{asked}");
    let tasks = workspace.uri("specs/a/tasks.md");
    client.diagnostics_when(&tasks, |it| !it.is_empty());
    std::fs::rename(workspace.path("specs/a"), workspace.path("specs/b")).expect("a move");
    tell(&mut client, &workspace, "specs/b", 1);
    tell(&mut client, &workspace, "specs/a", 3);
    client.diagnostics_when(&workspace.uri("specs/b/tasks.md"), |it| !it.is_empty());
    client.diagnostics_when(&tasks, <[Value]>::is_empty);
    std::fs::remove_dir_all(workspace.path("specs")).expect("it is removed");
    tell(&mut client, &workspace, "specs", 3);
    client.shown_when("nothing", |all| all.is_empty().then_some(()));
}

/// Nothing is shown any more of a document with a finding after `act`, whichever way the client gets findings.
fn nothing_stays(act: impl Fn(&mut Client, &Workspace, &str)) {
    let picture = "
        //- specs/a/spec.md
        - **FR-1.1**: text
        - **FR-1.1**: text
        //- specs/b/spec.md
        - **FR-2.1**: text
        - **FR-2.1**: text
        ";
    let path = "specs/a/spec.md";
    let workspace = Workspace::new(picture);
    let left = workspace.uri("specs/b/spec.md");
    let mut client = Client::start(&workspace);
    client.ready();
    client.shown_when("both findings", |all| (all.len() == 2).then_some(()));
    act(&mut client, &workspace, path);
    client.shown_when("the other finding alone", |all| (all.len() == 1 && all.contains_key(&left)).then_some(()));

    let workspace = Workspace::new(picture);
    let left = workspace.uri("specs/b/spec.md");
    let mut client = Client::start_with(&workspace, &Setup::pulling());
    client.ask_workspace_diagnostics(Some("held"));
    client.streamed_when("held", "both findings", |all| (all.len() == 2).then_some(()));
    act(&mut client, &workspace, path);
    client.streamed_when("held", "the other finding alone", |all| {
        (all.len() == 1 && all.contains_key(&left)).then_some(())
    });
}

#[test]
fn a_document_that_is_closed_after_its_file_was_deleted_leaves_nothing() {
    nothing_stays(|client, workspace, path| {
        client.open(workspace, path);
        client.settle();
        workspace.remove(path);
        tell(client, workspace, path, 3);
        client.settle();
        client.close(&workspace.uri(path));
    });
}

#[test]
fn a_document_that_never_had_a_file_leaves_nothing() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.ready();
    // Not saved yet, in a folder that is not there yet; and one that is in no folder of the workspace.
    for uri in [workspace.uri("specs/new/spec.md"), "file:///nowhere/specs/a/spec.md".to_owned()] {
        client.open_text(&uri, "- **FR-1.1**: text\n- **FR-1.1**: text\n");
        client.diagnostics_when(&uri, |it| !it.is_empty());
        client.close(&uri);
        client.diagnostics_when(&uri, <[Value]>::is_empty);
    }
}

#[test]
fn a_file_that_can_no_longer_be_read_leaves_nothing() {
    nothing_stays(|client, workspace, path| {
        workspace.write(path, b"caf\xe9");
        tell(client, workspace, path, 2);
    });
}

#[test]
fn a_file_whose_place_a_folder_has_taken_leaves_nothing() {
    nothing_stays(|client, workspace, path| {
        workspace.remove(path);
        workspace.write(&format!("{path}/notes.txt"), "text\n");
        tell(client, workspace, path, 2);
    });
}

#[test]
fn many_changes_in_one_message_are_all_seen() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.ready();
    let changes: Vec<Value> = (0..100)
        .flat_map(|n| {
            let (spec, tasks) = (format!("specs/n{n}/spec.md"), format!("specs/n{n}/tasks.md"));
            workspace.write(&spec, "- **FR-1.1**: text\n");
            workspace.write(&tasks, "- [ ] 1. Task\n  - _Requirements: FR-1.1, FR-9.9_\n");
            [json!({ "uri": workspace.uri(&spec), "type": 1 }), json!({ "uri": workspace.uri(&tasks), "type": 1 })]
        })
        .collect();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    client.shown_when("findings in 100 new features", |shown| (shown.len() == 100).then_some(()));
}

#[test]
fn files_that_git_ignores_are_not_read() {
    let picture = "
        //- .gitignore
        /build/
        //- .git/HEAD
        ref: refs/heads/main
        //- build/spec.md
        - **FR-1.1**: text
        //- build/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-9.9_
        //- specs/a/spec.md
        - **FR-1.1**: text
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-9.8_
        ";
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), |it| !it.is_empty());
    client.ready();
    assert!(!client.shown().contains_key(&workspace.uri("build/tasks.md")));
}

#[test]
fn folders_come_and_go() {
    let picture = "
        //- one/specs/a/spec.md
        - **FR-1.1**: text
        //- one/specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-9.1_
        //- two/specs/b/spec.md
        - **FR-1.1**: text
        //- two/specs/b/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-9.2_
        ";
    let workspace = Workspace::new(picture);
    let setup = Setup { folders: vec!["one"], ..Setup::rich() };
    let mut client = Client::start_with(&workspace, &setup);
    let (one, two) = (workspace.uri("one/specs/a/tasks.md"), workspace.uri("two/specs/b/tasks.md"));
    client.diagnostics_when(&one, |it| !it.is_empty());
    client.ready();
    assert!(!client.shown().contains_key(&two), "it is in no folder of the workspace");
    let folder = |name: &str| json!({ "uri": workspace.uri(name), "name": name });
    let event = json!({ "added": [folder("two")], "removed": [] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    client.diagnostics_when(&two, |it| !it.is_empty());
    let event = json!({ "added": [], "removed": [folder("one")] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    client.diagnostics_when(&one, <[Value]>::is_empty);
    assert!(client.shown().contains_key(&two));
}

#[test]
fn two_folders_are_read_from_the_start_and_do_not_mix() {
    let picture = "
        //- one/spec.md
        - **FR-1.1**: text of one
        //- one/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1_
        //- two/spec.md
        - **FR-1.1**: text of two
        //- two/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.$01_
        ";
    let workspace = Workspace::new(picture);
    let setup = Setup { folders: vec!["one", "two"], ..Setup::rich() };
    let mut client = Client::start_with(&workspace, &setup);
    client.open(&workspace, "two/tasks.md");
    client.ready();
    let (path, at) = workspace.cursor(client.encoding());
    let words = hover_at(&mut client, &workspace.uri(path), at);
    assert!(words.contains("text of two") && !words.contains("text of one"), "{words}");
    assert!(client.shown().is_empty(), "{:?}", client.shown());
}

#[test]
fn a_folder_that_does_not_answer_keeps_nobody_waiting() {
    let picture = "
        //- near/specs/a/spec.md
        - **FR-1.1**: text
        //- near/specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-9.1_
        //- share/specs/b/spec.md
        - **FR-1.1**: text
        //- share/specs/b/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-9.2_
        ";
    let workspace = Workspace::new(picture);
    let setup = Setup { folders: vec!["share", "near"], fault: Some("silent share"), ..Setup::rich() };
    let mut client = Client::start_with(&workspace, &setup);
    client.diagnostics_when(&workspace.uri("near/specs/a/tasks.md"), |it| !it.is_empty());
    let far = workspace.uri("share/specs/b/tasks.md");
    assert!(!client.shown().contains_key(&far), "it answers in seconds");
    let said: Vec<Value> = client.received("window/logMessage");
    assert!(
        said.len() == 1 && said[0]["message"].as_str().is_some_and(|it| it.contains("does not answer")),
        "{said:?}"
    );
    // And when it does, it is read.
    client.diagnostics_when(&far, |it| !it.is_empty());
}
