//! The page of a rule: its words as Markdown, for the documentation.

use super::doubt::page::list_for;
use super::unseen::Unseen;
use super::{RULES, Rule};
use crate::edit::Safety;
use crate::text::capitalised;
use std::fmt::Write;

/// The page of `rule` as Markdown.
#[must_use]
pub fn page(rule: &Rule) -> String {
    let mut out = format!("# {}\n\n{}\n\nLevel: {}.\n\n{}\n", rule.name, rule.what, rule.level_name(), rule.why);
    for (title, fixture) in [("Raises it", rule.bad), ("Does not", rule.good)] {
        let _ = write!(out, "\n## {title}\n");
        for file in fixture.split("//- ").skip(1) {
            let (name, text) = file.split_once('\n').unwrap_or((file, ""));
            let _ = write!(out, "\n`{name}`:\n\n~~~markdown\n{text}~~~\n");
        }
    }
    if !rule.fix.is_by_hand() {
        out += "\n## Fix\n";
    }
    for (safety, words) in rule.fix.words() {
        let option = match safety {
            Safety::Safe => "",
            Safety::Suggested => " --suggested",
        };
        let name = capitalised(safety.as_str());
        let _ = write!(out, "\n{name}, by `traceline check --fix{option}` or the editor: {words}\n");
    }
    if let Some(Unseen { right, judged }) = Unseen::of(rule.name) {
        let log = "../../../tests/judgement/README.md";
        let _ = write!(
            out,
            "\n## How often it is right\n\n{right} of {judged} warnings in the [last round]({log}) over unseen repositories.\n"
        );
    }
    out += &list_for(rule);
    let name = rule.name;
    let (heading, level) = if rule.level.is_some() { ("silence it", "off") } else { ("turn it on", "hint") };
    let _ = write!(out, "\n## To {heading}\n\n");
    if rule.level.is_some() {
        let _ = writeln!(out, "In one place, before or in the block: `<!-- traceline: allow {name} reason -->`.");
    }
    let _ = write!(out, "Everywhere, in `traceline.toml`:\n\n```toml\n[rules]\n{name} = \"{level}\"\n```\n");
    out
}

/// The list of all rules as Markdown.
#[must_use]
pub fn list() -> String {
    let mut out = String::from(
        "# Rules\n\nWhat lowers or silences a finding: [doubts](../doubts.md). These pages are made of the rules themselves: `UPDATE_DOCS=1 cargo test -p traceline-engine page`.\n\n| rule | level | fix | finds |\n|---|---|---|---|\n",
    );
    for rule in RULES {
        let fixes: Vec<&str> = rule.fix.words().map(|(safety, _)| safety.as_str()).collect();
        let (level, fixes) = (rule.level_name(), fixes.join(", "));
        let _ = writeln!(out, "| [{0}]({0}.md) | {level} | {fixes} | {1} |", rule.name, rule.what);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_pages_are_those_of_the_rules() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules");
        let pages = RULES.iter().map(|rule| (format!("{}.md", rule.name), page(rule)));
        for (name, text) in pages
            .chain([("README.md".to_string(), list()), ("../doubts.md".to_string(), crate::rule::doubt::page::page())])
        {
            let path = folder.join(&name);
            if std::env::var_os("UPDATE_DOCS").is_some() {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &text).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(kept, text, "{name} is stale: UPDATE_DOCS=1 cargo test -p traceline-engine page");
        }
        let known = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(known, RULES.len() + 1, "a page of a rule that is gone lies in {}", folder.display());
    }
}
