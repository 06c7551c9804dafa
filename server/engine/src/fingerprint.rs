//! Fingerprints: short names of what something says, the same on every machine and in every version.

use fnv::FnvHasher;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::Hasher;
use std::str::FromStr;

/// The fingerprint of a text or of several; written as sixteen hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// That of several texts; where one ends and the next begins counts.
    #[must_use]
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        // Bytes alone are written: how lengths and strings are hashed differs from machine to machine.
        let mut hasher = FnvHasher::default();
        for part in parts {
            hasher.write(part.as_bytes());
            hasher.write(&[0xff]);
        }
        Self(hasher.finish())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.len() == 16 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        let number = u64::from_str_radix(text, 16).ok().filter(|_| digits);
        number.map(Self).ok_or_else(|| format!("`{text}` is no fingerprint: sixteen digits of 0-9 and a-f"))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The words of a text, one blank between them: without the marks of lists and headings, of emphasis and of boxes that are
/// ticked off.
#[must_use]
pub fn normalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let ticked = matches!(word, "[x]" | "[X]" | "[~]" | "[-]");
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if word.is_empty() || ticked {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() { text.split_whitespace().collect() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_same_for_ever() {
        // Whoever changes these numbers makes every baseline stale.
        assert_eq!(
            Fingerprint::of(["unknown-requirement", "specs/a/tasks.md", "FR-9.9", "0"]).to_string(),
            "44296f42f33a2d76"
        );
        assert_ne!(Fingerprint::of(["ab", "c"]), Fingerprint::of(["a", "bc"]));
        let one = Fingerprint::of(["x"]);
        assert_eq!(one.to_string().parse(), Ok(one));
        for wrong in ["", "12", "00000000000000000", "GGGGGGGGGGGGGGGG", "+000000000000001"] {
            assert!(wrong.parse::<Fingerprint>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn marks_and_line_ends_are_no_words() {
        for text in ["- [ ] 2. Build **it**", "2. Build it", "* [x]  2.\r\n\tBuild _it_", "### 2 Build it"] {
            assert_eq!(normalised(text), "2 Build it", "{text:?}");
        }
        assert_eq!(normalised("FR-9.9"), "FR-9.9");
        assert_eq!(normalised(" ___ "), "___");
    }
}
