//! `traceline config`: the JSON schemas of `traceline.toml` and of the editor's settings.

use crate::{config, report};
use anyhow::Result;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum Of {
    /// Print the JSON schema of traceline.toml
    Schema,
    /// Print the JSON schema of the settings that an editor may send, those below `traceline`
    Settings,
}

pub(super) fn run(of: Of) -> Result<ExitCode> {
    let schema = match of {
        Of::Schema => config::schema(),
        Of::Settings => config::client::schema(),
    };
    report::json::print(&mut anstream::stdout().lock(), &schema)?;
    Ok(ExitCode::SUCCESS)
}
