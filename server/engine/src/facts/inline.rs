//! References in running text: ids, ranges of them (`FR-1.1–1.3`), slash lists (`FR-001/002`), wildcards (`FR-1.*`).

use super::Certainty;
use crate::dialect::{Dialect, Ids, Lexicon, contains};
use crate::id::{Belief, Families, Id};
use std::ops::Range;

/// One written reference and what it names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The id, or a range's first.
    pub first: Id,
    /// A range's last id.
    pub last: Option<Id>,
    /// Whether the children are meant.
    pub wildcard: bool,
    pub sure: Certainty,
}

/// Ranges of bytes in which nothing counts (code spans, comments, link targets), in order.
#[derive(Debug, Default)]
pub(super) struct Masks(Vec<(usize, usize)>);

impl Masks {
    pub(super) fn add(&mut self, start: usize, end: usize) {
        self.0.push((start, end));
    }

    pub(super) fn sort(&mut self) {
        self.0.sort_unstable();
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The end of the mask that holds `at`.
    pub(super) fn end_of(&self, at: usize) -> Option<usize> {
        if self.0.is_empty() {
            return None;
        }
        let before = self.0.partition_point(|(start, _)| *start <= at);
        self.0[..before].iter().rev().take(4).find(|(_, end)| at < *end).map(|(_, end)| *end)
    }
}

/// The reference that starts at `at`, as far as `end`.
pub(super) fn mention_at(text: &str, at: usize, end: usize, families: &Families) -> Option<Mention> {
    let token = families.token_at(&text[..end], at)?;
    let first = Id::new(&text[token.start..token.end]);
    let sure = match token.belief {
        Belief::Firm => Certainty::Firm,
        Belief::Loose => Certainty::Loose,
        Belief::Conditional => Certainty::Conditional,
    };
    let wildcard = token.wildcard();
    let (last, stop) = match (!wildcard).then(|| range_end(text, &first, token.full_end, end, families)).flatten() {
        Some((last, stop)) => (Some(last), stop),
        None => (None, token.full_end),
    };
    Some(Mention { start: at, end: stop, first, last, wildcard, sure })
}

/// Whether the reference at `at` is of another feature, which is named right before it: `spec 006 FR-014`, `010-login/FR-2`.
pub(super) fn names_another(text: &str, start: usize, at: usize, ids: &Ids) -> bool {
    const FAR: usize = 160;
    let from = text.ceil_char_boundary(at.saturating_sub(FAR).max(start));
    let bytes = text.as_bytes();
    // The feature may be named by a link.
    let close = &text[from..back(bytes, from, at, |byte| matches!(byte, b' ' | b',' | b':' | b'(' | b'*' | b'`'))];
    let link =
        close.strip_suffix(')').and_then(|inner| inner.rfind("](")).filter(|open| !close[*open..].contains('\n'));
    let at = link.map_or(at, |open| from + open);
    let end = back(bytes, from, at, |byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b';' | b'\n')));
    let before = &text[from..end];
    let before = before.strip_suffix('s').and_then(|of| of.strip_suffix(['\'', '’'])).unwrap_or(before);
    let end = from + before.len();
    let word_at = back(bytes, from, end, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) - from;
    let word = &before[word_at..];
    if contains(&ids.documents, word) {
        return true;
    }
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 3 || !(digits == word.len() || word.as_bytes()[digits] == b'-') {
        return false;
    }
    let named = before[..word_at].trim_end_matches([' ', '/', '`', '[', '(', '*', '#', '-']);
    let kind = named.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    word.starts_with('0') || word.len() > digits || contains(&ids.features, kind)
}

/// One past the last byte between `from` and `end` that does not pass.
#[inline]
fn back(bytes: &[u8], from: usize, mut end: usize, passes: impl Fn(u8) -> bool) -> usize {
    while end > from && passes(bytes[end - 1]) {
        end -= 1;
    }
    end
}

/// Carries on through a list that its first reference is of another feature: `spec 006 FR-014, FR-032`.
#[derive(Default)]
pub(super) struct Elsewhere(Option<usize>);

impl Elsewhere {
    /// Weakens `mention`, which is looked at in order, if it is of another feature.
    pub(super) fn mark(&mut self, text: &str, start: usize, mention: &mut Mention, ids: &Ids) {
        let goes_on = self.0.is_some_and(|end| {
            text.get(end..mention.start).is_some_and(|gap| {
                gap.split([' ', ',', '/', '`', '*', '+', '&', '–', '-']).all(|word| word.is_empty() || word == "and")
            })
        });
        if goes_on || names_another(text, start, mention.start, ids) {
            mention.sure = Certainty::Guess;
            self.0 = Some(mention.end);
        } else {
            self.0 = None;
        }
    }
}

