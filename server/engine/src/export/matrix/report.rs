//! The whole matrix: rows of all scopes with what is missing first, totals, and the report of it as JSON.

use super::part::{Lot, Part};
use super::rows::{Row, Stage, rows};
use super::served::{Joined, Phase, Server};
use super::totals::{Summary, Totals};
use crate::facts::State;
use crate::id::Id;
use crate::path::FilePath;
use crate::text::narrow;
use crate::world::Snapshot;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The matrix of a workspace; all paths are relative to its root.
#[derive(Debug)]
pub struct Matrix {
    /// The folder that all paths are relative to.
    pub root: String,
    /// What it comes to.
    pub summary: Summary,
    /// Each folder whose ids are one's own, with what is in it, by path.
    pub features: Vec<Feature>,
    /// Each family of ids, by name.
    pub families: Vec<Total>,
    /// What all scopes come to.
    lots: Vec<Lot>,
    /// The rows in their order: which lot of which they are, and which of it.
    order: Vec<(u32, u32)>,
}

/// What is in a folder whose ids are one's own.
#[derive(Debug)]
pub struct Feature {
    /// Its path; `.` is the root.
    pub scope: String,
    /// Its requirements.
    pub totals: Totals,
    /// The stretches of its task lists.
    pub phases: Vec<Phase>,
}

/// Requirements under one name.
#[derive(Debug)]
pub struct Total {
    /// The name.
    pub name: String,
    /// How many.
    pub totals: Totals,
}

/// A requirement of the matrix with what it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// What is said of it.
    pub row: &'a Row,
    /// The number of its feature.
    pub feature: usize,
    matrix: &'a Matrix,
    lot: &'a Lot,
}

impl<'a> Stated<'a> {
    /// The file that states it.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.file_path().relative_to(&self.matrix.root)
    }

    /// The same as a whole path.
    #[must_use]
    pub fn file_path(&self) -> &'a FilePath {
        &self.lot.files[self.row.file as usize]
    }

    /// The number of that file among those of [`Matrix::files`].
    #[must_use]
    pub fn file(&self) -> u32 {
        self.lot.files_before + self.row.file
    }

    /// The sections that plan it, by their numbers among [`Matrix::servers`].
    pub fn sections(&self) -> impl Iterator<Item = u32> + use<'a> {
        let before = self.lot.numbers_before;
        self.row.sections.iter().map(move |number| before + number)
    }

    /// The tasks that build it, by the same numbers.
    pub fn tasks(&self) -> impl Iterator<Item = u32> + use<'a> {
        let before = self.lot.numbers_before;
        self.row.tasks.iter().map(move |number| before + number)
    }
}

impl Matrix {
    /// The matrix of the `parts` of all scopes, in their order; of `is_asked` as they were made.
    #[must_use]
    pub fn of(
        snapshot: &Snapshot,
        root: &FilePath,
        mut parts: Vec<Part>,
        is_asked: &dyn Fn(&FilePath) -> bool,
    ) -> Self {
        join(snapshot, &mut parts, is_asked);
        let (mut summary, mut features) = (Summary::default(), Vec::new());
        let mut families: BTreeMap<String, Totals> = BTreeMap::new();
        let mut lots: Vec<Lot> = Vec::with_capacity(parts.len());
        // A list for each place that a row may have: they come by feature and id.
        let mut all: Vec<Vec<(u32, u32)>> = (0..2 * Stage::ALL.len()).map(|_| Vec::new()).collect();
        let (mut servers, mut files) = (0, 0);
        for part in parts {
            let Part { scope, served, rows, foreign, files: own, summary: sum, families: each } = part;
            let feature = features.len();
            for (at, row) in (0..).zip(&rows) {
                all[place_of(row)].push((narrow(lots.len()), at));
            }
            if !rows.is_empty() || !served.phases.is_empty() {
                summary.add(&sum);
                for (family, totals) in each {
                    families.entry(family).or_default().add(&totals);
                }
                let scope = scope.relative_to(root.as_str()).to_string();
                features.push(Feature { scope, totals: sum.totals, phases: served.phases });
            }
            let (count, file_count) = (narrow(served.servers.len()), narrow(own.len()));
            lots.push(Lot {
                rows,
                servers: served.servers,
                files: own,
                feature,
                servers_before: servers,
                numbers_before: if foreign { 0 } else { servers },
                files_before: files,
            });
            (servers, files) = (servers + count, files + file_count);
        }
        Self {
            root: root.to_string(),
            summary,
            features,
            families: families.into_iter().map(|(name, totals)| Total { name, totals }).collect(),
            lots,
            order: all.concat(),
        }
    }

