//! A question sees exactly the edits that were sent before it, however many of both are under way.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use traceline_tests::text::{self, Encoding};
use traceline_tests::{Client, Setup, Workspace};

use crate::{places, words_of};

const PICTURE: &str = "
    //- specs/login/spec.md
    # Login

    - **FR-1.1**: edition 0 of the text
    //- specs/login/tasks.md
    - [ ] 1. Build it
      - _Requirements: FR-1.1_
    ";

#[test]
fn each_of_500_questions_sees_the_edits_before_it() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start(&workspace);
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    client.open(&workspace, "specs/login/spec.md");
    client.open(&workspace, "specs/login/tasks.md");
    let at = workspace.find("specs/login/tasks.md", "FR-1.1", client.encoding());
    let mut text = workspace.text("specs/login/spec.md").to_owned();
    let mut asked = Vec::new();
    for edition in 1..=500 {
        let (old, new) = (format!("edition {} of", edition - 1), format!("edition {edition} of"));
        client.change(&spec, &[crate::substitution(&text, &old, &new, client.encoding())]);
        text = text.replace(&old, &new);
        let question = json!({ "textDocument": { "uri": tasks }, "position": at.json() });
        asked.push((new, client.ask("textDocument/hover", question)));
    }
    for (words, id) in asked {
        let hover = client.answer(id).expect("a hover is not refused");
        assert!(words_of(&hover).contains(&words), "want {words:?}, got {hover}");
    }
}

#[test]
fn a_document_that_is_closed_while_the_workspace_is_read_still_counts() {
    let workspace = Workspace::new(PICTURE);
    for n in 0..200 {
        workspace.write(&format!("specs/f{n}/spec.md"), "text\n");
    }
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("read slow"), ..Setup::rich() });
    let lenses = |client: &mut Client, path: &str| {
        client.request("textDocument/codeLens", json!({ "textDocument": { "uri": workspace.uri(path) } }))
    };
    client.open(&workspace, "specs/login/tasks.md");
    assert_eq!(lenses(&mut client, "specs/login/tasks.md").as_array().map(Vec::len), Some(1));
    // Its file has not been read yet, and now nobody says what it holds.
    client.close(&workspace.uri("specs/login/tasks.md"));
    client.open(&workspace, "specs/login/spec.md");
    assert_eq!(lenses(&mut client, "specs/login/spec.md").as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_asked_before_the_files_are_known_waits_for_them() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("list slow"), ..Setup::rich() });
    client.open_text(&workspace.uri("specs/other/spec.md"), "- **FR-7.1**: text\n");
    client.open(&workspace, "specs/login/spec.md");
    let uri = workspace.uri("specs/login/spec.md");
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    // That a task names it is written in a file that nobody has opened.
    assert_eq!(lenses.as_array().map(Vec::len), Some(1));
}

#[test]
fn each_of_500_jumps_lands_where_the_definition_is_by_then() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start(&workspace);
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    client.open(&workspace, "specs/login/spec.md");
    client.open(&workspace, "specs/login/tasks.md");
    let at = workspace.find("specs/login/tasks.md", "FR-1.1", client.encoding());
    let top = json!({ "line": 1, "character": 0 });
    let question = json!({ "textDocument": { "uri": tasks }, "position": at.json() });
    let mut asked = Vec::new();
    for round in 1..=500 {
        client.change(&spec, &[json!({ "range": { "start": top, "end": top }, "text": "\n" })]);
        asked.push((2 + round, client.ask("textDocument/definition", question.clone())));
    }
    for (line, id) in asked {
        let answer = client.answer(id).expect("a definition is not refused");
        assert_eq!(places(&answer), [(spec.clone(), line)]);
    }
}

#[test]
fn an_id_that_changes_under_a_question_is_found_or_not_as_it_was_then() {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start(&workspace);
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    client.open(&workspace, "specs/login/spec.md");
    client.open(&workspace, "specs/login/tasks.md");
    let at = workspace.find("specs/login/tasks.md", "FR-1.1", client.encoding());
    let question = json!({ "textDocument": { "uri": tasks }, "position": at.json() });
    let mut asked = Vec::new();
    for round in 0..500 {
        let defined = round % 2 == 1;
        let id = if defined { "FR-1.1" } else { "FR-7.7" };
        client.replace(&spec, &format!("- **{id}**: text\n"));
        asked.push((defined, client.ask("textDocument/definition", question.clone())));
    }
    for (defined, id) in asked {
        let answer = client.answer(id).expect("a definition is not refused");
        assert_eq!(places(&answer).len(), usize::from(defined), "{answer}");
    }
}

