//! `traceline impact`: which requirements a change touches, and what serves them.
//! Wine has no git, so none of this runs there.

use serde_json::{Value, json};
use traceline_tests::Workspace;
use traceline_tests::command::traceline;
use traceline_tests::report::follows_schema;
use traceline_tests::repository::Repository;

/// A feature with a plan, tasks and a document that names a requirement.
const FEATURE: &str = "
    //- specs/login/spec.md
    # Login

    - **FR-1**: Users sign in
    - **FR-2**: A wrong password is told
    - **FR-3**: Three locks
    //- specs/login/plan.md
    # Plan

    ## Form

    _Requirements: FR-1, FR-2_
    //- specs/login/tasks.md
    # Tasks

    - [x] 1. Build the form
      - _Requirements: FR-1, FR-2_
    - [ ] 2. Lock | unlock
      - _Requirements: FR-3_
    //- specs/login/notes.md
    FR-2 was asked for by support.
    ";

const CHANGED: &str = "# Login\n\nMore words.\n\n- **FR-2**: A wrong password is told at once\n- ~~**FR-3**: Three locks~~\n- **FR-4**: Users sign out\n";

fn changed() -> Workspace {
    let workspace = Workspace::new(FEATURE);
    let _repository = Repository::new(workspace.root());
    workspace.write("specs/login/spec.md", CHANGED);
    workspace
}

fn report(workspace: &Workspace, more: &[&str]) -> Value {
    let outcome = traceline(workspace.root(), ["impact", "--format", "json"].iter().chain(more));
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let report = outcome.json();
    follows_schema("impact", &report);
    report
}

#[test]
fn what_changed_is_told_with_what_serves_it() {
    let workspace = changed();
    let report = report(&workspace, &[]);
    let summary = &report["summary"];
    assert_eq!(
        ["files", "changed_files", "added", "changed", "withdrawn", "removed", "tasks", "done"]
            .map(|key| &summary[key]),
        [4, 1, 1, 1, 1, 1, 2, 1]
    );
    let told = |id: &str| {
        let all = report["requirements"].as_array().expect("requirements");
        all.iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("{id}: {report}")).clone()
    };
    let reworded = told("FR-2");
    assert_eq!([&reworded["change"], &reworded["scope"]], ["changed", "specs/login"]);
    assert_eq!(reworded["place"], json!({ "path": "specs/login/spec.md", "line": 5, "column": 5 }));
    assert_eq!(reworded["before"], "**FR-2**: A wrong password is told");
    assert_eq!(reworded["after"], "**FR-2**: A wrong password is told at once");
    assert_eq!(reworded["sections"][0]["title"], "Form");
    assert_eq!([&reworded["tasks"][0]["title"], &reworded["tasks"][0]["state"]], ["1 Build the form", "done"]);
    assert_eq!(reworded["documents"], json!(["specs/login/notes.md"]));
    // What is gone was served when it was there.
    let removed = told("FR-1");
    assert_eq!(
        [&removed["change"], &removed["after"], &removed["place"]["line"]],
        [&json!("removed"), &Value::Null, &json!(3)]
    );
    assert_eq!(removed["tasks"][0]["path"], "specs/login/tasks.md");
    assert_eq!([told("FR-3")["change"].clone(), told("FR-4")["change"].clone()], ["withdrawn", "added"]);
}

#[test]
fn the_words_for_people_name_every_place() {
    let workspace = changed();
    let outcome = traceline(workspace.root(), ["impact"]);
    assert_eq!((outcome.code(), outcome.stderr.as_str()), (0, ""), "{outcome:#?}");
    for words in [
        "removed FR-1  specs/login/spec.md:3\n",
        "changed FR-2  specs/login/spec.md:5\n  - **FR-2**: A wrong password is told\n  + **FR-2**: A wrong password is told at once\n",
        "  plan   specs/login/plan.md:3  Form\n",
        "  task   specs/login/tasks.md:3  1 Build the form (done before the change)\n",
        "  task   specs/login/tasks.md:5  2 Lock | unlock (open)\n",
        "  named  specs/login/notes.md\n",
        "added FR-4  specs/login/spec.md:7\n    Users sign out\n  nothing names it\n",
        "4 requirements: 1 added, 1 changed, 1 withdrawn, 1 removed; 2 tasks serve one of them, 1 done (1 of 4 files changed since HEAD)\n",
    ] {
        assert!(outcome.stdout.contains(words), "{words}\n in {}", outcome.stdout);
    }
}

#[test]
fn markdown_is_a_table_for_a_pull_request() {
    let workspace = changed();
    let outcome = traceline(workspace.root(), ["impact", "--format", "markdown"]);
    for words in [
        "### Requirements that this change touches\n\n4 requirements: 1 added",
        "| **FR-2** A wrong password is told at once | changed | Form | 1 Build the form (done before the change) | specs/login/notes.md |\n",
        "2 Lock \\| unlock (open)",
        "```diff\n- **FR-2**: A wrong password is told\n+ **FR-2**: A wrong password is told at once\n```",
    ] {
        assert!(outcome.stdout.contains(words), "{words}\n in {}", outcome.stdout);
    }
}

#[test]
fn a_state_compared_with_itself_touches_nothing() {
    let workspace = Workspace::new(FEATURE);
    let repository = Repository::new(workspace.root());
    let none = report(&workspace, &["--base", "HEAD"]);
    assert_eq!(none["requirements"], json!([]));
    let commit = repository.git(&["rev-parse", "HEAD"]).stdout;
    assert_eq!([&none["base"], &none["commit"]], ["HEAD", commit.trim()]);
    let outcome = traceline(workspace.root(), ["impact"]);
    assert_eq!(outcome.stdout, "no requirement has changed (0 of 4 files changed since HEAD)\n");
    // Words beside, marks and line ends change no requirement.
    let spec = workspace.text("specs/login/spec.md").replace("# Login", "# Sign in\n\nWords.").replace("- **", "* **");
    workspace.write("specs/login/spec.md", spec.replace('\n', "\r\n"));
    assert_eq!(report(&workspace, &[])["requirements"], json!([]));
    repository.commit("words");
    std::fs::rename(workspace.path("specs/login"), workspace.path("specs/sign-in")).expect("it can be renamed");
    assert_eq!(report(&workspace, &[])["requirements"], json!([]), "nor does a folder's name");
}

#[test]
fn paths_bound_what_is_told() {
    let workspace = changed();
    workspace.write("specs/other/spec.md", "- **FR-9**: x\n");
    let ids = |more: &[&str]| {
        let report = report(&workspace, more);
        let all = report["requirements"].as_array().expect("requirements").iter();
        all.map(|it| it["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["specs/other"]), ["FR-9"]);
    assert_eq!(ids(&["specs/login"]).len(), 4);
    assert_eq!(ids(&[]).len(), 5);
}

#[test]
fn a_revision_that_is_none_is_one_message() {
    let workspace = Workspace::new(FEATURE);
    for (repository, words) in [(false, "is in no git repository"), (true, "`nope` is no revision that git knows here")]
    {
        if repository {
            let _ = Repository::new(workspace.root());
        }
        let outcome = traceline(workspace.root(), ["impact", "--base", "nope"]);
        assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{outcome:#?}");
        assert!(outcome.stderr.contains(words) && outcome.stderr.lines().count() == 1, "{outcome:#?}");
    }
}
