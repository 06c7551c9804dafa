//! Call hierarchy: the trace graph. A requirement is called by the plan's sections that name it, these by the tasks that name
//! one of the same requirements; where no section does, the tasks call the requirement itself.

use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Place, definitions_of, references_to, symbols_at};
use crate::survey::{Meanings, Meant, Node, Nodes};
use crate::text::Span;
use crate::world::Snapshot;
use crate::{dialect::Role, facts::State};

/// A place in the trace graph, as an editor keeps it between two questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A requirement of a scope.
    Requirement(Meant),
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
    /// A task.
    Task(State),
}

/// An edge: the item at its other end, and the references that make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The item at the other end.
    pub item: Item,
    /// Where the caller names the called.
    pub places: Vec<Span>,
}

/// The items at byte `offset` of the file: the requirements named there, else the section or task whose head it is.
#[must_use]
pub fn prepare(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Item> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let symbols = symbols_at(snapshot, &view, offset);
    if !symbols.is_empty() {
        let meant = symbols.into_iter().filter_map(|symbol| Some((symbol.scope?, symbol.id)));
        return meant.filter_map(|meant| requirement(snapshot, &meant)).collect();
    }
    let nodes = Nodes::of(view);
    let Some(node) = nodes.head_at(offset) else { return Vec::new() };
    if nodes.references_of(&node).is_empty() { Vec::new() } else { vec![item(snapshot, &node)] }
}

/// Who calls the item, in the order of files and text.
#[must_use]
pub fn incoming(snapshot: &Snapshot, key: &Key) -> Vec<Edge> {
    match key {
        Key::Requirement(meant) => {
            let callers = callers(snapshot, meant);
            let sections = callers.iter().any(|edge| edge.item.kind == ItemKind::Section);
            callers.into_iter().filter(|edge| !sections || edge.item.kind == ItemKind::Section).collect()
        }
        Key::Node(..) => {
            let Some((_, node, meant)) = found(snapshot, key) else { return Vec::new() };
            if node.state().is_some() {
                return Vec::new();
            }
            let mut out: Vec<Edge> = Vec::new();
            for (meant, _) in meant {
                for edge in callers(snapshot, &meant).into_iter().filter(|edge| edge.item.kind != ItemKind::Section) {
                    join(&mut out, edge);
                }
            }
            out
        }
    }
}

/// What the item calls, in the order of files and text; the places are in the item's file.
#[must_use]
pub fn outgoing(snapshot: &Snapshot, key: &Key) -> Vec<Edge> {
    let Some((_, node, meant)) = found(snapshot, key) else { return Vec::new() };
    let mut out: Vec<Edge> = Vec::new();
    for (meant, places) in meant {
        let sections = match node.state() {
            Some(_) => callers(snapshot, &meant),
            None => Vec::new(),
        };
        let mut sections: Vec<Item> =
            sections.into_iter().map(|edge| edge.item).filter(|item| item.kind == ItemKind::Section).collect();
        if sections.is_empty() {
            sections.extend(requirement(snapshot, &meant));
        }
        for item in sections {
            join(&mut out, Edge { item, places: places.clone() });
        }
    }
    out
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

/// Every section and task that names the requirement.
fn callers(snapshot: &Snapshot, (scope, id): &Meant) -> Vec<Edge> {
    let mut out: Vec<Edge> = Vec::new();
    let mut nodes: Option<Nodes<'_>> = None;
    let mut at: Option<FilePath> = None;
    for referrer in references_to(snapshot, scope, id) {
        if !matches!(referrer.view.role, Role::Plan | Role::Tasks) {
            continue;
        }
        // References come file by file, so each file is gone through once.
        if at.as_ref() != Some(referrer.view.path) {
            at = Some(referrer.view.path.clone());
            nodes = Some(Nodes::of(referrer.view));
        }
        let Some(nodes) = &nodes else { continue };
        if let Some(node) = nodes.server_at(referrer.place.span.start, referrer.kind) {
            join(&mut out, Edge { item: item(snapshot, &node), places: vec![referrer.place.span] });
        }
    }
    out
}

fn requirement(snapshot: &Snapshot, meant: &Meant) -> Option<Item> {
    let Stated { name, detail, exact, whole } = stated(snapshot, meant)?;
    Some(Item { key: Key::Requirement(meant.clone()), name, detail, kind: ItemKind::Requirement, exact, whole })
}

/// A requirement as a hierarchy shows it.
pub(super) struct Stated {
    pub(super) name: String,
    /// Its feature.
    pub(super) detail: String,
    /// The id's place in the file.
    pub(super) exact: Span,
    /// Its statement.
    pub(super) whole: Place,
}

pub(super) fn stated(snapshot: &Snapshot, meant: &Meant) -> Option<Stated> {
    let (scope, id) = meant;
    let definitions = definitions_of(snapshot, scope, id);
    let defined = definitions.first()?;
    let exact = defined.place();
    let mut whole = defined.statement();
    whole.start = whole.start.min(exact.span.start);
    Some(Stated {
        name: name_of(id, defined.title()),
        detail: snapshot.spoken(scope).to_string(),
        exact: exact.span,
        whole: Place { path: exact.path, span: whole },
    })
}

/// An id and its title; a name is its own title, and a scenario's that alone.
pub(super) fn name_of(id: &Id, title: &str) -> String {
    match id.scenario() {
        Some(name) => name.to_string(),
        None if id.is_name() || title.is_empty() => id.to_string(),
        None => format!("{id} {title}"),
    }
}

fn item(snapshot: &Snapshot, node: &Node<'_>) -> Item {
    let (head, title) = (node.head(), node.title());
    let place = Place { path: node.view.path.clone(), span: head };
    let kind = node.state().map_or(ItemKind::Section, ItemKind::Task);
    let home = snapshot.spoken(node.view.path).to_string();
    Item {
        key: Key::Node(place.path.clone(), head.start, title.clone()),
        name: title,
        detail: node.state().map_or(home, |state| state.as_str().to_string()),
        kind,
        exact: head,
        whole: place,
    }
}

type Named = Vec<(Meant, Vec<Span>)>;

/// The section or task of `key`, and the requirements that it names with where it does.
fn found<'a>(snapshot: &'a Snapshot, key: &Key) -> Option<(Nodes<'a>, Node<'a>, Named)> {
    let Key::Node(path, start, title) = key else { return None };
    let view = snapshot.view(path)?;
    let nodes = Nodes::of(view);
    let node =
        nodes.all().filter(|node| node.title() == *title).min_by_key(|node| node.head().start.abs_diff(*start))?;
    let mut meanings = Meanings::of(snapshot, view.scope);
    let mut out: Named = Vec::new();
    for (span, facts, reference) in nodes.references_of(&node) {
        for meant in meanings.meant_by(facts, reference) {
            match out.iter_mut().find(|(known, _)| known == meant) {
                Some((_, places)) if places.last() == Some(&span) => {}
                Some((_, places)) => places.push(span),
                None => out.push((meant.clone(), vec![span])),
            }
        }
    }
    Some((nodes, node, out))
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
