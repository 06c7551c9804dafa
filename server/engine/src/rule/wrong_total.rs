//! `wrong-total`: a task list says that it has another number of tasks than it has.

use super::repeated::{gathered, placed};
use super::story_status_mismatch::number_of_task;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Counted, Facts, Section, Task};
use crate::settings::Level;
use crate::text::Span;
use crate::world::View;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "wrong-total",
    level: Some(Level::Information),
    what: "A task list says that it, or a part of it, has another number of tasks than it has.",
    why: "A total is written once, and tasks are added later: whoever plans by it plans for too few. Only lists are counted whose \
          tasks are numbered `T001`, `T002` and so on, `1.1`, `1.2` with no boxes below them, or are \
          headings (`### Task 1.1: Title`). A total that is the highest such number, \
          how many boxes there are, how many without those that begin with a label in brackets, or how many first \
          parts the numbers have, is right.",
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
    let Some((own, right)) = counts(view).or_else(|| counts_of_headings(check)) else { return };
    for (span, total) in totals().filter(|(_, total)| total.of == Counted::All) {
        let said = total.count as usize;
        if !right.contains(&said) {
            out.push(told(span, "the list", own, said));
        }
    }
    let parts = if totals().any(|(_, total)| total.of != Counted::All) { parts(check) } else { Vec::new() };
    let mut found: Vec<(String, Finding)> = Vec::new();
    for (span, total) in totals() {
        let mut own = parts.iter().filter(|part| part.names.contains(&total.of));
        let (Some(part), None) = (own.next(), own.next()) else { continue };
        let said = total.count as usize;
        if ![0, said].contains(&part.numbered) && part.boxes != said {
            found.push((part.title.to_string(), told(span, &format!("`{}`", part.title), part.numbered, said)));
        }
    }
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| {
        format!("{count} parts of the list have other numbers of tasks than this says")
    }));
}

/// How many tasks a list has, and all counts that a total of it may mean; none where it may be counted otherwise.
fn counts(view: &View<'_>) -> Option<(usize, Vec<usize>)> {
    let tasks = || view.parts().flat_map(|(_, facts)| facts.tasks.iter().map(move |task| (facts, task)));
    let lettered = |number: &str| number.starts_with('T') && number[1..].starts_with(|c: char| c.is_ascii_digit());
    let all = tasks().count();
    let numbered: Vec<(&Facts, &Task, &str)> =
        tasks().map(|(facts, task)| (facts, task, facts.text(task.number))).filter(|(.., it)| !it.is_empty()).collect();
    let own: FxHashSet<&str> = numbered.iter().map(|(.., number)| *number).collect();
    // Boxes without a number may be tasks that are numbered in another way.
    if own.len() < FEWEST || all > numbered.len() + own.len() / 8 {
        return None;
    }
    let mut right = vec![own.len(), numbered.len(), all];
    if numbered.iter().all(|(.., number)| lettered(number)) {
        let digits = |number: &str| number[1..].trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<usize>().ok();
        let named = view.parts().flat_map(|(_, facts)| facts.task_names.iter().map(|name| facts.text(name.number)));
        right.extend(own.iter().copied().chain(named.filter(|name| lettered(name))).filter_map(digits).max());
    } else {
        // One list of `1.1`, `1.2` and so on: below others, either may be what is counted.
        let flat = |(_, task, number): &(&Facts, &Task, &str)| task.parent.is_none() && number.contains('.');
        if !numbered.iter().all(flat) {
            return None;
        }
        // `10 major tasks`
        right.push(own.iter().filter_map(|number| number.split('.').next()).collect::<FxHashSet<_>>().len());
        // `[VERIFY] All tests pass`
        right.push(numbered.iter().filter(|(facts, task, _)| !facts.text(task.title).starts_with('[')).count());
    }
    Some((own.len(), right))
}

