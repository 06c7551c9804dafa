//! Formatting: what is ours is brought in form, whole, in a range and while typing; prose is never touched.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, text};

use crate::LOGIN;

const OPTIONS: &str = r#"{ "tabSize": 2, "insertSpaces": true }"#;

fn options() -> Value {
    serde_json::from_str(OPTIONS).expect("it is JSON")
}

fn session(picture: &str) -> (Workspace, Client, String) {
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    let path = workspace.cursor(client.encoding()).0.to_owned();
    client.open(&workspace, &path);
    client.ready();
    (workspace, client, path)
}

/// The text of the fixture's file after the edits of an answer; none where there are no edits.
fn after(workspace: &Workspace, client: &Client, path: &str, edits: &Value) -> Option<String> {
    let edits = edits.as_array()?;
    Some(text::edited(workspace.text(path), edits, client.encoding()))
}

const ROUGH: &str = "
    //- specs/a/spec.md
    | ID|Requirement|
    |-|-|
    | FR-1.1|👍 one |
    |FR-1.2 | two|
    //- specs/a/tasks.md
    # Tasks

    - [ ] 1. 👍 Task ,  with words
      - 中_not ours ,  this_
      - _Requirements:FR-1.1 ,FR-1.2$0_
    - [ ] 1. Other
      - _Requirements:FR-1.1_
    ";

const NEAT: &str = "# Tasks

- [ ] 1. 👍 Task ,  with words
  - 中_not ours ,  this_
  - _Requirements: FR-1.1, FR-1.2_
- [ ] 2. Other
  - _Requirements: FR-1.1_
";

#[test]
fn a_document_is_formatted_once_and_for_all() {
    let (workspace, mut client, path) = session(ROUGH);
    let uri = workspace.uri(&path);
    let params = json!({ "textDocument": { "uri": uri }, "options": options() });
    let answer = client.request("textDocument/formatting", params.clone());
    assert_eq!(after(&workspace, &client, &path, &answer).as_deref(), Some(NEAT));
    client.replace(&uri, NEAT);
    assert_eq!(client.request("textDocument/formatting", params), Value::Null);

    let spec = workspace.uri("specs/a/spec.md");
    client.open(&workspace, "specs/a/spec.md");
    let answer =
        client.request("textDocument/formatting", json!({ "textDocument": { "uri": spec }, "options": options() }));
    assert_eq!(
        after(&workspace, &client, "specs/a/spec.md", &answer).as_deref(),
        Some(
            "| ID     | Requirement |\n| ------ | ----------- |\n| FR-1.1 | 👍 one      |\n| FR-1.2 | two         |\n"
        )
    );
}

#[test]
fn only_the_range_is_formatted() {
    let (workspace, mut client, path) = session(ROUGH);
    let at = workspace.find(&path, "_Requirements:FR-1.1_", client.encoding());
    let params = json!({
        "textDocument": { "uri": workspace.uri(&path) },
        "range": { "start": at.json(), "end": at.json() },
        "options": options(),
    });
    let answer = client.request("textDocument/rangeFormatting", params);
    let wanted = workspace.text(&path).replace("_Requirements:FR-1.1_", "_Requirements: FR-1.1_");
    assert_eq!(after(&workspace, &client, &path, &answer), Some(wanted));
}

#[test]
fn a_document_of_nothing_of_ours_is_left_alone() {
    let (workspace, mut client, path) = session("//- notes.md\n_Requirements:a ,b_$0\n\n|a|b|\n|-|-|\n|c|d|\n");
    let params = json!({ "textDocument": { "uri": workspace.uri(&path) }, "options": options() });
    assert_eq!(client.request("textDocument/formatting", params), Value::Null);
}

/// The question after Enter was typed before the cursor.
fn behind_enter(workspace: &Workspace, client: &Client, path: &str) -> Value {
    let (_, at) = workspace.cursor(client.encoding());
    json!({
        "textDocument": { "uri": workspace.uri(path) },
        "position": at.json(),
        "ch": "\n",
        "options": options(),
    })
}

