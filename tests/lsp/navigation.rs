//! Jumps: from a reference to its definition, from a definition to what refers to it.

use serde_json::{Value, json};
use traceline_tests::{Client, Position, Setup, Workspace, text};

use crate::{LOGIN, login, places};

const SPEC: &str = "specs/login/spec.md";
const PLAN: &str = "specs/login/plan.md";
const TASKS: &str = "specs/login/tasks.md";

fn references(client: &mut Client, uri: &str, at: Position, declaration: bool) -> Value {
    let context = json!({ "includeDeclaration": declaration });
    let params = json!({ "textDocument": { "uri": uri }, "position": at.json(), "context": context });
    client.request("textDocument/references", params)
}

#[test]
fn a_reference_leads_to_its_definition() {
    let (workspace, mut client) = login();
    let at = workspace.find(TASKS, "FR-1.2", client.encoding());
    let answer = client.ask_at("textDocument/definition", &workspace.uri(TASKS), at);
    let line = workspace.find(SPEC, "FR-1.2", client.encoding()).line;
    assert_eq!(places(&answer), [(workspace.uri(SPEC), line)]);
    let link = &answer[0];
    assert!(link["targetUri"].is_string(), "a client with linkSupport gets links: {answer}");
    assert_eq!(text::slice(workspace.text(TASKS), &link["originSelectionRange"], client.encoding()), "FR-1.2");
    assert_eq!(text::slice(workspace.text(SPEC), &link["targetSelectionRange"], client.encoding()), "FR-1.2");
    let (whole, part) = (&link["targetRange"], &link["targetSelectionRange"]);
    assert!(Position::decode(&whole["start"]) <= Position::decode(&part["start"]), "{link}");
    assert!(Position::decode(&part["end"]) <= Position::decode(&whole["end"]), "{link}");
}

#[test]
fn a_client_without_links_gets_locations() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    for path in [SPEC, PLAN, TASKS] {
        client.open(&workspace, path);
    }
    let at = workspace.find(TASKS, "FR-1.2", client.encoding());
    let answer = client.ask_at("textDocument/definition", &workspace.uri(TASKS), at);
    let one = answer.as_array().map_or(&answer, |all| &all[0]);
    assert_eq!(one["uri"], workspace.uri(SPEC), "{answer}");
    assert_eq!(text::slice(workspace.text(SPEC), &one["range"], client.encoding()), "FR-1.2");
}

#[test]
fn a_definition_leads_to_its_references() {
    let (workspace, mut client) = login();
    client.open(&workspace, SPEC);
    let at = workspace.find(SPEC, "FR-1.2", client.encoding());
    let answer = client.ask_at("textDocument/definition", &workspace.uri(SPEC), at);
    let line = |path| (workspace.uri(path), workspace.find(path, "FR-1.2", client.encoding()).line);
    let found = places(&answer);
    for home in [line(PLAN), line(TASKS)] {
        assert!(found.contains(&home), "{home:?} in {found:?}");
    }
}

#[test]
fn prose_leads_nowhere() {
    let (workspace, mut client) = login();
    let at = workspace.find(TASKS, "Make", client.encoding());
    assert!(places(&client.ask_at("textDocument/definition", &workspace.uri(TASKS), at)).is_empty());
    assert!(places(&references(&mut client, &workspace.uri(TASKS), at, true)).is_empty());
}

#[test]
fn references_are_the_same_from_either_end() {
    let (workspace, mut client) = login();
    client.open(&workspace, SPEC);
    client.open(&workspace, PLAN);
    let line = |path| (workspace.uri(path), workspace.find(path, "FR-1.1", client.encoding()).line);
    let mut mentions = vec![line(PLAN), line(TASKS)];
    mentions.sort();
    let mut all = vec![line(PLAN), line(SPEC), line(TASKS)];
    all.sort();
    for path in [SPEC, PLAN, TASKS] {
        let (uri, at) = (workspace.uri(path), workspace.find(path, "FR-1.1", client.encoding()));
        assert_eq!(places(&references(&mut client, &uri, at, false)), mentions, "from {path}");
        assert_eq!(places(&references(&mut client, &uri, at, true)), all, "from {path}");
    }
}

#[test]
fn references_stay_within_the_feature() {
    let picture = "
        //- specs/a/spec.md
        - **FR-1.1**: of a
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.$01_
        //- specs/b/spec.md
        - **FR-1.1**: of b
        //- specs/b/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1_
        ";
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let (path, at) = workspace.cursor(client.encoding());
    let found = references(&mut client, &workspace.uri(path), at, true);
    assert_eq!(places(&found), [(workspace.uri("specs/a/spec.md"), 0), (workspace.uri("specs/a/tasks.md"), 1)]);
}

