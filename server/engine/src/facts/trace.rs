//! Trace lines: `_Requirements: FR-1.1, NFR-1.1_`, their keys, values and flaws.

use super::inline::{Elsewhere, Masks, Mention, lettered, mention_at, number_end, range_end, slash_after};
use super::trace_opening::{Opening, opening};
use super::{Certainty, FlawKind};
use crate::dialect::{Dialect, contains};
use crate::id::Id;
use crate::text::Trim;
use std::ops::Range;

/// A trace line as it was found; offsets are the text's.
#[derive(Debug)]
pub(super) struct Found {
    pub line: Range<usize>,
    pub value: Range<usize>,
    pub mentions: Vec<Mention>,
    pub flaws: Vec<(Range<usize>, FlawKind)>,
    /// Whether it names all requirements instead of any.
    pub all: bool,
    /// Whether it names a part of what is served on purpose.
    pub partial: bool,
    /// How many lines of the block it takes.
    pub lines: usize,
}

/// The trace line that starts at `first`, a line of one block; it may wrap into the next few of those that `follow`.
pub(super) fn trace_at(
    text: &str,
    first: &Range<usize>,
    follow: &[Range<usize>],
    masks: &Masks,
    dialect: &Dialect,
) -> Option<Found> {
    let opening_of = |line| opening(text, line, dialect);
    let opened = opening_of(first)?;
    let guessed = opened.is_guessed();
    let Opening { mark, start, value, flaw } = opened;
    let mut flaws = Vec::from_iter(flaw);
    let trimmed = |line: &Range<usize>| line.start + text[line.clone()].trim_end_matches([' ', '\t', '\\']).len();
    let mut end = trimmed(first);
    let mut line_end = end;
    let mut taken = 1;
    if value >= end {
        return None;
    }
    if !mark.is_empty() {
        let closing = |line: &Range<usize>, from: usize| {
            let found = text[from.min(line.end)..line.end].rfind(mark)? + from;
            masks.end_of(found).is_none().then_some(found)
        };
        // Further down a mark closes only where nothing goes on, or something else begins.
        let closes = |line: &Range<usize>, found: usize| {
            let behind = text[found + mark.len()..line.end].chars().next();
            behind.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '*'))
        };
        let wrapped = || {
            let ahead = follow.iter().zip(2..).take(4).take_while(|(line, _)| opening_of(line).is_none());
            let mut ahead =
                ahead.map(|(line, count)| (count, closing(line, line.start).filter(|found| closes(line, *found))));
            ahead.find_map(|(count, found)| Some((count, found?)))
        };
        match closing(first, value) {
            Some(found) => (end, line_end) = (found, found + mark.len()),
            None => match wrapped() {
                Some((count, found)) => (taken, end, line_end) = (count, found, found + mark.len()),
                None => flaws.push((end..end, FlawKind::Open(mark))),
            },
        }
    }
    let numbers = dialect.traces_numbers(&text[start..value]);
    let partial = dialect.traces_partly(&text[start..value]);
    let mut mentions = mentions(text, value, end, masks, dialect, numbers);
    // A whole number behind such a key is that of the story's own criterion.
    if dialect.cites_own_criteria(&text[start..value]) {
        mentions.retain(|it| !it.first.family().is_empty() || it.first.parent().is_some());
    }
    if mark.is_empty()
        && let [only] = &mut mentions[..]
    {
        // `Requirements: 12` may count them.
        let plain = only.last.is_none() && !only.wildcard && only.first.as_str().bytes().all(|b| b.is_ascii_digit());
        if plain {
            only.sure = Certainty::Guess;
        }
    }
    // A key that is only taken for one tells nothing of prose.
    if guessed && (mentions.is_empty() || !is_bare(text, value..end, &mentions)) {
        return None;
    }
    if mentions.is_empty() {
        flaws.clear();
    }
    // Where no comma stands at all, blanks are the author's way.
    let blanks = mentions.len() > 2 && !text[value..end].contains([',', ';', '、', '，', '；']);
    for pair in mentions.windows(2).filter(|_| !blanks) {
        let gap = &text[pair[0].end..pair[1].start];
        if !gap.is_empty() && gap.chars().all(|c| matches!(c, ' ' | '\t' | '.')) {
            flaws.push((pair[0].end..pair[1].start, FlawKind::Separator));
        }
    }
    let all = mentions.is_empty() && dialect.names_all(&text[value..end]);
    Some(Found { line: start..line_end, value: value..end, mentions, flaws, all, partial, lines: taken })
}

