//! What was meant by an id that nothing defines: what a hand or an ear confuses, or what the text beside it is about.
//!
//! Numbers are not misspelt into their neighbours: `FR-9` beside `FR-8` is a requirement that was removed or never written.

use crate::id::Id;
use crate::index::{Index, letters};
use crate::query::Lookup;
use crate::words::{initials, is_mistyped, shared_words};
use crate::world::Snapshot;
use rustc_hash::FxHashSet;

/// The one defined id of which `written` is a slip: another separator or padding, a dot that was left out, a digit that is
/// missing or doubled, or a family's name with a letter less (`NF-4` for `NFR-4`).
#[must_use]
pub fn misspelling_of<'l>(lookup: &'l Lookup, written: &Id) -> Option<&'l Id> {
    if written.tail().is_empty() {
        return None;
    }
    let kin = lookup.alike(written);
    let (numbers, own_letter): (Vec<u64>, _) = (written.numbers().collect(), letter(written));
    // Most of the others have not even the last digit, or as many.
    let own = written.tail();
    let last = |tail: &str| tail.bytes().rfind(u8::is_ascii_digit);
    let (dotted, own_last) = (own.contains('.'), last(own));
    let near = |(_, tail): &(&Id, &str)| {
        let dotless = !dotted && tail.len() > own.len();
        dotless || tail.len().abs_diff(own.len()) == 1 || last(tail) == own_last
    };
    // Each with its number, which all that follows looks at.
    let near: Vec<(&'l Id, &str)> = kin.iter().map(|known| (*known, known.tail())).filter(near).collect();
    let same_number = |known: &Id| known.numbers().eq(numbers.iter().copied()) && own_letter == letter(known);
    let of = |all: &[(&'l Id, &str)], is: &dyn Fn(&Id, &str) -> bool| {
        let mut found = all.iter().filter(|(known, tail)| is(known, tail)).map(|(known, _)| *known);
        let first = found.next()?;
        Some(if found.next().is_none() { Some(first) } else { None })
    };
    of(&near, &|known, tail| last(tail) == own_last && same_number(known))
        .or_else(|| of(&near, &|_, tail| lacks_dot(written, own, tail, &kin)))
        .or_else(|| of(&near, &|_, tail| is_miscounted(own, tail, &kin)))
        .or_else(|| {
            let family = lookup.defines_family(&written.family().to_ascii_uppercase());
            // What defines ids of its own is a name, not a slip of another.
            if !kin.is_empty() {
                return None;
            }
            // A family of the feature's own is no slip of one that everybody has.
            let known_family = |known: &Id| lookup.dialect().families.has(known.family());
            let alike: Vec<(&Id, &str)> =
                lookup.numbered_alike(written).into_iter().map(|known| (known, own)).collect();
            of(&alike, &|known, _| known_family(known) && is_misnamed(written, known, family))
        })
        .flatten()
}

/// The same for a place of `scope`, unless the id is that of another feature: see [`is_of_another`].
#[must_use]
pub fn likely_of<'l>(snapshot: &Snapshot, lookup: &'l Lookup, written: &Id) -> Option<&'l Id> {
    misspelling_of(lookup, written).filter(|_| !is_of_another(snapshot, lookup, written))
}

/// Whether another feature defines `id`, and this one nothing with its letters: then it builds on that one.
#[must_use]
pub fn is_of_another(snapshot: &Snapshot, lookup: &Lookup, id: &Id) -> bool {
    // `NF-4` beside this feature's own `NFR-4` is a slip, whoever else has that id.
    let own = |own: &Index| {
        own.kin(&letters(id)).is_none() && misspelling_of(lookup, id).is_none_or(|slip| own.defined(slip).is_none())
    };
    !id.family().is_empty() && snapshot.scopes_defining(id).next().is_some() && lookup.own().is_none_or(own)
}

/// The letter behind the number: `a` of `FR-1.2a`.
fn letter(id: &Id) -> Option<char> {
    id.tail().chars().last().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase())
}

/// Whether `written` is `known` without its dot, in a place where nothing has so high a number: `FR-12` for `FR-1.2`.
/// `own` and `theirs` are their numbers.
fn lacks_dot(written: &Id, own: &str, theirs: &str, kin: &[&Id]) -> bool {
    let dots = theirs.bytes().filter(|b| *b == b'.').count();
    if dots == 0 || theirs.len() - dots != own.len() || !theirs.bytes().filter(|b| *b != b'.').eq(own.bytes()) {
        return false;
    }
    is_far(written.numbers().next(), kin.iter().filter_map(|id| id.numbers().next()))
}

