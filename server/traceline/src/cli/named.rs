//! The requirement that a command is asked about: by its id, or by the id behind its feature.

use super::outcome::COULD_NOT_RUN;
use super::workspace::{self, Workspace};
use anyhow::{Result, anyhow, bail};
use std::path::Path;
use std::process::ExitCode;
use traceline_engine::export::show::candidates;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::{Named, full_name_of, requirement_named};

/// The requirement that is meant by `name` among those that `counts` accepts; otherwise why none is, and which may be meant.
pub(super) fn resolve(
    workspace: &Workspace,
    name: &str,
    counts: &dyn Fn(&FilePath, &Id) -> bool,
) -> Result<(FilePath, Id)> {
    let snapshot = &workspace.snapshot;
    let near = match requirement_named(snapshot, name, counts) {
        Named::One(scope, id) => return Ok((scope, id)),
        Named::Several(all) => {
            let told = candidates(snapshot, &workspace.root, &all);
            let widest = told.iter().map(|it| it.name.chars().count()).max().unwrap_or_default();
            let line = |name: &str| format!("\n  {name:widest$}");
            let all: String =
                told.iter().map(|it| line(&it.name) + &format!("  {}:{}  {}", it.path, it.line, it.title)).collect();
            bail!("`{name}` is defined in {} features, name one of them:{all}", told.len());
        }
        Named::None(near) => near,
    };
    if Path::new(name).extension().is_some_and(|it| it.eq_ignore_ascii_case("md")) {
        bail!("{name} cannot be read: there is no such file");
    }
    let near: Vec<String> = near.iter().map(|(scope, id)| format!("`{}`", full_name_of(snapshot, scope, id))).collect();
    Err(match &near[..] {
        [] => anyhow!("`{name}` is defined nowhere in this workspace"),
        near => anyhow!("`{name}` is defined nowhere in this workspace · nearest: {}", near.join(", ")),
    })
}

/// Reads the current folder and tells of the requirement that is meant by `name` there, whatever has become of it.
pub(super) fn ask(name: &str, tell: impl FnOnce(&Workspace, &FilePath, &Id) -> Result<()>) -> Result<ExitCode> {
    // Features that have the same id are known only where all are read.
    let workspace = workspace::read(&[])?;
    workspace::complain(&workspace);
    let (scope, id) = resolve(&workspace, name, &|_, _| true)?;
    tell(&workspace, &scope, &id)?;
    Ok(if workspace.is_incomplete() { ExitCode::from(COULD_NOT_RUN) } else { ExitCode::SUCCESS })
}