/// The reference that goes on after a slash: `002` behind `FR-001`.
pub(super) fn slash_after(text: &str, previous: &Mention, end: usize) -> Option<Mention> {
    let bytes = &text.as_bytes()[..end];
    let base = previous.last.as_ref().unwrap_or(&previous.first);
    let start = match bytes.get(previous.end..) {
        Some([b'/', ..]) => previous.end + 1,
        Some([b' ', b'/', b' ', ..]) => previous.end + 3,
        _ => return None,
    };
    let stop = number_end(bytes, start)?;
    // With blanks around the slash the number has to be padded as the one before it is.
    if start > previous.end + 1 && !is_padded_alike(base, &text[start..stop]) {
        return None;
    }
    let first = with_tail(base, &text[start..stop]);
    Some(Mention { start, end: stop, first, last: None, wildcard: false, sure: previous.sure })
}

/// Whether `tail` is as wide as the number of `id`, and so wide that it is no count.
fn is_padded_alike(id: &Id, tail: &str) -> bool {
    tail.len() > 2 && tail.len() == id.tail().len() && tail.bytes().all(|byte| byte.is_ascii_digit())
}

/// One past the number with dots that starts at `start`, when no word goes on there.
pub(super) fn number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut stop = start + digits(start);
    if stop == start || stop > start + 4 {
        return None;
    }
    // `2A.1`
    let inner = bytes.get(stop).is_some_and(u8::is_ascii_alphabetic);
    stop += usize::from(inner && bytes.get(stop + 1) == Some(&b'.') && digits(stop + 2) > 0);
    while bytes.get(stop) == Some(&b'.') && digits(stop + 1) > 0 {
        stop += 1 + digits(stop + 1);
    }
    let letter = bytes.get(stop).is_some_and(u8::is_ascii_alphabetic)
        && !bytes.get(stop + 1).is_some_and(u8::is_ascii_alphanumeric);
    stop += usize::from(letter && bytes[start..stop].contains(&b'.'));
    (!bytes.get(stop).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'%')).then_some(stop)
}

/// The number with a letter that starts at `at`: `2A`.
pub(super) fn lettered(text: &str, at: usize, end: usize) -> Option<(usize, Id)> {
    let bytes = &text.as_bytes()[..end];
    let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let stop = at + digits + 1;
    let letter = bytes.get(stop - 1).is_some_and(u8::is_ascii_alphabetic);
    let ends = !bytes.get(stop).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-');
    ((1..=3).contains(&digits) && letter && ends).then(|| (stop, Id::new(&text[at..stop])))
}

/// `base` with its number replaced by `tail`: all of it by one with dots, else its last part.
fn with_tail(base: &Id, tail: &str) -> Id {
    let text = base.as_str();
    let old = base.tail();
    let keep = if tail.contains('.') { 0 } else { old.rfind('.').map_or(0, |dot| dot + 1) };
    Id::new(&format!("{}{tail}", &text[..text.len() - old.len() + keep]))
}

/// Words and signs that join the ends of a range; longer ones first.
pub(super) const JOINTS: [&str; 14] =
    ["through", "thru", "to", "...", "…", "..", "–", "—", "〜", "～", "~", "から", "至", "-"];

/// `text` without the blanks and marks that it begins with.
fn behind_marks(text: &str) -> &str {
    &text[text.bytes().take_while(|byte| matches!(byte, b' ' | b'`' | b'*')).count()..]
}

