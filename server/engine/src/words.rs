//! Words that tell what a text is about, to find texts that are about the same.

use rustc_hash::FxHashSet;

/// In bytes: what is shorter is compared without a copy.
const SHORT: usize = 32;

/// The words worth comparing: of four letters or more, folded and without a plural or verb ending.
pub(crate) fn words(text: &str) -> FxHashSet<String> {
    long_words(text).map(|word| stem(&word.to_lowercase()).to_string()).collect()
}

/// The letters with which some of `words` begin, a bit for each, for [`shared_words`].
pub(crate) fn initials(words: &FxHashSet<String>) -> u32 {
    words.iter().filter_map(|word| word.bytes().next()).fold(0, |all, byte| all | initial(byte))
}

fn initial(byte: u8) -> u32 {
    1 << (byte & 31)
}

/// How many of `words`, which have these [`initials`], are among those of `text`.
pub(crate) fn shared_words(text: &str, words: &FxHashSet<String>, initials: u32) -> usize {
    let mut shared: Vec<&String> = Vec::new();
    // A letter in either case has the same bit; one that is not ASCII may become one that is.
    let may_be = |word: &&str| !word.is_ascii() || initial(word.as_bytes()[0]) & initials != 0;
    for word in long_words(text).filter(may_be) {
        let mut folded = [0; SHORT];
        let found = match folded.get_mut(..word.len()).filter(|_| word.is_ascii()) {
            Some(folded) => {
                folded.copy_from_slice(word.as_bytes());
                folded.make_ascii_lowercase();
                std::str::from_utf8(folded).ok().and_then(|word| words.get(stem(word)))
            }
            None => words.get(stem(&word.to_lowercase())),
        };
        shared.extend(found.filter(|found| !shared.contains(found)));
    }
    shared.len()
}

fn long_words(text: &str) -> impl Iterator<Item = &str> {
    let long = |word: &&str| word.len() > 3 && (word.is_ascii() || word.chars().count() > 3);
    // Most texts hold nothing else, and need no letters to be decoded.
    let (plain, other) = if text.is_ascii() { (text, "") } else { ("", text) };
    let mut from = 0;
    let ascii = std::iter::from_fn(move || {
        let rest = plain.as_bytes().get(from..)?;
        let end = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
        let word = &plain[from..from + end];
        from += end + 1;
        Some(word)
    });
    ascii.chain(other.split(|c: char| !c.is_alphabetic())).filter(long)
}

/// A word in lower case without its ending.
fn stem(word: &str) -> &str {
    // All endings end in one of these.
    if !word.ends_with(['s', 'n', 'g', 'd']) {
        return word;
    }
    let ends = ["ations", "ation", "ing", "ies", "ed", "es", "s"];
    ends.iter().find_map(|end| word.strip_suffix(end).filter(|stem| stem.len() > 3)).unwrap_or(word)
}

/// Whether two words of some length differ by a letter that is missing, twice there, swapped or another.
pub(crate) fn is_mistyped(a: &str, b: &str) -> bool {
    let swapped = || {
        let mut letters: [Vec<u8>; 2] = [a.bytes().collect(), b.bytes().collect()];
        letters.iter_mut().for_each(|word| word.sort_unstable());
        letters[0] == letters[1]
    };
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    strsim::osa_distance(a, b) == 1 && (short > 2 && (long > short || swapped()) || short > 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_words_are_those_of_both_texts() {
        let long = format!("{}ing", "ÄÖÜ".repeat(20));
        for (one, other) in [
            ("Locks accounts after wrong passwords", "the locked account; LOCK, lock and Password"),
            ("", "Locks"),
            ("Prüfungen prüfen", "die Prüfungen PRÜFEN, prüf ihn"),
            (&long, &long.to_lowercase()),
        ] {
            let (own, others) = (words(one), words(other));
            assert_eq!(shared_words(other, &own, initials(&own)), own.intersection(&others).count(), "{one}: {other}");
        }
    }
}
