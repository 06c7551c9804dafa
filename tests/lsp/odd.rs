//! Clients that contradict themselves, and documents that are none of ours.

use serde_json::{Value, json};
use traceline_tests::{Client, Position, Workspace};

use crate::{LOGIN, assert_alive, hover_at, login, words_of};

fn range(from: (i64, i64), to: (i64, i64)) -> Value {
    let place = |(line, character): (i64, i64)| json!({ "line": line, "character": character });
    json!({ "start": place(from), "end": place(to) })
}

#[test]
fn an_edit_beyond_the_end_lands_at_the_end() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    let far = range((100_000, 100_000), (100_000, 100_000));
    let text = "\n- [ ] 3. More\n  - _Requirements: FR-9.9_\n";
    let version = client.change(&uri, &[json!({ "range": far, "text": text })]);
    let found = client.diagnostics(&uri, version);
    assert!(found.iter().any(|it| it["message"].to_string().contains("FR-9.9")), "{found:?}");
    assert_alive(&mut client, &workspace);
}

#[test]
fn a_column_beyond_the_line_is_its_end() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    // The specification: a character beyond the line's length defaults to the line's length.
    let version = client.change(&uri, &[json!({ "range": range((0, 4000), (0, 2_147_483_647)), "text": " FR-9.9" })]);
    let found = client.diagnostics(&uri, version);
    assert!(found.iter().any(|it| it["range"]["start"]["line"] == 0), "the heading names FR-9.9: {found:?}");
    assert_alive(&mut client, &workspace);
}

#[test]
fn a_reversed_range_does_no_harm() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    let document = json!({ "uri": uri, "version": 2 });
    let changes = json!([{ "range": range((2, 5), (0, 0)), "text": "x" }]);
    client.notify_malformed("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    let version = client.replace(&uri, workspace.text("specs/login/tasks.md"));
    assert_eq!(client.diagnostics(&uri, version), Vec::<Value>::new());
    assert_alive(&mut client, &workspace);
}

#[test]
fn a_column_inside_a_character_does_no_harm() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    client.replace(&uri, "🎉🎉🎉 FR-1.1\n");
    for column in 0..14 {
        client.change(&uri, &[json!({ "range": range((0, column), (0, column)), "text": "字" })]);
        client.change(&uri, &[json!({ "range": range((0, column), (0, column + 1)), "text": "" })]);
        client.ask_at(
            "textDocument/hover",
            &uri,
            Position { line: 0, character: usize::try_from(column).expect("small") },
        );
    }
    client.replace(&uri, workspace.text("specs/login/tasks.md"));
    assert_alive(&mut client, &workspace);
}

#[test]
fn documents_that_were_never_opened_can_be_asked_edited_and_closed() {
    let (workspace, mut client) = login();
    for uri in [
        workspace.uri("specs/login/none.md"),
        workspace.uri("specs/login/spec.md"),
        "file:///nowhere/at/all.md".to_owned(),
    ] {
        for method in ["textDocument/hover", "textDocument/definition", "textDocument/completion"] {
            let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } });
            let id = client.ask(method, params);
            // Nothing, or a refusal: both are answers.
            let _ = client.answer(id);
        }
        client.change(&uri, &[json!({ "range": range((0, 0), (0, 0)), "text": "x" })]);
        client.close(&uri);
        client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
        assert_alive(&mut client, &workspace);
    }
}

#[test]
fn a_document_that_is_not_saved_yet_is_served() {
    let (_workspace, mut client) = login();
    for uri in
        ["untitled:Untitled-1", "untitled:/tmp/spec.md", "vscode-userdata:/spec.md", "git:/repo/spec.md?ref=HEAD"]
    {
        client.open_text(uri, "# Spec\n\n- **FR-1.1**: unsaved words\n\nSee FR-1.1.\n");
        let words = hover_at(&mut client, uri, Position { line: 4, character: 5 });
        client.change(uri, &[json!({ "range": range((0, 0), (0, 0)), "text": "\n" })]);
        client.close(uri);
        eprintln!("{uri}: {words:?}");
    }
}

