//! The shape of a requirement's sentence, by EARS: a condition, then what binds.

use super::Form;
use super::reader::Reader;
use crate::dialect::Lexicon;
use std::ops::Range;

/// Words in capitals that begin a condition.
const CONDITIONS: [&str; 4] = ["WHEN", "WHILE", "IF", "WHERE"];

impl Reader<'_> {
    /// Notes a requirement at `place` whose sentence is not of the shape.
    pub(super) fn note_shape(&mut self, place: &Range<usize>, sentence: &str, form: Form) {
        let asked = matches!(form, Form::Item | Form::Paragraph | Form::Counted);
        if asked && !is_shaped(sentence, &self.dialect.table.definitions.modals) {
            self.builder.shapeless(place);
        }
    }
}

/// Whether one of `modals`, in lower case, is in `sentence` and no condition in capitals begins behind it.
fn is_shaped(sentence: &str, modals: &Lexicon) -> bool {
    let Some(binds) = modal(sentence, modals) else { return false };
    // Folding may change lengths of letters that are not in these words, but hardly their order.
    let opens = memchr::memchr2_iter(b'I', b'W', sentence.as_bytes());
    let condition = opens.into_iter().find(|at| {
        CONDITIONS.iter().any(|word| sentence[*at..].starts_with(word) && is_apart(sentence, *at, word.len()))
    });
    condition.is_none_or(|at| at < binds)
}

/// Whether one of `modals`, in lower case, is in `sentence`.
pub(super) fn binds(sentence: &str, modals: &Lexicon) -> bool {
    modal(sentence, modals).is_some()
}

/// Where the first of `modals` that is in `sentence` stands in its lower-case form.
fn modal(sentence: &str, modals: &Lexicon) -> Option<usize> {
    if !sentence.is_ascii() {
        let folded = sentence.to_lowercase();
        // Which two bytes stand side by side, by five bits of each: a word whose first two do not is not there.
        let mut pairs = [0_u32; 32];
        for pair in folded.as_bytes().windows(2) {
            pairs[usize::from(pair[0] & 31)] |= 1 << (pair[1] & 31);
        }
        let may_hold = |word: &&String| match *word.as_bytes() {
            [first, second, ..] => pairs[usize::from(first & 31)] & 1 << (second & 31) != 0,
            _ => true,
        };
        return modals.iter().filter(may_hold).find_map(|word| find_word(&folded, word));
    }
    // Then it can be but a word that begins and ends as words do.
    let bytes = sentence.as_bytes();
    let mut first: Option<(usize, usize)> = None;
    let mut inside = false;
    for (at, byte) in bytes.iter().enumerate() {
        let begins = !std::mem::replace(&mut inside, byte.is_ascii_alphanumeric());
        if !begins || !modals.may_start(*byte, bytes.get(at + 1)) {
            continue;
        }
        for (rank, len) in modals.starting_ranked(&sentence[at..]) {
            if is_apart(sentence, at, len) && first.is_none_or(|(known, _)| rank < known) {
                first = Some((rank, at));
            }
        }
        // None comes before the first of the list.
        if first.is_some_and(|(rank, _)| rank == 0) {
            break;
        }
    }
    first.map(|(_, at)| at)
}

/// Whether no letter or digit touches the word of `len` bytes at `at`.
fn is_apart(text: &str, at: usize, len: usize) -> bool {
    let bytes = text.as_bytes();
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    !letter(at.wrapping_sub(1)) && !letter(at + len)
}

/// Where `word` stands in `text`, not inside another word if it is of Latin letters.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let latin = word.is_ascii();
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !latin || [before, after].iter().all(|c| c.is_none_or(|c| !c.is_ascii_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    #[test]
    fn a_condition_comes_before_what_binds() {
        let shaped = |text: &str| is_shaped(text, &Dialect::home().table.definitions.modals);
        for text in [
            "WHEN a user signs in THEN the system SHALL check",
            "The system shall check",
            "Das System muss prüfen",
            "システムは検証しなければならない",
            "系统必须验证",
        ] {
            assert!(shaped(text), "{text}");
        }
        for text in ["Passwords are checked", "The system SHALL check WHEN a user signs in", "Marshalling works", ""] {
            assert!(!shaped(text), "{text}");
        }
    }
}
