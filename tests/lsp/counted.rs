//! Ids that are nowhere written: criteria by their place in a list, requirements and scenarios by their names.

use serde_json::{Value, json};
use traceline_tests::{Client, Position, Setup, Workspace, text};

use crate::{labels, places, words_of};

const SPEC: &str = ".kiro/specs/login/requirements.md";
const TASKS: &str = ".kiro/specs/login/tasks.md";

const COUNTED: &str = "
    //- .kiro/specs/login/requirements.md
    # Login

    ### Requirement 1: Sign in

    #### Acceptance Criteria

    1. WHEN a password is right THEN the user SHALL be in
    2. WHEN a password is wrong THEN the user SHALL be out

    ### Requirement 2: Sign out

    #### Acceptance Criteria

    1. WHEN asked THEN the session SHALL end
    //- .kiro/specs/login/tasks.md
    # Tasks

    - [ ] 1. Check passwords
      - _Requirements: 1.1, R1.2_
    - [ ] 2. End sessions
      - _Requirements: 2.1–2.1, 1.2_
    - [ ] 3. Next
      - _Requirements: 2_
    ";

const BASE: &str = "openspec/specs/login/spec.md";
const CHANGE: &str = "openspec/changes/hash/specs/login/spec.md";

const NAMED: &str = "
    //- openspec/specs/login/spec.md
    # login

    ## Requirements

    ### Requirement: Check the password
    The system SHALL check it.

    #### Scenario: Wrong password
    - **THEN** nobody gets in
    //- openspec/changes/hash/specs/login/spec.md
    ## MODIFIED Requirements

    ### Requirement: Check the password
    The system SHALL check its hash.

    #### Scenario: Wrong password
    - **THEN** nobody gets in
    ";

fn session(picture: &str) -> (Workspace, Client) {
    let workspace = Workspace::new(picture);
    let mut client = Client::start_with(&workspace, &Setup::rich());
    for file in &workspace.fixture().files {
        client.open(&workspace, &file.path);
    }
    (workspace, client)
}

fn references(client: &mut Client, uri: &str, at: Position) -> Vec<(String, usize)> {
    let context = json!({ "includeDeclaration": false });
    let params = json!({ "textDocument": { "uri": uri }, "position": at.json(), "context": context });
    places(&client.request("textDocument/references", params))
}

#[test]
fn a_counted_id_is_completed_by_its_number() {
    let picture = COUNTED.replace("_Requirements: 2_", "_Requirements: $0_");
    let (workspace, mut client) = session(&picture);
    let offered = labels(&client.ask_here("textDocument/completion", &workspace));
    for id in ["1", "1.1", "1.2", "2", "2.1"] {
        assert!(offered.iter().any(|label| label == id), "{id} in {offered:?}");
    }
}

#[test]
fn a_counted_id_shows_its_criterion() {
    let (workspace, mut client) = session(COUNTED);
    let (uri, at) = (workspace.uri(TASKS), workspace.find(TASKS, "R1.2", client.encoding()));
    let hover = client.ask_at("textDocument/hover", &uri, at);
    let words = words_of(&hover);
    for part in ["1.2", "WHEN a password is wrong", "requirements.md", "Check passwords", "End sessions"] {
        assert!(words.contains(part), "{part:?} in {words}");
    }
    assert_eq!(text::slice(workspace.text(TASKS), &hover["range"], client.encoding()), "R1.2");
    let own = workspace.find(SPEC, "2. WHEN", client.encoding());
    let words = words_of(&client.ask_at("textDocument/hover", &workspace.uri(SPEC), own));
    assert!(words.contains("1.2") && words.contains("counted"), "{words}");
}

#[test]
fn a_counted_id_leads_to_its_item_and_back() {
    let (workspace, mut client) = session(COUNTED);
    let at = workspace.find(TASKS, "1.2_\n- [ ] 3", client.encoding());
    let answer = client.ask_at("textDocument/definition", &workspace.uri(TASKS), at);
    let item = workspace.find(SPEC, "2. WHEN", client.encoding());
    assert_eq!(places(&answer), [(workspace.uri(SPEC), item.line)]);
    let link = &answer[0];
    assert_eq!(text::slice(workspace.text(SPEC), &link["targetSelectionRange"], client.encoding()), "2");
    let found = references(&mut client, &workspace.uri(SPEC), item);
    let line = |words: &str| (workspace.uri(TASKS), workspace.find(TASKS, words, client.encoding()).line);
    assert_eq!(found, [line("R1.2"), line("2.1–2.1")]);
}

#[test]
fn a_counted_id_is_not_renamed_and_the_refusal_says_why() {
    let (workspace, mut client) = session(COUNTED);
    for (path, words) in [(SPEC, "2. WHEN"), (TASKS, "R1.2")] {
        let at = workspace.find(path, words, client.encoding());
        let document = json!({ "uri": workspace.uri(path) });
        let params = json!({ "textDocument": document, "position": at.json(), "newName": "1.9" });
        let asked = client.ask("textDocument/rename", params);
        let refusal = client.answer(asked).expect_err("what is not written cannot be renamed");
        let words = refusal["message"].as_str().unwrap_or_default();
        assert!(words.contains("counted") && words.contains("1.2"), "{words}");
    }
}

#[test]
fn a_requirement_is_known_by_its_name() {
    let (workspace, mut client) = session(NAMED);
    let at = workspace.find(CHANGE, "Check the password", client.encoding());
    let answer = client.ask_at("textDocument/definition", &workspace.uri(CHANGE), at);
    let base = workspace.find(BASE, "Check the password", client.encoding());
    assert_eq!(places(&answer), [(workspace.uri(BASE), base.line)], "a change leads to what it changes");
    let link: &Value = &answer[0];
    let selected = text::slice(workspace.text(BASE), &link["targetSelectionRange"], client.encoding());
    assert_eq!(selected, "Check the password");
    let found = references(&mut client, &workspace.uri(BASE), base);
    let change = workspace.find(CHANGE, "Check the password", client.encoding());
    assert_eq!(found, [(workspace.uri(CHANGE), change.line)]);
    let words = words_of(&client.ask_at("textDocument/hover", &workspace.uri(BASE), base));
    assert!(words.contains("Check the password") && words.contains("SHALL check it"), "{words}");
}

#[test]
fn a_scenario_is_known_by_its_name_and_that_of_its_requirement() {
    let (workspace, mut client) = session(NAMED);
    let at = workspace.find(BASE, "Wrong password", client.encoding());
    let hover = client.ask_at("textDocument/hover", &workspace.uri(BASE), at);
    let words = words_of(&hover);
    assert!(words.contains("Check the password › Wrong password") && words.contains("nobody gets in"), "{words}");
    assert_eq!(text::slice(workspace.text(BASE), &hover["range"], client.encoding()), "Wrong password");
}
