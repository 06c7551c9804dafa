//! Code actions: what is offered where, what each does, and what clients of little ability get instead.

use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, edit};

use crate::rules;

const TASKS: &str = "specs/a/tasks.md";

const PICTURE: &str = "
    //- specs/a/spec.md
    # Login

    1. **FR-1.1**: Sessions are opened
    2. **FR-1.2**: Passwords are hashed
    //- specs/a/tasks.md
    - [ ] 1. Open sessions
      - _Requirements: FR-1.1, fr-$01.2_
    - [ ] 2. Hash passwords
      - _Requirements: FR-1.4, fr-1.1_
    ";

fn session(picture: &str, setup: &Setup) -> (Workspace, Client) {
    let workspace = Workspace::new(picture);
    let mut client = Client::start_with(&workspace, setup);
    client.open(&workspace, workspace.cursor(client.encoding()).0);
    let uri = workspace.uri(workspace.cursor(client.encoding()).0);
    client.diagnostics(&uri, 1);
    (workspace, client)
}

/// The actions at the cursor.
fn actions(client: &mut Client, workspace: &Workspace, context: &Value) -> Vec<Value> {
    let (path, at) = workspace.cursor(client.encoding());
    let params = json!({
        "textDocument": { "uri": workspace.uri(path) },
        "range": { "start": at.json(), "end": at.json() },
        "context": context,
    });
    client.request("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().expect("an action has a title")).collect()
}

fn named<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    let found = actions.iter().find(|action| action["title"].as_str().is_some_and(|it| it.starts_with(title)));
    found.unwrap_or_else(|| panic!("{title} is not among {:?}", titles(actions)))
}

/// The file after the action, resolved where that is needed.
fn taken(client: &mut Client, workspace: &Workspace, action: &Value, path: &str) -> String {
    let action = match action.get("edit") {
        Some(_) => action.clone(),
        None => client.request("codeAction/resolve", action.clone()),
    };
    edit::carried_out(workspace, &action["edit"], client.encoding())[path].clone()
}

