//! Requirements that are given up and stay where they are: how each answer tells them apart.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, edit};

const SPEC: &str = "specs/a/spec.md";
const TASKS: &str = "specs/a/tasks.md";

const FEATURE: &str = "
    //- specs/a/spec.md
    # Login

    - **FR-1**: The system SHALL check the password
    - ~~**FR-2**: The system SHALL ask for a PIN~~ Superseded by FR-3.
    - **FR-3**: The system SHALL ask for a passkey
    - **FR-4** (withdrawn): The system SHALL greet
    //- specs/a/tasks.md
    # Tasks

    - [ ] 1. Check
      - _Requirements: FR-1, FR-2, FR-4_
    - [x] 2. Greet
      - _Requirements: FR-4_
    ";

fn session(setup: &Setup) -> (Workspace, Client) {
    let workspace = Workspace::new(FEATURE);
    let mut client = Client::start_with(&workspace, setup);
    client.open(&workspace, SPEC);
    client.open(&workspace, TASKS);
    (workspace, client)
}

fn told(client: &mut Client, uri: &str, count: usize) -> Vec<Value> {
    let all = client
        .diagnostics_when(uri, |it| it.iter().filter(|one| one["code"] == "withdrawn-requirement").count() == count);
    all.into_iter().filter(|one| one["code"] == "withdrawn-requirement").collect()
}

#[test]
fn an_open_task_that_serves_one_is_struck_through() {
    let (workspace, mut client) = session(&Setup::rich());
    let found = told(&mut client, &workspace.uri(TASKS), 2);
    assert_eq!(found[0]["message"], "`FR-2` is withdrawn; `FR-3` supersedes it");
    assert_eq!(found[1]["message"], "`FR-4` is withdrawn");
    for (one, line) in found.iter().zip([3, 5]) {
        assert_eq!((&one["severity"], &one["tags"]), (&json!(3), &json!([2])), "{one}");
        let place = &one["relatedInformation"][0]["location"];
        assert_eq!(place["uri"], workspace.uri(SPEC), "{one}");
        assert_eq!(place["range"]["start"]["line"], line, "{one}");
    }
}

#[test]
fn a_client_without_tags_is_sent_none() {
    let (workspace, mut client) = session(&Setup::bare());
    let found = told(&mut client, &workspace.uri(TASKS), 2);
    assert!(found.iter().all(|one| one.get("tags").is_none()), "{found:?}");
}

#[test]
fn what_takes_its_place_is_put_there() {
    let (workspace, mut client) = session(&Setup::rich());
    let uri = workspace.uri(TASKS);
    let fixed: Vec<String> = told(&mut client, &uri, 2)
        .into_iter()
        .map(|one| {
            let params = json!({
                "textDocument": { "uri": uri },
                "range": one["range"],
                "context": { "diagnostics": [one], "only": ["quickfix"] },
            });
            let action = client.request("textDocument/codeAction", params)[0].clone();
            let action =
                if action.get("edit").is_some() { action } else { client.request("codeAction/resolve", action) };
            let text = edit::carried_out(&workspace, &action["edit"], client.encoding())[TASKS].clone();
            format!("{}: {}", action["title"].as_str().expect("a title"), text.lines().nth(3).expect("a line").trim())
        })
        .collect();
    assert_eq!(
        fixed,
        ["Replace `FR-2` by `FR-3`: - _Requirements: FR-1, FR-3, FR-4_", "Remove `FR-4`: - _Requirements: FR-1, FR-2_",]
    );
}

#[test]
fn giving_one_up_while_typing_reaches_the_tasks_and_taking_it_back_too() {
    let (workspace, mut client) = session(&Setup::rich());
    let uri = workspace.uri(TASKS);
    told(&mut client, &uri, 2);
    let insert = |line: u32, from: u32, to: u32, text: &str| {
        let at = |character| json!({ "line": line, "character": character });
        json!({ "range": { "start": at(from), "end": at(to) }, "text": text })
    };
    let spec = workspace.uri(SPEC);
    client.change(&spec, &[insert(2, 10, 10, " (superseded by FR-3)")]);
    let found = told(&mut client, &uri, 3);
    assert_eq!(found[0]["message"], "`FR-1` is withdrawn; `FR-3` supersedes it");
    client.change(&spec, &[insert(2, 26, 30, "FR-4")]);
    let found = client.diagnostics_when(&uri, |it| it.iter().any(|one| one["message"] == "`FR-1` is withdrawn"));
    assert_eq!(found.len(), 3, "what takes its place is given up as well: {found:?}");
    client.change(&spec, &[insert(2, 10, 31, "")]);
    told(&mut client, &uri, 2);
}
