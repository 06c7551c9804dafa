//! Which number each requirement gets: the one behind that of its sibling before it.

use super::entries::{Entries, Entry};
use crate::id::Id;
use rustc_hash::FxHashMap;

/// Whose siblings a requirement stands among: those of one parent, or of one spelling before the number.
#[derive(PartialEq, Eq, Hash)]
enum Family {
    Below(usize, String),
    Alone(String, u32),
}

/// What is known of siblings so far.
#[derive(Default)]
struct Run {
    /// The largest number that has been given.
    last: Option<u64>,
    heading: u32,
    /// With how many digits the last number was filled up, if it was.
    width: usize,
    /// What has been given to each id, with whether that was given up.
    given: FxHashMap<Id, (Id, bool)>,
}

/// Gives each requirement its number: the siblings of `start` from there on, or all. What belongs to one follows it.
pub(super) fn put(entries: &mut Entries, start: Option<usize>) {
    let rounds = entries.rounds;
    let wanted = start.map(|at| family_of(&entries.all[at]));
    let mut runs: FxHashMap<Family, Run> = FxHashMap::default();
    for at in 0..entries.all.len() {
        let (before, behind) = entries.all.split_at_mut(at);
        let Some(entry) = behind.first_mut() else { continue };
        if let Some(parent) = entry.parent {
            entry.new = entry.below(&before[parent]);
        }
        let family = family_of(entry);
        let Some(number) = entry.id.numbers().last().filter(|_| entry.is_numbered()) else { continue };
        let is_wanted = wanted.as_ref().is_none_or(|wanted| *wanted == family) && start.is_none_or(|start| start <= at);
        let is_start = start == Some(at);
        let run = runs.entry(family).or_default();
        let given = if is_wanted { number_of(entry, run, number, is_start, rounds) } else { Some(number) };
        let Some(given) = given else {
            // The old wording beside the new one: both are one requirement.
            if let Some((known, _)) = run.given.get(&entry.id) {
                entry.new = known.clone();
            }
            continue;
        };
        if given != number {
            entry.new = with_number(&entry.new, given, run.width);
        }
        run.width = padding(&entry.new).max(run.width);
        run.last = Some(run.last.map_or(given, |last| last.max(given)));
        run.heading = entry.heading;
        run.given.insert(entry.id.clone(), (entry.new.clone(), entry.withdrawn));
    }
}

/// The number that the requirement gets; none where it is one that has been given its number.
fn number_of(entry: &Entry, run: &Run, number: u64, is_start: bool, rounds: bool) -> Option<u64> {
    if run.given.get(&entry.id).is_some_and(|(_, withdrawn)| *withdrawn || entry.withdrawn) {
        return None;
    }
    let Some(last) = run.last else { return Some(number) };
    let next = last.saturating_add(1);
    // Where numbers begin for a reason: the first, and a round one below a heading of its own.
    let round = rounds && number >= 10 && number % 10 <= 1 && entry.heading != run.heading;
    Some(if number > last && (is_start || round) { number } else { next })
}

fn family_of(entry: &Entry) -> Family {
    match entry.parent {
        Some(parent) => Family::Below(parent, entry.id.prefix().to_ascii_uppercase()),
        None => Family::Alone(stem(&entry.id).to_ascii_uppercase(), entry.list),
    }
}

/// The id without its last number.
fn stem(id: &Id) -> &str {
    id.as_str().trim_end_matches(|c: char| c.is_ascii_digit())
}

/// With how many digits the last number is filled up; 0 where it is not.
fn padding(id: &Id) -> usize {
    let digits = &id.as_str()[stem(id).len()..];
    if digits.starts_with('0') { digits.len() } else { 0 }
}

/// The id with another last number, filled up as it was or as those before it are.
fn with_number(id: &Id, number: u64, width: usize) -> Id {
    let width = padding(id).max(width);
    Id::new(&format!("{}{number:0width$}", stem(id)))
}
