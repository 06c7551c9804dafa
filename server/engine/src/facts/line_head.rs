//! The head of a line: the id, task number or criterion number that it starts with.

use super::inline::range_end;
use crate::dialect::Numbered;
use crate::id::{Families, Id};

/// The id that a block starts with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineHead {
    /// The id's first byte.
    pub start: usize,
    /// One past the id's last byte.
    pub end: usize,
    /// Where the statement begins, behind separators and marks.
    pub title: usize,
    /// Whether the id is emphasised.
    pub marked: bool,
    /// Whether a separator, and not only a blank, stands between the id and the statement.
    pub separated: bool,
}

const MARKS: [u8; 3] = [b'*', b'_', b'~'];

/// The id that `start..end` starts with, when what follows lets it be the name of what follows.
pub(super) fn head_at(text: &str, start: usize, end: usize, families: &Families) -> Option<LineHead> {
    let bytes = &text.as_bytes()[..end];
    let skip = |mut at: usize, set: &[u8]| {
        while bytes.get(at).is_some_and(|b| set.contains(b)) {
            at += 1;
        }
        at
    };
    let open = behind_tags(text, start, end);
    let at = skip(open, &MARKS);
    // `**<a id="fr-1"></a>FR-1**`
    let at = behind_tags(text, at, end);
    if !bytes.get(at).is_some_and(|first| families.may_begin(*first)) {
        return None;
    }
    let token = families.token_at(&text[..end], at)?;
    if token.wildcard() {
        return None;
    }
    let id = Id::new(&text[token.start..token.end]);
    let mut close = skip(token.end, &MARKS);
    while let Some(behind) = tag_end(text, close, end) {
        close = skip(behind, &MARKS);
    }
    let next = text[close..end].chars().next();
    let separated = match next {
        None => false,
        // `**FR-1**<br>Title` stands in table cells.
        Some(':' | '：' | '—' | '–' | '.' | '(' | '（' | '[' | '|' | '<') => true,
        Some(' ' | '\t' | '\u{a0}') => text[close..end].trim_start().starts_with(['—', '–', '-', ':', '(', '|']),
        Some(_) => return None,
    };
    if range_end(text, &id, token.end, end, families).is_some() {
        return None;
    }
    let title = end
        - text[close..end]
            .trim_start_matches([' ', '\t', '\u{a0}', ':', '：', '—', '–', '-', '.', '|', '*', '_'])
            .len();
    Some(LineHead { start: token.start, end: token.end, title, marked: at > open, separated })
}

/// Elements that mark a place or a style in a line, and are no part of what it says.
const ELEMENTS: [&str; 15] =
    ["a", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "small", "span", "strike", "strong", "u"];

/// Where the tag of such an element that starts at `at` ends.
fn tag_end(text: &str, at: usize, end: usize) -> Option<usize> {
    if text.as_bytes()[..end].get(at) == Some(&b'<') { element_end(text, at, end) } else { None }
}

/// The same where a `<` stands there.
fn element_end(text: &str, at: usize, end: usize) -> Option<usize> {
    let inner = &text[at + 1..end];
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let name = &name[..name.bytes().take_while(u8::is_ascii_alphanumeric).count()];
    let known = ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name));
    let close = inner.find(['>', '<', '\n']).filter(|close| inner[*close..].starts_with('>'))?;
    known.then_some(at + 1 + close + 1)
}

/// Where the text begins behind blanks and tags: `<a id="fr-1"></a>**FR-1**`.
pub(super) fn behind_tags(text: &str, start: usize, end: usize) -> usize {
    let mut at = start;
    let bytes = &text.as_bytes()[..end];
    loop {
        let mut open = at;
        while matches!(bytes.get(open), Some(b' ' | b'\t')) {
            open += 1;
        }
        match tag_end(text, open, end) {
            Some(behind) => at = behind,
            None => return open,
        }
    }
}

/// Where the text begins behind signs such as `✅` and the blanks around them.
pub(super) fn behind_symbols(text: &str, start: usize, end: usize) -> usize {
    if text.as_bytes()[..end].get(start).is_none_or(|first| first.is_ascii() && *first != b' ') {
        return start;
    }
    let sign = |c: char| !c.is_ascii() && !c.is_alphanumeric() && !matches!(c, '（' | '【' | '［' | '「' | '“' | '§');
    end - text[start..end].trim_start_matches(|c| sign(c) || c == ' ').len()
}

