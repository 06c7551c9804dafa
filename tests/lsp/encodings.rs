//! Columns in the three encodings, and texts whose lines end in every way.

use serde_json::{Value, json};
use traceline_tests::text::{self, Encoding};
use traceline_tests::{Client, Setup, Workspace};

use crate::{hover_at, rules};

const SPEC: &str = "# Spec\n\n- **FR-1.1**: 字 emoji 🎉 and é\n";

/// The feature with this text as its tasks: what stands at each `unknown-requirement`, in each encoding.
fn unknown_in(tasks: &str) -> Vec<Vec<String>> {
    Encoding::ALL.into_iter().map(|encoding| unknown_as(tasks, encoding)).collect()
}

fn session(tasks: &str, encoding: Encoding) -> (Workspace, Client, String) {
    let workspace = Workspace::new("");
    workspace.write("specs/x/spec.md", SPEC);
    workspace.write("specs/x/tasks.md", "");
    let client = Client::start_with(&workspace, &Setup::rich().offering(&[encoding]));
    let uri = workspace.uri("specs/x/tasks.md");
    let mut client = client;
    client.open_text(&workspace.uri("specs/x/spec.md"), SPEC);
    client.open_text(&uri, tasks);
    client.ready();
    (workspace, client, uri)
}

fn unknown_as(tasks: &str, encoding: Encoding) -> Vec<String> {
    let (_workspace, mut client, uri) = session(tasks, encoding);
    unknown_at(&client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement")), tasks, encoding)
}

fn unknown_at(diagnostics: &[Value], tasks: &str, encoding: Encoding) -> Vec<String> {
    let unknown = diagnostics.iter().filter(|it| it["code"] == "unknown-requirement");
    unknown.map(|it| text::slice(tasks, &it["range"], encoding).to_owned()).collect()
}

fn everywhere(tasks: &str, ids: &[&str]) {
    for found in unknown_in(tasks) {
        assert_eq!(found, ids, "{tasks:?}");
    }
}

#[test]
fn columns_count_past_emoji_and_cjk() {
    everywhere("- [ ] 1. Task\n  - _Requirements: FR-1.1 (🎉 字 é), FR-9.9, FR-9.8_\n", &["FR-9.9", "FR-9.8"]);
    everywhere("- [ ] 1. Task 👩‍👩‍👧‍👦\n  - _Requirements: 需求 FR-9.9_\n", &["FR-9.9"]);
    everywhere("- [ ] 1. Task\n  - _Requirements: FR-1.1、FR-9.9，FR-9.8_\n", &["FR-9.9", "FR-9.8"]);
}

#[test]
fn lines_end_in_three_ways() {
    everywhere("- [ ] 1. Task\r\n  - _Requirements: FR-9.9_\r\n", &["FR-9.9"]);
    everywhere("- [ ] 1. Task\r  - _Requirements: FR-9.9_\r", &["FR-9.9"]);
    everywhere(
        "one\rtwo\r\nthree\n- [ ] 1. Task\r\n  - _Requirements: FR-9.9_\r- [ ] 2. Task\n  - _Requirements: FR-9.8_",
        &["FR-9.9", "FR-9.8"],
    );
}

#[test]
fn other_separators_end_no_line() {
    // U+2028, U+0085, a vertical tab and a form feed are text to the protocol.
    everywhere("a\u{2028}b\u{85}c\u{b}d\u{c}e\n\n- [ ] 1. Task\n  - _Requirements: FR-9.9_\n", &["FR-9.9"]);
}

#[test]
fn a_byte_order_mark_is_a_character_of_the_first_line() {
    everywhere("\u{feff}- [ ] 1. Task\n  - _Requirements: FR-9.9_\n", &["FR-9.9"]);
    everywhere("\u{feff}_Requirements: FR-9.9_\n", &["FR-9.9"]);
}

#[test]
fn the_last_line_needs_no_end() {
    everywhere("- [ ] 1. Task\n  - _Requirements: FR-9.9_", &["FR-9.9"]);
}

#[test]
fn an_empty_document_can_be_filled_and_emptied() {
    for encoding in Encoding::ALL {
        let (_workspace, mut client, uri) = session("", encoding);
        let full = "- [ ] 1. Task\n  - _Requirements: FR-9.9_";
        let zero = json!({ "line": 0, "character": 0 });
        let version = client.change(&uri, &[json!({ "range": { "start": zero, "end": zero }, "text": full })]);
        assert_eq!(unknown_at(&client.diagnostics(&uri, version), full, encoding), ["FR-9.9"]);
        let end = text::position(full, full.len(), encoding).json();
        let version = client.change(&uri, &[json!({ "range": { "start": zero, "end": end }, "text": "" })]);
        let left = client.diagnostics(&uri, version);
        assert_eq!(left.iter().map(|it| &it["code"]).collect::<Vec<_>>(), ["empty-document"]);
    }
}

#[test]
fn edits_land_where_they_are_meant() {
    for encoding in Encoding::ALL {
        let mut tasks = "- [ ] 1. 字🎉é Task\r\n  - _Requirements: 🎉🎉 FR-1.1, x_\r\n".to_owned();
        let (_workspace, mut client, uri) = session(&tasks, encoding);
        for (old, new) in
            [("x_", "FR-9.9_"), ("🎉🎉 ", "🎉 字 "), ("é", "🎉🎉🎉\r\n  字"), ("字 FR-1.1", "FR-1.1"), ("\r\n  字", "")]
        {
            let version = client.change(&uri, &[crate::substitution(&tasks, old, new, encoding)]);
            tasks = tasks.replacen(old, new, 1);
            let found = client.diagnostics(&uri, version);
            assert_eq!(unknown_at(&found, &tasks, encoding), ["FR-9.9"], "{} {tasks:?}", encoding.name());
        }
    }
}

#[test]
fn the_changes_of_one_message_build_on_each_other() {
    for encoding in Encoding::ALL {
        let tasks = "- [ ] 1. 🎉 Task\n  - _Requirements: FR-1.1_\n";
        let (_workspace, mut client, uri) = session(tasks, encoding);
        let second = tasks.replacen("🎉", "字字", 1);
        let third = second.replacen("FR-1.1", "FR-1.1, FR-9.9", 1);
        let version = client.change(
            &uri,
            &[
                crate::substitution(tasks, "🎉", "字字", encoding),
                crate::substitution(&second, "FR-1.1", "FR-1.1, FR-9.9", encoding),
            ],
        );
        assert_eq!(unknown_at(&client.diagnostics(&uri, version), &third, encoding), ["FR-9.9"]);
    }
}

#[test]
fn hover_finds_its_id_behind_wide_characters() {
    for encoding in Encoding::ALL {
        let tasks = "- [ ] 1. Task\n  - _Requirements: 👩‍👩‍👧‍👦 字, FR-1.1_\n";
        let (_workspace, mut client, uri) = session(tasks, encoding);
        let at = text::position(tasks, tasks.find("FR-1.1").expect("it is there"), encoding);
        let words = hover_at(&mut client, &uri, at);
        assert!(words.contains("字 emoji 🎉 and é"), "{} {words}", encoding.name());
    }
}

#[test]
fn closed_files_are_counted_in_the_same_columns() {
    for encoding in Encoding::ALL {
        let tasks = "\u{feff}- [ ] 1. Task\r\n  - _Requirements: 🎉 字 FR-9.9_\r\n";
        let workspace = Workspace::new("");
        workspace.write("specs/x/spec.md", SPEC);
        workspace.write("specs/x/tasks.md", tasks);
        let mut client = Client::start_with(&workspace, &Setup::rich().offering(&[encoding]));
        let found = client
            .diagnostics_when(&workspace.uri("specs/x/tasks.md"), |it| rules(it).contains(&"unknown-requirement"));
        assert_eq!(unknown_at(&found, tasks, encoding), ["FR-9.9"], "{}", encoding.name());
    }
}
