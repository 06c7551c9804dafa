//! `unknown-task`: a task list names a task that it does not have.

use super::repeated::{MOST_PLACES, gathered, placed, times};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::query::Place;
use crate::settings::Level;
use crate::world::View;
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) const RULE: Rule = Rule {
    name: "unknown-task",
    level: Some(Level::Information),
    what: "A task list names a task that it does not have.",
    why: "Whoever follows the order of tasks looks for one that was renumbered or never written. Numbers such as `T014` are \
          looked for in all of a task list's text, bare numbers only behind a key such as `Depends on:`, and only where tasks \
          are numbered in that way. What any line begins with may be a task without a box, tasks of the feature's other lists \
          count too, and a line that tells of a task that was dropped is left alone. Where more are unknown than known, \
          the tasks are kept elsewhere.",
    bad: "//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 Check passwords\n- [ ] T002 Lock accounts\n- [ ] T003 Hash passwords\n\n## Order\n\n- Begin T002 after T014\n",
    good: "//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 Check passwords\n- [ ] T002 Lock accounts\n- [ ] T003 Hash passwords\n\n## Order\n\n- Begin T002 after T001\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// So many tasks are numbered in one way where that is the list's way.
const FEWEST: u32 = 3;

/// How a task's number is written: whether with a letter before it, how many digits that has, and how many dots there are.
type Shape = (bool, usize, usize);

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let view = &check.view;
    if view.role != Role::Tasks || check.template || !view.parts().any(|(_, facts)| !facts.task_names.is_empty()) {
        return;
    }
    let mut known = FxHashSet::default();
    let mut shapes: FxHashMap<Shape, u32> = FxHashMap::default();
    for number in numbers_of(view) {
        if known.insert(number.to_lowercase()) {
            *shapes.entry(shape(number)).or_default() += 1;
        }
    }
    let own = known.len();
    for other in check.snapshot.views_in(view.scope).filter(|it| it.role == Role::Tasks && it.path != view.path) {
        known.extend(numbers_of(&other).map(str::to_lowercase));
    }
    // A task that has parts is there.
    let parts: Vec<String> = known.iter().flat_map(|number| wholes(number)).map(str::to_string).collect();
    known.extend(parts);
    let mut found: Vec<(String, Finding)> = Vec::new();
    let mut uses: FxHashMap<String, (usize, u32)> = FxHashMap::default();
    for (base, facts) in view.parts() {
        for name in facts.task_names.iter().filter(|name| !name.begins) {
            let number = facts.text(name.number);
            let folded = number.to_lowercase();
            if known.contains(&folded) || shapes.get(&shape(number)).is_none_or(|count| *count < FEWEST) {
                continue;
            }
            let span = name.span.shifted(base);
            let (at, count) = uses.entry(folded).or_insert_with(|| {
                found.push((number.to_string(), Finding::new(&RULE, span, String::new())));
                (found.len() - 1, 0)
            });
            *count += 1;
            let finding = &mut found[*at].1;
            if *count > 1 && finding.related.len() < MOST_PLACES {
                let place = Place { path: view.path.clone(), span };
                finding.related.push((place, format!("{number} is named here too")));
            }
        }
    }
    if found.len() > own {
        return;
    }
    for (number, finding) in &mut found {
        let count = uses.get(&number.to_lowercase()).map_or(1, |(_, count)| *count as usize);
        finding.message = match count {
            1 => format!("`{number}` is no task of this list"),
            _ => format!("`{number}` is no task of this list · it is named {}", times(count)),
        };
    }
    placed(&mut found, view.path);
    out.extend(gathered(&found, |count| format!("{count} tasks are named that this list does not have")));
}

/// The numbers of a task list's tasks, and those that its lines begin with.
fn numbers_of<'a>(view: &View<'a>) -> impl Iterator<Item = &'a str> {
    view.parts().flat_map(|(_, facts)| {
        let boxes = facts.tasks.iter().map(|task| task.number);
        let lines = facts.task_names.iter().filter(|name| name.begins).map(|name| name.number);
        boxes.chain(lines).map(|number| facts.text(number)).filter(|number| !number.is_empty())
    })
}

fn shape(number: &str) -> Shape {
    let digits = number.trim_start_matches('T');
    let lettered = digits.len() < number.len();
    let width = digits.bytes().take_while(u8::is_ascii_digit).count();
    (lettered, if lettered { width } else { 0 }, digits.matches('.').count())
}

/// What `number` is a part of: `2` and `2.4` of `2.4.1`, `t014` of `t014a`.
fn wholes(number: &str) -> impl Iterator<Item = &str> {
    let dots = number.match_indices('.').map(|(at, _)| &number[..at]);
    dots.chain(number.strip_suffix(|c: char| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    const BOXES: &str = "- [ ] T001 Saw\n- [ ] T002 Nail\n- [ ] T003 Tar\n- [ ] T005a Row\n";

    fn found(tasks: &str) -> Vec<String> {
        let world = world(&format!("//- a/tasks.md\n# Tasks\n\n{tasks}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
        all.filter(|it| it.rule.name == "unknown-task")
            .map(|it| format!("{} +{}", it.message, it.related.len()))
            .collect()
    }

    #[test]
    fn a_task_that_is_named_and_not_there_is_one_finding() {
        let order = format!(
            "{BOXES}\n## Order\n\n- T002, T004 may run at once\n- T002-T004 come first\n- T008a is new (see T001)\n"
        );
        assert_eq!(found(&order), ["`T004` is no task of this list · it is named twice +1"]);
        let many = found(&format!("{BOXES}\n- T004, T006, T007, T008 may run at once\n"));
        let message = "4 tasks are named that this list does not have: `T004`, `T006`, `T007` and `T008`";
        assert_eq!(many, [format!("{message} +3")]);
        assert_eq!(found(&format!("{BOXES}\n- 4 tasks (new: T002a)\n")), ["`T002a` is no task of this list +0"]);
        assert_eq!(found(&format!("{BOXES}\n- Start after T003 → T009\n")), ["`T009` is no task of this list +0"]);
    }

    #[test]
    fn what_may_be_something_else_is_left_alone() {
        for line in [
            "T004: Launch",
            "T005 waits for T003",
            "See T12 and T0004, UT004 and T004-b, `T004`",
            "T004 was removed",
            "- [x] T003-T006: Launch\n\nBegin after T004 and T006",
            "- [ ] [P] T004 Launch\n\nBegin after T004",
            "~~T004~~ is done by T003",
            "as spec 002 T004 and 002-oars/T004 say",
        ] {
            assert_eq!(found(&format!("{BOXES}\n{line}\n")), [""; 0], "{line}");
        }
        assert_eq!(found("- [ ] T001 Saw\n\nBefore T002.\n"), [""; 0], "one is no list");
    }

    #[test]
    fn bare_numbers_count_behind_a_key() {
        let boxes = "- [ ] 1. Hull\n  - [ ] 1.1 Saw\n  - [ ] 1.2 Nail\n    - _Depends: 1.1, 2.4_\n- [ ] 2. Oars\n  - [ ] 2.1 Carve\n    - Depends on: Task 1.3 (tar), 2\n    - Takes 1.7 days: 1.9\n";
        assert_eq!(found(boxes), ["`2.4` is no task of this list +0", "`1.3` is no task of this list +0"]);
        assert_eq!(found(&boxes.replace("2.4", "none").replace("1.3", "1.2")), [""; 0]);
    }
}