/// A heading whose words and number make the id (`Requirement 2: Title`): the number's place, what stands before it in
/// the id, whether its items count, and where the title starts.
pub(crate) fn numbered_heading<'d>(
    text: &str,
    range: &std::ops::Range<usize>,
    kinds: &'d [Numbered],
) -> Option<(std::ops::Range<usize>, &'d Numbered, usize)> {
    let whole = &text[range.clone()];
    if !whole.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    // `### 📌 Story 1: Title`, `### <a id="s1"></a>Story 1: Title`
    let bare = &text[behind_tags(text, range.start, range.end)..range.end];
    let from = range.end - bare.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let words = &text[from..range.end];
    let (kind, noun) = kinds.iter().find_map(|kind| {
        let len = kind.nouns.starting(words).filter(|end| ends_word(&words[*end..])).max()?;
        Some((kind, len))
    })?;
    let rest = words[noun..].trim_start_matches([' ', '\t', '#', '\u{a0}', '\u{3000}']);
    let start = range.end - rest.len();
    let bytes = &text.as_bytes()[..range.end];
    let mut end = start + rest.bytes().take_while(u8::is_ascii_digit).count();
    if end == start || end > start + 3 {
        return None;
    }
    while bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1 + rest[end + 1 - start..].bytes().take_while(u8::is_ascii_digit).count();
    }
    end += letter_len(&bytes[end..]);
    if kind.counts && is_rising(&text[start..end], &text[end..range.end]) {
        return None;
    }
    // `Story 1-2`: the second of the first epic, and no story 1.
    let mut digits = text[end..range.end].strip_prefix('-').unwrap_or_default().bytes();
    if !kind.counts && digits.next().is_some_and(|b| b.is_ascii_digit()) {
        return None;
    }
    let behind = text[end..range.end].trim_start_matches(['*', '_', ']', '】']);
    let stop = behind.is_empty()
        || behind.starts_with([' ', '\t', ':', '：', '.', '-', '–', '—', '(', '（', ')', '、', '\u{3000}']);
    let title =
        range.end - behind.trim_start_matches([' ', ':', '：', '.', '-', '–', '—', ')', '*', '、', '\u{3000}']).len();
    stop.then_some((start..end, kind, title))
}

/// Whether `behind` makes a range of the number before it: a heading over several requirements states none of them.
fn is_rising(first: &str, behind: &str) -> bool {
    let last = behind.strip_prefix(['-', '–', '~', '〜', '～']).unwrap_or_default();
    let last = &last[..last.bytes().take_while(u8::is_ascii_digit).count()];
    first.parse::<u32>().is_ok_and(|first| last.parse::<u32>().is_ok_and(|last| first < last))
}

/// Where the text begins behind a noun at the start of a heading: `REQ-1: Title` of `Requirement REQ-1: Title`.
pub(super) fn behind_noun(text: &str, range: &std::ops::Range<usize>, kinds: &[Numbered]) -> Option<usize> {
    let words = &text[range.clone()];
    let ends = kinds.iter().flat_map(|kind| kind.nouns.starting(words));
    let len = ends.filter(|end| words[*end..].starts_with([' ', '\u{a0}', '\u{3000}', ':', '：'])).max()?;
    Some(range.end - words[len..].trim_start_matches([' ', '\u{a0}', '\u{3000}', ':', '：']).len())
}

/// The length of the letter of a lettered sibling with what parts it from the number: `2A`, `2b`, `2-A`, `2.A`.
fn letter_len(rest: &[u8]) -> usize {
    let parted = usize::from(matches!(rest.first(), Some(b'-' | b'.')));
    let letter = rest.get(parted).is_some_and(|b| b.is_ascii_uppercase() || parted == 0 && b.is_ascii_lowercase());
    let ends = rest.get(parted + 1).is_none_or(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'_')));
    if letter && ends { parted + 1 } else { 0 }
}

/// The number of a lettered sibling as it is counted: `2A` of `2-A` and `2.A`.
pub(super) fn plain_number(number: &str) -> String {
    match number.char_indices().next_back() {
        Some((at, letter)) if letter.is_ascii_alphabetic() => {
            format!("{}{letter}", number[..at].trim_end_matches(['-', '.']))
        }
        _ => number.to_string(),
    }
}

/// Whether a noun ends before `rest`: a blank or a number follows.
fn ends_word(rest: &str) -> bool {
    rest.starts_with(|next: char| next.is_ascii_digit() || next.is_whitespace() || next == '#')
}

