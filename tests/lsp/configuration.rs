//! Settings: from `traceline.toml`, and from the client.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace};

use crate::{assert_alive, rules};

/// Tasks whose trace line was never filled in.
const PICTURE: &str = "
    //- specs/a/spec.md
    - **FR-1.1**: text
    //- specs/a/tasks.md
    - [ ] 1. Task
      - _Requirements: FR-1.1_
    - [ ] 2. Task
      - _Requirements: [Reference specific requirements from spec]_
    ";

const OFF: &str = "[rules]\nplaceholder-left = \"off\"\n";

fn left(diagnostics: &[Value]) -> bool {
    rules(diagnostics).contains(&"placeholder-left")
}

#[test]
fn without_settings_the_rule_speaks() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start(&workspace);
    let found = client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), left);
    let placeholder = found.iter().find(|it| it["code"] == "placeholder-left").expect("it was waited for");
    assert_eq!(placeholder["severity"], 2);
    assert_eq!(placeholder["range"]["start"]["line"], 3);
}

#[test]
fn the_project_turns_a_rule_off() {
    let workspace = Workspace::new(PICTURE);
    workspace.write("traceline.toml", OFF);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let uri = workspace.uri("specs/a/tasks.md");
    assert!(!left(&client.diagnostics(&uri, 1)));
    assert!(!client.published().iter().any(|it| left(&it.diagnostics)), "it never spoke");
}

#[test]
fn the_project_changes_a_level() {
    let workspace = Workspace::new(PICTURE);
    workspace.write("traceline.toml", "[rules]\nplaceholder-left = \"error\"\n");
    let mut client = Client::start(&workspace);
    let found = client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), left);
    assert!(found.iter().any(|it| it["code"] == "placeholder-left" && it["severity"] == 1), "{found:?}");
}

#[test]
fn the_projects_settings_are_followed_while_the_server_runs() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/a/tasks.md");
    client.diagnostics_when(&uri, left);
    let tell = |client: &mut Client, kind: u8| {
        let change = json!({ "uri": workspace.uri("traceline.toml"), "type": kind });
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    };
    workspace.write("traceline.toml", OFF);
    tell(&mut client, 1);
    client.diagnostics_when(&uri, |it| !left(it));
    workspace.remove("traceline.toml");
    tell(&mut client, 3);
    client.diagnostics_when(&uri, left);
}

#[test]
fn the_client_turns_a_rule_off() {
    let workspace = Workspace::new(PICTURE);
    let settings = json!({ "traceline": { "rules": { "placeholder-left": "off" } } });
    let mut client = Client::start_with(&workspace, &Setup::rich().with_settings(settings));
    client.open(&workspace, "specs/a/tasks.md");
    client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), |it| !left(it));
    client.ready();
    client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), |it| !left(it));
}

#[test]
fn the_client_changes_its_settings_while_the_server_runs() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/a/tasks.md");
    client.diagnostics_when(&uri, left);
    let settings = json!({ "traceline": { "rules": { "placeholder-left": "off" } } });
    client.set_settings(settings.clone());
    client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    client.diagnostics_when(&uri, |it| !left(it));
    client.set_settings(json!({}));
    client.notify("workspace/didChangeConfiguration", json!({ "settings": {} }));
    client.diagnostics_when(&uri, left);
}

#[test]
fn a_client_that_cannot_be_asked_sends_its_settings() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, "specs/a/tasks.md");
    let uri = workspace.uri("specs/a/tasks.md");
    client.diagnostics_when(&uri, left);
    let settings = json!({ "traceline": { "rules": { "placeholder-left": "off" } } });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    client.diagnostics_when(&uri, |it| !left(it));
    assert_eq!(client.received("workspace/configuration"), Vec::<Value>::new(), "it cannot be asked");
}

#[test]
fn settings_may_come_with_initialize() {
    let workspace = Workspace::new(PICTURE);
    let options = json!({ "rules": { "placeholder-left": "off" } });
    let mut client = Client::start_with(&workspace, &Setup { options, ..Setup::bare() });
    client.open(&workspace, "specs/a/tasks.md");
    assert!(!left(&client.diagnostics(&workspace.uri("specs/a/tasks.md"), 1)));
}

