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
        let mut before: Option<u32> = None;
        for c in text.chars() {
            let c = if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) };
            if c.is_whitespace() {
                before = None;
                continue;
            }
            all.single |= match c {
                'a'..='z' => 1 << (c as u32 - 'a' as u32),
                '0'..='9' => 1 << (26 + c as u32 - '0' as u32),
                // Everything else shares the bits that are left.
                _ => 1 << (36 + c as u32 % 28),
            };
            if let Some(before) = before {
                let mixed = before.wrapping_mul(0x9E37_79B1).wrapping_add((c as u32).wrapping_mul(0x85EB_CA77));
                let bit = mixed >> 25;
                all.pairs[(bit / 64) as usize] |= 1 << (bit % 64);
            }
            before = Some(c as u32);
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
