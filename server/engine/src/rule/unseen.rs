//! How often each rule was right in the last round over repositories that nobody had looked at before.
//!
//! `unseen.tsv` is written by `tests/judgement/run write` from the log of the rounds; a test there says when it is stale.

const FIGURES: &str = include_str!("../../unseen.tsv");

/// Warnings of the last round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// Those that a maintainer would mend.
    pub right: u32,
    /// All that were judged; what was arguable counts as wrong.
    pub judged: u32,
}

impl Unseen {
    /// The figures of the rule called `name`; none where it raised no warning.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::read(name).filter(|figures| figures.judged > 0)
    }

    /// The figures of all rules together.
    #[must_use]
    pub fn of_all() -> Option<Self> {
        Self::of("*")
    }

    fn read(name: &str) -> Option<Self> {
        FIGURES.lines().find_map(|line| {
            let mut cells = line.split('\t');
            (cells.next()? == name).then_some(())?;
            Some(Self { right: cells.next()?.parse().ok()?, judged: cells.next()?.parse().ok()? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::named;

    #[test]
    fn every_line_is_a_rule_with_its_figures() {
        for line in FIGURES.lines() {
            let name = line.split('\t').next().unwrap_or_default();
            let figures = Unseen::read(name).unwrap_or_else(|| panic!("{line}"));
            assert!(name == "*" || named(name).is_some(), "{line}");
            assert!(figures.right <= figures.judged, "{line}");
        }
    }
}
