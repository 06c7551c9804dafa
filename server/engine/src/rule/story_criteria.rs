//! Criteria of a story that holds its own tasks: which of them tasks cite, and which there are.

use super::repeated::{MOST_PLACES, gathered, placed};
use super::task_without_trace::{self, is_gate};
use super::{Check, Finding, uncovered_requirement, unknown_in_prose, unknown_requirement};
use crate::dialect::{Role, contains};
use crate::facts::{Cited, Criterion, Holds};
use crate::id::Id;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

/// Tells of criteria that are cited and not stated, or stated and not cited.
pub(super) fn tell(check: &Check<'_>, out: &mut Vec<Finding>) {
    let view = &check.view;
    if view.role != Role::Tasks || check.template || !view.holds(Holds::CRITERIA) {
        return;
    }
    let parts = || view.parts();
    let mut criteria: Vec<Criterion> = parts()
        .flat_map(|(base, facts)| facts.criteria.iter().map(move |it| Criterion { span: it.span.shifted(base), ..*it }))
        .collect();
    let cited: Vec<Cited> = parts()
        .flat_map(|(base, facts)| facts.cited.iter().map(move |it| Cited { span: it.span.shifted(base), ..*it }))
        .collect();
    let notes = drop_notes(&mut criteria);
    let numbers: FxHashSet<u32> = criteria.iter().map(|it| it.number).collect();
    // One list, all of it numbered: otherwise it is not known what a number means.
    if numbers.contains(&0) || numbers.len() < criteria.len().max(2) {
        return;
    }
    drop_known(check, &numbers, out);
    if cited.is_empty() {
        return;
    }
    tell_bare(check, &cited, out);
    let most = numbers.iter().copied().max().unwrap_or_default();
    let mut named: FxHashSet<u32> = FxHashSet::default();
    let mut unknown: Vec<(String, Finding)> = Vec::new();
    let whole = cited.iter().any(|it| it.last == u32::MAX);
    for it in cited.iter().filter(|it| it.last != u32::MAX) {
        named.extend(it.first..=it.last);
        // A range may go over gaps.
        let absent = if it.last == it.first { !numbers.contains(&it.first) } else { it.last > most };
        if absent {
            note(check, &mut unknown, it.last, it.span, most);
        }
    }
    let absent = named.iter().filter(|it| !numbers.contains(it)).count();
    let level = if absent * 2 > named.len() { Level::Information } else { Level::Warning };
    for (number, finding) in &mut unknown {
        // Between others one may be stated in a way that is not understood.
        let between = number.parse::<u32>().is_ok_and(|it| it <= most);
        finding.level = if between { Level::Information } else { level };
    }
    // Behind the list others may be stated among the bullets.
    if !notes {
        placed(&mut unknown, view.path);
        out.extend(gathered(&unknown, |count| format!("{count} criteria are cited that this story does not have")));
    }
    let own: Vec<&Criterion> = criteria.iter().filter(|it| named.contains(&it.number)).collect();
    if own.len() * 2 < criteria.len() {
        return;
    }
    for it in criteria.iter().filter(|it| !named.contains(&it.number)) {
        let only = if whole { ", only all of them at once" } else { "" };
        let message = format!("criterion {} is named by no task of this story{only}", it.number);
        let mut finding = Finding::new(&uncovered_requirement::RULE, it.span, message);
        if whole {
            finding.level = Level::Hint;
        }
        finding.help =
            Some(format!("name it behind the title of the task that builds it: `(AC: {})`", it.number).into());
        out.push(finding);
    }
}

/// Takes out what is said of ids that are those of the story's own criteria: `AC-2`.
fn drop_known(check: &Check<'_>, numbers: &FxHashSet<u32>, out: &mut Vec<Finding>) {
    let keys = &check.dialect.table.traces.own_criteria;
    let known = |name: &str| {
        let id = Id::new(name);
        let mut all = id.numbers();
        let number = all.next().and_then(|number| u32::try_from(number).ok());
        contains(keys, id.family()) && all.next().is_none() && number.is_some_and(|number| numbers.contains(&number))
    };
    out.retain(|it| it.rule != &unknown_in_prose::RULE || !it.part.as_ref().is_some_and(|part| known(&part.name)));
}

/// Tells once of tasks that cite no criterion, where most of those beside them do.
fn tell_bare(check: &Check<'_>, cited: &[Cited], out: &mut Vec<Finding>) {
    /// So many cite some where that is the custom.
    const FEWEST: usize = 2;
    let words = &check.dialect.table.tasks;
    let mut bare: Vec<(&str, Span)> = Vec::new();
    let mut others = 0;
    for (base, facts) in check.view.parts() {
        // Of each section how many cite some, and the others.
        let mut sections: FxHashMap<usize, (usize, Vec<_>)> = FxHashMap::default();
        for task in facts.tasks.iter().filter(|task| task.parent.is_none() && !task.optional) {
            let section = facts.sections.partition_point(|section| section.head.start <= task.head.start);
            let (citing, own) = sections.entry(section).or_default();
            let (item, title) = (task.item.shifted(base), facts.text(task.title).trim_end());
            let first = cited.partition_point(|it| it.span.start < item.start);
            if cited.get(first).is_some_and(|it| it.span.start < item.end) {
                *citing += 1;
            } else if !is_gate(title, words) && !words.of_all.stands_in(title) && !title.ends_with([')', '）']) {
                own.push((facts.text(task.number), task.head.shifted(base)));
            }
        }
        for (citing, own) in sections.into_values() {
            if citing >= FEWEST && own.len() * 2 <= citing {
                others += citing;
                bare.extend(own);
            }
        }
    }
    bare.sort_unstable_by_key(|(_, span)| *span);
    let [(number, first), rest @ ..] = &bare[..] else { return };
    let message = match rest.len() {
        0 if number.is_empty() => format!("this task names no criterion of the story, as {others} others do"),
        0 => format!("task {number} names no criterion of the story, as {others} others do"),
        more => format!("{} tasks name no criterion of the story, as {others} others do", more + 1),
    };
    let mut finding = Finding::new(&task_without_trace::RULE, *first, message);
    finding.help = Some("name what it is for behind its title: `(AC: …)`".into());
    let rest: Vec<Span> = rest.iter().map(|(_, span)| *span).collect();
    finding.also_at(check, &rest, "and this one");
    out.push(finding);
}

