//! Code lenses: above a requirement who serves it, above a task what it carries and how far its parts are.

use crate::batch::{Meanings, Nodes, Service, Tally, many, service_of};
use crate::dialect::Role;
use crate::facts::{Form, State};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Defined, Lookup, Place, coverage_of, definitions_of, references_to};
use crate::text::Span;
use crate::world::Snapshot;
use rustc_hash::FxHashSet;

/// A lens before it is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The id, or a task's number and title, from the file's start.
    pub span: Span,
    /// The requirement that it is about; none for a task.
    pub requirement: Option<Id>,
}

/// What a lens says, and what a click on it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// What it says.
    pub title: String,
    /// The places that refer to the requirement, or the requirements that a task carries.
    pub places: Vec<Place>,
}

/// The lenses of the file at `path`, in order; none at all where it is no plan document or lenses are turned off.
#[must_use]
pub fn code_lenses(snapshot: &Snapshot, path: &FilePath) -> Option<Vec<Lens>> {
    let view = snapshot.view(path)?;
    if !view.is_ours() || !snapshot.settings_of(path).shown.lenses {
        return None;
    }
    let index = snapshot.index(view.scope)?;
    let names = index.names_of(path)?;
    let is_shared = snapshot.scopes_seeing(view.scope).nth(1).is_some();
    let mut meanings = Meanings::of(snapshot, view.scope);
    let mut out: Vec<Lens> = Vec::new();
    for (base, facts) in view.parts() {
        for definition in &facts.definitions {
            let (id, span) = (facts.id(definition.id), definition.place.shifted(base));
            // Where nobody has planned anything yet, every lens would say so.
            let told = index.judges(id.family()) || index.is_covered(id) || index.users_of(id).next().is_some();
            let told = told || is_shared && !references_to(snapshot, view.scope, id).is_empty();
            let known = definition.form.rank() < Form::WEAKEST && names.defines(id);
            if told && known && out.last().is_none_or(|last| last.span != span) {
                out.push(Lens { span, requirement: Some(id.clone()) });
            }
        }
        for (at, task) in facts.tasks.iter().enumerate() {
            let parts = facts.tasks.get(at + 1).is_some_and(|next| next.parent == Some(crate::text::narrow(at)));
            // What a task of another document names is its section's, and what nothing defines is carried by nobody.
            let mut carries = || {
                let first = facts.references.partition_point(|reference| reference.span.start < task.head.start);
                let own = facts.references[first..].iter().take_while(|reference| task.item.covers(reference.span));
                view.role == Role::Tasks
                    && own.into_iter().any(|reference| !meanings.meant_by(facts, reference).is_empty())
            };
            if parts || carries() {
                out.push(Lens { span: task.head.shifted(base), requirement: None });
            }
        }
    }
    out.sort_by_key(|lens| lens.span.start);
    Some(out)
}

/// What the lens says.
#[must_use]
pub fn resolved(snapshot: &Snapshot, path: &FilePath, lens: &Lens) -> Option<Resolved> {
    let view = snapshot.view(path)?;
    match &lens.requirement {
        Some(id) => {
            let mut tally = Tally::default();
            coverage_of(snapshot, view.scope, id).iter().for_each(|server| tally.count(server.state));
            let service = service_of(&Lookup::of(snapshot, view.scope), view.scope, id, tally);
            let named = |id: &Id| references_to(snapshot, view.scope, id).into_iter().map(|referrer| referrer.place);
            let mut places: Vec<Place> = named(id).collect();
            // What is served by way of others leads to those who name the others.
            match &service {
                Service::Parts(..) => {
                    let index = snapshot.index(view.scope)?;
                    let mut parts: Vec<&Id> =
                        index.all_defined().filter(|part| part.parent().as_ref() == Some(id)).collect();
                    parts.sort();
                    places.extend(parts.into_iter().flat_map(named));
                }
                Service::Above(above) => places.extend(named(above)),
                Service::Named(_) | Service::Withdrawn(_) | Service::Missing | Service::Unjudged => {}
            }
            let mut known = FxHashSet::default();
            places.retain(|place| known.insert(place.clone()));
            Some(Resolved { title: service.words(), places })
        }
        None => task(snapshot, path, lens.span.start),
    }
}

