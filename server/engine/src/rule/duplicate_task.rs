//! `duplicate-task`: two tasks of a file have the same number.

use super::repeated::{Entry, MOST_PLACES, Repeat, Telling, anew, gathered, placed, repeats, runs, spanned, times};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::Task;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::LazyCell;
use std::collections::hash_map::Entry as Known;
use std::ops::Deref;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-task",
    level: Some(Level::Warning),
    what: "Two tasks of a file have the same number.",
    why: "\"Do task 2.1\" is ambiguous, above all for an agent. Whole numbers may start again under another heading or task, unless the file counts on through its sections, \
          and a list may be told again in another section. Where it may be either, it is only information, and so is a list \
          that is counted anew in another section, once in a file. A number that is used many times is one finding, and many \
          numbers that are used twice are one, too. A part of a list without numbers that stands twice word for word is information. Boxes that repeat the number of the heading, label or task above them are its \
          steps.",
    bad: "//- tasks.md\n# Tasks\n\n- [ ] 1.1 Check passwords\n- [ ] 1.1 Lock accounts\n",
    good: "//- tasks.md\n# Tasks\n\n- [ ] 1.1 Check passwords\n- [ ] 1.2 Lock accounts\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    tell_pasted(check, out);
    let mut section = 0;
    let mut entries = Vec::new();
    // Whether each says more than its first line.
    let mut detailed = Vec::new();
    // Tasks of whole numbers at the top of sections, by their numbers alone.
    let mut lists = Vec::new();
    let mut tops = Vec::new();
    let mut titles = FxHashMap::default();
    // Parts that are numbered as those of another task: `3.1` below 4.
    let mut astray = FxHashSet::default();
    // The step before: number and section.
    let mut step = None;
    for (base, facts) in check.view.parts() {
        let mut heads = facts.sections.iter().peekable();
        for task in &facts.tasks {
            while let Some(head) = heads.next_if(|head| head.head.start <= task.head.start) {
                section = head.head.shifted(base).start + 1;
                titles.insert(section, facts.text(head.title));
            }
            let number = facts.text(task.number);
            // The first of a task's steps stands for it.
            if number.is_empty()
                || task.step && (task.parent.is_some() || step.replace((number, section)) == Some((number, section)))
            {
                continue;
            }
            // Whole numbers start again under another heading or task.
            let whole = number.bytes().all(|b| b.is_ascii_digit());
            let under = whole.then(|| {
                task.parent.map_or(section, |parent| facts.tasks[parent as usize].head.shifted(base).start + 1)
            });
            let (title, span) = (facts.text(task.title), task.head.shifted(base));
            let above = task.parent.map_or("", |parent| facts.text(facts.tasks[parent as usize].number));
            let own = number.rsplit_once('.').map_or("", |(whole, _)| whole);
            if !above.is_empty() && !own.is_empty() && own != above && !own.starts_with(&format!("{above}.")) {
                astray.insert(entries.len());
            }
            detailed.push(task.item.end > task.head.end);
            entries.push(Entry { name: (number, under), section, title, span });
            if whole && task.parent.is_none() {
                tops.push(entries.len() - 1);
                lists.push(Entry { name: (number, None), section, title, span });
            }
        }
        if let Some(last) = facts.sections.last() {
            section = last.head.shifted(base).start + 1;
            titles.insert(section, facts.text(last.title));
        }
    }
    if is_counted_through(&lists) {
        tops.into_iter().for_each(|at| entries[at].name.1 = None);
    }
    let mut pairs = repeats(&entries);
    let telling = LazyCell::new(|| Telling::of(&entries));
    doubt_parts_of_others(&entries, &telling, &mut pairs);
    tell_copies(check, &entries, &detailed, &pairs, out);
    tell_restarts(check, &entries, &telling, &mut pairs, &titles, out);
    let mut found: Vec<(String, Finding)> = Vec::new();
    let mut told = FxHashMap::default();
    for (first, second, repeat) in &pairs {
        let level = match repeat {
            Repeat::Slip => Level::Warning,
            Repeat::Doubt if astray.contains(second) && !astray.contains(first) => Level::Warning,
            Repeat::Doubt => Level::Information,
            Repeat::Anew | Repeat::Again => continue,
        };
        let (number, span) = (entries[*second].name.0, entries[*second].span);
        let place = |span| Place { path: check.view.path.clone(), span };
        let at = *told.entry(*first).or_insert_with(|| {
            let mut finding = Finding::new(&RULE, span, String::new());
            finding.level = level;
            finding.related.push((place(entries[*first].span), format!("task {number} is first used here")));
            found.push((number.to_string(), finding));
            found.len() - 1
        });
        let finding = &mut found[at].1;
        finding.level = finding.level.max(level);
        if finding.span != span && finding.related.len() < MOST_PLACES {
            finding.related.push((place(span), format!("task {number} is used here too")));
        }
    }
    for (number, finding) in &mut found {
        let uses =
            pairs.iter().filter(|(first, ..)| entries[*first].name.0 == number.as_str() && told.contains_key(first));
        finding.message = format!("task number {number} is used {}", times(uses.count() + 1));
    }
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| format!("{count} task numbers are used more than once")));

    // A list that begins anew is a remark, once in a file.
    let again = anew(&entries, &pairs);
    if !again.is_empty() {
        out.push(restarted(check, &entries, &again, &titles));
        return;
    }
    let pairs = repeats(&lists);
    let again = anew(&lists, &pairs);
    if !again.is_empty() {
        out.push(restarted(check, &lists, &again, &titles));
    }
}

