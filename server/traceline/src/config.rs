//! `traceline.toml` and the client's settings: how documents are read, which files, and which rules speak.
//!
//! The nearest file above a document, within its workspace folder, is in force for it, alone: nothing of those further up
//! is mixed in.

pub(crate) mod client;
mod levels;
mod sift;
mod written;

use crate::disk::{self, Found, Patterns, Selection};
use crate::paths;
use levels::Levels;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use traceline_engine::dialect::{Dialect, Role};
use traceline_engine::path::FilePath;
use traceline_engine::settings::Settings;
use traceline_engine::template::{self, Mistake, Schema};
pub(crate) use written::schema;

/// The names of the file, the first that exists counts.
pub(crate) const NAMES: [&str; 2] = ["traceline.toml", ".traceline.toml"];

/// A file of more bytes is no configuration; the keeper waits while it is read.
const LARGEST: u64 = 256 << 10;

/// Whether the path is one of a configuration file.
pub(crate) fn is_config(path: &FilePath) -> bool {
    NAMES.contains(&path.name())
}

/// What a team has decided for the files below one folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Config {
    pub(crate) levels: Levels,
    pub(crate) patterns: Patterns,
    /// The home dialect of the folder; none where nothing is said about dialects.
    pub(crate) dialect: Option<Arc<Dialect>>,
    /// The team's own templates.
    pub(crate) templates: Vec<NamedTemplate>,
}

/// A template that a configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedTemplate {
    pub(crate) role: Role,
    /// As it is written: from the configuration's folder on.
    pub(crate) path: String,
    /// Bytes of the configuration.
    pub(crate) span: Range<usize>,
}

/// A template that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    pub(crate) role: Role,
    pub(crate) path: FilePath,
    pub(crate) schema: Arc<Schema>,
    pub(crate) mistakes: Vec<Mistake>,
}

/// Something in a configuration that is not in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Bytes of the file.
    pub(crate) span: Range<usize>,
    /// The keys that lead there.
    pub(crate) within: String,
    pub(crate) message: String,
}

/// A configuration file: what of it is in force, and what is not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ConfigFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) config: Config,
    pub(crate) problems: Vec<Problem>,
    pub(crate) templates: Vec<Template>,
}

impl ConfigFile {
    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// The configuration of `folder`, which lies in the workspace folder `root`, if it has one.
pub(crate) fn of_folder(root: &Path, folder: &Path) -> Option<ConfigFile> {
    let path = NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())?;
    // A link must not bring in what the workspace does not hold.
    let outside = match (paths::whole(&path), paths::whole(root)) {
        (Ok(path), Ok(root)) => !path.starts_with(root),
        _ => true,
    };
    let large = path.metadata().is_ok_and(|facts| facts.len() > LARGEST);
    let text = if large {
        Err(format!("this is larger than the {} KB that are read of a configuration", LARGEST >> 10))
    } else if outside {
        Err("this leads out of the workspace and is not read".to_string())
    } else {
        disk::read(&path).map_err(|why| why.to_string())
    };
    Some(match text {
        Ok(text) => {
            let inside = folder.strip_prefix(root).ok().and_then(paths::decode);
            let (config, mut problems) = parse(&text, inside.as_ref().map_or("", FilePath::as_str));
            let templates = templates(root, folder, &config.templates, &mut problems);
            ConfigFile { path, text, config, problems, templates }
        }
        Err(message) => {
            let problem = Problem { span: 0..0, within: String::new(), message };
            ConfigFile {
                path,
                text: String::new(),
                config: Config::default(),
                problems: vec![problem],
                templates: Vec::new(),
            }
        }
    })
}

/// The templates that the configuration of `folder` names; one that cannot be read is a problem there.
fn templates(root: &Path, folder: &Path, named: &[NamedTemplate], problems: &mut Vec<Problem>) -> Vec<Template> {
    let read = |named: &NamedTemplate| -> Result<Template, String> {
        let whole = paths::whole(&folder.join(&named.path)).map_err(|_| "there is no such file".to_string())?;
        if !paths::whole(root).is_ok_and(|root| whole.starts_with(root)) {
            return Err("this leads out of the workspace and is not read".into());
        }
        let path = paths::decode(&whole).ok_or("its path is not valid UTF-8")?;
        let text = disk::read(&whole).map_err(|why| why.to_string())?;
        let (schema, mistakes) = template::read(&text, &Dialect::home());
        Ok(Template { role: named.role, path, schema: Arc::new(schema), mistakes })
    };
    let mut found = Vec::new();
    for named in named {
        match read(named) {
            Ok(template) => found.push(template),
            Err(message) => {
                let within = format!("templates.{}", named.role.as_str());
                problems.push(Problem { span: named.span.clone(), within, message });
            }
        }
    }
    problems.sort_by_key(|problem| problem.span.start);
    found
}

