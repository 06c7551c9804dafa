//! Refresh requests: what one file changes in the answers about another, the client is told to ask for again.

use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, capabilities};

use crate::{LOGIN, login, substitution};

const ALL: [&str; 3] =
    ["workspace/codeLens/refresh", "workspace/inlayHint/refresh", "workspace/semanticTokens/refresh"];

fn count(client: &Client, method: &str) -> usize {
    client.received(method).len()
}

#[test]
fn a_change_of_names_refreshes_what_shows_names() {
    let (workspace, mut client) = login();
    client.listen(Duration::from_millis(600));
    let before = ALL.map(|method| count(&client, method));
    client.open(&workspace, "specs/login/spec.md");
    let spec = workspace.uri("specs/login/spec.md");
    // A burst of edits is one change.
    for round in 2..20 {
        client.replace(&spec, &format!("{}\n1. **FR-3.{round}**: new\n", workspace.text("specs/login/spec.md")));
    }
    client.listen(Duration::from_millis(1000));
    for (method, before) in ALL.into_iter().zip(before) {
        let after = count(&client, method);
        assert!((before + 1..before + 4).contains(&after), "{method}: {before}, then {after}");
    }
}

#[test]
fn prose_refreshes_nothing() {
    let (workspace, mut client) = login();
    client.open(&workspace, "specs/login/plan.md");
    client.listen(Duration::from_millis(600));
    let before = ALL.map(|method| count(&client, method));
    let plan = workspace.uri("specs/login/plan.md");
    let words = substitution(workspace.text("specs/login/plan.md"), "cookie", "biscuit", client.encoding());
    client.change(&plan, &[words]);
    client.listen(Duration::from_millis(600));
    assert_eq!(ALL.map(|method| count(&client, method)), before);
}

#[test]
fn only_what_the_client_supports_is_refreshed() {
    let mut some = capabilities::rich();
    some["workspace"]["codeLens"] = json!({});
    some["workspace"]["semanticTokens"] = Value::Null;
    for (capabilities, expected) in [(some, [false, true, false]), (capabilities::bare(), [false; 3])] {
        let workspace = Workspace::new(LOGIN);
        let mut client = Client::start_with(&workspace, &Setup::new(capabilities));
        client.open(&workspace, "specs/login/spec.md");
        client.replace(&workspace.uri("specs/login/spec.md"), "1. **FR-1.9**: new\n");
        client.listen(Duration::from_millis(800));
        assert_eq!(ALL.map(|method| count(&client, method) > 0), expected);
    }
}
