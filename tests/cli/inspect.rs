//! `traceline inspect`: what was understood of a file, and why.

use serde_json::{Value, json};
use traceline_tests::Workspace;
use traceline_tests::command::traceline;
use traceline_tests::report;

const PICTURE: &str = "
    //- specs/login/spec.md
    # Login

    ## Functional Requirements

    1. **FR-1.1**: Users sign in
    2. **FR-1.2**: Users sign out

    ### FR-2: Sessions

    #### Acceptance Criteria

    1. WHEN a session ends THEN it is gone
    2. WHEN it is stolen THEN it ends
    //- specs/login/tasks.md
    # Tasks

    - [x] 1. Make sessions
      - [ ] 1.1 Make cookies
        - _Requirements: FR-1.1 through FR-1.2, FR-2.2_
    - [ ] 2. Task for §FR-1.1 [FR-2]
      - _Requirements: [Reference specific requirements from spec]_
    ";

fn ids(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter().map(|it| it["id"].as_str().expect("an id")).collect()
}

#[test]
fn a_spec_defines() {
    let workspace = Workspace::new(PICTURE);
    let report = report::inspect(workspace.root(), "specs/login/spec.md");
    assert_eq!([&report["version"], &report["path"]], [&json!(1), &json!("specs/login/spec.md")]);
    assert_eq!([&report["role"], &report["dialect"], &report["scope"]], ["spec", "plan", "specs/login"]);
    assert_eq!(ids(&report["definitions"]), ["FR-1.1", "FR-1.2", "FR-2", "FR-2.1", "FR-2.2"]);
    let first = &report["definitions"][0];
    assert_eq!([&first["line"], &first["column"]], [5, 6]);
    assert_eq!([&first["form"], &first["withdrawn"]], [&json!("written"), &json!(false)]);
    assert!(first["title"].as_str().is_some_and(|it| it.contains("Users sign in")), "{first}");
    let counted = &report["definitions"][4];
    assert_eq!([&counted["form"], &counted["line"]], [&json!("counted"), &json!(13)]);
    let sections: Vec<_> = report["sections"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (it["level"].as_u64(), it["line"].as_u64()))
        .collect();
    assert_eq!(sections, [(Some(1), Some(1)), (Some(2), Some(3)), (Some(3), Some(8)), (Some(4), Some(10))]);
}

#[test]
fn tasks_refer() {
    let workspace = Workspace::new(PICTURE);
    let report = report::inspect(workspace.root(), "specs/login/tasks.md");
    assert_eq!(report["role"], "tasks");
    assert_eq!(ids(&report["definitions"]), Vec::<&str>::new());
    let references = report["references"].as_array().expect("a list");
    let of_line = |line: u64| -> Vec<&str> {
        references.iter().filter(|it| it["line"] == line).map(|it| it["id"].as_str().expect("an id")).collect()
    };
    assert_eq!(of_line(5), ["FR-1.1", "FR-1.2", "FR-2.2"]);
    let range: Vec<_> = references.iter().filter(|it| it["line"] == 5).take(2).map(|it| &it["column"]).collect();
    assert_eq!(range[0], range[1], "a range gives one reference per id, at the same place");
    assert!(references.iter().filter(|it| it["line"] == 5).all(|it| it["kind"] == "trace-line"), "{report}");
    let resolved = &references.iter().find(|it| it["id"] == "FR-1.2").expect("it is in the range")["resolved"];
    assert_eq!(resolved, &json!([{ "path": "specs/login/spec.md", "line": 6 }]));
    assert_eq!(of_line(6), ["FR-1.1", "FR-2"]);
}

