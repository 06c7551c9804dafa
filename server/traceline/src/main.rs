//! Traceline: the language server and checker for plan documents.
//!
//! Each module uses only modules above it in this list.

mod fault;
mod parallel;
mod paths;
mod disk;
mod places;
mod config;
mod watch;
mod file_store;
mod wire;
mod lsp;
mod keeper;
mod server;
mod report;
mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