/// The trace line in brackets in a line of text: `… [Requirements: REQ-01, REQ-02]`, `(Requirements: 1.1)`.
pub(super) fn bracketed_at(text: &str, line: &Range<usize>, masks: &Masks, dialect: &Dialect) -> Option<Found> {
    const PAIRS: [(char, char); 6] = [('[', ']'), ('(', ')'), ('{', '}'), ('（', '）'), ('【', '】'), ('［', '］')];
    let content = &text[line.clone()];
    let bytes = content.as_bytes();
    // Most lines hold no bracket, and few a wide one, of which all begin with one of these two bytes.
    let plain = bytes.is_ascii() || memchr::memchr2(0xe3, 0xef, bytes).is_none();
    let mut from = 0;
    while let Some(at) = next_bracket(&bytes[from..], plain).map(|at| from + at) {
        from = at + 1;
        let start = line.start + at;
        // What a link leads to may be called like a key, and holds none.
        if masks.end_of(start).is_some() {
            continue;
        }
        let sign = content[at..].chars().next();
        let Some((open, close)) = sign.and_then(|sign| PAIRS.iter().find(|it| it.0 == sign)) else { continue };
        let inner = start + open.len_utf8();
        from = inner - line.start;
        if opening(text, &(inner..line.end), dialect).is_none() {
            continue;
        }
        let mut depth = 0;
        let end = text[inner..line.end].char_indices().find(|(_, c)| {
            depth += i32::from(c == open) - i32::from(c == close);
            depth < 0
        });
        let Some(end) = end.map(|(end, _)| inner + end) else { continue };
        let found =
            trace_at(text, &(inner..end), &[], masks, dialect).filter(|found| !found.mentions.is_empty() || found.all);
        if let Some(found) = found {
            return Some(Found { line: start..end + close.len_utf8(), ..found });
        }
    }
    None
}

/// Where the first byte stands with which a bracket may begin; in a text that is `plain` there are no wide ones.
fn next_bracket(bytes: &[u8], plain: bool) -> Option<usize> {
    if plain {
        return memchr::memchr3(b'[', b'(', b'{', bytes);
    }
    bytes.iter().position(|byte| matches!(byte, b'[' | b'(' | b'{' | 0xe3 | 0xef))
}

/// The trace line without any mark that a line of text ends with: `1. Add the cart — Requirements: 1.1, 1.2`. It holds nothing
/// but references, so that it is told from prose with a colon.
pub(super) fn trailing_at(text: &str, line: &Range<usize>, masks: &Masks, dialect: &Dialect) -> Option<Found> {
    /// No key has more words.
    const WORDS: usize = 4;
    let content = &text[line.clone()];
    let colon =
        if content.is_ascii() { memchr::memrchr(b':', content.as_bytes())? } else { content.rfind([':', '：'])? };
    let blanks = memchr::memrchr_iter(b' ', &content.as_bytes()[..colon]);
    let starts = blanks.take(WORDS).map(|at| at + 1).filter(|at| content[*at..colon].starts_with(char::is_uppercase));
    let key = starts.filter(|at| dialect.is_trace_key(&content[*at..colon])).last()?;
    // A key that has other meanings, too, stands apart.
    let apart = content[..key].trimmed_end().ends_with(|c: char| !c.is_alphanumeric());
    if !apart && !dialect.traces_numbers(&content[key..colon]) {
        return None;
    }
    let found = trace_at(text, &(line.start + key..line.end), &[], masks, dialect)?;
    let bare = is_bare(text, found.value.start..line.end, &found.mentions);
    (bare && !found.mentions.is_empty()).then_some(found)
}

