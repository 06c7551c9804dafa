//! Files and folders that are renamed: links follow before it happens, scopes after.

use std::fs;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, edit};

use crate::rules;

const PICTURE: &str = "
    //- specs/a/spec.md
    - **FR-1**: one
    //- specs/a/tasks.md
    # Tasks

    See [the spec](spec.md#x) and [the plan](../b/plan.md).

    - [ ] 1. Task
      - _Requirements: FR-1_
    //- specs/b/plan.md
    [tasks](../a/tasks.md), [[spec]], `[no](../a/spec.md)`
    ";

fn files(workspace: &Workspace, from: &str, to: &str) -> Value {
    json!({ "files": [{ "oldUri": workspace.uri(from), "newUri": workspace.uri(to) }] })
}

#[test]
fn the_server_wants_to_know_of_documents_and_folders() {
    let workspace = Workspace::new(PICTURE);
    let client = Client::start(&workspace);
    let operations = &client.initialized()["capabilities"]["workspace"]["fileOperations"];
    for operation in ["willRename", "didRename"] {
        let filters = operations[operation]["filters"].as_array().expect("there are filters");
        let kinds: Vec<&str> = filters.iter().filter_map(|filter| filter["pattern"]["matches"].as_str()).collect();
        assert_eq!(kinds, ["file", "folder"]);
    }
}

#[test]
fn links_follow_a_file_in_open_and_closed_documents() {
    for setup in [Setup::rich(), Setup::bare()] {
        let workspace = Workspace::new(PICTURE);
        let mut client = Client::start_with(&workspace, &setup);
        client.open(&workspace, "specs/a/tasks.md");
        let params = files(&workspace, "specs/a/spec.md", "specs/a/requirements.md");
        let answer = client.request("workspace/willRenameFiles", params);
        let after = edit::carried_out(&workspace, &answer, client.encoding());
        let tasks = workspace.text("specs/a/tasks.md").replace("(spec.md#x)", "(requirements.md#x)");
        assert_eq!(after["specs/a/tasks.md"], tasks);
        assert_eq!(after["specs/b/plan.md"], workspace.text("specs/b/plan.md").replace("[[spec]]", "[[requirements]]"));
    }
}

#[test]
fn what_no_link_leads_to_changes_nothing() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start(&workspace);
    client.ready();
    let params = files(&workspace, "specs/c", "specs/d");
    assert_eq!(client.request("workspace/willRenameFiles", params), Value::Null);
}

#[test]
fn a_folder_that_moves_is_a_feature_at_its_new_place() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, "specs/a/tasks.md");
    client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), <[Value]>::is_empty);
    let params = files(&workspace, "specs/a", "specs/login");
    let answer = client.request("workspace/willRenameFiles", params.clone());
    let after = edit::carried_out(&workspace, &answer, client.encoding());
    assert_eq!(
        after["specs/b/plan.md"],
        workspace.text("specs/b/plan.md").replace("(../a/tasks.md)", "(../login/tasks.md)")
    );
    // As an editor does it, with a client that watches no files: the spec is only known at its new place by this.
    client.close(&workspace.uri("specs/a/tasks.md"));
    fs::rename(workspace.path("specs/a"), workspace.path("specs/login")).expect("the folder can be moved");
    client.notify("workspace/didRenameFiles", params);
    let uri = workspace.uri("specs/login/tasks.md");
    client.open_text(&uri, &workspace.text("specs/a/tasks.md").replace("FR-1", "FR-1, FR-7"));
    let shown = client.diagnostics_when(&uri, |it| rules(it) == ["unknown-requirement"]);
    assert!(
        shown[0]["message"].as_str().is_some_and(|it| it.starts_with("`FR-7` is not defined in specs/login")),
        "{shown:?}"
    );
}