#[test]
fn enter_begins_the_next_requirement() {
    let picture = "
        //- specs/a/spec.md
        1. **FR-1.1**: WHEN 👍
        $0
        ";
    let (workspace, mut client, path) = session(picture);
    let params = behind_enter(&workspace, &client, &path);
    let answer = client.request("textDocument/onTypeFormatting", params.clone());
    assert_eq!(
        after(&workspace, &client, &path, &answer).as_deref(),
        Some("1. **FR-1.1**: WHEN 👍\n2. **FR-1.2**: \n")
    );
    let mut other = params;
    other["ch"] = json!("x");
    assert_eq!(client.request("textDocument/onTypeFormatting", other), Value::Null);
}

/// The text after Enter was typed before the cursor; none where the server says nothing.
fn typed(picture: &str) -> Option<String> {
    let (workspace, mut client, path) = session(picture);
    let params = behind_enter(&workspace, &client, &path);
    let answer = client.request("textDocument/onTypeFormatting", params);
    after(&workspace, &client, &path, &answer)
}

#[test]
fn enter_on_an_empty_item_ends_the_list() {
    for (before, kept) in [
        ("//- specs/a/spec.md\n- **FR-1**: x\n- **FR-2**: \n- $0\n", "- **FR-1**: x\n"),
        ("//- specs/a/tasks.md\n- [x] 1. A\n- [ ] 2. \n- [ ] $0\n", "- [x] 1. A\n"),
        (
            "//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. \n3. $0\n",
            "### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n",
        ),
    ] {
        assert_eq!(typed(before).as_deref(), Some(&*format!("{kept}\n")), "{before}");
    }
    assert_eq!(typed("//- specs/a/spec.md\n- words\n- \n- $0\n"), None, "a list of something else");
}

#[test]
fn enter_takes_no_number_that_what_follows_has() {
    let table = "//- specs/a/spec.md\n| ID | Requirement |\n|---|---|\n| FR-1 | x \\| y |\n$0\n| FR-2 | z |\n";
    let wanted = "| ID | Requirement |\n|---|---|\n| FR-1 | x \\| y |\n| FR-3 |  |\n| FR-2 | z |\n";
    assert_eq!(typed(table).as_deref(), Some(wanted));
    let counted = "//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. $0\n2. WHEN b\n";
    assert_eq!(typed(counted), None, "its number would be taken from the next");
}

#[test]
fn enter_behind_a_ticked_item_begins_an_open_one() {
    assert_eq!(
        typed("//- specs/a/spec.md\n* All\n\t* [x] **AC-1**: x\n$0\n").as_deref(),
        Some("* All\n\t* [x] **AC-1**: x\n\t* [ ] **AC-2**: \n")
    );
}

#[test]
fn enter_in_prose_does_nothing() {
    let (workspace, mut client, path) = session("//- specs/a/plan.md\nWords\n$0\n");
    let (_, at) = workspace.cursor(client.encoding());
    let params = json!({
        "textDocument": { "uri": workspace.uri(&path) },
        "position": at.json(),
        "ch": "\n",
        "options": options(),
    });
    assert_eq!(client.request("textDocument/onTypeFormatting", params), Value::Null);
}

#[test]
fn a_client_of_no_abilities_gets_the_same_edits() {
    let workspace = Workspace::new(ROUGH);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, "specs/a/tasks.md");
    let params = json!({ "textDocument": { "uri": workspace.uri("specs/a/tasks.md") }, "options": options() });
    let answer = client.request("textDocument/formatting", params);
    assert_eq!(after(&workspace, &client, "specs/a/tasks.md", &answer).as_deref(), Some(NEAT));
    let login = Workspace::new(LOGIN);
    let mut client = Client::start(&login);
    client.open(&login, "specs/login/tasks.md");
    let params = json!({ "textDocument": { "uri": login.uri("specs/login/tasks.md") }, "options": options() });
    assert_eq!(client.request("textDocument/formatting", params), Value::Null, "it is in form");
}
