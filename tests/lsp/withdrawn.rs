//! Requirements that are given up and stay where they are: how each answer tells them apart.

use serde_json::{Value, json};
use traceline_tests::{Client, Position, Setup, Workspace, edit};

use crate::{items, labels};

const SPEC: &str = "specs/a/spec.md";
const TASKS: &str = "specs/a/tasks.md";

const FEATURE: &str = "
    //- specs/a/spec.md
    # Login

    - **FR-1**: The system SHALL check the password
    - ~~**FR-2**: The system SHALL ask for a PIN~~ Superseded by FR-3.
    - **FR-3**: The system SHALL ask for a passkey
    - **FR-4** (withdrawn): The system SHALL greet
    //- specs/a/tasks.md
    # Tasks

    - [ ] 1. Check
      - _Requirements: FR-1, FR-2, FR-4_
    - [x] 2. Greet
      - _Requirements: FR-4_
    ";

fn session(setup: &Setup) -> (Workspace, Client) {
    let workspace = Workspace::new(FEATURE);
    let mut client = Client::start_with(&workspace, setup);
    client.open(&workspace, SPEC);
    client.open(&workspace, TASKS);
    (workspace, client)
}

fn told(client: &mut Client, uri: &str, count: usize) -> Vec<Value> {
    let all = client
        .diagnostics_when(uri, |it| it.iter().filter(|one| one["code"] == "withdrawn-requirement").count() == count);
    all.into_iter().filter(|one| one["code"] == "withdrawn-requirement").collect()
}

#[test]
fn an_open_task_that_serves_one_is_struck_through() {
    let (workspace, mut client) = session(&Setup::rich());
    let found = told(&mut client, &workspace.uri(TASKS), 2);
    assert_eq!(found[0]["message"], "`FR-2` is withdrawn; `FR-3` supersedes it");
    assert_eq!(found[1]["message"], "`FR-4` is withdrawn");
    for (one, line) in found.iter().zip([3, 5]) {
        assert_eq!((&one["severity"], &one["tags"]), (&json!(3), &json!([2])), "{one}");
        let place = &one["relatedInformation"][0]["location"];
        assert_eq!(place["uri"], workspace.uri(SPEC), "{one}");
        assert_eq!(place["range"]["start"]["line"], line, "{one}");
    }
}

#[test]
fn a_client_without_tags_is_sent_none() {
    let (workspace, mut client) = session(&Setup::bare());
    let found = told(&mut client, &workspace.uri(TASKS), 2);
    assert!(found.iter().all(|one| one.get("tags").is_none()), "{found:?}");
}

#[test]
fn what_takes_its_place_is_put_there() {
    let (workspace, mut client) = session(&Setup::rich());
    let uri = workspace.uri(TASKS);
    let fixed: Vec<String> = told(&mut client, &uri, 2)
        .into_iter()
        .map(|one| {
            let params = json!({
                "textDocument": { "uri": uri },
                "range": one["range"],
                "context": { "diagnostics": [one], "only": ["quickfix"] },
            });
            let action = client.request("textDocument/codeAction", params)[0].clone();
            let action =
                if action.get("edit").is_some() { action } else { client.request("codeAction/resolve", action) };
            let text = edit::carried_out(&workspace, &action["edit"], client.encoding())[TASKS].clone();
            format!("{}: {}", action["title"].as_str().expect("a title"), text.lines().nth(3).expect("a line").trim())
        })
        .collect();
    assert_eq!(
        fixed,
        ["Replace `FR-2` by `FR-3`: - _Requirements: FR-1, FR-3, FR-4_", "Remove `FR-4`: - _Requirements: FR-1, FR-2_",]
    );
}

#[test]
fn giving_one_up_while_typing_reaches_the_tasks_and_taking_it_back_too() {
    let (workspace, mut client) = session(&Setup::rich());
    let uri = workspace.uri(TASKS);
    told(&mut client, &uri, 2);
    let insert = |line: u32, from: u32, to: u32, text: &str| {
        let at = |character| json!({ "line": line, "character": character });
        json!({ "range": { "start": at(from), "end": at(to) }, "text": text })
    };
    let spec = workspace.uri(SPEC);
    client.change(&spec, &[insert(2, 10, 10, " (superseded by FR-3)")]);
    let found = told(&mut client, &uri, 3);
    assert_eq!(found[0]["message"], "`FR-1` is withdrawn; `FR-3` supersedes it");
    client.change(&spec, &[insert(2, 26, 30, "FR-4")]);
    let found = client.diagnostics_when(&uri, |it| it.iter().any(|one| one["message"] == "`FR-1` is withdrawn"));
    assert_eq!(found.len(), 3, "what takes its place is given up as well: {found:?}");
    client.change(&spec, &[insert(2, 10, 31, "")]);
    told(&mut client, &uri, 2);
}

/// The symbols of this list and of what is inside, by the word before the first blank, that are struck through by `key`.
fn struck(symbols: &Value, key: &str) -> Vec<String> {
    let mut out = Vec::new();
    for symbol in symbols.as_array().into_iter().flatten() {
        if let Some(mark) = symbol.get(key) {
            assert_eq!(*mark, if key == "tags" { json!([1]) } else { json!(true) }, "{symbol}");
            let name = symbol["name"].as_str().or(symbol["label"].as_str()).expect("it is called something");
            out.push(name.split(' ').next().expect("the first word").to_owned());
        }
        out.extend(struck(&symbol["children"], key));
    }
    out
}

