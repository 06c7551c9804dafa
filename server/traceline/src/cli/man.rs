//! `traceline man`: the manual, one page for the command and one for each of its subcommands.

use anyhow::{Context, Result};
use clap::Command;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Writes every page to `folder`, or prints the first one.
pub(super) fn run(command: Command, folder: Option<&Path>) -> Result<ExitCode> {
    let command = command.disable_help_subcommand(true);
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .with_context(|| format!("the pages cannot be written to {}", folder.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    std::io::stdout().lock().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}
