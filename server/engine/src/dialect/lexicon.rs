//! A dialect's lists of words, each with what turns nearly every text away before a word is compared.

use crate::text::Trim;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::borrow::Cow;
use std::ops::Deref;

/// Words that are compared in lower case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Lexicon {
    words: Vec<String>,
    /// How the words begin.
    starts: Starts,
    /// How they end, their last byte first.
    ends: Starts,
    /// What stands side by side as far as the shortest of them goes.
    pairs: Starts,
    /// Bit n: some word is n bytes long; the last bit is for all longer ones.
    lengths: u64,
    /// The words' places in the list by five bits of their first byte, in order; see [`Starts`].
    by_first: Box<[Vec<u32>; 32]>,
}

/// With which two bytes some words begin, by five bits of each: a letter has the same in either case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Starts([u32; 32]);

impl Starts {
    /// Adds those of `word`.
    pub(super) fn add(&mut self, word: &str) {
        match *word.as_bytes() {
            [] => self.0 = [u32::MAX; 32],
            [first] => self.0[low(first)] = u32::MAX,
            [first, second, ..] => self.0[low(first)] |= 1 << low(second),
        }
    }

    /// Adds the two with which `word` ends, the last one first.
    fn add_end(&mut self, word: &str) {
        match *word.as_bytes() {
            [] => self.0 = [u32::MAX; 32],
            [only] => self.0[low(only)] = u32::MAX,
            [.., second, last] => self.0[low(last)] |= 1 << low(second),
        }
    }

    /// Adds what stands side by side in `word`.
    fn add_pairs(&mut self, word: &[u8]) {
        match word {
            [] | [_] => self.0 = [u32::MAX; 32],
            _ => word.windows(2).for_each(|pair| self.0[low(pair[0])] |= 1 << low(pair[1])),
        }
    }

    /// Adds those of all texts that begin as `pattern`: `#` stands for a digit as well.
    pub(super) fn add_pattern(&mut self, pattern: &str) {
        let forms = |byte: u8| if byte == b'#' { b"#0123456789".to_vec() } else { vec![byte] };
        match *pattern.as_bytes() {
            [] => self.0 = [u32::MAX; 32],
            [first] => forms(first).into_iter().for_each(|first| self.0[low(first)] = u32::MAX),
            [first, second, ..] => {
                let seconds = forms(second).into_iter().fold(0, |all, second| all | 1 << low(second));
                forms(first).into_iter().for_each(|first| self.0[low(first)] |= seconds);
            }
        }
    }

    /// Whether a word may begin as `text` does. What is not ASCII has other forms in lower case, and is looked at.
    #[inline]
    pub(super) fn may_begin(&self, text: &str) -> bool {
        match *text.as_bytes() {
            [] => false,
            [first] => !first.is_ascii() || self.0[low(first)] == u32::MAX,
            [first, second, ..] => {
                !(first.is_ascii() && second.is_ascii()) || self.0[low(first)] & 1 << low(second) != 0
            }
        }
    }
}

/// The five bits of a byte that a letter has in either case.
pub(super) fn low(byte: u8) -> usize {
    usize::from(byte & 31)
}

fn length_bit(len: usize) -> u64 {
    1 << len.min(63)
}

impl Lexicon {
    /// Brings the words into lower case.
    pub(super) fn fold(&mut self) {
        *self = std::mem::take(&mut self.words).into_iter().map(|word| word.to_lowercase()).collect();
    }

