//! Short texts by words of eight bytes: ids are compared and hashed as often as anything, and too short to call a function for it.

use std::hash::Hasher;

/// In each byte, the bit that tells the two cases of a letter apart.
const CASE: u64 = 0x2020_2020_2020_2020;

/// Whether the two differ in the case of letters alone.
#[inline]
pub(super) fn are_equal(own: &[u8], others: &[u8]) -> bool {
    if own.len() != others.len() {
        return false;
    }
    // Most are told apart, or are the same, by a word or two.
    let ((words, rest), (other_words, other_rest)) = (own.as_chunks::<8>(), others.as_chunks::<8>());
    let mut unlike = last_word(rest) ^ last_word(other_rest);
    for (at, word) in words.iter().enumerate() {
        unlike |= u64::from_le_bytes(*word) ^ u64::from_le_bytes(other_words[at]);
    }
    unlike == 0 || unlike & !CASE == 0 && own.eq_ignore_ascii_case(others)
}

/// Hashes what is equal alike. What else than two cases of a letter becomes the same by it is rare.
#[inline]
pub(super) fn hash(bytes: &[u8], state: &mut impl Hasher) {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state.write_u64(u64::from_le_bytes(*word) | CASE);
    }
    state.write_u64(last_word(rest) | CASE);
}

/// The fewer than eight bytes of `rest` as a number, the first of them its lowest eight bits: read in two pieces that may
/// overlap.
#[inline]
fn last_word(rest: &[u8]) -> u64 {
    fn piece<const N: usize>(bytes: Option<&[u8; N]>) -> u64 {
        bytes.map_or(0, |bytes| bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)))
    }
    let both = |first: u64, last: u64, width: usize| first | last << (8 * (rest.len() - width));
    match rest.len() {
        0 => 0,
        1 => u64::from(rest[0]),
        2 | 3 => both(piece(rest.first_chunk::<2>()), piece(rest.last_chunk::<2>()), 2),
        _ => both(piece(rest.first_chunk::<4>()), piece(rest.last_chunk::<4>()), 4),
    }
}

/// Whether a blank is among them.
#[inline]
pub(super) fn holds_blank(bytes: &[u8]) -> bool {
    let ones = u64::from_le_bytes([1; 8]);
    let blank = |word: u64| {
        let zero = word ^ (ones * u64::from(b' '));
        zero.wrapping_sub(ones) & !zero & (ones << 7) != 0
    };
    let (words, rest) = bytes.as_chunks::<8>();
    words.iter().any(|word| blank(u64::from_le_bytes(*word))) || blank(last_word(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_equal_in_any_case_and_by_nothing_else() {
        let text = "FR-ALPHA-12.34é5".as_bytes();
        for len in 0..=text.len() {
            let own = &text[..len];
            assert!(are_equal(own, &own.to_ascii_lowercase()));
            let mut padded = [0; 8];
            let rest = &own[len / 8 * 8..];
            padded[..rest.len()].copy_from_slice(rest);
            assert_eq!(last_word(rest), u64::from_le_bytes(padded));
            for at in 0..len {
                // One that differs in the bit of the case alone, and one that does not.
                for unlike in [own[at] ^ 0x20, b'#'].into_iter().filter(|it| !it.eq_ignore_ascii_case(&own[at])) {
                    let mut other = own.to_vec();
                    other[at] = unlike;
                    assert!(!are_equal(own, &other), "{other:?}");
                }
            }
        }
    }

    #[test]
    fn a_blank_is_found_wherever_it_stands() {
        let text = "Sign-in-2.13 é-of";
        for len in (0..=text.len()).filter(|len| text.is_char_boundary(*len)) {
            assert_eq!(holds_blank(&text.as_bytes()[..len]), text[..len].contains(' '), "{len}");
        }
    }
}
