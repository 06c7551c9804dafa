//! Colours of what people read; a terminal that shows none is given none.

use traceline_engine::settings::Level;

pub(super) const BOLD: &str = "\x1b[1m";
pub(super) const DIM: &str = "\x1b[2m";
pub(super) const PLAIN: &str = "\x1b[0m";

/// The colour of a level, that which its excerpts have.
pub(super) fn of_level(level: Level) -> &'static str {
    match level {
        Level::Error => "\x1b[1;91m",
        Level::Warning => "\x1b[1;33m",
        Level::Information => "\x1b[1;94m",
        Level::Hint => "\x1b[1;92m",
    }
}
