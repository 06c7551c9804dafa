//! `task-without-trace`: a task names no requirement although its neighbours do.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::facts::{Kind, Task};
use crate::settings::Level;
use crate::text::Encoding;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "task-without-trace",
    level: Some(Level::Hint),
    what: "A task has no trace line, although most tasks of the file have one.",
    why: "Nobody can say what it is for. A task is asked only if it has no subtasks, names no requirement anywhere in its \
          text, no task above it has a trace line, and at least half of such tasks do. Tags of stories (`[US1]`) do not \
          count: where tasks have them, those of the set-up have none.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n- [ ] 2. Hash passwords\n  - _Requirements: FR-1_\n- [ ] 3. Buy a server\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n- [ ] 2. Hash passwords\n  - _Requirements: FR-1_\n",
    fix: "",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    let exempt = &check.dialect.table.tasks.exempt;
    let (mut traced, mut bare) = (0, Vec::new());
    for (base, facts) in check.view.parts() {
        let mut has_child = vec![false; facts.tasks.len()];
        let mut has_trace = vec![false; facts.tasks.len()];
        let mut has_tag = has_trace.clone();
        for task in &facts.tasks {
            if let Some(parent) = task.parent {
                has_child[parent as usize] = true;
            }
        }
        // `8.` and `8.1` may stand side by side.
        let above = |task: &'_ Task| facts.text(task.number).rfind('.').map(|dot| &facts.text(task.number)[..dot]);
        let parents: FxHashSet<&str> = facts.tasks.iter().filter_map(above).collect();
        for (task, has_child) in facts.tasks.iter().zip(&mut has_child) {
            *has_child |= parents.contains(facts.text(task.number));
        }
        // Tasks come in the order of the text, so the last one that holds a place is the innermost.
        let note = |has: &mut [bool], offset: u32| {
            let first = facts.tasks.partition_point(|task| task.item.start <= offset);
            if let Some(at) = facts.tasks[..first].iter().rposition(|task| task.item.touches(offset)) {
                has[at] = true;
            }
        };
        facts.traces.iter().for_each(|trace| note(&mut has_trace, trace.line.start));
        for reference in &facts.references {
            let has = if reference.kind == Kind::Tag { &mut has_tag } else { &mut has_trace };
            note(has, reference.span.start);
        }
        // A trace line at the margin ends a section, and speaks for all tasks there.
        let at_margin = |offset: u32| check.view.position(offset + base, Encoding::Utf8).column == 0;
        for trace in facts.traces.iter().filter(|trace| at_margin(trace.line.start)) {
            let before = facts.sections.partition_point(|section| section.head.start <= trace.line.start);
            let start = before.checked_sub(1).map_or(0, |at| facts.sections[at].head.end);
            let end = facts.sections.get(before).map_or(u32::MAX, |next| next.head.start);
            let first = facts.tasks.partition_point(|task| task.head.start < start);
            let last = facts.tasks.partition_point(|task| task.head.start < end);
            has_trace[first..last.max(first)].fill(true);
        }
        for (at, task) in facts.tasks.iter().enumerate().filter(|(at, _)| !has_child[*at]) {
            let mut up = std::iter::successors(Some(at), |at| facts.tasks[*at].parent.map(|parent| parent as usize));
            if up.clone().any(|at| has_trace[at]) {
                traced += 1;
            } else if up.any(|at| has_tag[at]) {
                // It belongs to a story. Steps before and after all stories have no tag, so this asks nothing of the others.
            } else if !exempt.iter().any(|word| facts.text(task.title).to_lowercase().starts_with(word.as_str())) {
                bare.push((task.head.shifted(base), facts.text(task.number)));
            }
        }
    }
    if traced < 2 || traced < bare.len() {
        return;
    }
    for (span, number) in bare {
        let name = if number.is_empty() { "this task".to_string() } else { format!("task {number}") };
        let mut finding = Finding::new(&RULE, span, format!("{name} names no requirement"));
        finding.help = Some("end it with a trace line: `_Requirements: …_`".into());
        out.push(finding);
    }
}
