//! `heading-without-name`: the heading of a requirement or a scenario says that it is one, and not which.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Facts, Section};
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "heading-without-name",
    level: Some(Level::Warning),
    what: "The heading of a requirement or a scenario has no name.",
    why: "`openspec` knows a requirement by its name alone: in a change one without is not seen, and in a main specification no \
          change can modify it. A scenario without a name is counted, and cannot be spoken of: that is information. \
          All of a kind in a file are one finding.",
    bad: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement:\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n",
    good: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let table = &check.dialect.table.definitions;
    if check.view.role != Role::Spec || check.template || table.names.is_empty() {
        return;
    }
    for (words, kind, level) in
        [(&table.names, "requirement", Level::Warning), (&table.scenarios, "scenario", Level::Information)]
    {
        let is_bare = |facts: &Facts, section: &Section| {
            let title = facts.text(section.title).trim_end();
            title.ends_with(':') && words.contains(title)
        };
        let heads = check.view.parts().flat_map(|(base, facts)| {
            let bare = facts.sections.iter().filter(move |section| is_bare(facts, section));
            bare.map(move |section| section.head.shifted(base))
        });
        let all: Vec<Span> = heads.collect();
        let Some((first, others)) = all.split_first() else { continue };
        let message = match others.len() {
            0 => format!("this heading of a {kind} has no name"),
            more => format!("{} headings of {kind}s have no name, the first of them here", more + 1),
        };
        let mut finding = Finding::new(&RULE, *first, message);
        finding.level = level;
        finding.help = Some(format!("say behind the colon which {kind} it is").into());
        finding.also_at(check, others, "neither has this one");
        out.push(finding);
    }
}
