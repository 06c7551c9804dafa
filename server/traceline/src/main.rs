//! Traceline: the language server and checker for plan documents.

mod cli;
mod config;
mod disk;
mod fault;
mod keeper;
mod lsp;
mod parallel;
mod paths;
mod report;
mod shelf;
mod wire;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
