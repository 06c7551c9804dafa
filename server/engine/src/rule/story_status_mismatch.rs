//! `story-status-mismatch`: a story says that it is done while tasks of it are open, or its criteria say otherwise than its tasks.

use super::doubt::is_archived;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::{Lexicon, Role, contains};
use crate::facts::{Facts, State, Task};
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "story-status-mismatch",
    level: Some(Level::Information),
    what: "A story says that it is done although tasks of it are open, or all its criteria are ticked and none of its tasks, or the other \
           way round.",
    why: "Either something is left to do, or the list was not kept: nobody can say which. Only the status of the whole document \
          counts, and only whole tasks below a heading of tasks (`lists` of `[tasks]` in the dialect), not those below headings of \
          what comes later, is optional or is ticked off in a review. Where no task is ticked at all, the list is not kept, and a \
          status is only a hint, and so is one that waits for a review. Criteria are compared with tasks where there are three of each at least; criteria that nobody \
          ticks are a hint, too.",
    bad: "//- tasks.md\n# Story\n\n**Status**: Done\n\n## Tasks\n\n- [x] Check passwords\n- [ ] Lock accounts\n",
    good: "//- tasks.md\n# Story\n\n**Status**: In progress\n\n## Tasks\n\n- [x] Check passwords\n- [ ] Lock accounts\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// So many boxes of a list say what is meant by it.
const FEWEST: usize = 3;

/// What the headings above a box make of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Task,
    Criterion,
    Other,
    /// It is optional, comes later or is ticked off in a review, whatever stands below it.
    Aside,
}

/// The boxes of one kind that are no parts of others.
#[derive(Default)]
struct List {
    ticked: usize,
    open: Vec<Span>,
    /// Those that are neither.
    others: usize,
    /// Whether they are steps of tasks that are headings.
    steps: bool,
}

impl List {
    fn len(&self) -> usize {
        self.ticked + self.open.len() + self.others
    }

    fn is_done(&self) -> bool {
        self.ticked >= FEWEST && self.ticked == self.len()
    }

    fn is_open(&self) -> bool {
        self.open.len() >= FEWEST && self.open.len() == self.len()
    }
}

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template || !may_mismatch(check) || is_archived(check) {
        return;
    }
    let (status, tasks, criteria) = read(check);
    if let Some((status, to_review)) = status
        && !tasks.open.is_empty()
    {
        let (open, all) = (tasks.open.len(), tasks.len());
        let what = match (tasks.steps, all) {
            (true, 1) => "step",
            (true, _) => "steps",
            (false, 1) => "task",
            (false, _) => "tasks",
        };
        let left = match open {
            _ if all == 1 => format!("its only {what} is open"),
            _ if open == all => format!("none of its {all} {what} is ticked"),
            1 => format!("1 of its {all} {what} is open"),
            _ => format!("{open} of its {all} {what} are open"),
        };
        let said = if to_review { "ready for review" } else { "done" };
        let mut finding = Finding::new(&RULE, status, format!("this says that the work is {said}, but {left}"));
        if to_review || tasks.ticked == 0 {
            finding.level = Level::Hint;
        }
        finding.also_at(check, &tasks.open, "this task is open");
        out.push(finding);
    } else if criteria.is_done() && tasks.is_open() {
        let (all, met) = (tasks.len(), criteria.len());
        let message = format!("none of {all} tasks is ticked, but all {met} criteria are");
        let mut finding = Finding::new(&RULE, tasks.open[0], message);
        finding.also_at(check, &tasks.open[1..], "this task is open");
        out.push(finding);
    } else if tasks.is_done() && criteria.is_open() {
        let (all, open) = (tasks.len(), criteria.len());
        let message = format!("none of {open} criteria is ticked, but all {all} tasks are");
        let mut finding = Finding::new(&RULE, criteria.open[0], message);
        finding.level = Level::Hint;
        finding.also_at(check, &criteria.open[1..], "this criterion is open");
        out.push(finding);
    }
}

/// Whether there may be anything to tell, before titles are looked at: something is open, and it is said that all is done, or
/// there are as many boxes of either state as two lists that contradict one another have.
fn may_mismatch(check: &Check<'_>) -> bool {
    let parts = || check.view.parts().map(|(_, facts)| facts);
    let are_there = |state: State, fewest: usize| {
        let all = parts().flat_map(|facts| facts.tasks.iter().filter(|task| task.state == state));
        all.take(fewest).count() == fewest
    };
    let says_done = || parts().any(|facts| facts.done.is_some());
    are_there(State::Open, 1) && (says_done() || are_there(State::Done, FEWEST) && are_there(State::Open, FEWEST))
}

