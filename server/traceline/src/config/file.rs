//! A configuration file on disk: which one counts for a folder, what of it is in force, and the templates that it names.

use super::keys::{Config, NamedTemplate, parse};
use super::problem::{LEADS_OUT, Problem};
use crate::disk;
use crate::paths;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use traceline_engine::dialect::{Dialect, Role};
use traceline_engine::path::FilePath;
use traceline_engine::template::{self, Mistake, Schema};

/// The names of the file, the first that exists counts.
pub(crate) const NAMES: [&str; 2] = ["traceline.toml", ".traceline.toml"];

/// A file of more bytes is no configuration; the keeper waits while it is read.
const LARGEST: u64 = 256 << 10;

/// Whether the path is one of a configuration file.
pub(crate) fn is_config(path: &FilePath) -> bool {
    NAMES.contains(&path.name())
}

/// A template that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    pub(crate) role: Role,
    pub(crate) path: FilePath,
    pub(crate) schema: Arc<Schema>,
    pub(crate) mistakes: Vec<Mistake>,
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
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// The configuration of `folder`, which lies in the workspace folder `root`, if it has one.
pub(crate) fn of_folder(root: &Path, folder: &Path) -> Option<ConfigFile> {
    let path = NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())?;
    let large = path.metadata().is_ok_and(|facts| facts.len() > LARGEST);
    let text = if large {
        Err(format!("this is larger than the {} KB that are read of a configuration", LARGEST >> 10))
    } else if paths::leads_out(&path, root) {
        Err(LEADS_OUT.to_string())
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
            return Err(LEADS_OUT.into());
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
