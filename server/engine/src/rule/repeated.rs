//! Names that are used a second time: by a slip, or because something is told or counted again.

use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;

/// One use of a name, in the order of the text.
pub(super) struct Entry<'a, K> {
    pub name: K,
    /// The section it stands in: any number that other sections have not.
    pub section: u32,
    pub title: &'a str,
    pub span: Span,
}

/// What a second use most likely is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// A number that was not counted on.
    Slip,
    /// A slip or not.
    Doubt,
    /// The same thing told again, or a list that begins anew.
    Again,
}

/// The entries whose name was used before, each with that first use: indexes into `all`.
pub(super) fn repeats<K: Hash + Eq + Clone>(all: &[Entry<'_, K>]) -> Vec<(usize, usize, Repeat)> {
    let mut first: FxHashMap<&K, usize> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (at, entry) in all.iter().enumerate() {
        match first.get(&entry.name) {
            Some(earlier) => pairs.push((*earlier, at)),
            None => {
                first.insert(&entry.name, at);
            }
        }
    }
    if pairs.is_empty() {
        return Vec::new();
    }
    let mut names: FxHashMap<u32, Vec<&K>> = FxHashMap::default();
    let mut twice: FxHashMap<u32, FxHashSet<&K>> = FxHashMap::default();
    for entry in all {
        names.entry(entry.section).or_default().push(&entry.name);
    }
    for (one, other) in &pairs {
        if all[*one].section == all[*other].section {
            twice.entry(all[*one].section).or_default().insert(&all[*one].name);
        }
    }
    let mut shared: FxHashMap<(u32, u32), usize> = FxHashMap::default();
    let judged = pairs.into_iter().map(|(one, other)| {
        let (a, b) = (&all[one], &all[other]);
        let repeat = if a.section == b.section && other == one + 1 {
            Repeat::Slip
        } else if alike(a.title, b.title) {
            Repeat::Again
        } else if a.section == b.section {
            let twice = &twice[&a.section];
            // Where the first of a section comes again, its numbers begin anew.
            let anew = twice.len() > 1 && names[&a.section].first().is_some_and(|first| twice.contains(first));
            match twice.len() {
                1 => Repeat::Slip,
                _ if anew => Repeat::Again,
                _ => Repeat::Doubt,
            }
        } else {
            let (here, there) = (&names[&b.section], &names[&a.section]);
            let both = shared.entry((a.section, b.section)).or_insert_with(|| {
                let there: FxHashSet<&&K> = there.iter().collect();
                here.iter().filter(|name| there.contains(name)).collect::<FxHashSet<_>>().len()
            });
            let begins = |section: &[&K]| section.first() == Some(&&a.name);
            let goes_on = there.last() == Some(&&a.name) && begins(here) && !begins(there);
            match *both {
                1 if goes_on => Repeat::Slip,
                1 if !(begins(here) && begins(there)) => Repeat::Doubt,
                _ => Repeat::Again,
            }
        };
        (one, other, repeat)
    });
    judged.collect()
}

/// Whether two titles say the same, or one of them nothing.
fn alike(one: &str, other: &str) -> bool {
    let letters = |text: &str| {
        let kept = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
        kept.collect::<String>()
    };
    let (one, other) = (letters(one), letters(other));
    one.starts_with(&other) || other.starts_with(&one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(names: &[(&str, u32, &str)]) -> Vec<(usize, usize, Repeat)> {
        let entries: Vec<_> = names
            .iter()
            .map(|(name, section, title)| Entry { name: *name, section: *section, title, span: Span::default() })
            .collect();
        repeats(&entries)
    }

    #[test]
    fn a_number_that_was_not_counted_on_is_a_slip() {
        assert_eq!(judged(&[("1", 0, "a"), ("2", 0, "b"), ("2", 0, "c"), ("3", 0, "d")]), [(1, 2, Repeat::Slip)]);
        assert_eq!(judged(&[("1", 0, "a"), ("2", 0, "b"), ("2", 1, "c"), ("3", 1, "d")]), [(1, 2, Repeat::Slip)]);
    }

    #[test]
    fn what_begins_anew_or_is_told_again_is_none() {
        let anew = [("1", 0, "a"), ("2", 0, "b"), ("1", 1, "c"), ("2", 1, "d")];
        assert!(judged(&anew).iter().all(|(.., repeat)| *repeat == Repeat::Again));
        assert_eq!(judged(&[("1", 0, "a"), ("1", 1, "b")]), [(0, 1, Repeat::Again)]);
        let list = [("1", 0, "a"), ("2", 0, "b"), ("3", 0, "c"), ("1", 0, "d"), ("2", 0, "e")];
        assert!(judged(&list).iter().all(|(.., repeat)| *repeat == Repeat::Again));
        assert_eq!(judged(&[("1", 0, "Log in"), ("2", 0, "b"), ("1", 0, "log in")]), [(0, 2, Repeat::Again)]);
    }
}