#[test]
fn a_finding_is_mended_and_the_editor_told_which() {
    let (workspace, mut client) = session(PICTURE, &Setup::rich());
    let shown = client.diagnostics_when(&workspace.uri(TASKS), |it| rules(it).contains(&"id-case"));
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": shown, "triggerKind": 1 }));
    let action = named(&offered, "Write `FR-1.2`");
    assert_eq!((&action["kind"], &action["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(action["diagnostics"].as_array().map(Vec::len), Some(1), "{action}");
    assert_eq!(action["diagnostics"][0]["code"], "id-case");
    let after = taken(&mut client, &workspace, action, TASKS);
    assert_eq!(after, workspace.text(TASKS).replace("fr-1.2", "FR-1.2"));
    let all = named(&offered, "Mend all 2 `id-case`");
    assert!(all.get("edit").is_none() && all["data"].is_object(), "it is made when it is taken: {all}");
    let after = taken(&mut client, &workspace, all, TASKS);
    assert_eq!(after, workspace.text(TASKS).replace("fr-", "FR-"));
}

#[test]
fn who_names_one_finding_and_asks_for_the_whole_document_gets_its_fix_alone() {
    let (workspace, mut client) = session(PICTURE, &Setup::rich());
    let shown = client.diagnostics_when(&workspace.uri(TASKS), |it| rules(it).contains(&"id-case"));
    let one = shown.iter().find(|it| it["code"] == "id-case").expect("it is shown");
    let mut ask = |diagnostics: Value| {
        let params = json!({
            "textDocument": { "uri": workspace.uri(TASKS) },
            "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } },
            "context": { "diagnostics": diagnostics },
        });
        client.request("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
    };
    assert_eq!(titles(&ask(json!([one]))), ["Write `FR-1.2`"]);
    assert!(ask(json!([])).len() > 1);
    assert!(ask(json!(shown)).len() > 1);
}

#[test]
fn what_the_editor_asks_for_by_itself_is_little_and_what_is_asked_for_by_kind_is_only_that() {
    let (workspace, mut client) = session(PICTURE, &Setup::rich());
    let by_itself = actions(&mut client, &workspace, &json!({ "diagnostics": [], "triggerKind": 2 }));
    assert_eq!(titles(&by_itself), ["Write `FR-1.2`"]);
    let only = |kind: &str| json!({ "diagnostics": [], "only": [kind], "triggerKind": 2 });
    let offered = actions(&mut client, &workspace, &only("source.fixAll"));
    assert_eq!(titles(&offered), ["Mend all that is sure"]);
    assert_eq!(offered[0]["kind"], "source.fixAll.traceline");
    let after = taken(&mut client, &workspace, &offered[0], TASKS);
    assert_eq!(after, workspace.text(TASKS).replace("fr-", "FR-"));
    let offered = actions(&mut client, &workspace, &only("source.organizeTraces"));
    assert_eq!(titles(&offered), ["Put all trace lines in order"]);
    let after = taken(&mut client, &workspace, &offered[0], TASKS);
    assert_eq!(after, workspace.text(TASKS).replace("FR-1.4, fr-1.1", "fr-1.1, FR-1.4"));
    assert!(actions(&mut client, &workspace, &only("source.organizeImports")).is_empty());
}

#[test]
fn a_missing_requirement_is_defined_in_a_closed_file() {
    let (workspace, mut client) = session(&PICTURE.replace("$0", "").replace("FR-1.4", "FR-1.$04"), &Setup::rich());
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [], "triggerKind": 1 }));
    let wanted = format!("{}3. **FR-1.4**: The system SHALL …\n", workspace.text("specs/a/spec.md"));
    let action = named(&offered, "Define `FR-1.4` in specs/a/spec.md").clone();
    assert_eq!(taken(&mut client, &workspace, &action, "specs/a/spec.md"), wanted);
    let next = named(&offered, "Define it as `FR-1.3`, the next free id").clone();
    assert_eq!(taken(&mut client, &workspace, &next, "specs/a/spec.md"), wanted.replace("FR-1.4", "FR-1.3"));
    assert_eq!(taken(&mut client, &workspace, &next, TASKS), workspace.text(TASKS).replace("FR-1.4", "FR-1.3"));
}

#[test]
fn a_requirement_is_inserted_and_what_follows_is_renumbered_everywhere() {
    let picture = PICTURE.replace("$0", "").replace("FR-1.4", "FR-1.2").replace("**FR-1.1**", "**FR-$01.1**");
    let (workspace, mut client) = session(&picture, &Setup::rich());
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [], "triggerKind": 1 }));
    let action = named(&offered, "Insert a requirement before `FR-1.1`").clone();
    let after = taken(&mut client, &workspace, &action, "specs/a/spec.md");
    assert!(
        after.contains("1. **FR-1.1**: The system SHALL …\n2. **FR-1.2**: Sessions")
            && after.contains("**FR-1.3**: Pass"),
        "{after}"
    );
    let after = taken(&mut client, &workspace, &action, TASKS);
    assert!(
        after.contains("_Requirements: FR-1.2, fr-1.3_") && after.contains("_Requirements: FR-1.3, fr-1.2_"),
        "{after}"
    );
}