/// A checkbox: the byte inside and where the text behind it starts. `[ ]*` marks an optional task.
pub(super) fn checkbox(text: &str, start: usize, end: usize) -> Option<(u8, usize)> {
    let bytes = &text.as_bytes()[..end];
    let [b'[', mark, b']', rest @ ..] = bytes.get(start..)? else { return None };
    let star = usize::from(rest.first() == Some(&b'*'));
    let behind = rest.get(star);
    if !(matches!(mark, b' ' | b'x' | b'X' | b'-' | b'~' | b'/' | b'>' | b'!' | b'?')
        && behind.is_none_or(|b| matches!(b, b' ' | b'\t')))
    {
        return None;
    }
    let mut at = start + 3 + star;
    while bytes.get(at).is_some_and(|b| matches!(b, b' ' | b'\t')) {
        at += 1;
    }
    Some((*mark, at))
}

/// The number that a task starts with (`1.2`, `3.`, `T001`, `Task 4:`) and where its title starts.
pub(super) fn task_number(text: &str, start: usize, end: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let bytes = &text.as_bytes()[..end];
    let mut at = start;
    while bytes.get(at).is_some_and(|b| MARKS.contains(b)) {
        at += 1;
    }
    if text[at..end].get(..5).is_some_and(|word| word.eq_ignore_ascii_case("task ")) {
        at += 5;
    }
    let first = at;
    at += usize::from(bytes.get(at) == Some(&b'T') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
    let lettered = at > first;
    while bytes.get(at).is_some_and(u8::is_ascii_digit)
        || at > first && bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    {
        at += 1;
    }
    if at == first || at > first + 12 || is_date(&text[first..at]) {
        return None;
    }
    let digits = at;
    if bytes.get(at).is_some_and(u8::is_ascii_alphabetic) && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) {
        at += 1;
    }
    let sign = bytes.get(at).is_some_and(|b| matches!(b, b'.' | b':' | b')'));
    let sure = lettered || sign || bytes[first..digits].contains(&b'.');
    let stop = bytes.get(at + usize::from(sign)).is_none_or(|b| b.is_ascii_whitespace() || MARKS.contains(b));
    if !(sure && stop) {
        return None;
    }
    let title = end - text[at..end].trim_start_matches(['.', ':', ')', ' ', '\t', '*', '_', '-', '—', '–']).len();
    Some((first..at, title))
}

