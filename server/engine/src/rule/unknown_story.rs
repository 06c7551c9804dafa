//! `unknown-story`: a task is tagged with a story that the feature does not have.

use super::repeated::MOST_PLACES;
use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::facts::{Facts, Kind, Reference};
use crate::query::Place;
use crate::settings::Level;
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    name: "unknown-story",
    level: Some(Level::Warning),
    what: "A task is tagged with a story that the feature's specification does not have.",
    why: "Tasks are built and tested story by story, so the task belongs nowhere. Nothing is said where the specification \
          numbers no stories, and it is only information where a story between the known ones is missing. All tasks of one \
          story are one finding.",
    bad: "//- specs/001-login/spec.md\n# Login\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 [US1] Check passwords in src/a.rs\n- [ ] T002 [US2] Lock accounts in src/b.rs\n",
    good: "//- specs/001-login/spec.md\n# Login\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 [US1] Check passwords in src/a.rs\n",
    fix: "",
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if !check.judges_references() || check.view.role != Role::Tasks {
        return;
    }
    for reference in facts.references.iter().filter(|reference| is_story_tag(check, facts, reference)) {
        let id = facts.id(reference.id);
        let family = id.family().to_ascii_uppercase();
        let Some(index) = check.lookup.own().filter(|index| index.defines_family(&family)) else { continue };
        let number = id.numbers().next().unwrap_or_default();
        let stories = index.all_defined().filter(|known| known.family().eq_ignore_ascii_case(&family));
        let known: BTreeSet<u64> = stories.filter_map(|known| known.numbers().next()).collect();
        // `US2B` beside `US2A`; a letter where no story has one marks a part of its story.
        let mut beside = index.all_defined().filter(|known| {
            known.family().eq_ignore_ascii_case(&family)
                && known.letter().is_some()
                && known.numbers().next() == Some(number)
        });
        let lettered = id.letter().is_some() && beside.next().is_some() && index.defined(id).is_none();
        if known.contains(&number) && !lettered {
            continue;
        }
        let place = check.snapshot.spoken(check.view.scope);
        let mut finding = Finding::new(&RULE, reference.span, format!("`{id}` is no story of {place}"));
        // Between or before stories that are understood there may be one that is not.
        let counted = known.last().is_some_and(|last| *last == known.len() as u64 && number > *last);
        if check.lookup.is_told(id) || !(counted || lettered) {
            finding.level = Level::Information;
        }
        out.push(finding);
    }
}

/// Makes one finding of those of one story: the tasks that bear its tag are right or wrong together.
pub(super) fn join(check: &Check<'_>, out: &mut Vec<Finding>) {
    let mut parts: Vec<Finding> = out.extract_if(.., |finding| finding.rule == &RULE).collect();
    parts.sort_by_key(|finding| finding.span);
    let mut joined: Vec<(Finding, usize)> = Vec::new();
    for part in parts {
        let Some((first, count)) = joined.iter_mut().find(|(first, _)| first.message == part.message) else {
            joined.push((part, 1));
            continue;
        };
        *count += 1;
        first.level = first.level.max(part.level);
        if first.related.len() < MOST_PLACES {
            first.related.push((Place { path: check.view.path.clone(), span: part.span }, "so is this task".into()));
        }
    }
    out.extend(joined.into_iter().map(|(mut finding, count)| {
        if count > 1 {
            finding.message += &format!(" · {count} tasks are tagged with it");
        }
        finding
    }));
}

/// Whether a reference tags a task with a story.
pub(super) fn is_story_tag(check: &Check<'_>, facts: &Facts, reference: &Reference) -> bool {
    let family = facts.id(reference.id).family();
    let stories = &check.snapshot.dialect_of(check.view.path).table.ids.stories;
    reference.kind == Kind::Tag && stories.iter().any(|story| story.eq_ignore_ascii_case(family))
}
