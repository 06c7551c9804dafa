//! `traceline new`: a fresh feature is complete, filling in its hints leaves nothing, and nothing is overwritten.

use std::fs;
use std::ops::RangeInclusive;

use serde_json::Value;
use traceline_tests::Workspace;
use traceline_tests::command::traceline;
use traceline_tests::report;

const NAMES: [&str; 3] = ["spec.md", "plan.md", "tasks.md"];

/// What a finding marks in a file: lines from 1, and the text in the first of them.
#[derive(Debug)]
struct Marked {
    rule: String,
    path: String,
    lines: RangeInclusive<usize>,
    text: String,
}

fn marked(workspace: &Workspace) -> Vec<Marked> {
    let (_, report) = report::check(workspace.root(), &["--fail-on", "hint"]);
    let number = |it: &Value, key: &str| it[key].as_u64().and_then(|it| usize::try_from(it).ok()).expect("a number");
    let one = |it: &Value| {
        let path = it["path"].as_str().expect("a path").to_owned();
        let lines = number(it, "line")..=number(it, "endLine");
        let text = fs::read_to_string(workspace.path(&path)).expect("it is there");
        let line = text.lines().nth(lines.start() - 1).expect("the line is there");
        let end = if lines.start() == lines.end() { number(it, "endColumn") - 1 } else { line.len() };
        let text = line[number(it, "column") - 1..end].to_owned();
        Marked { rule: it["rule"].as_str().expect("a rule").to_owned(), path, lines, text }
    };
    report["findings"].as_array().expect("a list").iter().map(one).collect()
}

/// The hints of a scaffold: what is in brackets but boxes and tags, and the comments of SQL.
fn hints(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("-- ") {
            found.push(line.to_owned());
        }
        for (at, _) in line.match_indices('[') {
            let hint = &line[at..=at + line[at..].find(']').expect("it is closed")];
            if !["[ ]", "[P]", "[US1]"].contains(&hint) {
                found.push(hint.to_owned());
            }
        }
    }
    found
}

#[test]
fn a_fresh_feature_has_hints_and_filling_them_in_leaves_nothing() {
    for (others, folder, names) in [
        ("", "specs/log-in", NAMES),
        ("//- specs/007-pay/spec.md\n# Pay\n\nWith a card.\n", "specs/008-log-in", NAMES),
        (
            "//- .kiro/specs/pay/requirements.md\n# Pay\n\nWith a card.\n",
            ".kiro/specs/log-in",
            ["requirements.md", "design.md", "tasks.md"],
        ),
    ] {
        let workspace = Workspace::new(others);
        let outcome = traceline(workspace.root(), ["new", "feature", "Log in"]);
        assert_eq!(outcome.code(), 0, "{outcome:#?}");
        let wrote: String = names.iter().map(|name| format!("wrote {folder}/{name}\n")).collect();
        assert_eq!(outcome.stdout, wrote);
        let found = marked(&workspace);
        for name in names {
            let path = format!("{folder}/{name}");
            let text = fs::read_to_string(workspace.path(&path)).expect("it was written");
            let own = || found.iter().filter(|it| it.path == path);
            for (line, number) in text.lines().zip(1..).filter(|(line, _)| !hints(line).is_empty()) {
                assert!(own().any(|it| it.lines.contains(&number)), "{path}:{number}: {line}");
            }
            assert!(own().count() < hints(&text).len(), "hints of one block are one finding: {path}");
        }
        assert!(found.iter().all(|it| it.rule == "placeholder-left"), "{found:#?}");
        for name in names {
            let path = workspace.path(&format!("{folder}/{name}"));
            let mut text = fs::read_to_string(&path).expect("it was written");
            for hint in hints(&text) {
                text = text.replacen(&hint, "what the author says", 1);
            }
            fs::write(&path, text).expect("it can be written");
        }
        assert!(marked(&workspace).is_empty(), "{folder}: {:?}", marked(&workspace));
    }
}

#[test]
fn a_single_file_takes_the_next_free_ids_and_the_folders_name() {
    let workspace = Workspace::new("//- docs/pay/requirements.md\n# Pay\n\n- **FR-3.1**: Pay\n- **NFR-2**: Fast\n");
    let outcome = traceline(workspace.root(), ["new", "spec", "docs/pay"]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (0, "wrote docs/pay/spec.md\n"), "{outcome:#?}");
    let text = fs::read_to_string(workspace.path("docs/pay/spec.md")).expect("it was written");
    assert!(text.starts_with("# Feature Specification: Pay\n"), "{text}");
    for id in ["**FR-4.1**", "**FR-5.1**", "**NFR-3.1**", "**TR-1.1**"] {
        assert!(text.contains(id), "{id} in {text}");
    }
    let outcome = traceline(&workspace.path("docs/pay"), ["new", "plan"]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (0, "wrote plan.md\n"), "{outcome:#?}");
    let outcome = traceline(workspace.root(), ["new", "tasks", "new/place"]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (0, "wrote new/place/tasks.md\n"), "{outcome:#?}");
}

