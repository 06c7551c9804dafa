//! The chain from a requirement to what is built: planned in which sections, built by which tasks, and how far these are.

use crate::batch::{Nodes, Sought};
use crate::dialect::{CoveredBy, Role};
use crate::facts::{Certainty, Kind, Reach, State};
use crate::id::Id;
use crate::index::{Chain, Link};
use crate::path::FilePath;
use crate::query::{CoveringItem, Lookup, coverage_of};
use crate::world::Snapshot;
use rustc_hash::{FxHashMap, FxHashSet};

/// Who serves a requirement, by its links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Sections of plans, in the order of files and text.
    pub planned: Vec<CoveringItem>,
    /// Tasks, in the same order.
    pub tasks: Vec<CoveringItem>,
    /// Which links are there, by way of a parent or child too.
    pub chain: Chain,
}

impl Links {
    /// How many of its tasks are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.tasks.iter().filter(|task| task.state == Some(State::Done)).count()
    }
}

/// The links of `id`, which `scope` defines; none missing where the requirement is withdrawn or its dialect judges none.
#[must_use]
pub fn links_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Links {
    // A task may be a section of the task list.
    let plans = |server: &CoveringItem| snapshot.view(&server.place.path).is_some_and(|view| view.role == Role::Plan);
    let (planned, tasks) = coverage_of(snapshot, scope, id).into_iter().partition(plans);
    let judged = chain_of(snapshot, scope, id);
    let mut links = Links { planned, tasks, chain: judged };
    // Another scope may serve what this one only defines.
    if !links.planned.is_empty() {
        links.chain.planned = Link::There;
    }
    if !links.tasks.is_empty() {
        links.chain.tasked = Link::There;
    }
    links
}

/// Which links of `id` are there as far as its own scope tells.
fn chain_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Chain {
    let none = Chain { planned: Link::Unjudged, tasked: Link::Unjudged };
    let Some(index) = snapshot.index(scope) else { return none };
    let chain = index.chain_of(id);
    let quiet = |link: Link| if link == Link::Missing { Link::Unjudged } else { link };
    let by = snapshot.dialect_of(scope).table.coverage.by;
    if index.is_withdrawn(id) || by == CoveredBy::Never {
        Chain { planned: quiet(chain.planned), tasked: quiet(chain.tasked) }
    } else {
        chain
    }
}

/// The titles of the plan's sections that serve each of `ids` of `scope`, in the order of files and text; of one that no
/// section names, those that serve its nearest parent, else its children. Each file is gone through once; `lookup` is where
/// ids of the scope are looked for.
#[must_use]
pub fn sections_serving(
    snapshot: &Snapshot,
    lookup: &Lookup,
    scope: &FilePath,
    ids: &[Id],
) -> FxHashMap<Id, Vec<String>> {
    let own: FxHashSet<&Id> = ids.iter().collect();
    let above = |id: &Id| std::iter::successors(Some(id.clone()), Id::parent);
    let around: FxHashSet<Id> = ids.iter().flat_map(above).collect();
    let is_wanted = |id: &Id| around.contains(id) || above(id).skip(1).any(|id| own.contains(&id));
    let mut named: FxHashMap<Id, Vec<String>> = FxHashMap::default();
    let mut sought = Sought::of(snapshot, scope, scope);
    for view in snapshot.views_in(scope).filter(|view| view.role == Role::Plan) {
        let nodes = Nodes::of(view);
        for (base, facts) in view.parts() {
            // A part names few ids many times.
            let mut known: Vec<Option<(Certainty, Vec<Id>)>> = vec![None; facts.ids.len()];
            for reference in &facts.references {
                // A matrix in the plan traces by its tags.
                if !matches!(reference.kind, Kind::Trace | Kind::Tag) {
                    continue;
                }
                let sure = reference.sure;
                let meant = match &mut known[reference.id as usize] {
                    _ if reference.reach == Reach::Children => {
                        let meant = sought.meant_by(facts, reference, |_| false).into_iter();
                        &meant.filter(|id| is_wanted(id)).cloned().collect()
                    }
                    Some((of, meant)) if *of == sure => &*meant,
                    other => {
                        let meant = lookup.meant(facts.id(reference.id), sure).into_iter();
                        let wanted = meant.filter(|(home, id)| *home == scope && is_wanted(id));
                        &other.insert((sure, wanted.map(|(_, id)| id.clone()).collect())).1
                    }
                };
                if meant.is_empty() {
                    continue;
                }
                let Some(section) = nodes.section_at(reference.span.start + base) else { continue };
                for id in meant {
                    let titles = named.entry(id.clone()).or_default();
                    let title = section.title();
                    if !titles.contains(&title) {
                        titles.push(title);
                    }
                }
            }
        }
    }
    let found = |id: &Id| {
        let direct = above(id).find_map(|id| named.get(&id).cloned());
        direct.or_else(|| {
            let mut below: Vec<&Id> = named.keys().filter(|part| above(part).skip(1).any(|it| it == *id)).collect();
            below.sort();
            let mut titles: Vec<String> = Vec::new();
            for title in below.into_iter().flat_map(|part| &named[part]) {
                if !titles.contains(title) {
                    titles.push(title.clone());
                }
            }
            (!titles.is_empty()).then_some(titles)
        })
    };
    ids.iter().filter_map(|id| Some((id.clone(), found(id)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;

    #[test]
    fn a_section_that_plans_a_parent_a_range_or_a_part_plans_the_requirement() {
        let world = world(
            "//- a/spec.md\n- **FR-1**: a\n- **FR-1.1**: a\n- **FR-2.1**: b\n- **FR-2.2**: b\n- **FR-3**: c\n- **FR-3.1**: c\n- **FR-4**: d\n//- a/plan.md\n# Plan\n\n## Whole\n\n_Requirements: FR-1_\n\n## Range\n\n_Requirements: FR-2.1–FR-2.2_\n\n## Part\n\n_Requirements: FR-3.*_\n",
        );
        let (snapshot, scope) = (world.snapshot(), FilePath::new("/w/a"));
        let ids = ["FR-1.1", "FR-2.2", "FR-3", "FR-4"].map(Id::new);
        let told = sections_serving(&snapshot, &Lookup::of(&snapshot, &scope), &scope, &ids);
        let titles: Vec<_> = ids.iter().map(|id| told.get(id).map(|titles| titles.join("+"))).collect();
        assert_eq!(titles, [Some("Whole".into()), Some("Range".into()), Some("Part".into()), None]);
        let planned = ids.map(|id| links_of(&snapshot, &scope, &id).chain.planned);
        assert_eq!(planned, [Link::There, Link::There, Link::There, Link::Missing]);
    }
}
