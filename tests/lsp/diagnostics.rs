//! Diagnostics: the right ones, at the right place, of the right version, and gone when mended.

use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, places, text};

use crate::{LOGIN, rules, substitution};

/// Everything of the picture is read, nothing is open; then its notes are what the server says.
fn check(picture: &str) {
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    client.ready();
    client.listen(Duration::from_millis(100));
    client.check(&workspace);
    for file in &workspace.fixture().files {
        client.open(&workspace, &file.path);
    }
    for file in &workspace.fixture().files {
        client.diagnostics(&workspace.uri(&file.path), 1);
    }
    // Open or closed, the findings are the same.
    client.check(&workspace);
}

#[test]
fn a_feature_in_good_order_has_none() {
    check(LOGIN);
}

#[test]
fn an_id_that_nobody_defines_is_reported_in_its_trace_line() {
    check(
        "
        //- specs/login/spec.md
        - **FR-1.1**: text
        //- specs/login/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-9.9_
                                   ^^^^^^ unknown-requirement: `FR-9.9` is not defined in specs/login
        ",
    );
}

#[test]
fn a_near_miss_is_answered_by_a_suggestion() {
    check(
        "
        //- specs/login/spec.md
        - **NFR-4.1**: text
        //- specs/login/tasks.md
        - [ ] 1. Task
          - _Requirements: NF-4.1_
                           ^^^^^^ unknown-requirement: did you mean `NFR-4.1`?
        - [ ] 2. Other task
          - _Requirements: NFR-4.1_
        ",
    );
}

#[test]
fn the_second_definition_of_an_id_names_the_first() {
    let workspace = Workspace::new(
        "
        //- specs/login/spec.md
        - **FR-1.1**: text
        - **FR-1.1**: another text
        ",
    );
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/login/spec.md");
    let found = client.diagnostics_when(&uri, |it| rules(it).contains(&"duplicate-requirement"));
    let duplicate = found.iter().find(|it| it["code"] == "duplicate-requirement").expect("it was waited for");
    assert_eq!(duplicate["range"]["start"]["line"], 1);
    assert_eq!(duplicate["severity"], 2);
    let first = &duplicate["relatedInformation"][0]["location"];
    assert_eq!(first["uri"], uri);
    assert_eq!(first["range"]["start"]["line"], 0);
}

#[test]
fn an_id_of_a_sibling_feature_is_unknown_and_its_place_is_named() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1.1**: text
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-5.1_
        //- specs/b/spec.md
        - **FR-5.1**: text
        ",
    );
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/a/tasks.md");
    let found = client.diagnostics_when(&uri, |it| {
        it.iter().any(|it| it["code"] == "unknown-requirement" && it["relatedInformation"].is_array())
    });
    let unknown = found.iter().find(|it| it["code"] == "unknown-requirement").expect("it was waited for");
    assert_eq!(unknown["relatedInformation"][0]["location"]["uri"], workspace.uri("specs/b/spec.md"));
}

#[test]
fn code_comments_and_links_raise_nothing() {
    check(
        "
        //- specs/login/spec.md
        - **FR-1.1**: text
        //- specs/login/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1_

        ```
        - _Requirements: FR-9.1_
        ```

        Use `FR-9.2` or [this](/docs/FR-9.3.md), <https://example.org/FR-9.4>

        <!-- _Requirements: FR-9.5_ -->
        ",
    );
}

#[test]
fn a_trace_line_without_ids_on_purpose_raises_nothing() {
    check(
        "
        //- specs/login/spec.md
        - **FR-1.1**: text
        //- specs/login/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1_
        - [ ] 2. Task
          - _Requirements: All_
        - [ ] 3. Task
          - _Requirements: N/A_
        - [ ] 4. Task
          - _Requirements: Foundation for all requirements_
        ",
    );
}

#[test]
fn a_suppression_silences_its_finding() {
    check(
        "
        //- specs/login/spec.md
        - **FR-1.1**: text
        //- specs/login/tasks.md
        - [ ] 1. Task
          <!-- traceline: allow unknown-requirement it comes next week -->
          - _Requirements: FR-1.1, FR-9.9_
        ",
    );
}

