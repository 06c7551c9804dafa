//! The life of an id in an editor: a requirement is given up with what its author says of it, and one that is split lists who
//! names it.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, edit};

const SPEC: &str = "specs/a/spec.md";
const TASKS: &str = "specs/a/tasks.md";

const PICTURE: &str = "
    //- specs/a/spec.md
    # Login

    - **FR-1**: Sessions are opened
    - **FR-$02**: Passwords are hashed
    - **NFR-1**: It is fast
    - ~~**FR-3**: Mail is sent~~
    //- specs/a/tasks.md
    - [ ] 1. Open sessions
      - _Requirements: FR-1, FR-2_
    - [ ] 2. Hash passwords, see FR-2
      - _Requirements: FR-2_
    ";

/// A client that asks its user, and lists places by itself.
fn asking() -> Setup {
    let mut setup = Setup::rich();
    setup.capabilities["experimental"] =
        json!({ "commands": { "commands": ["traceline.retire", "traceline.showReferences"] } });
    setup
}

fn session(setup: &Setup) -> (Workspace, Client) {
    let workspace = Workspace::new(PICTURE);
    let mut client = Client::start_with(&workspace, setup);
    client.open(&workspace, SPEC);
    client.diagnostics(&workspace.uri(SPEC), 1);
    (workspace, client)
}

/// The action at the cursor whose title begins so.
fn action(client: &mut Client, workspace: &Workspace, title: &str) -> Value {
    let (path, at) = workspace.cursor(client.encoding());
    let params = json!({
        "textDocument": { "uri": workspace.uri(path) },
        "range": { "start": at.json(), "end": at.json() },
        "context": { "diagnostics": [], "triggerKind": 1 },
    });
    let all = client.request("textDocument/codeAction", params);
    let found = all.as_array().and_then(|all| all.iter().find(|it| it["title"].to_string().contains(title)));
    found.unwrap_or_else(|| panic!("{title} is not among {all}")).clone()
}

fn run(client: &mut Client, command: &str, arguments: &Value) -> Result<Value, Value> {
    let asked = client.ask("workspace/executeCommand", json!({ "command": command, "arguments": arguments }));
    client.answer(asked)
}

/// The specification after the edit that the server had the editor make last.
fn applied(client: &Client, workspace: &Workspace) -> String {
    let all = client.received("workspace/applyEdit");
    let edit = &all.last().expect("an edit is wanted")["edit"];
    assert!(edit["documentChanges"][0]["textDocument"]["version"].is_i64(), "{edit}");
    edit::carried_out(workspace, edit, client.encoding())[SPEC].clone()
}

#[test]
fn an_editor_that_can_ask_is_told_what_to_ask_before_a_requirement_is_given_up() {
    let (workspace, mut client) = session(&asking());
    let action = action(&mut client, &workspace, "Give `FR-2` up");
    assert_eq!((&action["title"], action.get("edit")), (&json!("Give `FR-2` up …"), None));
    let (name, mut arguments) = (action["command"]["command"].clone(), action["command"]["arguments"].clone());
    let asked = run(&mut client, name.as_str().unwrap_or_default(), &arguments).expect("it is asked");
    let questions = asked["questions"].as_array().expect("there are questions");
    let names: Vec<&Value> = questions.iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["reason", "successor"]);
    assert!(questions[0].get("choices").is_none() && questions[0]["title"] == "Give `FR-2` up", "{asked}");
    let choices = questions[1]["choices"].as_array().expect("there are choices");
    let told: Vec<_> = choices.iter().map(|it| (&it["label"], &it["description"], &it["value"])).collect();
    assert_eq!(
        told,
        [
            (&json!("Nothing takes its place"), &json!(""), &json!("")),
            (&json!("FR-1"), &json!("Sessions are opened"), &json!("FR-1")),
            (&json!("NFR-1"), &json!("It is fast"), &json!("NFR-1")),
        ]
    );
    assert!(client.received("workspace/applyEdit").is_empty(), "nothing is done yet");
    let bare = arguments.clone();
    let mut answered = |said: Value| {
        arguments = bare.clone();
        arguments.as_array_mut().expect("a list").push(said);
        run(&mut client, "traceline.retire", &arguments).expect("it is done");
        applied(&client, &workspace)
    };
    let gone = |note: &str| {
        let old = "**FR-2**: Passwords are hashed";
        workspace.text(SPEC).replace(old, &format!("~~{old}~~ {note}"))
    };
    let after = answered(json!({ "reason": "Nobody asks for it.", "successor": "NFR-1" }));
    assert_eq!(after, gone("Superseded by NFR-1. Nobody asks for it."));
    let after = answered(json!({ "reason": "Too dear.", "successor": "" }));
    assert_eq!(after, gone("Withdrawn. Too dear."));
}