#[test]
fn nothing_is_overwritten_and_nothing_half_made() {
    let workspace = Workspace::new("//- specs/log-in/plan.md\n# Mine\n");
    for arguments in [&["new", "feature", "log-in"][..], &["new", "plan", "specs/log-in"]] {
        let outcome = traceline(workspace.root(), arguments);
        assert_eq!(outcome.code(), 2, "{outcome:#?}");
        assert_eq!(outcome.stderr, "traceline: specs/log-in/plan.md is there already · nothing was written\n");
        assert_eq!(fs::read_to_string(workspace.path("specs/log-in/plan.md")).expect("it stays"), "# Mine\n");
        assert!(!workspace.path("specs/log-in/spec.md").exists());
    }
    // Files that no check reads are there all the same.
    let workspace = Workspace::new("//- .gitignore\ndrafts/\n//- drafts/plan.md\n# Mine\n//- .git/HEAD\nx\n");
    let outcome = traceline(workspace.root(), ["new", "plan", "drafts"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert_eq!(fs::read_to_string(workspace.path("drafts/plan.md")).expect("it stays"), "# Mine\n");
}

#[test]
fn a_name_that_is_none_is_refused() {
    let workspace = Workspace::new("//- README.md\nx\n");
    for name in ["../x", "!!", "a/b", ""] {
        let outcome = traceline(workspace.root(), ["new", "feature", name]);
        assert_eq!(outcome.code(), 2, "{outcome:#?}");
        assert!(outcome.stderr.contains("names no feature"), "{}", outcome.stderr);
    }
    let outcome = traceline(workspace.root(), ["new", "plan", "README.md"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("is a file"), "{}", outcome.stderr);
}

/// A workspace whose plans are made by a template of its own.
const HOUSE: &str = "
    //- docs/templates/plan.md
    # House Plan: {name}

    ## Idea
    <!-- Why it is wanted. -->

    [reason]

    ## Steps

    ### Step {n}: {name=First}
    <!-- repeats, sequence -->

    - [do it]
    //- traceline.toml
    [templates]
    plan = \"docs/templates/plan.md\"
    //- specs/pay/spec.md
    # Pay

    With a card.
    ";

#[test]
fn a_team_has_templates_of_its_own() {
    let workspace = Workspace::new(HOUSE);
    let outcome = traceline(workspace.root(), ["new", "plan", "specs/pay"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let text = fs::read_to_string(workspace.path("specs/pay/plan.md")).expect("it was written");
    assert_eq!(text, "# House Plan: Pay\n\n## Idea\n\n[reason]\n\n## Steps\n\n### Step 1: First\n\n- [do it]\n");
    let hints: Vec<String> = marked(&workspace).into_iter().map(|it| it.text).collect();
    assert_eq!(hints, ["[reason]", "[do it]"], "one word is a hint where the template has it");
    workspace.write("specs/pay/plan.md", "# House Plan: Pay\n\n## Steps\n\nOne.\n");
    let rules: Vec<String> = marked(&workspace).into_iter().map(|it| it.rule).collect();
    assert_eq!(rules, ["missing-section"]);
}

#[test]
fn what_a_template_cannot_mean_is_told_in_it() {
    let workspace = Workspace::new(HOUSE);
    workspace.write("docs/templates/plan.md", "# Plan\n\n## Idea\n<!-- optinal -->\n\n## {nmae}\n\n## Idea\n");
    let found = marked(&workspace);
    let told: Vec<(&str, &str)> = found.iter().map(|it| (it.rule.as_str(), it.text.as_str())).collect();
    let rule = "template-mistake";
    assert_eq!(told, [(rule, "optinal"), (rule, "{nmae}"), (rule, "Idea")]);
    workspace.remove("docs/templates/plan.md");
    let outcome = traceline(workspace.root(), ["check"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(
        outcome.stderr.contains("traceline.toml:2:") && outcome.stderr.contains("there is no such file"),
        "{}",
        outcome.stderr
    );
    let other = Workspace::new("//- plan.md\n# Plan\n");
    let outside = other.path("plan.md").display().to_string().replace('\\', "/");
    workspace.write("traceline.toml", format!("[templates]\nplan = \"{outside}\"\n"));
    let outcome = traceline(workspace.root(), ["check"]);
    assert!(outcome.stderr.contains("leads out of the workspace"), "{}", outcome.stderr);
}
