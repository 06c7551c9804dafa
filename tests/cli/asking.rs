//! `traceline show`, `list` and `trace`: what a shell asks about requirements.

use serde_json::{Value, json};
use traceline_tests::Workspace;
use traceline_tests::command::{Outcome, traceline};
use traceline_tests::report::follows_schema;

/// Two features that have an id in common; one of them plans and builds.
const FEATURES: &str = "
    //- specs/login/spec.md
    # Login

    ### FR-1: Users sign in

    - **FR-1.1**: By key
    - **FR-1.2**: By word

    ## More

    - **FR-2**: Nobody thought of it
    - ~~**FR-3**: Gone~~
    - **NFR-1**: Fast
    //- specs/login/plan.md
    # Plan

    ## Form

    _Requirements: FR-1_
    //- specs/login/tasks.md
    # Tasks

    - [x] 1. Build
      - _Requirements: FR-1.1_
    - [ ] 2. Rest
      - _Requirements: FR-1.2_
    //- specs/pay/spec.md
    # Pay

    - **FR-2**: Users pay
    ";

fn ask(words: &[&str]) -> Outcome {
    let workspace = Workspace::new(FEATURES);
    traceline(workspace.root(), words)
}

fn report(name: &str, more: &[&str]) -> Value {
    let outcome = ask(&[&[name], more, &["--format", "json"]].concat());
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    let report = outcome.json();
    follows_schema(name, &report);
    report
}

#[test]
fn a_requirement_is_shown_with_its_statement_its_places_its_chain_and_why() {
    let outcome = ask(&["show", "FR-1.1"]);
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    let wanted = "\
FR-1.1 By key (done)
  a requirement of specs/login
  specs/login/spec.md:5:5  as a list item

    **FR-1.1**: By key

part of
  FR-1 Users sign in (tasked)

served
  plan   specs/login/plan.md:3  Form
  task   specs/login/tasks.md:3  1 Build (done)

named (1)
  specs/login/tasks.md:4:20  in a trace line, 1 Build

why
  defined as a list item: specs/login/spec.md is read as spec for spec.md, in the dialect plan (neither its path nor what it says is of another)
  done: 1 of 1 task done
";
    assert_eq!(outcome.stdout, wanted);
}

#[test]
fn programs_are_shown_the_same() {
    let report = report("show", &["login/FR-2"]);
    assert_eq!([&report["name"], &report["scope"]], ["specs/login/FR-2", "specs/login"]);
    assert_eq!(report["statement"], "**FR-2**: Nobody thought of it");
    assert_eq!(report["chain"]["state"], "uncovered");
    assert_eq!(report["chain"]["missing"], json!(["plan", "task"]));
    assert_eq!(report["rules"][0]["rule"], "uncovered-requirement");
}