#[test]
fn an_id_that_is_defined_above_the_features_is_found() {
    let workspace = Workspace::new(
        "
        //- docs/requirements.md
        - **NFR-7.1**: for all features
        //- specs/a/spec.md
        - **FR-1.1**: of a
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, NFR-7.$01_
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let answer = client.ask_here("textDocument/definition", &workspace);
    assert_eq!(places(&answer), [(workspace.uri("docs/requirements.md"), 0)]);
}

#[test]
fn a_tag_and_a_table_lead_to_their_definition() {
    for line in
        ["- [ ] 1. Task [FR-1.$01]", "| FR-1.$01 | done |", "See [FR-1.$01](https://example.org)", "## After §FR-1.$01"]
    {
        let workspace =
            Workspace::new(&format!("//- specs/a/spec.md\n- **FR-1.1**: of a\n//- specs/a/tasks.md\n{line}\n"));
        let mut client = Client::start(&workspace);
        client.open(&workspace, "specs/a/spec.md");
        client.open(&workspace, "specs/a/tasks.md");
        let answer = client.ask_here("textDocument/definition", &workspace);
        assert_eq!(places(&answer), [(workspace.uri("specs/a/spec.md"), 0)], "{line}");
    }
}

fn jump(client: &mut Client, workspace: &Workspace, what: &str, path: &str, words: &str) -> Value {
    let at = workspace.find(path, words, client.encoding());
    client.ask_at(&format!("textDocument/{what}"), &workspace.uri(path), at)
}

#[test]
fn a_requirement_leads_to_its_statement_and_to_the_tasks_that_carry_it() {
    let (workspace, mut client) = login();
    client.open(&workspace, SPEC);
    client.open(&workspace, PLAN);
    let stated = (workspace.uri(SPEC), workspace.find(SPEC, "FR-1.2", client.encoding()).line);
    let carried = (workspace.uri(TASKS), workspace.find(TASKS, "2. Refuse", client.encoding()).line);
    for path in [SPEC, PLAN, TASKS] {
        let answer = jump(&mut client, &workspace, "declaration", path, "FR-1.2");
        assert_eq!(places(&answer), std::slice::from_ref(&stated), "declaration from {path}");
        let answer = jump(&mut client, &workspace, "implementation", path, "FR-1.2");
        assert_eq!(places(&answer), std::slice::from_ref(&carried), "implementation from {path}");
    }
    for what in ["declaration", "implementation", "typeDefinition"] {
        assert_eq!(jump(&mut client, &workspace, what, PLAN, "signed cookie"), Value::Null, "{what} of prose");
    }
}

#[test]
fn a_part_leads_to_its_whole() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        ## FR-1: Sign in

        - **FR-1.1**: by password
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.$01_
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let answer = client.ask_here("textDocument/typeDefinition", &workspace);
    assert_eq!(places(&answer), [(workspace.uri("specs/a/spec.md"), 0)]);
    assert_eq!(
        text::slice(workspace.text("specs/a/spec.md"), &answer[0]["targetSelectionRange"], client.encoding()),
        "FR-1"
    );
}

#[test]
fn places_in_the_same_document_are_lit_by_what_they_do() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1**: See FR-2
        - **FR-2**: After FR-$01

        _Requirements: FR-1, FR-2_
        //- specs/a/tasks.md
        - [ ] 1. FR-1
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/spec.md");
    client.ready();
    let answer = client.ask_here("textDocument/documentHighlight", &workspace);
    let lit: Vec<(u64, u64)> = answer
        .as_array()
        .expect("something is lit")
        .iter()
        .map(|it| (it["range"]["start"]["line"].as_u64().expect("a line"), it["kind"].as_u64().expect("a kind")))
        .collect();
    assert_eq!(lit, [(0, 3), (1, 2), (3, 2)], "3 is written, 2 is read");
    let at = workspace.find("specs/a/spec.md", "After", client.encoding());
    let prose = client.ask_at("textDocument/documentHighlight", &workspace.uri("specs/a/spec.md"), at);
    assert_eq!(prose, Value::Null);
}

#[test]
fn jumps_of_a_client_without_links_are_plain_places() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    for path in [SPEC, PLAN, TASKS] {
        client.open(&workspace, path);
    }
    for what in ["declaration", "implementation"] {
        let answer = jump(&mut client, &workspace, what, PLAN, "FR-1.2");
        assert!(answer[0]["uri"].is_string(), "{what}: {answer}");
    }
}

const KIRO: &str = "
    //- .kiro/specs/a/requirements.md
    # Requirements

    ### Requirement 1: Sign in

    #### Acceptance Criteria

    1. WHEN a key is given THEN the system SHALL open a session
    2. WHEN a key is wrong THEN the system SHALL refuse it

    ### Requirement 2: Sign out

    #### Acceptance Criteria

    1. WHEN a user leaves THEN the system SHALL end the session
    //- .kiro/specs/a/tasks.md
    # Plan

    - [ ] 1. Keys
      - _Requirements: 1.1, 1.2_
    - [ ] 2. Leave
      - _Requirements: 2_
    ";

