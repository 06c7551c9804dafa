//! `traceline new`: writes the scaffold of a file or of a whole feature, and never over what is there.

use super::workspace;
use crate::paths;
use anyhow::{Context, Result, anyhow, bail};
use clap::Subcommand;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use traceline_engine::dialect::Role;
use traceline_engine::feature::refactoring::new_file::{Wanted, new_files};
use traceline_engine::path::FilePath;

/// What is to be written.
#[derive(Debug, Subcommand)]
pub(super) enum New {
    /// Write a plan
    Plan {
        /// Where [default: the current folder]
        folder: Option<PathBuf>,
    },
    /// Write a specification with ids that are free
    Spec {
        /// Where [default: the current folder]
        folder: Option<PathBuf>,
    },
    /// Write a task list
    Tasks {
        /// Where [default: the current folder]
        folder: Option<PathBuf>,
    },
    /// Write a specification, a plan and tasks in a folder of their own, beside the features that there are
    Feature {
        /// What it is called, such as "Log in"
        name: String,
    },
}

pub(super) fn run(new: &New) -> Result<ExitCode> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    let workspace = workspace::read(std::slice::from_ref(&here))?;
    workspace::complain(&workspace);
    let wanted = match new {
        New::Plan { folder } => file(Role::Plan, folder.as_deref(), &here)?,
        New::Spec { folder } => file(Role::Spec, folder.as_deref(), &here)?,
        New::Tasks { folder } => file(Role::Tasks, folder.as_deref(), &here)?,
        New::Feature { name } => Wanted::Feature(name.clone(), workspace.root.clone()),
    };
    let files = new_files(&workspace.snapshot, &wanted).map_err(|why| anyhow!("{why} · nothing was written"))?;
    let name = |path: &FilePath| path.relative_to(workspace.root.as_str()).to_string();
    // Files that are ignored are not in the snapshot, and are not overwritten either.
    if let Some(there) = files.iter().find(|file| paths::encode(&file.path).exists()) {
        bail!("{} is there already · nothing was written", name(&there.path));
    }
    for file in &files {
        let path = &*paths::encode(&file.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        match std::fs::File::create_new(path) {
            Ok(mut made) => made.write_all(file.text.as_bytes()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!("{} is there already", name(&file.path)),
            Err(error) => Err(error),
        }
        .with_context(|| format!("{} cannot be written", name(&file.path)))?;
        anstream::println!("wrote {}", name(&file.path));
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder may not be there yet, so its path is made whole by hand.
fn file(role: Role, folder: Option<&Path>, here: &Path) -> Result<Wanted> {
    let here = paths::whole(here).unwrap_or_else(|_| here.to_path_buf());
    let mut whole = here;
    for part in folder.unwrap_or(Path::new("")).components() {
        match part {
            std::path::Component::ParentDir => {
                whole.pop();
            }
            std::path::Component::CurDir => {}
            other => whole.push(other),
        }
    }
    if whole.is_file() {
        bail!("{} is a file; `traceline new` wants a folder", whole.display());
    }
    let path = paths::decode(&whole).with_context(|| format!("{} is not valid UTF-8", whole.display()))?;
    Ok(Wanted::File(role, path))
}
