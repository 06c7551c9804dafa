//! What SECURITY.md promises of the server: it writes nothing, opens no socket and follows no link.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace};

use crate::LOGIN;
#[cfg(target_os = "linux")]
use crate::login;
#[cfg(unix)]
use crate::rules;

const TASKS: &str = "specs/login/tasks.md";

/// Every file and folder below `folder`: its path, when it was written last, and what it holds.
fn tree(folder: &Path) -> Vec<(String, SystemTime, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let (path, about) = (entry.path(), entry.metadata().expect("the file is there"));
        let text = if about.is_dir() { Vec::new() } else { fs::read(&path).expect("it can be read") };
        found.push((path.display().to_string(), about.modified().expect("files have a time"), text));
        if about.is_dir() {
            found.extend(tree(&path));
        }
    }
    found.sort();
    found
}

/// Asks for everything that changes documents, and does what an editor does until it saves. What of it was answered.
fn change_everything(client: &mut Client, workspace: &Workspace) -> usize {
    let uri = workspace.uri(TASKS);
    let at = workspace.find(TASKS, "FR-1.2", client.encoding());
    let document = json!({ "uri": uri });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 5, "character": 0 } });
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let command =
        |name: &str, arguments: Value| ("workspace/executeCommand", json!({ "command": name, "arguments": arguments }));
    let mut asked = vec![
        ("textDocument/rename", json!({ "textDocument": document, "position": at.json(), "newName": "FR-1.7" })),
        ("textDocument/formatting", json!({ "textDocument": document, "options": options })),
        command("traceline.check", json!([])),
        command("traceline.newFile", json!(["plan", workspace.uri("specs/other")])),
        command("traceline.newFile", json!(["feature", "Sign out"])),
        command("traceline.status", json!([])),
        command("traceline.restartReading", json!([])),
    ];
    let params = json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
    let actions = client.request("textDocument/codeAction", params);
    for action in actions.as_array().into_iter().flatten() {
        match action.get("command").filter(|it| it.is_object()) {
            Some(command) => asked.push(("workspace/executeCommand", command.clone())),
            None if action.get("edit").is_none() => asked.push(("codeAction/resolve", action.clone())),
            None => {}
        }
    }
    let mut answered = 0;
    for (method, params) in asked {
        let id = client.ask(method, params);
        // A client of little ability is refused some of it.
        answered += usize::from(client.answer(id).is_ok_and(|answer| !answer.is_null()));
    }
    client.replace(&uri, "# Tasks\n\n- [ ] 1. Nothing of it is saved\n");
    client.settle();
    client.close(&uri);
    answered
}

#[test]
fn the_server_writes_no_file() {
    for setup in [Setup::rich(), Setup::bare()] {
        let workspace = Workspace::new(LOGIN);
        let before = tree(workspace.root());
        let mut client = Client::start_with(&workspace, &setup);
        client.open(&workspace, TASKS);
        client.ready();
        assert!(change_everything(&mut client, &workspace) >= 3, "it does what it is asked");
        assert_eq!(client.shut_down(), 0);
        assert!(before == tree(workspace.root()), "a file was written, or is new");
    }
}

/// Not elsewhere: only Linux tells in /proc what a process has open.
#[test]
#[cfg(target_os = "linux")]
fn the_server_opens_no_socket() {
    let (workspace, mut client) = login();
    let open = |client: &Client| {
        let folder = format!("/proc/{}/fd", client.process_id());
        let all = fs::read_dir(folder).expect("the server runs").flatten();
        all.filter_map(|it| fs::read_link(it.path()).ok()).map(|it| it.display().to_string()).collect::<Vec<_>>()
    };
    assert!(change_everything(&mut client, &workspace) >= 3, "it does what it is asked");
    let open = open(&client);
    assert!(open.len() >= 3, "standard input, output and error at least: {open:?}");
    let sockets: Vec<_> = open.into_iter().filter(|it| it.starts_with("socket:")).collect();
    assert_eq!(sockets, [""; 0]);
}

/// Not on Windows: Wine 8 makes no links.
#[test]
#[cfg(unix)]
fn links_out_of_the_workspace_are_not_followed() {
    use std::os::unix::fs::symlink;
    let other = Workspace::new("//- shared/spec.md\n- **FR-7.1**: Elsewhere\n");
    let workspace = Workspace::new("//- specs/login/tasks.md\n- [ ] 1. x\n  - _Requirements: FR-7.1, FR-1.1_\n");
    workspace.write("specs/login/requirements.md", "- **FR-1.1**: Here\n");
    symlink(other.path("shared"), workspace.path("specs/login/shared")).expect("links can be made");
    symlink(other.path("shared/spec.md"), workspace.path("specs/login/spec.md")).expect("links can be made");
    let mut client = Client::start(&workspace);
    client.open(&workspace, TASKS);
    client.ready();
    let uri = workspace.uri(TASKS);
    let found = client.diagnostics_when(&uri, |found| !found.is_empty());
    assert!(rules(&found).contains(&"unknown-requirement"), "{found:?}");
    let status = client.request("workspace/executeCommand", json!({ "command": "traceline.status", "arguments": [] }));
    let left_out = status["excluded"].as_array().expect("a list");
    assert!(left_out.iter().any(|it| it["why"] == "links are not followed"), "{status}");
}

#[test]
fn the_log_tells_no_text() {
    let secret = "correct-horse-battery";
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup { log: Some("trace"), ..Setup::rich() });
    client.open_text(&workspace.uri(TASKS), &format!("# Tasks\n\n- [ ] 1. {secret}\n  - _Requirements: FR-9.9_\n"));
    change_everything(&mut client, &workspace);
    client.open_text(&workspace.uri(TASKS), &format!("# Tasks\n\n- [ ] 2. {secret}\n"));
    client.settle();
    assert_eq!(client.shut_down(), 0);
    let log = client.stderr();
    assert!(!log.is_empty(), "it logs what it does");
    assert!(!log.contains(secret), "{log}");
}
