//! `duplicate-reference`: one trace line names a requirement twice.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Facts, FlawKind, Kind, Reach, Reference};
use crate::id::Id;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-reference",
    level: Some(Level::Warning),
    what: "A trace line names the same requirement twice.",
    why: "One of the two was most likely meant to be another. An id that a range of the same line includes is not \
          counted, nor one behind words: they begin another list.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR-1_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n",
    fix: Remedy::Safe("Removes the second one."),
    check: Checker::Part(check),
};

/// What stands between two ids of one list is no longer, in bytes.
const LONGEST_GAP: u32 = 5;

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if matches!(check.view.role, Role::Template | Role::Other | Role::None) {
        return;
    }
    for trace in &facts.traces {
        let references = &facts.references[trace.references.start as usize..trace.references.end as usize];
        if !may_repeat(facts, references) {
            continue;
        }
        // Sorted, because some trace lines are long: looking for each in all of them would take the square of that.
        let mut spans: Vec<Span> = references.iter().map(|reference| reference.span).collect();
        spans.sort_unstable();
        let mut ends: Vec<u32> = spans.iter().map(|span| span.end).collect();
        ends.sort_unstable();
        let first = |span: Span| spans.partition_point(|other| *other < span);
        let alone = |span: Span| spans.get(first(span) + 1) != Some(&span);
        let (mut seen, mut last) = (FxHashSet::default(), None::<u32>);
        // Where two ids stand without a comma between them.
        let flaws = trace.flaws.iter().filter(|flaw| flaw.what == FlawKind::Separator);
        let mut joined: Vec<u32> = flaws.map(|flaw| flaw.span.start).collect();
        joined.sort_unstable();
        // Whose criteria are named: `FR-1 AC-1/2, FR-2 AC-1` are of two requirements.
        let mut owner: Option<&Id> = None;
        let mut previous: Option<&Reference> = None;
        let named = references.iter().filter(|it| it.kind == Kind::Trace && it.reach == Reach::One);
        for reference in named.filter(|it| alone(it.span)) {
            let id = facts.id(reference.id);
            // `1.1, 1.2 (Bug 1); 1.1 (Bug 2)` are two lists.
            if last.is_some_and(|end| reference.span.start > end + LONGEST_GAP) {
                seen.clear();
            }
            last = Some(reference.span.end);
            if let Some(before) = previous.replace(reference)
                && facts.id(before.id).family() != id.family()
            {
                let next = joined.partition_point(|at| *at < before.span.end);
                let is_behind = joined.get(next).is_some_and(|at| *at <= reference.span.start);
                owner = is_behind.then(|| facts.id(before.id));
            }
            if seen.insert((owner, id)) {
                continue;
            }
            let before = ends[..ends.partition_point(|end| *end <= reference.span.start)].last();
            let mut finding = Finding::new(&RULE, reference.span, format!("`{id}` stands twice in this trace line"));
            finding.unnecessary = true;
            if let Some(&before) = before {
                let span = Span { start: before, end: reference.span.end };
                finding.fix = Some(Fix::one(format!("Remove the second `{id}`"), span, "").safe());
            }
            out.push(finding);
        }
    }
}

/// Whether a trace line may name an id twice. Most name few, which are compared with each other.
fn may_repeat(facts: &Facts, references: &[Reference]) -> bool {
    const FEW: usize = 8;
    references.len() > FEW
        || references.iter().enumerate().any(|(at, one)| {
            references[..at].iter().any(|other| one.id == other.id || facts.id(one.id) == facts.id(other.id))
        })
}
