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
            let (a, b) = (facts.text(first.file), facts.text(second.file));
            let apart =
                facts.sections.iter().any(|section| (first.head.end..second.head.start).contains(&section.head.start));
            // Two of one number are a duplicate, and most likely one task.
            let same = first.number != second.number && facts.text(first.number) == facts.text(second.number);
            let twice = same && !facts.text(first.number).is_empty();
            if twice || a.is_empty() || a != b || first.parent != second.parent || apart {
                continue;
            }
            let mut finding = Finding::new(
                &RULE,
                second.head.shifted(base),
                format!("this task and the one before may run at once, but both change {a}"),
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
