//! What hides requirements from others, and what breaks the chain from one to what is built: each as a small feature.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

use traceline_engine::dialect::Dialect;
use traceline_engine::export::inspect;
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::settings::Settings;
use traceline_engine::world::{Closed, World};

/// What is understood of a fixture's files, where `//- path` starts a file.
struct Understood {
    /// The ids that the files define.
    defines: Vec<String>,
    /// The findings, as `rule level: message`.
    findings: Vec<String>,
}

fn read(fixture: &str) -> Understood {
    let mut world = World::new(vec![FilePath::new("/w")], Settings::default());
    let files: Vec<(&str, &str)> =
        fixture.split("//- ").skip(1).map(|file| file.split_once('\n').expect("a path ends with its line")).collect();
    let home = Dialect::home();
    for (path, text) in &files {
        let full = FilePath::new(&format!("/w/{path}"));
        world.put(&full, Closed::read(text, home.at(path), home.role_of(path)));
    }
    let snapshot = world.snapshot();
    let mut out = Understood { defines: Vec::new(), findings: Vec::new() };
    for (path, text) in &files {
        let path = FilePath::new(&format!("/w/{path}"));
        let report = inspect::report(&snapshot, &path, text).unwrap();
        out.defines.extend(report.definitions.into_iter().map(|entry| entry.id));
        let told = rule::check(&snapshot, &path).into_iter();
        out.findings.extend(told.map(|it| format!("{} {}: {}", it.rule.name, it.level.as_str(), it.message)));
    }
    out
}

/// The warnings of a fixture, as `rule: message`.
fn warnings(fixture: &str) -> Vec<String> {
    let all = read(fixture).findings.into_iter();
    all.filter_map(|it| Some(it.replacen(" warning", "", 1)).filter(|short| *short != it)).collect()
}

/// The rules of a fixture's findings of level warning.
fn warned(fixture: &str) -> Vec<String> {
    warnings(fixture).iter().map(|it| it.split(':').next().unwrap().to_string()).collect()
}

const STATED: &str = "### Requirement: Pay\nThe shop SHALL take money.\n\n#### Scenario: Paid\n- **THEN** it is paid\n";

fn main_spec(below: &str) -> String {
    let purpose = "What is bought is paid for, in one of several ways that a buyer may choose.";
    format!(
        "//- openspec/specs/till/spec.md\n# till\n\n## Purpose\n\n{purpose}\n\n## Requirements\n\n{STATED}\n{below}"
    )
}

fn delta(text: &str) -> String {
    format!("//- openspec/changes/cash/specs/till/spec.md\n{text}")
}

#[test]
fn a_heading_of_changes_is_told_in_a_main_specification_alone() {
    let again = STATED.replace("Pay\n", "Refund\n");
    for kind in ["ADDED", "Modified"] {
        let text = format!("## {kind} Requirements\n\n{again}");
        assert_eq!(
            warnings(&main_spec(&text)),
            [format!(
                "stray-delta-header: `{kind} Requirements` stands in a main specification and hides what follows it"
            )]
        );
        assert_eq!(warned(&delta(&text)), [""; 0]);
        let archived = format!("//- openspec/changes/archive/2025-01-01-cash/specs/till/spec.md\n{text}");
        assert_eq!(warned(&archived), [""; 0]);
    }
    // What is stated anew below it, or not stated at all, follows from that.
    assert_eq!(warned(&main_spec(&format!("## MODIFIED Requirements\n\n{STATED}"))), ["stray-delta-header"]);
    assert_eq!(warned(&main_spec("## REMOVED Requirements\n")), ["stray-delta-header"]);
    assert_eq!(warned(&main_spec("```markdown\n## ADDED Requirements\n```\n")), [""; 0]);
}

#[test]
fn a_scenario_has_a_body_where_anything_but_a_comment_stands_below_it() {
    let spec = |body: &str| {
        warnings(&delta(&format!(
            "## ADDED Requirements\n\n### Requirement: Pay\nIt SHALL.\n\n#### Scenario: Paid\n{body}\n### Requirement: Told\nIt SHALL.\n\n#### Scenario: Told\n- **THEN** told\n"
        )))
    };
    let told = ["scenario-without-body: the scenario `Paid` is only a heading"];
    assert_eq!(spec(""), told);
    assert_eq!(spec("<!-- later -->\n"), told);
    assert_eq!(spec("#### Scenario: Failed\n- **THEN** no\n"), told);
    for body in [
        "- **THEN** paid\n",
        "It is paid.\n",
        "| a |\n|---|\n| b |\n",
        "```\nGiven x\n```\n",
        "##### Steps\n- **THEN** paid\n",
    ] {
        assert_eq!(spec(body), [""; 0], "{body}");
    }
    assert_eq!(warned(&delta("## REMOVED Requirements\n\n### Requirement: Pay\n\n#### Scenario: Paid\n")), [""; 0]);
    // At the end of the file, and in a main specification.
    assert_eq!(warned(&main_spec("#### Scenario: Failed\n")), ["scenario-without-body"]);
}

