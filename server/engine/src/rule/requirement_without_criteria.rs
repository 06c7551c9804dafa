//! `requirement-without-criteria`: a numbered requirement states no criterion, where the others do.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::Form;
use crate::id::Id;
use crate::settings::Level;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "requirement-without-criteria",
    level: Some(Level::Information),
    what: "A numbered requirement states no criterion, where those around it do.",
    why: "Tasks trace to criteria, so nothing can be traced to it, and nobody can tell when it is done. Often a section was put in \
          between, and its criteria are counted below the next one. Speaks only where three requirements in four, and three in \
          all, have criteria.",
    bad: "//- .kiro/specs/lamp/requirements.md\n# Requirements Document\n\n### Requirement 1: Burn\n\n1. WHEN lit THEN it SHALL burn\n\n### Requirement 2: Go out\n\n1. WHEN blown at THEN it SHALL go out\n\n### Requirement 3: Stay cool\n\n**User Story:** As a reader, I want a cool lamp.\n\n### Requirement 4: Smell\n\n1. WHILE lit it SHALL NOT smell\n",
    good: "//- .kiro/specs/lamp/requirements.md\n# Requirements Document\n\n### Requirement 1: Burn\n\n1. WHEN lit THEN it SHALL burn\n\n### Requirement 2: Go out\n\n1. WHEN blown at THEN it SHALL go out\n\n### Requirement 3: Stay cool\n\n1. WHILE lit the housing SHALL stay cool\n\n### Requirement 4: Smell\n\n1. WHILE lit it SHALL NOT smell\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// So many others have criteria.
const FEWEST: usize = 3;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let view = &check.view;
    if view.role != Role::Spec || check.template || !check.lookup.counts() {
        return;
    }
    let numbered = || {
        view.parts().flat_map(|(base, facts)| {
            let all = facts.definitions.iter().filter(|it| it.form == Form::Numbered && !it.withdrawn && !it.deferred);
            all.map(move |it| (facts.id(it.id), it.place.shifted(base)))
        })
    };
    if numbered().nth(FEWEST).is_none() {
        return;
    }
    let owners: FxHashSet<Id> = view
        .parts()
        .flat_map(|(_, facts)| facts.definitions.iter().map(|it| facts.id(it.id)))
        .flat_map(|id| std::iter::successors(id.parent(), Id::parent))
        .collect();
    let (with, without): (Vec<_>, Vec<_>) = numbered().partition(|(id, _)| owners.contains(*id));
    if with.len() < FEWEST || with.len() < without.len() * 3 {
        return;
    }
    for (id, span) in without.into_iter().filter(|(id, _)| id.parent().is_none()) {
        out.push(Finding::new(&RULE, span, format!("`{id}` states no criterion, as {} others do", with.len())));
    }
}
