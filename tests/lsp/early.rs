//! While the workspace is being listed, an opened feature is answered of itself, and nothing is claimed of the rest.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace};

use crate::words_of;

const PICTURE: &str = "
    //- docs/prd.md
    - **FR-7**: of all features
    //- specs/login/spec.md
    - **FR-1**: the first
    - **FR-2**: the second
    //- specs/login/plan.md
    ## Data

    _Requirements: FR-1, FR-2, FR-7, FR-98_
    //- specs/login/tasks.md
    - [ ] 1. Build it
      - _Requirements: FR-1, FR-1_
    //- specs/other/spec.md
    - **FR-98**: of another
    ";

const PLAN: &str = "specs/login/plan.md";

fn before_the_files_are_known(fault: &'static str) -> (Workspace, Client) {
    let workspace = Workspace::new(PICTURE);
    let client = Client::start_with(&workspace, &Setup { fault: Some(fault), ..Setup::rich() });
    (workspace, client)
}

fn hover(workspace: &Workspace, client: &mut Client, id: &str) -> String {
    let at = workspace.find(PLAN, id, client.encoding());
    words_of(&client.ask_at("textDocument/hover", &workspace.uri(PLAN), at))
}

#[test]
fn an_opened_feature_is_answered_though_listing_never_ends() {
    let (workspace, mut client) = before_the_files_are_known("list never");
    client.open(&workspace, PLAN);
    assert!(hover(&workspace, &mut client, "FR-1").contains("Build it"), "its tasks are read");
    assert!(hover(&workspace, &mut client, "FR-2").contains("No task builds it"), "all that could is known");
    let at = workspace.find(PLAN, "FR-2", client.encoding());
    let place = client.ask_at("textDocument/definition", &workspace.uri(PLAN), at);
    assert!(place.to_string().contains("login/spec.md"), "{place}");
    // A letter typed between counts, and the question behind it is not kept from its answer.
    client.replace(&workspace.uri("specs/login/plan.md"), "## Data\n\n_Requirements: FR-2_\n");
    let lenses = json!({ "textDocument": { "uri": workspace.uri(PLAN) } });
    client.request("textDocument/documentSymbol", lenses);
}

#[test]
fn what_may_be_defined_elsewhere_waits_until_all_is_known() {
    let (workspace, mut client) = before_the_files_are_known("list slow");
    client.open(&workspace, PLAN);
    assert!(hover(&workspace, &mut client, "FR-7").contains("of all features"));
    assert!(hover(&workspace, &mut client, "FR-98").contains("not defined"));
}

#[test]
fn what_is_found_early_is_found_later_too() {
    let paths = ["specs/login/spec.md", PLAN, "specs/login/tasks.md"];
    for setup in [Setup::rich(), Setup::pulling()] {
        let found = |fault: Option<&'static str>| {
            let workspace = Workspace::new(PICTURE);
            let mut client = Client::start_with(&workspace, &Setup { fault, ..setup.clone() });
            paths.map(|path| {
                client.open(&workspace, path);
                let uri = workspace.uri(path);
                let told = |found: &[Value]| found.iter().map(|it| it["message"].to_string()).collect::<Vec<_>>();
                if client.pulls() {
                    told(&client.pull(&uri))
                } else {
                    if fault.is_none() {
                        client.ready();
                        client.settle();
                    }
                    told(&client.diagnostics(&uri, 1))
                }
            })
        };
        let (early, later) = (found(Some("list never")), found(None));
        assert!(early.iter().flatten().any(|it| it.contains("twice")), "what one file says is told at once: {early:?}");
        for (early, later) in early.iter().zip(&later) {
            assert!(early.iter().all(|it| later.contains(it)), "{early:?} and later {later:?}");
        }
    }
}
