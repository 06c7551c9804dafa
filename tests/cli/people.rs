//! What people read of `traceline check`: short forms, equal findings told once, counts, colours, and rules that are chosen.

use serde_json::Value;
use traceline_tests::Workspace;
use traceline_tests::command::{Outcome, run, traceline};
use traceline_tests::report::{self, findings};

use crate::{CLEAN, MISTAKE};

/// Two features: many equal warnings in one, a few of another kind in the other.
const MANY: &str = "
    //- specs/login/spec.md
    - **FR-1.1**: Users sign in
    - **FR-1.2**: Users sign out
    - **FR-1.3**: Users are counted
    - **FR-1.4**: Users are asked
    - **FR-1.5**: Users are answered
    - **FR-1.6**: Users are heard
    //- specs/login/tasks.md
    - [ ] 1. Build it
      - _Requirements: FR-1.1, FR-1.2, FR-9.1, FR-8.2_
    - [ ] 2. Test it
      - _Requirements: FR-1.3, FR-1.4, FR-8.2_
    - [ ] 3. Ship it
      - _Requirements: FR-1.5, FR-1.6, FR-7.4, FR-6.5_
    //- specs/pay/spec.md
    - **FR-1.1**: Users pay
    - **FR-1.2**: Users are paid back
    - **FR-1.3**: Users are told
    - **FR-1.4**: Users are forgotten
    //- specs/pay/tasks.md
    - [ ] 1. Build it
      - _Requirements: FR-1.1, FR-1.2, FR-1.3, FR-7.1, FR-7.2, FR-7.3_
    ";

fn check(workspace: &Workspace, words: &str) -> Outcome {
    traceline(workspace.root(), std::iter::once("check").chain(words.split_whitespace()))
}

/// The lines of a report but for its last, which is the total.
fn lines(outcome: &Outcome) -> Vec<&str> {
    let mut lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(lines.pop().is_some_and(|last| last.contains(" file")), "{outcome:#?}");
    lines
}

#[test]
fn a_concise_finding_is_a_line_that_begins_with_its_place() {
    let workspace = Workspace::new(MISTAKE);
    let outcome = check(&workspace, "--format concise");
    assert_eq!(outcome.code(), 1, "{outcome:#?}");
    let told = ["specs/login/tasks.md:2:28: warning unknown-requirement `FR-9.9` is not defined in specs/login"];
    assert_eq!(lines(&outcome), told);
    let outcome = check(&Workspace::new(CLEAN), "--format concise");
    assert_eq!((outcome.code(), lines(&outcome).len()), (0, 0), "{outcome:#?}");
}

#[test]
fn short_forms_tell_what_the_report_for_programs_does() {
    let workspace = Workspace::new(MANY);
    let found = findings(&report::check(workspace.root(), &[]).1);
    assert!(found.len() > 8, "{found:?}");
    let concise: Vec<String> = found
        .iter()
        .map(|it| format!("{}:{}:{}: {} {} {}", it.path, it.range[0], it.range[1], it.level, it.rule, it.message))
        .collect();
    assert_eq!(lines(&check(&workspace, "--format concise")), concise);
    let outcome = check(&workspace, "--format grouped");
    let (mut path, mut grouped) = ("", Vec::new());
    for line in lines(&outcome).into_iter().filter(|line| !line.is_empty()) {
        let Some(row) = line.strip_prefix("  ") else {
            path = line;
            continue;
        };
        let words: Vec<&str> = row.split("  ").filter(|it| !it.is_empty()).map(str::trim).collect();
        grouped.push(format!("{path}:{}: {} {} {}", words[0], words[1], words[2], words[3]));
    }
    assert_eq!(grouped, concise, "{outcome:#?}");
    assert_eq!(outcome.stdout.matches("specs/pay/tasks.md\n").count(), 1, "a file is named once: {outcome:#?}");
}

