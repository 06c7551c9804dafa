//! `traceline.toml` as the command reads it, and `traceline config`: the schemas of what can be configured.

use serde_json::json;
use traceline_tests::Workspace;
use traceline_tests::command::traceline;
use traceline_tests::report::{self, findings};

#[test]
fn the_schemas_name_every_rule() {
    let workspace = Workspace::new("//- notes.md\nNothing.\n");
    let rules = traceline(workspace.root(), ["explain"]).stdout;
    for schema in ["schema", "settings"] {
        let outcome = traceline(workspace.root(), ["config", schema]);
        assert_eq!(outcome.code(), 0, "{outcome:#?}");
        let text = outcome.stdout.clone();
        assert_eq!(outcome.json()["type"], "object");
        for rule in rules.lines().take_while(|line| !line.is_empty()) {
            let name = rule.split_whitespace().next().expect("a line has a word");
            assert!(text.contains(&format!("\"{name}\"")), "{name} in {text}");
        }
    }
}

#[test]
fn the_editors_settings_need_no_references() {
    let workspace = Workspace::new("//- notes.md\nNothing.\n");
    let outcome = traceline(workspace.root(), ["config", "settings"]);
    assert!(!outcome.stdout.contains("$ref"), "{}", outcome.stdout);
    let rule = &outcome.json()["properties"]["rules"]["properties"]["placeholder-left"];
    assert_eq!(rule["enum"], json!(["off", "hint", "information", "warning", "error"]));
    assert!(rule["description"].is_string() && rule["default"].is_string(), "{rule}");
}

/// Two features with the same mistake, written with a family and a key of this team.
const HOUSE: &str = "
    //- specs/a/spec.md
    - **P-1**: Users sign in
    //- specs/a/tasks.md
    - [ ] 1. Build it
      - _Covers: P-1, P-9_
    //- specs/b/spec.md
    - **P-1**: Users sign out
    //- specs/b/tasks.md
    - [ ] 1. Build it
      - _Covers: P-1, P-8_
    ";

const WAYS: &str = "[ids]\nfamilies = [\"...\", \"P\"]\n[traces]\nkeys = [\"...\", \"Covers\"]\n";

/// What of the two mistakes `check` reports.
fn found(workspace: &Workspace) -> Vec<String> {
    let (_, report) = report::check(workspace.root(), &[]);
    let unknown = findings(&report).into_iter().filter(|it| it.rule == "unknown-requirement");
    unknown.map(|it| it.path).collect()
}

#[test]
fn a_team_has_families_and_keys_of_its_own() {
    let workspace = Workspace::new(HOUSE);
    assert_eq!(found(&workspace), Vec::<String>::new());
    workspace.write("traceline.toml", WAYS);
    assert_eq!(found(&workspace), ["specs/a/tasks.md", "specs/b/tasks.md"]);
}

#[test]
fn the_nearest_file_counts_alone() {
    let workspace = Workspace::new(HOUSE);
    workspace.write("traceline.toml", WAYS);
    workspace.write("specs/a/.traceline.toml", "[rules]\nid-case = \"off\"\n");
    assert_eq!(found(&workspace), ["specs/b/tasks.md"]);
    workspace.write("specs/b/traceline.toml", format!("{WAYS}[rules]\nunknown-requirement = \"off\"\n"));
    assert_eq!(found(&workspace), Vec::<String>::new());
    // Asked for alone, a file has the same configuration.
    workspace.write("specs/b/traceline.toml", WAYS);
    let (_, report) = report::check(workspace.root(), &["specs/b/tasks.md"]);
    assert!(findings(&report).iter().any(|it| it.rule == "unknown-requirement"), "{report}");
}

#[test]
fn nothing_above_the_workspace_counts() {
    let workspace = Workspace::new(HOUSE);
    workspace.write("traceline.toml", WAYS);
    let (_, report) = report::check(&workspace.path("specs"), &[]);
    assert_eq!(findings(&report), []);
}

