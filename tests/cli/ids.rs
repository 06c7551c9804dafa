//! The life of an id from a shell: what `rename`, `renumber`, `split`, `merge` and `retire` write, show and refuse.

use std::fs;

use traceline_tests::Workspace;
use traceline_tests::command::{Outcome, traceline};

/// A feature in which a section was pasted, so that two have one number, and another feature with ids of its own.
const PASTED: &str = "
    //- specs/login/spec.md
    # Login

    ### FR-1: Sign in

    - **FR-1.1**: By key

    ### FR-2: Lock

    - **FR-2.1**: At once

    ### FR-2: Remember

    - **FR-2.1**: For a day

    ### FR-3: Sign out

    - **FR-3.1**: By button
    //- specs/login/tasks.md
    # Tasks

    - [ ] 1. Build it
      - _Requirements: FR-1.1, FR-3.1_
    //- specs/pay/spec.md
    # Pay

    - **FR-3**: By card
    //- specs/pay/tasks.md
    # Tasks

    - [ ] 1. Build it
      - _Requirements: FR-3_
    ";

const SPEC: &str = "specs/login/spec.md";
const TASKS: &str = "specs/login/tasks.md";

fn run(workspace: &Workspace, line: &str) -> Outcome {
    traceline(workspace.root(), line.split(' '))
}

fn read(workspace: &Workspace, path: &str) -> String {
    String::from_utf8(fs::read(workspace.path(path)).expect("it is there")).expect("it is text")
}

/// Nothing was written, the exit code is 2, and the reason holds `words`.
fn is_refused(workspace: &Workspace, line: &str, words: &str) {
    let outcome = run(workspace, line);
    assert_eq!(outcome.code(), 2, "{line}: {outcome:#?}");
    assert!(outcome.stderr.contains(words), "{line}: {outcome:#?}");
    assert_eq!(outcome.stdout, "", "{line}");
    for path in [SPEC, TASKS] {
        assert_eq!(read(workspace, path), workspace.text(path), "{line}");
    }
}

#[test]
fn a_pasted_section_is_renumbered_with_what_follows_and_its_feature_alone() {
    let workspace = Workspace::new(PASTED);
    let outcome = run(&workspace, "renumber specs/login/spec.md:11 --dry-run");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let diff = &outcome.stdout;
    assert!(diff.contains("--- a/specs/login/tasks.md\n+++ b/specs/login/tasks.md\n"), "{diff}");
    assert!(diff.contains("-### FR-3: Sign out\n+### FR-4: Sign out\n"), "{diff}");
    assert_eq!(read(&workspace, SPEC), workspace.text(SPEC), "nothing is written");
    let outcome = run(&workspace, "renumber specs/login/spec.md:11");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(outcome.stderr.contains("renumbered: specs/login/spec.md, specs/login/tasks.md"), "{outcome:#?}");
    let wanted = workspace.text(SPEC);
    let wanted =
        wanted.replace("FR-3", "FR-4").replacen("FR-2: Remember\n\n- **FR-2.1", "FR-3: Remember\n\n- **FR-3.1", 1);
    assert_eq!(read(&workspace, SPEC), wanted);
    assert_eq!(read(&workspace, TASKS), workspace.text(TASKS).replace("FR-3.1", "FR-4.1"));
    assert_eq!(read(&workspace, "specs/pay/tasks.md"), workspace.text("specs/pay/tasks.md"));
    let outcome = run(&workspace, "renumber specs/login/spec.md");
    assert!(outcome.stderr.contains("nothing is to be changed"), "{outcome:#?}");
}

#[test]
fn what_a_line_means_is_asked_where_it_cannot_be_told() {
    let workspace = Workspace::new(&PASTED.replace("FR-1.1, FR-3.1_", "FR-2.1, FR-3.1_"));
    let words = "`FR-2.1` may mean either of lines 9 and 13 of specs/login/spec.md in specs/login/tasks.md:4";
    is_refused(&workspace, "renumber login/FR-1", words);
    is_refused(&workspace, "renumber login/FR-1", "--elsewhere first, or last");
    let outcome = run(&workspace, "renumber login/FR-1 --elsewhere last");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(read(&workspace, TASKS).contains("FR-3.1, FR-4.1_"), "{outcome:#?}");
}

#[test]
fn tasks_of_a_list_are_numbered_with_what_names_them() {
    let workspace = Workspace::new(PASTED);
    workspace.write(TASKS, "# Tasks\n\n- [ ] 1. Build it\n- [ ] 3. Try it\n  - Depends on: 1, 3\n");
    workspace.write("specs/login/plan.md", "# Plan\n\nTask 3 comes last.\n");
    let outcome = run(&workspace, "renumber specs/login/tasks.md");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert_eq!(read(&workspace, "specs/login/plan.md"), "# Plan\n\nTask 2 comes last.\n");
    assert_eq!(read(&workspace, TASKS), "# Tasks\n\n- [ ] 1. Build it\n- [ ] 2. Try it\n  - Depends on: 1, 2\n");
}

