//! `unknown-in-prose`: text outside trace lines mentions a requirement that nothing defines.

use super::unknown_requirement::judged;
use super::{Check, Checker, Finding, Part, Remedy, Rule};
use crate::facts::{Facts, Kind};
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "unknown-in-prose",
    level: Some(Level::Information),
    what: "A heading, a table, a link or a sentence mentions a requirement that is not defined.",
    why: "A reader who looks the id up finds nothing. Prose may speak of other projects' ids, so this is only information. \
          Several of a family in one file are one finding with all places: they have one cause. Code, comments and link \
          targets are never looked at.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- plan.md\n# Plan\n\nHashing serves FR-1 and FR-7.\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- plan.md\n# Plan\n\nHashing serves FR-1.\n",
    fix: Remedy::ByHand,
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if !check.judges_references() {
        return;
    }
    for reference in facts.references.iter().filter(|it| matches!(it.kind, Kind::Tag | Kind::Listed | Kind::Mention)) {
        let Some(finding) = judged(check, &RULE, facts, reference) else { continue };
        let part = Some(Part { home: finding.span, name: facts.id(reference.id).to_string() });
        out.push(Finding { part, ..finding });
    }
}