#[test]
fn each_folder_says_which_of_its_files_are_read() {
    let workspace = Workspace::new(HOUSE);
    workspace.write("traceline.toml", format!("{WAYS}[files]\nexclude = [\"specs/a/\", \"tasks.md\"]\n"));
    assert_eq!(found(&workspace), Vec::<String>::new());
    workspace.write("specs/b/traceline.toml", WAYS);
    assert_eq!(found(&workspace), ["specs/b/tasks.md"], "it leaves out nothing");
    workspace.write("specs/a/traceline.toml", WAYS);
    assert_eq!(found(&workspace), ["specs/b/tasks.md"], "a folder that is left out is not looked into");
}

#[test]
fn a_dialect_is_chosen_for_a_folder_and_inspect_says_so() {
    let workspace = Workspace::new(
        "
        //- notes/spec.md
        ### Requirement: Sign in
        The system SHALL do it.
        ",
    );
    let inspect = || report::inspect(workspace.root(), "notes/spec.md");
    assert_eq!([&inspect()["dialect"], &inspect()["chosen_by"]], ["plan", "default"]);
    workspace.write("notes/traceline.toml", "dialect = \"openspec\"\n");
    let report = inspect();
    assert_eq!([&report["dialect"], &report["chosen_by"]], ["openspec", "configuration"]);
    assert_eq!(report["configuration"], "notes/traceline.toml");
    assert_eq!(report["definitions"].as_array().map(Vec::len), Some(1), "{report}");
    let words = traceline(workspace.root(), ["inspect", "notes/spec.md"]).stdout;
    assert!(words.contains("in the dialect openspec (as notes/traceline.toml says)"), "{words}");
}

#[test]
fn a_mistake_is_told_with_its_place_and_the_rest_is_in_force() {
    let workspace = Workspace::new(HOUSE);
    workspace.write("specs/a/traceline.toml", format!("{WAYS}[rules]\nid-case = \"of\"\n[file]\n"));
    let outcome = traceline(workspace.root(), ["check"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    let told: Vec<&str> = outcome.stderr.lines().collect();
    assert_eq!(
        told,
        [
            "specs/a/traceline.toml:6:11: this must be \"off\", \"hint\", \"information\", \"warning\" or \"error\", did you mean `\"off\"`?",
            "specs/a/traceline.toml:7:2: unknown key `file`, did you mean `files`?",
        ]
    );
    assert_eq!(found(&workspace), ["specs/a/tasks.md"]);
}

#[test]
fn what_cannot_be_told_is_no_table() {
    for text in [&b"\xff\xfe"[..], b"\0", b"[[[[", b"dialect = [[[[{a = {b = [1979-05-27, 1e400, nan]}}]]]]"] {
        let workspace = Workspace::new(HOUSE);
        workspace.write("traceline.toml", text);
        let outcome = traceline(workspace.root(), ["check"]);
        assert_eq!(outcome.code(), 2, "{outcome:#?}");
        assert!(outcome.stderr.starts_with("traceline.toml:1:"), "{outcome:#?}");
    }
}

#[test]
fn what_is_too_large_or_too_deep_is_no_configuration() {
    for (text, words) in [("# x\n".repeat(100_000), "larger than"), (format!("a = {}", "[".repeat(100_000)), "no TOML")]
    {
        let workspace = Workspace::new(HOUSE);
        workspace.write("traceline.toml", text);
        let outcome = traceline(workspace.root(), ["check"]);
        assert_eq!(outcome.code(), 2, "{outcome:#?}");
        assert!(outcome.stderr.contains(words), "{outcome:#?}");
    }
}

/// Not on Windows: Wine 8 makes no links.
#[cfg(unix)]
#[test]
fn a_link_out_of_the_workspace_is_not_followed() {
    let workspace = Workspace::new(HOUSE);
    let other = Workspace::new("//- notes.md\nNothing.\n");
    other.write("ways.toml", WAYS);
    std::os::unix::fs::symlink(other.path("ways.toml"), workspace.path("traceline.toml")).expect("links can be made");
    let outcome = traceline(workspace.root(), ["check"]);
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("leads out of the workspace"), "{outcome:#?}");
    assert_eq!(found(&workspace), Vec::<String>::new());
}