/// What `text` puts in force for `folder`, named from its workspace folder on. What is not understood is a problem, and
/// the rest counts all the same.
pub(crate) fn parse(text: &str, folder: &str) -> (Config, Vec<Problem>) {
    written::parse(text, folder)
}

/// Every configuration file of the workspace.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Configs {
    /// Each with its workspace folder.
    files: Vec<(PathBuf, ConfigFile)>,
}

impl Configs {
    /// Those of the workspace folders themselves.
    pub(crate) fn of_roots(roots: &[PathBuf]) -> Self {
        let mut all = Self::default();
        roots.iter().for_each(|root| all.add(root, root));
        all
    }

    /// Adds that of `folder`, which lies in the workspace folder `root`, if it has one.
    pub(crate) fn add(&mut self, root: &Path, folder: &Path) {
        if !self.files.iter().any(|(_, file)| file.folder() == folder)
            && let Some(file) = of_folder(root, folder)
        {
            self.files.push((root.to_path_buf(), file));
        }
    }

    /// Adds those of the folders above `path`, up to the workspace folder `root`.
    pub(crate) fn add_above(&mut self, root: &Path, path: &Path) {
        for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(root)) {
            self.add(root, folder);
        }
    }

    /// The Markdown files below `folder`, which lies in the workspace folder `root`; the configuration files that were
    /// found on the way are added, and decide which files these are.
    pub(crate) fn list(&mut self, root: &Path, folder: &Path) -> Found {
        loop {
            let found = disk::find(folder, &self.selection(), &NAMES);
            let before = self.files.len();
            found.named.iter().filter_map(|path| path.parent()).for_each(|folder| self.add(root, folder));
            // A file that was found may select others below it, so that the walk was another one.
            if self.files.len() == before {
                return found;
            }
        }
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &ConfigFile> {
        self.files.iter().map(|(_, file)| file)
    }

    /// Whether a file names `path` as a template, be it there or not.
    pub(crate) fn name_template(&self, path: &FilePath) -> bool {
        let whole = &*paths::encode(path);
        self.files().any(|file| {
            let mut read = file.templates.iter().map(|template| &template.path);
            let mut named = file.config.templates.iter().map(|named| file.folder().join(&named.path));
            read.any(|read| read == path) || named.any(|named| named == whole)
        })
    }

    /// The folders that have one.
    pub(crate) fn folders(&self) -> BTreeSet<&Path> {
        self.files().map(ConfigFile::folder).collect()
    }

    pub(crate) fn selection(&self) -> Selection {
        Selection::new(self.files().map(|file| (file.folder().to_path_buf(), file.config.patterns.clone())))
    }

    /// The settings of every folder, where `client` is what the user has set.
    pub(crate) fn settings(&self, client: &Settings) -> Settings {
        let mut all = client.clone();
        for file in self.files() {
            let Some(folder) = paths::decode(file.folder()) else { continue };
            let mut own = client.clone();
            own.levels.extend(file.config.levels.to_engine());
            own.templates.extend(file.templates.iter().map(|own| (own.role, Arc::clone(&own.schema))));
            all.folders.insert(folder, own);
        }
        for template in self.files().flat_map(|file| &file.templates) {
            all.add_template_file(&template.path, &template.mistakes);
        }
        all
    }

    /// The dialects of every folder that has its own.
    pub(crate) fn dialects(&self) -> Vec<(FilePath, Arc<Dialect>)> {
        let own = |file: &ConfigFile| {
            // The nearest alone counts, so one that says nothing of dialects brings the built-in ones back.
            Some((paths::decode(file.folder())?, file.config.dialect.clone().unwrap_or_else(Dialect::home)))
        };
        self.files().filter_map(own).collect()
    }

    /// Whether the same files are read, and alike.
    pub(crate) fn reads_like(&self, other: &Configs) -> bool {
        let own = |all: &Configs| -> BTreeMap<PathBuf, (Patterns, Option<Arc<Dialect>>)> {
            let own = |file: &ConfigFile| (file.config.patterns.clone(), file.config.dialect.clone());
            all.files().map(|file| (file.folder().to_path_buf(), own(file))).collect()
        };
        own(self) == own(other)
    }

    /// The file that is in force for `path`.
    pub(crate) fn of(&self, path: &FilePath) -> Option<&ConfigFile> {
        let path = &*paths::encode(path);
        let above = self.files().filter(|file| path.starts_with(file.folder()));
        above.max_by_key(|file| file.folder().as_os_str().len())
    }
}