#[test]
fn a_whole_is_shown_with_its_parts_and_what_is_given_up_all_the_same() {
    let outcome = ask(&["show", "fr-1"]);
    for words in [
        "FR-1 Users sign in (tasked)",
        "\nparts\n  FR-1.1 By key (done)\n  FR-1.2 By word (tasked)\n",
        "tasked: 1 of 2 tasks done",
    ] {
        assert!(outcome.stdout.contains(words), "{words}: {outcome:#?}");
    }
    let outcome = ask(&["show", "FR-3"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(outcome.stdout.contains("withdrawn: its definition says that it is given up"), "{outcome:#?}");
}

#[test]
fn what_is_not_there_gets_the_nearest_and_what_is_there_twice_its_candidates() {
    for command in ["show", "trace"] {
        for (id, words) in [
            ("FR-22", "`FR-22` is defined nowhere in this workspace · nearest: `specs/login/FR-2`, `specs/pay/FR-2`\n"),
            (
                "pay/FR-1",
                "`pay/FR-1` is defined nowhere in this workspace · nearest: `specs/login/FR-1`, `specs/pay/FR-2`",
            ),
            (
                "FR-2",
                "`FR-2` is defined in 2 features, name one of them:\n  specs/login/FR-2  specs/login/spec.md:10  Nobody thought of it\n  specs/pay/FR-2    specs/pay/spec.md:3  Users pay\n",
            ),
            ("XYZ", "`XYZ` is defined nowhere in this workspace\n"),
        ] {
            let outcome = ask(&[command, id]);
            assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{command} {id}: {outcome:#?}");
            assert!(outcome.stderr.contains(words), "{command} {id}: {outcome:#?}");
        }
    }
}

#[test]
fn the_tree_goes_up_and_down() {
    let outcome = ask(&["trace", "FR-1"]);
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    let wanted = "\
FR-1 Users sign in (tasked)  specs/login/spec.md:3
├─ FR-1.1 By key (done)  specs/login/spec.md:5
│  ├─ plan Form, by what it is part of  specs/login/plan.md:3
│  └─ task 1 Build (done)  specs/login/tasks.md:3
├─ FR-1.2 By word (tasked)  specs/login/spec.md:6
│  ├─ plan Form, by what it is part of  specs/login/plan.md:3
│  └─ task 2 Rest (open)  specs/login/tasks.md:5
└─ plan Form  specs/login/plan.md:3
";
    assert_eq!(outcome.stdout, wanted);
    let outcome = ask(&["trace", "FR-1.2"]);
    assert!(
        outcome.stdout.starts_with("FR-1 Users sign in (tasked)  specs/login/spec.md:3\n└─ FR-1.2 By word"),
        "{outcome:#?}"
    );
    let report = report("trace", &["FR-1.2"]);
    assert_eq!([&report["above"][0]["id"], &report["node"]["state"]], ["FR-1", "tasked"]);
    assert_eq!(
        report["node"]["below"][1],
        json!({ "kind": "task", "id": null, "title": "2 Rest", "path": "specs/login/tasks.md", "line": 5, "state": "open", "through": null, "below": [] })
    );
}

#[test]
fn requirements_are_listed_by_family_and_state() {
    let ids = |more: &[&str]| {
        let outcome = ask(&[&["list", "--format", "ids"], more].concat());
        assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
        outcome.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(&[]), ["specs/login/FR-2", "NFR-1", "specs/pay/FR-2", "FR-1", "FR-1.2", "FR-1.1", "FR-3"]);
    assert_eq!(ids(&["--family", "nfr"]), ["NFR-1"]);
    assert_eq!(ids(&["--done", "--retired"]), ["FR-1.1", "FR-3"]);
    assert_eq!(ids(&["--withdrawn"]), ["FR-3"]);
    assert_eq!(ids(&["--tasked", "specs/pay"]), [""; 0]);
    assert_eq!(ids(&["--uncovered", "--family", "FR"]), ["specs/login/FR-2"]);
}

#[test]
fn each_name_that_is_listed_is_one_that_can_be_shown() {
    for name in ask(&["list", "--format", "ids"]).stdout.lines() {
        let outcome = ask(&["show", name]);
        assert_eq!(outcome.code(), 0, "{name}: {outcome:#?}");
    }
}

#[test]
fn a_list_is_a_table_json_or_csv() {
    let outcome = ask(&["list", "--tasked", "--done"]);
    let wanted = "\
REQUIREMENT  STATE   TASKS  WHERE                  TITLE
FR-1         tasked    1/2  specs/login/spec.md:3  Users sign in
FR-1.2       tasked    0/1  specs/login/spec.md:6  By word
FR-1.1       done      1/1  specs/login/spec.md:5  By key

3 of 7 requirements
";
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (0, wanted), "{outcome:#?}");
    let report = report("list", &["--done"]);
    assert_eq!([&report["of"], &report["requirements"][0]["name"]], [&json!(7), &json!("FR-1.1")]);
    assert_eq!(report["requirements"][0]["tasks"][0]["title"], "1 Build");
    let outcome = ask(&["list", "--done", "--format", "csv"]);
    let whole = ask(&["matrix", "--format", "csv"]);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{outcome:#?}");
    assert!(lines.iter().all(|line| whole.stdout.contains(line)), "a list says what the matrix says: {outcome:#?}");
}

#[test]
fn what_a_list_cannot_hold_is_said() {
    let outcome = ask(&["list", "--family", "XR"]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (0, "0 of 7 requirements\n"), "{outcome:#?}");
    assert!(outcome.stderr.contains("no requirement is of the family `XR` · there are FR, NFR"), "{outcome:#?}");
    let workspace = Workspace::new("//- README.md\n# Nothing\n");
    let outcome = traceline(workspace.root(), ["list"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("holds no plan document"), "{outcome:#?}");
    let outcome = traceline(workspace.root(), ["list", "--allow-empty"]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (0, "0 of 0 requirements\n"), "{outcome:#?}");
}
