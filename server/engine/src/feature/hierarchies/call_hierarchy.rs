//! Call hierarchy: the trace graph. A requirement is called by the plan's sections that name it or its parts, these by the
//! tasks that name one of the same requirements; where no section does, the tasks call the requirement itself.

use crate::batch::{Meanings, Node, Nodes, RequirementKey, Sought};
use crate::facts::Kind;
use crate::feature::cursor::requirements_at;
use crate::feature::hierarchies::requirement::{Stated, stated, wholes_of, within};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Place, references_to, spellings_of};
use crate::text::Span;
use crate::world::Snapshot;
use crate::{dialect::Role, facts::State};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;

/// A place in the trace graph, as an editor keeps it between two questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A requirement of a scope.
    Requirement(RequirementKey),
    /// A section or task: its file, where its head was, and its title, by which it is found again after an edit.
    Node(FilePath, u32, String),
}

/// What the trace graph has at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which it is.
    pub key: Key,
    /// Its id and title.
    pub name: String,
    /// A task's state, or the feature.
    pub detail: String,
    /// Whether it is a requirement that has been given up.
    pub withdrawn: bool,
    /// What it is.
    pub kind: ItemKind,
    /// All of it.
    pub whole: Place,
    /// The part that names it.
    pub exact: Span,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A requirement.
    Requirement,
    /// A section of a plan.
    Section,
    /// A section of a task list, which is a task without a checkbox.
    Heading,
    /// A task.
    Task(State),
}

/// An edge: the item at its other end, and the references that make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The item at the other end.
    pub item: Item,
    /// Where the caller names the called.
    pub places: Vec<Place>,
}

/// The items at byte `offset` of the file: the requirements named there, else the requirement, section or task on whose line
/// it is.
#[must_use]
pub fn prepare(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Item> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    if let Some(meant) = requirements_at(snapshot, &view, offset) {
        return meant.iter().filter_map(|meant| requirement(snapshot, meant)).collect();
    }
    let nodes = Nodes::of(view);
    let Some(node) = nodes.head_at(offset) else { return Vec::new() };
    if nodes.references_under(&node).is_empty() { Vec::new() } else { vec![item(snapshot, &nodes, &node)] }
}

/// Who calls the item, in the order of files and text.
#[must_use]
pub fn incoming(snapshot: &Snapshot, key: &Key) -> Vec<Edge> {
    match key {
        Key::Requirement(meant) => {
            let (scope, id) = meant;
            // What serves the whole serves its parts, but what names the part itself goes first.
            let above = || {
                let wholes = wholes_of(snapshot, scope, id).into_iter();
                wholes.map(|whole| callers(snapshot, &(scope.clone(), whole))).find_map(first_of_kinds)
            };
            first_of_kinds(naming(snapshot, meant)).or_else(above).unwrap_or_default()
        }
        Key::Node(..) => {
            let Some((node, named)) = found(snapshot, key) else { return Vec::new() };
            if kind_of(&node) != ItemKind::Section {
                return Vec::new();
            }
            let mut out: Vec<Edge> = Vec::new();
            for (meant, _) in named {
                carrying(snapshot, &meant).into_iter().for_each(|edge| join(&mut out, edge));
            }
            out
        }
    }
}

/// What the item calls, in the order of files and text; the places are in the item's file.
#[must_use]
pub fn outgoing(snapshot: &Snapshot, key: &Key) -> Vec<Edge> {
    let Some((node, named)) = found(snapshot, key) else { return Vec::new() };
    let mut out: Vec<Edge> = Vec::new();
    for (meant, places) in named {
        let mut called: Vec<Item> = Vec::new();
        if kind_of(&node) != ItemKind::Section {
            called.extend(naming(snapshot, &meant).into_iter().map(|edge| edge.item).filter(Item::is_section));
        }
        if called.is_empty() {
            called.extend(requirement(snapshot, &meant));
        }
        for item in called {
            join(&mut out, Edge { item, places: places.clone() });
        }
    }
    out
}

/// The tasks that carry a requirement: those that name it or one of its parts, and where there are none those that name
/// what it is part of.
pub(crate) fn tasks_of(snapshot: &Snapshot, meant: &RequirementKey) -> Vec<Item> {
    carrying(snapshot, meant).into_iter().map(|edge| edge.item).collect()
}

impl Item {
    fn is_section(&self) -> bool {
        self.kind == ItemKind::Section
    }

    fn is_task(&self) -> bool {
        matches!(self.kind, ItemKind::Heading | ItemKind::Task(_))
    }
}

fn join(edges: &mut Vec<Edge>, edge: Edge) {
    match edges.iter_mut().find(|known| known.item.key == edge.item.key) {
        Some(known) => {
            known.places.extend(edge.places);
            known.places.sort();
            known.places.dedup();
        }
        None => edges.push(edge),
    }
}

