//! Diagnostics that the client asks for: of a document and of the workspace, only what it does not know yet, and never
//! sent unasked.

use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace};

use crate::{LOGIN, rules, substitution};

fn pulling(workspace: &Workspace) -> Client {
    let client = Client::start_with(workspace, &Setup::pulling());
    assert!(client.pulls());
    client
}

fn ready() -> (Workspace, Client) {
    let workspace = Workspace::new(LOGIN);
    let mut client = pulling(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    (workspace, client)
}

/// Two features; `specs/b/tasks.md` has a finding that nothing but its own spec can mend.
const TWO: &str = "
    //- specs/a/spec.md
    - **FR-1.1**: text
    //- specs/a/tasks.md
    - [ ] 1. Task
      - _Requirements: FR-1.1, FR-9.1_
    //- specs/b/spec.md
    - **FR-2.1**: text
    //- specs/b/tasks.md
    - [ ] 1. Task
      - _Requirements: FR-2.1, FR-9.2_
    ";

#[test]
fn what_is_found_is_told_when_it_is_asked_for_and_never_sent() {
    let (workspace, mut client) = ready();
    let uri = workspace.uri("specs/login/tasks.md");
    assert_eq!(client.pull(&uri), Vec::<Value>::new());
    let text = workspace.text("specs/login/tasks.md");
    let change = substitution(text, "FR-1.2", "FR-9.9", client.encoding());
    client.change(&uri, &[change]);
    // It was edited before it was asked about, so the answer is of the edited text.
    assert_eq!(rules(&client.pull(&uri)), ["unknown-requirement"]);
    client.replace(&uri, text);
    assert_eq!(client.pull(&uri), Vec::<Value>::new());
    client.listen(Duration::from_millis(300));
    assert!(client.published().is_empty(), "{:?}", client.published());
}

#[test]
fn what_the_client_knows_is_not_told_again() {
    let (workspace, mut client) = ready();
    let uri = workspace.uri("specs/login/tasks.md");
    let text = workspace.text("specs/login/tasks.md");
    client.replace(&uri, &text.replace("FR-1.2", "FR-9.9"));
    let first = client.ask_diagnostics(&uri);
    assert_eq!((&first["kind"], first["items"].as_array().map(Vec::len)), (&json!("full"), Some(1)));
    let second = client.ask_diagnostics(&uri);
    assert_eq!((&second["kind"], &second["resultId"]), (&json!("unchanged"), &first["resultId"]));
    assert!(second.get("items").is_none(), "{second}");
    // An edit that changes no finding and moves none leaves what is known.
    client.replace(&uri, &(text.replace("FR-1.2", "FR-9.9") + "\nA line below.\n"));
    assert_eq!(client.ask_diagnostics(&uri)["kind"], "unchanged");
    // One that moves a finding does not.
    client.replace(&uri, &("A line above.\n\n".to_owned() + &text.replace("FR-1.2", "FR-9.9")));
    let moved = client.ask_diagnostics(&uri);
    assert_eq!(moved["kind"], "full");
    assert_ne!(moved["resultId"], first["resultId"]);
    assert_eq!(client.ask_diagnostics(&uri)["kind"], "unchanged");
    // The first state again is not taken for known: the client has replaced what it knew of it.
    client.replace(&uri, &text.replace("FR-1.2", "FR-9.9"));
    assert_eq!(client.ask_diagnostics(&uri)["kind"], "full");
    // Nothing found is a state too.
    client.replace(&uri, text);
    assert_eq!(client.ask_diagnostics(&uri)["items"], json!([]));
    assert_eq!(client.ask_diagnostics(&uri)["kind"], "unchanged");
}

#[test]
fn another_file_makes_what_is_known_out_of_date_and_the_client_is_told_to_ask_again() {
    let mut capabilities = traceline_tests::capabilities::pulling();
    capabilities["textDocument"]["diagnostic"]["relatedDocumentSupport"] = json!(false);
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::new(capabilities));
    client.open(&workspace, "specs/login/tasks.md");
    client.open(&workspace, "specs/login/spec.md");
    client.ready();
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    assert_eq!(client.pull(&tasks), Vec::<Value>::new());
    assert_eq!(client.pull(&spec), Vec::<Value>::new());
    client.listen(Duration::from_millis(500));
    let refreshes = |client: &Client| client.received("workspace/diagnostic/refresh").len();
    let before = refreshes(&client);
    let text = workspace.text("specs/login/spec.md");
    let renamed = substitution(text, "FR-1.2", "FR-1.7", client.encoding());
    client.change(&spec, &[renamed]);
    while refreshes(&client) == before {
        client.listen(Duration::from_millis(10));
    }
    assert_eq!(rules(&client.pull(&tasks)), ["unknown-requirement"]);
    client.pull(&spec);
    // Prose changes nothing elsewhere.
    client.listen(Duration::from_millis(500));
    let before = refreshes(&client);
    let words = substitution(text, "a user", "a known user", client.encoding());
    client.change(&spec, &[words]);
    client.listen(Duration::from_millis(500));
    assert_eq!(refreshes(&client), before);
}

