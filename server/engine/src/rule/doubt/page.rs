//! The page of the doubts: their words as Markdown, for the documentation.

use super::{DOUBTS, Doubt};
use crate::rule::Rule;
use std::fmt::Write;

/// The page of all doubts as Markdown.
#[must_use]
pub fn page() -> String {
    let mut out = String::from(
        "# Doubts\n\nWhat makes it less sure that a finding is a mistake. A doubt that holds lowers the finding, which then says so (*a remark \
         only: …*, `doubt` and `note` in JSON reports), or silences it; `traceline inspect FILE:LINE` tells which held at a \
         place. A level that is set in `traceline.toml` is not lowered.\n\nThis page is made of the doubts themselves: \
         `UPDATE_DOCS=1 cargo test -p traceline-engine page`.\n\n| doubt | does | of |\n|---|---|---|\n",
    );
    for doubt in DOUBTS {
        let rules: Vec<String> = doubt.rules.iter().map(|rule| format!("[{rule}](rules/{rule}.md)")).collect();
        let _ = writeln!(out, "| [{0}](#{0}) | {1} | {2} |", doubt.name, doubt.effect.as_str(), rules.join(", "));
    }
    for doubt in DOUBTS {
        let _ = write!(out, "\n## {}\n\n{} {}\n", doubt.name, doubt.what, doubt.why);
        for file in doubt.example.split("//- ").skip(1) {
            let (name, text) = file.split_once('\n').unwrap_or((file, ""));
            let _ = write!(out, "\n`{name}`:\n\n~~~markdown\n{}~~~\n", text.replace("$0", ""));
        }
    }
    out
}

/// The list of the doubts that `rule` heeds, for its page; empty where it heeds none.
#[must_use]
pub fn list_for(rule: &Rule) -> String {
    let heeded: Vec<&Doubt> = DOUBTS.iter().copied().filter(|doubt| doubt.rules.contains(&rule.name)).collect();
    if heeded.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "\n## Where it doubts\n\nThe finding says what made it less than a mistake; see [doubts](../doubts.md).\n\n",
    );
    for doubt in heeded {
        let (name, effect) = (doubt.name, doubt.effect.as_str());
        let _ = writeln!(out, "- [{name}](../doubts.md#{name}) {effect}: {}", doubt.what);
    }
    out
}
