//! `traceline init`: what is recognised in a repository, and the file that it writes when it is asked to.

use traceline_tests::Workspace;
use traceline_tests::command::traceline;

const PICTURE: &str = "
    //- README.md
    # A project

    Nothing to plan.
    //- .kiro/specs/a/requirements.md
    # Requirements

    ### Requirement 1

    #### Acceptance Criteria

    1. WHEN a THEN the system SHALL b
    //- .kiro/specs/a/tasks.md
    - [ ] 1. Build it
      - _Requirements: 1.1_
    //- docs/spec.md
    - **FR-1**: one
    - **NFR-1**: two
    - **DEC-1**: safe
    - **DEC-2**: safe
    - **DEC-3**: safe
    ";

fn words(workspace: &Workspace, arguments: &[&str]) -> String {
    let outcome = traceline(workspace.root(), [&["init"], arguments].concat());
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    outcome.stdout
}

#[test]
fn it_says_what_it_recognises_and_why_and_writes_nothing() {
    let workspace = Workspace::new(PICTURE);
    let words = words(&workspace, &[]);
    for line in [
        "4 Markdown files read, 3 of them plan documents",
        "kiro: 2 files",
        "  2 files by path (**/.kiro/**), such as .kiro/specs/a/requirements.md",
        "  roles by file name: spec 1, tasks 1",
        "plan: 1 file",
        "  1 file of which neither path nor text is of another dialect, such as docs/spec.md",
        "  2 definitions, 0 references",
        "families of ids: FR 1, NFR 1",
        "DEC: 3 numbers that specifications begin lines with (docs/spec.md:3) are not read as ids; [ids] families = \
         [\"...\", \"DEC\"] in traceline.toml makes them ids",
    ] {
        assert!(words.lines().any(|it| it == line), "{line:?} in\n{words}");
    }
    assert!(!workspace.path("traceline.toml").exists());
}

#[test]
fn the_file_changes_nothing_until_its_comments_go() {
    let workspace = Workspace::new(PICTURE);
    let before = traceline(workspace.root(), ["check", "--format", "json"]).stdout;
    assert!(words(&workspace, &["--write"]).contains("Written: "));
    let text = std::fs::read_to_string(workspace.path("traceline.toml")).expect("it was written");
    assert!(text.starts_with("#:schema "), "{text}");
    assert!(text.contains("#   kiro: 2 files"), "{text}");
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
    assert_eq!(traceline(workspace.root(), ["check", "--format", "json"]).stdout, before);
    workspace.write("traceline.toml", text.replace("#[ids]", "[ids]").replace("#families", "families"));
    let words = words(&workspace, &[]);
    assert!(words.contains("families of ids: DEC 3, FR 1, NFR 1"), "{words}");
    assert!(words.contains("traceline.toml is in force"), "{words}");
}

#[test]
fn nothing_is_overwritten() {
    for name in ["traceline.toml", ".traceline.toml"] {
        let workspace = Workspace::new(PICTURE);
        workspace.write(name, "# ours\n");
        let outcome = traceline(workspace.root(), ["init", "--write"]);
        assert_eq!(outcome.code(), 2, "{outcome:#?}");
        assert!(outcome.stderr.contains("exists already"), "{outcome:#?}");
        assert_eq!(std::fs::read_to_string(workspace.path(name)).expect("it is there"), "# ours\n");
        words(&workspace, &[]);
    }
}

#[test]
fn a_folder_without_plans_is_said_to_be_so() {
    let workspace = Workspace::new("//- README.md\nNothing.\n");
    assert!(words(&workspace, &[]).starts_with("1 Markdown file read, 0 of them plan documents\n"));
    assert_eq!(traceline(workspace.root(), ["init", "README.md"]).code(), 2);
    assert_eq!(traceline(workspace.root(), ["init", "nowhere"]).code(), 2);
}