/// Who names the requirement or one of its parts, in the order of files and text.
fn naming(snapshot: &Snapshot, meant: &RequirementKey) -> Vec<Edge> {
    let (scope, id) = meant;
    let ids: FxHashSet<Id> = within(snapshot, scope, id).into_iter().collect();
    if ids.len() == 1 {
        return callers(snapshot, meant);
    }
    // Hundreds of parts are looked for at once: each file is gone through once.
    let mut spellings: Vec<Id> = ids.iter().flat_map(|id| spellings_of(snapshot, scope, id)).collect();
    spellings.sort();
    spellings.dedup();
    let spelt: FxHashSet<&Id> = spellings.iter().collect();
    let mut out: Vec<Edge> = Vec::new();
    for user in snapshot.scopes_naming(scope, &spellings) {
        let mut sought = Sought::of(snapshot, scope, user);
        for view in snapshot.scope(user).into_iter().flat_map(|scope| scope.files()).filter_map(|it| snapshot.view(it))
        {
            if !matches!(view.role, Role::Plan | Role::Tasks) {
                continue;
            }
            let nodes = OnceCell::new();
            let mut known: FxHashMap<Span, usize> = FxHashMap::default();
            for (base, facts) in view.parts() {
                for reference in facts.references.iter().filter(|reference| spelt.contains(facts.id(reference.id))) {
                    let meant = sought.meant_by(facts, reference, |id| ids.contains(id));
                    if meant.iter().any(|id| ids.contains(*id)) {
                        let nodes = nodes.get_or_init(|| Nodes::of(view));
                        let place = Place { path: view.path.clone(), span: reference.span.shifted(base) };
                        call(snapshot, nodes, place, reference.kind, &mut known, &mut out);
                    }
                }
            }
        }
    }
    out
}

/// The tasks that carry the requirement, with where they name it: see [`tasks_of`].
fn carrying(snapshot: &Snapshot, meant: &RequirementKey) -> Vec<Edge> {
    let tasks = |edges: Vec<Edge>| {
        let tasks: Vec<Edge> = edges.into_iter().filter(|edge| edge.item.is_task()).collect();
        (!tasks.is_empty()).then_some(tasks)
    };
    let (scope, id) = meant;
    let above = || {
        let wholes = wholes_of(snapshot, scope, id).into_iter();
        wholes.map(|whole| callers(snapshot, &(scope.clone(), whole))).find_map(tasks)
    };
    tasks(naming(snapshot, meant)).or_else(above).unwrap_or_default()
}

/// The sections among what calls a requirement, else the tasks; none where nobody does.
fn first_of_kinds(callers: Vec<Edge>) -> Option<Vec<Edge>> {
    let sections = callers.iter().any(|edge| edge.item.is_section());
    let calling: Vec<Edge> = callers.into_iter().filter(|edge| edge.item.is_section() == sections).collect();
    (!calling.is_empty()).then_some(calling)
}

/// Every section and task that names the requirement.
fn callers(snapshot: &Snapshot, (scope, id): &RequirementKey) -> Vec<Edge> {
    let mut out: Vec<Edge> = Vec::new();
    let mut nodes: Option<Nodes<'_>> = None;
    let mut at: Option<FilePath> = None;
    let mut known: FxHashMap<Span, usize> = FxHashMap::default();
    for referrer in references_to(snapshot, scope, id) {
        if !matches!(referrer.view.role, Role::Plan | Role::Tasks) {
            continue;
        }
        // References come file by file, so each file is gone through once.
        if at.as_ref() != Some(referrer.view.path) {
            at = Some(referrer.view.path.clone());
            nodes = Some(Nodes::of(referrer.view));
            known.clear();
        }
        let Some(nodes) = &nodes else { continue };
        call(snapshot, nodes, referrer.place, referrer.kind, &mut known, &mut out);
    }
    out
}

/// Adds what calls from `place`, if anything does. `known` says where in `out` the callers of the file stand, by their heads.
fn call(
    snapshot: &Snapshot,
    nodes: &Nodes<'_>,
    place: Place,
    kind: Kind,
    known: &mut FxHashMap<Span, usize>,
    out: &mut Vec<Edge>,
) {
    let Some(node) = nodes.covering_at(place.span.start, kind) else { return };
    let at = *known.entry(node.head()).or_insert(out.len());
    match out.get_mut(at) {
        Some(edge) if edge.places.last() == Some(&place) => {}
        Some(edge) => edge.places.push(place),
        None => out.push(Edge { item: item(snapshot, nodes, &node), places: vec![place] }),
    }
}

fn requirement(snapshot: &Snapshot, meant: &RequirementKey) -> Option<Item> {
    let Stated { name, detail, withdrawn, exact, whole } = stated(snapshot, meant)?;
    Some(Item {
        key: Key::Requirement(meant.clone()),
        name,
        detail,
        kind: ItemKind::Requirement,
        withdrawn,
        exact,
        whole,
    })
}

fn kind_of(node: &Node<'_>) -> ItemKind {
    match node.state() {
        Some(state) => ItemKind::Task(state),
        None if node.view.role == Role::Tasks => ItemKind::Heading,
        None => ItemKind::Section,
    }
}

