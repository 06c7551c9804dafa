//! Which signs a block of text holds, found in one pass over it: most readers look for one, and most blocks have none of theirs.

use std::ops::BitOr;

/// Kinds of signs, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signs(u16);

impl Signs {
    /// A digit.
    pub(super) const DIGIT: Self = Self(1);
    /// A colon.
    pub(super) const COLON: Self = Self(1 << 1);
    /// `[`
    pub(super) const BRACKET: Self = Self(1 << 2);
    /// `{`
    pub(super) const BRACE: Self = Self(1 << 3);
    /// `(`
    pub(super) const PARENTHESIS: Self = Self(1 << 4);
    /// `)`, `]` or `}`
    pub(super) const CLOSE: Self = Self(1 << 5);
    /// `#`
    pub(super) const HASH: Self = Self(1 << 6);
    /// The end of a line.
    pub(super) const BREAK: Self = Self(1 << 7);
    /// A letter or sign that is not ASCII.
    pub(super) const WIDE: Self = Self(1 << 8);

    /// Those of `text`.
    pub(super) fn of(text: &str) -> Self {
        // Four at a time, so that none waits for the one before it.
        let kind = |byte: u8| KINDS[usize::from(byte)];
        let (runs, rest) = text.as_bytes().as_chunks::<4>();
        let all = rest.iter().fold(0, |all, byte| all | kind(*byte));
        Self(runs.iter().fold(all, |all, [a, b, c, d]| all | (kind(*a) | kind(*b)) | (kind(*c) | kind(*d))))
    }

    /// Whether one of these kinds is there.
    #[inline]
    pub(super) fn hold(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

impl BitOr for Signs {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The kind of each byte.
const KINDS: [u16; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' => Signs::DIGIT.0,
            b':' => Signs::COLON.0,
            b'[' => Signs::BRACKET.0,
            b'{' => Signs::BRACE.0,
            b'(' => Signs::PARENTHESIS.0,
            b')' | b']' | b'}' => Signs::CLOSE.0,
            b'#' => Signs::HASH.0,
            b'\n' | b'\r' => Signs::BREAK.0,
            128.. => Signs::WIDE.0,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sign_is_seen_wherever_it_stands() {
        for (sign, kind) in [
            ("7", Signs::DIGIT),
            (":", Signs::COLON),
            ("[", Signs::BRACKET),
            ("{", Signs::BRACE),
            ("(", Signs::PARENTHESIS),
            ("]", Signs::CLOSE),
            ("#", Signs::HASH),
            ("\r", Signs::BREAK),
            ("：", Signs::WIDE),
        ] {
            for before in 0..9 {
                let text = format!("{}{sign}b", "a".repeat(before));
                assert_eq!(Signs::of(&text), kind, "{text}");
            }
        }
        assert!(!Signs::of("plain words").hold(Signs::DIGIT | Signs::WIDE));
    }
}
