//! The language server as an editor meets it: over standard input and output, nothing else.

mod actions;
mod baseline;
mod beside;
mod cancel;
mod commands;
mod completion;
mod configuration;
mod counted;
mod diagnostics;
mod early;
mod editors;
mod encodings;
mod files;
mod flood;
mod former;
mod formatting;
mod graph;
mod hostile;
mod hover;
#[cfg(target_os = "linux")] // it reads from /proc what a process has used
mod idle;
mod life;
mod lifecycle;
mod many;
mod moves;
mod navigation;
mod odd;
mod offered;
mod order;
mod panics;
mod promises;
mod pull;
mod refresh;
mod related;
mod rename;
mod review;
mod sections;
mod seeing;
mod symbols;
mod tokens;
mod watching;
#[cfg(windows)]
mod windows;
mod wire;
mod withdrawn;

use std::time::{Duration, Instant};

use serde_json::Value;
use traceline_tests::{Client, Encoding, Position, Workspace};

/// A feature in good order: every requirement is defined, planned and has its task.
const LOGIN: &str = "
    //- specs/login/spec.md
    # Login

    ## Functional Requirements

    1. **FR-1.1**: WHEN a user signs in THEN the system SHALL open a session
    2. **FR-1.2**: WHEN a password is wrong THEN the system SHALL refuse it

    ## Non-Functional Requirements

    1. **NFR-1.1**: Signing in SHALL take less than a second
    //- specs/login/plan.md
    # Plan

    ## Sessions

    A session is a signed cookie.

    _Requirements: FR-1.1, NFR-1.1_

    ## Passwords

    Passwords are compared in constant time.

    _Requirements: FR-1.2_
    //- specs/login/tasks.md
    # Tasks

    - [x] 1. Make sessions
      - _Requirements: FR-1.1, NFR-1.1_
    - [ ] 2. Refuse wrong passwords
      - _Requirements: FR-1.2_
    ";

/// The words of a hover, whichever of the protocol's shapes they come in; empty when there are none.
fn words_of(hover: &Value) -> String {
    let one = |it: &Value| it["value"].as_str().or(it.as_str()).unwrap_or_default().to_owned();
    match hover["contents"].as_array() {
        Some(parts) => parts.iter().map(one).collect::<Vec<_>>().join("\n"),
        None => one(&hover["contents"]),
    }
}

/// The items of a completion, from a list or an array.
fn items(completion: &Value) -> Vec<Value> {
    let items = completion.get("items").unwrap_or(completion);
    items.as_array().cloned().unwrap_or_default()
}

/// The labels of a completion in the order in which an editor shows them.
fn labels(completion: &Value) -> Vec<String> {
    let text = |item: &Value, key: &str| item[key].as_str().map(str::to_owned);
    let label = |item: &Value| text(item, "label").expect("an item has a label");
    let mut items = items(completion);
    items.sort_by_key(|item| text(item, "sortText").unwrap_or_else(|| label(item)));
    items.iter().map(label).collect()
}

/// Where a definition or references lead: uri and first line of each place, sorted.
fn places(answer: &Value) -> Vec<(String, usize)> {
    let one = |it: &Value| {
        let uri = it.get("targetUri").unwrap_or(&it["uri"]).as_str().expect("a place has a uri").to_owned();
        let range = it.get("targetSelectionRange").unwrap_or(&it["range"]);
        let line = range["start"]["line"].as_u64().expect("a place has a line");
        (uri, usize::try_from(line).expect("a line fits"))
    };
    let mut places: Vec<_> = match answer {
        Value::Null => Vec::new(),
        Value::Array(all) => all.iter().map(one).collect(),
        single => vec![one(single)],
    };
    places.sort();
    places
}

/// The rules of diagnostics, sorted.
fn rules(diagnostics: &[Value]) -> Vec<&str> {
    let mut rules: Vec<&str> = diagnostics.iter().map(|it| it["code"].as_str().expect("a code")).collect();
    rules.sort_unstable();
    rules
}

/// The server still answers a question about [`LOGIN`] rightly.
fn assert_alive(client: &mut Client, workspace: &Workspace) {
    let uri = workspace.uri("specs/login/tasks.md");
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let hover = hover_at(client, &uri, at);
    assert!(hover.contains("password is wrong"), "hover on FR-1.2 gives {hover:?}");
}

/// The words of a hover, asked for until there are some: not every client is told when the workspace has been read.
fn hover_at(client: &mut Client, uri: &str, at: Position) -> String {
    let begun = Instant::now();
    loop {
        let words = words_of(&client.ask_at("textDocument/hover", uri, at));
        if !words.is_empty() || begun.elapsed() > Duration::from_secs(10) {
            return words;
        }
        client.listen(Duration::from_millis(10));
    }
}

/// A session over [`LOGIN`] with its tasks open.
fn login() -> (Workspace, Client) {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    (workspace, client)
}

/// An edit that puts `new` where `old` first stands in `text`.
fn substitution(text: &str, old: &str, new: &str, encoding: Encoding) -> Value {
    let start = text.find(old).unwrap_or_else(|| panic!("no {old:?} in {text:?}"));
    let place = |offset| traceline_tests::text::position(text, offset, encoding).json();
    serde_json::json!({ "range": { "start": place(start), "end": place(start + old.len()) }, "text": new })
}