/// Whether the value at `range` holds nothing but references.
fn is_bare(text: &str, range: Range<usize>, mentions: &[Mention]) -> bool {
    let mut from = range.start;
    let apart = mentions.iter().all(|mention| {
        let gap = text.get(from..mention.start).unwrap_or_default();
        from = mention.end;
        !gap.contains(char::is_alphanumeric)
    });
    apart && !text.get(from..range.end).unwrap_or_default().contains(char::is_alphanumeric)
}

/// The references in a stretch that is nothing but a list of them, such as the first cell of a trace matrix.
/// `numbers` says whether a bare number surely means a requirement.
pub(super) fn mentions(
    text: &str,
    start: usize,
    end: usize,
    masks: &Masks,
    dialect: &Dialect,
    numbers: bool,
) -> Vec<Mention> {
    let families = &dialect.families;
    let nouns = &dialect.table.traces.nouns;
    let bytes = &text.as_bytes()[..end];
    let mut out: Vec<Mention> = Vec::new();
    let mut at = start;
    // Bare numbers count only at the start of a list's element: `1.1, 2.3`, not `in 3 nodes`.
    let mut element = true;
    let mut noun = false;
    // In parentheses a number without a dot is a year or a count.
    let mut inner = false;
    let mut elsewhere = Elsewhere::default();
    while at < end {
        if let Some(stop) = masks.end_of(at) {
            at = stop;
            element = false;
            continue;
        }
        let byte = bytes[at];
        let word_start = at == start || !bytes[at - 1].is_ascii_alphanumeric();
        if byte.is_ascii_alphabetic() && word_start {
            let found = mention_at(text, at, end, families).or_else(|| spaced(text, at, end, dialect));
            if let Some(mut mention) = found {
                elsewhere.mark(text, start, &mut mention, &dialect.table.ids);
                while let Some(next) = slash_after(text, &mention, end) {
                    out.push(std::mem::replace(&mut mention, next));
                }
                at = criteria_after(text, &mut mention, end, dialect, &mut out);
                out.push(mention);
                element = false;
                continue;
            }
            let word = word_at(text, at, end);
            let is_noun = element && contains(nouns, word);
            noun |= is_noun;
            // `(validates 2.1)` and `all IPC requirements (3.1-3.5)` within a list open another one.
            element = is_noun
                || dialect.is_trace_key(word)
                || word.eq_ignore_ascii_case("and")
                || element && word.eq_ignore_ascii_case("all");
            at += word.len();
        } else if byte.is_ascii_digit() && word_start && element {
            element = false;
            match number(text, at, end, dialect).filter(|found| !inner || found.first.parent().is_some()) {
                Some(mut mention) => {
                    at = mention.end;
                    if !(numbers || noun) {
                        mention.sure = Certainty::Guess;
                    }
                    out.push(mention);
                }
                None => at = figure_end(bytes, at),
            }
        } else if byte.is_ascii_digit() && word_start {
            // Of `FR 5/5` nothing is another element.
            at = figure_end(bytes, at);
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            match c {
                ',' | ';' | '/' | '·' | '、' | '，' | '；' | '|' | '&' | '+' => element = true,
                ' ' | '\t' | '\n' | '\r' | '>' | '*' | '_' => {}
                '(' | '（' | '[' | '［' => inner = true,
                ')' | '）' | ']' | '］' => (element, inner) = (false, false),
                // `需求 4.1`: a word that no blank need end.
                _ if element && c.is_alphabetic() => {
                    let word = word_at(text, at, end);
                    element = contains(nouns, word);
                    noun |= element;
                    at += word.len();
                    continue;
                }
                _ => element = false,
            }
            at += c.len_utf8();
        }
    }
    out
}

/// The letters that begin at `at`, of any script.
fn word_at(text: &str, at: usize, end: usize) -> &str {
    let rest = &text[at..end];
    &rest[..rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())]
}