/// Where the document says that it is done, and whether only that it waits for a review; its tasks, and its criteria.
fn read(check: &Check<'_>) -> (Option<(Span, bool)>, List, List) {
    let (mut tasks, mut criteria) = (List::default(), List::default());
    let mut above: Vec<(u8, Kind, bool)> = Vec::new();
    let mut status = None;
    // The level of the section that holds the status, while that is read.
    let mut holder = None;
    let mut boxes = 0;
    for (base, facts) in check.view.parts() {
        let mut heads = facts.sections.iter().filter(|section| section.top).peekable();
        let mut done = facts.done;
        let mut all = facts.tasks.iter().enumerate().peekable();
        loop {
            let head = heads.peek().map_or(u32::MAX, |head| head.head.start);
            let task = all.peek().map_or(u32::MAX, |(_, task)| task.head.start);
            let said = done.map_or(u32::MAX, |done| done.start);
            if head.min(task).min(said) == u32::MAX {
                break;
            } else if head <= task && head <= said {
                let Some(section) = heads.next() else { break };
                if holder.is_some_and(|level| section.level <= level) {
                    holder = None;
                }
                above.retain(|(level, ..)| *level < section.level);
                let (around, within) = above.last().map_or((Kind::Other, false), |(_, kind, named)| (*kind, *named));
                let title = facts.text(section.title);
                let named = within || section.level > 1 && names_task(check, title);
                above.push((section.level, kind(check, title, around), named));
            } else if said <= task {
                let span = done.take().map(|done| done.shifted(base));
                // Behind a box it is that of a part.
                if status.is_none() && boxes == 0 {
                    status = span.map(|span| (span, facts.to_review));
                    holder = above.last().map(|(level, ..)| *level).filter(|level| *level > 1);
                }
            } else {
                let Some((at, task)) = all.next() else { break };
                boxes += 1;
                // The section that says so is one of several, each with its boxes.
                if holder.is_some() {
                    status = None;
                }
                let (kind, named) = above.last().map_or((Kind::Other, false), |(_, kind, named)| (*kind, *named));
                match kind {
                    Kind::Task => {
                        tasks.steps |= named;
                        note(&mut tasks, base, facts, at, task);
                    }
                    Kind::Criterion => note(&mut criteria, base, facts, at, task),
                    Kind::Other | Kind::Aside => {}
                }
            }
        }
    }
    (status, tasks, criteria)
}

fn kind(check: &Check<'_>, title: &str, around: Kind) -> Kind {
    let table = &check.dialect.table;
    let is = |words: &Lexicon| {
        let mut parts = title.split([':', '：', '—', '–', '(', '（']);
        parts.any(|part| contains(words, part.trim_matches(|c: char| !c.is_alphabetic())))
    };
    if around == Kind::Aside || table.tasks.optional.stands_in(title) || is(&table.withdrawn.deferred_headings) {
        Kind::Aside
    } else if is(&table.definitions.criteria) {
        Kind::Criterion
    } else if is(&table.tasks.headings) {
        Kind::Aside
    } else if table.tasks.lists.stands_in(title) {
        Kind::Task
    } else {
        around
    }
}

/// Whether a heading is a task: `### Task 3: Title`.
fn names_task(check: &Check<'_>, title: &str) -> bool {
    number_of_task(check, title).is_some()
}

/// The number of the task that a heading is: `3.1` of `### Task 3.1: Title`.
pub(super) fn number_of_task<'t>(check: &Check<'_>, title: &'t str) -> Option<&'t str> {
    let nouns = &check.dialect.table.tasks.nouns;
    // `### [x] Task 3.1: Title`
    let title = title.strip_prefix('[').and_then(|it| it.split_once(']')).map_or(title, |(_, behind)| behind);
    let bare = title.trim_start_matches(|c: char| !c.is_alphanumeric());
    let behind = bare[nouns.longest_start(bare)?..].trim_start_matches([' ', '#', 'T']);
    let digits = behind.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    behind.starts_with(|c: char| c.is_ascii_digit()).then(|| behind[..digits].trim_end_matches('.'))
}