#[test]
fn a_lone_plan_is_not_scolded() {
    let workspace = Workspace::new(
        "
        //- plan.md
        # Plan

        _Requirements: FR-1.1, NFR-2.2_
        ",
    );
    let mut client = Client::start(&workspace);
    client.ready();
    client.open(&workspace, "plan.md");
    assert_eq!(client.diagnostics(&workspace.uri("plan.md"), 1), Vec::<Value>::new());
}

#[test]
fn each_publication_says_of_which_version_it_is() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    let uri = workspace.uri("specs/login/tasks.md");
    client.diagnostics(&uri, 1);
    for round in 2..50 {
        let version = client.replace(&uri, &format!("- [ ] 1. Task {round}\n  - _Requirements: FR-9.{round}_\n"));
        assert_eq!(version, round);
    }
    client.diagnostics(&uri, 49);
    client.diagnostics_when(&uri, |it| it.iter().any(|it| it["message"].to_string().contains("FR-9.49")));
    let versions: Vec<i64> = client.published().iter().filter(|it| it.uri == uri).filter_map(|it| it.version).collect();
    assert!(versions.is_sorted(), "versions go up: {versions:?}");
}

#[test]
fn what_is_published_belongs_to_the_version_that_it_names() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.ready();
    let uri = workspace.uri("specs/login/tasks.md");
    client.open_text(&uri, "- [ ] 1. Task\n  - _Requirements: FR-9.1_\n");
    for round in 2..=200 {
        client.replace(&uri, &format!("- [ ] 1. Task\n  - _Requirements: FR-9.{round}_\n"));
    }
    client.diagnostics(&uri, 200);
    for published in client.published().iter().filter(|it| it.uri == uri) {
        let (Some(version), Some(unknown)) =
            (published.version, published.diagnostics.iter().find(|it| it["code"] == "unknown-requirement"))
        else {
            continue;
        };
        let id = format!("`FR-9.{version}`");
        assert!(unknown["message"].as_str().expect("a message").contains(&id), "version {version} says {unknown}");
    }
}

#[test]
fn closed_files_have_theirs_too_and_lose_them_when_mended() {
    let workspace = Workspace::new(LOGIN);
    workspace.write("specs/login/tasks.md", "- [ ] 1. Task\n  - _Requirements: FR-3.1_\n");
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/login/tasks.md");
    client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
    // The closed file is mended by what is written in an open one, which is not even saved.
    client.open(&workspace, "specs/login/spec.md");
    let spec = workspace.uri("specs/login/spec.md");
    client.replace(&spec, &format!("{}\n1. **FR-3.1**: new\n", workspace.text("specs/login/spec.md")));
    client.diagnostics_when(&uri, |it| !rules(it).contains(&"unknown-requirement"));
}

#[test]
fn the_other_files_of_a_feature_follow_its_spec() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    for path in ["specs/login/spec.md", "specs/login/plan.md", "specs/login/tasks.md"] {
        client.open(&workspace, path);
    }
    let spec = workspace.uri("specs/login/spec.md");
    let text = workspace.text("specs/login/spec.md");
    let renamed = substitution(text, "FR-1.2", "FR-1.7", client.encoding());
    client.change(&spec, &[renamed]);
    for path in ["specs/login/plan.md", "specs/login/tasks.md"] {
        let found = client.diagnostics_when(&workspace.uri(path), |it| rules(it).contains(&"unknown-requirement"));
        let unknown = found.iter().find(|it| it["code"] == "unknown-requirement").expect("it was waited for");
        assert_eq!(text::slice(workspace.text(path), &unknown["range"], client.encoding()), "FR-1.2");
    }
    client.replace(&spec, text);
    for path in ["specs/login/plan.md", "specs/login/tasks.md"] {
        client.diagnostics_when(&workspace.uri(path), <[Value]>::is_empty);
    }
}