/// The same of a list whose tasks are headings, and whose boxes are their steps: `### Task 3.1: Title`.
fn counts_of_headings(check: &Check<'_>) -> Option<(usize, Vec<usize>)> {
    let parts = || check.view.parts().map(|(_, facts)| facts);
    let all: Vec<&str> = parts()
        .flat_map(|facts| facts.sections.iter().map(|section| facts.text(section.title)))
        .filter_map(|title| number_of_task(check, title))
        .collect();
    let boxes = || parts().flat_map(|facts| facts.tasks.iter().map(|task| facts.text(task.number)));
    if all.len() < FEWEST || boxes().any(|number| !number.is_empty()) {
        return None;
    }
    let own = all.iter().copied().collect::<FxHashSet<_>>().len();
    Some((own, vec![own, all.len(), boxes().count()]))
}

fn told(span: Span, what: &str, has: usize, said: usize) -> Finding {
    let mut finding = Finding::new(&RULE, span, format!("{what} has {has} tasks, and this says {said}"));
    finding.fix = Some(Fix::one(format!("Write {has}"), span, has.to_string()));
    finding
}

/// A section of the list that totals may count.
struct Part<'a> {
    title: &'a str,
    names: Vec<Counted>,
    /// Where it ends.
    end: u32,
    /// How many of its boxes have a number.
    numbered: usize,
    boxes: usize,
}

/// The phases and stories with their boxes, those in sections below them counted, too.
fn parts<'a>(check: &Check<'a>) -> Vec<Part<'a>> {
    let parts = || check.view.parts();
    let sections = parts().flat_map(|(base, facts)| facts.sections.iter().map(move |it| (base + it.start, facts, it)));
    let sections: Vec<(u32, &Facts, &Section)> = sections.filter(|(.., section)| section.top).collect();
    let numbered = |facts: &Facts, task: &Task| !facts.text(task.number).is_empty();
    let boxes = parts()
        .flat_map(|(base, facts)| facts.tasks.iter().map(move |task| (base + task.head.start, numbered(facts, task))));
    let boxes: Vec<(u32, bool)> = boxes.collect();
    let mut out: Vec<Part<'_>> = Vec::new();
    for (at, (start, facts, section)) in sections.iter().enumerate() {
        let title = facts.text(section.title);
        let mut names = names(title);
        // `Tests for User Story 2` is a part of that one.
        names.retain(|name| !out.iter().rev().take_while(|it| it.end > *start).any(|it| it.names.contains(name)));
        if names.is_empty() {
            continue;
        }
        let next = sections[at + 1..].iter().find(|(.., it)| it.level <= section.level);
        let end = next.map_or(u32::MAX, |(start, ..)| *start);
        let own = boxes.partition_point(|it| it.0 < *start)..boxes.partition_point(|it| it.0 < end);
        let numbered = boxes[own.clone()].iter().filter(|(_, numbered)| *numbered).count();
        if !own.is_empty() {
            out.push(Part { title, names, end, numbered, boxes: own.len() });
        }
    }
    out
}

