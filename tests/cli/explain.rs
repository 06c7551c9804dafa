//! `traceline explain`: every rule in its own words.

use traceline_tests::Workspace;
use traceline_tests::command::traceline;

const RULES: [&str; 11] = [
    "unknown-requirement",
    "duplicate-requirement",
    "uncovered-requirement",
    "unknown-in-prose",
    "task-without-trace",
    "duplicate-task",
    "duplicate-reference",
    "malformed-trace-line",
    "id-case",
    "placeholder-left",
    "unused-suppression",
];

#[test]
fn without_a_rule_all_are_listed() {
    let workspace = Workspace::new("");
    let outcome = traceline(workspace.root(), ["explain"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    for rule in RULES {
        assert!(outcome.stdout.contains(rule), "{rule} in {}", outcome.stdout);
    }
}

#[test]
fn each_rule_explains_itself() {
    let workspace = Workspace::new("");
    for rule in RULES {
        let outcome = traceline(workspace.root(), ["explain", rule]);
        assert_eq!(outcome.code(), 0, "{outcome:#?}");
        assert!(outcome.stdout.contains(rule) && outcome.stdout.lines().count() >= 5, "{}", outcome.stdout);
    }
}

#[test]
fn a_misspelt_rule_is_answered_by_a_suggestion() {
    let workspace = Workspace::new("");
    let outcome = traceline(workspace.root(), ["explain", "unknown-requirment"]);
    assert_eq!(outcome.code(), 2);
    assert!(outcome.stderr.contains("unknown-requirement"), "{outcome:#?}");
}
