//! `requirement-without-scenario`: a named requirement has no scenario.

use super::{Check, Checker, Finding, Rule};
use crate::facts::Form;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "requirement-without-scenario",
    level: Some(Level::Warning),
    what: "A requirement that is known by its name has no scenario below it.",
    why: "`openspec validate` refuses it, and nobody can test it. A scenario is a heading of a deeper level; one written in \
          bold or as a list item is not seen. Removed requirements need none.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Requirements\n\n### Requirement: Check the password\nThe system SHALL check the password.\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Requirements\n\n### Requirement: Check the password\nThe system SHALL check the password.\n\n#### Scenario: Wrong password\n- **WHEN** it is wrong\n- **THEN** nobody gets in\n",
    fix: "",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template {
        return;
    }
    // A heading that states a requirement waits for a deeper one before the next of its own level.
    let mut waiting: Option<(u8, Finding)> = None;
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            if let Some((level, finding)) = waiting.take()
                && section.level <= level
            {
                out.push(finding);
            }
            let named = facts.definitions.iter().find(|definition| {
                definition.form == Form::Name && !definition.withdrawn && section.head.covers(definition.place)
            });
            if let Some(definition) = named {
                let id = facts.id(definition.id);
                let finding =
                    Finding::new(&RULE, definition.place.shifted(base), format!("requirement `{id}` has no scenario"));
                waiting = Some((section.level, finding));
            }
        }
    }
    out.extend(waiting.map(|(_, finding)| finding));
}
