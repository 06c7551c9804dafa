//! The whole matrix: rows of all scopes with what is missing first, totals, and the report of it as JSON.

use super::rows::{Row, Stage};
use super::served::{Gathered, Phase, Server};
use crate::export::impact::ServerEntry;
use crate::facts::State;
use crate::path::FilePath;
use crate::world::Snapshot;
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
    /// Sections and tasks, by the numbers that rows know.
    pub servers: Vec<ServerEntry>,
    /// The requirements with the number of their feature: what is missing first, then by feature and id.
    pub rows: Vec<(usize, Row)>,
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

/// How many requirements there are, and how far.
#[derive(Clone, Copy, Debug, Default, JsonSchema, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All of them.
    pub requirements: usize,
    /// Those that nothing serves, though others of their family are served.
    pub uncovered: usize,
    /// Those that nothing serves, where nothing serves their family yet.
    pub untraced: usize,
    /// Those that a section of a plan serves, and no task.
    pub planned: usize,
    /// Those that a task serves, where not all are done.
    pub tasked: usize,
    /// Those whose tasks are all done.
    pub done: usize,
    /// Those that are put off, or left out on purpose, and that nothing serves.
    pub deferred: usize,
    /// Those that are given up.
    pub withdrawn: usize,
}

impl Totals {
    fn count(&mut self, stage: Stage) {
        self.requirements += 1;
        *self.of_mut(stage) += 1;
    }

    fn of_mut(&mut self, stage: Stage) -> &mut usize {
        match stage {
            Stage::Uncovered => &mut self.uncovered,
            Stage::Untraced => &mut self.untraced,
            Stage::Planned => &mut self.planned,
            Stage::Tasked => &mut self.tasked,
            Stage::Done => &mut self.done,
            Stage::Deferred => &mut self.deferred,
            Stage::Withdrawn => &mut self.withdrawn,
        }
    }

    /// How many are at `stage`.
    #[must_use]
    pub fn of(&self, stage: Stage) -> usize {
        let mut totals = *self;
        *totals.of_mut(stage)
    }

    /// Those that are to be built: all but the deferred and the withdrawn.
    #[must_use]
    pub fn wanted(&self) -> usize {
        self.requirements - self.deferred - self.withdrawn
    }

    /// Those of them that a plan or a task serves.
    #[must_use]
    pub fn served(&self) -> usize {
        self.planned + self.tasked + self.done
    }
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// Requirements, and how far they are.
    #[serde(flatten)]
    pub totals: Totals,
    /// Those that lack a section of a plan, or a task, where others of their family have one.
    pub lacking: usize,
    /// Tasks that have no parts.
    pub tasks: usize,
    /// Those of them that are done.
    pub tasks_done: usize,
}

impl Matrix {
    /// The matrix of what `rows` has found in each scope, in their order.
    #[must_use]
    pub fn of(snapshot: &Snapshot, root: &FilePath, gathered: Gathered, rows: Vec<Vec<Row>>) -> Self {
        let relative = |path: &FilePath| path.relative_to(root.as_str()).to_string();
        let mut summary = Summary::default();
        let mut features = Vec::new();
        // A list for each place that a row may have: they come by feature and id.
        let mut all: Vec<Vec<(usize, Row)>> = (0..2 * Stage::ALL.len()).map(|_| Vec::new()).collect();
        let mut families: BTreeMap<String, Totals> = BTreeMap::new();
        for ((scope, _), rows) in snapshot.scopes().zip(rows) {
            let phases = gathered.phases_of(scope).to_vec();
            if rows.is_empty() && phases.is_empty() {
                continue;
            }
            let mut totals = Totals::default();
            for row in &rows {
                totals.count(row.stage);
                summary.totals.count(row.stage);
                summary.lacking += usize::from(row.lacks_plan || row.lacks_task);
                let family = row.id.family();
                match families.get_mut(family) {
                    Some(totals) => totals.count(row.stage),
                    None => families.entry(family.to_ascii_uppercase()).or_default().count(row.stage),
                }
            }
            summary.tasks += phases.iter().map(|phase| phase.tasks).sum::<usize>();
            summary.tasks_done += phases.iter().map(|phase| phase.done).sum::<usize>();
            for row in rows {
                let lacks = row.lacks_plan || row.lacks_task;
                all[2 * row.stage as usize + usize::from(!lacks)].push((features.len(), row));
            }
            features.push(Feature { scope: relative(scope), totals, phases });
        }
        let entry = |server: Server| ServerEntry {
            path: relative(&server.path),
            title: server.title,
            line: server.line,
            state: server.state.map(State::as_str),
        };
        Self {
            root: root.to_string(),
            summary,
            features,
            families: families.into_iter().map(|(name, totals)| Total { name, totals }).collect(),
            servers: gathered.into_servers().map(entry).collect(),
            rows: all.into_iter().flatten().collect(),
        }
    }

    /// The path of a row's file.
    #[must_use]
    pub fn path_of<'a>(&self, row: &'a Row) -> &'a str {
        row.path.relative_to(&self.root)
    }

    /// The sections or tasks with these numbers.
    pub fn servers_of<'a>(&'a self, numbers: &'a [u32]) -> impl Iterator<Item = &'a ServerEntry> {
        numbers.iter().map(|number| &self.servers[*number as usize])
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
            requirements: self.rows.iter().map(|(feature, row)| self.entry(*feature, row)).collect(),
        }
    }

    pub(in crate::export) fn entry<'a>(&'a self, feature: usize, row: &'a Row) -> Entry<'a> {
        Entry {
            id: row.id.as_str(),
            family: row.id.family(),
            scope: &self.features[feature].scope,
            title: &row.title,
            path: self.path_of(row),
            line: row.line,
            state: row.stage.as_str(),
            missing: row.missing(),
            sections: self.servers_of(&row.sections).collect(),
            sections_through: row.sections_through.as_str(),
            tasks: self.servers_of(&row.tasks).collect(),
            tasks_through: row.tasks_through.as_str(),
        }
    }
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
    pub sections: Vec<&'a ServerEntry>,
    /// By way of what they do: of what it is part of, of its parts, or of all requirements; null where they name it.
    #[schemars(extend("enum" = ["whole", "parts", "all", null]))]
    pub sections_through: Option<&'static str>,
    /// The tasks that build it or a part of it.
    pub tasks: Vec<&'a ServerEntry>,
    /// By way of what they do.
    #[schemars(extend("enum" = ["whole", "parts", "all", null]))]
    pub tasks_through: Option<&'static str>,
}