    /// Whether `text` holds one of them in any case: as a whole, where they have letters that are parted by blanks.
    #[must_use]
    pub fn stands_in(&self, text: &str) -> bool {
        // Most hold none, be it within a word.
        if !self.occurs_in(text) {
            return false;
        }
        let folded = text.to_lowercase();
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && c < '\u{2e80}');
        self.words.iter().any(|word| {
            let mut at = folded.match_indices(word.as_str());
            at.any(|(at, _)| {
                !letter(folded[..at].chars().next_back()) && !letter(folded[at + word.len()..].chars().next())
            })
        })
    }

    /// Whether one of them stands in `text` in any case, be it within a word.
    #[must_use]
    pub(crate) fn occurs_in(&self, text: &str) -> bool {
        if !text.is_ascii() {
            return self.occurs_in_folded(text.to_lowercase().as_bytes());
        }
        self.occurs_in_folded(text.as_bytes())
    }

    /// The same for a text that is ASCII or in lower case.
    fn occurs_in_folded(&self, text: &[u8]) -> bool {
        let here = |at: usize| {
            let (first, rest) = (text[at], &text[at..]);
            let starts = self.starts.0[low(first)];
            let may = match rest.get(1) {
                Some(second) => starts & 1 << low(*second) != 0,
                None => starts == u32::MAX,
            };
            may && self.by_first[low(first)].iter().any(|rank| {
                let word = self.words[*rank as usize].as_bytes();
                let Some(head) = rest.get(..word.len()) else { return false };
                // Many begin alike and end otherwise.
                let like = |at: usize| low(head[at]) == low(word[at]);
                like(word.len() - 1) && like(word.len() / 2) && head.eq_ignore_ascii_case(word)
            })
        };
        // The end of the shortest word that begins at `at`: one that begins as far as there holds these two bytes, too.
        let shortest = self.lengths.trailing_zeros() as usize;
        let reach = shortest.saturating_sub(2);
        let mut at = 0;
        if shortest == 0 {
            return true;
        }
        while at + shortest <= text.len() {
            match text[at + reach..] {
                [first, second, ..] if self.pairs.0[low(first)] & 1 << low(second) == 0 => at += reach + 1,
                _ if here(at) => return true,
                _ => at += 1,
            }
        }
        false
    }

    /// Whether `word` is one of them, in any case and with blanks around it.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        // Most are turned away by their first letters, then by their length.
        if let [first, second, ..] = *word.as_bytes()
            && first.is_ascii_graphic()
            && second.is_ascii()
            && self.starts.0[low(first)] & 1 << low(second) == 0
        {
            return false;
        }
        let inner = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        let bare = inner(word.as_bytes().first()) && inner(word.as_bytes().last());
        let word = if bare { word } else { word.trimmed() };
        if word.is_ascii() {
            if self.lengths & length_bit(word.len()) == 0 {
                return false;
            }
            let same = |entry: &String| entry.len() == word.len() && entry.eq_ignore_ascii_case(word);
            return match word.bytes().next() {
                Some(first) => self.by_first[low(first)].iter().any(|rank| same(&self.words[*rank as usize])),
                None => true,
            };
        }
        if !self.starts.may_begin(word) {
            return false;
        }
        let same = |entry: &String| entry.len() == word.len() && entry.eq_ignore_ascii_case(word);
        self.words.iter().any(same) || {
            let folded = word.to_lowercase();
            self.words.contains(&folded)
        }
    }

    /// Whether a text that ends as `text` does may end with one of them; most do not. What is not ASCII is looked at.
    #[inline]
    pub(crate) fn may_end(&self, text: &[u8]) -> bool {
        match *text {
            [.., second, last] if last.is_ascii() && second.is_ascii() => {
                self.ends.0[low(last)] & 1 << low(second) != 0
            }
            [_, ..] => true,
            [] => false,
        }
    }

    /// Whether a word may begin with these bytes, which are ASCII.
    #[inline]
    pub(crate) fn may_start(&self, first: u8, second: Option<&u8>) -> bool {
        let seconds = self.starts.0[low(first)];
        second.map_or(seconds == u32::MAX, |second| seconds & 1 << low(*second) != 0)
    }

    /// The length of the longest word that `text` starts with, in any case.
    pub(crate) fn longest_start(&self, text: &str) -> Option<usize> {
        if self.starts.may_begin(text) { self.starting(text).max() } else { None }
    }

    /// The length of each word that `text` starts with, in any case.
    pub(crate) fn starting<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.starting_ranked(text).map(|(_, len)| len)
    }

    /// The same, each behind its place in the list.
    pub(crate) fn starting_ranked<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        // What is not ASCII may have a lower case that begins otherwise.
        let wide = text.bytes().next().is_some_and(|first| !first.is_ascii());
        let near: &[u32] = match text.bytes().next() {
            Some(first) if !wide && self.starts.may_begin(text) => &self.by_first[low(first)],
            _ => &[],
        };
        let all = if wide { self.words.len() } else { 0 };
        let ranks = (0..all).chain(near.iter().map(|rank| *rank as usize));
        ranks.filter_map(move |rank| Some((rank, starts_with(text, &self.words[rank])?)))
    }
}

/// The length of `phrase`, which is in lower case, where `text` starts with it in any case.
#[inline]
fn starts_with(text: &str, phrase: &str) -> Option<usize> {
    for (own, wanted) in text.bytes().zip(phrase.bytes()) {
        if own.to_ascii_lowercase() != wanted {
            // Only what is not ASCII may become another letter in lower case.
            return if own.is_ascii() { None } else { starts_with_wide(text, phrase) };
        }
    }
    (text.len() >= phrase.len()).then_some(phrase.len())
}