/// Whether a number with dots is a day, a month and a year: `01.02.26`, `1.12.2026`; no list pads its numbers so.
fn is_date(number: &str) -> bool {
    let mut parts = number.split('.');
    let (Some(day), Some(month), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let within = |part: &str, most: u32| part.len() <= 2 && part.parse().is_ok_and(|value| (1..=most).contains(&value));
    let years = year.len() == 4 || year.len() == 2 && (day.starts_with('0') || month.starts_with('0'));
    within(day, 31) && within(month, 12) && years
}

/// The criterion number with a dot that a line starts with: `1.2` of `1.2. WHEN …`, `1.2 WHEN …`.
pub(super) fn dotted_number(text: &str, start: usize, end: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let bytes = &text.as_bytes()[..end];
    let stop = super::inline::number_end(bytes, start)?;
    if !bytes[start..stop].contains(&b'.') {
        return None;
    }
    let sign = usize::from(bytes.get(stop).is_some_and(|b| matches!(b, b'.' | b':' | b')')));
    let marks = text[stop + sign..end].len() - text[stop + sign..end].trim_start_matches(['*', '_', ':', '：']).len();
    let behind = stop + sign + marks;
    (bytes.get(behind) == Some(&b' ')).then(|| (start..stop, end - text[behind..end].trim_start().len()))
}

/// The number with a dot that the anchor at `start` is called: `1.1` of `<a name="1.1"></a>`.
pub(super) fn anchor_number(text: &str, start: usize, end: usize) -> Option<std::ops::Range<usize>> {
    let tag = &text[start..tag_end(text, start, end)?];
    let value = ["name=", "id="].iter().find_map(|key| Some(tag.find(key)? + key.len()))?;
    let from = start + value + usize::from(tag[value..].starts_with(['"', '\'']));
    let stop = super::inline::number_end(&text.as_bytes()[..start + tag.len()], from)?;
    let closed = text[stop..].starts_with(['"', '\'', '>', ' ']);
    (closed && text[from..stop].contains('.')).then_some(from..stop)
}

/// The number that a heading starts with: `1.2` of `1.2 Name`, `3` of `3. Name` and `3) Name`.
pub(super) fn section_number(text: &str, start: usize, end: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let start = end - text[start..end].trim_start_matches(['*', '_', '§', ' ']).len();
    dotted_number(text, start, end).or_else(|| item_number(text, start, end))
}

/// The number of a line that would be an ordered item if it did not stand right under a paragraph, which CommonMark lets
/// only `1.` interrupt.
pub(super) fn item_number(text: &str, start: usize, end: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let bytes = &text.as_bytes()[..end];
    let digits = start + bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
    // `1a.` is half of a criterion.
    let stop = digits + usize::from(digits > start && bytes.get(digits).is_some_and(u8::is_ascii_lowercase));
    let item = (1..=3).contains(&(stop - start))
        && matches!(bytes.get(stop), Some(b'.' | b')'))
        && bytes.get(stop + 1) == Some(&b' ');
    item.then(|| (start..stop, end - text[stop + 1..end].trim_start().len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn head(text: &str) -> Option<(&str, &str, bool)> {
        head_at(text, 0, text.len(), &Dialect::home().families)
            .map(|h| (&text[h.start..h.end], &text[h.title..], h.separated))
    }

    #[test]
    fn an_id_at_the_head_of_a_block_names_it() {
        assert_eq!(head("**FR-1.1**: **WHEN** x"), Some(("FR-1.1", "WHEN** x", true)));
        assert_eq!(head("FR-1: Title (US-1)"), Some(("FR-1", "Title (US-1)", true)));
        assert_eq!(head("FR-1 — Title"), Some(("FR-1", "Title", true)));
        assert_eq!(head("R1.1 `scan` prints"), Some(("R1.1", "`scan` prints", false)));
        assert_eq!(head("FR-1, FR-2: both"), None);
        assert_eq!(head("FR-1.1–FR-1.3: all"), None);
        assert_eq!(head("Text FR-1"), None);
    }

    #[test]
    fn an_anchor_before_an_id_is_no_part_of_it() {
        for text in [
            r#"<a id="fr-1"></a>**FR-1**: x"#,
            r#"<a name="fr-1"/> FR-1: x"#,
            r#"<span id="fr-1">**FR-1**</span>: x"#,
            r#"**<a id="fr-1"></a>FR-1**: x"#,
            "<b>FR-1</b>: x",
        ] {
            assert_eq!(head(text).map(|(id, title, _)| (id, title)), Some(("FR-1", "x")), "{text}");
        }
        assert_eq!(head("<FR-1>: x"), None);
        assert_eq!(head("<table>FR-1: x"), None);
    }

    #[test]
    fn a_requirement_may_have_a_lettered_sibling() {
        let home = Dialect::home();
        let number = |text: &str| {
            let found = numbered_heading(text, &(0..text.len()), &home.table.definitions.numbered);
            found.map(|(number, _, title)| (plain_number(&text[number]), text[title..].to_string()))
        };
        let some = |a: &str, b: &str| Some((a.to_string(), b.to_string()));
        for text in ["Requirement 2A: Refund", "Requirement 2-A: Refund", "Requirement 2.A Refund", "需求 2A：Refund"]
        {
            assert_eq!(number(text), some("2A", "Refund"), "{text}");
        }
        assert_eq!(number("Requirement 2b — Refund"), some("2b", "Refund"));
        assert_eq!(number("Requirement 2 - A refund"), some("2", "A refund"));
        assert_eq!(number("Requirement 2nd"), None);
    }

    #[test]
    fn tasks_are_numbered_in_several_ways() {
        let number =
            |text: &str| task_number(text, 0, text.len()).map(|(n, t)| (text[n].to_string(), text[t..].to_string()));
        let some = |a: &str, b: &str| Some((a.to_string(), b.to_string()));
        assert_eq!(number("1. Set up"), some("1", "Set up"));
        assert_eq!(number("2.1 Build"), some("2.1", "Build"));
        assert_eq!(number("T001 [P] Build"), some("T001", "[P] Build"));
        assert_eq!(number("**Task 3: Ship**"), some("3", "Ship**"));
        assert_eq!(number("3 retries"), None);
        assert_eq!(number("2x faster"), None);
    }

    #[test]
    fn a_checkbox_holds_one_mark() {
        assert_eq!(checkbox("[ ] a", 0, 5), Some((b' ', 4)));
        assert_eq!(checkbox("[ ]* 1.3 Write", 0, 14), Some((b' ', 5)));
        assert_eq!(checkbox("[P] a", 0, 5), None);
        assert_eq!(checkbox("[x](y)", 0, 6), None);
    }
}
