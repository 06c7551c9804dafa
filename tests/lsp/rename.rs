//! Rename: everywhere or not at all, with versions and labels where the client can, plainly where not.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, edit, text};

use crate::{LOGIN, login};

const SPEC: &str = "specs/login/spec.md";
const PLAN: &str = "specs/login/plan.md";
const TASKS: &str = "specs/login/tasks.md";

fn rename(client: &mut Client, workspace: &Workspace, path: &str, id: &str, name: &str) -> Result<Value, Value> {
    let at = workspace.find(path, id, client.encoding());
    let params = json!({ "textDocument": { "uri": workspace.uri(path) }, "position": at.json(), "newName": name });
    let asked = client.ask("textDocument/rename", params);
    client.answer(asked)
}

fn refusal(answer: Result<Value, Value>) -> String {
    let error = answer.expect_err("it is refused");
    assert_eq!(error["code"], -32803, "{error}");
    error["message"].as_str().expect("an error has a message").to_owned()
}

#[test]
fn an_id_is_renamed_in_open_and_closed_files() {
    let (workspace, mut client) = login();
    let answer = rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-4").expect("it is renamed");
    let after = edit::carried_out(&workspace, &answer, client.encoding());
    for path in [SPEC, PLAN, TASKS] {
        assert_eq!(after[path], workspace.text(path).replace("FR-1.2", "FR-4"), "{path}");
    }
    let steps = answer["documentChanges"].as_array().expect("this client takes versions");
    for step in steps {
        let open = step["textDocument"]["uri"] == workspace.uri(TASKS).as_str();
        let version = if open { json!(1) } else { Value::Null };
        assert_eq!(step["textDocument"]["version"], version, "{step}");
        for edit in step["edits"].as_array().expect("edits are an array") {
            let label = &answer["changeAnnotations"][edit["annotationId"].as_str().expect("edits have labels")];
            let wanted =
                if step["textDocument"]["uri"] == workspace.uri(SPEC).as_str() { "Definitions" } else { "References" };
            assert_eq!(label["label"], wanted, "{answer}");
            assert_eq!(label["needsConfirmation"], false, "{answer}");
        }
    }
}

#[test]
fn the_version_is_that_of_the_text_it_was_made_for() {
    let (workspace, mut client) = login();
    let version = client.replace(&workspace.uri(TASKS), &format!("words\n{}", workspace.text(TASKS)));
    let at = workspace.find(TASKS, "FR-1.2", client.encoding());
    let at = json!({ "line": at.line + 1, "character": at.character });
    let params = json!({ "textDocument": { "uri": workspace.uri(TASKS) }, "position": at, "newName": "FR-4" });
    let answer = client.request("textDocument/rename", params);
    let steps = answer["documentChanges"].as_array().expect("this client takes versions");
    let own = steps.iter().find(|step| step["textDocument"]["uri"] == workspace.uri(TASKS).as_str());
    assert_eq!(own.expect("the tasks are edited")["textDocument"]["version"], version);
}

#[test]
fn a_client_that_can_nothing_gets_plain_edits() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, TASKS);
    assert_eq!(client.initialized()["capabilities"]["renameProvider"], true);
    let answer = rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-4").expect("it is renamed");
    assert!(answer.get("documentChanges").is_none() && answer.get("changeAnnotations").is_none(), "{answer}");
    let after = edit::carried_out(&workspace, &answer, client.encoding());
    for path in [SPEC, PLAN, TASKS] {
        assert_eq!(after[path], workspace.text(path).replace("FR-1.2", "FR-4"), "{path}");
    }
}

#[test]
fn a_subtree_and_its_ranges_move_and_columns_stay_right() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        ## FR-2: 👍 Sessions

        - **FR-2.1**: one
        - **FR-2.2**: two
        - **FR-2.3**: three
        //- specs/a/tasks.md
        - [ ] 1. 👍 Task
          - 👩‍👧 _Requirements: FR-2.1–2.3, FR-2.*, FR-$02_
        - [ ] 2. Link
          - 中 [see](spec.md#fr-2--sessions)
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let (path, at) = workspace.cursor(client.encoding());
    let params = json!({ "textDocument": { "uri": workspace.uri(path) }, "position": at.json(), "newName": "FR-7" });
    let answer = client.request("textDocument/rename", params);
    let after = edit::carried_out(&workspace, &answer, client.encoding());
    assert_eq!(after["specs/a/spec.md"], workspace.text("specs/a/spec.md").replace("FR-2", "FR-7"));
    let tasks = workspace.text(path).replace("FR-2.1–2.3", "FR-7.1–7.3").replace("FR-2", "FR-7");
    assert_eq!(after["specs/a/tasks.md"], tasks.replace("#fr-2--", "#fr-7--"));
}

const RANGES: &str = "
    //- specs/a/spec.md
    - **FR-1.1**: one
    - **FR-1.2**: two
    - **FR-1.3**: three
    - **FR-1.4**: four
    - **FR-1.5**: five
    //- specs/a/tasks.md
    - [ ] 1. 👍 FR-1.1 through FR-1.3
      - _Requirements: FR-1.1–1.5, FR-1.2_
    - [ ] 2. Rest
      - _Requirements: FR-1.*, FR-1.4-5_
    ";

