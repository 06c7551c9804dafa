//! Trace lines: `_Requirements: FR-1.1, NFR-1.1_`, their keys, values and flaws.

use super::inline::{Elsewhere, Masks, Mention, mention_at, number_end, range_end, slash_after};
use super::{FlawKind, Sure};
use crate::dialect::{Dialect, contains};
use crate::id::Id;
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

/// A trace line's opening: its mark, and where key and value start.
struct Opening {
    mark: &'static str,
    start: usize,
    value: usize,
}

const LONGEST_KEY: usize = 64;

/// Where the value of the trace line `line` begins, be it empty; for a line that is being typed.
#[must_use]
pub fn trace_value_start(line: &str, dialect: &Dialect) -> Option<usize> {
    let item = line.trim_start().trim_start_matches(['>', ' ', '-', '*', '+']);
    let marks = line.len() - item.len();
    // A list's marker and an emphasis' mark may be the same sign; with either reading it is a trace line or not.
    let starts = [
        line.len() - line.trim_start_matches([' ', '\t', '>']).len(),
        line.find("- ").map_or(0, |at| at + 2),
        line.find("* ").map_or(0, |at| at + 2),
        marks,
    ];
    starts.into_iter().find_map(|start| opening(line, &(start..line.len()), dialect)).map(|opening| opening.value)
}

fn opening(text: &str, line: &Range<usize>, dialect: &Dialect) -> Option<Opening> {
    let content = &text[line.clone()];
    let start = line.start + (content.len() - content.trim_start().len());
    let body = &text[start..line.end];
    let head = &body[..body.floor_char_boundary(LONGEST_KEY)];
    let colon = head.find([':', '：'])?;
    let inner = head.trim_start_matches(['*', '_']);
    let lead = body.len() - body.trim_start_matches(['*', '_']).len();
    let mark = match &body[..lead] {
        "" => "",
        "_" => "_",
        "*" => "*",
        "**" => "**",
        "__" => "__",
        // `**_Requirements**: …_` is closed in some way.
        "**_" | "_**" | "***" => "",
        _ => return None,
    };
    let key = &inner[..colon.checked_sub(lead)?];
    let bare = key.trim_end_matches(['*', '_']);
    if !dialect.is_trace_key(bare) {
        return None;
    }
    let sign = if body[colon..].starts_with(':') { 1 } else { '：'.len_utf8() };
    let mut value = start + colon + sign;
    let closed = bare.len() < key.len() || (!mark.is_empty() && text[value..line.end].starts_with(mark));
    if closed && bare.len() == key.len() {
        value += mark.len();
    }
    value = line.end - text[value..line.end].trim_start().len();
    Some(Opening { mark: if closed { "" } else { mark }, start, value })
}

/// The trace line that starts at `lines[0]`, a line of one block; it may wrap into the next few.
pub(super) fn trace_at(text: &str, lines: &[Range<usize>], masks: &Masks, dialect: &Dialect) -> Option<Found> {
    let first = lines.first()?;
    let Opening { mark, start, value } = opening(text, first, dialect)?;
    let mut flaws = Vec::new();
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
            let ahead =
                lines.iter().enumerate().skip(1).take(4).take_while(|(_, line)| opening(text, line, dialect).is_none());
            let mut ahead =
                ahead.map(|(at, line)| (at, closing(line, line.start).filter(|found| closes(line, *found))));
            ahead.find_map(|(at, found)| Some((at + 1, found?)))
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
    let mentions = mentions(text, value, end, masks, dialect, numbers);
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
                at = mention.end;
                elsewhere.mark(text, start, &mut mention, &dialect.table.ids);
                while let Some(next) = slash_after(text, &mention, end) {
                    at = next.end;
                    out.push(std::mem::replace(&mut mention, next));
                }
                out.push(mention);
                element = false;
                continue;
            }
            let stop = at + bytes[at..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
            let word = &text[at..stop];
            let is_noun = element && contains(nouns, word);
            noun |= is_noun;
            // `(validates 2.1)` and `all IPC requirements (3.1-3.5)` within a list open another one.
            element = is_noun
                || dialect.is_trace_key(word)
                || word.eq_ignore_ascii_case("and")
                || element && word.eq_ignore_ascii_case("all");
            at = stop;
        } else if byte.is_ascii_digit() && word_start && element {
            element = false;
            match number(text, at, end, dialect).filter(|found| !inner || found.first.parent().is_some()) {
                Some(mut mention) => {
                    at = mention.end;
                    if !(numbers || noun) {
                        mention.sure = Sure::Guess;
                    }
                    out.push(mention);
                }
                None => at += 1,
            }
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            match c {
                ',' | ';' | '/' | '·' | '、' | '，' | '；' | '|' | '&' | '+' => element = true,
                ' ' | '\t' | '\n' | '\r' | '>' | '*' | '_' => {}
                '(' | '（' => inner = true,
                ')' | '）' => (element, inner) = (false, false),
                _ => element = false,
            }
            at += c.len_utf8();
        }
    }
    out
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
    let first = Id::new(&format!("{family}-{}", &text[stop + 1..number]));
    Some(Mention { start: at, end: number, first, last: None, wildcard: false, sure: Sure::Spaced })
}

/// A bare number, a range of them or a wildcard at the start of a list's element.
fn number(text: &str, at: usize, end: usize, dialect: &Dialect) -> Option<Mention> {
    let bytes = &text.as_bytes()[..end];
    let wild = |stop: usize| {
        let dot = bytes.get(stop) == Some(&b'.') && matches!(bytes.get(stop + 1), Some(b'x' | b'*'));
        dot && !bytes.get(stop + 2).is_some_and(u8::is_ascii_alphanumeric)
    };
    let stop = number_end(bytes, at)?;
    let first = Id::new(&text[at..stop]);
    let wildcard = wild(stop);
    let (last, stop) = match range_end(text, &first, stop, end, &dialect.families) {
        Some((last, behind)) if !wildcard => (Some(last), behind),
        _ => (None, if wildcard { stop + 2 } else { stop }),
    };
    // A date, and an address.
    let date = last.is_none() && bytes.get(stop) == Some(&b'-') && bytes.get(stop + 1).is_some_and(u8::is_ascii_digit);
    if date || first.tail().matches('.').count() > 2 {
        return None;
    }
    // A label may follow in parentheses or behind a dash; a word says that the number counts something.
    let rest = text[stop..end].trim_start();
    let word = rest.starts_with(char::is_alphanumeric)
        && !["and ", "through ", "to "].iter().any(|joint| rest.starts_with(joint));
    (!word).then_some(Mention { start: at, end: stop, first, last, wildcard, sure: Sure::Number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines_of;

    fn found(text: &str) -> Option<(String, Vec<String>, Vec<FlawKind>)> {
        let lines: Vec<_> = lines_of(text).collect();
        let found = trace_at(text, &lines, &Masks::default(), &Dialect::home())?;
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
    fn flaws_are_what_a_reader_would_mend() {
        assert_eq!(found("_Requirements: FR-1.1, FR-1.2").unwrap().2, [FlawKind::Open("_")]);
        assert_eq!(found("_Requirements: FR-1.1 FR-1.2_").unwrap().2, [FlawKind::Separator]);
        assert_eq!(ids("_Requirements: FR 1.1_"), ["FR-1.1"]);
        assert_eq!(found("_Requirements: FR-1.1 and FR-1.2_").unwrap().2, []);
    }
}
