//! A panic costs the answer that it happened in and nothing else. It is reported once.

use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::{Client, Position, Setup, Workspace};

use crate::{LOGIN, assert_alive, rules};

/// A session in which something goes wrong once, on purpose.
fn failing(workspace: &Workspace, fault: &'static str, setup: Setup) -> Client {
    Client::start_with(workspace, &Setup { fault: Some(fault), ..setup })
}

/// Ends a session whose server has panicked: that was reported once, and nothing else went wrong.
fn end(client: &mut Client) {
    assert_eq!(client.shut_down(), 0);
    let stderr = client.stderr();
    assert_eq!(stderr.matches("panicked at").count(), 1, "{stderr}");
    assert_eq!(stderr.matches("ERROR").count(), 1, "{stderr}");
    assert!(!stderr.contains("SHALL"), "no document text in a log: {stderr}");
}

fn hover(client: &mut Client, workspace: &Workspace) -> Result<Value, Value> {
    let at: Position = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let uri = workspace.uri("specs/login/tasks.md");
    let id = client.ask("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": at.json() }));
    client.answer(id)
}

#[test]
fn in_an_answer() {
    for fault in ["answer", "handler"] {
        let workspace = Workspace::new(LOGIN);
        let mut client = failing(&workspace, fault, Setup::rich());
        client.open(&workspace, "specs/login/tasks.md");
        let error = hover(&mut client, &workspace).expect_err("the first answer fails");
        assert_eq!(error["code"], -32603, "{error}");
        assert_alive(&mut client, &workspace);
        end(&mut client);
    }
}

#[test]
fn while_edits_are_taken() {
    let workspace = Workspace::new(LOGIN);
    let mut client = failing(&workspace, "keeper", Setup::rich());
    client.ready();
    client.open(&workspace, "specs/login/tasks.md");
    let uri = workspace.uri("specs/login/tasks.md");
    client.replace(&uri, "- [ ] 1. Task\n  - _Requirements: FR-1.1, FR-9.9_\n");
    // Nothing that was edited is lost.
    client.diagnostics_when(&uri, |it| rules(it) == ["unknown-requirement"]);
    client.replace(&uri, workspace.text("specs/login/tasks.md"));
    client.diagnostics_when(&uri, <[Value]>::is_empty);
    assert_alive(&mut client, &workspace);
    end(&mut client);
}

#[test]
fn again_and_again_ends_the_server_so_that_the_editor_starts_another() {
    let workspace = Workspace::new(LOGIN);
    let mut client = failing(&workspace, "keeper always", Setup::rich());
    client.ready();
    client.open(&workspace, "specs/login/tasks.md");
    let uri = workspace.uri("specs/login/tasks.md");
    for round in 0..12 {
        client.replace(&uri, &format!("- [ ] 1. Task {round}\n"));
        client.listen(Duration::from_millis(30));
    }
    assert_eq!(client.wait_for_exit(Duration::from_secs(10)), 1);
    let stderr = client.stderr();
    assert_eq!(stderr.matches("panicked at").count(), 1, "{stderr}");
    assert_eq!(stderr.matches("is read again").count(), 5, "{stderr}");
}

#[test]
fn while_the_workspace_is_checked() {
    let workspace = Workspace::new(LOGIN);
    workspace.write("specs/other/spec.md", "- **FR-1.1**: text\n- **FR-1.1**: text\n");
    let mut client = failing(&workspace, "check", Setup::pulling());
    // Who waits for everything is answered all the same, and what was lost is made up for the next time.
    client.pull_workspace();
    assert_eq!(client.pull_workspace().len(), 1);
    end(&mut client);
}

/// A rule that panics over one document, each time that it looks at it.
fn broken(workspace: &Workspace, setup: Setup) -> Client {
    workspace.write("specs/other/spec.md", "- **FR-1.1**: text\n- **FR-1.1**: text\n");
    failing(workspace, "find tasks.md", setup)
}

#[test]
fn whenever_a_document_is_checked() {
    let workspace = Workspace::new(LOGIN);
    let mut client = broken(&workspace, Setup::rich());
    client.ready();
    let other = workspace.uri("specs/other/spec.md");
    client.diagnostics_when(&other, |it| rules(it).contains(&"duplicate-requirement"));
    client.open(&workspace, "specs/login/tasks.md");
    client.open(&workspace, "specs/login/spec.md");
    let (tasks, spec) = (workspace.uri("specs/login/tasks.md"), workspace.uri("specs/login/spec.md"));
    for round in 0..20 {
        client.replace(&tasks, &format!("{}\n{round}\n", workspace.text("specs/login/tasks.md")));
    }
    // It costs no other document anything, is reported once, and nothing is read again because of it.
    let version = client.replace(&spec, "- **FR-1.1**: text\n- **FR-1.1**: text\n- **FR-1.2**: A password is wrong\n");
    assert!(rules(&client.diagnostics(&spec, version)).contains(&"duplicate-requirement"));
    client.replace(&spec, workspace.text("specs/login/spec.md"));
    assert_alive(&mut client, &workspace);
    assert!(!client.stderr().contains("read again"), "{}", client.stderr());
    end(&mut client);
}

#[test]
fn whenever_a_document_is_asked_about() {
    let workspace = Workspace::new(LOGIN);
    let mut client = broken(&workspace, Setup::pulling());
    client.open(&workspace, "specs/login/tasks.md");
    client.open(&workspace, "specs/login/spec.md");
    client.ready();
    let (tasks, spec) = (workspace.uri("specs/login/tasks.md"), workspace.uri("specs/login/spec.md"));
    for _ in 0..3 {
        let id = client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": tasks } }));
        assert_eq!(client.refusal(id), -32603);
        assert_eq!(client.pull(&spec), Vec::<Value>::new());
    }
    assert_eq!(client.pull_workspace().len(), 1, "the rest of the workspace is told");
    assert_alive(&mut client, &workspace);
    assert!(!client.stderr().contains("read again"), "{}", client.stderr());
    end(&mut client);
}

#[test]
fn while_a_file_is_read() {
    let workspace = Workspace::new(LOGIN);
    let mut client = failing(&workspace, "read", Setup::rich());
    client.ready();
    client.open(&workspace, "specs/login/tasks.md");
    client.open(&workspace, "specs/login/spec.md");
    assert_alive(&mut client, &workspace);
    end(&mut client);
}