#[test]
fn numbers_are_put_in_order_by_one_versioned_edit() {
    let picture = PICTURE.replace("$0", "").replace("R-1.2", "R-1.4").replace("r-1.2", "r-1.4");
    let picture = picture.replace("**FR-1.1**", "**FR-$01.1**");
    let (workspace, mut client) = session(&picture, &Setup::rich());
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [], "triggerKind": 1 }));
    let action = named(&offered, "Renumber from `FR-1.1` on").clone();
    let resolved = client.request("codeAction/resolve", action.clone());
    let changes = resolved["edit"]["documentChanges"].as_array().expect("one edit of many files");
    let spec =
        changes.iter().find(|it| it["textDocument"]["uri"] == workspace.uri("specs/a/spec.md")).expect("the spec");
    assert!(spec["textDocument"]["version"].is_i64(), "{spec}");
    let after = taken(&mut client, &workspace, &action, "specs/a/spec.md");
    assert_eq!(after, workspace.text("specs/a/spec.md").replace("FR-1.4", "FR-1.2"));
    let after = taken(&mut client, &workspace, &action, TASKS);
    assert!(after.contains("FR-1.1, fr-1.2_") && after.contains("FR-1.2, fr-1.1_"), "{after}");
}

#[test]
fn what_cannot_be_done_is_greyed_out_with_the_reason_where_the_client_shows_it() {
    let picture = PICTURE.replace("$0", "").replace("**FR-1.1**", "**FR-$01.1**").replace("FR-1.4", "FR-1.3");
    let (workspace, mut client) = session(&picture, &Setup::rich());
    let context = json!({ "diagnostics": [], "triggerKind": 1 });
    let offered = actions(&mut client, &workspace, &context);
    let action = named(&offered, "Insert a requirement before `FR-1.1`");
    let reason = action["disabled"]["reason"].as_str().unwrap_or_default();
    assert!(reason.starts_with("`FR-1.3` is named in specs/a/tasks.md already"), "{action}");
    assert!(action.get("edit").is_none() && action.get("data").is_none(), "{action}");
    let mut setup = Setup::rich();
    setup.capabilities["textDocument"]["codeAction"]["disabledSupport"] = json!(false);
    let (workspace, mut client) = session(&picture, &setup);
    let offered = actions(&mut client, &workspace, &context);
    assert!(!titles(&offered).iter().any(|title| title.starts_with("Insert")), "{offered:?}");
}

#[test]
fn a_document_that_has_changed_meanwhile_gets_no_old_edit() {
    let (workspace, mut client) = session(PICTURE, &Setup::rich());
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [], "only": ["source.fixAll"] }));
    client.replace(&workspace.uri(TASKS), "# Other\n");
    let asked = client.ask("codeAction/resolve", offered[0].clone());
    assert_eq!(client.refusal(asked), -32801);
}

#[test]
fn a_client_that_cannot_resolve_gets_the_edit_at_once_in_plain_form() {
    let mut capabilities = json!({ "textDocument": { "codeAction": {
        "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } },
    } } });
    capabilities["textDocument"]["publishDiagnostics"] = json!({});
    let (workspace, mut client) = session(PICTURE, &Setup::new(capabilities));
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [], "only": ["source.fixAll"] }));
    let action = &offered[0];
    assert!(action["edit"]["changes"].is_object() && action.get("data").is_none(), "{action}");
    assert!(action.get("isPreferred").is_none(), "{action}");
    let after = edit::carried_out(&workspace, &action["edit"], client.encoding());
    assert_eq!(after[TASKS], workspace.text(TASKS).replace("fr-", "FR-"));
}

#[test]
fn a_client_that_knows_commands_alone_gets_commands() {
    let setup = Setup::new(json!({ "workspace": { "applyEdit": true } }));
    let (workspace, mut client) = session(PICTURE, &setup);
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [] }));
    let command = named(&offered, "Write `FR-1.2`");
    assert!(command.get("kind").is_none(), "a command is no action: {command}");
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    let asked = client.ask("workspace/executeCommand", params);
    let told = client.received_when("workspace/applyEdit", |_| true);
    let after = edit::carried_out(&workspace, &told["edit"], client.encoding());
    assert_eq!(after[TASKS], workspace.text(TASKS).replace("fr-1.2", "FR-1.2"));
    client.answer(asked).expect("it is done");

    let (workspace, mut client) = session(PICTURE, &Setup::bare());
    assert!(actions(&mut client, &workspace, &json!({ "diagnostics": [] })).is_empty(), "it can do nothing with any");
}

