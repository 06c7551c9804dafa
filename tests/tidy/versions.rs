//! One version: the workspace's, and every package that must repeat it says the same.

use traceline_tests::places;

use crate::none;

/// The text between the quotes after the first `key` of a file.
fn after(path: &str, key: &str) -> Option<String> {
    let text = std::fs::read_to_string(places::project().join(path)).ok()?;
    let rest = &text[text.find(key)? + key.len()..];
    let quote = rest.find(['"', '\''])?;
    let value = &rest[quote + 1..];
    Some(value[..value.find(['"', '\''])?].to_owned())
}

/// Where the version is repeated, and after which words it stands there.
const REPEATED: [(&str, &str); 7] = [
    ("server/traceline/Cargo.toml", "traceline-engine = { version ="),
    ("editors/claude-code/.claude-plugin/plugin.json", "\"version\":"),
    ("editors/zed/extension.toml", "\nversion ="),
    ("editors/zed/Cargo.toml", "\nversion ="),
    ("editors/emacs/traceline.el", ";; Version: "),
    ("editors/vscode/package.json", "\"version\":"),
    ("action.yml", "The version of traceline on npm"),
];

#[test]
fn every_package_has_the_version_of_the_workspace() {
    let version = after("Cargo.toml", "[workspace.package]\nversion =").expect("the workspace has a version");
    let mut faults = Vec::new();
    for (path, key) in REPEATED {
        let said = if path.ends_with(".el") {
            let text = std::fs::read_to_string(places::project().join(path)).unwrap_or_default();
            text.lines().find_map(|line| line.strip_prefix(key)).map(str::to_owned)
        } else {
            after(path, key)
        };
        match said {
            Some(said) if said == version => {}
            Some(said) => faults.push(format!("{path} says {said}, the workspace {version}")),
            None if places::project().join(path).exists() => faults.push(format!("{path} has no version after {key}")),
            None => faults.push(format!("{path} is not there")),
        }
    }
    none(&faults);
}

#[test]
fn what_is_copied_into_ci_names_the_version() {
    let version = after("Cargo.toml", "[workspace.package]\nversion =").expect("the workspace has a version");
    let page = std::fs::read_to_string(places::project().join("server/docs/ci.md")).expect("there is a page");
    for words in ["uses: traceline/traceline@v", "rev: v", "traceline=="] {
        let at = page.find(words).unwrap_or_else(|| panic!("the page does not say {words}"));
        assert!(page[at + words.len()..].starts_with(&version), "the page says another version behind {words}");
    }
}
