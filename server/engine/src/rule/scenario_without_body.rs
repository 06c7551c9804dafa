//! `scenario-without-body`: nothing stands below the heading of a scenario.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::facts::{Form, Holds};
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "scenario-without-body",
    level: Some(Level::Warning),
    what: "A scenario of a named requirement is only a heading.",
    why: "`openspec validate` does not count it, and refuses a requirement that has no other; archiving the change fails then. \
          It says that something is to be tested and not what. A comment is no body; whatever else stands there is one, in a \
          deeper heading too. Scenarios of removed requirements need none.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nThe system SHALL check the password.\n\n#### Scenario: Wrong password\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nThe system SHALL check the password.\n\n#### Scenario: Wrong password\n- **WHEN** it is wrong\n- **THEN** nobody gets in\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || !check.view.holds(Holds::NAMES) {
        return;
    }
    // A scenario without text of its own waits for a deeper heading.
    let mut waiting: Option<(u8, Finding)> = None;
    for (base, facts) in check.view.parts() {
        let mut scenarios = facts.definitions.iter().filter(|definition| definition.form == Form::Scenario).peekable();
        for section in &facts.sections {
            if let Some((level, finding)) = waiting.take()
                && section.level <= level
            {
                out.push(finding);
            }
            while scenarios.next_if(|scenario| scenario.place.start < section.head.start).is_some() {}
            let Some(scenario) = scenarios.next_if(|scenario| section.head.covers(scenario.place)) else { continue };
            if !section.filled && !scenario.withdrawn {
                let name = facts.text(scenario.title);
                let mut finding = Finding::new(
                    &RULE,
                    scenario.place.shifted(base),
                    format!("the scenario `{name}` is only a heading"),
                );
                finding.help = Some("say below it **WHEN** what happens and **THEN** what is to be seen".into());
                waiting = Some((section.level, finding));
            }
        }
    }
    out.extend(waiting.map(|(_, finding)| finding));
}