#[test]
fn a_counted_requirement_is_found_at_the_word_before_its_number() {
    let workspace = Workspace::new(KIRO);
    let mut client = Client::start(&workspace);
    let (spec, tasks) = (".kiro/specs/a/requirements.md", ".kiro/specs/a/tasks.md");
    client.open(&workspace, spec);
    client.open(&workspace, tasks);
    client.ready();
    let carried = jump(&mut client, &workspace, "implementation", spec, "Requirement 1");
    assert_eq!(text::slice(workspace.text(tasks), &carried[0]["targetSelectionRange"], client.encoding()), "1. Keys");
    assert_eq!(
        text::slice(workspace.text(spec), &carried[0]["originSelectionRange"], client.encoding()),
        "Requirement 1"
    );
    let used = jump(&mut client, &workspace, "definition", spec, "Requirement 2");
    assert_eq!(places(&used), [(workspace.uri(tasks), 5)]);
    let at = workspace.find(spec, "quirement 2", client.encoding());
    assert_eq!(places(&references(&mut client, &workspace.uri(spec), at, false)), [(workspace.uri(tasks), 5)]);
    for words in ["Sign in", "Acceptance", "### Req"] {
        assert_eq!(jump(&mut client, &workspace, "definition", spec, words), Value::Null, "{words}");
    }
    let carried = jump(&mut client, &workspace, "implementation", spec, "1. WHEN a user leaves");
    assert_eq!(places(&carried), [(workspace.uri(tasks), 4)], "what carries the whole carries its parts");
}

#[test]
fn a_statement_that_nothing_names_is_its_own_definition() {
    let workspace = Workspace::new(KIRO);
    let mut client = Client::start(&workspace);
    let spec = ".kiro/specs/a/requirements.md";
    client.open(&workspace, spec);
    client.ready();
    let line = workspace.find(spec, "1. WHEN a user leaves", client.encoding()).line;
    let answer = jump(&mut client, &workspace, "definition", spec, "1. WHEN a user leaves");
    assert_eq!(places(&answer), [(workspace.uri(spec), line)]);
}

#[test]
fn an_id_that_nothing_defines_is_found_wherever_the_feature_writes_it() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1**: A
        //- specs/a/plan.md
        ## One

        _Requirements: FR-$09, FR-1_
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-9_
        //- specs/b/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-9_
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/plan.md");
    client.ready();
    let (path, at) = workspace.cursor(client.encoding());
    let found = references(&mut client, &workspace.uri(path), at, true);
    assert_eq!(places(&found), [(workspace.uri("specs/a/plan.md"), 2), (workspace.uri("specs/a/tasks.md"), 1)]);
}

#[test]
fn places_after_wide_characters_and_in_crlf_files_are_exact() {
    let spec = "# 🎉\r\n\r\n- **FR-1**: 🎉 as FR-2 says\r\n- **FR-2**: B\r\n";
    let workspace = Workspace::new("//- specs/a/spec.md\n- **FR-1**: A\n");
    workspace.write("specs/a/spec.md", spec);
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/a/spec.md");
    client.open_text(&uri, spec);
    client.ready();
    let offset = spec.find("FR-2").expect("it is there");
    for (asked, found) in [(offset, true), (offset + 4, true), (offset - 1, false), (offset + 5, false)] {
        let at = text::position(spec, asked, client.encoding());
        let answer = client.ask_at("textDocument/definition", &uri, at);
        assert_eq!(!answer.is_null(), found, "at byte {asked}: {answer}");
        if found {
            assert_eq!(text::slice(spec, &answer[0]["originSelectionRange"], client.encoding()), "FR-2");
            assert_eq!(text::slice(spec, &answer[0]["targetRange"], client.encoding()), "**FR-2**: B");
        }
    }
}

#[test]
fn a_requirement_that_is_stated_again_refers_to_its_statement() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1**: Check
        - **FR-2**: Lock

        | ID | Requirement |
        |----|-------------|
        | FR-$01 | Check |
        | FR-3 | Only here |
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1_
        ",
    );
    let mut client = Client::start(&workspace);
    let (spec, tasks) = (workspace.uri("specs/a/spec.md"), workspace.uri("specs/a/tasks.md"));
    client.open(&workspace, "specs/a/spec.md");
    client.ready();
    assert_eq!(places(&client.ask_here("textDocument/definition", &workspace)), [(spec.clone(), 0)]);
    let (_, at) = workspace.cursor(client.encoding());
    let named = [(spec.clone(), 5), (tasks.clone(), 1)];
    assert_eq!(places(&references(&mut client, &spec, at, false)), named);
    let first = workspace.find("specs/a/spec.md", "FR-1", client.encoding());
    assert_eq!(places(&references(&mut client, &spec, first, false)), named);
    let lit = client.ask_here("textDocument/documentHighlight", &workspace);
    let kinds: Vec<_> = lit.as_array().expect("both are lit").iter().map(|it| it["kind"].as_u64()).collect();
    assert_eq!(kinds, [Some(3), Some(2)], "{lit}");
    let alone = jump(&mut client, &workspace, "definition", "specs/a/spec.md", "FR-3");
    assert_eq!(places(&alone), [(spec, 6)], "a row that states alone is the statement");
}