    /// How many requirements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The requirement at `place` of all: what is missing comes first, the rest by feature and id.
    #[must_use]
    pub fn row(&self, place: usize) -> Stated<'_> {
        let (lot, row) = self.order[place];
        let lot = &self.lots[lot as usize];
        Stated { row: &lot.rows[row as usize], feature: lot.feature, matrix: self, lot }
    }

    /// All of them.
    pub fn rows(&self) -> impl Iterator<Item = Stated<'_>> {
        (0..self.len()).map(|place| self.row(place))
    }

    /// The paths of the files that state or serve anything, in the order of their numbers.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.lots.iter().flat_map(|lot| &lot.files).map(|file| file.relative_to(&self.root))
    }

    /// The sections and tasks of each scope that has any, in the order of their numbers, each with the number of its file.
    #[must_use]
    pub fn servers(&self) -> Vec<impl Iterator<Item = (u32, ServerEntry<'_>)> + Clone + Sync> {
        let any = self.lots.iter().filter(|lot| !lot.servers.is_empty());
        any.map(|lot| lot.servers.iter().map(move |it| (lot.files_before + it.file, self.entry_of(lot, it)))).collect()
    }

    fn entry_of<'a>(&'a self, lot: &'a Lot, server: &'a Server) -> ServerEntry<'a> {
        ServerEntry {
            title: &server.title,
            path: lot.files[server.file as usize].relative_to(&self.root),
            line: server.line,
            state: server.state.map(State::as_str),
        }
    }

    /// The section or task with this number.
    #[must_use]
    pub fn server(&self, number: u32) -> ServerEntry<'_> {
        let lot = &self.lots[self.lots.partition_point(|lot| lot.servers_before <= number) - 1];
        self.entry_of(lot, &lot.servers[(number - lot.servers_before) as usize])
    }

    /// What programs are told.
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        let phase = |phase: &Phase| PhaseEntry {
            title: phase.title.clone(),
            tasks: phase.tasks,
            done: phase.done,
            begun: phase.begun,
        };
        let feature = |feature: &Feature| FeatureEntry {
            scope: feature.scope.clone(),
            totals: feature.totals,
            phases: feature.phases.iter().map(phase).collect(),
        };
        Report {
            version: 1,
            root: &self.root,
            summary: self.summary,
            features: self.features.iter().map(feature).collect(),
            families: self
                .families
                .iter()
                .map(|it| FamilyEntry { family: it.name.clone(), totals: it.totals })
                .collect(),
            requirements: self.rows().map(|stated| self.entry(&stated)).collect(),
        }
    }

    pub(in crate::export) fn entry<'a>(&'a self, stated: &Stated<'a>) -> Entry<'a> {
        let row = stated.row;
        Entry {
            id: row.id.as_str(),
            family: row.id.family(),
            scope: &self.features[stated.feature].scope,
            title: &row.title,
            path: stated.path(),
            line: row.line,
            state: row.stage.as_str(),
            missing: row.missing(),
            sections: stated.sections().map(|number| self.server(number)).collect(),
            sections_through: row.sections_through.as_str(),
            tasks: stated.tasks().map(|number| self.server(number)).collect(),
            tasks_through: row.tasks_through.as_str(),
        }
    }
}

/// The place of a row among all by what is missing: what lacks something comes before what does not.
fn place_of(row: &Row) -> usize {
    2 * row.stage as usize + usize::from(!(row.lacks_plan || row.lacks_task))
}