#[test]
fn a_wrong_setting_is_told_once_and_the_rest_is_in_force() {
    let workspace = Workspace::new(PICTURE);
    let settings = json!({ "traceline": { "rules": { "placeholder-left": "off", "id-cas": "off" }, "trace": { "server": "off" } } });
    let options = settings["traceline"].clone();
    let mut client =
        Client::start_with(&workspace, &Setup { options, ..Setup::rich().with_settings(settings.clone()) });
    client.open(&workspace, "specs/a/tasks.md");
    client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    client.ready();
    client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), |it| !left(it));
    let told: Vec<Value> = client.received("window/logMessage");
    assert_eq!(told.len(), 1, "{told:?}");
    let words = told[0]["message"].as_str().expect("a log message has words");
    assert!(words.contains("unknown key `id-cas`, did you mean `id-case`?"), "{words}");
    assert!(!words.contains("trace:"), "{words}");
}

#[test]
fn a_client_that_has_no_settings_keeps_those_of_the_beginning() {
    let workspace = Workspace::new(PICTURE);
    let options = json!({ "rules": { "placeholder-left": "off" } });
    let setup = Setup { options, ..Setup::rich().with_settings(json!({ "other": {} })) };
    let mut client = Client::start_with(&workspace, &setup);
    client.open(&workspace, "specs/a/tasks.md");
    client.received_when("workspace/configuration", |_| true);
    client.ready();
    client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), |it| !left(it));
    assert!(!client.published().iter().any(|it| left(&it.diagnostics)), "it never spoke");
}

/// Two features with the same mistake, in a family of this team.
const HOUSE: &str = "
    //- specs/a/spec.md
    - **P-1**: text
    //- specs/a/tasks.md
    - [ ] 1. Task
      - _Requirements: P-1, P-9_
    //- specs/b/spec.md
    - **P-1**: text
    //- specs/b/tasks.md
    - [ ] 1. Task
      - _Requirements: P-1, P-9_
    ";

const WAYS: &str = "[ids]\nfamilies = [\"...\", \"P\"]\n";

fn unknown(diagnostics: &[Value]) -> bool {
    rules(diagnostics).contains(&"unknown-requirement")
}

fn touch(client: &mut Client, workspace: &Workspace, path: &str, kind: u8) {
    let change = json!({ "uri": workspace.uri(path), "type": kind });
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
}

#[test]
fn a_team_has_families_of_its_own_in_open_and_closed_files() {
    let workspace = Workspace::new(HOUSE);
    workspace.write("traceline.toml", WAYS);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), unknown);
    client.diagnostics_when(&workspace.uri("specs/b/tasks.md"), unknown);
}

#[test]
fn the_nearest_file_counts_alone_and_is_followed() {
    let workspace = Workspace::new(HOUSE);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let (a, b) = (workspace.uri("specs/a/tasks.md"), workspace.uri("specs/b/tasks.md"));
    workspace.write("traceline.toml", WAYS);
    touch(&mut client, &workspace, "traceline.toml", 1);
    client.diagnostics_when(&a, unknown);
    client.diagnostics_when(&b, unknown);
    // Only levels of rules change: nothing is read again, and the same is found.
    workspace.write("specs/b/traceline.toml", format!("{WAYS}[rules]\nunknown-requirement = \"error\"\n"));
    touch(&mut client, &workspace, "specs/b/traceline.toml", 1);
    client.diagnostics_when(&b, |it| it.iter().any(|it| it["severity"] == 1));
    workspace.write("specs/b/traceline.toml", format!("{WAYS}[rules]\nunknown-requirement = \"hint\"\n"));
    touch(&mut client, &workspace, "specs/b/traceline.toml", 2);
    client.diagnostics_when(&b, |it| it.iter().any(|it| it["severity"] == 4));
    workspace.write("specs/a/traceline.toml", "");
    touch(&mut client, &workspace, "specs/a/traceline.toml", 1);
    client.diagnostics_when(&a, |it| !unknown(it));
    workspace.remove("specs/a/traceline.toml");
    touch(&mut client, &workspace, "specs/a/traceline.toml", 3);
    client.diagnostics_when(&a, unknown);
}

