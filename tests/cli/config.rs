//! `traceline config`: the schemas of what can be configured.

use serde_json::json;
use traceline_tests::Workspace;
use traceline_tests::command::traceline;

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
