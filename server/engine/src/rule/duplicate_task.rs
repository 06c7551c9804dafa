//! `duplicate-task`: two tasks of a file have the same number.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashMap;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-task",
    level: Some(Level::Warning),
    what: "Two tasks of a file have the same number.",
    why: "\"Do task 2.1\" is ambiguous, above all for an agent. Whole numbers may start again under another heading or task; \
          numbers with a dot and `T001` may not.",
    bad: "//- tasks.md\n# Tasks\n\n- [ ] 1.1 Check passwords\n- [ ] 1.1 Lock accounts\n",
    good: "//- tasks.md\n# Tasks\n\n- [ ] 1.1 Check passwords\n- [ ] 1.2 Lock accounts\n",
    fix: "",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    let mut seen: FxHashMap<(&str, Option<Span>), Span> = FxHashMap::default();
    let mut section = Span::default();
    for (base, facts) in check.view.parts() {
        for task in &facts.tasks {
            let number = facts.text(task.number);
            if number.is_empty() {
                continue;
            }
            if let Some(heading) = facts.sections.iter().rev().find(|section| section.head.start <= task.head.start) {
                section = heading.head.shifted(base);
            }
            let whole = number.bytes().all(|b| b.is_ascii_digit());
            let under =
                whole.then(|| task.parent.map_or(section, |parent| facts.tasks[parent as usize].head.shifted(base)));
            let span = task.head.shifted(base);
            let Some(first) = seen.get(&(number, under)) else {
                seen.insert((number, under), span);
                continue;
            };
            let mut finding = Finding::new(&RULE, span, format!("task number {number} is used twice"));
            finding.related.push((
                Place { path: check.view.path.clone(), span: *first },
                format!("task {number} is first used here"),
            ));
            out.push(finding);
        }
    }
}
