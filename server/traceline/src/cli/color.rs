//! `--color`: whether what people read is coloured. Left alone, the terminal decides, and `NO_COLOR` and `CLICOLOR_FORCE` do.

use anstream::ColorChoice;
use clap::ValueEnum;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// Where the terminal shows it and NO_COLOR is not set
    #[default]
    Auto,
    /// In a pipe, too
    Always,
    /// Nowhere
    Never,
}

impl Color {
    /// Puts the choice in force for all that is written from now on.
    pub(super) fn choose(self) {
        let choice = match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}
