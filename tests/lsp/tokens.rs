//! Semantic tokens: what is told of each, and that changes of them say what all of them say.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use traceline_tests::{Client, Encoding, Setup, Workspace, text};

const SPEC: &str = "specs/a/spec.md";
const TASKS: &str = "specs/a/tasks.md";

const FEATURE: &str = "
    //- specs/a/spec.md
    # 🎉 A

    - **FR-1**: Check it
    - **FR-2**: see FR-1 and FR-9
    - **FR-3**: [what it does]
    //- specs/a/tasks.md
    - [x] 1. Make 字
      - _Requirements: FR-1, FR-9_
    - [ ] 2. Take FR-2
    ";

/// Each token as `text type modifiers`, by the legend that the server gave.
fn drawn(client: &Client, text: &str, data: &Value) -> Vec<String> {
    let legend = &client.initialized()["capabilities"]["semanticTokensProvider"]["legend"];
    let numbers: Vec<usize> = numbers(data);
    let (mut line, mut column) = (0, 0);
    let mut out = Vec::new();
    for token in numbers.chunks(5) {
        (line, column) = if token[0] == 0 { (line, column + token[1]) } else { (line + token[0], token[1]) };
        let range = json!({
            "start": { "line": line, "character": column },
            "end": { "line": line, "character": column + token[2] },
        });
        let modifiers = legend["tokenModifiers"].as_array().expect("modifiers");
        let said: Vec<&str> = modifiers
            .iter()
            .enumerate()
            .filter(|(bit, _)| token[4] >> bit & 1 == 1)
            .map(|(_, name)| name.as_str().expect("a name"))
            .collect();
        let kind = legend["tokenTypes"][token[3]].as_str().expect("a type");
        let words = text::slice(text, &range, client.encoding());
        out.push(format!("{words} {kind} {}", said.join("+")).trim_end().to_owned());
    }
    out
}

fn numbers(data: &Value) -> Vec<usize> {
    let data = data.as_array().unwrap_or_else(|| panic!("tokens are numbers: {data}"));
    data.iter().map(|it| usize::try_from(it.as_u64().expect("a number")).expect("it fits")).collect()
}

fn full(client: &mut Client, uri: &str) -> Value {
    client.request("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": uri } }))
}

/// All tokens of a document that says what its file does.
fn shown(client: &mut Client, workspace: &Workspace, path: &str) -> Vec<String> {
    let all = full(client, &workspace.uri(path));
    drawn(client, workspace.text(path), &all["data"])
}

fn delta(client: &mut Client, uri: &str, since: &Value) -> Value {
    let params = json!({ "textDocument": { "uri": uri }, "previousResultId": since });
    client.request("textDocument/semanticTokens/full/delta", params)
}

#[test]
fn ids_trace_lines_tasks_and_hints_are_told_apart() {
    for encoding in Encoding::ALL {
        let workspace = Workspace::new(FEATURE);
        let mut client = Client::start_with(&workspace, &Setup::rich().offering(&[encoding]));
        client.open(&workspace, SPEC);
        client.open(&workspace, TASKS);
        client.ready();
        assert_eq!(
            shown(&mut client, &workspace, SPEC),
            [
                "FR-1 interface definition+covered",
                "FR-2 interface definition+covered",
                "FR-1 interface reference+covered",
                "FR-9 interface reference+unresolved",
                "FR-3 interface definition",
                "[what it does] parameter placeholder",
            ]
        );
        assert_eq!(
            shown(&mut client, &workspace, TASKS),
            [
                "1 event done",
                "_Requirements: keyword",
                "FR-1 interface reference+covered",
                "FR-9 interface reference+unresolved",
                "2 event",
                "FR-2 interface reference+covered",
            ]
        );
    }
}

#[test]
fn a_range_gives_the_tokens_in_it() {
    let workspace = Workspace::new(FEATURE);
    let mut client = Client::start(&workspace);
    client.open(&workspace, TASKS);
    client.ready();
    let range = json!({ "start": { "line": 2, "character": 0 }, "end": { "line": 3, "character": 0 } });
    let params = json!({ "textDocument": { "uri": workspace.uri(TASKS) }, "range": range });
    let answer = client.request("textDocument/semanticTokens/range", params);
    assert_eq!(drawn(&client, workspace.text(TASKS), &answer["data"]), ["2 event", "FR-2 interface reference+covered"]);
}

