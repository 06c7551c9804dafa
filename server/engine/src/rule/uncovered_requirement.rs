//! `uncovered-requirement`: nothing in the feature's plan or tasks serves a requirement.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::{CoveredBy, Role};
use crate::facts::Form;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "uncovered-requirement",
    level: Some(Level::Information),
    what: "No trace line of the plan and nothing in the tasks names a requirement.",
    why: "It will not be built. A requirement is covered by a trace to itself, to its parent or to one of its children. \
          Only families that the feature's tasks cite in trace lines are judged: where tasks never cite NFRs, an NFR \
          without a task says nothing, nobody builds what is withdrawn, and where one trace line says *All requirements*, no other says anything.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords and lock\n  - _Requirements: FR-1, FR-2_\n",
    fix: "",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let judged = check.view.role == Role::Spec && !check.template && check.lookup.complete;
    let Some(index) = check
        .lookup
        .own()
        .filter(|_| judged && check.snapshot.dialect_of(check.view.path).table.coverage.by == CoveredBy::TraceLines)
    else {
        return;
    };
    let Some(names) = index.names_of(check.view.path) else { return };
    let mut told = rustc_hash::FxHashSet::default();
    for (base, facts) in check.view.parts() {
        for definition in &facts.definitions {
            let id = facts.id(definition.id);
            if matches!(definition.form, Form::Rendered | Form::Section)
                || !names.defines(id)
                || !index.judges(id.family())
                || index.is_covered(id)
                || index.is_withdrawn(id)
                || !told.insert(id.clone())
            {
                continue;
            }
            // A parent that nothing serves speaks for its children.
            if id.parent().is_some_and(|parent| index.defined(&parent).is_some() && !index.is_covered(&parent)) {
                continue;
            }
            let mut finding = Finding::new(
                &RULE,
                definition.place.shifted(base),
                format!("`{id}` is not covered by the plan or the tasks"),
            );
            finding.help = Some(format!("name it in a trace line of the task that builds it: `_Requirements: {id}_`"));
            out.push(finding);
        }
    }
}
