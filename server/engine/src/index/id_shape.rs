//! How the ids that a scope defines are written: what an id that it does not define is held against.

use crate::id::Id;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// How ids with the same letters are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kin {
    /// Bit n: some of them, or one that they are part of, has n numbers.
    depths: u8,
    /// Whether some, and some others, have a hyphen before the number.
    hyphenated: bool,
    plain: bool,
    /// Bit n: the first number of one that is padded with zeros has n digits.
    widths: u16,
    /// Whether the first number of some is not padded and is short enough to be.
    unpadded: bool,
}

/// The children of a requirement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Children {
    /// Those that end with a number.
    pub numbered: Counted,
    /// Those that end with a letter: `2A` and `2B` beside `2`.
    pub lettered: Counted,
}

/// Children that are counted in one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many there are.
    pub count: u64,
    /// The last number of the highest; of a letter its place in the alphabet, from 1.
    pub most: u64,
}

impl Counted {
    fn and(self, other: Self) -> Self {
        Self { count: self.count + other.count, most: self.most.max(other.most) }
    }
}

impl Children {
    /// These and those of another spelling of the same parent.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { numbered: self.numbered.and(other.numbered), lettered: self.lettered.and(other.lettered) }
    }

    /// Those that are counted as `id` is.
    #[must_use]
    pub fn like(self, id: &Id) -> Counted {
        if id.letter().is_some() { self.lettered } else { self.numbered }
    }
}

/// What `id` counts among its siblings: its last number, or its letter's place in the alphabet.
#[must_use]
pub fn last_of(id: &Id) -> u64 {
    last_in(id.tail())
}

/// The same by the number alone.
fn last_in(tail: &str) -> u64 {
    let last = tail.rsplit('.').next().unwrap_or_default();
    match last.bytes().next_back().filter(u8::is_ascii_alphabetic) {
        Some(letter) => u64::from(letter.to_ascii_lowercase() - b'a') + 1,
        None => last.parse().unwrap_or(u64::MAX),
    }
}

/// How the ids of a scope are written, and which have children.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    kin: FxHashMap<String, (Kin, Vec<Id>)>,
    children: FxHashMap<Id, Children>,
    /// The same by the parent's number alone.
    of_numbers: OnceLock<FxHashMap<String, Children>>,
    /// Whether criteria or sections are numbered, without letters.
    pub(super) counted: bool,
}

/// What is unlike the ids that are defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// It has more or fewer numbers.
    Depth,
    /// Its number is padded with zeros, or theirs are.
    Width,
    /// It has a hyphen, or they have.
    Separator,
}

/// The letters before the number, without hyphens and case.
#[must_use]
pub fn letters(id: &Id) -> String {
    id.prefix().chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The same as it stands in the id, where that is already without hyphens and case, but for the hyphen before the number.
fn written_letters(prefix: &str) -> Option<&str> {
    let prefix = prefix.strip_suffix('-').unwrap_or(prefix);
    prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).then_some(prefix)
}

fn first_number(tail: &str) -> &str {
    tail.split('.').next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_alphabetic())
}

impl Shapes {
    pub(super) fn of<'a>(defined: impl Iterator<Item = &'a Id>) -> Self {
        let mut shapes = Self::default();
        for id in defined {
            let (prefix, tail) = id.split();
            // What is no number in a number is a step down.
            let is_part = if tail.is_empty() { id.is_name() } else { !tail.bytes().all(|byte| byte.is_ascii_digit()) };
            if is_part && let Some(parent) = id.parent() {
                shapes.counted |= id.has_no_family() && !id.is_name();
                let children = shapes.children.entry(parent).or_default();
                // FR-1a is a part of FR-1 and not one of those that are numbered below it.
                let lettered = tail.ends_with(|c: char| c.is_ascii_alphabetic());
                let own = if lettered { &mut children.lettered } else { &mut children.numbered };
                *own = own.and(Counted { count: 1, most: last_in(tail) });
            }
            if !tail.is_empty() {
                let known = written_letters(prefix).and_then(|letters| shapes.kin.get_mut(letters));
                // Few families have many ids each.
                let (kin, ids) = match known {
                    Some(known) => known,
                    None => shapes.kin.entry(letters(id)).or_default(),
                };
                kin.add(prefix, tail);
                ids.push(id.clone());
            }
        }
        shapes
    }

    pub(super) fn kin(&self, letters: &str) -> Option<Kin> {
        self.kin.get(letters).map(|(kin, _)| *kin)
    }

    pub(super) fn with_letters(&self, letters: &str) -> &[Id] {
        self.kin.get(letters).map_or(&[], |(_, ids)| ids)
    }

    pub(super) fn children(&self, id: &Id) -> Option<Children> {
        self.children.get(id).copied()
    }

    pub(super) fn children_of_number(&self, tail: &str) -> Option<Children> {
        let of_numbers = self.of_numbers.get_or_init(|| {
            let mut of_numbers: FxHashMap<String, Children> = FxHashMap::default();
            for (parent, children) in &self.children {
                let own = of_numbers.entry(parent.tail().to_ascii_lowercase()).or_default();
                *own = own.and(*children);
            }
            of_numbers
        });
        of_numbers.get(&tail.to_ascii_lowercase()).copied()
    }
}

