//! The chain of a requirement as the matrix tells it: its state, what it lacks, and the sections and tasks that serve it.

use super::impact::{ServerEntry, server_entry};
use super::matrix::{Matrix, matrix_of};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::CoveringItem;
use crate::trace_links::links_of;
use crate::world::Snapshot;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

/// How far a requirement is, and what serves it.
#[derive(Clone, Debug, Default, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// How far it is; null of what the matrix does not count: a scenario, or the number of a section.
    #[schemars(extend("enum" = ["uncovered", "untraced", "planned", "tasked", "done", "deferred", "withdrawn", null]))]
    pub state: Option<&'static str>,
    /// What it lacks though others of its family have it: `plan`, `task`.
    #[schemars(extend("items" = { "type": "string", "enum": ["plan", "task"] }))]
    pub missing: Vec<&'static str>,
    /// The sections that plan it, and those of trace matrices that name it.
    pub sections: Vec<ServerEntry>,
    /// By way of what they do: of what it is part of, of its parts, or of all requirements; null where they name it.
    #[schemars(extend("enum" = ["whole", "parts", "all", null]))]
    pub sections_through: Option<&'static str>,
    /// The tasks that build it or a part of it.
    pub tasks: Vec<ServerEntry>,
    /// By way of what they do.
    #[schemars(extend("enum" = ["whole", "parts", "all", null]))]
    pub tasks_through: Option<&'static str>,
}

impl Chain {
    /// How many of its tasks are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.tasks.iter().filter(|task| task.state == Some("done")).count()
    }
}

/// The chains of one scope's requirements.
pub(super) struct Chains<'a> {
    snapshot: &'a Snapshot,
    root: &'a FilePath,
    scope: &'a FilePath,
    matrix: Matrix,
    rows: FxHashMap<Id, usize>,
}

impl<'a> Chains<'a> {
    /// Those of `scope`; paths are told from `root` on.
    pub(super) fn of(snapshot: &'a Snapshot, root: &'a FilePath, scope: &'a FilePath) -> Self {
        let matrix = matrix_of(snapshot, root, scope);
        let rows = matrix.rows().enumerate().map(|(at, stated)| (stated.row.id.clone(), at)).collect();
        Self { snapshot, root, scope, matrix, rows }
    }

    /// How far `id` is: none of what the matrix does not count.
    pub(super) fn state_of(&self, id: &Id) -> Option<&'static str> {
        self.rows.get(id).map(|at| self.matrix.row(*at).row.stage.as_str())
    }

    /// The chain of `id`.
    pub(super) fn chain_of(&self, id: &Id) -> Chain {
        let Some(stated) = self.rows.get(id).map(|at| self.matrix.row(*at)) else {
            let (sections, tasks) = self.direct(id);
            return Chain { sections, tasks, ..Chain::default() };
        };
        let row = stated.row;
        Chain {
            state: Some(row.stage.as_str()),
            missing: row.missing(),
            sections: self.servers(stated.sections()),
            sections_through: row.sections_through.as_str(),
            tasks: self.servers(stated.tasks()),
            tasks_through: row.tasks_through.as_str(),
        }
    }

    fn servers(&self, numbers: impl Iterator<Item = u32>) -> Vec<ServerEntry> {
        let entry = |number| {
            let own = self.matrix.server(number);
            ServerEntry { title: own.title.into(), path: own.path.into(), line: own.line, state: own.state }
        };
        numbers.map(entry).collect()
    }

    /// The sections and tasks that serve `id` without its parts, which speak for themselves.
    pub(super) fn own_of(&self, id: &Id) -> Chain {
        let mut chain = self.chain_of(id);
        let (sections, tasks) = self.direct(id);
        if chain.sections_through == Some("parts") {
            (chain.sections, chain.sections_through) = (sections, None);
        }
        // What builds a part of it builds it, too.
        if !tasks.is_empty() || chain.tasks_through == Some("parts") {
            (chain.tasks, chain.tasks_through) = (tasks, None);
        }
        chain
    }

    /// The sections and tasks that name `id`.
    fn direct(&self, id: &Id) -> (Vec<ServerEntry>, Vec<ServerEntry>) {
        let links = links_of(self.snapshot, self.scope, id);
        let entries = |items: &[CoveringItem]| {
            items.iter().map(|item| server_entry(self.snapshot, self.root, item)).collect::<Vec<_>>()
        };
        (entries(&links.planned), entries(&links.tasks))
    }
}
