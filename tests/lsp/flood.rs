//! Fifty thousand edits in a burst: none is lost, none comes twice, and nobody waits for ever.

use serde_json::json;
use traceline_tests::text;
use traceline_tests::{Client, Setup, Workspace};

use crate::{LOGIN, places, words_of};

const EDITS: usize = 50_000;

#[test]
fn a_burst_of_new_lines_ends_exact() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    client.open(&workspace, "specs/login/spec.md");
    client.open(&workspace, "specs/login/tasks.md");
    let top = json!({ "line": 1, "character": 0 });
    let change = [json!({ "range": { "start": top, "end": top }, "text": "\n" })];
    for _ in 0..EDITS {
        client.change(&spec, &change);
    }
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let line = workspace.find("specs/login/spec.md", "FR-1.2", client.encoding()).line;
    let answer = client.ask_at("textDocument/definition", &tasks, at);
    assert_eq!(places(&answer), [(spec.clone(), line + EDITS)]);
    client.diagnostics(&spec, 1 + i64::try_from(EDITS).expect("it is small"));
}

#[test]
fn a_burst_of_letters_in_one_line_ends_exact() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    let tasks = workspace.uri("specs/login/tasks.md");
    client.open(&workspace, "specs/login/spec.md");
    client.open_text(&tasks, "- [ ] 1. Task\n  - _Requirements: FR-1.1_ and FR-9.9\n");
    for edit in 0..EDITS {
        // Characters of different widths, so that a lost or doubled edit shifts the columns of what follows.
        let new = ["x", "é", "字", "🎉"][edit % 4];
        let start = json!({ "line": 0, "character": 9 });
        client.change(&tasks, &[json!({ "range": { "start": start, "end": start }, "text": new })]);
    }
    let end = 9 + EDITS / 4 * 5;
    let (start, end) = (json!({ "line": 0, "character": 9 }), json!({ "line": 0, "character": end }));
    // Takes out exactly what was put in: what is left is the first text again, with a reference moved to its place.
    client.change(&tasks, &[json!({ "range": { "start": start, "end": end }, "text": "see FR-1.2, then the " })]);
    let text = "- [ ] 1. see FR-1.2, then the Task\n  - _Requirements: FR-1.1_ and FR-9.9\n";
    let at = text::position(text, text.find("FR-1.2").expect("it is there"), client.encoding());
    let hover = client.ask_at("textDocument/hover", &tasks, at);
    assert!(words_of(&hover).contains("password is wrong"), "{hover}");
    let diagnostics = client.diagnostics(&tasks, 2 + i64::try_from(EDITS).expect("it is small"));
    for diagnostic in &diagnostics {
        // A range that is not one of the text that must be left panics here.
        let _ = text::slice(text, &diagnostic["range"], client.encoding());
    }
}

#[test]
fn questions_in_a_flood_are_all_answered() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    client.open(&workspace, "specs/login/spec.md");
    client.open(&workspace, "specs/login/tasks.md");
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let top = json!({ "line": 1, "character": 0 });
    let change = [json!({ "range": { "start": top, "end": top }, "text": "\n" })];
    let line = workspace.find("specs/login/spec.md", "FR-1.2", client.encoding()).line;
    let mut asked = Vec::new();
    for round in 1..=20_000 {
        client.change(&spec, &change);
        if round % 10 == 0 {
            let question = json!({ "textDocument": { "uri": tasks }, "position": at.json() });
            asked.push((line + round, client.ask("textDocument/definition", question)));
        }
    }
    for (line, id) in asked {
        let answer = client.answer(id).expect("a definition is not refused");
        assert_eq!(places(&answer), [(spec.clone(), line)]);
    }
}
