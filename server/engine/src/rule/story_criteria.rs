//! Criteria of a story that holds its own tasks: which of them tasks cite, and which there are.

use super::repeated::{MOST_PLACES, gathered, placed};
use super::{Check, Finding, uncovered_requirement, unknown_requirement};
use crate::dialect::Role;
use crate::facts::{Cited, Criterion};
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashSet;

/// Tells of criteria that are cited and not stated, or stated and not cited.
pub(super) fn tell(check: &Check<'_>, out: &mut Vec<Finding>) {
    let view = &check.view;
    if view.role != Role::Tasks || check.template {
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
    if numbers.contains(&0) || numbers.len() < criteria.len().max(2) || cited.is_empty() {
        return;
    }
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
        finding.help = Some(format!("name it behind the title of the task that builds it: `(AC: {})`", it.number));
        out.push(finding);
    }
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