#[test]
fn equal_findings_of_a_file_are_told_once() {
    let workspace = Workspace::new(MANY);
    let outcome = check(&workspace, "--select unknown-requirement");
    // Five in one file are one with the places of the others, three in another are three.
    assert_eq!(outcome.stdout.matches("warning[unknown-requirement]").count(), 4, "{outcome:#?}");
    let note = "note: 4 more like it, on lines 2 (`FR-8.2`), 4 (`FR-8.2`), 6 (`FR-7.4`), 6 (`FR-6.5`)\n";
    assert!(outcome.stdout.contains(note), "{outcome:#?}");
    assert!(outcome.stdout.contains("\n8 warnings in "), "all are counted: {outcome:#?}");
    assert_eq!(findings(&report::check(workspace.root(), &["--select", "unknown-requirement"]).1).len(), 8);
    // What says the same of places without a name.
    let traced: String = (1..6).map(|n| format!("- [ ] {n}. T\n  - _Requirements: FR-1.1_\n")).collect();
    workspace.write("specs/pay/tasks.md", traced + &"- [ ] More\n".repeat(5));
    let outcome = check(&workspace, "specs/pay/tasks.md --select task-without-trace");
    assert_eq!(outcome.stdout.matches("[task-without-trace]").count(), 1, "{outcome:#?}");
    assert!(outcome.stdout.contains("note: 4 more like it, on lines 12, 13, 14, 15\n"), "{outcome:#?}");
}

#[test]
fn very_many_places_are_told_in_lines_that_have_an_end() {
    let workspace = Workspace::new(CLEAN);
    let tasks: String = (2..201).map(|n| format!("- [ ] {n}. T\n  - _Requirements: FR-1.1, FR-{n}.7_\n")).collect();
    workspace.write("specs/login/tasks.md", tasks);
    let outcome = check(&workspace, "--select unknown-requirement");
    assert!(outcome.stdout.contains("note: 198 more like it, on lines 4 (`FR-3.7`), 6 (`FR-4.7`),"), "{outcome:#?}");
    assert!(outcome.stdout.contains("and in 158 more places; --format concise has a line for each"), "{outcome:#?}");
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 120), "{outcome:#?}");
    assert!(outcome.stdout.lines().count() < 20, "{outcome:#?}");
}

#[test]
fn statistics_count_what_each_rule_has_found() {
    let workspace = Workspace::new(MANY);
    let found = findings(&report::check(workspace.root(), &[]).1);
    let outcome = check(&workspace, "--statistics");
    assert_eq!(outcome.code(), 1, "{outcome:#?}");
    let rows: Vec<Vec<&str>> = lines(&outcome).iter().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["findings", "files", "level", "rule"]);
    let mut sum = 0;
    for row in rows[1..].iter().filter(|row| !row.is_empty()) {
        let [count, files, level, rule, bar] = row[..] else { panic!("{row:?}") };
        let of_row: Vec<_> = found.iter().filter(|it| it.level == level && it.rule == rule).collect();
        let mut paths: Vec<&str> = of_row.iter().map(|it| it.path.as_str()).collect();
        paths.dedup();
        assert_eq!((count, files), (&*of_row.len().to_string(), &*paths.len().to_string()), "{row:?}");
        assert!(bar.starts_with(['█', '▏', '▎', '▍', '▌', '▋', '▊', '▉']), "{row:?}");
        sum += of_row.len();
    }
    assert_eq!(sum, found.len());
    assert_eq!(rows[1][..4], ["8", "2", "warning", "unknown-requirement"], "the most serious and frequent first");
    assert_eq!(lines(&check(&Workspace::new(CLEAN), "--statistics")).len(), 0);
    let outcome = check(&workspace, "--statistics --format json");
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{outcome:#?}");
    assert!(outcome.stderr.contains("--statistics") && outcome.stderr.contains("--format json"), "{outcome:#?}");
}

#[test]
fn quiet_tells_findings_and_nothing_else() {
    let workspace = Workspace::new(MISTAKE);
    workspace.write("README.md", "# Words\n");
    for (words, lines) in [("--format concise", 1), ("--format grouped", 3), ("--format human", 6), ("--statistics", 3)]
    {
        let outcome = check(&workspace, &format!("specs README.md --quiet {words}"));
        assert_eq!((outcome.code(), outcome.stderr.as_str()), (1, ""), "{words}: {outcome:#?}");
        assert_eq!(outcome.stdout.lines().count(), lines, "{words}: {outcome:#?}");
        assert!(!outcome.stdout.contains("1 warning in"), "{words}: {outcome:#?}");
    }
    let outcome = check(&Workspace::new(CLEAN), "-q");
    assert_eq!((outcome.code(), &*outcome.stdout, &*outcome.stderr), (0, "", ""), "{outcome:#?}");
    // What keeps from checking is told all the same.
    let outcome = check(&workspace, "--quiet no/such");
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("no/such cannot be read"), "{outcome:#?}");
}

