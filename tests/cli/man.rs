//! `traceline man`: manual pages that say what `--help` says.

use std::fs;

use traceline_tests::Workspace;
use traceline_tests::command::traceline;

#[test]
fn the_page_names_every_command() {
    let workspace = Workspace::new("");
    let outcome = traceline(workspace.root(), ["man"]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    let page = outcome.stdout.replace("\\-", "-");
    assert!(page.contains(".TH traceline 1"), "{page}");
    for command in ["traceline-check(1)", "traceline-inspect(1)", "traceline-explain(1)", "traceline-server(1)"] {
        assert!(page.contains(command), "{command} in {page}");
    }
}

#[test]
fn a_folder_gets_a_page_for_each_command() {
    let workspace = Workspace::new("");
    let outcome = traceline(workspace.root(), ["man", "pages/man1"]);
    assert_eq!((outcome.code(), outcome.stdout.as_str()), (0, ""), "{outcome:#?}");
    let page = |name: &str| fs::read_to_string(workspace.root().join("pages/man1").join(name)).unwrap_or_default();
    assert!(page("traceline.1").contains("traceline\\-check(1)"), "{}", page("traceline.1"));
    assert!(page("traceline-check.1").contains("fail\\-on"), "{}", page("traceline-check.1"));
    assert!(page("traceline-explain.1").contains("RULE"), "{}", page("traceline-explain.1"));
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let workspace = Workspace::new("//- taken\nA file\n");
    let outcome = traceline(workspace.root(), ["man", "taken"]);
    assert_eq!(outcome.code(), 2);
    assert!(outcome.stderr.contains("cannot be written to taken"), "{outcome:#?}");
}
