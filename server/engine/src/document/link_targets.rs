//! Where the links of an open document lead: how many name each target, kept through edits.

use crate::facts::Facts;
use rustc_hash::FxHashMap;

/// The targets of links, each with how many links lead there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Targets(FxHashMap<Box<str>, u32>);

impl Targets {
    /// Those of all links in `parts`.
    pub(super) fn of<'a>(parts: impl Iterator<Item = &'a Facts>) -> Self {
        let mut targets = Self::default();
        targets.add(parts);
        targets
    }

    /// Each once, in no order.
    pub(super) fn each(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|target| &**target)
    }

    /// What links of `old` lead to is what those of `new` lead to now.
    pub(super) fn replace<'a>(
        &mut self,
        old: impl Iterator<Item = &'a Facts> + Clone,
        new: impl Iterator<Item = &'a Facts> + Clone,
    ) {
        // Most edits are beside the links.
        if named(old.clone()).eq(named(new.clone())) {
            return;
        }
        self.add(new);
        for target in named(old) {
            if let Some(count) = self.0.get_mut(target) {
                *count -= 1;
                if *count == 0 {
                    self.0.remove(target);
                }
            }
        }
    }

    fn add<'a>(&mut self, parts: impl Iterator<Item = &'a Facts>) {
        for target in named(parts) {
            match self.0.get_mut(target) {
                Some(count) => *count += 1,
                None => drop(self.0.insert(target.into(), 1)),
            }
        }
    }
}

fn named<'a>(parts: impl Iterator<Item = &'a Facts>) -> impl Iterator<Item = &'a str> {
    parts.flat_map(|facts| facts.links.iter().map(|link| facts.text(link.target)))
}