#[test]
fn color_is_chosen() {
    let workspace = Workspace::new(MISTAKE);
    let colours = |words: &[&str], variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new(traceline_tests::binary::binary());
        command.args(words).current_dir(workspace.root()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        let outcome = run(command.envs(variables.iter().copied()));
        assert_eq!(outcome.code(), 1, "{words:?}: {outcome:#?}");
        outcome.stdout.contains('\u{1b}')
    };
    for format in ["human", "concise", "grouped"] {
        let check = |more: &[&str], variables: &[(&str, &str)]| {
            colours(&[&["check", "--format", format], more].concat(), variables)
        };
        assert!(!check(&[], &[]), "a pipe shows none");
        assert!(!check(&["--color", "auto"], &[]));
        assert!(check(&["--color", "always"], &[]));
        assert!(check(&["--color", "auto"], &[("CLICOLOR_FORCE", "1")]));
        assert!(!check(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
        assert!(!check(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "NO_COLOR is kept");
        assert!(check(&["--color", "always"], &[("NO_COLOR", "1")]), "what is asked for is done");
    }
    assert!(colours(&["check", "--statistics", "--color", "always"], &[]));
    assert!(!colours(&["check", "--format", "json", "--color", "always"], &[]), "programs read no colours");
    let outcome = check(&workspace, "--color mauve");
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("auto, always, never"), "{outcome:#?}");
}

#[test]
fn rules_are_selected_and_ignored() {
    let workspace = Workspace::new(MANY);
    let all = findings(&report::check(workspace.root(), &[]).1);
    let rules = |words: &[&str]| {
        let mut rules: Vec<String> =
            findings(&report::check(workspace.root(), words).1).into_iter().map(|it| it.rule).collect();
        rules.sort();
        rules
    };
    let of = |wanted: &dyn Fn(&str) -> bool| {
        let mut rules: Vec<String> = all.iter().map(|it| it.rule.clone()).filter(|it| wanted(it)).collect();
        rules.sort();
        rules
    };
    let (a, b) = ("unknown-requirement", "uncovered-requirement");
    assert!(of(&|it| it != a && it != b).is_empty() && !of(&|it| it == b).is_empty(), "{all:?}");
    assert_eq!(rules(&["--select", a]), of(&|it| it == a));
    assert_eq!(rules(&["--ignore", a]), of(&|it| it != a));
    assert_eq!(rules(&["--select", &format!("{a},{b}")]), of(&|_| true));
    assert_eq!(rules(&["--select", a, "--select", b]), of(&|_| true));
    assert_eq!(rules(&["--select", &format!("{a},{b}"), "--ignore", a]), of(&|it| it == b));
    // The code and the counts are those of what is told.
    let outcome = check(&workspace, &format!("--ignore {a} --format json"));
    assert_eq!((outcome.code(), &outcome.json()["summary"]["warnings"]), (0, &Value::from(0)), "{outcome:#?}");
}

#[test]
fn a_rule_that_is_not_there_is_told_with_the_nearest() {
    let workspace = Workspace::new(MISTAKE);
    for words in ["--select unknown-requirment", "--ignore id-case,unknown-requirment"] {
        let outcome = check(&workspace, words);
        assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{words}: {outcome:#?}");
        let told = "there is no rule `unknown-requirment`, did you mean `unknown-requirement`?";
        assert!(outcome.stderr.contains(told), "{words}: {outcome:#?}");
    }
    let outcome = check(&workspace, "--select every");
    assert!(outcome.stderr.contains("there is no rule `every`; `traceline explain` lists all"), "{outcome:#?}");
    // One that is off finds nothing, and nobody must take that for clean.
    workspace.write("traceline.toml", "[rules]\nid-case = \"off\"\n");
    let outcome = check(&workspace, "--select id-case");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(outcome.stderr.contains("`id-case` is off here and finds nothing"), "{outcome:#?}");
}

#[test]
fn what_is_not_selected_makes_no_baseline_stale() {
    let workspace = Workspace::new(MANY);
    assert_eq!(check(&workspace, "--write-baseline").code(), 0);
    let outcome = check(&workspace, "--select uncovered-requirement");
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    let outcome = check(&workspace, "--select id-case --write-baseline");
    assert_eq!(outcome.code(), 2, "a part of all would be written: {outcome:#?}");
}
