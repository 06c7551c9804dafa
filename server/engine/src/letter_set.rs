//! Which letters a text holds, as bits: most texts that cannot match a query are told so without being looked at.

use crate::text::first_wide;

/// The letters and digits of a text, whatever their case and order, and which of them stand side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LetterSet {
    single: u64,
    /// Two letters of a word share a bit with few others.
    pairs: [u64; 2],
}

impl LetterSet {
    /// Those of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut all = Self::default();
        // What the letter before adds to a pair; 0 where a word begins.
        let mut before = 0;
        let mut at = 0;
        loop {
            let end = first_wide(&bytes[at..]).map_or(bytes.len(), |wide| at + wide);
            let letters = bytes[at..end].iter().map(|byte| LETTERS[usize::from(byte & 0x7F)]);
            before = letters.fold(before, |before, letter| all.add(letter, before));
            let Some(c) = text[end..].chars().next() else { return all };
            let low = c.to_lowercase().next().unwrap_or(c);
            before = all.add(if low.is_whitespace() { Letter::BLANK } else { Letter::of(low as u32) }, before);
            at = end + c.len_utf8();
        }
    }

    /// Adds a letter without a branch, and returns what it adds to the pair that it is the first of.
    #[inline]
    fn add(&mut self, Letter { bit, first, second }: Letter, before: u32) -> u32 {
        let mixed = before.wrapping_add(second) >> 25;
        let pair = u64::from(before != 0 && bit != 0) << (mixed % 64);
        let upper = u64::from(mixed / 64).wrapping_neg();
        self.single |= bit;
        self.pairs[0] |= pair & !upper;
        self.pairs[1] |= pair & upper;
        first
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let pairs = [self.pairs[0] | other.pairs[0], self.pairs[1] | other.pairs[1]];
        Self { single: self.single | other.single, pairs }
    }

    /// Whether every letter of `other` is there.
    #[must_use]
    pub fn hold(self, other: Self) -> bool {
        other.single & !self.single == 0
    }

    /// Whether a word with the letters `word` may be there. It is not where this says no.
    #[must_use]
    pub fn may_hold_word(self, word: Self) -> bool {
        self.hold(word) && word.pairs[0] & !self.pairs[0] == 0 && word.pairs[1] & !self.pairs[1] == 0
    }
}

/// The bit of a letter in lower case.
const fn single(c: u32) -> u64 {
    const A: u32 = 'a' as u32;
    const ZERO: u32 = '0' as u32;
    match c {
        A..=122 => 1 << (c - A),
        ZERO..=57 => 1 << (26 + c - ZERO),
        // Everything else shares the bits that are left.
        _ => 1 << (36 + c % 28),
    }
}

/// A letter's bit, none for a blank, and what it adds to the number of a pair as its first and as its second.
#[derive(Clone, Copy)]
struct Letter {
    bit: u64,
    first: u32,
    second: u32,
}

impl Letter {
    const BLANK: Self = Self { bit: 0, first: 0, second: 0 };

    const fn of(c: u32) -> Self {
        Self { bit: single(c), first: c.wrapping_mul(0x9E37_79B1), second: c.wrapping_mul(0x85EB_CA77) }
    }
}

/// The letters that are ASCII, in any case.
const LETTERS: [Letter; 128] = {
    let mut letters = [Letter::BLANK; 128];
    let mut byte = 0;
    while byte < 128 {
        if !matches!(byte as u8, b' ' | 9..=13) {
            letters[byte as usize] = Letter::of((byte as u8).to_ascii_lowercase() as u32);
        }
        byte += 1;
    }
    letters
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_order_do_not_count() {
        let text = LetterSet::of("FR-1.1 Prüfe das Kennwort 字");
        for query in ["fr11", "kennwort", "PRÜFE", "字", "1.1-fr", ""] {
            assert!(text.hold(LetterSet::of(query)), "{query}");
        }
        for query in ["fr-2", "lock", "wörter q"] {
            assert!(!text.hold(LetterSet::of(query)), "{query}");
        }
    }

    #[test]
    fn letters_are_the_same_whatever_stands_behind_them() {
        for text in ["", "a", " FR-1.1  Check passwords, (twice) & more_", "zz 09", "a\tb\nc"] {
            // What is not ASCII is read another way.
            let wide = LetterSet::of(&format!("{text} \u{3000}"));
            assert_eq!(LetterSet::of(text), wide, "{text}");
        }
    }

    #[test]
    fn a_word_is_not_there_where_its_pairs_are_not() {
        let text = LetterSet::of("FR-1.1 Prüfe das Kennwort");
        for word in ["kennw", "PRÜ", "r-1.1", "as"].map(LetterSet::of) {
            assert!(text.may_hold_word(word));
        }
        assert!(!text.may_hold_word(LetterSet::of("trownnek")), "the letters are there, side by side they are not");
    }
}
