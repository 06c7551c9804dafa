//! `missing-story-tag`: a task stands in a story's section without the story's tag.

use super::doubt::is_archived;
use super::repeated::listed;
use super::unknown_story::is_story_tag;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Counted, Holds};
use crate::id::Id;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "missing-story-tag",
    level: Some(Level::Hint),
    what: "A task stands in a story's section without the story's tag, which others there have.",
    why: "Whoever builds or counts the tasks of a story by its tag (`[US1]`) leaves this one out. Asked are numbered tasks below a \
          heading that names a story, where at least two have a tag and all tags are of one story. All of a list are one finding.",
    bad: "//- specs/001-login/spec.md\n# Login\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n//- specs/001-login/tasks.md\n# Tasks\n\n## Phase 1: User Story 1 - Log in\n\n- [ ] T001 [US1] Check passwords in src/a.rs\n- [ ] T002 [US1] Count attempts in src/b.rs\n- [ ] T003 Lock accounts in src/c.rs\n",
    good: "//- specs/001-login/spec.md\n# Login\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n//- specs/001-login/tasks.md\n# Tasks\n\n## Phase 1: User Story 1 - Log in\n\n- [ ] T001 [US1] Check passwords in src/a.rs\n- [ ] T002 [US1] Count attempts in src/b.rs\n- [ ] T003 [US1] Lock accounts in src/c.rs\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// So many tasks of a section have a tag where that is the custom.
const FEWEST: usize = 2;

/// The tasks of one story's section.
struct Story<'a> {
    level: u8,
    tags: Vec<&'a Id>,
    bare: Vec<(&'a str, Span)>,
}

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let judged = check.view.role == Role::Tasks && !check.template && check.view.holds(Holds::TAGS);
    if !judged || is_archived(check) {
        return;
    }
    let mut stories: Vec<Story<'_>> = Vec::new();
    let mut inside = false;
    for (base, facts) in check.view.parts() {
        let mut heads = facts.sections.iter().filter(|section| section.top).peekable();
        let mut tags = facts.references.iter().filter(|it| is_story_tag(check, facts, it)).peekable();
        for place in facts.tasks.iter().map(Some).chain([None]) {
            let before = place.map_or(u32::MAX, |task| task.head.start);
            while let Some(head) = heads.next_if(|head| head.head.start <= before) {
                if names_story(facts.text(head.title)) {
                    stories.push(Story { level: head.level, tags: Vec::new(), bare: Vec::new() });
                    inside = true;
                } else if stories.last().is_some_and(|story| head.level <= story.level) {
                    inside = false;
                }
            }
            let (Some(task), true) = (place, inside) else { continue };
            let Some(story) = stories.last_mut() else { continue };
            while tags.next_if(|tag| tag.span.start < task.head.start).is_some() {}
            let number = facts.text(task.number);
            match tags.peek().filter(|tag| tag.span.start < task.head.end) {
                Some(tag) => story.tags.push(facts.id(tag.id)),
                None if task.parent.is_none() && !number.is_empty() && !is_labelled(facts.text(task.title)) => {
                    story.bare.push((number, task.head.shifted(base)));
                }
                None => {}
            }
        }
    }
    let untagged = |story: &&Story<'_>| {
        let tag = story.tags.first().filter(|_| story.tags.len() >= FEWEST);
        tag.is_some_and(|tag| story.tags.iter().all(|it| it == tag))
    };
    let found: Vec<(&str, &Id, Span)> = stories
        .iter()
        .filter(untagged)
        .flat_map(|story| story.bare.iter().map(|(number, span)| (*number, story.tags[0], *span)))
        .collect();
    let [(number, tag, first), others @ ..] = &found[..] else { return };
    let message = if others.is_empty() {
        format!("task {number} has no tag, and others of its section have `[{tag}]`")
    } else {
        let names: Vec<&str> = found.iter().map(|(number, ..)| *number).collect();
        format!("{} tasks have no tag of their section's story, and others there have: {}", names.len(), listed(&names))
    };
    let mut finding = Finding::new(&RULE, *first, message);
    finding.help = Some(format!("put `[{tag}]` behind the number").into());
    let others: Vec<Span> = others.iter().map(|(.., span)| *span).collect();
    finding.also_at(check, &others, "and this one");
    out.push(finding);
}

