//! Names that are used a second time: by a slip, or because something is told or counted again.

use super::Finding;
use crate::facts::{Facts, Form, Section};
use crate::path::FilePath;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;
use crate::words::words;
use crate::world::View;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;

/// Whether a document has so many sections that count here that it is a collection, in which names and numbers come again.
pub(super) fn is_collection(view: &View<'_>, counts: impl Fn(&Section) -> bool) -> bool {
    const MOST: usize = 256;
    let mut count = 0;
    view.parts().any(|(_, facts)| {
        count += facts.sections.iter().filter(|section| counts(section)).count();
        count > MOST
    })
}

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
    /// A list that begins anew, and says other things under the same names.
    Anew,
    /// The same thing told again.
    Again,
}

/// More findings of one kind in a file have one cause, and are one finding.
pub(super) const MOST_APART: usize = 3;
/// More names are not read by anybody.
const MOST_NAMES: usize = 12;

/// Findings of each name or, where there are many, one of all of them. `many` says what is amiss with that number of names.
pub(super) fn gathered(found: &[(String, Finding)], many: impl Fn(usize) -> String) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut levels: Vec<Level> = found.iter().map(|(_, finding)| finding.level).collect();
    levels.sort_unstable();
    levels.dedup();
    for level in levels {
        let of_level: Vec<_> = found.iter().filter(|(_, finding)| finding.level == level).collect();
        let [(_, first), ..] = &of_level[..] else { continue };
        if of_level.len() <= MOST_APART {
            out.extend(of_level.into_iter().map(|(_, finding)| finding.clone()));
            continue;
        }
        let names: Vec<&str> = of_level.iter().map(|(name, _)| name.as_str()).collect();
        let mut finding = first.clone();
        finding.message = format!("{}: {}", many(names.len()), listed(&names));
        finding.related = of_level.iter().flat_map(|(_, one)| one.related.clone()).take(MOST_PLACES).collect();
        out.push(finding);
    }
    out
}

/// Gives findings that will be one of all of them their own places, which it names.
pub(super) fn placed(found: &mut [(String, Finding)], path: &FilePath) {
    if found.len() <= MOST_APART {
        return;
    }
    for (name, finding) in found.iter_mut().skip(1) {
        let place = Place { path: path.clone(), span: finding.span };
        finding.related.insert(0, (place, format!("`{name}` stands here")));
    }
}

/// How many places a finding names at most.
pub(super) const MOST_PLACES: usize = 50;

/// Names in back-quotes; of many only the first.
pub(super) fn listed(names: &[&str]) -> String {
    match names.len().checked_sub(MOST_NAMES + 1) {
        None => quoted(names),
        Some(more) => format!("{} and {} more", quoted(&names[..MOST_NAMES]).replace(" and ", ", "), more + 1),
    }
}

/// Names in back-quotes, or where they are many the first and the last of them.
pub(super) fn spanned(names: &[&str]) -> String {
    match names {
        [first, .., last] if names.len() > MOST_NAMES => {
            format!("`{first}` to `{last}`, {} numbers,", names.len())
        }
        _ => quoted(names),
    }
}

/// Names in back-quotes with commas, and the last behind *and*.
pub(super) fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => quoted.concat(),
    }
}

/// `twice`, or how many times.
pub(super) fn times(count: usize) -> String {
    if count == 2 { "twice".to_string() } else { format!("{count} times") }
}

