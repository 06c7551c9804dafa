//! Completion: which ids are offered where, in which order, and what accepting one makes of the line.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, text};

use crate::{LOGIN, items, labels};

/// A session over `LOGIN` and one more open file, drawn by `picture` with its cursor.
fn session(picture: &str) -> (Workspace, Client) {
    session_as(picture, &Setup::rich())
}

fn session_as(picture: &str, setup: &Setup) -> (Workspace, Client) {
    let workspace = Workspace::new(picture);
    let mut client = Client::start_with(&workspace, setup);
    for file in &workspace.fixture().files {
        client.open(&workspace, &file.path);
    }
    (workspace, client)
}

fn complete(picture: &str) -> Vec<String> {
    let (workspace, mut client) = session(picture);
    labels(&client.ask_here("textDocument/completion", &workspace))
}

/// The line of the cursor after accepting the item of this label, by insertion or by replacement.
fn accepted(picture: &str, label: &str, side: &str) -> String {
    accepted_as(picture, label, side, &Setup::rich())
}

fn accepted_as(picture: &str, label: &str, side: &str, setup: &Setup) -> String {
    let (workspace, mut client) = session_as(picture, setup);
    let completion = client.ask_here("textDocument/completion", &workspace);
    let all = items(&completion);
    let item =
        all.iter().find(|it| it["label"] == label).unwrap_or_else(|| panic!("no {label} in {:?}", labels(&completion)));
    let (path, at) = workspace.cursor(client.encoding());
    let before = workspace.text(path);
    let defaults = &completion["itemDefaults"]["editRange"];
    let mut edit = item["textEdit"].clone();
    if edit.is_null() {
        let new = item["textEditText"].as_str().or(item["insertText"].as_str()).unwrap_or(label);
        edit = json!({ "newText": new });
        let key = if defaults.get("start").is_some() { "range" } else { side };
        edit[key] = if key == "range" { defaults.clone() } else { defaults[side].clone() };
    }
    if edit.get(side).is_some() {
        edit["range"] = edit[side].clone();
    }
    assert!(edit["range"].is_object(), "the item says what it replaces: {item}");
    let after = text::edited(before, &[edit], client.encoding());
    text::lines(&after)[at.line].1.to_owned()
}

/// `LOGIN` with these lines in its tasks.
fn with_tasks(lines: &str) -> String {
    let (head, _) = LOGIN.split_once("//- specs/login/tasks.md").expect("it has tasks");
    let mut picture = head.trim_end().to_owned();
    picture.push_str("\n    //- specs/login/tasks.md\n");
    for line in lines.lines() {
        picture.push_str(&format!("    {line}\n"));
    }
    picture
}

#[test]
fn a_trace_line_offers_the_ids_of_its_feature() {
    let found = complete(&with_tasks("- [ ] 1. Task\n  - _Requirements: $0_"));
    for id in ["FR-1.1", "FR-1.2", "NFR-1.1"] {
        assert!(found.iter().any(|it| it == id), "{id} in {found:?}");
    }
}

#[test]
fn a_trace_line_offers_ids_before_it_is_closed() {
    for line in
        ["  - _Requirements: $0", "  - _Requirements: FR-$0", "  - _Requirements: FR-1.1, $0", "_Requirements: F$0"]
    {
        let found = complete(&with_tasks(&format!("- [ ] 1. Task\n{line}")));
        assert!(found.iter().any(|it| it == "FR-1.2"), "{line}: {found:?}");
    }
}

#[test]
fn ids_already_on_the_line_are_not_offered_again() {
    let found = complete(&with_tasks("- [ ] 1. Task\n  - _Requirements: FR-1.1, $0_"));
    assert!(!found.iter().any(|it| it == "FR-1.1"), "{found:?}");
    assert!(found.iter().any(|it| it == "FR-1.2"), "{found:?}");
    let found = complete(&with_tasks("- [ ] 1. Task\n  - _Requirements: $0, FR-1.2_"));
    assert!(!found.iter().any(|it| it == "FR-1.2"), "behind the cursor counts too: {found:?}");
}

#[test]
fn prose_offers_ids_after_a_family() {
    for prose in ["See FR-$0", "See FR-1.$0 for more", "| FR-$0 | x |", "## About FR-$0", "See **FR-$0**"] {
        let found = complete(&with_tasks(prose));
        assert!(found.iter().any(|it| it == "FR-1.2"), "{prose}: {found:?}");
    }
    let found = complete(&with_tasks("See NFR-$0"));
    assert!(found.iter().any(|it| it == "NFR-1.1"), "{found:?}");
}

#[test]
fn code_and_link_targets_offer_nothing() {
    for words in [
        "```\nFR-$0\n```",
        "```\n_Requirements: FR-$0_\n```",
        "~~~\n- _Requirements: $0_",
        "Use `FR-$0` here",
        "A [link](specs/FR-$0)",
        "A [link](https://example.org/FR-$0)",
        "<!-- FR-$0 -->",
    ] {
        let found = complete(&with_tasks(words));
        assert!(found.is_empty(), "{words}: {found:?}");
    }
}