#[test]
fn a_document_opened_at_the_very_start_has_its_own_configuration() {
    let workspace = Workspace::new(PICTURE);
    workspace.write("specs/a/traceline.toml", OFF);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    client.diagnostics(&workspace.uri("specs/a/tasks.md"), 1);
    assert!(!client.published().iter().any(|it| left(&it.diagnostics)), "it never spoke");
}

#[test]
fn mistakes_are_shown_in_the_file_where_they_stand() {
    let workspace = Workspace::new(PICTURE);
    workspace.write("specs/traceline.toml", "[rules]\nplaceholder-left = \"off\"\nplaceholder = \"off\"\n");
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/traceline.toml");
    let found = client.diagnostics_when(&uri, |it| !it.is_empty());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["message"], "unknown key `placeholder`");
    assert_eq!(
        found[0]["range"],
        json!({ "start": { "line": 2, "character": 0 }, "end": { "line": 2, "character": 11 } })
    );
    client.ready();
    let tasks = workspace.uri("specs/a/tasks.md");
    assert!(client.published().iter().all(|it| it.uri != tasks || !left(&it.diagnostics)), "the rest is in force");
    workspace.write("specs/traceline.toml", OFF);
    touch(&mut client, &workspace, "specs/traceline.toml", 2);
    client.diagnostics_when(&uri, <[Value]>::is_empty);
}

#[test]
fn an_open_file_is_checked_while_it_is_typed_and_counts_once_it_is_saved() {
    let workspace = Workspace::new(PICTURE);
    workspace.write("traceline.toml", "");
    let mut client = Client::start(&workspace);
    let (uri, tasks) = (workspace.uri("traceline.toml"), workspace.uri("specs/a/tasks.md"));
    client.diagnostics_when(&tasks, left);
    client.notify(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": uri, "languageId": "toml", "version": 1, "text": "[rulez]\n" } }),
    );
    client.diagnostics_when(&uri, |it| it.len() == 1);
    let change = |version: i32, text: &str| json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [{ "text": text }] });
    client.notify("textDocument/didChange", change(2, OFF));
    client.diagnostics_when(&uri, <[Value]>::is_empty);
    client.ready();
    assert!(left(&client.diagnostics_when(&tasks, |_| true)), "it is not saved yet");
    workspace.write("traceline.toml", OFF);
    touch(&mut client, &workspace, "traceline.toml", 2);
    client.diagnostics_when(&tasks, |it| !left(it));
    client.notify("textDocument/didChange", change(3, "rules = 7\n"));
    client.diagnostics_when(&uri, |it| it.len() == 1);
    // What is closed without being saved was never there.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    client.diagnostics_when(&uri, <[Value]>::is_empty);
    assert_alive_here(&mut client, &workspace);
}

/// The server still answers of this workspace.
fn assert_alive_here(client: &mut Client, workspace: &Workspace) {
    client.open(workspace, "specs/a/tasks.md");
    let symbols = client.request(
        "textDocument/documentSymbol",
        json!({ "textDocument": { "uri": workspace.uri("specs/a/tasks.md") } }),
    );
    assert!(!symbols.is_null(), "{symbols}");
}

#[test]
fn settings_that_make_no_sense_leave_the_server_at_work() {
    for toml in [
        "[rules",
        "rules = 7\n",
        "[rules]\nno-such-rule = \"off\"\n",
        "[rules]\nplaceholder-left = \"loud\"\n",
        "\u{0}",
    ] {
        let workspace = Workspace::new(crate::LOGIN);
        workspace.write("traceline.toml", toml);
        let settings = json!({ "traceline": { "rules": 7, "unknown": [null] } });
        let mut client = Client::start_with(&workspace, &Setup::rich().with_settings(settings));
        client.open(&workspace, "specs/login/tasks.md");
        client.notify("workspace/didChangeConfiguration", json!({ "settings": "nonsense" }));
        client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
        assert_alive(&mut client, &workspace);
    }
}
