//! `wrong-total`: a task list says that it has another number of tasks than it has.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::settings::Level;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "wrong-total",
    level: Some(Level::Information),
    what: "A task list says that it has another number of tasks than it has.",
    why: "A total is written once, and tasks are added later: whoever plans by it plans for too few. Only lists are counted whose \
          tasks are numbered `T001`, `T002` and so on. A total that is the highest number of the text, or how many boxes there are, is right.",
    bad: "//- specs/001-login/tasks.md\n# Tasks\n\n**Total tasks**: 3\n\n- [ ] T001 Check passwords\n- [ ] T002 Lock accounts\n- [ ] T003 Hash passwords\n- [ ] T004 Tell the owner\n- [ ] T005 Count tries\n",
    good: "//- specs/001-login/tasks.md\n# Tasks\n\n**Total tasks**: 5\n\n- [ ] T001 Check passwords\n- [ ] T002 Lock accounts\n- [ ] T003 Hash passwords\n- [ ] T004 Tell the owner\n- [ ] T005 Count tries\n",
    fix: Remedy::Suggested("Writes how many numbered tasks there are."),
    check: Checker::File(check),
};

/// So many tasks make a list that is worth counting.
const FEWEST: usize = 5;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let view = &check.view;
    if view.role != Role::Tasks || check.template {
        return;
    }
    let totals =
        || view.parts().flat_map(|(base, facts)| facts.totals.iter().map(move |it| (it.span.shifted(base), it)));
    if totals().next().is_none() {
        return;
    }
    let tasks = || view.parts().flat_map(|(_, facts)| facts.tasks.iter().map(|task| facts.text(task.number)));
    let named = view.parts().flat_map(|(_, facts)| facts.task_names.iter().map(|name| facts.text(name.number)));
    let lettered = |number: &&str| number.starts_with('T') && number[1..].starts_with(|c: char| c.is_ascii_digit());
    let numbered: Vec<&str> = tasks().filter(|number| !number.is_empty()).collect();
    let own: FxHashSet<&str> = numbered.iter().copied().filter(lettered).collect();
    // Boxes without a number may be tasks that are numbered in another way.
    let all = tasks().count();
    if own.len() < FEWEST || numbered.iter().any(|number| !lettered(number)) || all > numbered.len() + own.len() / 8 {
        return;
    }
    let digits = |number: &str| number[1..].trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<usize>().ok();
    let known = own.iter().copied().chain(named.filter(lettered));
    let highest = known.filter_map(digits).max().unwrap_or_default();
    for (span, total) in totals() {
        let said = total.count as usize;
        if [own.len(), numbered.len(), all, highest].contains(&said) {
            continue;
        }
        let has = own.len();
        let mut finding = Finding::new(&RULE, span, format!("the list has {has} tasks, and says that it has {said}"));
        finding.fix = Some(Fix::one(format!("Write {has}"), span, has.to_string()));
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(tasks: &str) -> Vec<String> {
        let world = world(&format!("//- a/tasks.md\n# Tasks\n\n{tasks}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
        all.filter(|it| it.rule.name == "wrong-total").map(|it| it.message).collect()
    }

    const LIST: &str = "- [ ] T001 Saw\n- [ ] T002 Nail\n- [x] T003 Tar\n- [ ] T004 Row\n- [ ] T006 Sail\n";

    #[test]
    fn a_total_that_fits_in_no_way_is_told() {
        let told = |said: &str| found(&format!("{said}\n\n{LIST}"));
        assert_eq!(told("**Total Tasks**: 9 tasks"), ["the list has 5 tasks, and says that it has 9"]);
        assert_eq!(told("- Total tasks: **9** (T001–T006)"), ["the list has 5 tasks, and says that it has 9"]);
        assert_eq!(told("总任务数：9"), ["the list has 5 tasks, and says that it has 9"]);
        for right in
            ["**Total Tasks**: 5", "Total tasks: 6", "Total tasks: 2/9", "Total: 9", "Total tasks: 9 (T001–T009)"]
        {
            assert_eq!(told(right), [""; 0], "{right}");
        }
    }

    #[test]
    fn lists_of_other_numbers_are_not_counted() {
        let list = LIST.replace('T', "");
        assert_eq!(found(&format!("Total tasks: 9\n\n{list}")), [""; 0]);
        assert_eq!(found(&format!("Total tasks: 9\n\n{LIST}- [ ] 7 Rest\n")), [""; 0]);
    }
}
