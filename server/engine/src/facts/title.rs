//! Titles as they are compared: without case, numbering, punctuation and what stands in parentheses at the end.

use super::Words;
use crate::text::{Span, Trim};
use std::hash::Hasher;

/// The words of `title` in lower case with single blanks between them: `2.1 Goals / Non-Goals (draft):` is `goals non goals`.
/// An ampersand counts as *and*. A number at the start goes unless nothing else is left.
#[must_use]
pub fn fold_title(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    fold(title, &mut |c| out.push(c));
    out
}

/// A hash of [`fold_title`]: two titles that mean the same have the same key.
#[must_use]
pub fn title_key(title: &str) -> u32 {
    let mut hasher = rustc_hash::FxHasher::default();
    fold(title, &mut |c| hasher.write_u32(c.into()));
    let hash = hasher.finish();
    ((hash >> 32) ^ (hash & u64::from(u32::MAX))) as u32
}

fn fold(title: &str, put: &mut impl FnMut(char)) {
    let body = without_number(without_parentheses(title.trimmed()));
    let (mut gap, mut any) = (false, false);
    for c in body.chars() {
        // Nearly all are letters of small case and blanks.
        if c.is_ascii_lowercase() {
            if gap && any {
                put(' ');
            }
            (any, gap) = (true, false);
            put(c);
        } else if c == ' ' {
            gap = true;
        } else if c == '&' || c.is_alphanumeric() {
            if (gap || c == '&') && any {
                put(' ');
            }
            any = true;
            gap = c == '&';
            match c {
                '&' => "and".chars().for_each(&mut *put),
                c if c.is_ascii() => put(c.to_ascii_lowercase()),
                c => c.to_lowercase().for_each(&mut *put),
            }
        } else {
            // Marks such as the apostrophe of `API's` part words as blanks do.
            gap = true;
        }
    }
}

/// `title` without a last group in parentheses, unless it is all there is.
fn without_parentheses(title: &str) -> &str {
    let bare = title.trim_end_matches(['*', '_', ':', ' ']);
    let Some(inner) = bare.strip_suffix([')', '）']) else { return title };
    match inner.rfind(['(', '（']) {
        Some(open) if open > 0 => inner[..open].trimmed_end(),
        _ => title,
    }
}

/// `title` without the number that counts it: `2.1 `, `3) `.
fn without_number(title: &str) -> &str {
    let rest = title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if rest.len() == title.len() {
        return title;
    }
    let rest = rest.trim_start_matches([')', ':']);
    let word = rest.starts_with([' ', '\t']) && rest.contains(char::is_alphabetic);
    if word { rest.trim_start() } else { title }
}

/// The bytes of a title that may be marks or blanks.
pub(super) const PAUSES: [bool; 256] = {
    let mut pauses = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        pauses[byte] = matches!(byte as u8, b'*' | b'`' | b'~' | b'_') || (byte as u8).is_ascii_whitespace();
        byte += 1;
    }
    pauses
};

/// Whether a title that begins so is copied as it is: no marks, and blanks one by one.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let (mut odd, mut before) = (0, BLANK);
    for byte in bytes {
        let kind = ODD[usize::from(*byte)];
        odd |= kind & (before | OTHER);
        before = kind;
    }
    odd == 0
}

/// The bits of a single blank, and of all other bytes that are not copied as they are.
const BLANK: u8 = 1;
const OTHER: u8 = 2;

/// Which bytes have one of them.
const ODD: [u8; 256] = {
    let mut odd = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        odd[byte] = match byte as u8 {
            b' ' => BLANK,
            _ if PAUSES[byte] => OTHER,
            _ => 0,
        };
        byte += 1;
    }
    odd
};

/// Whether the byte at `at` is part of `~~`.
pub(super) fn is_strike(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'~' && (bytes.get(at + 1) == Some(&b'~') || at > 0 && bytes[at - 1] == b'~')
}

/// The title that begins at `start` of the words and is their end.
pub(super) fn end_title(words: &mut String, start: usize) -> Words {
    let end = start + words[start..].trim_end_matches([' ', '_']).len();
    words.truncate(end);
    // A heading's text mostly ends with the title of what it defines.
    let (before, own) = words.split_at(start);
    if before.ends_with(own) {
        words.truncate(start);
        return Words(Span::new(start - (end - start), start));
    }
    Words(Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_mean_the_same_fold_alike() {
        for (title, folded) in [
            ("Architecture Overview", "architecture overview"),
            ("  1. **Architecture**  overview:", "architecture overview"),
            ("2.1 Goals / Non-Goals (draft)", "goals non goals"),
            ("User Scenarios & Testing *(mandatory)*", "user scenarios and testing"),
            ("Phase 1: Foundation", "phase 1 foundation"),
            ("📊 Metrics", "metrics"),
            ("2026", "2026"),
            ("(all of it)", "all of it"),
            ("アーキテクチャ概要", "アーキテクチャ概要"),
        ] {
            assert_eq!(fold_title(title), folded, "{title}");
            assert_eq!(title_key(title), title_key(folded), "{title}");
        }
        assert_ne!(title_key("Metrics"), title_key("Metrcis"));
    }
}
