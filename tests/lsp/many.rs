//! More files with findings than an editor can show: that is said where the user sees it, and what is left out is not lost.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace};

/// Nine files with a finding each, of which the fault lets the server show five.
fn nine(setup: Setup) -> (Workspace, Client) {
    let file = |n: usize| format!("//- specs/f{n}/spec.md\n- **FR-1.1**: text\n- **FR-1.1**: text\n");
    let workspace = Workspace::new(&(0..9).map(file).collect::<String>());
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("closed 5"), ..setup });
    client.ready();
    (workspace, client)
}

fn status(client: &mut Client) -> Value {
    client.request("workspace/executeCommand", json!({ "command": "traceline.status" }))
}

fn mend(client: &mut Client, workspace: &Workspace, uri: &str) {
    let path = (0..9).map(|n| format!("specs/f{n}/spec.md")).find(|it| workspace.uri(it) == uri).expect("one of nine");
    workspace.write(&path, "- **FR-1.1**: text\n");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
}

#[test]
fn that_is_said_once_and_the_status_tells_it() {
    let (workspace, mut client) = nine(Setup::rich());
    let said = client.received_when("window/showMessage", |_| true);
    let words = "findings of 5 closed files are shown, and there are more · `traceline check` lists all";
    assert_eq!(said, json!({ "type": 2, "message": words }));
    let mut shown = client.shown_when("five files", |all| (all.len() == 5).then(|| all.clone()));
    let told = status(&mut client);
    assert_eq!(told["hidden"], 4);
    let summary = told["summary"].as_str().expect("a sentence");
    assert!(summary.ends_with("; findings of 4 files are not shown, `traceline check` lists them"), "{summary}");
    // What is mended makes room for another, until all that is left is shown.
    for left in [3, 2, 1, 0] {
        let (mended, _) = shown.iter().next().map(|(uri, it)| (uri.clone(), it.clone())).expect("some are shown");
        mend(&mut client, &workspace, &mended);
        shown = client.shown_when("another file instead", |all| {
            (all.len() == 5 && !all.contains_key(&mended)).then(|| all.clone())
        });
        assert_eq!(status(&mut client)["hidden"], left);
    }
    let (mended, _) = shown.iter().next().map(|(uri, it)| (uri.clone(), it.clone())).expect("some are shown");
    mend(&mut client, &workspace, &mended);
    client.shown_when("one less", |all| (all.len() == 4).then_some(()));
    assert_eq!(client.received("window/showMessage").len(), 1);
}

#[test]
fn a_document_that_is_opened_is_always_shown() {
    let (workspace, mut client) = nine(Setup::rich());
    let shown = client.shown_when("five files", |all| (all.len() == 5).then(|| all.clone()));
    let path = (0..9).map(|n| format!("specs/f{n}/spec.md")).find(|it| !shown.contains_key(&workspace.uri(it)));
    client.open(&workspace, &path.expect("four are not shown"));
    client.shown_when("six files", |all| (all.len() == 6).then_some(()));
    assert_eq!(status(&mut client)["hidden"], 3);
}

#[test]
fn who_asks_for_the_workspace_is_told_too() {
    let (_workspace, mut client) = nine(Setup::pulling());
    assert_eq!(client.pull_workspace().len(), 5);
    client.received_when("window/showMessage", |it| it["message"].to_string().contains("there are more"));
    assert_eq!(status(&mut client)["hidden"], 4);
}