/// Takes out the bullets behind a list of numbered criteria, which say how those are shown; whether there are any.
fn drop_notes(criteria: &mut Vec<Criterion>) -> bool {
    const FEWEST: usize = 3;
    let numbered = criteria.iter().take_while(|it| it.number > 0).count();
    let notes = numbered >= FEWEST && numbered < criteria.len() && criteria[numbered..].iter().all(|it| it.number == 0);
    if notes {
        criteria.truncate(numbered);
    }
    notes
}

fn note(check: &Check<'_>, unknown: &mut Vec<(String, Finding)>, number: u32, span: Span, most: u32) {
    let name = number.to_string();
    if let Some((_, finding)) = unknown.iter_mut().find(|(other, _)| *other == name) {
        if finding.related.len() < MOST_PLACES {
            let place = Place { path: check.view.path.clone(), span };
            finding.related.push((place, format!("criterion {number} is cited here too")));
        }
        return;
    }
    let message = format!("criterion {number} is not defined in this story, whose last is {most}");
    unknown.push((name, Finding::new(&unknown_requirement::RULE, span, message)));
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    const CRITERIA: &str = "1. Post is weighed\n2. Post is sorted\n3. Post is sent\n";

    fn found(criteria: &str, tasks: &str) -> Vec<String> {
        let story =
            format!("# Story 1.1: Post\n\n## Acceptance Criteria\n\n{criteria}\n## Tasks / Subtasks\n\n{tasks}");
        let world = world(&format!("//- a/tasks-1.md\n{story}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/tasks-1.md")).into_iter();
        let own = all.filter(|it| it.rule.name.ends_with("d-requirement") || it.rule.name == "unknown-requirement");
        own.map(|it| format!("{} {}", it.level.as_str(), it.message)).collect()
    }

    #[test]
    fn a_task_cites_the_criteria_of_its_own_story() {
        for cited in
            ["(AC: 1, 2)", "(AC: #1, #2)", "(AC: 1-2)", "(AC1, AC2)", "[ACs: 1 and 2]", "(AC: 1–2, 1)", "(AC #1, #2)"]
        {
            let tasks = format!("- [ ] Task 1: Weigh and sort {cited}\n  - [ ] Buy scales\n");
            assert_eq!(
                found(CRITERIA, &tasks),
                ["information criterion 3 is named by no task of this story"],
                "{cited}"
            );
        }
        let tasks = "- [ ] Task 1: Weigh (AC: 1, 2, 3)\n- [ ] Task 2: Fly (AC: 3, 4)\n- [ ] Task 3: Swim (AC: 4)\n";
        assert_eq!(found(CRITERIA, tasks), ["warning criterion 4 is not defined in this story, whose last is 3"]);
        let whole =
            format!("{tasks}- [ ] Task 4: Look at all of it (AC: All)\n").replace("3, 4", "3").replace("4)", "2)");
        assert_eq!(
            found(&format!("{CRITERIA}4. Post is kept\n"), &whole),
            ["hint criterion 4 is named by no task of this story, only all of them at once"]
        );
        let other = "- [ ] Task 1: Weigh (AC: 1, 2, 3), as in Story 2.6 \"sort\" (AC6)\n";
        assert_eq!(found(CRITERIA, other), [""; 0], "another story's criterion");
        let range = "### Task 1: Weigh (AC: 1-5)\n\n- [ ] Buy scales\n";
        let noted = format!("{CRITERIA}\n**Shown by**:\n- IV1: A scale\n- IV2: A sack\n");
        assert_eq!(
            found(&noted, "- [ ] Task 1: Weigh (AC: 1, 2)\n"),
            ["information criterion 3 is named by no task of this story"]
        );
        assert_eq!(found(CRITERIA, range), ["warning criterion 5 is not defined in this story, whose last is 3"]);
    }

    #[test]
    fn what_cannot_be_known_is_left_alone() {
        let tasks = "- [ ] Task 1: Weigh (AC: 1, 2)\n- [ ] Task 2: Fly (AC: 7)\n";
        assert_eq!(found("- Post is weighed\n- Post is sent\n", tasks), [""; 0], "no numbers");
        assert_eq!(found(&format!("{CRITERIA}\n### More\n\n{CRITERIA}"), tasks), [""; 0], "two lists");
        assert_eq!(found(CRITERIA, "- [ ] Task 1: All of it (ACs: all)\n"), [""; 0]);
        assert_eq!(found(CRITERIA, "- [ ] Task 1: Weigh (AC: 1)\n"), [""; 0], "too few are cited");
        assert_eq!(found(CRITERIA, "- [ ] Task 1: Weigh (AC: AC-1.1, 2.3) at 9 AC (account 12)\n"), [""; 0]);
        assert_eq!(
            found("1. One\n1. Two\n1. Three\n", "- [ ] Task 1: All (AC: 1-3)\n"),
            [""; 0],
            "counted by Markdown"
        );
        let named = "- **AC1**: Post is weighed\n- **AC2**: Post is sent\n";
        assert_eq!(found(named, "- [ ] Task 1: Weigh (AC: 1, 2)\n"), [""; 0]);
    }
}