/// Makes the rows of scopes anew that other scopes serve as well.
fn join(snapshot: &Snapshot, parts: &mut [Part], is_asked: &dyn Fn(&FilePath) -> bool) {
    if parts.iter().all(|part| part.served.foreign.is_empty()) {
        return;
    }
    let (mut before, mut all) = (Vec::with_capacity(parts.len()), Vec::new());
    for part in &*parts {
        before.push(narrow(all.len()));
        all.extend(part.served.servers.iter().cloned());
    }
    let mut foreign: FxHashMap<&FilePath, Vec<(&Id, u32)>> = FxHashMap::default();
    for (part, before) in parts.iter().zip(&before) {
        for ((scope, id), server) in &part.served.foreign {
            foreign.entry(scope).or_default().push((id, before + server));
        }
    }
    let mut made = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if let Some(foreign) = foreign.remove(&part.scope) {
            let joined = Joined { own: (&part.served, before[at]), foreign, all: &all };
            made.push((at, rows(snapshot, &part.scope, &joined, is_asked)));
        }
    }
    drop(foreign);
    made.into_iter().for_each(|(at, rows)| parts[at].put_rows(rows, true));
}

/// A section or task that serves a requirement.
#[derive(Clone, Copy, Debug, JsonSchema, Serialize)]
pub struct ServerEntry<'a> {
    /// The section's heading, or the task's number and title.
    pub title: &'a str,
    /// The file, relative to the root.
    pub path: &'a str,
    /// Its line.
    pub line: u32,
    /// The state of a task's checkbox; none of a section.
    #[schemars(extend("enum" = ["open", "done", "in-progress", null]))]
    pub state: Option<&'static str>,
}

/// Each requirement with what plans it, what builds it and how far it is. Lines count from 1.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "traceline matrix")]
pub struct Report<'a> {
    /// The version of this format.
    pub version: u32,
    /// The folder that all paths are relative to.
    pub root: &'a str,
    /// How much there is.
    pub summary: Summary,
    /// Each folder whose ids are one's own, by path.
    pub features: Vec<FeatureEntry>,
    /// Each family of ids, by name.
    pub families: Vec<FamilyEntry>,
    /// The requirements: what is missing first, then by scope and id.
    pub requirements: Vec<Entry<'a>>,
}

/// What is in a folder whose ids are one's own.
#[derive(Debug, JsonSchema, Serialize)]
pub struct FeatureEntry {
    /// Its path, relative to the root.
    pub scope: String,
    /// Its requirements.
    #[serde(flatten)]
    pub totals: Totals,
    /// The stretches of its task lists below one heading each.
    pub phases: Vec<PhaseEntry>,
}

/// Requirements of one family.
#[derive(Debug, JsonSchema, Serialize)]
pub struct FamilyEntry {
    /// The letters that ids begin with, in upper case; empty for those that are numbers or names.
    pub family: String,
    /// Its requirements.
    #[serde(flatten)]
    pub totals: Totals,
}

/// A stretch of a task list below one heading. Only tasks that have no parts count.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PhaseEntry {
    /// The heading; the file's name where there is none.
    pub title: String,
    /// How many tasks stand there.
    pub tasks: usize,
    /// How many of them are done.
    pub done: usize,
    /// How many of them are begun or set aside.
    pub begun: usize,
}

/// A requirement.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry<'a> {
    /// Its id.
    pub id: &'a str,
    /// The letters that it begins with; empty for a number or a name.
    pub family: &'a str,
    /// The folder whose ids it shares.
    pub scope: &'a str,
    /// The first line of its statement.
    pub title: &'a str,
    /// The file that states it, relative to the root.
    pub path: &'a str,
    /// Its line.
    pub line: u32,
    /// How far it is.
    #[schemars(extend("enum" = ["uncovered", "untraced", "planned", "tasked", "done", "deferred", "withdrawn"]))]
    pub state: &'static str,
    /// What it lacks though others of its family have it: `plan`, `task`.
    #[schemars(extend("items" = { "type": "string", "enum": ["plan", "task"] }))]
    pub missing: Vec<&'static str>,
    /// The sections that plan it, and those of trace matrices that name it.
    pub sections: Vec<ServerEntry<'a>>,
    /// By way of what they do: of what it is part of, of its parts, or of all requirements; null where they name it.
    #[schemars(extend("enum" = ["whole", "parts", "all", null]))]
    pub sections_through: Option<&'static str>,
    /// The tasks that build it or a part of it.
    pub tasks: Vec<ServerEntry<'a>>,
    /// By way of what they do.
    #[schemars(extend("enum" = ["whole", "parts", "all", null]))]
    pub tasks_through: Option<&'static str>,
}