#[test]
fn a_change_names_what_it_changes() {
    let holds_none = |title: &str| format!("delta-without-requirement: `{title}` holds no requirement");
    assert_eq!(warnings(&delta("## MODIFIED Requirements\n")), [holds_none("MODIFIED Requirements")]);
    assert_eq!(
        warnings(&delta("## ADDED Requirements\n\n### Pay\nIt SHALL take money.\n")),
        [holds_none("ADDED Requirements")]
    );
    assert_eq!(
        warnings(&delta(&format!("## ADDED Requirements\n\n{STATED}\n## REMOVED Requirements\n\n- Refunds\n"))),
        [holds_none("REMOVED Requirements")]
    );
    assert_eq!(
        warnings(&delta("## RENAMED Requirements\n\n- FROM: `### Requirement: Pay`\n")),
        ["delta-without-requirement: `RENAMED Requirements` renames nothing"]
    );
    for fine in [
        "## REMOVED Requirements\n\n- `### Requirement: Pay`\n",
        "## REMOVED Requirements\n\n### Requirement: Pay\n**Reason**: Free.\n",
        "## RENAMED Requirements\n\n- FROM: `### Requirement: Pay`\n- TO: `### Requirement: Buy`\n",
    ] {
        assert_eq!(warned(&delta(fine)), [""; 0], "{fine}");
    }
    // An empty section beside others changes nothing and harms nobody.
    assert_eq!(warned(&delta(&format!("## ADDED Requirements\n\n{STATED}\n## REMOVED Requirements\n"))), [""; 0]);
}

#[test]
fn a_heading_without_its_space_is_told_and_read_as_it_was_meant() {
    let told = |fixture: &str| {
        let all = warnings(fixture);
        assert!(all.iter().all(|it| it.starts_with("heading-without-space: ")), "{all:?}");
        all.iter().map(|it| it.split('`').nth(1).unwrap().to_string()).collect::<Vec<_>>()
    };
    let pay = STATED.replace("Pay\n", "Refund\n");
    assert_eq!(told(&main_spec(&pay.replace("### R", "###R"))), ["###Requirement: Refund"]);
    assert_eq!(told(&main_spec(&pay.replace("#### ", "####"))), ["####Scenario: Paid"]);
    // Right behind a list or a table, which it ends.
    assert_eq!(
        told(&main_spec("").replace("paid\n\n", &format!("paid\n{}", pay.replace("### R", "###R")))),
        ["###Requirement: Refund"]
    );
    assert_eq!(
        told(&main_spec("| a |\n|---|\n| b |\n###Requirement: Refund\nIt SHALL.\n\n#### Scenario: x\n- y\n")),
        ["###Requirement: Refund"]
    );
    assert_eq!(told(&delta(&format!("##ADDED Requirements\n\n{STATED}"))), ["##ADDED Requirements"]);
    let second = "- **THEN** paid\n####Scenario: Failed\n- **THEN** no\n";
    assert_eq!(
        told(&main_spec(&STATED.replace("Pay\n", "Refund\n").replace("- **THEN** it is paid\n", second))),
        ["####Scenario: Failed"]
    );
    // A section of the template is not missing beside it.
    assert_eq!(told(&main_spec("").replace("## Purpose", "##Purpose")), ["##Purpose"]);
    let home = |line: &str, id: &str| {
        let tasks = format!("//- a/tasks.md\n# Tasks\n\n- [ ] 1. Build\n  - _Requirements: {id}_\n");
        format!("//- a/spec.md\n# S\n\n## FR-7: Other\n\nx\n\n{line}\n\n{tasks}")
    };
    for (line, id) in [
        ("##FR-1 Title", "FR-1"),
        ("#FR-1: Title", "FR-1"),
        ("###Requirement 3", "3"),
        ("###要件 3: 支払い", "3"),
        ("##Historia de usuario 2: Pagar", "US2"),
        ("##FR-1: Title##", "FR-1"),
        ("##FR-1: Title\n---", "FR-1"),
    ] {
        assert_eq!(told(&home(line, id)).len(), 1, "{line}");
    }
    for other in [
        "#hashtag and so on",
        "#123",
        "#FR-1",
        "```\n##FR-1: x\n```",
        "<!--\n##FR-1: x\n-->",
        "    ##FR-1: x",
        "> ##FR-1: x",
        "`a\n##FR-1: b`",
        "####### FR-1: x",
        "##todo later",
        "\\##FR-1: x",
    ] {
        assert_eq!(told(&home(other, "FR-7")), [""; 0], "{other}");
    }
}