fn note(list: &mut List, base: u32, facts: &Facts, at: usize, task: &Task) {
    if task.parent.is_some() {
        return;
    }
    let own = u32::try_from(at).ok();
    let mut parts = facts.tasks[at + 1..].iter().take_while(|part| part.parent.is_some()).filter(|it| it.parent == own);
    let whole = facts.tasks.get(at + 1).is_some_and(|next| next.parent == own);
    match task.state {
        State::Done => list.ticked += 1,
        // All that is in it is done.
        State::Open if whole && parts.all(|part| part.state == State::Done) => list.ticked += 1,
        State::Open if !task.optional => list.open.push(task.head.shifted(base)),
        State::Open | State::Other => list.others += 1,
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(text: &str) -> Vec<String> {
        let mut world = world(&format!("//- docs/stories/1.1.story.md\n{text}"));
        let path = FilePath::new("/w/docs/stories/1.1.story.md");
        let told = |world: &crate::world::World| -> Vec<String> {
            let all = check(&world.snapshot(), &path).into_iter().filter(|it| it.rule.name == "story-status-mismatch");
            all.map(|it| format!("{}: {} +{}", it.level.as_str(), it.message, it.related.len())).collect()
        };
        let closed = told(&world);
        world.open(&path, 1, text);
        assert_eq!(told(&world), closed, "open and closed");
        closed
    }

    const TASKS: &str = "## Tasks / Subtasks\n\n- [x] Build hull\n- [ ] Carve oars\n  - [ ] Buy ash\n- [ ] Sew sail\n";

    #[test]
    fn a_done_story_says_how_many_tasks_are_open() {
        let told = ["information: this says that the work is done, but 2 of its 3 tasks are open +2"];
        for status in [
            "## Status\n\nDone\n",
            "Status: done\n",
            "**Status**: ✅ Completed (2025-08-12)\n",
            "## Status: Done\n",
            "## 状态\n\n已完成\n",
        ] {
            assert_eq!(found(&format!("# Story 1.1: Boat\n\n{status}\n{TASKS}")), told, "{status}");
        }
        for status in [
            "## Status\n\nReady for Development\n",
            "Status: Done (mobile deferred)\n",
            "Status: Complete the list\n",
            "Status: 80% done\n",
            "Status: Done, 2/3 tasks\n",
            "**Статус**: Готово к выполнению\n",
            "Status: ✅ Approved\n",
        ] {
            assert_eq!(found(&format!("# Story 1.1: Boat\n\n{status}\n{TASKS}")), [""; 0], "{status}");
        }
    }

    #[test]
    fn what_waits_for_a_review_is_said_to_be_done() {
        let told = ["hint: this says that the work is ready for review, but 2 of its 3 tasks are open +2"];
        for status in ["## Status\n\nReady for Review\n", "**Status**: ✅ Ready for Review\n", "## Status: Review\n"] {
            assert_eq!(found(&format!("# Story 1.1: Boat\n\n{status}\n{TASKS}")), told, "{status}");
        }
        let world = world(&format!("//- specs/a/tasks.md\n# Boat\n\nStatus: Ready for Review\n\n{TASKS}"));
        assert_eq!(check(&world.snapshot(), &FilePath::new("/w/specs/a/tasks.md")).len(), 0, "the document is");
    }

    #[test]
    fn a_list_that_nobody_keeps_is_a_hint() {
        let none = TASKS.replace("[x]", "[ ]");
        assert_eq!(
            found(&format!("# Story\n\nStatus: done\n\n{none}")),
            ["hint: this says that the work is done, but none of its 3 tasks is ticked +3"]
        );
    }

    #[test]
    fn what_comes_later_or_is_reviewed_may_be_open() {
        let done = TASKS.replace("[ ]", "[x]");
        for head in
            ["### Review Follow-ups (AI)", "## Future work", "### Optional", "## QA Results", "## Definition of Done"]
        {
            let text = format!("# Story\n\nStatus: done\n\n{done}\n{head}\n\n- [ ] Paint it\n");
            assert_eq!(found(&text), [""; 0], "{head}");
        }
        let told = |task: &str| found(&format!("# Story\n\nStatus: done\n\n{done}- {task}\n"));
        assert_eq!(told("[ ] Paint it (deferred to 1.2)"), [""; 0]);
        assert_eq!(told("[ ] Paint it\n  - [x] Buy paint\n  - [x] Paint"), [""; 0], "all of it is done");
        assert_eq!(told("[ ] Paint it").len(), 1);
    }

    #[test]
    fn the_status_of_a_part_is_not_that_of_the_story() {
        let part = |at: u32, status: &str, mark: char| {
            format!("## Task {at}: Hull\n\n**Status**: {status}\n\n- [{mark}] Tar\n- [{mark}] Keel\n\n")
        };
        let text = format!("# Tasks\n\n{}{}", part(1, "Done", 'x'), part(2, "Open", ' '));
        assert_eq!(found(&text), [""; 0]);
        let whole = format!("# Tasks\n\n**Status**: Done\n\n{}{}", part(1, "Done", 'x'), part(2, "Open", ' '));
        assert_eq!(found(&whole), ["information: this says that the work is done, but 2 of its 4 steps are open +2"]);
    }

    #[test]
    fn criteria_and_tasks_say_the_same() {
        let story = |met: char, done: char, count: usize| {
            let list = |mark: char, what: &str| format!("- [{mark}] {what}\n").repeat(count);
            let (criteria, tasks) = (list(met, "It floats"), list(done, "Tar it"));
            found(&format!("# Story\n\n## Acceptance Criteria\n\n{criteria}\n## Tasks\n\n{tasks}"))
        };
        assert_eq!(story('x', ' ', 3), ["information: none of 3 tasks is ticked, but all 3 criteria are +2"]);
        assert_eq!(story(' ', 'x', 3), ["hint: none of 3 criteria is ticked, but all 3 tasks are +2"]);
        assert_eq!(story('x', 'x', 3), [""; 0]);
        assert_eq!(story('x', ' ', 2), [""; 0], "too few");
    }
}