#[test]
fn outlines_and_workspace_symbols_strike_them_through() {
    for (setup, key) in [(Setup::rich(), "tags"), (Setup::bare(), "deprecated")] {
        let (workspace, mut client) = session(&setup);
        let params = json!({ "textDocument": { "uri": workspace.uri(SPEC) } });
        let outline = client.request("textDocument/documentSymbol", params);
        assert_eq!(struck(&outline, key), ["FR-2", "FR-4"], "{outline}");
        let other = if key == "tags" { "deprecated" } else { "tags" };
        assert_eq!(struck(&outline, other), [""; 0], "{outline}");
        let found = client.request("workspace/symbol", json!({ "query": "system" }));
        let mut names = struck(&found, key);
        names.sort();
        assert_eq!(names, ["FR-2", "FR-4"], "{found}");
        assert_eq!(struck(&found, other), [""; 0], "{found}");
    }
}

#[test]
fn completion_offers_them_last_and_struck_through() {
    let picture = FEATURE.replace("FR-1, FR-2, FR-4_", "$0_");
    let old = json!({ "textDocument": { "completion": { "completionItem": { "deprecatedSupport": true } } } });
    for (setup, key) in [(Setup::rich(), "tags"), (Setup::new(old), "deprecated"), (Setup::bare(), "none")] {
        let workspace = Workspace::new(&picture);
        let mut client = Client::start_with(&workspace, &setup);
        client.open(&workspace, TASKS);
        let offered = client.ask_here("textDocument/completion", &workspace);
        assert_eq!(labels(&offered), ["FR-1", "FR-3", "FR-2", "FR-4"]);
        let all = Value::from(items(&offered));
        let marked = if key == "none" { &[][..] } else { &["FR-2", "FR-4"] };
        assert_eq!(struck(&all, key), marked, "{all}");
        for other in ["tags", "deprecated"].into_iter().filter(|other| *other != key) {
            assert_eq!(struck(&all, other), [""; 0], "{all}");
        }
        assert!(all[2]["detail"].as_str().is_some_and(|detail| detail.ends_with(" · withdrawn")), "{all}");
    }
}

#[test]
fn hover_lenses_hints_and_hierarchies_say_so() {
    let (workspace, mut client) = session(&Setup::rich());
    client.ready();
    let (spec, tasks) = (workspace.uri(SPEC), workspace.uri(TASKS));
    let at = |line, character| Position { line, character };
    let hover = client.ask_at("textDocument/hover", &tasks, at(3, 27));
    let text = hover["contents"]["value"].as_str().expect("a hover");
    assert!(text.contains("\n*Withdrawn*, superseded by **FR-3**.\n"), "{text}");
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": spec } }));
    let mut titles = Vec::new();
    for lens in lenses.as_array().expect("lenses") {
        let seen = client.request("codeLens/resolve", lens.clone());
        titles.push(seen["command"]["title"].as_str().expect("a title").to_owned());
    }
    assert_eq!(titles, ["1 task, 0 done", "withdrawn · 1 task, 0 done", "not covered", "withdrawn · 2 tasks, 1 done"]);
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let mut hinted = |uri: &str| {
        let hints = client.request("textDocument/inlayHint", json!({ "textDocument": { "uri": uri }, "range": all }));
        let words = |label: &Value| label.as_str().or(label[0]["value"].as_str()).expect("words").to_owned();
        hints.as_array().expect("hints").iter().map(|hint| words(&hint["label"])).collect::<Vec<_>>()
    };
    assert_eq!(hinted(&spec), ["(0/1 done)", "(withdrawn)", "(not covered)", "(withdrawn)"]);
    assert!(hinted(&tasks)[1].starts_with("(withdrawn: "), "{:?}", hinted(&tasks));
    let calls = client.ask_at("textDocument/prepareCallHierarchy", &spec, at(3, 6));
    assert_eq!(struck(&calls, "tags"), ["FR-2"], "{calls}");
    let types = client.ask_at("textDocument/prepareTypeHierarchy", &spec, at(3, 6));
    assert_eq!(types[0]["detail"], "specs/a · withdrawn", "{types}");
}

#[test]
fn a_withdrawn_id_is_never_free_again() {
    let picture = "
        //- specs/a/spec.md
        # Login

        - **FR-1**: The system SHALL check the password$0
        - ~~**FR-2**: The system SHALL ask for a PIN~~
        ";
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    client.open(&workspace, SPEC);
    let (_, at) = workspace.cursor(client.encoding());
    let line = at.line;
    let end = json!({ "line": line, "character": at.character });
    let uri = workspace.uri(SPEC);
    client.change(&uri, &[json!({ "range": { "start": end, "end": end }, "text": "\n" })]);
    let params = json!({
        "textDocument": { "uri": uri },
        "position": { "line": line + 1, "character": 0 },
        "ch": "\n",
        "options": { "tabSize": 2, "insertSpaces": true },
    });
    let edits = client.request("textDocument/onTypeFormatting", params);
    assert_eq!(edits[0]["newText"], "- **FR-3**: ", "{edits}");
}
