//! `id-case`: an id is written in another case than its definition.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::edit::Fix;
use crate::facts::{Certainty, Facts, Reach};
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "id-case",
    level: Some(Level::Hint),
    what: "An id is written in another case than where it is defined.",
    why: "It is understood all the same, but a search that heeds case will miss it.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: fr-1_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n",
    fix: Remedy::Safe("Writes the id as it is defined."),
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if !check.judges_references() {
        return;
    }
    for reference in facts.references.iter().filter(|reference| {
        reference.reach == Reach::One && matches!(reference.sure, Certainty::Firm | Certainty::Loose)
    }) {
        if !check.standing(facts, reference.id).otherwise {
            continue;
        }
        let id = facts.id(reference.id);
        let Some((_, known)) = check.lookup.resolve(id) else { continue };
        if reference.span.len() == id.as_str().len() {
            let mut finding = Finding::new(&RULE, reference.span, format!("`{id}` is defined as `{known}`"));
            finding.fix = Some(Fix::one(format!("Write `{known}`"), reference.span, known.as_str()).safe());
            out.push(finding);
        }
    }
}
