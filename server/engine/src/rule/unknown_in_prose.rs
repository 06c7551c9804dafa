//! `unknown-in-prose`: text outside trace lines mentions a requirement that nothing defines.

use super::unknown_requirement::judged;
use super::{Check, Checker, Finding, Rule};
use crate::facts::{Facts, Kind};
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "unknown-in-prose",
    level: Some(Level::Information),
    what: "A heading, a table, a link or a sentence mentions a requirement that is not defined.",
    why: "A reader who looks the id up finds nothing. Prose may speak of other projects' ids, so this is only information. Code, comments and link targets are never looked at.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- plan.md\n# Plan\n\nHashing serves FR-1 and FR-7.\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- plan.md\n# Plan\n\nHashing serves FR-1.\n",
    fix: "",
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if !check.judges_references() {
        return;
    }
    for reference in facts.references.iter().filter(|it| matches!(it.kind, Kind::Tag | Kind::Mention)) {
        out.extend(judged(check, &RULE, facts, reference));
    }
}
