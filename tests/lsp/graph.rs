//! The trace graph and the tree of ids, as an editor walks them: call hierarchy and type hierarchy.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, text};

use crate::{LOGIN, login};

const SPEC: &str = "specs/login/spec.md";
const PLAN: &str = "specs/login/plan.md";
const TASKS: &str = "specs/login/tasks.md";

fn names(items: &Value, side: Option<&str>) -> Vec<String> {
    let items = items.as_array().map_or(&[][..], Vec::as_slice);
    let item = |it: &Value| side.map_or_else(|| it["name"].clone(), |side| it[side]["name"].clone());
    items.iter().map(|it| item(it).as_str().expect("an item has a name").to_owned()).collect()
}

fn prepared(client: &mut Client, workspace: &Workspace, path: &str, words: &str, kind: &str) -> Value {
    let at = workspace.find(path, words, client.encoding());
    client.ask_at(&format!("textDocument/prepare{kind}Hierarchy"), &workspace.uri(path), at)
}

fn calls(client: &mut Client, direction: &str, item: &Value) -> Value {
    client.request(&format!("callHierarchy/{direction}Calls"), json!({ "item": item }))
}

#[test]
fn a_requirement_is_called_by_sections_and_these_by_tasks() {
    let (workspace, mut client) = login();
    let items = prepared(&mut client, &workspace, TASKS, "FR-1.2", "Call");
    assert_eq!(names(&items, None), ["FR-1.2 WHEN a password is wrong THEN the system SHALL refuse it"]);
    assert_eq!(items[0]["uri"], workspace.uri(SPEC), "the requirement stands where it is defined: {items}");
    let sections = calls(&mut client, "incoming", &items[0]);
    assert_eq!(names(&sections, Some("from")), ["Passwords"]);
    let range = &sections[0]["fromRanges"][0];
    assert_eq!(text::slice(workspace.text(PLAN), range, client.encoding()), "FR-1.2", "where the section names it");
    let tasks = calls(&mut client, "incoming", &sections[0]["from"]);
    assert_eq!(names(&tasks, Some("from")), ["2 Refuse wrong passwords"]);
    assert_eq!(tasks[0]["from"]["detail"], "open");
    assert_eq!(calls(&mut client, "incoming", &tasks[0]["from"]), Value::Null, "nothing calls a task");

    let back = calls(&mut client, "outgoing", &tasks[0]["from"]);
    assert_eq!(names(&back, Some("to")), ["Passwords"]);
    let range = &back[0]["fromRanges"][0];
    assert_eq!(text::slice(workspace.text(TASKS), range, client.encoding()), "FR-1.2", "where the task names it");
    let requirements = calls(&mut client, "outgoing", &back[0]["to"]);
    assert_eq!(names(&requirements, Some("to")), names(&items, None));
}

#[test]
fn a_section_is_found_again_after_an_edit_above_it() {
    let (workspace, mut client) = login();
    client.open(&workspace, PLAN);
    let items = prepared(&mut client, &workspace, PLAN, "Passwords", "Call");
    assert_eq!(names(&items, None), ["Passwords"]);
    let longer = workspace.text(PLAN).replace("# Plan\n", "# Plan\n\nMany words that were not there.\n");
    client.replace(&workspace.uri(PLAN), &longer);
    assert_eq!(names(&calls(&mut client, "incoming", &items[0]), Some("from")), ["2 Refuse wrong passwords"]);
}

#[test]
fn prose_has_no_hierarchy() {
    let (workspace, mut client) = login();
    client.open(&workspace, PLAN);
    for (kind, words) in [("Call", "signed cookie"), ("Type", "signed cookie"), ("Type", "Sessions"), ("Call", "Plan")]
    {
        assert_eq!(prepared(&mut client, &workspace, PLAN, words, kind), Value::Null, "{kind} at {words}");
    }
}

#[test]
fn the_tree_of_ids_goes_up_and_down() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        ## FR-1: Sign in

        - **FR-1.1**: by password
        - **FR-1.2**: by key
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-$01.2_
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    assert_eq!(client.initialized()["capabilities"]["typeHierarchyProvider"], true);
    let items = client.ask_here("textDocument/prepareTypeHierarchy", &workspace);
    assert_eq!(names(&items, None), ["FR-1.2 by key"]);
    let up = client.request("typeHierarchy/supertypes", json!({ "item": items[0] }));
    assert_eq!(names(&up, None), ["FR-1 Sign in"]);
    let down = client.request("typeHierarchy/subtypes", json!({ "item": up[0] }));
    assert_eq!(names(&down, None), ["FR-1.1 by password", "FR-1.2 by key"]);
    assert_eq!(client.request("typeHierarchy/supertypes", json!({ "item": up[0] })), Value::Null);
}

#[test]
fn a_capability_stands_above_requirements_and_scenarios_below() {
    let workspace = Workspace::new(
        "
        //- openspec/specs/login/spec.md
        # login Specification

        ## Requirements

        ### Requirement: Check it
        It SHALL be checked.

        #### Scenario: Wr$0ong
        - **WHEN** it is wrong
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "openspec/specs/login/spec.md");
    client.ready();
    let mut items = client.ask_here("textDocument/prepareTypeHierarchy", &workspace);
    for name in ["Wrong", "Check it", "login Specification"] {
        assert_eq!(names(&items, None), [name]);
        items = client.request("typeHierarchy/supertypes", json!({ "item": items[0] }));
    }
    assert_eq!(items, Value::Null);
}

#[test]
fn a_bare_client_walks_them_too() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    for path in [SPEC, PLAN, TASKS] {
        client.open(&workspace, path);
    }
    let items = prepared(&mut client, &workspace, TASKS, "FR-1.2", "Call");
    assert_eq!(names(&calls(&mut client, "incoming", &items[0]), Some("from")), ["Passwords"]);
}
