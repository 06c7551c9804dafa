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
