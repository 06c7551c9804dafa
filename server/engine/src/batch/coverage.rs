//! Coverage of all requirements of a document at once: who serves each, and how that is told.

use super::meanings::Sought;
use super::nodes::Nodes;
use crate::dialect::Role;
use crate::facts::State;
use crate::id::Id;
use crate::index::Link;
use crate::path::FilePath;
use crate::query::{Lookup, spellings_of};
use crate::text::Span;
use crate::world::{Snapshot, View};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Display;

/// How many sections and tasks serve a requirement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sections of plans.
    pub sections: u32,
    /// Tasks.
    pub tasks: u32,
    /// Tasks that are done.
    pub done: u32,
    /// Whether no section plans it though the plan serves others of its family.
    pub unplanned: bool,
    /// Whether no task builds it though tasks build others of its family.
    pub untasked: bool,
}

impl Tally {
    /// Counts one more node, by its state.
    pub fn count(&mut self, state: Option<State>) {
        match state {
            None => self.sections += 1,
            Some(state) => {
                self.tasks += 1;
                self.done += u32::from(state == State::Done);
            }
        }
    }

    /// Whether nothing serves it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sections + self.tasks == 0
    }
}

/// Who serves each requirement that `view` defines in `within`, and how many files had to be gone through.
#[must_use]
pub fn tallies(snapshot: &Snapshot, view: &View<'_>, within: Span) -> (FxHashMap<Id, Tally>, usize) {
    let mut out: FxHashMap<Id, Tally> = FxHashMap::default();
    for (base, facts) in view.parts() {
        let here = |place: Span| place.start <= within.end && within.start <= place.end;
        let wanted = facts.definitions.iter().filter(|definition| here(definition.place.shifted(base)));
        out.extend(wanted.map(|definition| (facts.id(definition.id).clone(), Tally::default())));
    }
    if out.is_empty() {
        return (out, 0);
    }
    let spellings: FxHashSet<Id> = out.keys().flat_map(|id| spellings_of(snapshot, view.scope, id)).collect();
    let mut files = 0;
    for user in snapshot.scopes_naming(view.scope, &spellings.iter().cloned().collect::<Vec<_>>()) {
        let mut sought = Sought::of(snapshot, view.scope, user);
        for path in snapshot.scope(user).into_iter().flat_map(|scope| scope.files()) {
            let Some(view) = snapshot.view(path).filter(|view| matches!(view.role, Role::Plan | Role::Tasks)) else {
                continue;
            };
            if view.parts().any(|(_, facts)| facts.ids.iter().any(|id| spellings.contains(id))) {
                files += 1;
                count(&view, &mut sought, &spellings, &mut out);
            }
        }
    }
    (out, files)
}

/// Counts what serves requirements in one file.
fn count(file: &View<'_>, sought: &mut Sought<'_>, spellings: &FxHashSet<Id>, out: &mut FxHashMap<Id, Tally>) {
    let nodes = Nodes::of(*file);
    let mut counted: FxHashSet<(Id, Span)> = FxHashSet::default();
    for (base, facts) in file.parts() {
        for reference in facts.references.iter().filter(|it| spellings.contains(facts.id(it.id))) {
            let Some(node) = nodes.covering_at(reference.span.start + base, reference.kind) else { continue };
            for id in sought.meant_by(facts, reference, |id| out.contains_key(id)) {
                if let Some(tally) = out.get_mut(id)
                    && counted.insert((id.clone(), node.head()))
                {
                    tally.count(node.state());
                }
            }
        }
    }
}

/// How a requirement is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// By sections and tasks that name it.
    Named(Tally),
    /// By its parts: how many of them are served, and how many there are.
    Parts(usize, usize),
    /// By whatever serves the requirement that it is part of.
    Above(Id),
    /// By nobody any more, or by those who do not know that it is withdrawn.
    Withdrawn(Tally),
    /// By nothing, although the tasks name requirements of its family.
    Missing,
    /// By nothing, and nobody asked.
    Unjudged,
}

/// How `id` of `scope` is served, where `tally` counts what names it.
#[must_use]
pub fn service_of(lookup: &Lookup, scope: &FilePath, id: &Id, tally: Tally) -> Service {
    if lookup.is_withdrawn(scope, id) {
        return Service::Withdrawn(tally);
    }
    let index = lookup.index_of(scope);
    if !tally.is_empty() {
        let chain = index.filter(|_| lookup.complete).map(|index| index.chain_of(id));
        let unplanned = tally.sections == 0 && chain.is_some_and(|chain| chain.planned == Link::Missing);
        let untasked = tally.tasks == 0 && chain.is_some_and(|chain| chain.tasked == Link::Missing);
        return Service::Named(Tally { unplanned, untasked, ..tally });
    }
    let Some(index) = index else { return Service::Unjudged };
    if index.is_covered(id) {
        let above = std::iter::successors(id.parent(), Id::parent).find(|above| index.is_named_by(Role::Other, above));
        if let Some(above) = above {
            return Service::Above(index.defined(&above).cloned().unwrap_or(above));
        }
        let parts: Vec<&Id> = index.all_defined().filter(|part| part.parent().as_ref() == Some(id)).collect();
        if !parts.is_empty() {
            return Service::Parts(parts.iter().filter(|part| index.is_covered(part)).count(), parts.len());
        }
    }
    if lookup.complete && index.judges(id.family()) && !index.is_covered(id) {
        Service::Missing
    } else {
        Service::Unjudged
    }
}

/// A count with its noun in the singular or plural: `1 task`, `2 tasks`.
pub(crate) fn many<N: Copy + Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    let end = if count == N::from(1) { "" } else { "s" };
    format!("{count} {one}{end}")
}

