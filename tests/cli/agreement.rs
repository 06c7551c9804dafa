//! The command and the editor give the same findings: one engine.

use std::path::Path;

use traceline_tests::report::{self, Finding, findings, shown};
use traceline_tests::{Client, Encoding, Setup, Workspace, capabilities, places, workspace};

use crate::{CLEAN, MISTAKE, UNCOVERED};

/// A feature with a finding of nearly every rule.
const MANY: &str = "
    //- specs/a/spec.md
    # Spec

    - **FR-1.1**: text 🎉
    - **FR-1.2**: text
    - **FR-1.2**: text again
    - **FR-1.3**: forgotten
    - **NFR-4**: text
    //- specs/a/plan.md
    # Plan with fr-1.1 and FR-8.8

    _Requirements: FR-1.1, FR-1.1, NF-4, FR 1.2_

    _Requirements: FR-1.2
    //- specs/a/tasks.md
    - [ ] 1. Task 字
      - _Requirements: FR-1.1, FR-9.9_
    - [ ] 1. Task again
      - _Requirements: [Reference specific requirements from spec]_
    - [ ] 2. Task without trace
    <!-- traceline: allow unknown-requirement nothing is wrong here -->
    //- specs/b/spec.md
    - **FR-9.9**: elsewhere
    ";

/// The findings that pushed diagnostics end with, once they are those of the report.
fn agree(root: &Path) -> Vec<Finding> {
    let (_, report) = report::check(root, &[]);
    let expected = findings(&report);
    let mut client = Client::launch();
    let capabilities = Setup::new(capabilities::rich()).offering(&[Encoding::Utf16]).capabilities;
    let uri = workspace::uri(root);
    client.initialize(serde_json::json!({
        "processId": null,
        "rootUri": uri,
        "workspaceFolders": [{ "uri": uri, "name": "root" }],
        "capabilities": capabilities,
    }));
    client.ready();
    let begun = std::time::Instant::now();
    // What is published after the reading may take a moment more.
    while shown(root, &client.shown()) != expected && begun.elapsed().as_secs() < 10 {
        client.listen(std::time::Duration::from_millis(50));
    }
    let actual = shown(root, &client.shown());
    let only = |these: &[Finding], those: &[Finding]| -> Vec<Finding> {
        these.iter().filter(|it| !those.contains(it)).cloned().collect()
    };
    assert!(
        actual == expected,
        "only the command says {:#?}\nonly the editor says {:#?}",
        only(&expected, &actual),
        only(&actual, &expected)
    );
    expected
}

#[test]
fn over_small_projects() {
    for picture in [CLEAN, MISTAKE, UNCOVERED] {
        agree(Workspace::new(picture).root());
    }
}

#[test]
fn over_a_project_with_many_mistakes() {
    let found = agree(Workspace::new(MANY).root());
    assert!(found.len() >= 8, "{found:#?}");
}

#[test]
fn over_a_project_with_settings() {
    let workspace = Workspace::new(MANY);
    workspace.write("traceline.toml", "[rules]\nunknown-requirement = \"error\"\nplaceholder-left = \"off\"\n");
    let found = agree(workspace.root());
    assert!(found.iter().any(|it| it.level == "error"), "{found:#?}");
}

#[test]
fn over_real_documents() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    agree(&corpus.join("brock-run__spec-driven-development"));
}
