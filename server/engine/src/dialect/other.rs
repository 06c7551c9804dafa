//! A dialect beside the home dialect. What chooses one that comes with the program is known at once, the rest once it is chosen:
//! most workspaces are written in one or two of them.

use super::pattern::{Parts, Pattern};
use super::recognition::Signs;
use super::tables::{TABLES, part, whole};
use super::{Choose, Dialect};
use std::sync::{Arc, OnceLock};

#[derive(Debug)]
pub(super) enum Other {
    /// One that was read.
    Read(Arc<Dialect>),
    /// The built-in one at this place, which is read when it is asked for.
    BuiltIn { at: usize, paths: Vec<Pattern>, says: Signs, read: OnceLock<Arc<Dialect>> },
}

impl Other {
    /// The built-in dialect at this place of [`TABLES`].
    pub(super) fn built_in(at: usize) -> Self {
        let Choose { paths, says } = part(&TABLES[at], "choose").try_into().expect(TESTED);
        let paths = paths.iter().map(|text| Pattern::new(text, "")).collect();
        Self::BuiltIn { at, paths, says: Signs::new(&says), read: OnceLock::new() }
    }

    /// All of it.
    pub(super) fn dialect(&self) -> &Arc<Dialect> {
        match self {
            Self::Read(dialect) => dialect,
            Self::BuiltIn { at, read, .. } => read.get_or_init(|| Arc::new(read_built_in(*at))),
        }
    }

    /// The place of the pattern for which it is chosen for a path.
    pub(super) fn chosen_by(&self, parts: &Parts<'_>) -> Option<usize> {
        let paths = match self {
            Self::Read(dialect) => &dialect.paths,
            Self::BuiltIn { paths, .. } => paths,
        };
        paths.iter().position(|pattern| pattern.matches(parts))
    }

    /// How lines begin by which it is known.
    pub(super) fn says(&self) -> &Signs {
        match self {
            Self::Read(dialect) => &dialect.says,
            Self::BuiltIn { says, .. } => says,
        }
    }
}

impl PartialEq for Other {
    fn eq(&self, other: &Self) -> bool {
        self.dialect() == other.dialect()
    }
}

impl Eq for Other {}

const TESTED: &str = "a test reads the built-in tables";

/// The built-in dialect at this place of [`TABLES`], without others.
pub(super) fn read_built_in(at: usize) -> Dialect {
    Dialect::of_table(whole(TABLES[at].clone()).and_then(toml::Table::try_into).expect(TESTED), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_chooses_a_dialect_is_known_without_the_rest() {
        for at in 1..TABLES.len() {
            let other = Other::built_in(at);
            let Other::BuiltIn { paths, says, read, .. } = &other else { panic!("it is built in") };
            assert!(read.get().is_none());
            let whole = other.dialect();
            assert_eq!((paths, says), (&whole.paths, &whole.says), "{}", whole.table.name);
        }
    }

    #[test]
    fn dialects_that_nobody_writes_in_are_not_read() {
        let others: Vec<Other> = (1..TABLES.len()).map(Other::built_in).collect();
        let home = Arc::new(Dialect { others, ..read_built_in(0) });
        let read = || home.others.iter().filter(|it| matches!(it, Other::BuiltIn { read, .. } if read.get().is_some()));
        assert_eq!(home.at("docs/notes.md").table.name, home.table.name);
        assert_eq!(read().count(), 0);
        assert_eq!(home.at(".kiro/specs/login/design.md").table.name, "kiro");
        assert_eq!(read().count(), 1);
    }
}