impl Service {
    /// As an author says it: `2 sections · 3 tasks, 1 done`, and `no task` where that is missing.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Named(tally) => {
                let mut words = Vec::new();
                if tally.sections > 0 {
                    words.push(many(tally.sections, "section"));
                } else if tally.unplanned {
                    words.push("no section".into());
                }
                if tally.tasks > 0 {
                    words.push(format!("{}, {} done", many(tally.tasks, "task"), tally.done));
                } else if tally.untasked {
                    words.push("no task".into());
                }
                words.join(" · ")
            }
            Self::Withdrawn(tally) if tally.is_empty() => "withdrawn".into(),
            Self::Withdrawn(tally) => format!("withdrawn · {}", Self::Named(*tally).words()),
            Self::Parts(covered, all) => format!("{covered} of {} covered", many(*all, "part")),
            Self::Above(id) => format!("covered with {id}"),
            Self::Missing => "not covered".into(),
            Self::Unjudged => "no plan or task names it".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Meanings, Titles};
    use super::*;
    use crate::fixture::world;
    use crate::query::coverage_of;

    const FEATURE: &str = "//- a/spec.md\n# S\n\n- **FR-1**: One\n- **FR-1.1**: Part\n- **FR-1.2**: Part\n- **FR-2**: Two\n- **NFR-1**: N\n//- a/plan.md\n# Plan\n\n## A\n\nFR-2 in prose.\n\n_Requirements: FR-1.1, FR-2_\n\n## B\n\n_Requirements: FR-1.*_\n//- a/tasks.md\n# Tasks\n\n- [x] 1. One\n  - _Requirements: FR-1.1, FR-1.1_\n- [ ] 2. Two\n  - [x] 2.1 Sub FR-2\n  - _Requirements: FR-1.1–1.2_\n";

    #[test]
    fn counting_all_at_once_counts_what_each_is_told() {
        let world = world(FEATURE);
        let snapshot = world.snapshot();
        let path = FilePath::new("/w/a/spec.md");
        let view = snapshot.view(&path).unwrap();
        let (all, files) = tallies(&snapshot, &view, Span { start: 0, end: u32::MAX });
        assert_eq!((all.len(), files), (5, 2));
        for (id, tally) in &all {
            let mut expected = Tally::default();
            coverage_of(&snapshot, view.scope, id).iter().for_each(|item| expected.count(item.state));
            assert_eq!(*tally, expected, "{id}");
        }
        assert_eq!(all[&Id::new("FR-1.1")], Tally { sections: 2, tasks: 2, done: 1, ..Tally::default() });
    }

    #[test]
    fn every_feature_that_serves_a_shared_requirement_is_counted() {
        use std::fmt::Write as _;
        let mut text = String::from("//- REQUIREMENTS.md\n# R\n\n- **R-1**: One\n");
        for number in 0..50 {
            let own = if number == 9 { "- **R-1**: Own\n" } else { "" };
            write!(text, "//- specs/{number}/spec.md\n- **FR-1**: F\n{own}//- specs/{number}/tasks.md\n- [x] 1. T\n  - _Requirements: FR-1, R-1_\n").unwrap();
        }
        let world = world(&text);
        let snapshot = world.snapshot();
        let view = snapshot.view(&FilePath::new("/w/REQUIREMENTS.md")).unwrap();
        let (all, files) = tallies(&snapshot, &view, Span { start: 0, end: u32::MAX });
        assert_eq!(all[&Id::new("R-1")], Tally { tasks: 49, done: 49, ..Tally::default() });
        assert_eq!(files, 50);
        assert_eq!(coverage_of(&snapshot, view.scope, &Id::new("R-1")).len(), 49);
    }

    #[test]
    fn parts_speak_for_their_whole_and_silence_is_told_apart() {
        let world = world(FEATURE);
        let snapshot = world.snapshot();
        let scope = FilePath::new("/w/a");
        let lookup = Lookup::of(&snapshot, &scope);
        let words = |id: &str| {
            let id = Id::new(id);
            let mut tally = Tally::default();
            coverage_of(&snapshot, &scope, &id).iter().for_each(|item| tally.count(item.state));
            service_of(&lookup, &scope, &id, tally).words()
        };
        assert_eq!(words("FR-1"), "2 of 2 parts covered");
        assert_eq!(words("FR-2"), "1 section · 1 task, 1 done");
        assert_eq!(words("FR-1.2"), "1 section · 1 task, 0 done");
        assert_eq!(words("NFR-1"), "no plan or task names it");
    }

    #[test]
    fn an_id_is_looked_up_once() {
        let lines = "- [ ] 1. Task FR-1.1\n  - _Requirements: FR-1.1, FR-2, FR-9_\n".repeat(100);
        let world = world(&format!("//- a/spec.md\n- **FR-1.1**: A\n- **FR-2**: B\n//- a/tasks.md\n{lines}"));
        let snapshot = world.snapshot();
        let path = FilePath::new("/w/a/tasks.md");
        let view = snapshot.view(&path).unwrap();
        let mut meanings = Meanings::of(&snapshot, view.scope);
        let mut titles = Titles::of(&snapshot);
        let mut found = 0;
        for (_, facts) in view.parts() {
            for reference in &facts.references {
                for (scope, id) in meanings.meant_by(facts, reference) {
                    found += usize::from(titles.title(scope, id).is_some());
                }
            }
        }
        assert_eq!((found, meanings.looked_up, titles.files()), (300, 3, 1));
    }
}