#[test]
fn a_result_that_is_not_known_is_given_whole() {
    let workspace = Workspace::new(FEATURE);
    let mut client = Client::start(&workspace);
    client.open(&workspace, TASKS);
    client.ready();
    let uri = workspace.uri(TASKS);
    let first = full(&mut client, &uri);
    assert!(delta(&mut client, &uri, &json!("nonsense"))["data"].is_array());
    let unchanged = delta(&mut client, &uri, &first["resultId"]);
    assert!(unchanged["data"].is_array(), "only the last result is kept: {unchanged}");
    let again = delta(&mut client, &uri, &unchanged["resultId"]);
    assert_eq!(again["edits"], json!([]), "nothing has changed: {again}");
    client.close(&uri);
    client.open(&workspace, TASKS);
    assert!(delta(&mut client, &uri, &again["resultId"])["data"].is_array(), "a closed document is forgotten");
}

#[test]
fn a_change_in_another_file_is_a_delta_here() {
    let workspace = Workspace::new(FEATURE);
    let mut client = Client::start(&workspace);
    client.open(&workspace, SPEC);
    client.open(&workspace, TASKS);
    client.ready();
    let uri = workspace.uri(TASKS);
    let first = full(&mut client, &uri);
    let defined = workspace.text(SPEC).replace("- **FR-3**", "- **FR-9**: Now\n- **FR-3**");
    client.replace(&workspace.uri(SPEC), &defined);
    let answer = delta(&mut client, &uri, &first["resultId"]);
    let mut known = numbers(&first["data"]);
    let edits = answer["edits"].as_array().expect("the last result is known");
    assert_eq!(edits.len(), 1, "{answer}");
    let number = |key: &str| usize::try_from(edits[0][key].as_u64().expect("a number")).expect("it fits");
    let (at, gone) = (number("start"), number("deleteCount"));
    assert_eq!(gone, 5, "one token is another: {answer}");
    known.splice(at..at + gone, numbers(&edits[0]["data"]));
    assert_eq!(known, numbers(&full(&mut client, &uri)["data"]));
    let words = drawn(&client, workspace.text(TASKS), &json!(known));
    assert!(words.contains(&"FR-9 interface reference+covered".to_owned()), "{words:?}");
}

#[test]
fn changes_of_tokens_say_what_all_of_them_say() {
    const PIECES: &[&str] = &[
        "- [x] 1. T FR-1\n",
        "  - _Requirements: FR-1–FR-2, FR-9_\n",
        "FR-2 ",
        "# H\n",
        "\n",
        "```\n",
        "[a hint here]\n",
        "字🎉",
    ];
    let edits = prop::collection::vec((0.0..1.0, 0.0..0.3, prop::sample::select(PIECES)), 1..12);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let result = runner.run(&edits, |edits: Vec<(f64, f64, &str)>| {
        let workspace = Workspace::new(FEATURE);
        let mut client = Client::start(&workspace);
        client.open(&workspace, SPEC);
        client.open(&workspace, TASKS);
        client.ready();
        let uri = workspace.uri(TASKS);
        let mut text = workspace.text(TASKS).to_owned();
        let first = full(&mut client, &uri);
        let (mut known, mut name) = (numbers(&first["data"]), first["resultId"].clone());
        for (from, length, inserted) in edits {
            let edge = |share: f64| {
                let mut at = ((text.len() as f64) * share) as usize;
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (start, end) = (edge(from), edge((from + length).min(1.0)));
            let place = |at| text::position(&text, at, client.encoding()).json();
            let change = json!({ "range": { "start": place(start), "end": place(end) }, "text": inserted });
            client.change(&uri, &[change]);
            text.replace_range(start..end, inserted);
            let answer = delta(&mut client, &uri, &name);
            for edit in answer["edits"].as_array().expect("the last result is known") {
                let number = |key: &str| usize::try_from(edit[key].as_u64().expect("a number")).expect("it fits");
                let (at, gone) = (number("start"), number("deleteCount"));
                known.splice(at..at + gone, numbers(&edit["data"]));
            }
            let whole = full(&mut client, &uri);
            prop_assert_eq!(&known, &numbers(&whole["data"]), "{:?}", text);
            drawn(&client, &text, &whole["data"]);
            name = whole["resultId"].clone();
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_withdrawn_requirement_is_told_by_the_modifier_that_themes_know() {
    let picture = "
        //- specs/a/spec.md
        - **FR-1**: a
        - ~~**FR-2**: b~~
        //- specs/a/tasks.md
        - [ ] T FR-2
          - _Requirements: FR-1–FR-2_
        ";
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    client.open(&workspace, SPEC);
    client.open(&workspace, TASKS);
    client.ready();
    assert_eq!(
        shown(&mut client, &workspace, SPEC),
        ["FR-1 interface definition+covered", "FR-2 interface definition+covered+deprecated"]
    );
    assert_eq!(
        shown(&mut client, &workspace, TASKS),
        [
            "FR-2 interface reference+covered+deprecated",
            "_Requirements: keyword",
            "FR-1–FR-2 interface reference+covered",
        ]
    );
}
