//! `unknown-story`: a task is tagged with a story that the feature does not have.

use super::repeated::MOST_PLACES;
use super::{Check, Checker, Finding, Part, Rule};
use crate::dialect::Role;
use crate::facts::{Facts, Kind, Reference, numbered_heading};
use crate::id::Id;
use crate::query::Place;
use crate::settings::Level;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    name: "unknown-story",
    level: Some(Level::Warning),
    what: "A task is tagged with a story that the feature's specification does not have.",
    why: "Tasks are built and tested story by story, so the task belongs nowhere. Nothing is said where the specification \
          numbers no stories, and it is only information where a story between the known ones is missing. A story that has a \
          heading in the task list itself is known there. All tasks of one story are one finding.",
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
        finding.part = Some(Part { home: reference.span, name: id.to_string() });
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

/// The stories that headings of the file begin with: the tasks themselves bring them in.
fn introduced(check: &Check<'_>) -> FxHashSet<Id> {
    let dialect = check.snapshot.dialect_of(check.view.path);
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
    let stories = &check.snapshot.dialect_of(check.view.path).table.ids.stories;
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
