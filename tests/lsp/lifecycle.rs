//! How a session begins and ends.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::binary::binary;
use traceline_tests::{Client, Encoding, Position, Setup, Workspace};

use crate::{LOGIN, assert_alive, login};

/// The contract says a second; the rest is for a busy machine.
const SECOND: Duration = Duration::from_secs(3);

#[test]
fn the_server_says_who_it_is_and_what_it_can() {
    let workspace = Workspace::new(LOGIN);
    let client = Client::start(&workspace);
    let initialized = client.initialized();
    assert_eq!(initialized["serverInfo"]["name"], "traceline");
    assert!(initialized["serverInfo"]["version"].is_string(), "{initialized}");
    let capabilities = &initialized["capabilities"];
    let sync = &capabilities["textDocumentSync"];
    assert_eq!(sync.get("change").unwrap_or(sync), 2, "edits are incremental");
    assert_ne!(sync["openClose"], false);
    for provider in ["hoverProvider", "definitionProvider", "referencesProvider", "completionProvider"] {
        let value = &capabilities[provider];
        assert!(*value == true || value.is_object(), "{provider}: {value}");
    }
    let folders = &capabilities["workspace"]["workspaceFolders"];
    assert_eq!(folders["supported"], true);
    assert!(folders["changeNotifications"] == true || folders["changeNotifications"].is_string(), "{folders}");
}

#[test]
fn the_encoding_is_one_that_the_client_offers() {
    let workspace = Workspace::new(LOGIN);
    for encoding in Encoding::ALL {
        let client = Client::start_with(&workspace, &Setup::rich().offering(&[encoding]));
        assert_eq!(client.encoding(), encoding);
    }
    let client = Client::start_with(&workspace, &Setup::rich().offering(&[]));
    assert_eq!(client.encoding(), Encoding::Utf16, "without an offer columns are UTF-16");
    let client = Client::start_with(&workspace, &Setup::bare());
    assert_eq!(client.encoding(), Encoding::Utf16, "without an offer columns are UTF-16");
    let client = Client::start_with(&workspace, &Setup::rich());
    assert!(client.initialized()["capabilities"]["positionEncoding"].is_string(), "an offer is answered");
}

#[test]
fn exit_after_shutdown_is_success() {
    let (_workspace, mut client) = login();
    assert_eq!(client.shut_down(), 0);
}

#[test]
fn exit_without_shutdown_is_a_failure() {
    let (_workspace, mut client) = login();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_exit(SECOND), 1);
}

#[test]
fn exit_before_initialize_is_a_failure() {
    let mut client = Client::launch();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_exit(SECOND), 1);
}

#[test]
fn exit_ends_the_server_though_its_input_stays_open() {
    let (_workspace, mut client) = login();
    client.request("shutdown", Value::Null);
    client.notify("exit", Value::Null);
    // The client holds the pipe until it is dropped.
    assert_eq!(client.wait_for_exit(SECOND), 0);
}

#[test]
fn the_end_of_input_ends_the_server() {
    let (_workspace, mut client) = login();
    client.close_stdin();
    assert_eq!(client.wait_for_exit(SECOND), 1, "there was no shutdown");

    let (_workspace, mut client) = login();
    client.request("shutdown", Value::Null);
    client.close_stdin();
    assert_eq!(client.wait_for_exit(SECOND), 0, "there was a shutdown");
}

#[test]
fn the_end_of_input_inside_a_message_ends_the_server() {
    let (_workspace, mut client) = login();
    client.send_raw("Content-Length: 1000\r\n\r\n{\"jsonrpc\":");
    client.close_stdin();
    assert_eq!(client.wait_for_exit(SECOND), 1);
}

