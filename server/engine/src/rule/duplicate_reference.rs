//! `duplicate-reference`: one trace line names a requirement twice.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Facts, Reach};
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-reference",
    level: Some(Level::Warning),
    what: "A trace line names the same requirement twice.",
    why: "One of the two was most likely meant to be another. An id that a range of the same line includes is not \
          counted, nor one behind words: they begin another list.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR-1_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n",
    fix: "Removes the second one.",
    check: Checker::Part(check),
};

/// What stands between two ids of one list is no longer, in bytes.
const LONGEST_GAP: u32 = 5;

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if matches!(check.view.role, Role::Template | Role::Other) {
        return;
    }
    for trace in &facts.traces {
        let references = &facts.references[trace.references.start as usize..trace.references.end as usize];
        let alone = |span: Span| references.iter().filter(|other| other.span == span).count() == 1;
        let single: Vec<_> =
            references.iter().filter(|reference| reference.reach == Reach::One && alone(reference.span)).collect();
        for (at, reference) in single.iter().enumerate() {
            let id = facts.id(reference.id);
            // `1.1, 1.2 (Bug 1); 1.1 (Bug 2)` are two lists.
            let list = single[..=at].windows(2).rposition(|pair| pair[1].span.start > pair[0].span.end + LONGEST_GAP);
            if !single[list.map_or(0, |before| before + 1)..at].iter().any(|earlier| facts.id(earlier.id) == id) {
                continue;
            }
            let before =
                references.iter().map(|other| other.span).filter(|span| span.end <= reference.span.start).max();
            let mut finding = Finding::new(&RULE, reference.span, format!("`{id}` stands twice in this trace line"));
            finding.unnecessary = true;
            if let Some(before) = before {
                finding.fix = Some(Fix::one(
                    format!("Remove the second `{id}`"),
                    Span { start: before.end, end: reference.span.end },
                    "",
                ));
            }
            out.push(finding);
        }
    }
}