#[test]
fn other_features_ids_are_not_offered() {
    let picture = with_tasks("  - _Requirements: $0_") + "    //- specs/other/spec.md\n    - **FR-8.1**: elsewhere\n";
    let found = complete(&picture);
    assert!(!found.iter().any(|it| it == "FR-8.1"), "{found:?}");
}

#[test]
fn what_is_still_uncovered_comes_first() {
    let found = complete(
        "
        //- specs/x/spec.md
        - **FR-1.1**: The system SHALL open a session
        - **FR-1.2**: The system SHALL close a session
        - **FR-1.3**: The system SHALL count sessions
        //- specs/x/tasks.md
        - [ ] 1. Open a session
          - _Requirements: FR-1.1, FR-1.2_
        - [ ] 2. Open a session
          - _Requirements: $0_
        ",
    );
    assert_eq!(found.first().map(String::as_str), Some("FR-1.3"), "{found:?}");
}

#[test]
fn among_the_uncovered_likeness_to_the_section_decides() {
    let found = complete(
        "
        //- specs/x/spec.md
        - **FR-1.1**: The system SHALL open a session
        - **FR-1.2**: The system SHALL compress pictures
        - **FR-1.3**: The system SHALL send letters
        //- specs/x/tasks.md
        ## Compress pictures

        - [ ] 1. Compress the pictures
          - _Requirements: $0_
        ",
    );
    assert_eq!(found.first().map(String::as_str), Some("FR-1.2"), "{found:?}");
}

#[test]
fn equals_are_in_the_order_of_their_numbers() {
    let found = complete(
        "
        //- specs/x/spec.md
        - **FR-1.10**: alpha
        - **FR-1.9**: alpha
        - **FR-1.2**: alpha
        //- specs/x/tasks.md
        - [ ] 1. Beta
          - _Requirements: $0_
        ",
    );
    assert_eq!(found, ["FR-1.2", "FR-1.9", "FR-1.10"]);
}

#[test]
fn accepting_an_id_completes_what_was_typed() {
    for (line, done) in [
        ("  - _Requirements: $0_", "  - _Requirements: FR-1.2_"),
        ("  - _Requirements: FR-$0_", "  - _Requirements: FR-1.2_"),
        ("  - _Requirements: FR-1.1, FR-1.$0_", "  - _Requirements: FR-1.1, FR-1.2_"),
        ("  - _Requirements: fr-$0_", "  - _Requirements: FR-1.2_"),
        ("See FR-$0 then", "See FR-1.2 then"),
        ("字🎉 _Requirements_ FR-1$0", "字🎉 _Requirements_ FR-1.2"),
    ] {
        assert_eq!(accepted(&with_tasks(line), "FR-1.2", "insert"), done);
        assert_eq!(accepted_as(&with_tasks(line), "FR-1.2", "insert", &Setup::bare()), done);
    }
}

#[test]
fn insertion_keeps_what_stands_behind_the_cursor_and_replacement_does_not() {
    let picture = with_tasks("  - _Requirements: FR-1.$01_");
    assert_eq!(accepted(&picture, "FR-1.2", "insert"), "  - _Requirements: FR-1.21_");
    assert_eq!(accepted(&picture, "FR-1.2", "replace"), "  - _Requirements: FR-1.2_");
}

#[test]
fn a_client_without_insert_and_replace_gets_one_range() {
    let (workspace, mut client) = session_as(&with_tasks("  - _Requirements: FR-$0_"), &Setup::bare());
    let found = items(&client.ask_here("textDocument/completion", &workspace));
    assert!(!found.is_empty());
    for item in found {
        assert!(item["textEdit"].get("insert").is_none(), "{item}");
        assert_ne!(item["insertTextFormat"], 2, "no snippets: {item}");
    }
}

#[test]
fn an_item_documents_its_requirement() {
    let (workspace, mut client) = session(&with_tasks("  - _Requirements: $0_"));
    let found = items(&client.ask_here("textDocument/completion", &workspace));
    let mut item = found.into_iter().find(|it| it["label"] == "FR-1.2").expect("FR-1.2 is offered");
    if item.get("documentation").is_none() {
        item = client.request("completionItem/resolve", item);
    }
    let words = item["documentation"]["value"].as_str().or(item["documentation"].as_str()).unwrap_or_default();
    assert!(words.contains("password is wrong"), "{item}");
}

#[test]
fn completion_anywhere_is_answered() {
    let (workspace, mut client) = session(LOGIN);
    for file in workspace.fixture().files.clone() {
        let uri = workspace.uri(&file.path);
        for (line, (_, words)) in text::lines(&file.text).into_iter().enumerate() {
            for character in 0..=client.encoding().width(words) + 1 {
                let at = traceline_tests::Position { line, character };
                let answer = client.ask_at("textDocument/completion", &uri, at);
                assert!(answer.is_null() || answer.is_array() || answer["items"].is_array(), "{answer}");
                let _: Vec<Value> = items(&answer);
            }
        }
    }
}
