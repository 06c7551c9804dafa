//! Hover: what a requirement says, where it is defined, and what covers it.

use traceline_tests::{Client, Setup, Workspace, text};

use crate::{LOGIN, hover_at, login, words_of};

#[test]
fn a_reference_shows_its_requirement() {
    let (workspace, mut client) = login();
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let hover = client.ask_at("textDocument/hover", &workspace.uri("specs/login/tasks.md"), at);
    let words = words_of(&hover);
    for part in [
        "FR-1.2",
        "WHEN a password is wrong THEN the system SHALL refuse it",
        "spec.md",
        "Passwords",
        "Refuse wrong passwords",
    ] {
        assert!(words.contains(part), "{part:?} in {words}");
    }
    let range = &hover["range"];
    assert_eq!(text::slice(workspace.text("specs/login/tasks.md"), range, client.encoding()), "FR-1.2");
}

#[test]
fn a_definition_shows_what_covers_it() {
    let (workspace, mut client) = login();
    let at = workspace.find("specs/login/spec.md", "FR-1.1", client.encoding());
    client.open(&workspace, "specs/login/spec.md");
    let words = words_of(&client.ask_at("textDocument/hover", &workspace.uri("specs/login/spec.md"), at));
    for part in ["Sessions", "Make sessions"] {
        assert!(words.contains(part), "{part:?} in {words}");
    }
}

#[test]
fn every_column_of_an_id_shows_it_and_the_columns_around_do_not() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    let mut at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    at.character -= 2;
    assert!(words_of(&client.ask_at("textDocument/hover", &uri, at)).is_empty(), "before the id");
    at.character += 2;
    for _ in 0.."FR-1.2".len() {
        assert!(words_of(&client.ask_at("textDocument/hover", &uri, at)).contains("password is wrong"), "at {at:?}");
        at.character += 1;
    }
}

#[test]
fn prose_without_an_id_shows_nothing() {
    let (workspace, mut client) = login();
    let at = workspace.find("specs/login/tasks.md", "Make", client.encoding());
    let hover = client.ask_at("textDocument/hover", &workspace.uri("specs/login/tasks.md"), at);
    assert!(hover.is_null(), "{hover}");
}

#[test]
fn an_id_of_a_sibling_feature_shows_no_requirement_of_it() {
    let picture = format!("{LOGIN}//- specs/other/spec.md\n    - **FR-1.2**: something else entirely\n");
    let workspace = Workspace::new(&picture);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let words = words_of(&client.ask_at("textDocument/hover", &workspace.uri("specs/login/tasks.md"), at));
    assert!(words.contains("password is wrong") && !words.contains("something else"), "{words}");
}

#[test]
fn a_range_shows_a_requirement_that_it_covers() {
    let workspace = Workspace::new(
        "
        //- specs/x/spec.md
        - **FR-1.1**: first words
        - **FR-1.2**: second words
        - **FR-1.3**: third words
        //- specs/x/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1 through FR-1.$03_
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/x/spec.md");
    client.open(&workspace, "specs/x/tasks.md");
    let words = words_of(&client.ask_here("textDocument/hover", &workspace));
    assert!(words.contains("third words"), "{words}");
}

#[test]
fn a_client_that_takes_plain_text_gets_words() {
    let workspace = Workspace::new(LOGIN);
    let mut setup = Setup::bare();
    setup.capabilities = serde_json::json!({ "textDocument": { "hover": { "contentFormat": ["plaintext"] } } });
    let mut client = Client::start_with(&workspace, &setup);
    client.open(&workspace, "specs/login/spec.md");
    client.open(&workspace, "specs/login/tasks.md");
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let hover = client.ask_at("textDocument/hover", &workspace.uri("specs/login/tasks.md"), at);
    assert_ne!(hover["contents"]["kind"], "markdown", "{hover}");
    assert!(words_of(&hover).contains("password is wrong"), "{hover}");
}

#[test]
fn what_only_another_feature_defines_is_said_to_be_there() {
    for (path, place) in [("README.md", "the documents above the features"), ("specs/b/plan.md", "specs/b")] {
        let workspace = Workspace::new(&format!(
            "
            //- specs/a/spec.md
            - **FR-7**: A
            //- specs/b/spec.md
            - **FR-1**: B
            //- {path}
            As FR-$07 says.
            "
        ));
        let mut client = Client::start(&workspace);
        client.open(&workspace, path);
        client.ready();
        let words = words_of(&client.ask_here("textDocument/hover", &workspace));
        assert!(words.starts_with(&format!("**FR-7** is not defined in {place}")), "{words}");
        assert!(words.ends_with("specs/a defines FR-7, but ids are local to a feature."), "{words}");
    }
}

#[test]
fn what_a_new_document_does_not_define_is_said_of_the_document() {
    let workspace = Workspace::new("//- specs/a/spec.md\n- **FR-1**: A\n");
    let mut client = Client::start(&workspace);
    client.open_text("untitled:Untitled-1", "# Plan\n\n_Requirements: FR-9_\n");
    client.ready();
    let at = traceline_tests::Position { line: 2, character: 17 };
    let words = hover_at(&mut client, "untitled:Untitled-1", at);
    assert_eq!(words, "**FR-9** is not defined in this document\n\n*Not reported*: this is no plan document.");
}

#[test]
fn an_unknown_id_tells_what_is_doubted() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1**: A
        //- specs/a/tasks.md
        - [ ] 1. T
          - _Requirements: FR-1, AC-$07_
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let words = words_of(&client.ask_here("textDocument/hover", &workspace));
    assert_eq!(words, "**AC-7** is not defined in specs/a\n\n*A remark only*: no document here defines any AC.");
}