/// What a heading says that it is: `Phase 4: User Story 2 - Late parcels (P2)` is two things.
fn names(title: &str) -> Vec<Counted> {
    let starts = title.char_indices().filter(|(at, _)| !title[..*at].ends_with(char::is_alphanumeric));
    starts.filter_map(|(at, _)| Counted::begins(&title[at..])).map(|(of, _)| of).collect()
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
        assert_eq!(told("**Total Tasks**: 9 tasks"), ["the list has 5 tasks, and this says 9"]);
        assert_eq!(told("- Total tasks: **9** (T001–T006)"), ["the list has 5 tasks, and this says 9"]);
        assert_eq!(told("总任务数：9"), ["the list has 5 tasks, and this says 9"]);
        for right in
            ["**Total Tasks**: 5", "Total tasks: 6", "Total tasks: 2/9", "Total: 9", "Total tasks: 9 (T001–T009)"]
        {
            assert_eq!(told(right), [""; 0], "{right}");
        }
    }

    #[test]
    fn totals_of_phases_and_stories_are_those_of_their_sections() {
        const PHASES: &str = "## Phase 1: Hull\n\n- [ ] T001 Saw\n- [ ] T002 Nail\n\n### Tests\n\n- [ ] T003 Float\n\n\
             ## Phase 2: User Story 1 - Row (P1)\n\n- [ ] T004 [US1] Row\n- [ ] T005 [US1] Rest\n- [ ] T006 [US1] Look\n\n\
             ### Tests for User Story 1\n\n- [ ] T007 Fall\n- [ ] T008 Swim\n- [ ] T009 Sink\n- [ ] T010 Rise\n- [ ] Look\n\n## Summary\n\n";
        let told = |said: &str| found(&format!("{PHASES}{said}\n"));
        assert_eq!(told("- **Phase 1 (Hull)**: 4 tasks"), ["`Phase 1: Hull` has 3 tasks, and this says 4"]);
        let story = ["`Phase 2: User Story 1 - Row (P1)` has 7 tasks, and this says 6"];
        for wrong in
            ["- User Story 1 (P1): 6 tasks (includes 2 tests)", "Phase 2 (US1) - 6 tasks", "**US1**: 6 tasks, 2 hours"]
        {
            assert_eq!(told(wrong), story, "{wrong}");
        }
        for right in [
            "- Phase 1: 3 tasks",
            "- Phase 2 (US1): 7 tasks",
            "- Phase 2: 8 tasks",
            "- Phase 1 + Phase 2: 6 tasks",
            "- Phase 1-2: 6 tasks",
            "- Phase 1b: 9 tasks",
            "- Phase 1: Hull: 9 tasks",
            "- Phase 1: T001-T009 (9 tasks)",
            "- Phase 1: 9 tasks remaining",
            "- Phase 1: 1/9 tasks",
            "- Phase 3: 9 tasks",
            "US1 tasks: 9",
            "Phase 1 tasks come first",
        ] {
            assert_eq!(told(right), [""; 0], "{right}");
        }
    }

    #[test]
    fn a_list_of_parts_is_counted_where_no_boxes_stand_below() {
        let list = "- [ ] 1.1 Saw\n- [ ] 1.2 Nail\n- [x] 1.3 [VERIFY] Look\n\n## Then\n\n- [ ] 2.1 Row\n- [ ] 2.2 Sail\n- [ ] 2.3 Rest\n";
        let told = |said: &str, more: &str| found(&format!("Total tasks: {said}\n\n{list}{more}"));
        assert_eq!(told("9", ""), ["the list has 6 tasks, and this says 9"]);
        assert_eq!(told("6", ""), [""; 0]);
        assert_eq!(told("5", ""), [""; 0], "without what only looks");
        assert_eq!(told("2 major tasks", ""), [""; 0]);
        assert_eq!(told("9", "  - [ ] 2.3.1 Sleep\n"), [""; 0]);
    }

    #[test]
    fn headings_are_counted_where_boxes_are_their_steps() {
        let task = |at: u32| format!("### Task 1.{at}: Hull\n\n- [ ] Saw\n- [ ] Nail\n- [ ] Tar\n\n");
        let list: String = (1..6).map(task).collect();
        let told = |said: &str, more: &str| found(&format!("{list}{more}## Summary\n\n**Total tasks**: {said}\n"));
        assert_eq!(told("7", ""), ["the list has 5 tasks, and this says 7"]);
        assert_eq!(told("5", ""), [""; 0]);
        assert_eq!(told("15", ""), [""; 0], "its steps");
        assert_eq!(told("7", "### Rest\n\n- [ ] 2.1 Row\n\n"), [""; 0]);
    }

    #[test]
    fn lists_of_other_numbers_are_not_counted() {
        let list = LIST.replace('T', "");
        assert_eq!(found(&format!("Total tasks: 9\n\n{list}")), [""; 0]);
        assert_eq!(found(&format!("Total tasks: 9\n\n{LIST}- [ ] 7 Rest\n")), [""; 0]);
    }
}
