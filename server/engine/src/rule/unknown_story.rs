//! `unknown-story`: a task is tagged with a story that the feature does not have.

use super::doubt::{Question, Verdict, judge};
use super::repeated::MOST_PLACES;
use super::{Check, Checker, Finding, Part, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Facts, Kind, Reference, numbered_heading};
use crate::id::Id;
use crate::query::Place;
use crate::settings::Level;
use crate::suggestion::misspelling_of;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    name: "unknown-story",
    level: Some(Level::Warning),
    what: "A task is tagged with a story that the feature's specification does not have.",
    why: "Tasks are built and tested story by story, so the task belongs nowhere. Nothing is said where the specification \
          numbers no stories. A story that has a heading in the task list itself is known there. All tasks of one story are \
          one finding.",
    bad: "//- specs/001-login/spec.md\n# Login\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 [US1] Check passwords in src/a.rs\n- [ ] T002 [US2] Lock accounts in src/b.rs\n",
    good: "//- specs/001-login/spec.md\n# Login\n\n### User Story 1 - Log in (Priority: P1)\n\nText.\n//- specs/001-login/tasks.md\n# Tasks\n\n- [ ] T001 [US1] Check passwords in src/a.rs\n",
    fix: Remedy::ByHand,
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if !check.judges_references() || check.view.role != Role::Tasks {
        return;
    }
    for reference in facts.references.iter().filter(|reference| is_story_tag(check, facts, reference)) {
        let id = facts.id(reference.id);
        let Some(known) =
            known_stories(check, id).filter(|known| !known.contains(&number(id)) || is_other_part(check, id))
        else {
            continue;
        };
        let Verdict::Said(level, doubt) = judge(&Question::new(check, &RULE, facts, reference)) else { continue };
        let place = check.snapshot.display_path(check.view.scope);
        let mut message = format!("`{id}` is no story of {place}");
        if let Some(likely) = misspelling_of(&check.lookup, id).filter(|likely| known.contains(&number(likely))) {
            message += &format!(" · did you mean `{likely}`?");
        }
        let finding = Finding::new(&RULE, reference.span, message);
        let part = Some(Part { home: reference.span, name: id.to_string() });
        out.push(Finding { level, doubt, part, ..finding });
    }
}

/// Makes one finding of those of one story: the tasks that bear its tag are right or wrong together.
pub(super) fn join(check: &Check<'_>, out: &mut Vec<Finding>) {
    let mut parts: Vec<Finding> = out.extract_if(.., |finding| finding.rule == &RULE).collect();
    if parts.is_empty() {
        return;
    }
    let introduced = introduced(check);
    let known = |part: &Part| introduced.contains(&Id::new(&part.name));
    parts.retain(|finding| !finding.part.as_ref().is_some_and(known));
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

fn number(id: &Id) -> u64 {
    id.numbers().next().unwrap_or_default()
}

/// The numbers of the feature's own stories; none where it has none.
fn known_stories(check: &Check<'_>, id: &Id) -> Option<BTreeSet<u64>> {
    let family = id.family().to_ascii_uppercase();
    let index = check.lookup.own().filter(|index| index.defines_family(&family))?;
    let stories = index.all_defined().filter(|known| known.family().eq_ignore_ascii_case(&family));
    Some(stories.map(number).collect())
}

/// Whether `US2B` stands beside `US2A` and is not defined; a letter where no story has one marks a part of its story.
fn is_other_part(check: &Check<'_>, id: &Id) -> bool {
    let Some(index) = check.lookup.own().filter(|index| id.letter().is_some() && index.defined(id).is_none()) else {
        return false;
    };
    index.all_defined().any(|known| {
        known.family().eq_ignore_ascii_case(id.family()) && known.letter().is_some() && number(known) == number(id)
    })
}

/// Whether the stories are counted without a gap, and `id` is behind the last, or their parts have letters.
pub(super) fn is_counted_on(check: &Check<'_>, id: &Id) -> bool {
    is_other_part(check, id)
        || known_stories(check, id)
            .is_some_and(|known| known.last().is_some_and(|last| *last == known.len() as u64 && number(id) > *last))
}

/// Whether this rule judges a reference: it tags a task, and the feature has stories.
pub(super) fn judges(check: &Check<'_>, facts: &Facts, reference: &Reference) -> bool {
    let tasks = check.view.role == Role::Tasks && is_story_tag(check, facts, reference);
    tasks && known_stories(check, facts.id(reference.id)).is_some()
}

/// The stories that headings of the file begin with: the tasks themselves bring them in.
fn introduced(check: &Check<'_>) -> FxHashSet<Id> {
    let dialect = check.dialect;
    let named = |title: &str| {
        if let Some(token) = dialect.families.token_at(title, 0) {
            return Some(vec![Id::new(&title[token.start..token.end])]);
        }
        let (number, kind, _) = numbered_heading(title, &(0..title.len()), &dialect.table.definitions.numbered)?;
        let number = &title[number];
        // A tag may be written in either way.
        (!kind.prefix.is_empty())
            .then(|| ["", "-"].map(|dash| Id::new(&format!("{}{dash}{number}", kind.prefix))).into())
    };
    let titles = check.view.parts().flat_map(|(_, facts)| facts.sections.iter().map(|it| facts.text(it.title)));
    titles.filter_map(named).flatten().collect()
}

/// Whether a reference tags a task with a story.
pub(super) fn is_story_tag(check: &Check<'_>, facts: &Facts, reference: &Reference) -> bool {
    let family = facts.id(reference.id).family();
    let stories = &check.dialect.table.ids.stories;
    reference.kind == Kind::Tag && stories.iter().any(|story| story.eq_ignore_ascii_case(family))
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn a_story_that_the_tasks_introduce_is_known_there() {
        let found = |heading: &str| {
            let spec = "//- a/requirements.md\n# R\n\n### US-1: Row\n\nText.\n\n- [ ] AC-1.1: It floats\n";
            let tasks = format!("//- a/tasks.md\n# T\n\n{heading}\n\n- [ ] 1.1 [US-1] Carve\n- [ ] 2.1 [US-2] Sew\n");
            let world = world(&format!("{spec}{tasks}"));
            let found = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md"));
            found.iter().filter(|it| it.rule.name == "unknown-story").count()
        };
        assert_eq!(found("### US-2: Sail"), 0);
        assert_eq!(found("### User Story 2: Sail"), 0);
        assert_eq!(found("## Phase 3: User Story 2 - Sail"), 1, "there spec-kit says which story its tasks are of");
        assert_eq!(found("### US-3: Sail"), 1);
    }
}