#[test]
fn a_range_that_an_id_leaves_becomes_a_list_of_the_same() {
    for setup in [Setup::rich(), Setup::bare()] {
        let workspace = Workspace::new(RANGES);
        let mut client = Client::start_with(&workspace, &setup);
        client.open(&workspace, "specs/a/tasks.md");
        let answer = rename(&mut client, &workspace, "specs/a/tasks.md", "FR-1.2", "FR-9").expect("it is renamed");
        let after = edit::carried_out(&workspace, &answer, client.encoding());
        assert_eq!(
            after["specs/a/tasks.md"],
            "- [ ] 1. 👍 FR-1.1, FR-9, FR-1.3\n  - _Requirements: FR-1.1, FR-9, FR-1.3–1.5, FR-9_\n- [ ] 2. Rest\n  - _Requirements: FR-1.*, FR-9, FR-1.4-5_\n"
        );
        if let Some(labels) = answer.get("changeAnnotations") {
            assert!(labels.to_string().contains("written as lists"), "{labels}");
        }
    }
}

#[test]
fn a_range_that_is_not_known_whole_is_not_guessed() {
    let workspace = Workspace::new(&RANGES.replace("FR-1.4-5", "FR-1.2-7"));
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let said = refusal(rename(&mut client, &workspace, "specs/a/tasks.md", "FR-1.2", "FR-9"));
    assert!(said.contains("would not be the same range any more"), "{said}");
}