#[test]
fn a_document_that_was_edited_and_asked_about_at_once_goes_out_of_date_like_any_other() {
    let mut capabilities = traceline_tests::capabilities::pulling();
    capabilities["textDocument"]["diagnostic"]["relatedDocumentSupport"] = json!(false);
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::new(capabilities));
    client.open(&workspace, "specs/login/tasks.md");
    client.open(&workspace, "specs/login/spec.md");
    client.ready();
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    let text = workspace.text("specs/login/tasks.md");
    client.replace(&tasks, &format!("{text}\n"));
    assert_eq!(client.pull(&tasks), Vec::<Value>::new());
    client.listen(Duration::from_millis(500));
    let refreshes = |client: &Client| client.received("workspace/diagnostic/refresh").len();
    let before = refreshes(&client);
    let renamed = substitution(workspace.text("specs/login/spec.md"), "FR-1.2", "FR-1.7", client.encoding());
    client.change(&spec, &[renamed]);
    while refreshes(&client) == before {
        client.listen(Duration::from_millis(10));
    }
    assert_eq!(rules(&client.pull(&tasks)), ["unknown-requirement"]);
}

#[test]
fn the_other_files_of_a_feature_come_with_the_answer() {
    let (workspace, mut client) = ready();
    client.open(&workspace, "specs/login/spec.md");
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    client.pull(&tasks);
    client.pull(&spec);
    let text = workspace.text("specs/login/spec.md");
    client.replace(&spec, &text.replace("FR-1.2", "FR-1.7"));
    let answer = client.ask_diagnostics(&spec);
    let related = answer["relatedDocuments"].as_object().expect("other files are concerned");
    assert!(related.contains_key(&tasks) && related.contains_key(&workspace.uri("specs/login/plan.md")), "{answer}");
    assert_eq!(rules(&client.known(&tasks)), ["unknown-requirement"]);
    // What came with an answer is known.
    assert_eq!(client.ask_diagnostics(&tasks)["kind"], "unchanged");
    assert!(client.ask_diagnostics(&spec).get("relatedDocuments").is_none());
    client.replace(&spec, text);
    client.ask_diagnostics(&spec);
    assert_eq!(client.known(&tasks), Vec::<Value>::new());
}

#[test]
fn a_workspace_is_answered_when_all_of_it_has_been_checked() {
    let workspace = Workspace::new(TWO);
    let mut client = pulling(&workspace);
    // Asked at once: the reading has hardly begun.
    let found = client.pull_workspace();
    let (a, b) = (workspace.uri("specs/a/tasks.md"), workspace.uri("specs/b/tasks.md"));
    assert_eq!(found.keys().collect::<std::collections::BTreeSet<_>>(), [&a, &b].into());
    // Asked again, everything is known.
    let id = client.ask_workspace_diagnostics(None);
    let again = client.answer(id).expect("it is answered");
    let kinds: Vec<&Value> = again["items"].as_array().expect("reports").iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["unchanged", "unchanged"]);
    // An open document says what its editor says, and what is mended is cleared.
    client.open_text(&a, "- [ ] 1. Task\n  - _Requirements: FR-1.1_\n");
    workspace.write("specs/b/spec.md", "- **FR-2.1**: text\n- **FR-9.2**: text\n");
    let change = json!({ "uri": workspace.uri("specs/b/spec.md"), "type": 2 });
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    let begun = std::time::Instant::now();
    while !client.pull_workspace().is_empty() {
        assert!(begun.elapsed().as_secs() < 10, "{:?}", client.all_known());
    }
}

#[test]
fn a_held_request_is_told_of_every_change_as_it_comes() {
    let workspace = Workspace::new(TWO);
    let mut client = pulling(&workspace);
    let id = client.ask_workspace_diagnostics(Some("held"));
    let (a, b) = (workspace.uri("specs/a/tasks.md"), workspace.uri("specs/b/tasks.md"));
    client.streamed_when("held", "both findings", |all| (all.len() == 2).then_some(()));
    client.open(&workspace, "specs/a/spec.md");
    client.open(&workspace, "specs/b/tasks.md");
    // An edit of one file mends another, which is closed.
    client.replace(&workspace.uri("specs/a/spec.md"), "- **FR-1.1**: text\n- **FR-9.1**: text\n");
    client.streamed_when("held", "a mended file", |all| (!all.contains_key(&a)).then_some(()));
    // An open document is told of too, with its version.
    client.replace(&b, "- [ ] 1. Task\n  - _Requirements: FR-2.1_\n");
    client.streamed_when("held", "a mended document", |all| all.is_empty().then_some(()));
    let last = client.received("$/progress").into_iter().rfind(|it| it["token"] == "held").expect("it was told");
    assert_eq!((&last["value"]["items"][0]["uri"], &last["value"]["items"][0]["version"]), (&json!(b), &json!(2)));
    // Closed without being saved, the file counts again.
    client.close(&b);
    client.streamed_when("held", "the file's finding", |all| all.contains_key(&b).then_some(()));
    client.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(client.refusal(id), -32800);
}

