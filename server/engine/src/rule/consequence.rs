//! What follows from a cause that another finding tells is not told beside it.

use super::repeated::MOST_PLACES;
use super::{
    Check, Finding, Rule, ears_shape, empty_section, lax_requirement, missing_section, open_question, placeholder_left,
    requirement_without_scenario, scenario_without_body, task_without_trace, uncovered_requirement, unknown_section,
};
use crate::facts::{Form, Holds};
use crate::query::Place;
use crate::text::Span;

/// What is asked of a text once it is written: a hint in it is filled in first.
const OF_WRITTEN: [&Rule; 6] = [
    &uncovered_requirement::RULE,
    &lax_requirement::RULE,
    &ears_shape::RULE,
    &requirement_without_scenario::RULE,
    &task_without_trace::RULE,
    &unknown_section::RULE,
];

/// What says of a heading that what belongs below it is not there.
const OF_BARE: [&Rule; 3] = [&scenario_without_body::RULE, &lax_requirement::RULE, &requirement_without_scenario::RULE];

/// What a template that the workspace keeps may have something to say about.
const OF_TEMPLATES: [&Rule; 2] = [&placeholder_left::RULE, &open_question::RULE];

/// Takes out what follows from other findings, and what may do so from a template that has not been found yet.
pub(super) fn settle(check: &Check<'_>, out: &mut Vec<Finding>) {
    if !check.knows_forms() {
        // A hint of a template is in brackets.
        let hints = check.view.parts().any(|(_, facts)| !facts.brackets.is_empty());
        let waits = |rule: &&Rule| OF_TEMPLATES.contains(rule) || OF_WRITTEN.contains(rule);
        out.retain(|it| it.rule != &missing_section::RULE && !(hints && waits(&it.rule)));
    }
    if out.iter().any(|finding| finding.rule == &empty_section::RULE) {
        let bare = out.iter().filter(|finding| OF_BARE.contains(&finding.rule)).map(|finding| finding.span.start);
        let mut bare: Vec<u32> = bare.collect();
        bare.sort_unstable();
        let told = |span: Span| bare.get(bare.partition_point(|at| *at < span.start)).is_some_and(|at| *at < span.end);
        out.retain(|finding| finding.rule != &empty_section::RULE || !told(finding.span));
    }
    let follows = |finding: &Finding| OF_WRITTEN.contains(&finding.rule);
    // The questions of a template that is hardly begun are its own.
    if out.iter().any(|finding| finding.hardly_begun) {
        out.iter_mut().filter(|finding| finding.rule == &open_question::RULE).for_each(Finding::set_beside);
    }
    for (rule, words) in
        [(&requirement_without_scenario::RULE, "has a scenario"), (&lax_requirement::RULE, "says SHALL or MUST")]
    {
        tell_of_all(check, rule, words, out);
    }
    // A form of its own lacks more than its sections.
    if out.iter().any(missing_section::says_unread) {
        out.iter_mut().filter(|finding| OF_BARE.contains(&finding.rule)).for_each(Finding::set_beside);
    }
    let told = out.iter().any(|finding| finding.rule == &placeholder_left::RULE);
    if told && out.iter().any(follows) {
        let unwritten = unwritten(check);
        out.retain(|finding| !follows(finding) || !unwritten.iter().any(|span| span.covers(finding.span)));
    }
}

/// Makes one finding of all where no requirement of a file is as a rule wants it: the document has a form of its own.
fn tell_of_all(check: &Check<'_>, rule: &'static Rule, words: &str, out: &mut Vec<Finding>) {
    const FEWEST: usize = 4;
    let of_rule = out.iter().filter(|finding| finding.rule == rule).count();
    if of_rule < FEWEST {
        return;
    }
    if named_requirements(check) > of_rule {
        return;
    }
    let mut all: Vec<Finding> = out.extract_if(.., |finding| finding.rule == rule).collect();
    let mut first = all.remove(0);
    first.message = format!("none of the {of_rule} requirements {words}");
    let place = |finding: &Finding| Place { path: check.view.path.clone(), span: finding.span };
    first.related.extend(all.iter().take(MOST_PLACES).map(|it| (place(it), it.message.clone())));
    out.push(first);
}

/// How many requirements the file states by their names.
pub(super) fn named_requirements(check: &Check<'_>) -> usize {
    let stated = check.view.parts_with(Holds::NAMES).flat_map(|(_, facts)| &facts.definitions);
    stated.filter(|it| it.form == Form::Name).count()
}