/// A program that ends when its input does.
fn bystander() -> Command {
    let mut command = Command::new(binary());
    command.arg("server").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn a_dead_parent_ends_the_server() {
    let workspace = Workspace::new(LOGIN);
    let mut parent = bystander().spawn().expect("the server is there");
    let setup = Setup { parent: Some(parent.id()), ..Setup::rich() };
    let mut client = Client::start_with(&workspace, &setup);
    client.open(&workspace, "specs/login/tasks.md");
    assert_alive(&mut client, &workspace);
    parent.kill().expect("it runs");
    // Without this it stays as a zombie, which a parent of its own would not leave.
    parent.wait().expect("it was ours");
    assert_eq!(client.wait_for_exit(SECOND), 1);
}

/// On Windows it is the console that ends what runs in it; tests/windows/console sees to that.
#[test]
#[cfg(unix)]
fn an_interruption_ends_the_server() {
    for signal in ["-INT", "-TERM"] {
        let (_workspace, mut client) = login();
        let sent =
            Command::new("kill").args([signal, &client.process_id().to_string()]).status().expect("kill is there");
        assert!(sent.success());
        client.wait_for_end(SECOND);
    }
}

#[test]
fn a_client_without_a_process_id_keeps_its_server() {
    let (workspace, mut client) = login();
    client.listen(Duration::from_millis(1500));
    assert_alive(&mut client, &workspace);
}

#[test]
fn requests_before_initialize_are_refused() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::launch();
    let place = json!({ "textDocument": { "uri": workspace.uri("specs/login/tasks.md") }, "position": { "line": 0, "character": 0 } });
    let hover = client.ask("textDocument/hover", place);
    assert_eq!(client.refusal(hover), -32002);
    let shutdown = client.ask("shutdown", Value::Null);
    assert_eq!(client.refusal(shutdown), -32002);
    let unknown = client.ask_malformed("traceline/nothing", json!({}));
    assert_eq!(client.refusal(unknown), -32002);
    // Notifications are dropped, except exit.
    client.open(&workspace, "specs/login/tasks.md");
    client.initialize(json!({ "processId": null, "rootUri": workspace.root_uri(), "capabilities": {} }));
    client.open(&workspace, "specs/login/tasks.md");
    assert_alive(&mut client, &workspace);
}

#[test]
fn a_second_initialize_is_refused() {
    let (workspace, mut client) = login();
    let again = client.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    assert_eq!(client.refusal(again), -32600);
    assert_alive(&mut client, &workspace);
}

#[test]
fn requests_after_shutdown_are_refused() {
    let (workspace, mut client) = login();
    client.request("shutdown", Value::Null);
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let uri = workspace.uri("specs/login/tasks.md");
    let hover = client.ask("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": at.json() }));
    assert_eq!(client.refusal(hover), -32600);
    let shutdown = client.ask("shutdown", Value::Null);
    assert_eq!(client.refusal(shutdown), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_exit(SECOND), 0);
}

#[test]
fn a_client_without_a_folder_is_served() {
    let workspace = Workspace::new(LOGIN);
    let setup = Setup { folders: Vec::new(), ..Setup::bare() };
    let mut client = Client::start_with(&workspace, &setup);
    client.open(&workspace, "specs/login/spec.md");
    client.open(&workspace, "specs/login/tasks.md");
    assert_alive(&mut client, &workspace);
}

#[test]
fn a_client_that_never_answers_does_not_stop_the_server() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::launch();
    client.stop_answering();
    client.initialize(json!({
        "processId": null,
        "rootUri": workspace.root_uri(),
        "workspaceFolders": [{ "uri": workspace.root_uri(), "name": "root" }],
        "capabilities": traceline_tests::capabilities::rich(),
    }));
    client.open(&workspace, "specs/login/tasks.md");
    let tasks = workspace.uri("specs/login/tasks.md");
    client.diagnostics(&tasks, 1);
    for _ in 0..200 {
        client.change(&tasks, &[json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } }, "text": "\n" })]);
    }
    client.diagnostics(&tasks, 201);
    // Then everything of the workspace is known, though no progress and no registration was ever granted.
    let at = Position { line: 205, character: 20 };
    let hover = crate::hover_at(&mut client, &tasks, at);
    assert!(hover.contains("password is wrong"), "{hover:?}");
}
