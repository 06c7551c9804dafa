//! `traceline demo`: the main job without an editor.

use traceline_tests::Workspace;
use traceline_tests::command::traceline;

#[test]
fn the_demo_runs_through_and_shows_the_main_job() {
    let workspace = Workspace::new("");
    let outcome = traceline(workspace.root(), ["demo"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let words = &outcome.stdout;
    // The findings of `check`, and then each part of an exchange with the server.
    for part in [
        "unknown-requirement",
        "did you mean",
        "check",
        "server",
        "_Requirements: ",
        "hover",
        "jump",
        "edit",
        "before",
        "after",
    ] {
        assert!(words.contains(part), "{part:?} in {words}");
    }
    let left = std::fs::read_dir(workspace.root()).expect("the folder is there").count();
    assert_eq!(left, 0, "it writes nothing where it was called");
}