#[test]
fn tasks_are_listed_with_their_state_and_trace() {
    let workspace = Workspace::new(PICTURE);
    let report = report::inspect(workspace.root(), "specs/login/tasks.md");
    let tasks = report["tasks"].as_array().expect("a list");
    assert_eq!(ids(&report["tasks"]), ["1", "1.1", "2"]);
    assert_ne!(tasks[0]["state"], tasks[1]["state"], "one is done, the other is not: {tasks:?}");
    assert_eq!(tasks[1]["state"], tasks[2]["state"]);
    assert_eq!(tasks[1]["trace"], json!(["FR-1.1", "FR-1.2", "FR-2.2"]));
    assert_eq!([&tasks[0]["line"], &tasks[1]["line"], &tasks[2]["line"]], [3, 4, 6]);
    let placeholders = report["placeholders"].as_array().expect("a list");
    assert_eq!(placeholders.len(), 1, "{placeholders:?}");
    assert_eq!(placeholders[0]["line"], 7);
    assert_eq!(placeholders[0]["text"], "[Reference specific requirements from spec]");
}

#[test]
fn the_words_for_people_say_the_same() {
    let workspace = Workspace::new(PICTURE);
    let outcome = traceline(workspace.root(), ["inspect", "specs/login/spec.md"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    for part in ["FR-1.1", "FR-2.2", "specs/login", "spec"] {
        assert!(outcome.stdout.contains(part), "{part:?} in {}", outcome.stdout);
    }
}

#[test]
fn the_path_may_be_absolute_or_lead_up() {
    let workspace = Workspace::new(PICTURE);
    let file = workspace.path("specs/login/tasks.md");
    let outcome = traceline(&workspace.path("specs"), ["inspect", file.to_str().expect("UTF-8"), "--format", "json"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let outcome = traceline(&workspace.path("specs/login"), ["inspect", "../login/tasks.md", "--format", "json"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let report = outcome.json();
    let resolved = report["references"].as_array().expect("a list").iter().find(|it| it["id"] == "FR-2.2");
    assert!(resolved.is_some_and(|it| it["resolved"].as_array().is_some_and(|it| it.len() == 1)), "{report}");
}

#[test]
fn a_dialect_is_told_with_its_evidence() {
    let workspace = Workspace::new(
        "
    //- .kiro/specs/login/requirements.md
    # Login
    //- docs/login/requirements.md
    # Login

    ### Requirement 1: Log in

    #### Acceptance Criteria

    1. WHEN asked THE SYSTEM SHALL log in
    ",
    );
    let by_path = report::inspect(workspace.root(), ".kiro/specs/login/requirements.md");
    assert_eq!([&by_path["dialect"], &by_path["evidence"]], ["kiro", "**/.kiro/**"]);
    assert_eq!(by_path["says"], json!([]));
    let by_text = report::inspect(workspace.root(), "docs/login/requirements.md");
    assert_eq!([&by_text["dialect"], &by_text["evidence"]], [&json!("kiro"), &Value::Null]);
    let lines = json!([
        { "line": 3, "text": "### Requirement 1: Log in" },
        { "line": 5, "text": "#### Acceptance Criteria" }
    ]);
    assert_eq!(by_text["says"], lines);
    let told = traceline(workspace.root(), ["inspect", "docs/login/requirements.md"]);
    assert!(
        told.stdout.contains("the dialect kiro (line 3 says ### Requirement 1: Log in; line 5 says"),
        "{}",
        told.stdout
    );
}

#[test]
fn a_withdrawn_requirement_is_told() {
    let workspace = Workspace::new(
        "
        //- spec.md
        - **FR-1**: a
        - ~~**FR-2**: b~~
        ",
    );
    let report = report::inspect(workspace.root(), "spec.md");
    let told: Vec<&Value> =
        report["definitions"].as_array().expect("a list").iter().map(|it| &it["withdrawn"]).collect();
    assert_eq!(told, [&json!(false), &json!(true)]);
    let words = traceline(workspace.root(), ["inspect", "spec.md"]).stdout;
    assert!(words.lines().any(|line| line.split_whitespace().eq(["2:7", "FR-2", "withdrawn", "b"])), "{words}");
}