#[test]
fn links_to_a_heading_follow_it_wherever_they_are_and_however_they_are_written() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        ## FR-$01: A [link](x.md) 登录 {#FR-1}

        ## FR-2: Other
        //- specs/a/tasks.md
        [a](spec.md#FR-1) [b](spec.md#fr-1-a-link-登录) [c](spec.md#fr-1-a-link-%E7%99%BB%E5%BD%95 \"t\") [d](spec.md#fr-2-other)
        //- specs/b/plan.md
        [a](../a/spec.md#fr-1-a-link-登录), [b](../b/spec.md#fr-1-a-link-登录), FR-1
        //- README.md
        [a](specs/a/spec.md#FR-1) and [b](specs/a/spec.md)
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/spec.md");
    client.ready();
    let answer = rename(&mut client, &workspace, "specs/a/spec.md", "FR-1", "FR-9").expect("it is renamed");
    let after = edit::carried_out(&workspace, &answer, client.encoding());
    assert_eq!(after["specs/a/spec.md"], workspace.text("specs/a/spec.md").replace("FR-1", "FR-9"));
    assert_eq!(
        after["specs/a/tasks.md"],
        workspace.text("specs/a/tasks.md").replace("FR-1", "FR-9").replace("fr-1", "fr-9")
    );
    assert_eq!(after["specs/b/plan.md"], workspace.text("specs/b/plan.md").replace("a/spec.md#fr-1", "a/spec.md#fr-9"));
    assert_eq!(after["README.md"], workspace.text("README.md").replace("FR-1", "FR-9"));
    // Not saved yet, so its links are where the editor says.
    client.open_text(&workspace.uri("README.md"), &format!("Above.\n\n{}", workspace.text("README.md")));
    let answer = rename(&mut client, &workspace, "specs/a/spec.md", "FR-1", "FR-9").expect("it is renamed");
    let steps = answer["documentChanges"].as_array().expect("this client takes versions");
    let own = steps.iter().find(|step| step["textDocument"]["uri"] == workspace.uri("README.md").as_str());
    let own = own.expect("the contents are edited");
    assert_eq!((&own["textDocument"]["version"], &own["edits"][0]["range"]["start"]["line"]), (&json!(1), &json!(2)));
}

#[test]
fn code_is_only_renamed_when_a_person_agrees() {
    let picture = "
        //- specs/a/spec.md
        - **FR-1**: one
        //- specs/a/tasks.md
        FR-$01 and `FR-1`
        ";
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let (path, at) = workspace.cursor(client.encoding());
    let params = json!({ "textDocument": { "uri": workspace.uri(path) }, "position": at.json(), "newName": "FR-2" });
    let answer = client.request("textDocument/rename", params.clone());
    assert_eq!(edit::carried_out(&workspace, &answer, client.encoding())[path], "FR-2 and `FR-2`\n");
    let labels: Vec<&Value> = answer["changeAnnotations"].as_object().expect("there are labels").values().collect();
    let code = labels.iter().find(|label| label["label"] == "Code and comments").expect("one is for code");
    assert_eq!(code["needsConfirmation"], true);

    let workspace = Workspace::new(picture);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, "specs/a/tasks.md");
    let params = json!({ "textDocument": { "uri": workspace.uri(path) }, "position": at.json(), "newName": "FR-2" });
    let answer = client.request("textDocument/rename", params);
    assert_eq!(edit::carried_out(&workspace, &answer, client.encoding())[path], "FR-2 and `FR-1`\n");
}

#[test]
fn what_cannot_be_complete_is_refused_with_the_reason() {
    let (workspace, mut client) = login();
    let said = refusal(rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-1.1"));
    assert_eq!(said, "`FR-1.1` is already defined in specs/login/spec.md:5 · choose another id");
    let said = refusal(rename(&mut client, &workspace, TASKS, "FR-1.2", "words"));
    assert!(said.starts_with("`words` is no requirement id here"), "{said}");
    // On disk, and nobody has told the server.
    workspace.write(PLAN, format!("Above.\n\n{}", workspace.text(PLAN)));
    let said = refusal(rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-4"));
    assert!(said.starts_with("specs/login/plan.md has changed on disk"), "{said}");
    workspace.write(PLAN, workspace.text(PLAN));
    rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-4").expect("the file is as it was read");
}

#[test]
fn a_file_that_is_not_utf_8_is_not_forgotten() {
    let workspace = Workspace::new(LOGIN);
    workspace.write("specs/login/notes.md", b"caf\xe9 FR-1.2\n");
    let mut client = Client::start(&workspace);
    client.open(&workspace, TASKS);
    client.ready();
    let said = refusal(rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-4"));
    assert!(said.starts_with("specs/login/notes.md may name it and could not be read: it is not UTF-8"), "{said}");
    workspace.write("specs/login/notes.md", "FR-1.2\n");
    let changed = json!({ "changes": [{ "uri": workspace.uri("specs/login/notes.md"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed);
    client.settle();
    let mut last = rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-4");
    for _ in 0..100 {
        if last.is_ok() {
            break;
        }
        client.listen(std::time::Duration::from_millis(20));
        last = rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-4");
    }
    let answer = last.expect("now it can be read");
    assert!(answer.to_string().contains("notes.md"), "{answer}");
}

#[test]
fn what_would_be_renamed_is_shown_before_a_name_is_typed() {
    let (workspace, mut client) = login();
    assert_eq!(client.initialized()["capabilities"]["renameProvider"]["prepareProvider"], true);
    let uri = workspace.uri(TASKS);
    let at = workspace.find(TASKS, "FR-1.2", client.encoding());
    let found = client.ask_at("textDocument/prepareRename", &uri, at);
    assert_eq!(text::slice(workspace.text(TASKS), &found["range"], client.encoding()), "FR-1.2");
    assert_eq!(found["placeholder"], "FR-1.2");
    let at = workspace.find(TASKS, "Refuse", client.encoding());
    assert_eq!(client.ask_at("textDocument/prepareRename", &uri, at), Value::Null);
}

#[test]
fn a_counted_id_says_what_to_do_instead() {
    let workspace = Workspace::new(
        "
        //- .kiro/specs/a/requirements.md
        ### Requirement 1

        #### Acceptance Criteria

        1. WHEN a THEN b
        2. WHEN c THEN d
        //- .kiro/specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: 1.$02_
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, ".kiro/specs/a/tasks.md");
    client.ready();
    let (path, at) = workspace.cursor(client.encoding());
    let params = json!({ "textDocument": { "uri": workspace.uri(path) }, "position": at.json() });
    let asked = client.ask("textDocument/prepareRename", params);
    let said = refusal(client.answer(asked));
    assert_eq!(
        said,
        "`1.2` is counted in .kiro/specs/a/requirements.md:6, not written · move the item to where it should be counted and renumber, or give it an id of its own"
    );
}

#[test]
fn an_id_and_its_repetition_are_edited_together() {
    let workspace = Workspace::new("//- specs/a/spec.md\n### FR-$01: Log in <a id=\"FR-1\"></a>\n\nFR-1 again\n");
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/spec.md");
    client.ready();
    let answer = client.ask_here("textDocument/linkedEditingRange", &workspace);
    let ranges = answer["ranges"].as_array().expect("there are ranges");
    let words = ranges.iter().map(|range| text::slice(workspace.text("specs/a/spec.md"), range, client.encoding()));
    assert_eq!(words.collect::<Vec<_>>(), ["FR-1", "FR-1"]);
    let at = workspace.find("specs/a/spec.md", "again", client.encoding());
    let uri = workspace.uri("specs/a/spec.md");
    assert_eq!(client.ask_at("textDocument/linkedEditingRange", &uri, at), Value::Null);
}

#[test]
fn a_setting_has_renames_keep_what_things_were_called() {
    let workspace = Workspace::new(LOGIN);
    let settings = json!({ "rename": { "keepFormer": true } });
    let setup = Setup { options: settings.clone(), ..Setup::rich().with_settings(settings) };
    let mut client = Client::start_with(&workspace, &setup);
    client.open(&workspace, TASKS);
    let answer = rename(&mut client, &workspace, TASKS, "FR-1.2", "FR-4").expect("it is renamed");
    let after = edit::carried_out(&workspace, &answer, client.encoding());
    let spec = &after["specs/login/spec.md"];
    assert!(spec.contains("**FR-4** (formerly FR-1.2)"), "{spec}");
    assert_eq!(after[TASKS], workspace.text(TASKS).replace("FR-1.2", "FR-4"));
}
