//! `duplicate-reference`: one trace line names a requirement twice.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Facts, Kind, Reach, TraceLine};
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-reference",
    level: Some(Level::Warning),
    what: "A trace line names the same requirement twice.",
    why: "One of the two was most likely meant to be another. An id that a range of the same line includes is not \
          counted, nor one behind words: they begin another list. A second trace line of a task that names nothing but what its first \
          does is a hint.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR-1_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n",
    fix: "Removes the second one.",
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
        // Sorted, because some trace lines are long: looking for each in all of them would take the square of that.
        let mut spans: Vec<Span> = references.iter().map(|reference| reference.span).collect();
        spans.sort_unstable();
        let mut ends: Vec<u32> = spans.iter().map(|span| span.end).collect();
        ends.sort_unstable();
        let first = |span: Span| spans.partition_point(|other| *other < span);
        let alone = |span: Span| spans.get(first(span) + 1) != Some(&span);
        let (mut seen, mut last) = (FxHashSet::default(), None::<u32>);
        let named = references.iter().filter(|it| it.kind == Kind::Trace && it.reach == Reach::One);
        for reference in named.filter(|it| alone(it.span)) {
            let id = facts.id(reference.id);
            // `1.1, 1.2 (Bug 1); 1.1 (Bug 2)` are two lists.
            if last.is_some_and(|end| reference.span.start > end + LONGEST_GAP) {
                seen.clear();
            }
            last = Some(reference.span.end);
            if seen.insert(id) {
                continue;
            }
            let before = ends[..ends.partition_point(|end| *end <= reference.span.start)].last();
            let mut finding = Finding::new(&RULE, reference.span, format!("`{id}` stands twice in this trace line"));
            finding.unnecessary = true;
            if let Some(&before) = before {
                finding.fix = Some(Fix::one(
                    format!("Remove the second `{id}`"),
                    Span { start: before, end: reference.span.end },
                    "",
                ));
            }
            out.push(finding);
        }
    }
    repeated_lines(facts, out);
}

/// Tells of a task's second trace line that names nothing but what its first does: what an edit has left there.
fn repeated_lines(facts: &Facts, out: &mut Vec<Finding>) {
    let ids = |trace: &TraceLine| {
        let references = &facts.references[trace.references.start as usize..trace.references.end as usize];
        references.iter().map(|reference| reference.id).collect::<FxHashSet<u32>>()
    };
    for pair in facts.traces.windows(2) {
        let [first, second] = pair else { continue };
        let task = facts.task_at(second.line.start).filter(|_| second.references.len() > 1);
        let Some(task) = task.filter(|task| facts.task_at(first.line.start).is_some_and(|it| it.item == task.item))
        else {
            continue;
        };
        let own = ids(second);
        if own.len() < 2 || !own.is_subset(&ids(first)) {
            continue;
        }
        let message = format!("this task names all {} of these in the trace line above", own.len());
        let mut finding = Finding::new(&RULE, second.value, message);
        // Details may have trace lines of their own.
        finding.level = Level::Hint;
        finding.unnecessary = true;
        finding.help =
            Some(format!("take it out of task {}, or name what the lines above it serve", facts.text(task.number)));
        out.push(finding);
    }
}
