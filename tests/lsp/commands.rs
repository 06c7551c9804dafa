//! Commands: what each does, what it answers, and how a wrong one is refused.

use serde_json::{Value, json};
use traceline_tests::report;
use traceline_tests::{Client, Setup, Workspace};

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
    // Nor in what is not open: a client that shows a list is always given one.
    let closed = workspace.uri("specs/login/plan.md");
    assert_eq!(run(&mut client, "traceline.showReferences", &json!([closed, at.json()])), json!([]));
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
    workspace.write("notes/todo.txt", "text\n");
    let answer = run(&mut client, "traceline.check", &json!([workspace.uri("notes")]));
    assert_eq!(answer["summary"]["files"], 0);
    // What is not there is not told to be in order.
    let params = json!({ "command": "traceline.check", "arguments": [workspace.uri("specs/nowhere")] });
    let id = client.ask("workspace/executeCommand", params);
    let error = client.answer(id).expect_err("it is refused");
    let words = "specs/nowhere is not there, so it was not checked";
    assert_eq!((&error["code"], &error["message"]), (&json!(-32803), &json!(words)));
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
fn reading_again_is_answered_when_it_is_done_and_shows_its_progress() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("read slow"), ..Setup::rich() });
    client.ready();
    workspace.write("specs/more/spec.md", "- **FR-7.7**: text\n");
    for n in 0..40 {
        workspace.write(&format!("specs/more/{n}.md"), "text\n");
    }
    let asked = ["again-1", "again-2"].map(|token| {
        let params = json!({ "command": "traceline.restartReading", "workDoneToken": token });
        client.ask("workspace/executeCommand", params)
    });
    for id in asked {
        assert_eq!(client.answer(id), Ok(Value::Null));
    }
    // The new files are there as soon as it is answered.
    assert_eq!(run(&mut client, "traceline.status", &json!([]))["files"], 44);
    let shown = |client: &Client, token: &dyn Fn(&str) -> bool| -> Vec<Value> {
        let all = client.received("$/progress").into_iter();
        all.filter(|it| it["token"].as_str().is_some_and(token)).map(|it| it["value"]["kind"].clone()).collect()
    };
    for token in ["again-1", "again-2"] {
        assert_eq!(shown(&client, &|it| it == token), ["begin", "end"]);
    }
    // Somebody who has not asked sees it as well.
    client.received_when("$/progress", |it| it["token"] == "traceline/reading/2" && it["value"]["kind"] == "end");
}

#[test]
fn the_status_waits_for_nothing() {
    let workspace = Workspace::new(LOGIN);
    for n in 0..100 {
        workspace.write(&format!("specs/login/{n}.md"), "text\n");
    }
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("read slow"), ..Setup::rich() });
    client.open(&workspace, "specs/login/tasks.md");
    // What waits for the reading does not hold it up, nor does what takes long.
    let symbols = client.ask("workspace/symbol", json!({ "query": "FR-1.1" }));
    let check = client.ask("workspace/executeCommand", json!({ "command": "traceline.check" }));
    let status = run(&mut client, "traceline.status", &json!([]));
    assert_eq!(status["reading"], true, "{status}");
    assert!(status["summary"].as_str().is_some_and(|it| it.starts_with("reading: so far ")), "{status}");
    assert!(client.answer(symbols).is_ok_and(|it| !it.as_array().expect("a list").is_empty()));
    assert_eq!(client.answer(check).expect("a report")["summary"]["files"], 103);
    assert_eq!(run(&mut client, "traceline.status", &json!([]))["reading"], false);
}

#[test]
fn what_an_editor_adds_to_the_arguments_is_nothing_to_a_command() {
    let (workspace, mut client) = login();
    let more = json!([null, workspace.uri("specs/login/spec.md"), { "preserveFocus": true }]);
    let all = run(&mut client, "traceline.check", &json!([]));
    assert_eq!(run(&mut client, "traceline.check", &more), all);
    assert_eq!(run(&mut client, "traceline.status", &more)["files"], 3);
    assert_eq!(run(&mut client, "traceline.restartReading", &more), Value::Null);
}

#[test]
fn two_checks_at_once_are_both_answered() {
    let (_workspace, mut client) = login();
    let asked = [(); 2].map(|()| client.ask("workspace/executeCommand", json!({ "command": "traceline.check" })));
    let [one, other] = asked.map(|id| client.answer(id).expect("a report"));
    assert_eq!(one["summary"]["files"], 3);
    assert_eq!(one, other);
}

#[test]
fn a_file_is_made_on_disk_or_nowhere() {
    let (_workspace, mut client) = login();
    let arguments = json!(["plan", "untitled:Untitled-1"]);
    let params = json!({ "command": "traceline.newFile", "arguments": arguments });
    let id = client.ask("workspace/executeCommand", params);
    let error = client.answer(id).expect_err("it is refused");
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!(-32803), &json!("`untitled:Untitled-1` is no folder on disk"))
    );
}

#[test]
fn what_is_left_out_beyond_what_a_list_can_hold_is_said() {
    let workspace = Workspace::new(LOGIN);
    workspace.write(".gitignore", "old*/\n");
    for n in 0..210 {
        workspace.write(&format!("old{n}/spec.md"), "text\n");
    }
    let mut client = Client::start(&workspace);
    client.ready();
    let status = run(&mut client, "traceline.status", &json!([]));
    let excluded = status["excluded"].as_array().expect("a list");
    assert_eq!(excluded.len(), 201);
    assert_eq!(excluded[200]["why"], "more than 200 files and folders are left out, of which these are some");
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