#[test]
fn a_rename_there_and_back_leaves_every_byte() {
    let workspace = Workspace::new(PASTED);
    // Windows ends lines otherwise, and marks what is UTF-8.
    let text = format!("\u{feff}{}", workspace.text(TASKS).replace('\n', "\r\n"));
    workspace.write(TASKS, &text);
    for (line, named) in [("rename FR-1.1 FR-1.9", "FR-1.9, FR-3.1"), ("rename login/FR-1.9 FR-1.1", "FR-1.1, FR-3.1")]
    {
        let outcome = run(&workspace, line);
        assert_eq!(outcome.code(), 0, "{line}: {outcome:#?}");
        assert!(read(&workspace, TASKS).contains(named), "{line}");
    }
    assert_eq!(read(&workspace, TASKS), text);
    assert_eq!(read(&workspace, SPEC), workspace.text(SPEC));
}

#[test]
fn a_former_name_is_kept_and_whoever_still_uses_it_is_understood() {
    let workspace = Workspace::new(PASTED);
    workspace
        .write(SPEC, workspace.text(SPEC).replace("FR-2: Rem", "FR-4: Rem").replace("FR-2.1**: For", "FR-4.1**: For"));
    let before = run(&workspace, "check --format json").stdout;
    let outcome = run(&workspace, "rename FR-1 FR-7 --keep-former");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let spec = read(&workspace, SPEC);
    assert!(
        spec.contains("### FR-7: Sign in\n\n**Former ID**: FR-1\n\n- **FR-7.1** (formerly FR-1.1): By key\n"),
        "{spec}"
    );
    assert!(read(&workspace, TASKS).contains("_Requirements: FR-7.1, FR-3.1_"));
    let rules = |report: &str| report.matches("\"rule\"").count();
    assert_eq!(rules(&run(&workspace, "check --format json").stdout), rules(&before), "nothing new is told");
    // Somebody else has not heard of it.
    workspace.write(TASKS, workspace.text(TASKS));
    let outcome = run(&workspace, "check specs/login/tasks.md --fix");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(read(&workspace, TASKS).contains("_Requirements: FR-7.1, FR-3.1_"), "{outcome:#?}");
}

#[test]
fn requirements_are_given_up_merged_and_split() {
    let workspace = Workspace::new(PASTED);
    let outcome =
        traceline(workspace.root(), ["retire", "FR-1.1", "--reason", "Keys get lost.", "--successor", "FR-3.1"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(read(&workspace, SPEC).contains("- ~~**FR-1.1**: By key~~ Superseded by FR-3.1. Keys get lost.\n"));
    let outcome = run(&workspace, "check specs/login/tasks.md --format json");
    assert!(outcome.stdout.contains("`FR-1.1` is withdrawn; `FR-3.1` supersedes it"), "{outcome:#?}");
    let outcome = run(&workspace, "split FR-3.1 --into FR-3.1 FR-3.2");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(read(&workspace, TASKS).contains("_Requirements: FR-1.1, FR-3.1, FR-3.2_"), "{outcome:#?}");
    let (_, lines) = outcome.stderr.split_once("look at these lines, which name it:\n").expect("they are listed");
    assert!(lines.contains("  specs/login/tasks.md:4\n"), "{outcome:#?}");
    let outcome = run(&workspace, "merge FR-3.1 FR-3.2 --into FR-3.1");
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    assert!(read(&workspace, TASKS).contains("_Requirements: FR-1.1, FR-3.1_"), "{outcome:#?}");
    assert!(read(&workspace, SPEC).contains("~~ Superseded by FR-3.1.\n"), "{outcome:#?}");
}

#[test]
fn what_is_not_there_gets_the_nearest_and_nothing_is_written() {
    let workspace = Workspace::new(PASTED);
    is_refused(&workspace, "rename FR-1.2 FR-9", "nearest: `specs/login/FR-1.1`");
    is_refused(&workspace, "renumber FR-7", "nearest:");
    is_refused(&workspace, "retire FR-1.1 --successor FR-1.4", "nearest:");
    is_refused(&workspace, "merge FR-1.1 FR-3.1 --into FR-9.9", "`FR-9.9` is no requirement of specs/login");
    is_refused(&workspace, "split FR-1.1 --into FR-1.1 FR-3.1", "is already defined in specs/login/spec.md:17");
    is_refused(&workspace, "rename FR-3 FR-9", "is defined in 2 features, name one of them:");
    is_refused(&workspace, "renumber specs/login", "is no plan document that could be renumbered");
    is_refused(&workspace, "renumber specs/login/spec.md:99", "has no line 99");
    is_refused(&workspace, "rename login/FR-1 other", "is no requirement id here");
}

#[test]
fn a_broken_file_is_not_touched_and_stops_what_it_may_belong_to() {
    let workspace = Workspace::new(PASTED);
    let bytes = b"# Plan\n\ncaf\xe9 FR-1.1\n";
    workspace.write("specs/login/plan.md", bytes);
    is_refused(&workspace, "rename FR-1.1 FR-9", "specs/login/plan.md may name it and could not be read");
    let outcome = run(&workspace, "rename pay/FR-3 FR-9");
    assert_eq!(outcome.code(), 0, "another feature is another matter: {outcome:#?}");
    assert_eq!(fs::read(workspace.path("specs/login/plan.md")).expect("it is there"), bytes);
}
