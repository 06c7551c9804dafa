//! Related places: a finding that points into another file points to the right place there, whatever moves it.

use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, capabilities};

use crate::rules;

/// `specs/a` names what `specs/b` defines.
const TWO: &str = "
    //- specs/a/spec.md
    - **FR-1.1**: text
    //- specs/a/tasks.md
    - [ ] 1. Task
      - _Requirements: FR-1.1, FR-5.1_
    //- specs/b/spec.md
    # B

    - **FR-5.1**: text
    ";

const LOWER: &str = "# B\n\nA line.\n\nAnother line.\n\n- **FR-5.1**: text\n";

/// The line that the finding of a document points to in `specs/b/spec.md`.
fn line(found: &[Value]) -> Option<u64> {
    let unknown = found.iter().find(|it| it["code"] == "unknown-requirement")?;
    let place = &unknown["relatedInformation"][0]["location"];
    place["uri"].as_str().is_some_and(|it| it.ends_with("specs/b/spec.md")).then_some(())?;
    place["range"]["start"]["line"].as_u64()
}

fn start(setup: &Setup) -> (Workspace, Client, String, String) {
    let workspace = Workspace::new(TWO);
    let mut client = Client::start_with(&workspace, setup);
    client.ready();
    let (tasks, spec) = (workspace.uri("specs/a/tasks.md"), workspace.uri("specs/b/spec.md"));
    (workspace, client, tasks, spec)
}

#[test]
fn prose_above_it_moves_it_for_who_is_sent_findings() {
    for opens in [true, false] {
        let (workspace, mut client, tasks, spec) = start(&Setup::rich());
        if opens {
            client.open(&workspace, "specs/a/tasks.md");
        }
        client.open(&workspace, "specs/b/spec.md");
        client.diagnostics_when(&tasks, |it| line(it) == Some(2));
        client.replace(&spec, LOWER);
        client.diagnostics_when(&tasks, |it| line(it) == Some(6));
        // The document is closed unsaved: what its file says counts again.
        client.close(&spec);
        client.diagnostics_when(&tasks, |it| line(it) == Some(2));
        // A file that nobody has open may move it too.
        workspace.write("specs/b/spec.md", LOWER);
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": spec, "type": 2 }] }));
        client.diagnostics_when(&tasks, |it| line(it) == Some(6));
    }
}

#[test]
fn prose_below_it_says_nothing_new_to_anybody() {
    let (workspace, mut client, tasks, spec) = start(&Setup::rich());
    client.open(&workspace, "specs/a/tasks.md");
    client.open(&workspace, "specs/b/spec.md");
    client.diagnostics_when(&tasks, |it| line(it) == Some(2));
    client.listen(Duration::from_millis(300));
    let count = |client: &Client| client.published().iter().filter(|it| it.uri == tasks).count();
    let before = count(&client);
    client.replace(&spec, "# B\n\n- **FR-5.1**: text\n\nA line.\n");
    client.diagnostics(&spec, 2);
    client.listen(Duration::from_millis(300));
    assert_eq!(count(&client), before);
}

#[test]
fn who_asks_is_told_to_ask_again_and_hears_the_new_place() {
    let (workspace, mut client, tasks, spec) = start(&Setup::pulling());
    client.open(&workspace, "specs/a/tasks.md");
    client.open(&workspace, "specs/b/spec.md");
    let known = client.ask_diagnostics(&tasks);
    assert_eq!(line(&client.known(&tasks)), Some(2));
    client.pull(&spec);
    client.listen(Duration::from_millis(600));
    let refreshes = |client: &Client| client.received("workspace/diagnostic/refresh").len();
    let before = refreshes(&client);
    client.replace(&spec, LOWER);
    while refreshes(&client) == before {
        client.listen(Duration::from_millis(10));
    }
    let moved = client.ask_diagnostics(&tasks);
    assert_eq!((&moved["kind"], line(&client.known(&tasks))), (&json!("full"), Some(6)));
    assert_ne!(moved["resultId"], known["resultId"]);
    client.pull(&spec);
    client.listen(Duration::from_millis(600));
    // Where nothing moves nobody is told.
    let before = refreshes(&client);
    client.replace(&spec, &format!("{LOWER}\nA line below.\n"));
    client.listen(Duration::from_millis(600));
    assert_eq!(refreshes(&client), before);
    assert_eq!(client.ask_diagnostics(&tasks)["kind"], "unchanged");
}

#[test]
fn who_holds_a_request_is_told_of_closed_files_that_point_there() {
    let (workspace, mut client, tasks, spec) = start(&Setup::pulling());
    client.ask_workspace_diagnostics(Some("held"));
    let at = |wanted: u64| {
        let tasks = tasks.clone();
        move |all: &std::collections::HashMap<String, Vec<Value>>| {
            all.get(&tasks).is_some_and(|it| line(it) == Some(wanted)).then_some(())
        }
    };
    client.streamed_when("held", "the place", at(2));
    client.open(&workspace, "specs/b/spec.md");
    client.replace(&spec, LOWER);
    client.streamed_when("held", "the new place", at(6));
}

#[test]
fn who_does_not_show_related_places_is_told_nothing_of_them() {
    let mut capabilities = capabilities::rich();
    capabilities["textDocument"]["publishDiagnostics"]["relatedInformation"] = json!(false);
    let (workspace, mut client, tasks, spec) = start(&Setup::new(capabilities));
    client.open(&workspace, "specs/a/tasks.md");
    client.open(&workspace, "specs/b/spec.md");
    client.diagnostics_when(&tasks, |it| rules(it).contains(&"unknown-requirement"));
    client.listen(Duration::from_millis(300));
    let count = |client: &Client| client.published().iter().filter(|it| it.uri == tasks).count();
    let before = count(&client);
    client.replace(&spec, LOWER);
    client.listen(Duration::from_millis(300));
    assert_eq!(count(&client), before);
}
