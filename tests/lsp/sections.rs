//! Sections of a plan in an editor: completion, hover, symbols, fixes, *Fill in from template* and new files.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, edit};

use crate::{items, labels, rules, words_of};

/// A plan that is begun, with its cursor in `line`.
fn begun(line: &str) -> String {
    format!(
        "
    //- specs/login/plan.md
    # Technical Implementation Plan

    ## Architecture Overview

    A page and a service.

    {line}

    ## Testing Strategy

    By hand.
    "
    )
}

fn open(picture: &str, setup: &Setup) -> (Workspace, Client) {
    let workspace = Workspace::new(picture);
    let mut client = Client::start_with(&workspace, setup);
    let (path, _) = workspace.cursor(client.encoding());
    client.open(&workspace, path);
    client.diagnostics(&workspace.uri(path), 1);
    (workspace, client)
}

fn actions(client: &mut Client, workspace: &Workspace) -> Vec<Value> {
    let (path, at) = workspace.cursor(client.encoding());
    let params = json!({
        "textDocument": { "uri": workspace.uri(path) },
        "range": { "start": at.json(), "end": at.json() },
        "context": { "diagnostics": [] },
    });
    client.request("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
}

/// The plan after the action whose title begins with `title`.
fn taken(client: &mut Client, workspace: &Workspace, title: &str) -> String {
    let all = actions(client, workspace);
    let found = all.iter().find(|it| it["title"].as_str().is_some_and(|it| it.starts_with(title)));
    let action = found.unwrap_or_else(|| panic!("{title} is not among {all:#?}"));
    let action = match action.get("edit") {
        Some(_) => action.clone(),
        None => client.request("codeAction/resolve", action.clone()),
    };
    let (path, _) = workspace.cursor(client.encoding());
    edit::carried_out(workspace, &action["edit"], client.encoding())[path].clone()
}

#[test]
fn missing_headings_are_completed_in_order_and_sections_as_snippets() {
    let (workspace, mut client) = open(&begun("## $0"), &Setup::rich());
    let completion = client.ask_here("textDocument/completion", &workspace);
    let found = labels(&completion);
    assert_eq!(found[0], "## Technical Constraints");
    let place = |title: &str| found.iter().position(|it| it == title).unwrap_or_else(|| panic!("{title}: {found:?}"));
    assert!(place("## System Design") < place("## Risk Assessment"));
    assert!(!found.iter().any(|it| it.starts_with("## Testing")), "it is there already: {found:?}");
    let all = items(&completion);
    let whole = all.iter().find(|it| it["label"] == "## Risk Assessment …").expect("the section is offered");
    assert_eq!(whole["insertTextFormat"], 2);
    let text = whole["textEdit"]["newText"].as_str().expect("it says what it puts");
    assert!(
        text.starts_with("## Risk Assessment\n\n### Technical Risks\n\n1. **${1:Technical risk}**: ${2:"),
        "{text}"
    );
    let at = &whole["textEdit"]["replace"];
    assert_eq!((at["start"]["character"].as_u64(), at["end"]["character"].as_u64()), (Some(0), Some(3)));
}

#[test]
fn a_client_without_snippets_gets_plain_sections() {
    let (workspace, mut client) = open(&begun("## $0"), &Setup::bare());
    let all = items(&client.ask_here("textDocument/completion", &workspace));
    let whole = all.iter().find(|it| it["label"] == "## Risk Assessment …").expect("the section is offered");
    assert_eq!(whole["insertTextFormat"], Value::Null);
    assert!(whole["textEdit"]["newText"].as_str().expect("text").contains("1. **[Technical risk]**: ["), "{whole}");
}

#[test]
fn bullets_of_a_section_are_completed() {
    let line = "## Technical Constraints\n\n    ### Technology Stack\n\n    - **Backend**: Rust\n    - **$0";
    let (workspace, mut client) = open(&begun(line), &Setup::rich());
    let found = labels(&client.ask_here("textDocument/completion", &workspace));
    assert_eq!(found, ["Frontend", "Database", "Infrastructure"]);
}

#[test]
fn a_heading_tells_what_it_is_for_and_how_far_it_is() {
    let line = "## Technical Constraints\n\n    ### Techn$0ology Stack\n\n    - **Backend**: [language and framework]\n\n    _Requirements: FR-1_";
    let (workspace, mut client) = open(&begun(line), &Setup::rich());
    let words = words_of(&client.ask_here("textDocument/hover", &workspace));
    assert_eq!(
        words,
        "**Technology Stack**\n\nWhat it is built with, and why.\n\n*1 placeholder left · 1 requirement*\n\nServes FR-1"
    );
    let (workspace, mut client) = open(&begun("## Our own$0 words\n\n    x"), &Setup::rich());
    assert_eq!(client.ask_here("textDocument/hover", &workspace), Value::Null, "nothing of ours is here");
}

#[test]
fn symbols_tell_the_state_of_their_sections() {
    let (workspace, mut client) = open(&begun("## System$0 Design\n\n    - **Part**: [what it does]"), &Setup::rich());
    let params = json!({ "textDocument": { "uri": workspace.uri("specs/login/plan.md") } });
    let symbols = client.request("textDocument/documentSymbol", params);
    let inside = symbols[0]["children"].as_array().expect("the title holds the sections");
    let told: Vec<(&str, Option<&str>)> =
        inside.iter().map(|it| (it["name"].as_str().expect("a name"), it["detail"].as_str())).collect();
    assert_eq!(
        told,
        [("Architecture Overview", None), ("System Design", Some("1 placeholder left")), ("Testing Strategy", None)]
    );
}

#[test]
fn what_is_found_of_sections_is_mended() {
    let (workspace, mut client) = open(&begun("## Risk Asse$0sment\n\n    None."), &Setup::rich());
    assert!(taken(&mut client, &workspace, "Rename to `Risk Assessment`").contains("\n## Risk Assessment\n\nNone.\n"));
    let text = taken(&mut client, &workspace, "Fill in from template");
    let at = |title: &str| text.find(title).unwrap_or_else(|| panic!("{title} in {text}"));
    assert!(
        at("## System Design") < at("## Risk Assesment") && at("## Testing Strategy") < at("## Deployment Strategy")
    );
    // What is filled in lacks no section any more.
    let uri = workspace.uri("specs/login/plan.md");
    let version = client.replace(&uri, &text.replace("Assesment", "Assessment"));
    let left = client.diagnostics(&uri, version);
    assert!(left.len() > 20 && rules(&left).iter().all(|it| *it == "placeholder-left"), "{left:#?}");
    let loud: Vec<&Value> = left.iter().filter(|it| it["severity"] == 2).collect();
    assert_eq!(loud.len(), 1, "the title alone says how far it is: {loud:#?}");
    assert!(loud[0]["message"].as_str().is_some_and(|it| it.contains(" sections still hold hints")), "{loud:#?}");
}

#[test]
fn sections_that_are_missing_together_are_put_in_at_once_or_one_by_one() {
    let picture = "
        //- .kiro/specs/login/bugfix.md
        x
        //- specs/login/plan.md
        # Technical $0Implementation Plan

        ## Architecture Overview

        A page.

        ## Technical Constraints

        None.

        ## System Design

        One service.

        ## Risk Assessment

        None.

        ## Testing Strategy

        By hand.

        ## Deployment Strategy

        With the shop.
        ";
    let (workspace, mut client) = open(picture, &Setup::rich());
    let uri = workspace.uri("specs/login/plan.md");
    let found = client.diagnostics_when(&uri, |it| !it.is_empty());
    assert_eq!(rules(&found), ["missing-section"], "{found:#?}");
    let whole = taken(&mut client, &workspace, "Insert the 3 missing sections");
    let at = |text: &str, title: &str| text.find(title).unwrap_or_else(|| panic!("{title} in {text}"));
    assert!(at(&whole, "## Integration Points") < at(&whole, "## Risk Assessment"));
    assert!(at(&whole, "## Implementation Phases") < at(&whole, "## Testing Strategy"));
    assert!(at(&whole, "## Deployment Strategy") < at(&whole, "## Monitoring and Observability"));
    let one = taken(&mut client, &workspace, "Insert the section `Implementation Phases`");
    assert!(!one.contains("## Integration Points") && one.contains("None.\n\n## Implementation Phases\n"), "{one}");
    let version = client.replace(&uri, &whole);
    assert!(rules(&client.diagnostics(&uri, version)).iter().all(|it| *it == "placeholder-left"));
}

#[test]
fn an_unknown_section_is_allowed_by_a_comment_if_somebody_wants_it() {
    let picture = "
        //- traceline.toml
        [rules]
        unknown-section = \"warning\"
        //- .kiro/specs/login/design.md
        # Design Document: Login

        ## Overview

        Users sign in.

        ## Architecture

        A page.

        ## Col$0ours

        Blue.
        ";
    let (workspace, mut client) = open(picture, &Setup::rich());
    let uri = workspace.uri(".kiro/specs/login/design.md");
    client.diagnostics_when(&uri, |it| rules(it) == ["unknown-section"]);
    let offered = actions(&mut client, &workspace);
    let own = offered.iter().find(|it| it["title"] == "Allow this section with a comment").expect("it is offered");
    assert!(own.get("isPreferred").is_none(), "nobody knows that it is right: {own}");
    let text = taken(&mut client, &workspace, "Allow this section");
    assert!(text.contains("A page.\n\n<!-- traceline: allow unknown-section -->\n\n## Colours\n"), "{text}");
    let version = client.replace(&uri, &text);
    assert_eq!(rules(&client.diagnostics(&uri, version)), [""; 0]);
}

#[test]
fn tasks_without_sections_are_not_filled_in() {
    let (workspace, mut client) = open("//- specs/a/tasks.md\n# Tasks\n\n- [ ] 1. Wo$0rk\n", &Setup::rich());
    let offered = actions(&mut client, &workspace);
    assert!(!offered.is_empty() && !offered.iter().any(|it| it["title"] == "Fill in from template"), "{offered:?}");
}

#[test]
fn an_empty_plan_is_filled_in_whole() {
    let (workspace, mut client) = open("\n    //- specs/log-in/plan.md\n    $0\n", &Setup::rich());
    let text = taken(&mut client, &workspace, "Fill in from template");
    assert!(text.starts_with("# Technical Implementation Plan: Log in\n\n## Architecture Overview\n"), "{text}");
}

#[test]
fn a_command_answers_with_the_edit_that_makes_files() {
    let workspace = Workspace::new("//- specs/login/spec.md\n# Login\n\n- **FR-1**: x\n");
    let mut client = Client::start(&workspace);
    client.ready();
    let mut make = |arguments: Value| {
        let params = json!({ "command": "traceline.newFile", "arguments": arguments });
        let id = client.ask("workspace/executeCommand", params);
        client.answer(id)
    };
    let edit = make(json!(["plan", workspace.uri("specs/login")])).expect("it can be made");
    let [create, change] = edit["documentChanges"].as_array().expect("changes").as_slice() else { panic!("{edit}") };
    assert_eq!((&create["kind"], &create["uri"]), (&json!("create"), &json!(workspace.uri("specs/login/plan.md"))));
    assert_ne!(create["options"]["overwrite"], true, "{create}");
    let text = change["edits"][0]["newText"].as_str().expect("text");
    assert!(text.starts_with("# Technical Implementation Plan: Login\n"), "{text}");
    let edit = make(json!(["feature", "Log out"])).expect("it can be made");
    let made: Vec<&str> = edit["documentChanges"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|it| it["kind"] == "create")
        .map(|it| it["uri"].as_str().expect("a uri"))
        .collect();
    assert_eq!(made, ["spec.md", "plan.md", "tasks.md"].map(|name| workspace.uri(&format!("specs/log-out/{name}"))));
    let why = make(json!(["spec", workspace.uri("specs/login")])).expect_err("it is refused");
    assert_eq!(why["message"], "specs/login/spec.md is there already");
    let why = make(json!(["poem", workspace.uri("specs/login")])).expect_err("it is refused");
    assert!(why["message"].as_str().is_some_and(|it| it.starts_with("`poem` is nothing that can be made")), "{why}");
    assert!(!workspace.path("specs/login/plan.md").exists(), "the editor makes the file, not the server");
}

#[test]
fn a_client_that_cannot_make_files_is_told_of_the_command_line() {
    let workspace = Workspace::new("//- specs/login/spec.md\n# Login\n");
    let mut client = Client::start_with(&workspace, &Setup::bare());
    let arguments = json!(["plan", workspace.uri("specs/login")]);
    let id = client.ask("workspace/executeCommand", json!({ "command": "traceline.newFile", "arguments": arguments }));
    let why = client.answer(id).expect_err("it is refused");
    assert!(why["message"].as_str().is_some_and(|it| it.contains("traceline new")), "{why}");
}

#[test]
fn a_template_that_changes_on_disk_is_in_force_at_once() {
    let workspace = Workspace::new(
        "
    //- docs/templates/plan.md
    # House Plan

    ## Idea

    [reason]
    //- traceline.toml
    [templates]
    plan = \"docs/templates/plan.md\"
    //- specs/pay/plan.md
    # House Plan

    ## Idea

    To be paid.
    ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/pay/plan.md");
    let uri = workspace.uri("specs/pay/plan.md");
    client.ready();
    client.diagnostics_when(&uri, <[Value]>::is_empty);
    workspace.write("docs/templates/plan.md", "# House Plan\n\n## Idea\n<!-- optionel -->\n\n## Price\n\n[price]\n");
    let template = workspace.uri("docs/templates/plan.md");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": template, "type": 2 }] }));
    let found = client.diagnostics_when(&uri, |it| !it.is_empty());
    assert_eq!(found[0]["message"].as_str().and_then(|it| it.lines().next()), Some("the section `Price` is missing"));
    let told = client.diagnostics_when(&template, |it| !it.is_empty());
    assert_eq!((told.len(), &told[0]["code"]), (1, &json!("template-mistake")));
    assert!(told[0]["message"].as_str().is_some_and(|it| it.contains("did you mean `optional`?")), "{told:?}");
}

#[test]
fn a_template_that_the_workspace_keeps_is_in_force_as_it_is_typed_and_saved() {
    let whole = "# Design\n\n## Overview\n\nx\n\n## Rules\n\nx\n\n## Parts\n\nx\n\n## Cost\n\nx\n";
    let form = whole.replace("x\n", "[What is said here]\n");
    let template = ".spec-workflow/templates/design-template.md";
    let lean = whole.replace("## Rules\n\nx\n\n", "");
    let [hook, latch] = ["hook", "latch"].map(|name| format!("//- .kiro/specs/{name}/design.md\n{whole}"));
    let workspace =
        Workspace::new(&format!("//- .kiro/specs/lamp/design.md\n{lean}{hook}{latch}//- {template}\n{form}"));
    workspace.write(template, form.replace("## Rules", "## Rules (optional)"));
    let mut client = Client::start(&workspace);
    let uri = workspace.uri(".kiro/specs/lamp/design.md");
    client.open(&workspace, ".kiro/specs/lamp/design.md");
    client.ready();
    client.diagnostics_when(&uri, <[Value]>::is_empty);
    let changed = json!({ "changes": [{ "uri": workspace.uri(template), "type": 2 }] });
    workspace.write(template, &form);
    client.notify("workspace/didChangeWatchedFiles", changed);
    let found = client.diagnostics_when(&uri, |it| !it.is_empty());
    let message = found[0]["message"].as_str().and_then(|it| it.lines().next());
    assert_eq!(message, Some("the section `Rules` of `.spec-workflow/templates/design-template.md` is missing"));
    // What is typed into the template counts before it is saved.
    client.open(&workspace, template);
    let start = json!({ "line": 6, "character": 8 });
    let typed = json!([{ "range": { "start": start, "end": start }, "text": " (optional)" }]);
    let document = json!({ "uri": workspace.uri(template), "version": 2 });
    client.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": typed }));
    client.diagnostics_when(&uri, <[Value]>::is_empty);
}
