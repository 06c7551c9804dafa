//! Settings: which rules speak, and how loudly.

use crate::baseline::Baseline;
use crate::dialect::Role;
use crate::path::FilePath;
use crate::review_lock::Lock;
use crate::template::{Mistake, Schema};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A remark that editors show in grey.
    Hint,
    /// Worth knowing.
    Information,
    /// Most likely a mistake.
    Warning,
    /// Certainly a mistake.
    Error,
}

impl Level {
    /// All levels, least serious first.
    pub const ALL: [Level; 4] = [Level::Hint, Level::Information, Level::Warning, Level::Error];

    /// The level's name in settings and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

/// What editors show beside the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Lenses above requirements and tasks.
    pub lenses: bool,
    /// How many characters of titles stand at the end of a trace line, all together; none for 0.
    pub title_length: usize,
    /// How long a line may become with them, in UTF-16 code units.
    pub line_length: usize,
    /// How a requirement is served, behind its statement.
    pub coverage: bool,
}

impl Default for Shown {
    fn default() -> Self {
        Self { lenses: true, title_length: 40, line_length: 80, coverage: true }
    }
}

/// What a team has decided about rules. A rule that is not named keeps its own level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Level of each rule by its name; none turns it off.
    pub levels: BTreeMap<String, Option<Level>>,
    /// What editors show beside the text.
    pub shown: Shown,
    /// A team's own templates, instead of those of the dialects.
    pub templates: BTreeMap<Role, Arc<Schema>>,
    /// The files of such templates, with what in them cannot be meant.
    pub template_files: BTreeMap<FilePath, Vec<Mistake>>,
    /// What is known and not told, by the folder from which its files are named. Those of `folders` do not count.
    pub baselines: BTreeMap<FilePath, Arc<Baseline>>,
    /// What was reviewed, by the folder from which scopes are named. Those of `folders` do not count.
    pub reviews: BTreeMap<FilePath, Arc<Lock>>,
    /// Folders with settings of their own, which are in force there instead of these.
    pub folders: BTreeMap<FilePath, Settings>,
}

impl Settings {
    /// Notes the file of a template, with what in it cannot be meant, where it is looked for: with the settings in force
    /// for it.
    pub fn add_template_file(&mut self, path: &FilePath, mistakes: &[Mistake]) {
        let nearest = path.ancestors().find(|folder| self.folders.contains_key(*folder)).map(FilePath::new);
        let settings = nearest
            .and_then(|folder| self.folders.get_mut(&folder))
            .map_or(&mut self.template_files, |own| &mut own.template_files);
        settings.insert(path.clone(), mistakes.to_vec());
    }

    /// The settings in force for the file at `path`: those of the nearest folder above it that has its own.
    #[must_use]
    pub fn at(&self, path: &FilePath) -> &Settings {
        if self.folders.is_empty() {
            return self;
        }
        path.ancestors().find_map(|folder| self.folders.get(folder)).unwrap_or(self)
    }

    /// The level of a rule whose own level is `own`; none when it is off.
    #[must_use]
    pub fn level_of(&self, rule: &str, own: Option<Level>) -> Option<Level> {
        self.levels.get(rule).copied().unwrap_or(own)
    }
}
