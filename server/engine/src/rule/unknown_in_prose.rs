//! `unknown-in-prose`: text outside trace lines mentions a requirement that nothing defines.

use super::unknown_requirement::{describe, is_unknown};
use super::unknown_story::is_story_tag;
use super::{Check, Checker, Finding, Part, Rule};
use crate::facts::{Facts, Kind, Reference, Sure};
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "unknown-in-prose",
    level: Some(Level::Information),
    what: "A heading, a table, a link or a sentence mentions a requirement that is not defined.",
    why: "A reader who looks the id up finds nothing. Prose may speak of other projects' ids, so this is only information, \
          and a hint where the feature defines nothing of that family. Several of a family in one file are one finding with all \
          places: they have one cause. Code, comments and link targets are never looked at.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- plan.md\n# Plan\n\nHashing serves FR-1 and FR-7.\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- plan.md\n# Plan\n\nHashing serves FR-1.\n",
    fix: "",
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if !check.judges_references() {
        return;
    }
    for reference in facts
        .references
        .iter()
        .filter(|reference| matches!(reference.kind, Kind::Tag | Kind::Mention) && is_an_id(check, facts, reference))
    {
        if is_unknown(check, facts, reference) && !is_story_tag(check, facts, reference) {
            let mut finding = describe(check, &RULE, facts, reference);
            finding.part = Some(Part { home: finding.span, name: facts.id(reference.id).to_string() });
            if !check.lookup.defines_family(&facts.id(reference.id).family().to_ascii_uppercase()) {
                finding.level = Level::Hint;
            }
            out.push(finding);
        }
    }
}

/// Whether a mention is written as the ids here are: with a hyphen, or without one where the family has none.
fn is_an_id(check: &Check<'_>, facts: &Facts, reference: &Reference) -> bool {
    let id = facts.id(reference.id);
    let plain = || {
        let mut own = check.lookup.all_defined().filter(|(_, known)| known.family() == id.family()).peekable();
        own.peek().is_some() && own.all(|(_, known)| !known.prefix().ends_with('-'))
    };
    match reference.sure {
        Sure::Firm => true,
        Sure::Loose => {
            id.prefix().bytes().all(|b| b.is_ascii_uppercase())
                && check.lookup.meaning(id, reference.sure).is_none()
                && plain()
        }
        _ => false,
    }
}