#[test]
fn uris_of_all_spellings_do_no_harm() {
    let (workspace, mut client) = login();
    let mut answered = 0;
    for uri in [
        "file:///tmp/with%20space/spec.md",
        "file:///tmp/%E5%AD%97/spec.md",
        "file:///tmp/%FF%FE/spec.md",
        "file:///tmp/100%25/spec.md",
        "file:///c%3A/Users/me/spec.md",
        "file:///C:/Users/me/spec.md",
        "file://host/share/spec.md",
        "file:///",
        "file:///tmp/../tmp/./spec.md",
        "file:///tmp/spec.md#fragment",
        "file:///tmp/spec.md?query",
        "http://example.org/spec.md",
        "urn:isbn:0451450523",
        "mailto:me@example.org",
    ] {
        client.open_text(uri, "# Spec\n\n- **FR-1.1**: words\n\nSee FR-1.1.\n");
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 4, "character": 5 } });
        let id = client.ask("textDocument/hover", params);
        answered += usize::from(client.answer(id).is_ok_and(|it| words_of(&it).contains("words")));
        client.close(uri);
    }
    eprintln!("{answered} of 14 were understood");
    assert_alive(&mut client, &workspace);
}

#[test]
fn strings_that_are_no_uri_do_no_harm() {
    let (workspace, mut client) = login();
    for uri in
        ["", "spec.md", "/tmp/spec.md", "C:\\spec.md", "%", "file:///tmp/%GG/spec.md", "file:///tmp/a b/spec.md", "::"]
    {
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": "- **FR-1.1**: x\n" });
        client.notify_malformed("textDocument/didOpen", json!({ "textDocument": document }));
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 5 } });
        let id = client.ask_malformed("textDocument/hover", params);
        let _ = client.answer(id);
        client.notify_malformed("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }
    assert_alive(&mut client, &workspace);
}

#[test]
fn two_spellings_of_one_uri_are_one_document() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.ready();
    let plain = workspace.uri("specs/login/tasks.md");
    let escaped = plain.replace("login", "%6Cogin");
    client.open_text(&escaped, "- [ ] 1. Task\n  - _Requirements: FR-1.2_\n");
    for uri in [&plain, &escaped] {
        let words = hover_at(&mut client, uri, Position { line: 1, character: 20 });
        assert!(words.contains("password is wrong"), "{uri}: {words}");
    }
}

#[test]
fn versions_need_not_be_in_order() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    for version in [5, 5, 3, -1, 0] {
        let document = json!({ "uri": uri, "version": version });
        let changes = json!([{ "range": range((0, 0), (0, 0)), "text": "" }]);
        client.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }
    assert_alive(&mut client, &workspace);
}

#[test]
fn a_document_opened_twice_has_the_second_text() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    client.open_text(&uri, "# Again\n\nSee FR-1.1.\n");
    let words = hover_at(&mut client, &uri, Position { line: 2, character: 5 });
    assert!(words.contains("open a session"), "{words}");
    client.close(&uri);
    client.close(&uri);
    client.open(&workspace, "specs/login/tasks.md");
    assert_alive(&mut client, &workspace);
}

#[test]
fn an_empty_list_of_changes_makes_a_version() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    let version = client.change(&uri, &[]);
    client.diagnostics(&uri, version);
    assert_alive(&mut client, &workspace);
}

#[test]
fn other_languages_are_left_alone() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/main.rs");
    let document = json!({ "uri": uri, "languageId": "rust", "version": 1, "text": "// _Requirements: FR-9.9_\n" });
    client.notify("textDocument/didOpen", json!({ "textDocument": document }));
    client.settle();
    assert!(!client.shown().contains_key(&uri));
    assert_alive(&mut client, &workspace);
}

#[test]
fn positions_beyond_the_document_are_answered() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    for at in [
        Position { line: 9999, character: 0 },
        Position { line: 0, character: 9999 },
        Position { line: 2_147_483_647, character: 2_147_483_647 },
    ] {
        for method in ["textDocument/hover", "textDocument/definition", "textDocument/completion"] {
            client.ask_at(method, &uri, at);
        }
    }
    assert_alive(&mut client, &workspace);
}