/// Whether another label than `[P]` says what a task belongs to: `[N/A]`, `[REPO]`.
fn is_labelled(title: &str) -> bool {
    let title = title.trim_start();
    title.strip_prefix("[P]").unwrap_or(title).trim_start().starts_with('[')
}

/// Whether a heading names a story, and no other: `Phase 3: User Story 1 - Log in`, `US1: Log in`.
fn names_story(title: &str) -> bool {
    let begins = |at: usize| !title[..at].ends_with(|c: char| c.is_alphanumeric());
    let words = title.char_indices().map(|(at, _)| at).filter(|at| begins(*at));
    let mut stories = words.filter_map(|at| match Counted::begins(&title[at..]) {
        Some((Counted::Story(number), _)) => Some(number),
        _ => None,
    });
    let first = stories.next();
    first.is_some() && stories.all(|other| Some(other) == first)
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    const SPEC: &str = "//- specs/a/spec.md\n# S\n\n### User Story 1 - Load (Priority: P1)\n\nText.\n\n### User Story 2 - Pay (Priority: P2)\n\nText.\n";

    fn found(tasks: &str) -> Vec<(String, usize)> {
        let world = world(&format!("{SPEC}//- specs/a/tasks.md\n# T\n\n{tasks}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/specs/a/tasks.md")).into_iter();
        let own = all.filter(|it| it.rule.name == "missing-story-tag");
        own.map(|it| (it.message, it.related.len())).collect()
    }

    #[test]
    fn tasks_without_the_tag_of_their_sections_story_are_one_finding() {
        let tagged = "- [ ] T001 [US1] Saw in a.rs\n- [ ] T002 [P] [US1] Nail in b.rs\n";
        let one = [("task T003 has no tag, and others of its section have `[US1]`".to_string(), 0)];
        for head in ["## Phase 3: User Story 1 - Load (P1)", "## US1: Load", "### User Story 1", "## 用户故事 (US1)"]
        {
            assert_eq!(found(&format!("{head}\n\n{tagged}- [ ] T003 Tar in c.rs\n")), one, "{head}");
        }
        let below =
            format!("## Phase 3: User Story 1 - Load\n\n### Tests\n\n{tagged}\n### Code\n\n- [ ] T003 Tar in c.rs\n");
        assert_eq!(found(&below), one);
        let two = "## User Story 2 - Pay\n\n- [ ] T005 [US2] Row\n- [ ] **T006** Sail\n- [ ] T007 [US2] Steer\n";
        let many = "2 tasks have no tag of their section's story, and others there have: `T003` and `T006`".to_string();
        assert_eq!(found(&format!("## User Story 1\n\n{tagged}- [ ] T003 Tar\n\n{two}")), [(many, 1)]);
    }

    #[test]
    fn tasks_of_no_story_or_of_several_are_asked_nothing() {
        let tagged = "- [ ] T001 [US1] Saw in a.rs\n- [ ] T002 [US1] Nail in b.rs\n";
        for tasks in [
            format!("## Phase 1: Setup\n\n{tagged}- [ ] T003 Tar\n"),
            format!("## User Story 1\n\n{tagged}\n## Phase 9: Polish\n\n- [ ] T003 Tar\n"),
            format!("## User Story 1 + User Story 2\n\n{tagged}- [ ] T003 Tar\n"),
            format!("## User Story 1\n\n{tagged}- [ ] T003 [US2] Tar\n- [ ] T004 Row\n"),
            format!("## User Story 1\n\n{tagged}- [ ] A sail is there\n"),
            format!("## User Story 1\n\n{tagged}- [ ] T003 [N/A] Tar\n- [ ] T004 [P] [REPO] Row\n"),
            format!("## User Story 1\n\n{tagged}  - [ ] T003 Tar\n"),
            "## User Story 1\n\n- [ ] T001 [US1] Saw\n- [ ] T003 Tar\n".to_string(),
        ] {
            assert_eq!(found(&tasks), [], "{tasks}");
        }
    }
}