/// Pieces of which random texts are made: ids, ends of lines, and characters of one to four bytes.
const PIECES: [&str; 18] = [
    "FR-1.1",
    "FR-9.9",
    "_Requirements: FR-9.8_",
    "- [ ] 2. Task\n",
    "# Heading\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "🎉",
    "字",
    "é",
    "```\n",
    "[placeholder]",
    "- **FR-1.2**: new\n",
    "  - ",
    "_",
    "text",
];

/// One change of a batch: two places as fractions of the text, and pieces to put between them.
type Change = (u16, u16, Vec<usize>);

fn changes() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let change = (any::<u16>(), any::<u16>(), prop::collection::vec(0..PIECES.len(), 0..4));
    prop::collection::vec(prop::collection::vec(change, 1..5), 1..6)
}

/// The byte of `text` that lies this far into it, moved back to the start of a character and out of a `\r\n`.
fn place(text: &str, fraction: u16) -> usize {
    let mut at = text.len() * usize::from(fraction) / usize::from(u16::MAX);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    if at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n') {
        at -= 1;
    }
    at
}

/// The feature whose tasks are edited, and its twin, whose tasks are opened fresh: ids are local, so they do not meet.
const TWINS: &str = "
    //- specs/edited/spec.md
    - **FR-1.1**: WHEN a user signs in THEN a session opens
    //- specs/edited/tasks.md
    # Tasks

    - [x] 1. Make sessions
      - _Requirements: FR-1.1, NFR-1.1_
    - [ ] 2. Refuse wrong passwords
      - _Requirements: FR-1.2_
    //- specs/fresh/spec.md
    - **FR-1.1**: WHEN a user signs in THEN a session opens
    ";

/// Diagnostics without the name of the feature that they speak of.
fn nameless(diagnostics: &[Value]) -> Vec<String> {
    diagnostics.iter().map(|it| it.to_string().replace("specs/fresh", "specs/edited")).collect()
}

#[test]
fn random_edits_end_as_the_final_text_opened_fresh() {
    for encoding in Encoding::ALL {
        let workspace = Workspace::new(TWINS);
        let mut client = Client::start_with(&workspace, &Setup::rich().offering(&[encoding]));
        let (edited_uri, fresh_uri) = (workspace.uri("specs/edited/tasks.md"), workspace.uri("specs/fresh/tasks.md"));
        client.open(&workspace, "specs/edited/tasks.md");
        client.ready();
        let first = workspace.text("specs/edited/tasks.md").to_owned();
        let config = Config { cases: 60, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
        let client = std::cell::RefCell::new(client);
        let outcome = TestRunner::new(config).run(&changes(), |batches| {
            let mut client = client.borrow_mut();
            let mut text = first.clone();
            let mut version = client.replace(&edited_uri, &text);
            for batch in batches {
                let edits: Vec<Value> = batch
                    .into_iter()
                    .map(|(a, b, pieces)| {
                        let (start, end) = (place(&text, a.min(b)), place(&text, a.max(b)));
                        let new: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
                        let at = |offset| text::position(&text, offset, encoding).json();
                        let edit = json!({ "range": { "start": at(start), "end": at(end) }, "text": new });
                        text.replace_range(start..end, &new);
                        edit
                    })
                    .collect();
                version = client.change(&edited_uri, &edits);
            }
            let edited = nameless(&client.diagnostics(&edited_uri, version));
            client.open_text(&fresh_uri, &text);
            client.settle();
            let mut fresh = Vec::new();
            // A feature that was just opened withholds what it cannot know yet.
            for _ in 0..100 {
                fresh = client.shown().get(&fresh_uri).map_or_else(Vec::new, |it| nameless(it));
                if fresh == edited {
                    break;
                }
                client.listen(Duration::from_millis(20));
            }
            client.close(&fresh_uri);
            prop_assert_eq!(edited, fresh, "{} {:?}", encoding.name(), text);
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{error}");
        }
    }
}
