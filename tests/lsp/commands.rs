//! Commands: what each does, what it answers, and how a wrong one is refused.

use serde_json::{Value, json};
use traceline_tests::report;
use traceline_tests::{Client, Workspace};

use crate::{LOGIN, login, places, rules};

fn run(client: &mut Client, command: &str, arguments: &Value) -> Value {
    client.request("workspace/executeCommand", json!({ "command": command, "arguments": arguments }))
}

fn refused(client: &mut Client, command: &str, arguments: &Value) -> String {
    let id = client.ask("workspace/executeCommand", json!({ "command": command, "arguments": arguments }));
    let error = client.answer(id).expect_err("it is refused");
    assert_eq!(error["code"], -32602, "{error}");
    error["message"].as_str().expect("an error has a message").to_owned()
}

#[test]
fn an_unknown_command_is_refused_and_the_known_ones_are_named() {
    let (_workspace, mut client) = login();
    let offered = client.initialized()["capabilities"]["executeCommandProvider"]["commands"].clone();
    let words = refused(&mut client, "traceline.nonsense", &json!([]));
    assert!(words.starts_with("`traceline.nonsense` is no command of this server"), "{words}");
    for command in offered.as_array().expect("commands are offered") {
        assert!(words.contains(command.as_str().expect("a name")), "{words}");
    }
}

#[test]
fn a_wrong_argument_is_refused_in_words() {
    let (workspace, mut client) = login();
    let words = refused(&mut client, "traceline.showReferences", &json!([]));
    assert_eq!(words, "`traceline.showReferences` wants the URI of a document");
    let words = refused(&mut client, "traceline.showReferences", &json!([workspace.uri("specs/login/tasks.md"), 3]));
    assert_eq!(words, "`traceline.showReferences` wants a position in the document");
    let words = refused(&mut client, "traceline.check", &json!([{ "no": "uri" }]));
    assert_eq!(words, "`traceline.check` wants the URI of a file or folder, or nothing");
}

#[test]
fn references_are_shown_where_a_definition_stands() {
    let (workspace, mut client) = login();
    client.open(&workspace, "specs/login/spec.md");
    let uri = workspace.uri("specs/login/spec.md");
    let at = workspace.find("specs/login/spec.md", "FR-1.2", client.encoding());
    let answer = run(&mut client, "traceline.showReferences", &json!([uri, at.json()]));
    assert_eq!(
        places(&answer),
        [(workspace.uri("specs/login/plan.md"), 12), (workspace.uri("specs/login/tasks.md"), 5)]
    );
    // Places that the client has already are given back as they are.
    let given = json!([{ "uri": uri, "range": { "start": at.json(), "end": at.json() } }]);
    assert_eq!(run(&mut client, "traceline.showReferences", &json!([uri, at.json(), given])), given);
    // On a heading is nothing of ours.
    let nothing = json!({ "line": 0, "character": 3 });
    assert_eq!(run(&mut client, "traceline.showReferences", &json!([uri, nothing])), json!([]));
}

#[test]
fn a_check_reports_what_the_command_line_would_and_sees_unsaved_edits() {
    let (workspace, mut client) = login();
    client.ready();
    let answer = run(&mut client, "traceline.check", &json!([]));
    let (_, told) = report::check(workspace.root(), &[]);
    assert_eq!(answer, told);
    assert_eq!(answer["findings"], json!([]));
    let uri = workspace.uri("specs/login/tasks.md");
    client.replace(&uri, "- [ ] 1. Task\n  - _Requirements: FR-1.1, FR-9.9_\n");
    let answer = run(&mut client, "traceline.check", &json!([uri]));
    assert_eq!(answer["summary"]["files"], 1);
    assert_eq!(answer["findings"][0]["rule"], "unknown-requirement", "{answer}");
    let answer = run(&mut client, "traceline.check", &json!([workspace.uri("specs/nowhere")]));
    assert_eq!(answer["summary"]["files"], 0);
}

#[test]
fn a_check_shows_its_progress_where_the_client_wants_to_see_it() {
    let (_workspace, mut client) = login();
    let params = json!({ "command": "traceline.check", "workDoneToken": "check-1" });
    client.request("workspace/executeCommand", params);
    let kinds: Vec<Value> = client
        .received("$/progress")
        .into_iter()
        .filter(|it| it["token"] == "check-1")
        .map(|it| it["value"]["kind"].clone())
        .collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&json!("begin")), Some(&json!("end"))));
}

#[test]
fn the_workspace_is_read_again_when_that_is_wanted() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    // The client does not tell of this change.
    workspace.write("specs/login/spec.md", "- **FR-1.1**: text\n- **NFR-1.1**: text\n");
    assert_eq!(run(&mut client, "traceline.restartReading", &json!([])), Value::Null);
    let uri = workspace.uri("specs/login/tasks.md");
    client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
}

#[test]
fn the_status_says_what_is_read_and_what_is_left_out_and_why() {
    let workspace = Workspace::new(LOGIN);
    workspace.write(".gitignore", "build/\n");
    workspace.write("build/spec.md", "- **FR-7.7**: text\n");
    workspace.write("node_modules/p/README.md", "# P\n");
    workspace.write("old/spec.md", "- **FR-8.8**: text\n");
    workspace.write("specs/login/latin.md", b"caf\xe9");
    workspace.write("openspec/specs/login/spec.md", "### Requirement: Login\nThe system SHALL x.\n");
    workspace.write("traceline.toml", "[files]\nexclude = [\"old/**\"]\n");
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    let status = run(&mut client, "traceline.status", &json!([]));
    assert_eq!((&status["files"], &status["open"], &status["reading"]), (&json!(4), &json!(1), &json!(false)));
    assert!(status["ids"].as_u64().is_some_and(|it| it >= 4), "{status}");
    assert_eq!(status["dialects"]["openspec"], 1, "{status}");
    assert_eq!((&status["watching"], &status["findings"]), (&json!("editor"), &json!("is sent")));
    assert!(!cfg!(target_os = "linux") || status["memory"].as_u64().is_some_and(|it| it > 1 << 20), "{status}");
    let summary = status["summary"].as_str().expect("a sentence");
    assert!(summary.starts_with("4 files in ") && summary.contains(" ids"), "{summary}");
    let excluded = status["excluded"].as_array().expect("a list").iter();
    let excluded: Vec<String> = excluded.map(|it| format!("{}: {}", it["path"], it["why"]).replace('"', "")).collect();
    for line in [
        "build: `build/` in .gitignore",
        "node_modules: folders called `node_modules` are never read",
        "specs/login/latin.md: it was not read: it is not UTF-8 (byte 3), save it as UTF-8",
    ] {
        assert!(excluded.contains(&line.to_owned()), "{line} is not in {excluded:#?}");
    }
    assert!(
        excluded.iter().any(|it| it.starts_with("old") && it.ends_with("traceline.toml leaves it out")),
        "{excluded:#?}"
    );
}
