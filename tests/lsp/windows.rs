//! Addresses of files on Windows, as each editor spells them: all lead to the same file, and go back as they came.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, capabilities};

use crate::{LOGIN, hover_at, places, rules};

/// Ways in which editors spell the drive: VS Code, Neovim, others.
const DRIVES: [fn(&str) -> String; 4] = [
    |drive| format!("file:///{}%3A", drive.to_ascii_lowercase()),
    |drive| format!("file:///{}:", drive.to_ascii_uppercase()),
    |drive| format!("file:///{}:", drive.to_ascii_lowercase()),
    |drive| format!("file:///{}%3A", drive.to_ascii_uppercase()),
];

/// The harness's address of the workspace with its drive spelt in another way.
fn respelt(workspace: &Workspace, drive: fn(&str) -> String) -> String {
    let own = workspace.root_uri();
    let (letter, rest) = own.strip_prefix("file:///").and_then(|it| it.split_once("%3A")).expect("it names a drive");
    drive(letter) + rest
}

/// A session over the folder at this address, with the tasks open.
fn session(workspace: &Workspace, folder: &str, document: &str) -> Client {
    let mut client = Client::launch();
    client.initialize(json!({
        "processId": null,
        "rootUri": folder,
        "capabilities": capabilities::rich(),
        "workspaceFolders": [{ "uri": folder, "name": "it" }],
    }));
    client.open_text(document, workspace.text("specs/login/tasks.md"));
    client.ready();
    client
}

#[test]
fn every_spelling_meets_the_same_file_and_comes_back() {
    for drive in DRIVES {
        let workspace = Workspace::new(LOGIN);
        workspace.write("specs/other/spec.md", "- **FR-1.1**: x\n- **FR-1.1**: y\n");
        let folder = respelt(&workspace, drive);
        let tasks = format!("{folder}/specs/login/tasks.md");
        let mut client = session(&workspace, &folder, &tasks);
        let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
        assert!(hover_at(&mut client, &tasks, at).contains("password is wrong"), "{folder}");
        let found = places(&client.ask_at("textDocument/definition", &tasks, at));
        assert_eq!(found[0].0, format!("{folder}/specs/login/spec.md"));
        let asked = json!({ "textDocument": { "uri": tasks }, "position": at.json(), "context": { "includeDeclaration": true } });
        let places = places(&client.request("textDocument/references", asked));
        assert!(
            places.iter().any(|(uri, _)| *uri == tasks) && places.iter().all(|(uri, _)| uri.starts_with(&folder)),
            "{places:?}"
        );
        // A file that the editor has never named.
        let other = format!("{folder}/specs/other/spec.md");
        client.diagnostics_when(&other, |it| rules(it).contains(&"duplicate-requirement"));
        let shown = client.shown();
        assert!(shown.keys().all(|uri| uri.starts_with(&folder)), "{:?}", shown.keys());
    }
}

#[test]
fn a_document_spelt_otherwise_than_its_folder_is_in_it() {
    for (of_folder, of_document) in [(DRIVES[0], DRIVES[1]), (DRIVES[1], DRIVES[0])] {
        let workspace = Workspace::new(LOGIN);
        let folder = respelt(&workspace, of_folder);
        // In another case too, as a terminal's `code SPECS\login\Tasks.md` opens it.
        let tasks = respelt(&workspace, of_document) + "/SPECS/login/Tasks.md";
        let mut client = session(&workspace, &folder, &tasks);
        let text = workspace.text("specs/login/tasks.md").replace("FR-1.2", "FR-7.7");
        client.replace(&tasks, &text);
        client.diagnostics_when(&tasks, |it| rules(it).contains(&"unknown-requirement"));
        let shown = client.shown();
        let twins: Vec<&String> = shown.keys().filter(|uri| uri.to_lowercase().ends_with("tasks.md")).collect();
        assert_eq!(twins, [&tasks], "one file is shown once");
    }
}

#[test]
fn a_share_is_a_folder_like_any_other() {
    let workspace = Workspace::new(LOGIN);
    let own = workspace.root_uri();
    let (letter, rest) = own.strip_prefix("file:///").and_then(|it| it.split_once("%3A")).expect("it names a drive");
    // `file://localhost/…` is this machine and no share of it, so the server has to be in the path.
    let folder = format!("file:////localhost/{letter}%24{rest}");
    let tasks = format!("{folder}/specs/login/tasks.md");
    let mut client = session(&workspace, &folder, &tasks);
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let found = places(&client.ask_at("textDocument/definition", &tasks, at));
    assert_eq!(found.len(), 1, "{folder}");
    assert_eq!(found[0].0, format!("{folder}/specs/login/spec.md"));
}

#[test]
fn a_name_written_anew_is_another_file() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::rich());
    let old = workspace.uri("specs/login/tasks.md");
    client.open_text(&old, &workspace.text("specs/login/tasks.md").replace("FR-1.2", "FR-7.7"));
    client.ready();
    client.diagnostics_when(&old, |it| rules(it).contains(&"unknown-requirement"));
    workspace.write("specs/login/tasks.md", workspace.text("specs/login/tasks.md").replace("FR-1.2", "FR-7.7"));
    // In two steps: Wine 8 leaves a file as it is that is to have its own name in another case.
    for (from, to) in [("tasks.md", "between"), ("between", "Tasks.md")] {
        let path = |name: &str| workspace.path(&format!("specs/login/{name}"));
        std::fs::rename(path(from), path(to)).expect("a move");
    }
    let new = workspace.uri("specs/login/Tasks.md");
    client.notify("workspace/didRenameFiles", json!({ "files": [{ "oldUri": old, "newUri": new }] }));
    client.close(&old);
    client.diagnostics_when(&new, |it| rules(it).contains(&"unknown-requirement"));
    client.diagnostics_when(&old, <[Value]>::is_empty);
}

#[test]
fn a_folder_that_is_gone_is_told_once() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::launch();
    let folders = [workspace.root_uri(), "file:///b%3A/gone".to_owned()];
    let folders: Vec<Value> = folders.iter().map(|uri| json!({ "uri": uri, "name": "it" })).collect();
    client.initialize(json!({ "processId": null, "rootUri": null, "capabilities": capabilities::rich(), "workspaceFolders": folders }));
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    crate::assert_alive(&mut client, &workspace);
    let said = client.received("window/logMessage");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0]["message"].as_str().is_some_and(|it| it.contains("cannot be read")), "{said:?}");
}