/// Headings, statements of requirements and heads of tasks that hold hints.
fn unwritten(check: &Check<'_>) -> Vec<Span> {
    let mut out = Vec::new();
    for (base, facts) in check.view.parts_with(Holds::HINTS) {
        let hints = check.hints_in(facts);
        if hints.is_empty() {
            continue;
        }
        let holds = |span: &Span| {
            let first = hints.partition_point(|hint| hint.start < span.start);
            hints.get(first).is_some_and(|hint| hint.start < span.end)
        };
        let statements = facts.definitions.iter().map(|it| it.body);
        let tasks = facts.tasks.iter().map(|it| it.head);
        let headings = facts.sections.iter().map(|it| it.head);
        out.extend(statements.chain(tasks).chain(headings).filter(holds).map(|span| span.shifted(base)));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn rules(fixture: &str, path: &str) -> Vec<&'static str> {
        check(&world(fixture).snapshot(), &FilePath::new(path)).iter().map(|it| it.rule.name).collect()
    }

    #[test]
    fn what_is_not_written_yet_is_not_asked_for_more() {
        let spec =
            "//- spec.md\n# S\n\n- **FR-1**: The system SHALL check it.\n- **FR-2**: The system SHALL [do what else]\n";
        let tasks = "//- tasks.md\n# T\n\n- [ ] 1. Check\n  - _Requirements: FR-1_\n- [ ] 2. Hash\n  - _Requirements: FR-1_\n- [ ] 3. [What else is to be done]\n";
        let fixture = format!("{spec}{tasks}");
        assert_eq!(rules(&fixture, "/w/tasks.md"), ["placeholder-left"]);
        let open = fixture.replace("[do what else]", "**THEN** [do what else]");
        assert_eq!(rules(&open, "/w/spec.md"), ["placeholder-left"]);
        let real = fixture.replace("[do what else]", "lock it").replace("[What else is to be done]", "Lock");
        assert_eq!(rules(&real, "/w/spec.md"), ["uncovered-requirement"]);
        assert_eq!(rules(&real, "/w/tasks.md"), ["task-without-trace"]);
    }

    #[test]
    fn a_scenario_that_is_only_a_heading_is_told_once() {
        let spec = "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check it\nThe system SHALL check it.\n\n#### Scenario: Wrong\n";
        assert_eq!(rules(spec, "/w/openspec/specs/login/spec.md"), ["scenario-without-body"]);
    }

    #[test]
    fn what_is_amiss_with_requirements_that_nothing_reads_is_a_hint() {
        let path = "/w/openspec/specs/lamp/spec.md";
        let levels = |head: &str| {
            let spec = format!("//- openspec/specs/lamp/spec.md\n# lamp\n\n{head}### Requirement: Burn\nIt burns.\n");
            let found = check(&world(&spec).snapshot(), &FilePath::new(path));
            found.iter().map(|it| format!("{} {}", it.level.as_str(), it.rule.name)).collect::<Vec<_>>()
        };
        let told = ["warning missing-section", "hint lax-requirement", "hint requirement-without-scenario"];
        let mut all = levels("");
        all.sort();
        let mut told = told.map(String::from);
        told.sort();
        assert_eq!(all, told);
        let read = levels("## Purpose\n\nLight.\n\n## Requirements\n\n");
        assert_eq!(read, ["warning lax-requirement", "warning requirement-without-scenario"]);
    }

    #[test]
    fn tasks_of_one_number_are_a_duplicate_and_no_conflict() {
        let tasks = "//- tasks.md\n# T\n\n- [ ] T001 [P] Check it in src/a.rs\n- [ ] T001 [P] Check it in src/a.rs\n";
        assert_eq!(rules(tasks, "/w/tasks.md"), ["duplicate-task"]);
    }

    #[test]
    fn a_story_that_does_not_exist_is_told_once() {
        let spec = "//- specs/001-a/spec.md\n# S\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n";
        let tasks = "//- specs/001-a/tasks.md\n# T\n\n- [ ] T001 [US1] A\n- [ ] T002 [US2] B\n- [ ] T003 [US2] C\n- [ ] T004 [US2] D\n";
        let world = world(&format!("{spec}{tasks}"));
        let found = check(&world.snapshot(), &FilePath::new("/w/specs/001-a/tasks.md"));
        let told: Vec<_> = found.iter().map(|it| (it.message.as_str(), it.related.len())).collect();
        assert_eq!(told, [("`US2` is no story of specs/001-a · 3 tasks are tagged with it", 2)]);
    }
}