/// Whether a number is so far behind all others that it is not the next one.
fn is_far(number: Option<u64>, others: impl Iterator<Item = u64>) -> bool {
    let most = others.max().unwrap_or(0);
    number.is_some_and(|number| number > most.saturating_mul(2).saturating_add(1))
}

/// Whether the number `written` is `known` but for a digit that one of its parts lacks or has twice, where all others show
/// that.
fn is_miscounted(written: &str, known: &str, kin: &[&Id]) -> bool {
    let dots = |tail: &str| tail.bytes().filter(|byte| *byte == b'.').count();
    if written.len().abs_diff(known.len()) != 1 || dots(written) != dots(known) {
        return false;
    }
    let both = written.split('.').zip(known.split('.')).enumerate();
    let mut differing = both.filter(|(_, (own, theirs))| own != theirs);
    let (Some((at, (a, b))), None) = (differing.next(), differing.next()) else { return false };
    fn parts(tail: &str) -> Vec<&str> {
        tail.split('.').collect()
    }
    let own = parts(written);
    // What the others have there, where they go the same way so far.
    let beside = || {
        let beside = kin.iter().map(|id| parts(id.tail())).filter(|other| other.len() > at && other[..at] == own[..at]);
        beside.map(|mut other| other.swap_remove(at))
    };
    // Goes through all of them, so only where the rest holds.
    let even = || b.len() > 1 && beside().all(|other| other.len() == b.len());
    if a.len() == b.len() + 1 {
        let doubled = (1..a.len())
            .any(|at| a.as_bytes()[at] == a.as_bytes()[at - 1] && a[..at] == b[..at] && a[at + 1..] == b[at..]);
        return doubled && (even() || is_far(a.parse().ok(), beside().filter_map(|other| other.parse().ok())));
    }
    a.len() + 1 == b.len() && is_less_one(a, b, 0) && even()
}

/// Whether `short` is `long` without one of its characters, the first `kept` ones aside.
fn is_less_one(short: &str, long: &str, kept: usize) -> bool {
    short.len() + 1 == long.len()
        && (kept..long.len()).any(|at| {
            long.get(..at)
                .is_some_and(|head| short.strip_prefix(head).is_some_and(|rest| long.get(at + 1..) == Some(rest)))
        })
}

/// Whether the words before the number are those of `known` but for a slip in one of them.
fn is_misnamed(written: &Id, known: &Id, family_is_known: bool) -> bool {
    let groups =
        |id: &'_ Id| id.prefix().trim_end_matches('-').split('-').map(str::to_ascii_uppercase).collect::<Vec<_>>();
    let (own, theirs) = (groups(written), groups(known));
    if own.len() != theirs.len() {
        return false;
    }
    let mut differing = (0..own.len()).filter(|at| own[*at] != theirs[*at]);
    match (differing.next(), differing.next()) {
        // NF for NFR. A letter less elsewhere is another family: RF and RNF, FR and NFR.
        (Some(0), None) => {
            let (short, long) =
                if own[0].len() < theirs[0].len() { (&own[0], &theirs[0]) } else { (&theirs[0], &own[0]) };
            !family_is_known && short.len() > 1 && long.len() == short.len() + 1 && long.starts_with(short.as_str())
        }
        (Some(at), None) => is_mistyped(&own[at], &theirs[at]),
        _ => false,
    }
}

