//! `traceline matrix`: each requirement with what plans it, what builds it and how far it is, in every format.

use std::fs;

use serde_json::{Value, json};
use traceline_tests::command::{Outcome, traceline};
use traceline_tests::report::follows_schema;
use traceline_tests::{Workspace, places};

/// A feature with a requirement of each kind, and words that mean something to whoever reads the report.
const FEATURE: &str = "
    //- specs/login/spec.md
    # Login

    - **FR-1**: Users <b>sign in</b> | out
    - **FR-2**: =HYPERLINK(1), \"quoted\"
    - **FR-3**: Three
    - **FR-4**: Nobody thought of it
    - ~~**FR-5**: Gone~~
    //- specs/login/plan.md
    # Plan

    ## Form

    _Requirements: FR-1, FR-2, FR-3_
    //- specs/login/tasks.md
    # Tasks

    ## Phase 1

    - [x] 1. Build
      - _Requirements: FR-1_
    - [ ] 2. Rest
      - _Requirements: FR-2_
    ";

fn matrix(workspace: &Workspace, more: &[&str]) -> Outcome {
    traceline(workspace.root(), ["matrix"].iter().chain(more))
}

fn report(workspace: &Workspace, more: &[&str]) -> Value {
    let outcome = matrix(workspace, &[&["--format", "json"], more].concat());
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    let report = outcome.json();
    follows_schema("matrix", &report);
    report
}

/// Each requirement of a report as `id state`.
fn states(report: &Value) -> Vec<String> {
    let all = report["requirements"].as_array().expect("requirements");
    all.iter().map(|it| format!("{} {}", it["id"], it["state"]).replace('"', "")).collect()
}

#[test]
fn programs_are_told_of_each_requirement_what_serves_it() {
    let workspace = Workspace::new(FEATURE);
    let report = report(&workspace, &[]);
    assert_eq!(states(&report), ["FR-4 uncovered", "FR-3 planned", "FR-2 tasked", "FR-1 done", "FR-5 withdrawn"]);
    let summary = &report["summary"];
    let counts = ["files", "requirements", "uncovered", "done", "withdrawn", "lacking", "tasks", "tasksDone"];
    assert_eq!(counts.map(|key| &summary[key]), [3, 5, 1, 1, 1, 2, 2, 1]);
    assert_eq!(report["features"][0]["phases"], json!([{ "title": "Phase 1", "tasks": 2, "done": 1, "begun": 0 }]));
    assert_eq!([&report["features"][0]["scope"], &report["families"][0]["family"]], ["specs/login", "FR"]);
    assert_eq!(
        report["requirements"][3],
        json!({
            "id": "FR-1", "family": "FR", "scope": "specs/login", "title": "Users <b>sign in</b> | out",
            "path": "specs/login/spec.md", "line": 3, "state": "done", "missing": [],
            "sections": [{ "title": "Form", "path": "specs/login/plan.md", "line": 3, "state": null }],
            "sectionsThrough": null,
            "tasks": [{ "title": "1 Build", "path": "specs/login/tasks.md", "line": 5, "state": "done" }],
            "tasksThrough": null,
        })
    );
    assert_eq!(report["requirements"][0]["missing"], json!(["plan", "task"]));
}

#[test]
fn a_pull_request_is_told_in_tables() {
    let workspace = Workspace::new(FEATURE);
    let outcome = matrix(&workspace, &["--link-base", "https://example.org/blob/main/"]);
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    for words in [
        "### Requirements and what serves them\n\n5 requirements in 1 feature: 1 uncovered, 1 planned, 1 tasked, 1 done, 1 withdrawn; 1 of 2 tasks done.\n",
        "| specs/login | ███████░░░ 75 % | 5 | 1 |  | 1 | 1 | 1 |  | 1 |\n",
        "| **[FR-4](https://example.org/blob/main/specs/login/spec.md#L6)** Nobody thought of it<br><sub>specs/login</sub> | uncovered<br>no section, no task |  |  |\n",
        "\\<b\\>sign in\\</b\\> \\| out",
        "[1 Build](https://example.org/blob/main/specs/login/tasks.md#L5) (done)",
        "<details><summary>2 requirements done, deferred or withdrawn</summary>",
    ] {
        assert!(outcome.stdout.contains(words), "{words}\n in {}", outcome.stdout);
    }
    // Where a comment stands nobody knows, so nothing leads to a file beside it.
    assert!(!matrix(&workspace, &[]).stdout.contains("]("));
}

#[test]
fn a_spreadsheet_is_told_a_line_for_each_and_no_formula() {
    let workspace = Workspace::new(FEATURE);
    let outcome = matrix(&workspace, &["--format", "csv"]);
    let lines: Vec<&str> = outcome.stdout.split("\r\n").collect();
    assert_eq!(lines.len(), 7, "{outcome:#?}");
    assert!(lines[0].starts_with("feature,id,family,title,state,missing,path,line,sections"), "{outcome:#?}");
    assert_eq!(lines[1], "specs/login,FR-4,FR,Nobody thought of it,uncovered,plan task,specs/login/spec.md,6,,,,,0,0");
    assert_eq!(
        lines[3],
        "specs/login,FR-2,FR,\"'=HYPERLINK(1), \"\"quoted\"\"\",tasked,,specs/login/spec.md,4,specs/login/plan.md:3 Form,,specs/login/tasks.md:7 2 Rest (open),,1,0"
    );
}

