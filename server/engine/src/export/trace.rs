//! The report of `traceline trace` as JSON: the tree of one requirement, what stands above it and what serves it and its parts.

use super::chain::Chains;
use super::impact::{ServerEntry, position};
use crate::feature::hierarchies::type_hierarchy::{Item, Key, subtypes, supertypes};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Place, definitions_of, name_of};
use crate::world::Snapshot;
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

/// The tree of one requirement. Lines count from 1.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "traceline trace")]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// The folder that all paths are relative to.
    pub root: String,
    /// The name that finds the requirement and no other.
    pub name: String,
    /// The folder whose ids it shares.
    pub scope: String,
    /// What stands above it, the outermost first; nothing is told below these.
    pub above: Vec<Node>,
    /// The requirement with what is below it.
    pub node: Node,
}

/// Something in the tree.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct Node {
    /// What it is.
    #[schemars(extend("enum" = ["specification", "requirement", "scenario", "section", "task"]))]
    pub kind: &'static str,
    /// The id of a requirement, or of a scenario of one.
    pub id: Option<String>,
    /// Its title; of a task with its number.
    pub title: String,
    /// The file, relative to the root.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// How far it is: of a requirement its state in the matrix, of a task that of its checkbox; null where it has none.
    #[schemars(extend("enum" = ["uncovered", "untraced", "planned", "tasked", "done", "deferred", "withdrawn", "open", "in-progress", null]))]
    pub state: Option<&'static str>,
    /// By way of what a section or task serves the requirement above: of what that is part of, or of all requirements; null
    /// where it names it.
    #[schemars(extend("enum" = ["whole", "all", null]))]
    pub through: Option<&'static str>,
    /// Its parts, then the sections that plan it, then the tasks that build it.
    pub below: Vec<Node>,
}

/// The tree of `id` of `scope`; paths are told from `root` on. None where nothing defines it.
#[must_use]
pub fn report(snapshot: &Snapshot, root: &FilePath, scope: &FilePath, id: &Id) -> Option<Report> {
    let tree = Tree { snapshot, root, scope, chains: Chains::of(snapshot, root, scope) };
    let key = Key::Requirement((scope.clone(), id.clone()));
    let mut seen = FxHashSet::default();
    Some(Report {
        version: 1,
        root: root.to_string(),
        name: name_of(snapshot, scope, id),
        scope: scope.relative_to(root.as_str()).to_string(),
        above: tree.above(&key),
        node: tree.requirement(id, &mut seen)?,
    })
}

struct Tree<'a> {
    snapshot: &'a Snapshot,
    root: &'a FilePath,
    scope: &'a FilePath,
    chains: Chains<'a>,
}

impl Tree<'_> {
    /// What stands above, the outermost first.
    fn above(&self, key: &Key) -> Vec<Node> {
        let mut known = vec![key.clone()];
        let mut out = Vec::new();
        while let Some(item) = supertypes(self.snapshot, &known[known.len() - 1]).into_iter().next()
            && !known.contains(&item.key)
        {
            out.extend(self.node_of(&item));
            known.push(item.key);
        }
        out.reverse();
        out
    }

    /// A specification, or a requirement without what is below it.
    fn node_of(&self, item: &Item) -> Option<Node> {
        match &item.key {
            Key::Requirement((_, id)) => self.alone(id),
            Key::Capability(path) => {
                let place = Place { path: path.clone(), span: item.exact };
                let (kind, title) = ("specification", item.name.clone());
                Some(self.node(kind, None, title, &place))
            }
        }
    }

    fn alone(&self, id: &Id) -> Option<Node> {
        let definitions = definitions_of(self.snapshot, self.scope, id);
        let defined = definitions.first()?;
        let kind = if id.scenario().is_some() { "scenario" } else { "requirement" };
        let node = self.node(kind, Some(id.to_string()), defined.title().to_string(), &defined.place());
        Some(Node { state: self.chains.state_of(id), ..node })
    }

    fn node(&self, kind: &'static str, id: Option<String>, title: String, place: &Place) -> Node {
        Node {
            kind,
            id,
            title,
            path: place.path.relative_to(self.root.as_str()).to_string(),
            line: position(self.snapshot, place).0,
            state: None,
            through: None,
            below: Vec::new(),
        }
    }

    /// A requirement with its parts and what serves it. Headings and ids may lead in a circle.
    fn requirement(&self, id: &Id, seen: &mut FxHashSet<Id>) -> Option<Node> {
        if !seen.insert(id.clone()) {
            return None;
        }
        let mut node = self.alone(id)?;
        for item in subtypes(self.snapshot, &Key::Requirement((self.scope.clone(), id.clone()))) {
            if let Key::Requirement((_, part)) = &item.key {
                node.below.extend(self.requirement(part, seen));
            }
        }
        let chain = self.chains.own_of(id);
        node.below.extend(chain.sections.into_iter().map(|it| served("section", it, chain.sections_through)));
        node.below.extend(chain.tasks.into_iter().map(|it| served("task", it, chain.tasks_through)));
        Some(node)
    }
}

