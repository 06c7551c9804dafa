//! What one scope comes to: its requirements and what serves them, told by its own files alone.

use super::rows::{Row, rows};
use super::served::{Served, Server, numbered, served};
use super::totals::{Summary, Totals};
use crate::path::FilePath;
use crate::world::Snapshot;
use std::collections::BTreeMap;

/// What one scope comes to, before it is joined with others.
#[derive(Debug)]
pub struct Part {
    pub(super) scope: FilePath,
    pub(super) served: Served,
    pub(super) rows: Vec<Row>,
    /// Whether rows know servers by their numbers among those of all scopes.
    pub(super) foreign: bool,
    pub(super) files: Vec<FilePath>,
    pub(super) summary: Summary,
    pub(super) families: BTreeMap<String, Totals>,
}

/// What `scope` comes to as far as its own files tell: the requirements in those that `is_asked` names, and what serves them.
#[must_use]
pub fn part(snapshot: &Snapshot, scope: &FilePath, is_asked: &dyn Fn(&FilePath) -> bool) -> Part {
    let snapshot = &snapshot.for_visit(scope);
    let served = served(snapshot, scope, is_asked);
    let rows = rows(snapshot, scope, &served, is_asked);
    let files = numbered(snapshot, scope).map(|(_, view)| view.path.clone()).collect();
    let mut part = Part {
        scope: scope.clone(),
        served,
        rows: Vec::new(),
        foreign: false,
        files,
        summary: Summary::default(),
        families: BTreeMap::new(),
    };
    part.put_rows(rows, false);
    part
}

impl Part {
    /// The same as it serves others, without requirements of its own.
    pub(super) fn without_rows(mut self) -> Self {
        self.put_rows(Vec::new(), false);
        self
    }

    /// Puts these rows in the place of those that it had; `foreign` as in [`Part::foreign`].
    pub(super) fn put_rows(&mut self, rows: Vec<Row>, foreign: bool) {
        let (mut summary, mut families) = (Summary::default(), BTreeMap::<String, Totals>::new());
        for row in &rows {
            summary.totals.count(row.stage);
            summary.lacking += usize::from(row.lacks_plan || row.lacks_task);
            let family = row.id.family();
            match families.get_mut(family) {
                Some(totals) => totals.count(row.stage),
                None => families.entry(family.to_ascii_uppercase()).or_default().count(row.stage),
            }
        }
        let phases = &self.served.phases;
        summary.tasks = phases.iter().map(|phase| phase.tasks).sum();
        summary.tasks_done = phases.iter().map(|phase| phase.done).sum();
        (self.rows, self.foreign, self.summary, self.families) = (rows, foreign, summary, families);
    }
}

/// The same in its place among all.
#[derive(Debug)]
pub(super) struct Lot {
    pub(super) rows: Vec<Row>,
    pub(super) servers: Vec<Server>,
    pub(super) files: Vec<FilePath>,
    /// The number of its feature, if it is one.
    pub(super) feature: usize,
    /// How many servers there are before its own.
    pub(super) servers_before: u32,
    /// What is added to the numbers of servers that its rows know.
    pub(super) numbers_before: u32,
    pub(super) files_before: u32,
}