#[test]
fn a_page_is_one_file_whose_links_lead_from_where_it_lies() {
    let workspace = Workspace::new(FEATURE);
    fs::create_dir_all(workspace.path("out/html")).expect("a folder can be made");
    let outcome = matrix(&workspace, &["--output", "html=out/html/matrix.html", "--output", "json=out/matrix.json"]);
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    assert!(outcome.stdout.starts_with("### Requirements"), "the terminal stays as it is");
    let page = fs::read_to_string(workspace.path("out/html/matrix.html")).expect("it was written");
    for words in [
        "<a href=\"../../specs/login/spec.md#L6\">FR-4</a>",
        "Users &lt;b&gt;sign in&lt;/b&gt; | out",
        "default-src &#39;none&#39;; script-src &#39;sha256-",
        "\"Users \\u003cb>sign in\\u003c/b> | out\"",
    ] {
        assert!(page.contains(words), "{words}\n in {page}");
    }
    // All that it needs is in it; what it does is tried in a browser by tests/matrix.
    for words in ["<b>sign in", " src=", "@import", "url("] {
        assert!(!page.contains(words), "{words}");
    }
    let text = fs::read_to_string(workspace.path("out/matrix.json")).expect("it was written");
    let written: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(written, report(&workspace, &[]));
}

#[test]
fn every_format_tells_the_same_requirements() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    let mut projects: Vec<_> = fs::read_dir(corpus).expect("it can be read").flatten().map(|it| it.path()).collect();
    projects.retain(|path| path.is_dir());
    let mut all = 0;
    for project in &projects {
        let tell = |format: &str| traceline(project, ["matrix", "--allow-empty", "--format", format]);
        let report = tell("json").json();
        follows_schema("matrix", &report);
        let count = report["requirements"].as_array().expect("requirements").len();
        let summary = &report["summary"];
        let stages = ["uncovered", "untraced", "planned", "tasked", "done", "deferred", "withdrawn"];
        let sum: u64 = stages.iter().filter_map(|key| summary[key].as_u64()).sum();
        assert_eq!((sum, &summary["requirements"]), (count as u64, &json!(count)), "{}", project.display());
        assert_eq!(tell("csv").stdout.matches("\r\n").count(), count + 1, "{}", project.display());
        let page = tell("html").stdout;
        let data = page.split("<script type=\"application/json\" id=\"data\">").nth(1);
        let data = data.and_then(|rest| rest.split("</script>").next()).unwrap_or("{\"rows\":[]}");
        let data: Value = serde_json::from_str(data).expect("what the script reads is JSON");
        assert_eq!(data["rows"].as_array().map(Vec::len), Some(count), "{}", project.display());
        all += count;
    }
    assert!(all > 100, "{all} requirements in {} projects", projects.len());
}

#[test]
fn paths_bound_what_is_told_and_not_what_serves_it() {
    let workspace = Workspace::new(FEATURE);
    workspace.write("specs/other/spec.md", "- **FR-9**: x\n");
    assert_eq!(states(&report(&workspace, &["specs/other"])), ["FR-9 untraced"]);
    let only = report(&workspace, &["specs/login/spec.md", "specs/login/tasks.md"]);
    assert_eq!((states(&only).len(), &only["summary"]["files"]), (5, &json!(2)));
    assert_eq!(states(&report(&workspace, &[])).len(), 6);
}

#[test]
fn what_cannot_be_told_is_one_message() {
    let workspace = Workspace::new(FEATURE);
    for (more, words) in [
        (&["no/such/folder"][..], "no/such/folder cannot be read"),
        (&["--format", "morse"], "invalid value 'morse'"),
        (&["--output", "morse=x"], "none of the formats html, markdown, csv, json"),
        (&["--output", "html"], "a format and a file: html=matrix.html"),
        (&["--output", "html=no/such/folder/a.html"], "cannot be written"),
        (&["--link-base", "javascript:alert(1)"], "an address such as https://example.org/blob/main"),
    ] {
        let outcome = matrix(&workspace, more);
        assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{more:?}: {outcome:#?}");
        assert!(outcome.stderr.contains(words), "{more:?}: {outcome:#?}");
    }
    // One path that cannot be read does not hide the others.
    let outcome = matrix(&workspace, &["specs", "nowhere"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stdout.contains("FR-4") && outcome.stderr.contains("nowhere cannot be read"), "{outcome:#?}");
}

#[test]
fn nothing_looked_at_is_said_as_a_check_says_it() {
    for picture in ["", "//- notes.md\n# Notes\n"] {
        let workspace = Workspace::new(picture);
        let outcome = matrix(&workspace, &[]);
        assert_eq!((outcome.code(), &outcome.stderr), (2, &traceline(workspace.root(), ["check"]).stderr));
        assert!(outcome.stderr.contains("holds no plan document"), "{outcome:#?}");
        for format in ["html", "markdown", "csv", "json"] {
            let outcome = matrix(&workspace, &["--allow-empty", "--format", format]);
            assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
            assert!(!outcome.stdout.is_empty(), "{format}");
        }
        assert_eq!(report(&workspace, &["--allow-empty"])["requirements"], json!([]));
    }
    // Settings that are not in force are no settings.
    let workspace = Workspace::new(FEATURE);
    workspace.write("traceline.toml", "[rulez]\n");
    let outcome = matrix(&workspace, &[]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("rulez"), "{outcome:#?}");
}