#[test]
fn where_nothing_of_ours_stands_nothing_is_offered() {
    let (workspace, mut client) = session("//- specs/a/notes.md\nwo$0rds\n\n- [ ] a box\n", &Setup::rich());
    let (path, at) = workspace.cursor(client.encoding());
    let params = json!({
        "textDocument": { "uri": workspace.uri(path) },
        "range": { "start": at.json(), "end": at.json() },
        "context": { "diagnostics": [] },
    });
    assert_eq!(client.request("textDocument/codeAction", params), Value::Null);
    client.listen(Duration::from_millis(1));
}

#[test]
fn a_task_is_toggled_and_a_mention_traced() {
    let picture = "
        //- specs/a/spec.md
        - **FR-1**: Sessions
        //- specs/a/tasks.md
        - [ ] 1. All
          - [ ] 1.1 Part, see FR-$01
        ";
    let (workspace, mut client) = session(picture, &Setup::rich());
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [], "triggerKind": 2 }));
    assert_eq!(titles(&offered), ["Mark task 1.1 as done", "Trace task 1.1 to `FR-1`"]);
    let (toggle, trace) = (offered[0].clone(), offered[1].clone());
    let after = taken(&mut client, &workspace, &toggle, TASKS);
    assert_eq!(after, workspace.text(TASKS).replace("[ ]", "[x]"));
    let after = taken(&mut client, &workspace, &trace, TASKS);
    assert_eq!(after, format!("{}    - _Requirements: FR-1_\n", workspace.text(TASKS)));
}

#[test]
fn a_trace_line_stands_below_its_task_whatever_the_list_is_drawn_with() {
    let spec = "//- specs/a/spec.md\n- **FR-1**: Sessions are opened\n//- specs/a/tasks.md\n";
    for (tasks, added) in [
        ("* [ ] 1. All\n\t* [ ] 1.1 Open ses$0sions\n", "\t\t* _Requirements: FR-1_\n"),
        ("1. [ ] Open ses$0sions\n", "   - _Requirements: FR-1_\n"),
        ("- [ ] 1. Open ses$0sions\n    + as told\n", "    + _Requirements: FR-1_\n"),
    ] {
        let (workspace, mut client) = session(&format!("{spec}{tasks}"), &Setup::rich());
        let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [], "triggerKind": 1 }));
        let action = named(&offered, "Add a trace line").clone();
        let after = taken(&mut client, &workspace, &action, TASKS);
        assert_eq!(after, format!("{}{added}", workspace.text(TASKS)));
    }
}

#[test]
fn a_requirement_put_into_a_numbered_list_lets_it_count_on() {
    let picture = "
        //- specs/a/spec.md
        1. **FR-1**: Sessions are opened
        2. **FR-3**: Passwords are hashed

        3. **FR-4**: Accounts are locked
        //- specs/a/tasks.md
        - [ ] 1. Open sessions
          - _Requirements: FR-1, FR-$02_
        - [ ] 2. Other
          - _Requirements: FR-3, FR-5, FR-9_
        ";
    let (workspace, mut client) = session(picture, &Setup::rich());
    let offered = actions(&mut client, &workspace, &json!({ "diagnostics": [], "triggerKind": 1 }));
    let action = named(&offered, "Define `FR-2` in specs/a/spec.md").clone();
    assert_eq!(
        taken(&mut client, &workspace, &action, "specs/a/spec.md"),
        "1. **FR-1**: Sessions are opened\n2. **FR-2**: The system SHALL …\n3. **FR-3**: Passwords are hashed\n\n4. **FR-4**: Accounts are locked\n"
    );
    // FR-5 is free but named, and would mean something else then.
    named(&offered, "Define it as `FR-6`, the next free id");
}