#[test]
fn a_held_request_that_asks_again_hears_only_news() {
    let workspace = Workspace::new(TWO);
    let mut client = pulling(&workspace);
    let first = client.ask_workspace_diagnostics(Some("one"));
    client.streamed_when("one", "both findings", |all| (all.len() == 2).then_some(()));
    client.notify("$/cancelRequest", json!({ "id": first }));
    assert_eq!(client.refusal(first), -32800);
    // While nobody listens a file is mended.
    workspace.write("specs/b/tasks.md", "- [ ] 1. Task\n  - _Requirements: FR-2.1_\n");
    let change = json!({ "uri": workspace.uri("specs/b/tasks.md"), "type": 2 });
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    client.listen(Duration::from_millis(300));
    client.ask_workspace_diagnostics(Some("two"));
    client.streamed_when("two", "the mended file", |all| (all.len() == 1).then_some(()));
    client.listen(Duration::from_millis(300));
    let told: Vec<Value> = client.received("$/progress").into_iter().filter(|it| it["token"] == "two").collect();
    let uris: Vec<&Value> =
        told.iter().flat_map(|it| it["value"]["items"].as_array().expect("reports")).map(|it| &it["uri"]).collect();
    assert_eq!(uris, [&json!(workspace.uri("specs/b/tasks.md"))]);
}

#[test]
fn a_held_request_ends_with_the_session() {
    let workspace = Workspace::new(TWO);
    let mut client = pulling(&workspace);
    let id = client.ask_workspace_diagnostics(Some("held"));
    client.streamed_when("held", "both findings", |all| (all.len() == 2).then_some(()));
    client.request("shutdown", Value::Null);
    assert_eq!(client.answer(id).expect("it is answered")["items"], json!([]));
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_exit(Duration::from_secs(5)), 0);
}

#[test]
fn progress_ends_when_everything_has_been_checked_though_the_request_is_held() {
    let workspace = Workspace::new(TWO);
    let mut client = pulling(&workspace);
    let params = json!({ "previousResultIds": [], "partialResultToken": "held", "workDoneToken": "work" });
    client.ask("workspace/diagnostic", params);
    client.received_when("$/progress", |it| it["token"] == "work" && it["value"]["kind"] == "end");
    client.streamed_when("held", "both findings", |all| (all.len() == 2).then_some(()));
}

#[test]
fn a_closed_document_is_answered_as_its_file_is() {
    let (workspace, mut client) = ready();
    let uri = workspace.uri("specs/login/tasks.md");
    client.replace(&uri, "- [ ] 1. Task\n  - _Requirements: FR-9.9_\n");
    assert!(!client.pull(&uri).is_empty());
    client.close(&uri);
    // Editors ask a last time after they have closed it.
    assert_eq!(client.pull(&uri), Vec::<Value>::new());
}

#[test]
fn a_file_that_is_not_of_the_workspace_has_no_findings() {
    let (_workspace, mut client) = ready();
    assert_eq!(client.pull("file:///nowhere/at/all.md"), Vec::<Value>::new());
    client.open_text("untitled:Untitled-1", "# Plan\n\n_Requirements: FR-1.1_\n");
    assert_eq!(client.pull("untitled:Untitled-1"), Vec::<Value>::new());
}

#[test]
fn who_is_sent_diagnostics_and_asks_all_the_same_gets_them() {
    let workspace = Workspace::new(TWO);
    let mut client = Client::start(&workspace);
    assert!(!client.pulls());
    client.ready();
    client.open(&workspace, "specs/a/tasks.md");
    let uri = workspace.uri("specs/a/tasks.md");
    let sent = client.diagnostics(&uri, 1);
    assert_eq!(client.pull(&uri), sent);
    assert_eq!(client.pull_workspace().len(), 2);
}

#[test]
fn what_is_wrong_with_the_configuration_is_sent_to_every_client() {
    let workspace = Workspace::new(TWO);
    workspace.write("traceline.toml", "[rulez]\n");
    let mut client = pulling(&workspace);
    let uri = workspace.uri("traceline.toml");
    client.shown_when("a problem", |all| all.contains_key(&uri).then_some(()));
    assert!(client.published().iter().all(|it| it.uri == uri));
    // It is not told a second time to who asks.
    client.ready();
    assert_eq!(client.pull(&uri), Vec::<Value>::new());
    assert_eq!(client.pull_workspace().len(), 2);
}
