//! What comes out of a command: in which format it reports, and with which exit code it says that it could not.

use clap::ValueEnum;

/// The run could not do what it was asked.
pub(super) const COULD_NOT_RUN: u8 = 2;

/// How a command reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
}
