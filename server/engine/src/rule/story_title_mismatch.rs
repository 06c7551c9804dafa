//! `story-title-mismatch`: a section of the task list has the title of one story and the number of another.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Counted, Form, Holds};
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "story-title-mismatch",
    level: Some(Level::Information),
    what: "A section of the task list has the title of one story of the specification and the number of another.",
    why: "The stories were put in another order in one of the two: each task below is built and tested for a story that it is \
          not about. Only titles that are the same to the letter are compared, without what stands in brackets behind them. \
          All sections of a list are one finding.",
    bad: "//- specs/001-login/spec.md\n# Login\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n\n### User Story 2 - Log out (Priority: P2)\n\nText.\n//- specs/001-login/tasks.md\n# Tasks\n\n## Phase 1: User Story 1 - Log out\n\n- [ ] T001 [US1] Drop the session in src/a.rs\n\n## Phase 2: User Story 2 - Log in\n\n- [ ] T002 [US2] Check passwords in src/b.rs\n",
    good: "//- specs/001-login/spec.md\n# Login\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n\n### User Story 2 - Log out (Priority: P2)\n\nText.\n//- specs/001-login/tasks.md\n# Tasks\n\n## Phase 1: User Story 2 - Log out\n\n- [ ] T001 [US2] Drop the session in src/a.rs\n\n## Phase 2: User Story 1 - Log in\n\n- [ ] T002 [US1] Check passwords in src/b.rs\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// A story, or a section about one: its number, its title's letters, and its place.
struct Story {
    number: u32,
    letters: String,
    place: Place,
}

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    let here = headed(check);
    if here.is_empty() {
        return;
    }
    let stated = stated(check);
    let mistaken: Vec<(&Story, &Story)> = here
        .iter()
        .filter(|one| !stated.iter().any(|story| story.number == one.number && story.letters == one.letters))
        .filter_map(|one| {
            let mut named = stated.iter().filter(|story| story.letters == one.letters);
            let story = named.next().filter(|_| named.next().is_none())?;
            // Where a number is given twice, that is the cause.
            (stated.iter().filter(|it| it.number == story.number).count() == 1).then_some((one, story))
        })
        .collect();
    let [(first, story), others @ ..] = &mistaken[..] else { return };
    let message =
        format!("this has the title of story {} of the specification, not of story {}", story.number, first.number);
    let mut finding = Finding::new(&RULE, first.place.span, message);
    finding.related.push((story.place.clone(), "it is stated here".to_string()));
    for (one, story) in others {
        let also = format!("this has the title of story {}, not of story {}", story.number, one.number);
        finding.related.push((one.place.clone(), also));
    }
    finding.help = Some("give the section, and the tags of its tasks, the number of the story that it is about".into());
    out.push(finding);
}

/// The sections of the list that are about a story: `Phase 3: User Story 1 - Late parcels (P1)`.
fn headed(check: &Check<'_>) -> Vec<Story> {
    let mut out = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in facts.sections.iter().filter(|section| section.top) {
            let title = facts.text(section.title);
            let starts = title.match_indices("User Story ").map(|(at, _)| at);
            let named = starts.filter_map(|at| Some((at, Counted::begins(&title[at..])?))).next();
            let Some((at, (Counted::Story(number), len))) = named else { continue };
            let rest = title[at + len..].trim_start();
            if let Some(name) = rest.strip_prefix(['-', '–', '—', ':']) {
                out.extend(story(check, number, name, section.head.shifted(base)));
            }
        }
    }
    out
}

/// The stories of the feature.
fn stated(check: &Check<'_>) -> Vec<Story> {
    let mut out = Vec::new();
    for view in check.snapshot.views_in(check.view.scope).filter(|view| view.role == Role::Spec) {
        for (base, facts) in view.parts_with(Holds::DEFINITIONS) {
            for definition in facts.definitions.iter().filter(|it| it.form == Form::Numbered) {
                let id = facts.id(definition.id);
                let number = id.numbers().next().and_then(|number| u32::try_from(number).ok());
                let Some(number) = number.filter(|_| id.family().eq_ignore_ascii_case("US")) else { continue };
                let made = story(check, number, facts.text(definition.title), definition.place.shifted(base));
                out.extend(
                    made.map(|story| Story { place: Place { path: view.path.clone(), ..story.place }, ..story }),
                );
            }
        }
    }
    out
}

/// The story of a number and title, unless that has no letters.
fn story(check: &Check<'_>, number: u32, title: &str, span: Span) -> Option<Story> {
    let name = title.split(['(', '（', '[']).next().unwrap_or_default();
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let place = Place { path: check.view.path.clone(), span };
    (!letters.is_empty()).then_some(Story { number, letters, place })
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(tasks: &str) -> Vec<(String, usize)> {
        let stories = "### User Story 1 - Load the barge (Priority: P1)\n\n### User Story 2 - Pay the *toll* (Priority: P2)\n\n\
             ### User Story 3 - Moor\n\n### User Story 4 - Wait\n\n### User Story 4 - Sleep\n";
        let world = world(&format!("//- specs/a/spec.md\n# S\n\n{stories}//- specs/a/tasks.md\n# T\n\n{tasks}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/specs/a/tasks.md")).into_iter();
        let own = all.filter(|it| it.rule.name == "story-title-mismatch");
        own.map(|it| (it.message, it.related.len())).collect()
    }

    #[test]
    fn sections_with_the_title_of_another_story_are_one_finding() {
        let swapped = "## Phase 3: User Story 1 - Pay the toll (P2)\n\n- [ ] T001 [US1] a\n\n## Phase 4: User Story 2 – Load the Barge\n";
        let told = "this has the title of story 2 of the specification, not of story 1".to_string();
        assert_eq!(found(swapped), [(told, 2)]);
        let behind = "this has the title of story 3 of the specification, not of story 7".to_string();
        assert_eq!(found("## User Story 7: Moor\n"), [(behind, 1)]);
    }

    #[test]
    fn titles_that_are_right_or_ones_own_say_nothing() {
        for tasks in [
            "## Phase 3: User Story 1 - Load the barge\n",
            "## Phase 3: User Story 1 - Load it and pay the toll\n",
            "## Phase 3: User Story 1 (Pay the toll)\n",
            "## Phase 3: User Story 5 - Sleep\n",
            "## Pay the toll\n",
        ] {
            assert_eq!(found(tasks), [], "{tasks}");
        }
    }
}