#[test]
fn nothing_is_claimed_absent_before_it_was_read() {
    let mut picture = String::new();
    for feature in 0..300 {
        picture.push_str(&format!(
            "//- specs/f{feature:03}/spec.md\n- **FR-1.1**: text\n- **FR-1.2**: text\n\
             //- specs/f{feature:03}/tasks.md\n- [ ] 1. Task\n  - _Requirements: FR-1.1, FR-1.2_\n"
        ));
    }
    let workspace = Workspace::new(&picture);
    let mut client = Client::start(&workspace);
    // Opened at once: the reading of the workspace has hardly begun.
    for path in ["specs/f299/tasks.md", "specs/f150/tasks.md", "specs/f000/tasks.md"] {
        client.open(&workspace, path);
    }
    client.ready();
    client.listen(Duration::from_millis(200));
    for published in client.published() {
        assert_eq!(published.diagnostics, Vec::<Value>::new(), "{}", published.uri);
    }
}

#[test]
fn uncovered_requirements_are_told_where_the_feature_has_tasks() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1.1**: covered
        - **FR-1.2**: forgotten
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1_
        //- specs/b/spec.md
        - **FR-1.1**: nobody began this
        ",
    );
    let mut client = Client::start(&workspace);
    let found = client.diagnostics_when(&workspace.uri("specs/a/spec.md"), |it| !it.is_empty());
    assert_eq!(rules(&found), ["uncovered-requirement"]);
    assert_eq!(found[0]["range"]["start"]["line"], 1);
    assert_eq!(found[0]["severity"], 3);
    client.ready();
    assert!(!client.shown().contains_key(&workspace.uri("specs/b/spec.md")));
}

#[test]
fn an_open_document_wins_over_its_file() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/login/tasks.md");
    client.open_text(&uri, "- [ ] 1. Task\n  - _Requirements: FR-9.9_\n");
    client.ready();
    workspace.write("specs/login/tasks.md", "- [ ] 1. Task\n  - _Requirements: FR-8.8_\n");
    let changed = json!({ "changes": [{ "uri": uri, "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed);
    client.settle();
    let found = client.diagnostics_when(&uri, |it| !it.is_empty());
    assert!(found.iter().any(|it| it["message"].to_string().contains("FR-9.9")), "{found:?}");
    client.close(&uri);
    let found = client.diagnostics_when(&uri, |it| it.iter().any(|it| it["message"].to_string().contains("FR-8.8")));
    assert!(!found.iter().any(|it| it["message"].to_string().contains("FR-9.9")), "{found:?}");
}

#[test]
fn a_client_that_knows_more_parts_gets_them() {
    let picture = "
        //- specs/a/spec.md
        - **FR-1.1**: text
        //- specs/a/tasks.md
        - [ ] 1. Task
          - _Requirements: FR-1.1, FR-1.1, FR-11_
        ";
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    let found = client.diagnostics_when(&workspace.uri("specs/a/tasks.md"), |it| it.len() == 2);
    for diagnostic in &found {
        let name = diagnostic["code"].as_str().expect("a code");
        let page = diagnostic["codeDescription"]["href"].as_str().expect("a page");
        let file =
            page.strip_prefix("https://github.com/traceline/traceline/blob/main/").expect("a page of the project");
        assert!(places::project().join(file).is_file() && file.ends_with(&format!("/{name}.md")), "{page}");
    }
    let repeated = found.iter().find(|it| it["code"] == "duplicate-reference").expect("it was waited for");
    assert_eq!(repeated["tags"], json!([1]), "it can go without loss");
    assert!(repeated["data"]["fix"].is_string(), "{repeated}");
    let unknown = found.iter().find(|it| it["code"] == "unknown-requirement").expect("it was waited for");
    assert!(unknown.get("tags").is_none(), "{unknown}");
}

#[test]
fn a_client_gets_only_the_parts_that_it_knows() {
    let picture = "
        //- specs/a/spec.md
        - **FR-1.1**: text
        - **FR-1.1**: another text
        ";
    let workspace = Workspace::new(picture);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, "specs/a/spec.md");
    for diagnostic in client.diagnostics_when(&workspace.uri("specs/a/spec.md"), |it| !it.is_empty()) {
        for key in ["relatedInformation", "codeDescription", "tags", "data"] {
            assert!(diagnostic.get(key).is_none(), "{key} is not asked for: {diagnostic}");
        }
        assert_eq!(diagnostic["source"], "traceline");
        assert!(diagnostic["severity"].is_u64() && diagnostic["code"].is_string(), "{diagnostic}");
    }
}
