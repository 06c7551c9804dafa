//! `requirement-without-scenario`: a named requirement has no scenario.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::facts::{Form, Holds, Kind};
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "requirement-without-scenario",
    level: Some(Level::Warning),
    what: "A requirement that is known by its name has no scenario below it.",
    why: "`openspec validate` refuses it, and nobody can test it. A scenario is a heading of a deeper level; one written in \
          bold or as a list item is not seen. Removed requirements need none. Outside the tool's own folders it is information, and \
          nothing is said there of modified requirements, as a change may stand there in one file for people alone.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nThe system SHALL check the password.\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nThe system SHALL check the password.\n\n#### Scenario: Wrong password\n- **WHEN** it is wrong\n- **THEN** nobody gets in\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// The level of a requirement's heading.
const LEVEL: u8 = 3;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || !check.view.holds(Holds::NAMES) {
        return;
    }
    let scenarios = &check.dialect.table.definitions.scenarios;
    let tool = check.dialect.forced || check.dialect.evidence(check.snapshot.display_path(check.view.path)).is_some();
    // A heading that states a requirement waits for a deeper one before the next of its own level.
    let mut waiting: Option<(u8, Finding)> = None;
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            if let Some((level, finding)) = waiting.take()
                && section.level <= level
            {
                // Below a group, `#### Requirement:` has its scenarios beside it: what is wrong is its level.
                let beside = level > LEVEL
                    && section.level == level
                    && scenarios.longest_start(facts.text(section.title)).is_some();
                if !beside {
                    out.push(finding);
                }
            }
            let named = facts.definitions.iter().find(|definition| {
                definition.form == Form::Name && !definition.withdrawn && section.head.covers(definition.place)
            });
            if let Some(definition) = named {
                let id = facts.id(definition.id);
                let modified =
                    || facts.references.iter().any(|it| it.kind == Kind::Delta && it.span == definition.place);
                if !tool && modified() {
                    continue;
                }
                let mut finding =
                    Finding::new(&RULE, definition.place.shifted(base), format!("requirement `{id}` has no scenario"));
                if !tool {
                    finding.level = Level::Information;
                }
                waiting = Some((section.level, finding));
            }
        }
    }
    out.extend(waiting.map(|(_, finding)| finding));
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn a_change_in_one_file_outside_the_tools_folders_is_for_people() {
        let change = "# C\n\n## ADDED Requirements\n\n### Requirement: Tar\nThe hull SHALL be tarred.\n\n#### Scenario: Spring\n- **WHEN** spring comes\n- **THEN** it is\n\n### Requirement: Mast\nIt SHALL stand.\n\n## MODIFIED Requirements\n\n### Requirement: Oars\nThe boat SHALL have four.\n";
        let found = |path: &str| {
            let world = world(&format!("//- {path}\n{change}"));
            let found = check(&world.snapshot(), &FilePath::new(&format!("/w/{path}"))).into_iter();
            let own = found.filter(|it| it.rule.name == "requirement-without-scenario");
            own.map(|it| (it.level.as_str(), it.message)).collect::<Vec<_>>()
        };
        let told = |level, name: &str| (level, format!("requirement `{name}` has no scenario"));
        assert_eq!(found(".trae/specs/boat/spec.md"), [told("information", "Mast")]);
        let tool = found("openspec/changes/boat/specs/boat/spec.md");
        assert_eq!(tool, [told("warning", "Mast"), told("warning", "Oars")]);
    }
}