/// The last id of the range that begins with `first`, whose text ends at `at`; and where the range ends.
pub(super) fn range_end(text: &str, first: &Id, at: usize, end: usize, families: &Families) -> Option<(Id, usize)> {
    let rest = &text[at..end];
    // `[1.1]-[1.5]`
    let bracketed = rest.starts_with(']');
    let trimmed = behind_marks(rest.strip_prefix(']').unwrap_or(rest));
    if !matches!(trimmed.bytes().next()?, b't' | b'.' | b'~' | b'-' | 128..) {
        return None;
    }
    let joint = JOINTS.iter().find(|joint| trimmed.starts_with(**joint))?;
    let behind = behind_marks(&trimmed[joint.len()..]);
    let behind = if bracketed { behind.strip_prefix('[')? } else { behind };
    let blank_before = rest.len() > trimmed.len() && rest.starts_with(' ');
    let blank_after = trimmed.len() - joint.len() > behind.len() && trimmed[joint.len()..].starts_with(' ');
    let word = joint.starts_with(|c: char| c.is_ascii_alphabetic());
    if word && !(blank_before && blank_after) {
        return None;
    }
    let start = end - behind.len();
    if let Some(token) = families.token_at(behind, 0) {
        let last = Id::new(&behind[..token.end]);
        // `FR-1 — FR-2 in short` is a title; a range's dash stands close, and the ids rise in one family.
        let close = !blank_before && !blank_after;
        let same = last.prefix().eq_ignore_ascii_case(first.prefix()) && *first < last;
        return (same && !token.wildcard() && (close || *joint != "—")).then_some((last, start + token.end));
    }
    let close = !blank_before && !blank_after;
    // `RF-C1..C3`: the letters before the number are told again.
    let letters = behind.bytes().take_while(u8::is_ascii_uppercase).count();
    if close && letters > 0 && first.prefix().ends_with(&behind[..letters]) {
        let stem = &first.prefix()[..first.prefix().len() - letters];
        let token = families.token_at(&format!("{stem}{behind}"), 0)?;
        let stop = token.end.checked_sub(stem.len())?;
        let last = Id::new(&format!("{stem}{}", &behind[..stop]));
        return (!token.wildcard() && *first < last && first.through(&last).is_some()).then_some((last, start + stop));
    }
    let bytes = text.as_bytes();
    let stop = number_end(&bytes[..end], start)?;
    let tail = &text[start..stop];
    let rises = tail.contains('.') && first.prefix().is_empty();
    if !(close
        || is_padded_alike(first, tail)
        || (word || *joint == "~" || rises) && tail.contains('.')
        || word && first.prefix().is_empty())
        || first.tail().is_empty()
    {
        return None;
    }
    let last = with_tail(first, tail);
    let over_parents = tail.contains('.') && *first < last;
    (first.through(&last).is_some() || over_parents).then_some((last, stop))
}

