//! `parallel-task-conflict`: two tasks of a group that may run at once change the same file.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::facts::Task;
use crate::query::Place;
use crate::settings::Level;
use rustc_hash::FxHashMap;

pub(super) const RULE: Rule = Rule {
    name: "parallel-task-conflict",
    level: Some(Level::Information),
    what: "Two tasks of a section that are marked `[P]` end with the same file.",
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
        // The last task of each file that a group of tasks names.
        let mut last: FxHashMap<&str, &Task> = FxHashMap::default();
        let mut heads = facts.sections.iter().map(|section| section.head.start).peekable();
        for second in &facts.tasks {
            while heads.next_if(|head| *head <= second.head.start).is_some() {
                last.clear();
            }
            let file = facts.text(second.file);
            if file.is_empty() {
                continue;
            }
            let Some(first) = last.insert(file, second) else { continue };
            // Two of one number are a duplicate, and most likely one task.
            let (one, other) = (facts.text(first.number), facts.text(second.number));
            if one == other && !one.is_empty() || first.parent != second.parent {
                continue;
            }
            let name = if one.is_empty() { "one above" } else { one };
            let mut finding = Finding::new(
                &RULE,
                second.head.shifted(base),
                format!("this task and {name} may run at once, but both change {file}"),
            );
            let place = Place { path: check.view.path.clone(), span: first.head.shifted(base) };
            finding.related.push((place, "the other task".into()));
            out.push(finding);
        }
    }
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
        assert_eq!(found("Create src/a.ts", "Create src/b.ts"), 0);
    }
}
