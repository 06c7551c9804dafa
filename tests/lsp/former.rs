//! Requirements that say what they were called before: how each answer means them by the old id.

use serde_json::json;
use traceline_tests::{Client, Setup, Workspace, edit};

const SPEC: &str = "specs/a/spec.md";
const TASKS: &str = "specs/a/tasks.md";

const FEATURE: &str = "
    //- specs/a/spec.md
    # Login

    - **FR-1**: The system SHALL check the password
    - **FR-7** (formerlx FR-2): The system SHALL lock the account
    //- specs/a/tasks.md
    # Tasks

    - [ ] 1. Check
      - _Requirements: FR-1_
    - [x] 2. Lock
      - _Requirements: FR-2_
    ";

/// A session in which the word that says so has just been typed to its end.
fn session() -> (Workspace, Client) {
    let workspace = Workspace::new(FEATURE);
    let mut client = Client::start_with(&workspace, &Setup::rich());
    client.open(&workspace, SPEC);
    client.open(&workspace, TASKS);
    let uri = workspace.uri(TASKS);
    client.diagnostics_when(&uri, |it| it.iter().any(|one| one["code"] == "unknown-requirement"));
    let spec = workspace.uri(SPEC);
    let at = |character| json!({ "line": 3, "character": character });
    client.change(&spec, &[json!({ "range": { "start": at(19), "end": at(20) }, "text": "y" })]);
    (workspace, client)
}

#[test]
fn one_letter_typed_in_the_specification_lets_the_tasks_mean_it() {
    let (workspace, mut client) = session();
    let uri = workspace.uri(TASKS);
    let found = client.diagnostics_when(&uri, |it| it.iter().any(|one| one["code"] == "former-name"));
    assert_eq!(found.len(), 1, "nothing is unknown: {found:?}");
    assert_eq!(found[0]["message"], "`FR-2` is called `FR-7` now");
    assert_eq!(found[0]["severity"], 3);
    assert!(client.shown().get(&workspace.uri(SPEC)).is_none_or(Vec::is_empty), "and nothing uncovered");
    let params = json!({
        "textDocument": { "uri": uri },
        "range": found[0]["range"],
        "context": { "diagnostics": [found[0]], "only": ["quickfix"] },
    });
    let action = client.request("textDocument/codeAction", params)[0].clone();
    let action = if action.get("edit").is_some() { action } else { client.request("codeAction/resolve", action) };
    let text = edit::carried_out(&workspace, &action["edit"], client.encoding())[TASKS].clone();
    assert!(text.ends_with("_Requirements: FR-7_\n"), "{text}");
}

#[test]
fn jumps_hovers_and_references_follow_it_and_a_rename_asks_for_the_name_of_today() {
    let (workspace, mut client) = session();
    let (uri, spec) = (workspace.uri(TASKS), workspace.uri(SPEC));
    let at = workspace.find(TASKS, "FR-2_", client.encoding());
    let target = client.ask_at("textDocument/definition", &uri, at);
    assert_eq!(target[0]["targetUri"], json!(spec), "{target}");
    let hover = client.ask_at("textDocument/hover", &uri, at)["contents"]["value"].to_string();
    assert!(hover.contains("**FR-7**") && hover.contains("*Formerly* **FR-2**"), "{hover}");
    let own = workspace.find(SPEC, "FR-7", client.encoding());
    let params = json!({
        "textDocument": { "uri": spec }, "position": own.json(), "context": { "includeDeclaration": false },
    });
    let found = client.request("textDocument/references", params);
    assert!(found.as_array().is_some_and(|all| all.iter().any(|one| one["uri"] == json!(uri))), "{found}");
    let params = json!({ "textDocument": { "uri": uri }, "position": at.json(), "newName": "FR-9" });
    let asked = client.ask("textDocument/rename", params);
    let refusal = client.answer(asked).expect_err("it is not written there");
    let words = refusal["message"].as_str().unwrap_or_default();
    assert!(words.contains("is what `FR-7` was called before"), "{words}");
}
