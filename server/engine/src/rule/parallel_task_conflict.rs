//! `parallel-task-conflict`: two neighbouring tasks that may run at once change the same file.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::query::Place;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "parallel-task-conflict",
    level: Some(Level::Information),
    what: "Two neighbouring tasks marked `[P]` end with the same file.",
    why: "`[P]` says that tasks may be done at the same time, which two changes of one file cannot. Only the last path of a \
          task's title counts, because that is the file it changes.",
    bad: "//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 [P] Check passwords in src/login.rs\n- [ ] T002 [P] Lock accounts in src/login.rs\n",
    good: "//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 [P] Check passwords in src/login.rs\n- [ ] T002 [P] Lock accounts in src/account.rs\n",
    fix: "",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    for (base, facts) in check.view.parts() {
        for pair in facts.tasks.windows(2) {
            let [first, second] = pair else { continue };
            let (a, b) = (parallel_file(facts.text(first.title)), parallel_file(facts.text(second.title)));
            let apart =
                facts.sections.iter().any(|section| (first.head.end..second.head.start).contains(&section.head.start));
            // Two of one number are a duplicate, and most likely one task.
            let same = first.number != second.number && facts.text(first.number) == facts.text(second.number);
            let twice = same && !facts.text(first.number).is_empty();
            if twice || a.is_none() || a != b || first.parent != second.parent || apart {
                continue;
            }
            let file = a.unwrap_or_default();
            let mut finding = Finding::new(
                &RULE,
                second.head.shifted(base),
                format!("this task and the one before may run at once, but both change {file}"),
            );
            let place = Place { path: check.view.path.clone(), span: first.head.shifted(base) };
            finding.related.push((place, "the other task".into()));
            out.push(finding);
        }
    }
}

/// The file that a task marked `[P]` changes: the last path of its title.
fn parallel_file(title: &str) -> Option<&str> {
    if !title.contains("[P]") || title.ends_with('…') {
        return None;
    }
    let words = title.split([' ', ',', ';', '(', ')']).map(|word| word.trim_matches(['.', ':', '\'', '"']));
    words.rev().find(|word| word.contains('/') && word.rsplit('/').next().is_some_and(|name| name.contains('.')))
}
