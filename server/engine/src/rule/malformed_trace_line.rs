//! `malformed-trace-line`: a trace line is not written the way one is.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Facts, FlawKind, Kind, Reach, Reference, Sure};
use crate::id::Id;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "malformed-trace-line",
    level: Some(Level::Warning),
    what: "A trace line lacks its closing mark, a comma, or the hyphen of an id.",
    why: "People understand it, other tools and Markdown do not: an unclosed `_` shows as a character, and `FR 1.1` is found \
          by no search for `FR-1.1`. A missing comma is only information. An id without its hyphen is only reported where the hyphenated one is defined.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR 2\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR-2_\n",
    fix: "Closes the mark, puts the comma or writes the id as it is defined.",
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if matches!(check.view.role, Role::Template | Role::Other | Role::None) {
        return;
    }
    for trace in &facts.traces {
        for flaw in &trace.flaws {
            out.push(match flaw.what {
                FlawKind::Open(mark) => {
                    let mut finding =
                        Finding::new(&RULE, trace.line, format!("this trace line is not closed by `{mark}`"));
                    finding.fix = Some(Fix::one(format!("Close with `{mark}`"), flaw.span, mark));
                    finding
                }
                FlawKind::Separator => {
                    let mut finding =
                        Finding::new(&RULE, flaw.span, "the ids are not separated by a comma".to_string());
                    finding.fix = Some(Fix::one("Separate with a comma".into(), flaw.span, ", "));
                    finding.level = Level::Information;
                    finding
                }
            });
        }
    }
    for reference in &facts.references {
        let id = facts.id(reference.id);
        if !explains(check, reference, id) {
            continue;
        }
        let known = meant(check, reference, id).unwrap_or_else(|| id.clone());
        let mut finding = Finding::new(&RULE, reference.span, format!("`{known}` is written without its hyphen"));
        if reference.reach == Reach::One {
            finding.fix = Some(Fix::one(format!("Write `{known}`"), reference.span, known.as_str()));
        }
        out.push(finding);
    }
}

/// Whether a reference is a defined id without its hyphen, and so no unknown one.
pub(super) fn explains(check: &Check<'_>, reference: &Reference, id: &Id) -> bool {
    meant(check, reference, id).is_some()
}

fn meant(check: &Check<'_>, reference: &Reference, id: &Id) -> Option<Id> {
    if reference.kind != Kind::Trace {
        return None;
    }
    let meant = match reference.sure {
        Sure::Spaced => id.clone(),
        Sure::Loose if check.lookup.resolve(id).is_none() => id.hyphenated()?,
        _ => return None,
    };
    check.lookup.resolve(&meant).map(|(_, known)| known.clone())
}