#[test]
fn any_other_gives_it_up_at_once_or_with_what_the_command_says() {
    let (workspace, mut client) = session(&Setup::rich());
    let action = action(&mut client, &workspace, "Give `FR-2` up");
    assert_eq!((&action["title"], action.get("command")), (&json!("Give `FR-2` up"), None));
    let resolved = client.request("codeAction/resolve", action);
    let after = edit::carried_out(&workspace, &resolved["edit"], client.encoding())[SPEC].clone();
    assert!(after.contains("~~**FR-2**: Passwords are hashed~~ Withdrawn.\n"), "{after}");
    let uri = workspace.uri(SPEC);
    let at = workspace.cursor(client.encoding()).1.json();
    for (arguments, note) in [
        (json!([uri, "fr-2"]), "Withdrawn."),
        (json!([uri, at]), "Withdrawn."),
        (json!([uri, at, { "reason": "Too dear." }]), "Withdrawn. Too dear."),
        (json!([uri, "FR-2", { "successor": ["FR-1", "NFR-1"] }]), "Superseded by FR-1 and NFR-1."),
    ] {
        assert_eq!(run(&mut client, "traceline.retire", &arguments), Ok(Value::Null), "{arguments}");
        let after = applied(&client, &workspace);
        assert!(after.contains(&format!("~~**FR-2**: Passwords are hashed~~ {note}\n")), "{arguments}: {after}");
    }
    let before = client.received("workspace/applyEdit").len();
    for (arguments, code, words) in [
        (json!([uri]), -32602, "`traceline.retire` wants an id, or a position in the document"),
        (json!([uri, "FR-2", "because"]), -32602, "`traceline.retire` wants `reason` and `successor`, or nothing"),
        (json!([uri, "FR-9"]), -32803, "`FR-9` is not defined in specs/a"),
        (json!([uri, { "line": 0, "character": 2 }]), -32803, "no requirement is named here"),
        (json!([uri, "FR-3"]), -32803, "`FR-3` is withdrawn already, in specs/a/spec.md:6"),
        (json!([uri, "FR-2", { "reason": "a\nb" }]), -32803, "a reason is one line of text, without `~~`"),
        (json!([uri, "FR-2", { "successor": "FR-9" }]), -32803, "`FR-9` is not defined in specs/a"),
    ] {
        let error = run(&mut client, "traceline.retire", &arguments).expect_err("it is refused");
        assert_eq!((&error["code"], &error["message"]), (&json!(code), &json!(words)), "{arguments}");
    }
    assert_eq!(client.received("workspace/applyEdit").len(), before, "nothing was done");
}

#[test]
fn an_editor_that_makes_no_edits_for_a_server_gets_the_edit_as_an_answer() {
    let mut setup = Setup::rich();
    setup.capabilities["workspace"]["applyEdit"] = json!(false);
    let (workspace, mut client) = session(&setup);
    let arguments = json!([workspace.uri(SPEC), "FR-2", { "reason": "Too dear." }]);
    let edit = run(&mut client, "traceline.retire", &arguments).expect("it is answered");
    let after = edit::carried_out(&workspace, &edit, client.encoding())[SPEC].clone();
    assert!(after.contains("~~ Withdrawn. Too dear."), "{after}");
}

/// What the split brings, as the editor then has it open.
fn split(client: &mut Client, workspace: &Workspace, action: &Value) -> Value {
    let resolved = client.request("codeAction/resolve", action.clone());
    let files = edit::carried_out(workspace, &resolved["edit"], client.encoding());
    assert!(files[TASKS].contains("_Requirements: FR-1, FR-2, FR-4_"), "{}", files[TASKS]);
    client.open(workspace, TASKS);
    for path in [SPEC, TASKS] {
        client.replace(&workspace.uri(path), &files[path]);
    }
    resolved
}

#[test]
fn who_names_what_is_split_is_listed_once_the_edit_is_made() {
    let (workspace, mut client) = session(&asking());
    let action = action(&mut client, &workspace, "Split `FR-2` into itself and `FR-4`");
    let command = action["command"].clone();
    assert_eq!(command["command"], "traceline.showReferences", "{action}");
    let resolved = split(&mut client, &workspace, &action);
    assert_eq!(resolved["command"], command);
    let places = run(&mut client, "traceline.showReferences", &command["arguments"]).expect("they are listed");
    let lines: Vec<&Value> =
        places.as_array().expect("a list").iter().map(|it| &it["range"]["start"]["line"]).collect();
    assert_eq!(lines, [1, 2, 3], "{places}");
    assert!(client.received("window/showMessage").is_empty(), "it lists them itself");
}

#[test]
fn a_message_says_them_where_the_editor_lists_nothing() {
    let (workspace, mut client) = session(&Setup::rich());
    let action = action(&mut client, &workspace, "Split `FR-2` into itself and `FR-4`");
    assert!(action.get("command").is_none(), "an editor may take the command for all: {action}");
    let resolved = split(&mut client, &workspace, &action);
    run(&mut client, "traceline.showReferences", &resolved["command"]["arguments"]).expect("they are told");
    let said = client.received_when("window/showMessage", |_| true);
    let words = "`FR-2` is named in specs/a/tasks.md:2, specs/a/tasks.md:3, specs/a/tasks.md:4";
    assert_eq!((&said["type"], &said["message"]), (&json!(3), &json!(words)));
}

#[test]
fn a_client_that_knows_commands_alone_is_asked_or_told_as_well() {
    let setup = Setup::new(json!({ "workspace": { "applyEdit": true } }));
    let (workspace, mut client) = session(&setup);
    let action = action(&mut client, &workspace, "Split `FR-2` into itself and `FR-4`");
    run(&mut client, "traceline.apply", &action["arguments"]).expect("it is done");
    client.received_when("workspace/applyEdit", |_| true);
    let said = client.received_when("window/showMessage", |_| true);
    assert!(said["message"].to_string().starts_with("\"`FR-2` is named in specs/a/tasks.md:2, "), "{said}");
}
