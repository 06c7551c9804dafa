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

const PLACES: &str = "
    //- docs/requirements.md
    - **NFR-1**: a
    //- specs/a/spec.md
    - **FR-1**: a
    - **FR-2**: b
    //- specs/a/tasks.md
    # Tasks

    - [ ] 1. T
      - _Requirements: FR-1, NFR-1, AC-7, FR-9_

    <!-- traceline: allow unknown-requirement soon -->
    - [ ] 2. U
      - _Requirements: FR-8_
    ";

fn place(workspace: &Workspace, place: &str) -> Value {
    report::place(workspace.root(), &format!("specs/a/tasks.md:{place}"))
}

#[test]
fn a_place_tells_where_an_id_was_looked_up_and_what_lowered_its_finding() {
    let workspace = Workspace::new(PLACES);
    let told = place(&workspace, "4:34");
    let entry = &told["read"].as_array().expect("a list")[1];
    assert_eq!([&entry["what"], &entry["id"], &entry["text"]], ["reference", "AC-7", "AC-7"], "{told}");
    let folders = json!([
        { "folder": "specs/a", "found": false },
        { "folder": "docs", "found": false }
    ]);
    assert_eq!(entry["lookedUp"], folders);
    assert_eq!([&entry["nearest"], &entry["resolved"]], [&Value::Null, &json!([])]);
    let rule = &told["rules"][0];
    assert_eq!([&rule["rule"], &rule["level"]], ["unknown-requirement", "information"]);
    let doubt = json!([{ "kind": "doubt", "doubt": "family-elsewhere", "note": "no document here defines any AC" }]);
    assert_eq!(rule["by"], doubt);
}

#[test]
fn a_line_tells_all_that_stands_in_it() {
    let workspace = Workspace::new(PLACES);
    let told = place(&workspace, "4");
    let ids: Vec<&str> =
        told["read"].as_array().expect("a list").iter().filter_map(|entry| entry["id"].as_str()).collect();
    assert_eq!(ids, ["FR-1", "NFR-1", "AC-7", "FR-9"]);
    let words = traceline(workspace.root(), ["inspect", "specs/a/tasks.md:4"]).stdout;
    for part in [
        "4:20 reference FR-1 (in a trace line, written as an id is)",
        "looked up 2. in docs: found",
        "defined at docs/requirements.md:1",
        "nearest: FR-2, the nearest number, which is no slip",
        "unknown-requirement (information): `AC-7` is not defined in specs/a · a remark only: no document here defines any AC",
        "doubt family-elsewhere: no document here defines any AC",
    ] {
        assert!(words.contains(part), "{part:?} in {words}");
    }
}

#[test]
fn what_a_comment_silences_is_told() {
    let workspace = Workspace::new(PLACES);
    let rule = &place(&workspace, "8:22")["rules"][0];
    assert_eq!([&rule["rule"], &rule["level"]], [&json!("unknown-requirement"), &Value::Null]);
    assert_eq!(rule["by"][0]["note"], "the comment in line 6 allows it");
}

#[test]
fn nothing_tells_why_and_a_line_that_is_not_there_is_refused() {
    let workspace = Workspace::new(PLACES);
    let told = place(&workspace, "2");
    assert_eq!(told["read"][0]["what"], "nothing");
    assert_eq!(told["read"][0]["how"], "no id, trace line, task, heading or hint stands here");
    for at in ["99", "0", "4:0"] {
        let outcome = traceline(workspace.root(), ["inspect", &format!("specs/a/tasks.md:{at}")]);
        assert_eq!(outcome.code(), 2, "{outcome:#?}");
        assert!(outcome.stderr.contains("specs/a/tasks.md has lines 1 to 8"), "{outcome:#?}");
    }
}
