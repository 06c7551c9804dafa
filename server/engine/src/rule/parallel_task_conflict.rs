//! `parallel-task-conflict`: two tasks of a group that may run at once change the same file.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Facts, Task, changed_file};
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) const RULE: Rule = Rule {
    name: "parallel-task-conflict",
    level: Some(Level::Information),
    what: "Two tasks of a section that are marked `[P]` end with the same file.",
    why: "`[P]` says that tasks may be done at the same time, which two changes of one file cannot. Only the last path of a \
          task's title counts, because that is the file it changes. All tasks of a section that change one file are one finding. Where the file is that of a task before it \
          without the mark, it is a hint.",
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
        let mut heads = facts.sections.iter().map(|section| section.head.start).peekable();
        let begins = |task: &Task| {
            let mut begins = false;
            while heads.next_if(|head| *head <= task.head.start).is_some() {
                begins = true;
            }
            begins
        };
        let mut begins: Vec<bool> = facts.tasks.iter().map(begins).collect();
        begins.push(true);
        let mut from = 0;
        for at in (1..begins.len()).filter(|at| begins[*at]) {
            of_section(check, base, facts, &facts.tasks[from..at], out);
            from = at;
        }
    }
}

/// Tells of the tasks of one section that change the same file.
fn of_section(check: &Check<'_>, base: u32, facts: &Facts, tasks: &[Task], out: &mut Vec<Finding>) {
    // Those that may run at once and change each file, in the order of the first.
    let mut groups: Vec<(&str, Vec<&Task>)> = Vec::new();
    let mut known: FxHashMap<(&str, Option<u32>), usize> = FxHashMap::default();
    let mut numbers = FxHashSet::default();
    for task in tasks {
        let file = facts.text(task.file);
        if file.is_empty() {
            continue;
        }
        let at = *known.entry((file, task.parent)).or_insert_with(|| {
            groups.push((file, Vec::new()));
            groups.len() - 1
        });
        // Two of one number are a duplicate, and most likely one task.
        let number = facts.text(task.number);
        if number.is_empty() || numbers.insert((at, number)) {
            groups[at].1.push(task);
        }
    }
    if groups.is_empty() {
        return;
    }
    // The first of the others that changes a file.
    let mut before: FxHashMap<(&str, Option<u32>), &Task> = FxHashMap::default();
    for task in tasks.iter().filter(|task| facts.text(task.file).is_empty() && !facts.text(task.number).is_empty()) {
        if let Some(file) = changed_file(facts.text(task.title)) {
            before.entry((file, task.parent)).or_insert(task);
        }
    }
    for group @ (file, all) in &groups {
        let first = before.get(&(*file, all[0].parent)).filter(|other| other.head.start < all[0].head.start);
        out.extend(told(check, base, facts, group).or_else(|| first.map(|it| after(check, base, facts, it, group))));
    }
}

/// The finding of a task that may run at once with others and changes the file of one before it that may not.
fn after(check: &Check<'_>, base: u32, facts: &Facts, first: &Task, (file, tasks): &(&str, Vec<&Task>)) -> Finding {
    let message = format!("this task may run at once with {}, but both change {file}", facts.text(first.number));
    let mut finding = Finding::new(&RULE, tasks[0].head.shifted(base), message);
    // Who goes through them in order has done the first by then.
    finding.level = Level::Hint;
    finding.also_at(check, &[first.head.shifted(base)], "it is changed here before");
    finding
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
        assert_eq!(
            found(
                "Add three tests of floating\n  to `tests/hull.rs`",
                "Add two tests of sinking to\n  `tests/hull.rs`"
            ),
            1
        );
        assert_eq!(found("types/a.tsにAを追加", "`types/a.ts`の`B`を変更"), 1, "no blank stands there");
        assert_eq!(found("在src/a.ts中增加", "修改src/a.ts"), 1);
        assert_eq!(found("更新 docs/設計.md", "更新 docs/要件.md"), 0);
        assert_eq!(found("Row in hull.py", "Sail in hull.py, slowly"), 1);
        assert_eq!(found("Make `a/` with its doc.go", "Make `b/` with its doc.go"), 0);
        assert_eq!(found("Serve it by Node.js", "Build it by Node.js"), 0);
        assert_eq!(found("Say how to row in README.md", "Say how to sail in `README.md`"), 1);
        assert_eq!(found("Create src/a.ts", "Create src/b.ts\n\n## Next\n\n- [ ] T003 [P] Change src/a.ts"), 0);
    }

    #[test]
    fn a_file_that_a_task_before_it_changes_is_a_hint() {
        let found = |tasks: &str| {
            let world = world(&format!("//- a/spec.md\n# S\n//- a/tasks.md\n# T\n\n## One\n\n{tasks}"));
            let all = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
            let own = all.filter(|it| it.rule.name == "parallel-task-conflict");
            own.map(|it| format!("{} {}", it.level.as_str(), it.message)).collect::<Vec<_>>()
        };
        let told = ["hint this task may run at once with T001, but both change src/a.rs"];
        let one = "- [ ] T001 Make the hull in src/a.rs\n";
        assert_eq!(found(&format!("{one}- [ ] T002 [P] Tar it in `src/a.rs`\n")), told);
        assert_eq!(found(&format!("{one}- [ ] T002 Row in src/b.rs\n- [ ] T003 [P] Tar it in src/a.rs\n")), told);
        for fine in [
            "- [ ] T002 [P] Tar it in src/a.rs\n- [ ] T003 Paint it in src/a.rs\n".to_string(),
            format!("{one}\n## Two\n\n- [ ] T002 [P] Tar it in src/a.rs\n"),
            format!("{one}- [ ] T002 [P] Tar it in src/b.rs\n"),
        ] {
            assert_eq!(found(&fine), [""; 0], "{fine}");
        }
        let two = format!("{one}- [ ] T002 [P] Tar it in src/a.rs\n- [ ] T003 [P] Paint it in src/a.rs\n");
        assert_eq!(found(&two), ["information this task and T002 may run at once, but both change src/a.rs"]);
    }
}
