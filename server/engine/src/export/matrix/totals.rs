//! How many requirements there are, and how far they are.

use super::rows::Stage;
use schemars::JsonSchema;
use serde::Serialize;

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
    pub(super) fn count(&mut self, stage: Stage) {
        self.requirements += 1;
        *self.of_mut(stage) += 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.requirements += other.requirements;
        for stage in Stage::ALL {
            *self.of_mut(stage) += other.of(stage);
        }
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

impl Summary {
    /// The sum of both.
    pub(super) fn add(&mut self, other: &Self) {
        self.totals.add(&other.totals);
        self.files += other.files;
        self.lacking += other.lacking;
        self.tasks += other.tasks;
        self.tasks_done += other.tasks_done;
    }
}