fn item<'a>(snapshot: &Snapshot, nodes: &Nodes<'a>, node: &Node<'a>) -> Item {
    let (head, title) = (node.head(), node.title());
    let place = Place { path: node.view.path.clone(), span: node.view.trimmed(nodes.whole_of(node)) };
    let kind = kind_of(node);
    let home = snapshot.spoken(node.view.path).to_string();
    Item {
        key: Key::Node(place.path.clone(), head.start, title.clone()),
        name: title,
        detail: node.state().map_or(home, |state| state.as_str().to_string()),
        kind,
        withdrawn: false,
        exact: head,
        whole: place,
    }
}

type Named = Vec<(RequirementKey, Vec<Place>)>;

/// The section or task of `key`, and the requirements that it names with where it does.
fn found<'a>(snapshot: &'a Snapshot, key: &Key) -> Option<(Node<'a>, Named)> {
    let Key::Node(path, start, title) = key else { return None };
    let view = snapshot.view(path)?;
    let nodes = Nodes::of(view);
    let node =
        nodes.all().filter(|node| node.title() == *title).min_by_key(|node| node.head().start.abs_diff(*start))?;
    let mut meanings = Meanings::of(snapshot, view.scope);
    let mut out: Named = Vec::new();
    for (span, facts, reference) in nodes.references_under(&node) {
        let place = Place { path: path.clone(), span };
        for meant in meanings.meant_by(facts, reference) {
            match out.iter_mut().find(|(known, _)| known == meant) {
                Some((_, places)) if places.last() == Some(&place) => {}
                Some((_, places)) => places.push(place.clone()),
                None => out.push((meant.clone(), vec![place.clone()])),
            }
        }
    }
    Some((node, out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    const FEATURE: &str = "//- a/spec.md\n- **FR-1**: A\n- **FR-2**: B\n- **FR-3**: C\n//- a/plan.md\n# Plan\n\n## One\n\n_Requirements: FR-1, FR-2_\n\n## Two\n\n_Requirements: FR-1_\n\n## Silent\n//- a/tasks.md\n# Tasks\n\n- [x] 1. Make\n  - _Requirements: FR-1–FR-2_\n  - [ ] 1.1 Sub\n    - _Requirements: FR-1_\n- [ ] 2. Take FR-3\n";

    fn at(words: &str) -> String {
        FEATURE.replacen(words, &format!("{}$0{}", &words[..1], &words[1..]), 1)
    }

    fn names(edges: &[Edge]) -> Vec<(&str, usize)> {
        edges.iter().map(|edge| (edge.item.name.as_str(), edge.places.len())).collect()
    }

    #[test]
    fn a_requirement_is_called_by_sections_and_these_by_tasks() {
        let (world, path, offset) = cursor(&at("FR-1**"));
        let snapshot = world.snapshot();
        let items = prepare(&snapshot, &path, offset);
        assert_eq!(items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["FR-1 A"]);
        let sections = incoming(&snapshot, &items[0].key);
        assert_eq!(names(&sections), [("One", 1), ("Two", 1)]);
        assert_eq!(names(&incoming(&snapshot, &sections[0].item.key)), [("1 Make", 1), ("1.1 Sub", 1)]);
        assert_eq!(names(&incoming(&snapshot, &sections[1].item.key)), [("1 Make", 1), ("1.1 Sub", 1)]);
        assert_eq!(outgoing(&snapshot, &items[0].key), []);
    }

    #[test]
    fn what_no_section_plans_is_called_by_its_tasks() {
        let (world, path, offset) = cursor(&at("FR-3**"));
        let snapshot = world.snapshot();
        let items = prepare(&snapshot, &path, offset);
        let tasks = incoming(&snapshot, &items[0].key);
        assert_eq!(names(&tasks), [("2 Take FR-3", 1)]);
        assert_eq!(tasks[0].item.kind, ItemKind::Task(State::Open));
        assert_eq!(names(&outgoing(&snapshot, &tasks[0].item.key)), [("FR-3 C", 1)]);
    }

    #[test]
    fn a_task_calls_sections_and_these_requirements() {
        let (world, path, offset) = cursor(&at("Make"));
        let snapshot = world.snapshot();
        let items = prepare(&snapshot, &path, offset);
        assert_eq!(items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["1 Make"]);
        let sections = outgoing(&snapshot, &items[0].key);
        assert_eq!(names(&sections), [("One", 1), ("Two", 1)]);
        assert_eq!(names(&outgoing(&snapshot, &sections[0].item.key)), [("FR-1 A", 1), ("FR-2 B", 1)]);
        assert_eq!(incoming(&snapshot, &items[0].key), []);
    }

    #[test]
    fn a_heading_that_traces_nothing_is_no_item() {
        for words in ["Silent", "Plan\n"] {
            let (world, path, offset) = cursor(&at(words));
            assert_eq!(prepare(&world.snapshot(), &path, offset), [], "{words}");
        }
    }
}