/// The pairs of a list that begins anew, unless it only tells again what the other says: then most of its titles share a word
/// with theirs that few others have.
pub(super) fn anew<K>(all: &[Entry<'_, K>], pairs: &[(usize, usize, Repeat)]) -> Vec<(usize, usize)> {
    let pairs: Vec<(usize, usize)> =
        pairs.iter().filter(|(.., repeat)| *repeat == Repeat::Anew).map(|(one, other, _)| (*one, *other)).collect();
    if pairs.len() < 2 {
        return Vec::new();
    }
    if Telling::of(all).is_told_again(&pairs) { Vec::new() } else { pairs }
}

/// The words of titles by which one is known again.
pub(super) struct Telling {
    titles: Vec<FxHashSet<String>>,
    count: FxHashMap<String, usize>,
}

impl Telling {
    pub(super) fn of<K>(all: &[Entry<'_, K>]) -> Self {
        let titles: Vec<FxHashSet<String>> = all.iter().map(|entry| telling(entry.title)).collect();
        let mut count: FxHashMap<String, usize> = FxHashMap::default();
        for word in titles.iter().flatten() {
            *count.entry(word.clone()).or_default() += 1;
        }
        Self { titles, count }
    }

    /// Whether two titles share a word that few others have, and sentences half of their words.
    pub(super) fn is_alike(&self, one: usize, other: usize) -> bool {
        /// In telling words; a longer title is a sentence.
        const LONGEST: usize = 5;
        let few = (self.titles.len() / 4).max(2);
        let (a, b) = (&self.titles[one], &self.titles[other]);
        let shared = || a.intersection(b);
        let least = a.len().min(b.len());
        shared().any(|word| self.count[word.as_str()] <= few) && (least <= LONGEST || shared().count() * 2 >= least)
    }

    /// Whether the second of most pairs tells the first again.
    pub(super) fn is_told_again(&self, pairs: &[(usize, usize)]) -> bool {
        pairs.iter().filter(|(one, other)| self.is_alike(*one, *other)).count() * 2 >= pairs.len()
    }
}

/// A list that begins anew is at least so long.
const SHORTEST_RUN: usize = 4;
/// So many other entries may stand between two of its own.
const WIDEST_GAP: usize = 2;

/// The lists that begin anew behind all that they repeat, each as indexes into `pairs`: names that come again in their order,
/// with hardly any other between them.
pub(super) fn runs(pairs: &[(usize, usize, Repeat)]) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = Vec::new();
    for (at, (first, second, _)) in pairs.iter().enumerate() {
        let follows = |last: &usize| pairs[*last].0 < *first && *second - pairs[*last].1 <= WIDEST_GAP + 1;
        match all.last_mut().filter(|run| run.last().is_some_and(follows)) {
            Some(run) => run.push(at),
            None => all.push(vec![at]),
        }
    }
    all.retain(|run| {
        let (first, last) = (run[0], run[run.len() - 1]);
        run.len() >= SHORTEST_RUN && pairs[last].0 < pairs[first].1
    });
    all
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
                _ if anew => Repeat::Anew,
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
            // The last numbers of one section are the first ones of the next: it was counted on from too far above.
            let overlaps =
                *both > 1 && *both < here.len().min(there.len()) && there[there.len() - *both..] == here[..*both];
            match *both {
                _ if overlaps => Repeat::Doubt,
                1 if goes_on => Repeat::Slip,
                1 if !(begins(here) && begins(there)) => Repeat::Doubt,
                _ if here.first() == there.first() => Repeat::Anew,
                _ => Repeat::Again,
            }
        };
        (one, other, repeat)
    });
    judged.collect()
}

/// The words of a title, also short ones: `Log in` is told again as `in`.
fn telling(title: &str) -> FxHashSet<String> {
    let mut all = words(title);
    let short = title.split(|c: char| !c.is_alphanumeric()).filter(|word| (2..4).contains(&word.chars().count()));
    all.extend(short.map(str::to_lowercase));
    // `100` of `100 %` tells nothing.
    all.retain(|word| word.contains(char::is_alphabetic));
    all
}

/// Whether the heading defines something, or is a task.
pub(super) fn defines(facts: &Facts, section: &Section) -> bool {
    let from = facts.definitions.partition_point(|it| it.place.start < section.head.start);
    let mut own = facts.definitions[from..].iter().take_while(|it| it.place.start < section.head.end);
    own.any(|it| it.form.rank() < Form::WEAKEST)
}

/// Whether two titles say the same, or one of them nothing.
pub(super) fn alike(one: &str, other: &str) -> bool {
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
        let overlap = [("1", 0, "a"), ("2", 0, "b"), ("3", 0, "c"), ("2", 1, "d"), ("3", 1, "e"), ("4", 1, "f")];
        assert_eq!(judged(&overlap), [(1, 3, Repeat::Doubt), (2, 4, Repeat::Doubt)]);
    }

    #[test]
    fn what_begins_anew_or_is_told_again_is_none() {
        let anew = [("1", 0, "a"), ("2", 0, "b"), ("1", 1, "c"), ("2", 1, "d")];
        assert!(judged(&anew).iter().all(|(.., repeat)| *repeat == Repeat::Anew));
        assert_eq!(judged(&[("1", 0, "a"), ("1", 1, "b")]), [(0, 1, Repeat::Anew)]);
        let list = [("1", 0, "a"), ("2", 0, "b"), ("3", 0, "c"), ("1", 0, "d"), ("2", 0, "e")];
        assert!(judged(&list).iter().all(|(.., repeat)| *repeat == Repeat::Anew));
        let some = [("1", 0, "a"), ("2", 0, "b"), ("3", 0, "c"), ("2", 1, "d"), ("3", 1, "e")];
        assert!(judged(&some).iter().all(|(.., repeat)| *repeat == Repeat::Again));
        assert_eq!(judged(&[("1", 0, "Log in"), ("2", 0, "b"), ("1", 0, "log in")]), [(0, 2, Repeat::Again)]);
    }
}