fn task(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Option<Resolved> {
    let view = snapshot.view(path)?;
    let nodes = Nodes::of(view);
    let node = nodes.task_at(offset)?;
    let mut meanings = Meanings::of(snapshot, view.scope);
    let mut places: Vec<Place> = Vec::new();
    let mut count = 0;
    for (_, facts, reference) in nodes.references_of(&node) {
        for (scope, id) in meanings.meant_by(facts, reference) {
            if let Some(place) = definitions_of(snapshot, scope, id).first().map(Defined::place)
                && !places.contains(&place)
            {
                count += 1;
                places.push(place);
            }
        }
    }
    let (done, all) = parts_of(&view.parts().collect::<Vec<_>>(), node.head());
    let mut words = Vec::new();
    if count > 0 {
        words.push(many(count, "requirement"));
    }
    if all > 0 {
        words.push(format!("{done} of {all} done"));
    }
    (!words.is_empty()).then(|| Resolved { title: words.join(" · "), places })
}

/// How many tasks right below the one with this head are done, and how many there are.
fn parts_of(parts: &[(u32, &crate::facts::Facts)], head: Span) -> (usize, usize) {
    let tasks = parts.iter().find_map(|(base, facts)| {
        let at = facts.tasks.iter().position(|task| task.head.shifted(*base) == head)?;
        let own = Some(crate::text::narrow(at));
        Some(facts.tasks.iter().filter(move |task| task.parent == own).map(|task| task.state).collect::<Vec<_>>())
    });
    let tasks = tasks.unwrap_or_default();
    (tasks.iter().filter(|state| **state == State::Done).count(), tasks.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;

    const FEATURE: &str = "//- a/spec.md\n# S\n\n- **FR-1**: A\n- **FR-2**: B\n- **FR-3**: C\n//- a/plan.md\n## P\n\n_Requirements: FR-1_\n\n## Q\n\n_Requirements: FR-1_\n//- a/tasks.md\n- [ ] 1. One\n  - [x] 1.1 Half\n    - _Requirements: FR-1_\n  - [ ] 1.2 Rest FR-1\n- [ ] 2. Two\n  - _Requirements: FR-1–FR-2, FR-9_\n- [ ] 3. Alone\n//- README.md\n# Read\n\n- [ ] a\n  - [ ] b\n";

    fn read(path: &str) -> Option<Vec<(String, usize)>> {
        let world = world(FEATURE);
        let snapshot = world.snapshot();
        let path = FilePath::new(path);
        let lenses = code_lenses(&snapshot, &path)?;
        let seen = lenses.iter().filter_map(|lens| resolved(&snapshot, &path, lens));
        Some(seen.map(|seen| (seen.title, seen.places.len())).collect())
    }

    fn pair(title: &str, places: usize) -> (String, usize) {
        (title.to_string(), places)
    }

    #[test]
    fn what_features_refer_to_tells_of_them_and_nothing_else_does() {
        let shared = "//- REQUIREMENTS.md\n# R\n\n- **R-1**: Shared\n- **R-2**: Own\n- **R-3**: Nobody's\n";
        let feature =
            "//- specs/a/spec.md\n- **R-2**: Own\n//- specs/a/tasks.md\n- [x] 1. T\n  - _Requirements: R-1, R-2_\n";
        let world = world(&format!("{shared}{feature}"));
        let snapshot = world.snapshot();
        let path = FilePath::new("/w/REQUIREMENTS.md");
        let lenses = code_lenses(&snapshot, &path).unwrap();
        let told: Vec<String> =
            lenses.iter().filter_map(|lens| Some(resolved(&snapshot, &path, lens)?.title)).collect();
        assert_eq!(told, ["1 task, 1 done"]);
    }

    #[test]
    fn a_definition_tells_who_serves_it() {
        assert_eq!(
            read("/w/a/spec.md").unwrap(),
            [pair("2 sections · 3 tasks, 1 done", 5), pair("no section · 1 task, 0 done", 1), pair("not covered", 0)]
        );
    }

    #[test]
    fn a_definition_tells_which_link_is_missing() {
        let world = world(
            "//- a/spec.md\n- **FR-1**: A\n- **FR-2**: B\n- **FR-3**: C\n//- a/plan.md\n# P\n\n_Requirements: FR-1, FR-2_\n//- a/tasks.md\n- [x] 1. One\n  - _Requirements: FR-1, FR-3_\n",
        );
        let (snapshot, path) = (world.snapshot(), FilePath::new("/w/a/spec.md"));
        let lenses = code_lenses(&snapshot, &path).unwrap();
        let told: Vec<String> =
            lenses.iter().filter_map(|lens| Some(resolved(&snapshot, &path, lens)?.title)).collect();
        assert_eq!(told, ["1 section · 1 task, 1 done", "1 section · no task", "no section · 1 task, 1 done"]);
    }

    #[test]
    fn a_task_tells_what_it_carries_and_how_far_its_parts_are() {
        assert_eq!(
            read("/w/a/tasks.md").unwrap(),
            [pair("1 of 2 done", 0), pair("1 requirement", 1), pair("1 requirement", 1), pair("2 requirements", 2)]
        );
    }

    #[test]
    fn a_whole_leads_to_who_serves_its_parts_and_a_part_to_who_serves_the_whole() {
        let world = world(
            "//- a/spec.md\n- **FR-1**: Whole\n- **FR-1.1**: A\n- **FR-1.2**: B\n- **FR-2**: C\n- **FR-2.1**: D\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1, FR-2_\n- [ ] 2. U\n  - _Requirements: FR-1.1–1.2_\n",
        );
        let (snapshot, path) = (world.snapshot(), FilePath::new("/w/a/spec.md"));
        let lenses = code_lenses(&snapshot, &path).unwrap();
        let seen = |at: usize| resolved(&snapshot, &path, &lenses[at]).unwrap();
        assert_eq!((seen(0).title.as_str(), seen(0).places.len()), ("2 of 2 parts covered", 2));
        assert_eq!((seen(4).title.as_str(), seen(4).places.len()), ("covered with FR-2", 1));
    }

    #[test]
    fn every_lens_says_something() {
        let world = world(
            "//- a/spec.md\n- **FR-1**: A\n//- a/plan.md\n# P\n\n- [ ] 1. Planned\n  - _Requirements: FR-1_\n//- a/tasks.md\n- [ ] 1. Unknown\n  - _Requirements: FR-9_\n- [ ] 2. Known\n  - _Requirements: FR-9, FR-1_\n- [ ] 3. Prose\n  - See FR-8.\n",
        );
        let snapshot = world.snapshot();
        let heads = |path: &str| {
            let path = FilePath::new(path);
            let lenses = code_lenses(&snapshot, &path).unwrap();
            assert!(lenses.iter().all(|lens| resolved(&snapshot, &path, lens).is_some()), "{lenses:?}");
            lenses.len()
        };
        assert_eq!([heads("/w/a/spec.md"), heads("/w/a/plan.md"), heads("/w/a/tasks.md")], [1, 0, 1]);
    }

    #[test]
    fn other_markdown_has_no_lenses() {
        assert_eq!(read("/w/README.md"), None);
    }
}
