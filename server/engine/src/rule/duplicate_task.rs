//! `duplicate-task`: two tasks of a file have the same number.

use super::repeated::{Entry, Repeat, repeats};
use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::query::Place;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-task",
    level: Some(Level::Warning),
    what: "Two tasks of a file have the same number.",
    why: "\"Do task 2.1\" is ambiguous, above all for an agent. Whole numbers may start again under another heading or task, \
          and a list may be told or counted again in another section. Where it may be either, it is only information.",
    bad: "//- tasks.md\n# Tasks\n\n- [ ] 1.1 Check passwords\n- [ ] 1.1 Lock accounts\n",
    good: "//- tasks.md\n# Tasks\n\n- [ ] 1.1 Check passwords\n- [ ] 1.2 Lock accounts\n",
    fix: "",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    let mut section = 0;
    let mut entries = Vec::new();
    for (base, facts) in check.view.parts() {
        let mut heads = facts.sections.iter().peekable();
        for task in &facts.tasks {
            while let Some(head) = heads.next_if(|head| head.head.start <= task.head.start) {
                section = head.head.shifted(base).start + 1;
            }
            let number = facts.text(task.number);
            if number.is_empty() {
                continue;
            }
            // Whole numbers start again under another heading or task.
            let whole = number.bytes().all(|b| b.is_ascii_digit());
            let under = whole.then(|| {
                task.parent.map_or(section, |parent| facts.tasks[parent as usize].head.shifted(base).start + 1)
            });
            let (title, span) = (facts.text(task.title), task.head.shifted(base));
            entries.push(Entry { name: (number, under), section, title, span });
        }
        section = facts.sections.last().map_or(section, |last| last.head.shifted(base).start + 1);
    }
    for (first, second, repeat) in repeats(&entries) {
        if repeat == Repeat::Again {
            continue;
        }
        let ((number, _), span) = (entries[second].name, entries[second].span);
        let mut finding = Finding::new(&RULE, span, format!("task number {number} is used twice"));
        finding.related.push((
            Place { path: check.view.path.clone(), span: entries[first].span },
            format!("task {number} is first used here"),
        ));
        if repeat == Repeat::Doubt {
            finding.level = Level::Information;
        }
        out.push(finding);
    }
}