/// Where the first digit stands.
pub(super) fn first_digit(bytes: &[u8]) -> Option<usize> {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    // What is over 9 reaches the highest bit with it.
    const OVER: u64 = 0x7676_7676_7676_7676;
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let digit = u64::from_le_bytes(*word) ^ ZEROS;
        let others = (((digit & LOW) + OVER) | digit) & !LOW;
        if others != !LOW {
            return Some(at * 8 + (others ^ !LOW).trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(u8::is_ascii_digit).map(|at| words.len() * 8 + at)
}

/// Calls `found` with every reference in `start..end` outside `masks`.
pub(super) fn scan(
    text: &str,
    start: usize,
    end: usize,
    masks: &Masks,
    dialect: &Dialect,
    mut found: impl FnMut(Mention),
) {
    let (families, nouns) = (&dialect.families, &dialect.table.traces.nouns);
    let bytes = &text.as_bytes()[..end];
    let mut at = start;
    let mut digit = None;
    let mut elsewhere = Elsewhere::default();
    while at < end {
        if digit.is_none_or(|digit| digit < at) {
            let Some(next) = first_digit(&bytes[at..]).map(|next| at + next) else { return };
            // Nothing that is masked or begins before goes on in a mask.
            if let Some(stop) = masks.end_of(next) {
                at = stop;
                continue;
            }
            let Some(head) = head_of(bytes, at, next) else {
                at = next + 1;
                continue;
            };
            digit = Some(next);
            at = head;
        }
        let byte = bytes[at];
        if !byte.is_ascii_alphabetic() || (at > start && bytes[at - 1].is_ascii_alphanumeric()) {
            at += 1;
            continue;
        }
        if let Some(stop) = masks.end_of(at) {
            at = stop;
            continue;
        }
        let found_here = families
            .may_begin(byte)
            .then(|| mention_at(text, at, end, families).or_else(|| behind_anchor(text, at, end, families)))
            .flatten();
        let Some(mut mention) = found_here else {
            let word = at;
            while at < end && bytes[at].is_ascii_alphabetic() {
                at += 1;
            }
            if let Some(mention) = named_number(text, word..at, end, nouns) {
                at = mention.end;
                found(mention);
            }
            continue;
        };
        at = mention.end;
        elsewhere.mark(text, start, &mut mention, &dialect.table.ids);
        while let Some(next) = slash_after(text, &mention, end) {
            at = next.end;
            found(std::mem::replace(&mut mention, next));
        }
        found(mention);
    }
}

/// Where what may have its first digit at `digit` begins at the earliest, not before `from`: letters and hyphens stand before
/// the digit of an id, a word and a blank before that of a noun's number.
fn head_of(bytes: &[u8], from: usize, digit: usize) -> Option<usize> {
    let back = |end: usize, passes: fn(&u8) -> bool| {
        end - bytes[from..end].iter().rev().take_while(|byte| passes(byte)).count()
    };
    match bytes[from..digit].last()? {
        b' ' => {
            let word = digit - 1;
            Some(back(word, u8::is_ascii_alphabetic)).filter(|start| *start < word)
        }
        b'-' | b'a'..=b'z' | b'A'..=b'Z' => Some(back(digit, |byte| byte.is_ascii_alphabetic() || *byte == b'-')),
        _ => None,
    }
}

/// The number behind a capitalised noun: `Requirement 3`, `Req 4.7`.
pub(super) fn named_number(text: &str, word: Range<usize>, end: usize, nouns: &Lexicon) -> Option<Mention> {
    let bytes = &text.as_bytes()[..end];
    if bytes.get(word.end) != Some(&b' ') || !bytes.get(word.end + 1)?.is_ascii_digit() {
        return None;
    }
    let noun = &text[word.clone()];
    if noun.len() < 3 || !noun.starts_with(|c: char| c.is_ascii_uppercase()) || !contains(nouns, noun) {
        return None;
    }
    let start = word.end + 1;
    let stop = number_end(bytes, start).or_else(|| lettered(text, start, end).map(|(stop, _)| stop))?;
    // `Requirement 2-4` and `Requirements 2026-01-02` say something else.
    let goes_on = bytes.get(stop).is_some_and(|b| matches!(b, b'-' | b'/' | b'_'));
    let first = Id::new(&text[start..stop]);
    (!goes_on).then_some(Mention { start, end: stop, first, last: None, wildcard: false, sure: Certainty::Guess })
}

/// The id behind the `#` of a wiki link: `[[spec#FR-1.1]]`.
fn behind_anchor(text: &str, at: usize, end: usize, families: &Families) -> Option<Mention> {
    if at == 0 || text.as_bytes()[at - 1] != b'#' {
        return None;
    }
    let before = &text[..at - 1];
    let open = before.rfind("[[")?;
    let close = text[at..end].find([']', '|'])?;
    if before[open + 2..].contains([']', '[', '\n']) || text[at..at + close].contains([' ', '\n']) {
        return None;
    }
    let found = mention_at(&text[at..at + close], 0, close, families)?;
    (found.end == close).then(|| Mention { start: at, end: at + close, ..found })
}

/// Where the text of the link at `range` ends: at the bracket that closes it.
pub(super) fn link_text_end(text: &str, inner: usize, range: &Range<usize>) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    let mut at = inner;
    while at < range.end {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        let home = Dialect::home();
        scan(text, 0, text.len(), &Masks::default(), &home, |m| {
            let last = m.last.map_or(String::new(), |last| format!("..{last}"));
            out.push(format!("{}{last}{}", m.first, if m.wildcard { ".*" } else { "" }));
        });
        out
    }

    #[test]
    fn ranges_are_written_in_many_ways() {
        for text in [
            "FR-1.1–FR-1.3",
            "FR-1.1–1.3",
            "FR-1.1-3",
            "FR-1.1 through FR-1.3",
            "FR-1.1..FR-1.3",
            "FR-1.1 to FR-1.3",
            "FR-1.1 - FR-1.3",
            "FR-1.1〜FR-1.3",
        ] {
            assert_eq!(read(text), ["FR-1.1..FR-1.3"], "{text}");
        }
        assert_eq!(
            read("FR-3.1-001–003, FR-3.1-001 to FR-3.1-004"),
            ["FR-3.1-001..FR-3.1-003", "FR-3.1-001..FR-3.1-004"]
        );
        assert_eq!(read("FR-3.1-001/002"), ["FR-3.1-001", "FR-3.1-002"]);
        assert_eq!(read("R7.2-3"), ["R7.2..R7.3"]);
        assert_eq!(read("FR-C1..C3, FR-C5–C6, FR-C7..B9"), ["FR-C1..FR-C3", "FR-C5..FR-C6", "FR-C7"]);
        assert_eq!(read("FR-1.1–3.4"), ["FR-1.1..FR-3.4"]);
    }

    #[test]
    fn a_dash_that_joins_no_range_is_a_dash() {
        assert_eq!(read("FR-1 — FR-2 in short"), ["FR-1", "FR-2"]);
        assert_eq!(read("FR-1 - 3 retries, FR-3-1"), ["FR-1", "FR-3-1"]);
        assert_eq!(read("FR-1 to 5 users"), ["FR-1"]);
    }

    #[test]
    fn a_noun_makes_a_number_an_id() {
        assert_eq!(read("as Requirement 3 and (Req 4.7) say"), ["3", "4.7"]);
        assert_eq!(read("as Requirement 2A and Req 2A.1 say"), ["2A", "2A.1"]);
        assert_eq!(read("Requirement 2-4, requirement 5, Requirements 2026-01-02, Retry 3"), [""; 0]);
    }

    #[test]
    fn slash_lists_and_wildcards() {
        assert_eq!(read("FR-001/002/003"), ["FR-001", "FR-002", "FR-003"]);
        assert_eq!(read("FR-1.1/1.2"), ["FR-1.1", "FR-1.2"]);
        assert_eq!(read("all R1.* and FR-2.x"), ["R1.*", "FR-2.*"]);
    }
}
