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

/// A feature whose stories and requirements are named by their parts, whose tasks have parts of their own, and whose task
/// list has a heading for a task.
const PARTS: &str = "
    //- specs/a/spec.md
    # Stories

    ### US-1: Sign in

    - [ ] AC-1.1: By key
    - [ ] AC-1.2: By word

    ## FR-1: Sessions

    - **FR-1.1**: A session opens
    - **FR-1.2**: A session ends
    //- specs/a/plan.md
    # Plan

    ## Cookies

    🎉 _Requirements: FR-1.1_

    ### Lifetime

    Long.

    ## Later
    //- specs/a/tasks.md
    # Tasks

    - [ ] 1. Sign in
      - [x] 1.1 Keys
        - _Requirements: AC-1.1, FR-1.1_
      - [ ] 1.2 Words
        - _Requirements: AC-1.2_

    ## Task: End sessions

    _Requirements: FR-1_
    ";

fn parts() -> (Workspace, Client) {
    let workspace = Workspace::new(PARTS);
    let mut client = Client::start(&workspace);
    for path in ["specs/a/spec.md", "specs/a/plan.md", "specs/a/tasks.md"] {
        client.open(&workspace, path);
    }
    client.ready();
    (workspace, client)
}

#[test]
fn a_whole_is_called_by_what_names_its_parts() {
    let (workspace, mut client) = parts();
    let (spec, tasks) = ("specs/a/spec.md", "specs/a/tasks.md");
    let story = prepared(&mut client, &workspace, spec, "US-1", "Call");
    assert_eq!(names(&calls(&mut client, "incoming", &story[0]), Some("from")), ["1.1 Keys", "1.2 Words"]);
    let whole = prepared(&mut client, &workspace, spec, "FR-1:", "Call");
    let sections = calls(&mut client, "incoming", &whole[0]);
    assert_eq!(names(&sections, Some("from")), ["Cookies"]);
    let plan = workspace.text("specs/a/plan.md");
    assert_eq!(text::slice(plan, &sections[0]["fromRanges"][0], client.encoding()), "FR-1.1");
    let part = prepared(&mut client, &workspace, spec, "FR-1.2", "Call");
    let above = calls(&mut client, "incoming", &part[0]);
    assert_eq!(names(&above, Some("from")), ["Task: End sessions"], "what carries the whole carries its parts");
    assert_eq!(text::slice(workspace.text(tasks), &above[0]["fromRanges"][0], client.encoding()), "FR-1");
    assert_eq!(calls(&mut client, "incoming", &above[0]["from"]), Value::Null, "a task with a heading is a task");
    assert_eq!(names(&calls(&mut client, "outgoing", &above[0]["from"]), Some("to")), ["Cookies"]);
}

#[test]
fn a_task_that_names_nothing_calls_what_its_subtasks_do() {
    let (workspace, mut client) = parts();
    let tasks = "specs/a/tasks.md";
    let task = prepared(&mut client, &workspace, tasks, "1. Sign in", "Call");
    assert_eq!(names(&task, None), ["1 Sign in"]);
    let called = calls(&mut client, "outgoing", &task[0]);
    assert_eq!(names(&called, Some("to")), ["AC-1.1 By key", "Cookies", "AC-1.2 By word"]);
    let range = &called[2]["fromRanges"][0];
    assert_eq!(text::slice(workspace.text(tasks), range, client.encoding()), "AC-1.2");
}

#[test]
fn an_item_spans_all_of_what_it_is() {
    let (workspace, mut client) = parts();
    let spans = [
        ("specs/a/plan.md", "Cookies", "## Cookies\n\n🎉 _Requirements: FR-1.1_\n\n### Lifetime\n\nLong.", "Cookies"),
        ("specs/a/tasks.md", "Words", "1.2 Words\n    - _Requirements: AC-1.2_", "1.2 Words"),
        ("specs/a/spec.md", "US-1", "US-1: Sign in\n\n- [ ] AC-1.1: By key\n- [ ] AC-1.2: By word", "US-1"),
    ];
    for (path, words, whole, exact) in spans {
        let item = &prepared(&mut client, &workspace, path, words, "Call")[0];
        let text = |range: &Value| text::slice(workspace.text(path), range, client.encoding()).to_owned();
        assert_eq!((text(&item["range"]).as_str(), text(&item["selectionRange"]).as_str()), (whole, exact));
    }
}

#[test]
fn the_start_of_its_line_is_on_a_task_a_section_and_a_requirement() {
    let (workspace, mut client) = parts();
    for (path, line, kind, name) in [
        ("specs/a/tasks.md", "  - [ ] 1.2", "Call", "1.2 Words"),
        ("specs/a/plan.md", "## Cookies", "Call", "Cookies"),
        ("specs/a/spec.md", "### US-1", "Call", "US-1 Sign in"),
        ("specs/a/spec.md", "Sessions", "Type", "FR-1 Sessions"),
    ] {
        assert_eq!(names(&prepared(&mut client, &workspace, path, line, kind), None), [name], "{kind} at {line}");
    }
    for (path, line) in [("specs/a/plan.md", "## Later"), ("specs/a/tasks.md", "    - _Requirements: AC-1.2")] {
        assert_eq!(prepared(&mut client, &workspace, path, line, "Call"), Value::Null, "{line}");
    }
}

#[test]
fn a_criterion_stands_under_its_story() {
    let (workspace, mut client) = parts();
    let criterion = prepared(&mut client, &workspace, "specs/a/tasks.md", "AC-1.2", "Type");
    let story = client.request("typeHierarchy/supertypes", json!({ "item": criterion[0] }));
    assert_eq!(names(&story, None), ["US-1 Sign in"]);
    let parts = client.request("typeHierarchy/subtypes", json!({ "item": story[0] }));
    assert_eq!(names(&parts, None), ["AC-1.1 By key", "AC-1.2 By word"]);
}

#[test]
fn a_capability_without_a_title_is_called_as_its_folder() {
    let workspace = Workspace::new(
        "
        //- openspec/specs/login/spec.md
        ## Pur$0pose

        Signing in.

        ## Requirements

        ### Requirement: Check it
        It SHALL be checked.
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "openspec/specs/login/spec.md");
    client.ready();
    assert_eq!(client.ask_here("textDocument/prepareTypeHierarchy", &workspace), Value::Null, "a section is no title");
    let items = prepared(&mut client, &workspace, "openspec/specs/login/spec.md", "Requirement: Check", "Type");
    assert_eq!(names(&items, None), ["Check it"], "at the word before the name");
    let above = client.request("typeHierarchy/supertypes", json!({ "item": items[0] }));
    assert_eq!(names(&above, None), ["login"]);
    let below = client.request("typeHierarchy/subtypes", json!({ "item": above[0] }));
    assert_eq!(names(&below, None), ["Check it"]);
}
