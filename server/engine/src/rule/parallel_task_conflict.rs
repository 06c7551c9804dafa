//! `parallel-task-conflict`: two tasks of a group that may run at once change the same file.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Facts, Task};
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "parallel-task-conflict",
    level: Some(Level::Information),
    what: "Two tasks of a section that are marked `[P]` end with the same file.",
    why: "`[P]` says that tasks may be done at the same time, which two changes of one file cannot. Only the last path of a \
          task's title counts, because that is the file it changes. All tasks of a section that change one file are one finding.",
    bad: "//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 [P] Check passwords in src/login.rs\n- [ ] T002 [P] Lock accounts in src/login.rs\n",
    good: "//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 [P] Check passwords in src/login.rs\n- [ ] T002 [P] Lock accounts in src/account.rs\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    for (base, facts) in check.view.parts() {
        // The tasks of a section that change each file, in the order of the first.
        let mut groups: Vec<(&str, Vec<&Task>)> = Vec::new();
        let mut heads = facts.sections.iter().map(|section| section.head.start).peekable();
        for task in &facts.tasks {
            while heads.next_if(|head| *head <= task.head.start).is_some() {
                out.extend(groups.drain(..).filter_map(|group| told(check, base, facts, &group)));
            }
            let file = facts.text(task.file);
            if file.is_empty() {
                continue;
            }
            let known = groups.iter_mut().find(|(own, all)| *own == file && all[0].parent == task.parent);
            let Some((_, all)) = known else {
                groups.push((file, vec![task]));
                continue;
            };
            // Two of one number are a duplicate, and most likely one task.
            let number = facts.text(task.number);
            if number.is_empty() || all.iter().all(|other| facts.text(other.number) != number) {
                all.push(task);
            }
        }
        out.extend(groups.iter().filter_map(|group| told(check, base, facts, group)));
    }
}

/// The finding of tasks that change one file, at the second of them.
fn told(check: &Check<'_>, base: u32, facts: &Facts, (file, tasks): &(&str, Vec<&Task>)) -> Option<Finding> {
    let [first, second, rest @ ..] = &tasks[..] else { return None };
    let number = facts.text(first.number);
    let name = if number.is_empty() { "one above" } else { number };
    let message = match rest.len() {
        0 => format!("this task and {name} may run at once, but both change {file}"),
        more => format!("this task, {name} and {more} more may run at once, but all change {file}"),
    };
    let mut finding = Finding::new(&RULE, second.head.shifted(base), message);
    let others: Vec<Span> = [first].into_iter().chain(rest).map(|task| task.head.shifted(base)).collect();
    finding.also_at(check, &others, "another of these tasks");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn the_file_is_found_however_long_the_task_and_whatever_its_marks() {
        let found = |first: &str, second: &str| {
            let world = world(&format!(
                "//- a/spec.md\n# S\n//- a/tasks.md\n- [ ] T001 [P] {first}\n- [ ] T002 [P] {second}\n"
            ));
            let all = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
            all.filter(|it| it.rule.name == "parallel-task-conflict").count()
        };
        let long = "Create the interface that says which workspaces there are and what each of them holds in";
        assert_eq!(found(&format!("{long} src/types.ts"), &format!("{long} `src/types.ts`.")), 1);
        assert_eq!(found("创建订单：`src/match.ts`（统一）", "创建撮合：`src/match.ts`（同上）"), 1);
        assert_eq!(
            found("List routes\n  - Create: `src/[id]/a.ts` - GET", "Add routes\n  - **Edit**: `src/[id]/a.ts`"),
            1
        );
        assert_eq!(found("Page (P)\n  - _Boundary: src/a.py_", "Sheet (P)\n  - _Boundary: src/a.py_"), 1);
        assert_eq!(found("List routes\n  - See: `src/a.ts`", "Add routes\n  - See: `src/a.ts`"), 0);
        assert_eq!(found("Create src/a.ts", "Create src/b.ts"), 0);
        assert_eq!(found("Create src/a.ts", "Create src/b.ts\n- [ ] T003 [P] Change src/a.ts"), 1, "one between them");
        assert_eq!(found("Create src/a.ts", "Fill src/a.ts\n- [ ] T003 [P] Change src/a.ts"), 1, "one for three");
        assert_eq!(found("Create src/a.ts", "Create src/b.ts\n\n## Next\n\n- [ ] T003 [P] Change src/a.ts"), 0);
    }
}