fn served(kind: &'static str, server: ServerEntry, through: Option<&'static str>) -> Node {
    let ServerEntry { title, path, line, state } = server;
    Node { kind, id: None, title, path, line, state, through, below: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;

    /// The tree as lines, deeper ones further in.
    fn told(fixture: &str, id: &str) -> Vec<String> {
        fn draw(node: &Node, depth: usize, out: &mut Vec<String>) {
            let state = node.state.map_or(String::new(), |state| format!(" {state}"));
            let through = node.through.map_or(String::new(), |through| format!(" by {through}"));
            let name = node.id.as_ref().unwrap_or(&node.title);
            out.push(format!("{}{} {name}{state}{through}", "  ".repeat(depth), node.kind));
            node.below.iter().for_each(|below| draw(below, depth + 1, out));
        }
        let snapshot = world(fixture).snapshot();
        let scope = snapshot.scopes_defining(&Id::new(id)).next().expect("it is defined").clone();
        let report = report(&snapshot, &FilePath::new("/w"), &scope, &Id::new(id)).expect("it is defined");
        let mut out = Vec::new();
        for (depth, node) in report.above.iter().chain([&report.node]).enumerate() {
            draw(node, depth, &mut out);
        }
        out
    }

    #[test]
    fn the_tree_goes_up_and_down() {
        let fixture = "//- a/spec.md\n# S\n\n### US-1: Sign in\n\n- **AC-1.1**: By key\n- **AC-1.2**: By word\n//- a/plan.md\n# P\n\n## Form\n\n_Requirements: US-1_\n//- a/tasks.md\n- [x] 1. Build\n  - _Requirements: AC-1.1, US-1_\n- [ ] 2. Rest\n  - _Requirements: AC-1.2_\n";
        assert_eq!(
            told(fixture, "US-1"),
            [
                "requirement US-1 tasked",
                "  requirement AC-1.1 done",
                "    section Form by whole",
                "    task 1 Build done",
                "  requirement AC-1.2 tasked",
                "    section Form by whole",
                "    task 2 Rest open",
                "  section Form",
                "  task 1 Build done",
            ]
        );
        assert_eq!(told(fixture, "AC-1.2")[..2], ["requirement US-1 tasked", "  requirement AC-1.2 tasked"]);
    }

    #[test]
    fn named_requirements_stand_below_their_specification_and_above_their_scenarios() {
        let fixture = "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check it\nIt SHALL.\n\n#### Scenario: Wrong\n- **WHEN** x\n";
        let lines = told(fixture, "Check it");
        assert!(lines[0].starts_with("specification login") && lines[1].contains("requirement Check it"), "{lines:?}");
        assert!(lines[2].trim_start().starts_with("scenario ") && lines.len() == 3, "{lines:?}");
    }

    #[test]
    fn ids_in_a_circle_end() {
        let circle = "//- a/spec.md\n# S\n\n### FR-1.1: Part\n\n- **FR-1**: Whole\n- **FR-1.1.1**: Deep\n";
        assert!(told(circle, "FR-1").len() >= 2);
    }
}