#[test]
fn criteria_below_a_heading_without_its_space_are_its_own() {
    let read = read(
        "//- .kiro/specs/a/requirements.md\n# Requirements\n\n### Requirement 1: Pay\n\n#### Acceptance Criteria\n\n1. WHEN a THEN b SHALL c\n2. WHEN a THEN b SHALL c\n###Requirement 2: Told\n\n####Acceptance Criteria\n\n1. WHEN a THEN b SHALL c\n",
    );
    assert_eq!(read.defines, ["1", "1.1", "1.2", "2", "2.1"]);
}

/// What is told of the links of FR-1 to FR-3, given a plan and tasks.
fn broken(plan: &str, tasks: &str) -> Vec<String> {
    let spec = "//- a/spec.md\n- **FR-1**: a\n- **FR-2**: b\n- **FR-3**: c\n";
    let file = |name: &str, text: &str| if text.is_empty() { String::new() } else { format!("//- a/{name}\n{text}") };
    let all = read(&format!("{spec}{}{}", file("plan.md", plan), file("tasks.md", tasks))).findings;
    let chain = all.iter().filter_map(|it| it.strip_prefix("uncovered-requirement information: "));
    chain.map(String::from).collect()
}

#[test]
fn the_chain_tells_which_link_is_missing() {
    let plan = "# P\n\n## Data Flow\n\n_Requirements: FR-1, FR-2_\n";
    let tasks = "- [ ] 1. A\n  - _Requirements: FR-1_\n";
    assert_eq!(
        broken(plan, tasks),
        [
            "`FR-2` is planned in `Data Flow`, built by no task",
            "`FR-3`: no section of the plan serves it, and no task builds it"
        ]
    );
    // A feature without tasks, or whose tasks trace nothing, is judged by its plan.
    for tasks in ["", "- [ ] 1. A\n- [ ] 2. B\n"] {
        assert_eq!(broken(plan, tasks), ["`FR-3`: no section of the plan serves it"]);
    }
    // And by its tasks alone where the plan traces nothing.
    for plan in ["", "# P\n\n## Data Flow\n\nWords.\n"] {
        assert_eq!(broken(plan, tasks), ["`FR-2` is built by no task", "`FR-3` is built by no task"]);
    }
    assert_eq!(broken(&plan.replace("FR-1, FR-2", "FR-1–FR-3"), ""), [""; 0]);
    assert_eq!(broken(&plan.replace("FR-1, FR-2", "All requirements"), ""), [""; 0]);
    assert_eq!(broken("", ""), [""; 0]);
}

#[test]
fn what_a_hint_cites_is_no_trace() {
    let hint = "# Tasks\n\n- [ ] 1. [Task title]\n  - [What is done]\n  - _Requirements: FR-1_\n";
    assert_eq!(broken("", hint), [""; 0]);
    assert_eq!(broken("# P\n\n## Data\n\n[What flows where]\n\n_Requirements: FR-1_\n", ""), [""; 0]);
    // What a design validates is what can be tested, never all that it plans.
    assert_eq!(broken("# P\n\n## Data\n\n**Validates: FR-1**\n", ""), [""; 0]);
    assert_eq!(broken("", "- [ ] 1. A\n  - _Requirements: FR-9_\n"), [""; 0], "it serves nothing that is defined");
    assert_eq!(broken("", &hint.replace("[Task title]", "Lock")).len(), 2);
}

#[test]
fn the_report_of_a_file_carries_the_chain_of_each_requirement() {
    let spec = "- **FR-1**: a\n- **FR-2**: b\n- **NFR-1**: c\n";
    let plan = "# P\n\n## Data Flow\n\n_Requirements: FR-1, FR-2_\n";
    let tasks = "- [x] 1. A\n  - _Requirements: FR-1_\n- [ ] 2. B\n  - _Requirements: FR-1_\n";
    let home = Dialect::home();
    let mut world = World::new(vec![FilePath::new("/w")], Settings::default());
    for (name, text) in [("spec.md", spec), ("plan.md", plan), ("tasks.md", tasks)] {
        let path = format!("a/{name}");
        world.put(&FilePath::new(&format!("/w/{path}")), Closed::read(text, home.at(&path), home.role_of(&path)));
    }
    let report = inspect::report(&world.snapshot(), &FilePath::new("/w/a/spec.md"), spec).unwrap();
    let told = report.definitions.iter().map(|it| {
        let titles = |all: &[inspect::ServerEntry]| all.iter().map(|it| it.title.clone()).collect::<Vec<_>>().join("+");
        let chain = &it.chain;
        (chain.planned, titles(&chain.sections), chain.tasked, titles(&chain.tasks), chain.done)
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told[0], (Some(true), "Data Flow".into(), Some(true), "1 A+2 B".into(), 1));
    assert_eq!(told[1], (Some(true), "Data Flow".into(), Some(false), String::new(), 0));
    assert_eq!(told[2], (None, String::new(), None, String::new(), 0));
}
