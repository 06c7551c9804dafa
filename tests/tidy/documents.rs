//! The documents that a stranger looks for are there, and what they link to exists.

use traceline_tests::places;

use crate::{files, none};

#[test]
fn the_documents_are_there() {
    let root = places::project();
    let wanted = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "deny.toml",
        "server/ARCHITECTURE.md",
        "tests/run",
        ".ci/run",
        "server/engine/schemas/check.schema.json",
        "server/engine/schemas/inspect.schema.json",
    ];
    let faults = wanted.into_iter().filter(|it| !root.join(it).is_file()).map(str::to_owned);
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn the_changelog_begins_with_what_is_next() {
    let root = places::project();
    let text = std::fs::read_to_string(root.join("CHANGELOG.md")).expect("there is a changelog");
    assert!(text.starts_with("# "), "it has a title");
    let sections: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
    assert!(!sections.is_empty(), "it has a section for each version");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let root = places::project();
    let mut faults = Vec::new();
    for (path, text) in files(&["md"]) {
        if path.contains("/templates/") {
            continue;
        }
        let folder = root.join(&path).parent().expect("a file lies in a folder").to_owned();
        let mut fence = None;
        for line in text.lines() {
            let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
            match (fence, mark) {
                (None, Some(_)) => fence = mark,
                (Some(open), Some(mark)) if open == mark => fence = None,
                _ => {}
            }
            if fence.is_some() || mark.is_some() {
                continue;
            }
            for (at, _) in line.match_indices("](") {
                let target = line[at + 2..].split([')', ' ']).next().unwrap_or_default();
                let target = target.split('#').next().unwrap_or_default();
                let outside = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
                let in_code = line[..at].matches('`').count() % 2 == 1;
                if !outside && !in_code && !folder.join(target).exists() {
                    faults.push(format!("{path}: {target}"));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn the_readme_shows_the_two_commands() {
    let text = std::fs::read_to_string(places::project().join("README.md")).expect("there is a README");
    for command in ["cargo run --release -- demo", "tests/run"] {
        assert!(text.contains(command), "{command}");
    }
}