/// Which of `candidates`, by what their texts say, the words `beside` a reference are plainly about: they share most of the
/// words, and with no other nearly as many.
#[must_use]
pub(crate) fn suggested_by_text<'c>(
    beside: &FxHashSet<String>,
    candidates: impl Iterator<Item = (&'c Id, &'c str)>,
) -> Option<&'c Id> {
    const FEWEST: usize = 2;
    let mut best: Option<(usize, &Id)> = None;
    let mut second = 0;
    let initials = initials(beside);
    for (id, text) in candidates {
        let shared = shared_words(text, beside, initials);
        match best {
            Some((most, _)) if shared <= most => second = second.max(shared),
            _ => {
                second = best.map_or(0, |(most, _)| most);
                best = Some((shared, id));
            }
        }
    }
    let (most, id) = best?;
    (most >= FEWEST && most * 2 > beside.len() && second + FEWEST <= most).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::words::words;

    fn meant(defined: &str, written: &str) -> Option<String> {
        let items: String = defined.split(' ').map(|id| format!("- **{id}**: text\n")).collect();
        let world = world(&format!("//- a/spec.md\n{items}"));
        let snapshot = world.snapshot();
        let lookup = Lookup::of(&snapshot, &FilePath::new("/w/a"));
        misspelling_of(&lookup, &Id::new(written)).map(Id::to_string)
    }

    #[test]
    fn separators_and_padding_are_confused() {
        assert_eq!(meant("FR-1.1 FR-1.2", "FR1.1").as_deref(), Some("FR-1.1"));
        assert_eq!(meant("FR-001 FR-002 FR-012", "FR-2").as_deref(), Some("FR-002"));
        assert_eq!(meant("FR-1 FR-2", "FR-002").as_deref(), Some("FR-2"));
        assert_eq!(meant("FR-UI-1 FR-UI-2", "FRUI-2").as_deref(), Some("FR-UI-2"));
        assert_eq!(meant("FR-1 FR-01", "FR-001"), None, "either may be meant");
        assert_eq!(meant("FR-1.1 FR-1.2 FR-2.1", "FR-12").as_deref(), Some("FR-1.2"));
        assert_eq!(meant("FR-1.2 FR-11", "FR-12"), None, "it is the next");
    }

    #[test]
    fn a_digit_is_doubled_or_left_out() {
        assert_eq!(meant("FR-001 FR-002", "FR-0002").as_deref(), Some("FR-002"));
        assert_eq!(meant("FR-011 FR-012", "FR-0112").as_deref(), Some("FR-012"));
        assert_eq!(meant("FR-101 FR-102", "FR-1102").as_deref(), Some("FR-102"));
        assert_eq!(meant("FR-101 FR-102", "FR-12").as_deref(), Some("FR-102"));
        assert_eq!(meant("FR-1.1 FR-1.2", "FR-11.2").as_deref(), Some("FR-1.2"));
        assert_eq!(meant("FR-1.1 FR-1.2", "FR-1.22").as_deref(), Some("FR-1.2"));
        assert_eq!(meant("FR-1 FR-2 FR-3 FR-4 FR-5", "FR-11"), None, "it may be further on");
        assert_eq!(meant("FR-10 FR-11 FR-12", "FR-1"), None, "which of them?");
    }

    #[test]
    fn a_neighbour_is_no_slip() {
        for (defined, written) in [
            ("FR-001 FR-002", "FR-010"),
            ("FR-001 FR-002", "FR-003"),
            ("FR-12 FR-13", "FR-21"),
            ("REQ-01 REQ-02", "REQ-09"),
            ("NFR-1.1 FR-1.1", "NFR-1.2"),
            ("1.1 1.2", "1.3"),
        ] {
            assert_eq!(meant(defined, written), None, "{written}");
        }
    }

    #[test]
    fn the_name_of_a_family_is_cut_short_but_no_other_family_meant() {
        assert_eq!(meant("NFR-4 FR-4", "NF-4").as_deref(), Some("NFR-4"));
        assert_eq!(meant("NFR-4 NF-1", "NF-4"), None, "NF is a family here");
        for (defined, written) in
            [("NFR-4", "FR-4"), ("FR-4", "NFR-4"), ("FR-4", "TR-4"), ("RNF-4", "RF-4"), ("SC-4", "AC-4")]
        {
            assert_eq!(meant(defined, written), None, "{written}");
        }
        assert_eq!(meant("FR-AUTH-1 FR-AUTH-2", "FR-AUHT-2").as_deref(), Some("FR-AUTH-2"));
        assert_eq!(meant("NFR-PERF-1", "NFR-PER-1").as_deref(), Some("NFR-PERF-1"));
        assert_eq!(meant("FR-A-1", "FR-B-1"), None);
        assert_eq!(meant("FR-AUTH-1 FR-AUTO-2", "FR-AUTO-1"), None, "AUTO has ids of its own");
    }

    #[test]
    fn a_text_is_plainly_about_one_or_about_none() {
        let told = |beside: &str, texts: &[(&'static str, &str)]| {
            let ids: Vec<(Id, &str)> = texts.iter().map(|(id, text)| (Id::new(id), *text)).collect();
            suggested_by_text(&words(beside), ids.iter().map(|(id, text)| (id, *text))).map(Id::to_string)
        };
        let locks = ("FR-2", "the system SHALL lock the account after three wrong passwords");
        let checks = ("FR-1", "the system SHALL check the password");
        assert_eq!(told("Lock accounts after wrong passwords", &[checks, locks]).as_deref(), Some("FR-2"));
        assert_eq!(told("Passwords", &[checks, locks]), None);
        assert_eq!(told("Lock accounts", &[locks, ("FR-3", "it locks accounts too")]), None);
        assert_eq!(told("Rename locked accounts while migrating the whole database", &[checks, locks]), None);
    }
}
