//! Requests that are cancelled: they are answered at once, and the work for them stops.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace};

use crate::{LOGIN, assert_alive, login};

/// -32800, `RequestCancelled`.
const CANCELLED: i64 = -32800;

/// A hundred features: with a fault that takes 50 ms for each file, five seconds' work and more.
fn hundred() -> Workspace {
    let feature = |n: usize| format!("//- specs/f{n:03}/spec.md\n- **FR-1.1**: text\n- **FR-1.1**: text\n");
    Workspace::new(&(0..100).map(feature).collect::<String>())
}

/// Less than all of that work, however busy the machine is.
const AT_ONCE: Duration = Duration::from_secs(4);

fn cancel(client: &mut Client, id: i64) {
    client.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(client.refusal(id), CANCELLED);
}

#[test]
fn a_check_stops() {
    let workspace = hundred();
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("command slow"), ..Setup::rich() });
    client.ready();
    let check = |only: Value| json!({ "command": "traceline.check", "arguments": [only], "workDoneToken": "token" });
    let id = client.ask("workspace/executeCommand", check(Value::Null));
    client.received_when("$/progress", |it| it["token"] == "token" && it["value"]["kind"] == "report");
    cancel(&mut client, id);
    // Its progress has ended with it.
    let last = client.received("$/progress").into_iter().rfind(|it| it["token"] == "token").expect("it was shown");
    assert_eq!(last["value"]["kind"], "end");
    // Long answers are given one after the other: this one would have to wait for seconds.
    let begun = Instant::now();
    let mut one = check(workspace.uri("specs/f050/spec.md").into());
    one.as_object_mut().expect("an object").remove("workDoneToken");
    let report = client.request("workspace/executeCommand", one);
    assert_eq!(report["summary"]["files"], 1);
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
}

#[test]
fn a_workspace_diagnostic_stops() {
    let workspace = hundred();
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("check slow"), ..Setup::pulling() });
    client.ready();
    for token in [None, Some("held")] {
        let id = client.ask_workspace_diagnostics(token);
        client.listen(Duration::from_millis(200));
        cancel(&mut client, id);
        // What changes on disk is read by the thread that checks: it would have to wait for all that is left to check.
        let begun = Instant::now();
        workspace.write("specs/f000/requirements.md", "- **FR-7.7**: text\n");
        let change = json!({ "uri": workspace.uri("specs/f000/requirements.md"), "type": 1 });
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
        let symbol = || json!({ "query": "FR-7.7" });
        while client.request("workspace/symbol", symbol()).as_array().is_none_or(Vec::is_empty) {
            assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
            client.listen(Duration::from_millis(10));
        }
        workspace.remove("specs/f000/requirements.md");
        let change = json!({ "uri": workspace.uri("specs/f000/requirements.md"), "type": 3 });
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
        client.settle();
    }
    // What was left out is made up for when somebody asks again.
    assert_eq!(client.pull_workspace().len(), 100);
}

#[test]
fn a_question_that_waits_for_the_reading_is_answered_at_once() {
    let workspace = hundred();
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("read slow"), ..Setup::rich() });
    let begun = Instant::now();
    let id = client.ask("workspace/symbol", json!({ "query": "" }));
    cancel(&mut client, id);
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    // Those behind it are answered when it is their turn.
    let symbols = client.request("workspace/symbol", json!({ "query": "FR-1.1" }));
    assert!(symbols.as_array().is_some_and(|it| !it.is_empty()), "{symbols}");
}

#[test]
fn what_is_not_asked_or_already_answered_cannot_be_cancelled() {
    let (workspace, mut client) = login();
    let id = client.ask("workspace/symbol", json!({ "query": "" }));
    client.answer(id).expect("it is answered");
    for id in [json!(id), json!(99_999), json!("never")] {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    assert_alive(&mut client, &workspace);
}

#[test]
fn each_of_many_is_answered_once() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let uri = workspace.uri("specs/login/tasks.md");
    let mut asked = Vec::new();
    for _ in 0..500 {
        let params = json!({ "textDocument": { "uri": uri }, "position": at.json() });
        let id = client.ask("textDocument/hover", params);
        client.notify("$/cancelRequest", json!({ "id": id }));
        asked.push(id);
    }
    for id in asked {
        // Whichever came first, the answer or the cancelling; the client fails if both did.
        if let Err(error) = client.answer(id) {
            assert_eq!(error["code"], CANCELLED);
        }
    }
    assert_alive(&mut client, &workspace);
}
