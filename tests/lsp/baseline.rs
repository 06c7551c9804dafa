//! The baseline of the workspace holds in the editor as it does on the command line.

use serde_json::{Value, json};
use traceline_tests::command::traceline;
use traceline_tests::{Client, Workspace};

use crate::rules;

const NAME: &str = "traceline-baseline.json";

const PICTURE: &str = "
    //- specs/a/spec.md
    - **FR-1.1**: text
    //- specs/a/tasks.md
    - [ ] 1. Task 🎉
      - _Requirements: FR-1.1, FR-9.9_
    ";

fn unknown(diagnostics: &[Value]) -> bool {
    rules(diagnostics).contains(&"unknown-requirement")
}

fn touch(client: &mut Client, workspace: &Workspace, kind: u8) {
    let change = json!({ "uri": workspace.uri(NAME), "type": kind });
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
}

#[test]
fn it_is_followed_while_the_server_runs() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/a/tasks.md");
    client.diagnostics_when(&uri, unknown);
    traceline(workspace.root(), ["check", "--write-baseline"]);
    touch(&mut client, &workspace, 1);
    client.diagnostics_when(&uri, |it| !unknown(it));
    // Open, with lines above, it is the same finding; another one is not.
    client.open(&workspace, "specs/a/tasks.md");
    let text = workspace.text("specs/a/tasks.md").to_owned();
    client.replace(&uri, &format!("# Tasks\n\nWords\n\n{text}- [ ] 2. Task\n  - _Requirements: FR-9.8_\n"));
    let found = client.diagnostics_when(&uri, unknown);
    let messages: Vec<&str> = found.iter().filter_map(|it| it["message"].as_str()).collect();
    assert!(messages.iter().all(|it| !it.contains("FR-9.9")), "{messages:?}");
    workspace.remove(NAME);
    touch(&mut client, &workspace, 3);
    client.diagnostics_when(&uri, |it| it.iter().filter(|it| it["code"] == "unknown-requirement").count() == 2);
}

#[test]
fn one_that_is_broken_is_told_where_it_is_and_hides_nothing() {
    let workspace = Workspace::new(PICTURE);
    workspace.write(NAME, "{\n  \"version\": 1,\n<<<<<<< HEAD\n");
    let mut client = Client::start(&workspace);
    let found = client.diagnostics_when(&workspace.uri(NAME), |it| !it.is_empty());
    assert_eq!(found[0]["range"]["start"], json!({ "line": 2, "character": 0 }), "{found:?}");
    assert!(found[0]["message"].as_str().is_some_and(|it| it.starts_with("git has left a conflict")), "{found:?}");
    client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), unknown);
    workspace.write(NAME, "{\"version\": 1, \"findings\": []}");
    touch(&mut client, &workspace, 2);
    client.diagnostics_when(&workspace.uri(NAME), <[Value]>::is_empty);
}