/// Makes of `REQ-3` in `REQ-3 AC 2` its criterion REQ-3.2, and of the numbers that go on behind it (`REQ-3 AC 2, 4`) others,
/// of which all but the last are put into `out`. Returns where they end.
fn criteria_after(text: &str, mention: &mut Mention, end: usize, dialect: &Dialect, out: &mut Vec<Mention>) -> usize {
    let bytes = &text.as_bytes()[..end];
    let blanks = |at: usize| at + bytes[at..].iter().take_while(|b| **b == b' ').count();
    let digits = |at: usize| at + bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let word = blanks(mention.end);
    let stop = word + bytes[word..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let plain = mention.last.is_none() && !mention.wildcard && word > mention.end;
    if !plain || !contains(&dialect.table.traces.own_criteria, &text[word..stop]) {
        return mention.end;
    }
    let owner = mention.first.clone();
    // `3`, `3-5`, and nothing that goes on as another number would: `3.1`.
    let number = |start: usize| {
        let close = digits(start);
        let ranged = bytes.get(close) == Some(&b'-') && digits(close + 1) > close + 1;
        let behind = if ranged { digits(close + 1) } else { close };
        let ends = !matches!(bytes.get(behind), Some(b'.') if bytes.get(behind + 1).is_some_and(u8::is_ascii_digit));
        let word = bytes.get(behind).is_some_and(u8::is_ascii_alphanumeric);
        let last = ranged.then(|| owner.child(&text[close + 1..behind]));
        (close > start && ends && !word).then(|| (behind, owner.child(&text[start..close]), last))
    };
    let Some((mut at, first, last)) = number(blanks(stop)) else { return mention.end };
    (mention.end, mention.first, mention.last) = (at, first, last);
    // `AC1/AC2`, `AC 1, 2`, `AC1、AC2`
    let again = |start: usize| {
        let word = start + bytes[start..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
        if contains(&dialect.table.traces.own_criteria, &text[start..word]) { blanks(word) } else { start }
    };
    let next =
        |at: usize| [",", "/", "、"].iter().find(|it| text[at..end].starts_with(**it)).map(|it| blanks(at + it.len()));
    while let Some(start) = next(at)
        && let Some((behind, first, last)) = number(again(start))
    {
        let next = Mention { start, end: behind, first, last, wildcard: false, sure: mention.sure };
        out.push(std::mem::replace(mention, next));
        at = behind;
    }
    at
}

/// `FR 1.1`: a family, one blank and a number.
fn spaced(text: &str, at: usize, end: usize, dialect: &Dialect) -> Option<Mention> {
    let bytes = &text.as_bytes()[..end];
    let stop = at + bytes[at..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let family = &text[at..stop];
    let known =
        dialect.families.always().iter().any(|name| name == family) && !contains(&dialect.table.traces.nouns, family);
    if !known || bytes.get(stop) != Some(&b' ') {
        return None;
    }
    let number = number_end(bytes, stop + 1)?;
    // `FR 5/5` is a share.
    if is_figure(bytes, stop + 1, number) {
        return None;
    }
    let first = Id::new(&format!("{family}-{}", &text[stop + 1..number]));
    Some(Mention { start: at, end: number, first, last: None, wildcard: false, sure: Certainty::Spaced })
}

/// A bare number, a range of them or a wildcard at the start of a list's element.
fn number(text: &str, at: usize, end: usize, dialect: &Dialect) -> Option<Mention> {
    let bytes = &text.as_bytes()[..end];
    let wild = |stop: usize| {
        let dot = bytes.get(stop) == Some(&b'.') && matches!(bytes.get(stop + 1), Some(b'x' | b'X' | b'*'));
        dot && !bytes.get(stop + 2).is_some_and(u8::is_ascii_alphanumeric)
    };
    let (stop, first) = match number_end(bytes, at) {
        Some(stop) => (stop, Id::new(&text[at..stop])),
        None => lettered(text, at, end)?,
    };
    let (stop, first) = parted(text, stop, end).unwrap_or((stop, first));
    let wildcard = wild(stop);
    let (last, stop) = match range_end(text, &first, stop, end, &dialect.families) {
        Some((last, behind)) if !wildcard => (Some(last), behind),
        _ => (None, if wildcard { stop + 2 } else { stop }),
    };
    // A date, and an address.
    let date = last.is_none() && bytes.get(stop) == Some(&b'-') && bytes.get(stop + 1).is_some_and(u8::is_ascii_digit);
    let figure = last.is_none() && is_figure(bytes, at, stop);
    if date
        || figure
        || last.is_none() && !wildcard && is_path(bytes, at, stop)
        || first.tail().matches('.').count() > 2
        || first.numbers().any(|number| number > 999)
    {
        return None;
    }
    // A label may follow in parentheses or behind a dash; a word says that the number counts something.
    let rest = text[stop..end].trim_start();
    let word = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '‰' | '°'))
        && !["and ", "through ", "to "].iter().any(|joint| rest.starts_with(joint));
    // `2.x` counts nothing.
    let sure = if word { Certainty::Guess } else { Certainty::Number };
    (!word || wildcard).then_some(Mention { start: at, end: stop, first, last, wildcard, sure })
}

/// A lettered number whose letter stands apart, where the part before it ends at `stop`: `2-A.1`, which is counted as 2A.1.
fn parted(text: &str, stop: usize, end: usize) -> Option<(usize, Id)> {
    let bytes = &text.as_bytes()[..end];
    if !matches!(bytes.get(stop), Some(b'-' | b'.')) || !bytes.get(stop + 1).is_some_and(u8::is_ascii_uppercase) {
        return None;
    }
    let digits = bytes[..stop].iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let close = stop - digits == 0 || !matches!(bytes[stop - digits - 1], b'.' | b'-');
    let behind = match bytes.get(stop + 2) {
        Some(b'.') => number_end(bytes, stop + 3)?,
        Some(b) if b.is_ascii_alphanumeric() || *b == b'-' => return None,
        // `1.X` is a group.
        _ if bytes[stop + 1] == b'X' => return None,
        _ => stop + 2,
    };
    close.then(|| (behind, Id::new(&format!("{}{}", &text[stop - digits..stop], &text[stop + 1..behind]))))
}

/// Whether the number at `start..stop` is part of a share, a time or a version: `10/10`, `10:30`, `3.11+`.
fn is_figure(bytes: &[u8], start: usize, stop: usize) -> bool {
    let whole = !bytes[start..stop].contains(&b'.');
    let digit = bytes.get(stop + 1).is_some_and(u8::is_ascii_digit);
    match bytes.get(stop) {
        Some(b'/') => whole && digit,
        Some(b':') => digit,
        Some(b'+') => !bytes.get(stop + 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b' '),
        _ => false,
    }
}

/// Whether the number at `start..stop` is part of a path or of a file's or branch's name: `specs/007-login/spec.md`.
fn is_path(bytes: &[u8], start: usize, stop: usize) -> bool {
    let letter = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    let inside = start > 1 && matches!(bytes[start - 1], b'/' | b'\\') && {
        // `1.2a/1.3` is a list.
        let before = bytes[start - 2];
        before == b'.' || letter(start - 2) && !(start > 2 && bytes[start - 3].is_ascii_digit())
    };
    inside || matches!(bytes.get(stop), Some(b'-' | b'_' | b'/' | b'\\' | b'.')) && letter(stop + 1)
}

/// Where the figure ends that starts at `at` and is no reference: a date, a share, a time.
fn figure_end(bytes: &[u8], at: usize) -> usize {
    let mut stop = at;
    while bytes.get(stop).is_some_and(|b| {
        let joins = matches!(b, b'.' | b'/' | b':' | b'-') && bytes.get(stop + 1).is_some_and(u8::is_ascii_digit);
        joins || b.is_ascii_digit()
    }) {
        stop += 1;
    }
    stop.max(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines_of;

    fn found(text: &str) -> Option<(String, Vec<String>, Vec<FlawKind>)> {
        let lines: Vec<_> = lines_of(text).collect();
        let found = trace_at(text, &lines[0], &lines[1..], &Masks::default(), &Dialect::home())?;
        let names = found
            .mentions
            .iter()
            .map(|m| m.last.as_ref().map_or(m.first.to_string(), |last| format!("{}..{last}", m.first)));
        Some((text[found.value].to_string(), names.collect(), found.flaws.into_iter().map(|(_, what)| what).collect()))
    }

    fn ids(text: &str) -> Vec<String> {
        found(text).map(|(_, ids, _)| ids).unwrap_or_default()
    }

    #[test]
    fn a_key_may_be_marked_in_many_ways() {
        for text in [
            "_Requirements: FR-1.1, NFR-2_",
            "**Requirements**: FR-1.1, NFR-2",
            "**Refs:** FR-1.1, NFR-2",
            "Requirements: FR-1.1, NFR-2",
            "*Implements: FR-1.1, NFR-2*",
            "**Validates: FR-1.1, NFR-2**",
        ] {
            assert_eq!(ids(text), ["FR-1.1", "NFR-2"], "{text}");
        }
        assert!(found("_Leverage: FR-1.1_").is_none());
        assert!(found("Requirements:").is_none());
    }

    #[test]
    fn a_path_or_link_is_no_reference() {
        for text in [
            "**Spec**: specs/007-complete-milestone/spec.md",
            "**Spec**: 007-complete-milestone",
            "**Spec**: [007-complete](../spec.md)",
            "**Spec**: specs/007",
            "_Requirements: docs/1.2/notes.md_",
            "**Spec**: ../007.md",
        ] {
            assert_eq!(ids(text), [""; 0], "{text}");
        }
        assert_eq!(ids("_Requirements: 1.2a/1.3, 2.1/2.2, 3.x_"), ["1.2a", "1.3", "2.1", "2.2", "3"]);
    }

    #[test]
    fn a_value_ends_at_the_last_closing_mark() {
        let text = "_Requirements: 1.1, NFR Reliability (`GENERATION_MODEL` constant)_";
        assert_eq!(found(text).unwrap().0, "1.1, NFR Reliability (`GENERATION_MODEL` constant)");
        assert_eq!(ids("_Requirements: FR-1.1,\n  FR-1.2_"), ["FR-1.1", "FR-1.2"]);
    }

    #[test]
    fn free_text_is_no_mistake() {
        for text in [
            "_Requirements: All_",
            "_Requirements: NFR Usability_",
            "_Requirements: N/A",
            "Requirements: 3 nodes, 2.5 GHz each",
            "_Requirements: Foundation for all requirements_",
        ] {
            let (_, ids, flaws) = found(text).unwrap();
            assert_eq!((ids.len(), flaws.len()), (0, 0), "{text}");
        }
    }

    #[test]
    fn numbers_count_at_the_start_of_an_element() {
        assert_eq!(ids("_Requirements: 1.1, 2.3_"), ["1.1", "2.3"]);
        assert_eq!(ids("_Requirements: 1, 10_"), ["1", "10"]);
        assert_eq!(ids("_Requirements: 1.1–3.4_"), ["1.1..3.4"]);
        assert_eq!(ids("**Validates: Requirements 1.2**"), ["1.2"]);
        assert_eq!(ids("_Requirements: NF-4 Reliability, NF-6 Security_"), ["NF-4", "NF-6"]);
    }

    #[test]
    fn lettered_numbers_are_references() {
        assert_eq!(ids("_Requirements: 2A.1, 2A, 3_"), ["2A.1", "2A", "3"]);
        assert_eq!(ids("_Requirements: 2A.1-2A.3, 2b.1–3_"), ["2A.1..2A.3", "2b.1..2b.3"]);
        assert_eq!(ids("_Requirements: 2-A.1, 2.A.2_"), ["2A.1", "2A.2"]);
        assert_eq!(ids("_Requirements: US2A.1, US2B_"), ["US2A.1", "US2B"]);
        assert_eq!(ids("_Requirements: 1.1 - 1.3, 2.x, 3.X_"), ["1.1..1.3", "2", "3"]);
    }

    #[test]
    fn figures_are_no_references() {
        for text in [
            "Requirements coverage: 10/10",
            "Requirements: 2/2 covered (100 %)",
            "Requirements: 5 total",
            "Requirements: 3 of 5",
            "Requirements: 2024-01-02",
            "Requirements: 02.01.2024",
            "Requirements: 2024/01/02, 10:30",
            "Requirements: v1.2",
            "Requirements: 100 %, 99.9 %",
            "Requirements: Python 3.11+",
            "Requirements: 3.11+",
            "Requirements: All of section 3",
            "Requirements: All FR-*, NFR-*",
            "Requirements: FR-1x",
            "Requirements: FR 5/5, NFR 2/2",
        ] {
            assert_eq!(ids(text), [""; 0], "{text}");
        }
        let sure = |text: &str| {
            let lines: Vec<_> = lines_of(text).collect();
            trace_at(text, &lines[0], &lines[1..], &Masks::default(), &Dialect::home()).unwrap().mentions.remove(0).sure
        };
        assert_eq!(sure("Requirements: 12"), Certainty::Guess);
        assert_eq!(sure("_Requirements: 12_"), Certainty::Number);
        assert_eq!(ids("Requirements: [1.1, 1.2]"), ["1.1", "1.2"]);
    }

    #[test]
    fn a_trace_line_may_stand_in_brackets_or_end_a_line() {
        let within = |text: &str| {
            let (line, masks, home) = (0..text.len(), Masks::default(), Dialect::home());
            let found = bracketed_at(text, &line, &masks, &home).or_else(|| trailing_at(text, &line, &masks, &home));
            found.map(|found| (text[found.line].to_string(), found.mentions.len()))
        };
        let some = |text: &str, count| Some((text.to_string(), count));
        assert_eq!(within("Write [Requirements: REQ-01, REQ-02]"), some("[Requirements: REQ-01, REQ-02]", 2));
        assert_eq!(within("Write (Requirements: 1.1 (all)) [P]"), some("(Requirements: 1.1 (all))", 1));
        assert_eq!(within("写（需求: 1.1）"), some("（需求: 1.1）", 1));
        assert_eq!(within("Write — Requirements: 1.1, 1.2"), some("Requirements: 1.1, 1.2", 2));
        assert_eq!(within("Write. Requirement Refs: FR-1"), some("Requirement Refs: FR-1", 1));
        assert_eq!(within("Write the spec: FR-1"), None);
        assert_eq!(within("Read Spec: 1.1"), None);
        assert_eq!(within("Write. Requirements: those of FR-1"), None);
        assert_eq!(within("See [the requirements: FR-1]"), None);
    }

    #[test]
    fn criteria_may_be_named_behind_their_requirement() {
        assert_eq!(ids("_Requirements: REQ-3 AC 3, REQ-3 AC 5_"), ["REQ-3.3", "REQ-3.5"]);
        assert_eq!(
            ids("_Requirements: REQ-3 AC 3-4, REQ-5 AC 1, 2, 4, REQ-6_"),
            ["REQ-3.3..REQ-3.4", "REQ-5.1", "REQ-5.2", "REQ-5.4", "REQ-6"]
        );
        assert_eq!(ids("_Requirements: REQ-3 AC 3, 4.1_"), ["REQ-3.3", "4.1"]);
        assert_eq!(ids("_需求：REQ-3 AC1/AC2、REQ-5 AC1、AC2_"), ["REQ-3.1", "REQ-3.2", "REQ-5.1", "REQ-5.2"]);
        assert_eq!(ids("_Requirements: FR-3, AC 3_"), ["FR-3", "AC-3"]);
        assert_eq!(found("_Requirements: REQ-3 AC 3, REQ-5 AC 3_").unwrap().2, []);
    }

    #[test]
    fn flaws_are_what_a_reader_would_mend() {
        assert_eq!(found("_Requirements: FR-1.1, FR-1.2").unwrap().2, [FlawKind::Open("_")]);
        assert_eq!(found("_Requirements: FR-1.1 FR-1.2_").unwrap().2, [FlawKind::Separator]);
        assert_eq!(ids("_Requirements: FR 1.1_"), ["FR-1.1"]);
        assert_eq!(found("_Requirements: FR-1.1 and FR-1.2_").unwrap().2, []);
    }
}
