//! The home dialect's own project: counted by hand, so its numbers are exact.

use serde_json::json;
use traceline_tests::{places, report};

const HOME: &str = "brock-run__spec-driven-development";

#[test]
fn the_worked_example_is_fully_traced() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    let example = corpus.join(HOME).join("examples/greenfield/task-management-api");
    let (_, report) = report::check(&example, &[]);
    assert_eq!(report["summary"]["definitions"], 37, "{report}");
    let found = report::findings(&report);
    let of = |rule: &str| found.iter().filter(|it| it.rule == rule).count();
    for rule in
        ["uncovered-requirement", "unknown-requirement", "unknown-in-prose", "duplicate-requirement", "duplicate-task"]
    {
        assert_eq!(of(rule), 0, "{rule}: {found:#?}");
    }
    let spec = report::inspect(&example, "spec.md");
    assert_eq!(spec["definitions"].as_array().map(Vec::len), Some(37));
    assert_eq!(spec["role"], "spec");
    let tasks = report::inspect(&example, "tasks.md");
    let references = tasks["references"].as_array().expect("a list");
    assert!(references.iter().all(|it| it["resolved"] != json!([])), "{tasks}");
}

#[test]
fn the_examples_hold_no_mistake() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    let (code, report) = report::check(&corpus.join(HOME).join("examples"), &[]);
    assert_eq!(code, 0, "{report:#}");
    let found = report::findings(&report);
    let loud: Vec<_> = found.iter().filter(|it| it.level == "error" || it.level == "warning").collect();
    assert!(loud.is_empty(), "{loud:#?}");
    assert!(!found.iter().any(|it| it.rule.starts_with("unknown-")), "{found:#?}");
}

#[test]
fn templates_raise_nothing_about_ids() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    for folder in ["resources/templates", "."] {
        let (_, report) = report::check(&corpus.join(HOME).join(folder), &[]);
        let found = report::findings(&report);
        let about_ids: Vec<_> = found
            .iter()
            .filter(|it| folder != "." || it.path.contains("templates/"))
            .filter(|it| {
                it.rule.contains("requirement") || it.rule.contains("unknown") || it.rule.contains("duplicate")
            })
            .collect();
        assert!(about_ids.is_empty(), "{folder}: {about_ids:#?}");
    }
}