/// The same where a letter that is not ASCII has another form.
fn starts_with_wide(text: &str, phrase: &str) -> Option<usize> {
    let mut chars = text.chars();
    for wanted in phrase.chars() {
        let c = chars.next()?;
        if c != wanted && !c.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    Some(text.len() - chars.as_str().len())
}

impl From<Vec<String>> for Lexicon {
    fn from(words: Vec<String>) -> Self {
        let mut starts = Starts::default();
        words.iter().for_each(|word| starts.add(word));
        let mut ends = Starts::default();
        words.iter().for_each(|word| ends.add_end(word));
        let lengths = words.iter().fold(0, |all, word| all | length_bit(word.len()));
        let shortest = lengths.trailing_zeros() as usize;
        let mut pairs = Starts::default();
        words.iter().for_each(|word| pairs.add_pairs(&word.as_bytes()[..shortest]));
        let mut by_first: Box<[Vec<u32>; 32]> = Box::default();
        for (rank, word) in (0_u32..).zip(&words) {
            if let Some(first) = word.bytes().next() {
                by_first[low(first)].push(rank);
            }
        }
        Self { words, starts, ends, pairs, lengths, by_first }
    }
}

impl FromIterator<String> for Lexicon {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Self {
        words.into_iter().collect::<Vec<_>>().into()
    }
}

impl Deref for Lexicon {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.words
    }
}

impl<'a> IntoIterator for &'a Lexicon {
    type Item = &'a String;
    type IntoIter = std::slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.words.iter()
    }
}

impl PartialEq for Lexicon {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Eq for Lexicon {}

impl JsonSchema for Lexicon {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<String>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<String>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(words: &[&str]) -> Lexicon {
        words.iter().map(|word| (*word).to_string()).collect()
    }

    #[test]
    fn a_word_is_known_in_any_case_and_script() {
        let words = lexicon(&["removed", "öffnet", "x", "已删除", "kelvin", "removed since"]);
        for word in ["removed", " Removed ", "ÖFFNET", "Öffnet", "X", "已删除", "\u{212a}elvin", "REMOVED SINCE"] {
            assert!(words.contains(word), "{word}");
        }
        for word in ["", "remove", "removeds", "ö", "y", "已删", "r", "removed  since"] {
            assert!(!words.contains(word), "{word}");
        }
        assert!(lexicon(&[""]).contains(" ") && !lexicon(&[]).contains(""));
    }

    #[test]
    fn words_are_found_within_others() {
        let words = lexicon(&["to be", "öffnet", "x", "已删除"]);
        for text in ["TO BE", "(to be done)", "into bed", "Er ÖFFNET es", "max", "文件已删除。"] {
            assert!(words.occurs_in(text), "{text}");
        }
        for text in ["", "t", "to  be", "ffnet", "已删"] {
            assert!(!words.occurs_in(text), "{text}");
        }
        assert!(lexicon(&[""]).occurs_in("") && !lexicon(&[]).occurs_in("a"));
    }

    #[test]
    fn words_are_found_wherever_they_stand() {
        let words = ["removed", "eigenschaften", "已删除", "test"];
        for word in words {
            let list = lexicon(&words[..=words.iter().position(|it| *it == word).unwrap()]);
            for before in 0..20 {
                // Stretches of a word are passed over with what stands around them.
                let text = format!("{}{}{}", "te".repeat(before), word.to_uppercase(), "rem".repeat(20 - before));
                assert!(list.occurs_in(&text), "{text}");
                assert!(!list.occurs_in(&text.replace(&word.to_uppercase(), "")), "{text}");
            }
        }
    }

    #[test]
    fn all_words_that_a_text_starts_with_are_found() {
        let words = lexicon(&["removed", "removed since", "r", "rückbau", "已删除", "kelvin"]);
        let found = |text: &str| words.starting(text).collect::<Vec<_>>();
        assert_eq!(found("Removed since 2.0"), [7, 13, 1]);
        assert_eq!(found("RÜCKBAU"), [1, "rückbau".len()]);
        assert_eq!(found("已删除。"), ["已删除".len()]);
        assert_eq!(found("\u{212a}elvin"), ["\u{212a}elvin".len()]);
        assert_eq!(found("R"), [1]);
        assert_eq!(found(""), [0; 0]);
        assert_eq!(found("emoved"), [0; 0]);
    }
}
