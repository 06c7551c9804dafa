//! Which letters a text holds, as bits: most texts that cannot match a query are told so without being looked at.

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
        let mut all = Self::default();
        // No letter is 0.
        let mut before = 0_u32;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let (c, bit, len) = if byte.is_ascii() {
                (u32::from(byte.to_ascii_lowercase()), BITS[usize::from(*byte)], 1)
            } else {
                let c = text[at..].chars().next().unwrap_or_default();
                let low = c.to_lowercase().next().unwrap_or(c);
                (low as u32, if low.is_whitespace() { 0 } else { single(low as u32) }, c.len_utf8())
            };
            at += len;
            if bit == 0 {
                before = 0;
                continue;
            }
            all.single |= bit;
            if before != 0 {
                let mixed = before.wrapping_mul(0x9E37_79B1).wrapping_add(c.wrapping_mul(0x85EB_CA77));
                let bit = mixed >> 25;
                all.pairs[(bit / 64) as usize] |= 1 << (bit % 64);
            }
            before = c;
        }
        all
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

/// The bit of each letter that is ASCII, in any case; none for blanks.
const BITS: [u64; 128] = {
    let mut bits = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        let blank = matches!(byte as u8, b' ' | 9..=13);
        bits[byte as usize] = if blank { 0 } else { single((byte as u8).to_ascii_lowercase() as u32) };
        byte += 1;
    }
    bits
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
    fn a_word_is_not_there_where_its_pairs_are_not() {
        let text = LetterSet::of("FR-1.1 Prüfe das Kennwort");
        for word in ["kennw", "PRÜ", "r-1.1", "as"].map(LetterSet::of) {
            assert!(text.may_hold_word(word));
        }
        assert!(!text.may_hold_word(LetterSet::of("trownnek")), "the letters are there, side by side they are not");
    }
}