/// Whether most sections go on with the number behind that of the section before, and none begins with 1 again: then a number
/// stands once in the whole file.
fn is_counted_through(tops: &[Entry<'_, (&str, Option<u32>)>]) -> bool {
    /// Of fewer sections one goes on by chance.
    const FEWEST: usize = 4;
    let number = |entry: &Entry<'_, (&str, Option<u32>)>| entry.name.0.parse::<u64>().unwrap_or_default();
    let sections: Vec<(u64, u64)> = tops
        .chunk_by(|one, next| one.section == next.section)
        .filter_map(|all| Some((number(all.first()?), number(all.last()?))))
        .collect();
    let on = sections.windows(2).filter(|pair| pair[1].0 == pair[0].1 + 1).count();
    let again = sections.iter().skip(1).any(|(first, _)| *first == 1);
    sections.len() >= FEWEST && !again && on * 4 >= (sections.len() - 1) * 3
}

/// Doubts that a list is told again where a number is that of the section it stands in, and was used in another before: `5.1`
/// behind 4.4, and then in section 5.
fn doubt_parts_of_others(
    entries: &[Entry<'_, (&str, Option<u32>)>],
    telling: &impl Deref<Target = Telling>,
    pairs: &mut [(usize, usize, Repeat)],
) {
    if pairs.iter().all(|(.., repeat)| *repeat != Repeat::Again) {
        return;
    }
    let mut begins: FxHashMap<u32, &str> = FxHashMap::default();
    for entry in entries {
        begins.entry(entry.section).or_insert(whole_of(entry.name.0));
    }
    for (first, second, repeat) in pairs.iter_mut().filter(|(.., repeat)| *repeat == Repeat::Again) {
        let (one, other) = (&entries[*first], &entries[*second]);
        let whole = whole_of(other.name.0);
        let own = |entry: &Entry<'_, _>| begins[&entry.section] == whole;
        if other.name.0.contains('.') && own(other) && !own(one) && !telling.is_alike(*first, *second) {
            *repeat = Repeat::Doubt;
        }
    }
}

/// Tells once of tasks that stand again with their numbers and their words: in one section, or in another with details of their
/// own, since a list of all has none.
fn tell_copies(
    check: &Check<'_>,
    entries: &[Entry<'_, (&str, Option<u32>)>],
    detailed: &[bool],
    pairs: &[(usize, usize, Repeat)],
    out: &mut Vec<Finding>,
) {
    const FEWEST: usize = 3;
    let copy = |pair: &&(usize, usize, Repeat)| {
        let (first, second, repeat) = **pair;
        let (one, other) = (&entries[first], &entries[second]);
        let full = detailed[first] && detailed[second] && one.title == other.title;
        repeat == Repeat::Again && (full || one.section == other.section)
    };
    let copies: Vec<(usize, usize)> = pairs.iter().filter(copy).map(|(first, second, _)| (*first, *second)).collect();
    let Some((_, second)) = copies.first().filter(|_| copies.len() >= FEWEST) else { return };
    let names: Vec<&str> = copies.iter().map(|(_, second)| entries[*second].name.0).collect();
    let whole = copies.iter().all(|(first, second)| entries[*first].title == entries[*second].title);
    let words = if whole { ", word for word" } else { "" };
    let message = format!("{} stand here a second time{words}", spanned(&names));
    let mut finding = Finding::new(&RULE, entries[*second].span, message);
    finding.level = Level::Information;
    let words = || ["it stands here first".into(), "this one stands here again".into()];
    let pairs = copies.iter().map(|(first, other)| (entries[*first].span, entries[*other].span, words()));
    name_places(check, &mut finding, pairs);
    out.push(finding);
}

/// The first part of a number: `5` of `5.1`.
fn whole_of(number: &str) -> &str {
    number.split('.').next().unwrap_or(number)
}

/// Tells of lists without numbers of which a part, of two boxes at the least, stands twice word for word.
fn tell_pasted(check: &Check<'_>, out: &mut Vec<Finding>) {
    /// In bytes: a line's end, a blank line and a box, and no text, between two items of a list.
    const WIDEST_GAP: u32 = 12;
    const FEWEST: usize = 2;
    for (base, facts) in check.view.parts() {
        let tops: Vec<_> = facts.tasks.iter().filter(|task| task.parent.is_none()).collect();
        let goes_on = |one: &&Task, next: &&Task| next.item.start.saturating_sub(one.item.end) <= WIDEST_GAP;
        for list in tops.chunk_by(goes_on) {
            if list.len() < 2 * FEWEST {
                continue;
            }
            let plain = |task: &&Task| facts.text(task.number).is_empty();
            let mut first: FxHashMap<&str, usize> = FxHashMap::default();
            let mut again: Vec<(usize, usize)> = Vec::new();
            for (at, task) in list.iter().enumerate().filter(|(_, task)| plain(task)) {
                match first.entry(facts.text(task.title)) {
                    Known::Vacant(entry) => _ = entry.insert(at),
                    Known::Occupied(entry) => again.push((*entry.get(), at)),
                }
            }
            let all: FxHashSet<(usize, usize)> = again.iter().copied().collect();
            let beside = |(one, other): &(usize, usize)| {
                all.contains(&(one + 1, other + 1)) || *one > 0 && all.contains(&(one - 1, other - 1))
            };
            let pasted: Vec<_> = again.iter().filter(|pair| beside(pair)).collect();
            let [(_, second), ..] = &pasted[..] else { continue };
            let place = |at: &usize| list[*at].head.shifted(base);
            let message = format!("{} tasks of this list stand twice, from here", pasted.len());
            let mut finding = Finding::new(&RULE, place(second), message);
            finding.level = Level::Information;
            let words = || ["a task".into(), "the same task again".into()];
            name_places(check, &mut finding, pasted.iter().map(|(one, other)| (place(one), place(other), words())));
            out.push(finding);
        }
    }
}

/// Takes lists out of `pairs` that begin anew with slips among their numbers, or in sections that also hold others, and tells of
/// each once: all of it has one cause.
fn tell_restarts(
    check: &Check<'_>,
    entries: &[Entry<'_, (&str, Option<u32>)>],
    telling: &impl Deref<Target = Telling>,
    pairs: &mut Vec<(usize, usize, Repeat)>,
    titles: &FxHashMap<u32, &str>,
    out: &mut Vec<Finding>,
) {
    let runs = runs(pairs);
    let told = |run: &&Vec<usize>| run.iter().any(|at| pairs[*at].2 != Repeat::Anew);
    let mixed: Vec<&Vec<usize>> = runs.iter().filter(told).collect();
    if mixed.is_empty() {
        return;
    }
    for run in &mixed {
        let again: Vec<(usize, usize)> = run.iter().map(|at| (pairs[*at].0, pairs[*at].1)).collect();
        if telling.is_told_again(&again) {
            continue;
        }
        let mut finding = restarted(check, entries, &again, titles);
        if run.iter().any(|at| pairs[*at].2 == Repeat::Slip) {
            finding.level = Level::Warning;
        }
        out.push(finding);
    }
    let gone: FxHashSet<usize> = mixed.into_iter().flatten().copied().collect();
    let mut at = 0;
    pairs.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
}

/// The remark that tasks are counted anew in another section.
fn restarted(
    check: &Check<'_>,
    entries: &[Entry<'_, (&str, Option<u32>)>],
    again: &[(usize, usize)],
    titles: &FxHashMap<u32, &str>,
) -> Finding {
    let mut names: Vec<&str> = again.iter().map(|(_, second)| entries[*second].name.0).collect();
    let mut seen = FxHashSet::default();
    names.retain(|name| seen.insert(*name));
    let first = again.first().map_or(0, |(_, second)| *second);
    let place = titles.get(&entries[first].section).map_or(String::new(), |title| format!(" in `{title}`"));
    let message = format!("tasks are numbered anew{place}: {} are used again", spanned(&names));
    let mut finding = Finding::new(&RULE, entries[first].span, message);
    finding.level = Level::Information;
    let pairs = again.iter().map(|(one, other)| {
        let name = entries[*one].name.0;
        let words = [format!("task {name} is first used here"), format!("task {name} is used here too")];
        (entries[*one].span, entries[*other].span, words)
    });
    name_places(check, &mut finding, pairs);
    finding
}

/// Names both places of tasks that stand twice, but for the place of the finding; of many the first.
fn name_places(check: &Check<'_>, finding: &mut Finding, pairs: impl Iterator<Item = (Span, Span, [String; 2])>) {
    let place = |span| Place { path: check.view.path.clone(), span };
    for (one, other, [first, again]) in pairs.take(MOST_PLACES / 2) {
        finding.related.push((place(one), first));
        if other != finding.span {
            finding.related.push((place(other), again));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(tasks: &str) -> Vec<String> {
        let world = world(&format!("//- a/tasks.md\n{tasks}"));
        let findings = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
        findings.map(|it| format!("{} {} +{}", it.level.as_str(), it.message, it.related.len())).collect()
    }

    #[test]
    fn a_number_that_runs_through_a_file_is_one_finding() {
        let many: String = (0..46).map(|at| format!("- [ ] 2.1 Step {at}\n")).collect();
        assert_eq!(found(&format!("# Tasks\n\n{many}")), ["warning task number 2.1 is used 46 times +45"]);
    }

    #[test]
    fn numbers_that_are_all_used_twice_are_one_finding() {
        let twice: String = (1..6).map(|at| format!("- [ ] T00{at} Check {at}\n- [ ] T00{at} Lock {at}\n")).collect();
        let message = "5 task numbers are used more than once: `T001`, `T002`, `T003`, `T004` and `T005`";
        assert_eq!(found(&format!("# Tasks\n\n{twice}")), [format!("warning {message} +9")]);
    }

    #[test]
    fn parts_that_are_numbered_as_those_of_the_task_before_are_a_slip() {
        let tasks = "# Tasks\n\n- [ ] 3. Hull\n  - [ ] 3.1 Saw\n  - [ ] 3.2 Nail\n- [ ] 4. Oars\n  - [ ] 3.1 Carve\n  - [ ] 3.2 Sand\n- [ ] 5. Sail\n";
        let all = found(tasks);
        assert_eq!(all, ["warning task number 3.1 is used twice +1", "warning task number 3.2 is used twice +1"]);
    }

    #[test]
    fn a_list_that_begins_anew_is_one_remark() {
        let phases = "# Tasks\n\n## Phase 1\n\n- [ ] 1. Check\n- [ ] 2. Lock\n- [ ] 3. Hash\n\n## Phase 2\n\n- [ ] 1. Log\n- [ ] 2. Measure\n- [ ] 3. Warn\n";
        let message = "tasks are numbered anew in `Phase 2`: `1`, `2` and `3` are used again";
        assert_eq!(found(phases), [format!("information {message} +5")]);
        let dotted = phases.replace("- [ ] ", "- [ ] 1.");
        assert_eq!(found(&dotted).len(), 1);
        assert!(found(&dotted)[0].starts_with("information tasks are numbered anew in `Phase 2`"));
    }

    #[test]
    fn a_number_stands_once_where_a_file_counts_on() {
        let list = |counts: &[&[u8]]| {
            let section = |(at, numbers): (usize, &&[u8])| {
                let boxes = numbers.iter().map(|number| format!("- [ ] {number}. Build part {number} of {at}\n"));
                format!("## Phase {at}\n\n{}\n", boxes.collect::<String>())
            };
            format!("# Tasks\n\n{}", counts.iter().enumerate().map(section).collect::<String>())
        };
        let twice = |number: u8| format!("information task number {number} is used twice +1");
        assert_eq!(
            found(&list(&[&[1, 2], &[3, 4], &[5, 6], &[6, 7], &[8]])),
            [twice(6).replace("information", "warning")]
        );
        assert_eq!(found(&list(&[&[1, 2], &[3, 4], &[5, 6], &[7, 2, 8], &[9]])), [twice(2)]);
        assert_eq!(found(&list(&[&[1, 2], &[3, 4], &[2, 3], &[5], &[7]])), [""; 0], "it may count by itself");
    }

    #[test]
    fn boxes_that_repeat_the_number_above_are_steps() {
        for label in ["### T003: Build the hull", "**T003: Build the hull**", "- [ ] T003 Build the hull"] {
            let indent = if label.starts_with('-') { "  " } else { "" };
            let boxes = format!(
                "{label}\n\n{indent}- [ ] T003 [US1] Saw\n{indent}- [ ] T003 [US1] Nail\n{indent}- [ ] T003 Tar\n"
            );
            assert_eq!(found(&format!("# Tasks\n\n{boxes}")), [""; 0], "{boxes}");
            let other = format!("# Tasks\n\n{boxes}\n### Oars\n\n- [ ] T004 Carve\n- [ ] T004 Tar\n");
            assert_eq!(found(&other), ["warning task number T004 is used twice +1"], "{other}");
        }
        let plain = "# Tasks\n\n### Hull\n\n- [ ] T003 Saw\n- [ ] T003 Nail\n";
        assert_eq!(found(plain).len(), 1);
    }

    #[test]
    fn a_list_that_begins_anew_takes_its_slips_along() {
        let list = |verbs: [&str; 2]| {
            let lines = (1..9).flat_map(|group| (1..5).map(move |at| (group, at)));
            let lines =
                lines.map(|(group, at)| format!("- [ ] {group}.{at} {} {}{group}{at}\n", verbs[at % 2], verbs[0]));
            lines.collect::<String>()
        };
        let (one, other) = (list(["weigh", "label"]), list(["route", "store"]));
        // One heading in the first list, none in the second.
        let tasks = format!("# Tasks\n\n{}\n## Rest\n\n{}\n{other}", &one[..one.len() / 2], &one[one.len() / 2..]);
        let found = found(&tasks);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("tasks are numbered anew in `Rest`: `1.1` to `8.4`, 32 numbers, are used again"),
            "{found:?}"
        );
    }

    #[test]
    fn what_is_told_again_or_counted_below_a_task_is_none() {
        let told = "# Tasks\n\n## Overview\n\n- [ ] 1. Check passwords\n- [ ] 2. Lock accounts\n\n## Details\n\n- [ ] 1. Check passwords with bcrypt\n- [ ] 2. Lock accounts for a day\n";
        assert_eq!(found(told), [""; 0]);
        let steps = "# Tasks\n\n- [ ] 1. Check\n  - [ ] 1. Read\n  - [ ] 2. Write\n- [ ] 2. Lock\n  - [ ] 1. Find\n  - [ ] 2. Store\n";
        assert_eq!(found(steps), [""; 0]);
    }

    #[test]
    fn a_part_of_a_list_that_was_pasted_twice_is_told_once() {
        let list = "# Tasks\n\n- [x] Lay the keel of the boat\n- [x] Saw the planks of it\n";
        let again = "- [ ] Lay the keel of the boat\n- [ ] Saw the planks of it\n- [ ] Tar it\n";
        let all = found(&format!("{list}{again}"));
        assert_eq!(all, ["information 2 tasks of this list stand twice, from here +3"]);
        assert_eq!(found(&format!("{list}\n**Another boat:**\n\n{again}")), [""; 0], "for another one");
        let step = "- [ ] Tar it\n- [ ] Dry it\n- [ ] Paint it\n- [ ] Dry it\n- [ ] Sell it\n";
        assert_eq!(found(&format!("# Tasks\n\n{step}")), [""; 0], "a step that comes again");
        let many = "- [ ] Saw\n- [ ] Tar\n".repeat(500);
        assert_eq!(found(&format!("# Tasks\n\n{many}")).len(), 1);
    }

    #[test]
    fn a_plan_that_was_pasted_behind_itself_is_told_once() {
        let list = |details: &str| {
            let task = |at: u32, title: &str| format!("- [ ] 1.{at} {title}\n{details}");
            [task(1, "Lay the keel"), task(2, "Saw the planks"), task(3, "Tar the hull")].concat()
        };
        let details = "  - In the dry dock\n";
        let two = |one: &str, other: &str| format!("# Tasks\n\n## All\n\n{one}\n## Rest\n\n- [ ] 2.1 Rest\n{other}");
        assert_eq!(
            found(&two(&list(details), &list(details))),
            ["information `1.1`, `1.2` and `1.3` stand here a second time, word for word +5"]
        );
        assert_eq!(found(&two(&list(""), &list(details))), [""; 0], "a list of all tasks");
    }

    #[test]
    fn a_number_of_another_section_was_used_there_first() {
        let tasks = "# Tasks\n\n## 4. Hull\n\n- [ ] 4.1 Lay the keel\n- [ ] 5 Saw\n- [ ] 5.1 Carve ribs\n- [ ] 5.2 Bend planks\n\n## 5. Sail\n\n- [ ] 5.1 Cut cloth\n- [ ] 5.2 Sew seams\n- [ ] 5.3 Dye\n";
        let all = found(tasks);
        assert_eq!(all, ["5.1", "5.2"].map(|it| format!("information task number {it} is used twice +1")));
    }
}