impl Kin {
    fn add(&mut self, prefix: &str, tail: &str) {
        // Whoever defines FR-1.1 speaks of FR-1.
        let numbers = tail.bytes().filter(|byte| *byte == b'.').count() + 1;
        for depth in 1..=numbers.min(7) {
            self.depths |= 1 << depth;
        }
        let hyphen = prefix.ends_with('-');
        self.hyphenated |= hyphen;
        self.plain |= !hyphen;
        let first = first_number(tail);
        if first.starts_with('0') && first.len() > 1 {
            self.widths |= 1 << first.len().min(15);
        } else {
            self.unpadded |= first.len() < 2;
        }
    }

    /// The same with the others of another scope.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            depths: self.depths | other.depths,
            hyphenated: self.hyphenated || other.hyphenated,
            plain: self.plain || other.plain,
            widths: self.widths | other.widths,
            unpadded: self.unpadded || other.unpadded,
        }
    }

    /// What of `id` is unlike all of them.
    #[must_use]
    pub fn unlike(self, id: &Id) -> Option<Unlike> {
        let first = first_number(id.tail());
        let padded = first.starts_with('0') && first.len() > 1;
        let hyphen = id.prefix().ends_with('-');
        if self.depths & (1 << id.count_of_numbers().min(7)) == 0 {
            Some(Unlike::Depth)
        } else if padded && self.widths == 0 && self.unpadded
            // A number may grow beyond its padding, never be shorter.
            || !self.unpadded && self.widths != 0 && u32::try_from(first.len()).is_ok_and(|len| len < self.widths.trailing_zeros())
        {
            Some(Unlike::Width)
        } else if !id.prefix().is_empty() && !(if hyphen { self.hyphenated } else { self.plain }) {
            Some(Unlike::Separator)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unlike(defined: &str, id: &str) -> Option<Unlike> {
        let ids: Vec<Id> = defined.split(' ').map(Id::new).collect();
        let id = Id::new(id);
        Shapes::of(ids.iter()).kin(&letters(&id))?.unlike(&id)
    }

    /// So many numbered children up to `most`, and so many lettered ones, without a gap.
    fn counted(count: u64, most: u64, lettered: u64) -> Children {
        Children { numbered: Counted { count, most }, lettered: Counted { count: lettered, most: lettered } }
    }

    #[test]
    fn parts_with_a_letter_are_counted_by_themselves() {
        let ids = ["2", "2A", "2.1", "2.2", "FR-1a"].map(Id::new);
        let shapes = Shapes::of(ids.iter());
        assert_eq!(shapes.children(&Id::new("2")), Some(counted(2, 2, 1)));
        assert_eq!(shapes.children(&Id::new("FR-1")), Some(counted(0, 0, 1)));
        assert_eq!(shapes.children(&Id::new("2.1")), None);
    }

    #[test]
    fn an_id_is_held_against_those_of_its_letters() {
        assert_eq!(unlike("FR-1.1 FR-1.2", "FR-1.9"), None);
        assert_eq!(unlike("FR-1.1 FR-1.2", "FR-7"), None, "FR-1 is spoken of");
        assert_eq!(unlike("FR-1 FR-2", "FR-9.1"), Some(Unlike::Depth));
        assert_eq!(unlike("FR-001 FR-002", "FR-010"), None);
        assert_eq!(unlike("FR-001 FR-002", "FR-1000"), None);
        assert_eq!(unlike("FR-001 FR-002", "FR-7"), Some(Unlike::Width));
        assert_eq!(unlike("FR-1 FR-2", "FR-007"), Some(Unlike::Width));
        assert_eq!(unlike("FR-1 FR-2", "FR-12"), None);
        assert_eq!(unlike("FR-1 FR-2", "FR9"), Some(Unlike::Separator));
        assert_eq!(unlike("FR1 FR2", "FR-9"), Some(Unlike::Separator));
        assert_eq!(unlike("1.1 1.2", "1.7"), None);
    }
}
