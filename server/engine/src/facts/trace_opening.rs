//! How a trace line opens: its mark, its key and its colon, and what is wrong with them.

use super::FlawKind;
use super::inline::first_digit;
use crate::dialect::Dialect;
use crate::text::narrow;
use std::ops::Range;

/// A trace line's opening.
pub(super) struct Opening {
    /// The mark that is to be closed; empty where none is.
    pub mark: &'static str,
    /// Where the mark or the key starts.
    pub start: usize,
    /// Where the value starts.
    pub value: usize,
    /// What is wrong with it.
    pub flaw: Option<(Range<usize>, FlawKind)>,
}

impl Opening {
    /// Whether it is read as an opening only if nothing but references follows.
    pub(super) fn is_guessed(&self) -> bool {
        matches!(self.flaw, Some((_, FlawKind::Key(_) | FlawKind::Colon)))
    }
}

/// In bytes.
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

/// Where the first colon of a text stands, be it a wide one.
pub(super) fn first_colon(text: &str) -> Option<Range<usize>> {
    const WIDE: &str = "：";
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b':', WIDE.as_bytes()[0], bytes).find_map(|at| match bytes[at] {
        b':' => Some(at..at + 1),
        _ => bytes[at..].starts_with(WIDE.as_bytes()).then(|| at..at + WIDE.len()),
    })
}

/// Whether a trace line's key may stand at `start`, behind marks: most lines begin with another word.
fn may_open(bytes: &[u8], start: usize, dialect: &Dialect) -> bool {
    let key = start + bytes[start..].iter().take_while(|byte| matches!(byte, b'*' | b'_')).count();
    match bytes.get(key..) {
        // No key is a single letter.
        Some([first, second, ..]) if first.is_ascii_alphanumeric() && second.is_ascii() => {
            dialect.table.traces.keys.may_start(*first, Some(second))
        }
        _ => true,
    }
}

/// The length of what stands before a line's mark by mistake: the sign that escapes it (`\\_Requirements: 1.1*`, as a formatter
/// leaves torn emphasis), and the hyphens of a list without the blank behind (`--_Requirements: 1.1_`).
fn slip_len(line: &str) -> usize {
    let len = if line.starts_with('\\') { 1 } else { line.bytes().take_while(|byte| *byte == b'-').count() };
    if line[len..].starts_with(['_', '*']) { len } else { 0 }
}

pub(super) fn opening(text: &str, line: &Range<usize>, dialect: &Dialect) -> Option<Opening> {
    let content = &text[line.clone()];
    // `🔗 **Requirements**: …`
    let start = match content.bytes().next()? {
        b'\\' | b'-' => line.start + slip_len(content),
        first if first.is_ascii() && !first.is_ascii_whitespace() && first != 11 => line.start,
        _ => {
            let lead = |c: char| c.is_whitespace() || !(c.is_alphanumeric() || c.is_ascii());
            line.end - content.trim_start_matches(lead).len()
        }
    };
    if !may_open(&text.as_bytes()[..line.end], start, dialect) {
        return None;
    }
    let body = &text[start..line.end];
    let inner = body.trim_start_matches(['*', '_']);
    let mark = match &body[..body.len() - inner.len()] {
        "" => "",
        "_" => "_",
        "*" => "*",
        "**" => "**",
        "__" => "__",
        // `**_Requirements**: …_` is closed in some way.
        "**_" | "_**" | "***" => "",
        _ => return None,
    };
    let Key { end, value, flaw } = key(inner, mark, dialect)?;
    let before = line.end - inner.len();
    let bare = inner[..end].trim_end_matches(['*', '_']);
    let mut value = before + value;
    let closed = bare.len() < end || (!mark.is_empty() && text[value..line.end].starts_with(mark));
    if closed && bare.len() == end {
        value += mark.len();
    }
    value = line.end - text[value..line.end].trim_start().len();
    let mark = if closed { "" } else { mark };
    // A block's text begins behind the sign that escapes its first.
    if text[..start].ends_with('\\') && body.starts_with(['*', '_']) {
        return Some(Opening { mark: "", start, value, flaw: Some((start..start, FlawKind::Escaped)) });
    }
    let glued = (start > line.start && content.starts_with('-')).then_some((line.start..start, FlawKind::Marker));
    let flaw = flaw.map(|(range, what)| (before + range.start..before + range.end, what));
    Some(Opening { mark, start, value, flaw: glued.or(flaw) })
}

/// The key of a trace line, and what is wrong with it; offsets are those of what follows the mark.
struct Key {
    /// Where the key ends, closing marks and all.
    end: usize,
    /// Behind the colon.
    value: usize,
    flaw: Option<(Range<usize>, FlawKind)>,
}

/// The key that `inner` begins with, the line behind its mark. One that is misspelt and one that lacks its colon are told
/// from other words by the emphasis and by what follows.
fn key(inner: &str, mark: &str, dialect: &Dialect) -> Option<Key> {
    let head = &inner[..inner.floor_char_boundary(LONGEST_KEY)];
    let colon = first_colon(head);
    if let Some(colon) = &colon {
        let bare = head[..colon.start].trim_end_matches(['*', '_']);
        if dialect.is_trace_key(bare) {
            return Some(Key { end: colon.start, value: colon.end, flaw: None });
        }
        let value = inner[colon.end..].trim_start_matches(['*', '_', ' ']);
        if !mark.is_empty()
            && names_an_id(value)
            && let Some(meant) = dialect.trace_key_like(bare)
        {
            let flaw = Some((0..bare.len(), FlawKind::Key(narrow(meant))));
            return Some(Key { end: colon.start, value: colon.end, flaw });
        }
    }
    // In bold it is a title.
    if !matches!(mark, "_" | "*") || !inner.trim_end().ends_with(mark) {
        return None;
    }
    let digit = first_digit(head.as_bytes())?;
    if colon.is_some_and(|colon| colon.start < digit) {
        return None;
    }
    let value = head[..digit].rfind(' ')? + 1;
    let bare = head[..value].trim_end_matches([' ', ';', ',', '.', '-', '=']);
    let known = dialect.is_trace_key(bare) && dialect.traces_numbers(bare);
    known.then_some(Key { end: bare.len(), value, flaw: Some((bare.len()..value, FlawKind::Colon)) })
}

/// Whether the first word of a value may be an id: a number stands in it.
fn names_an_id(value: &str) -> bool {
    let mut first = value.as_bytes().iter().take_while(|byte| !matches!(byte, b' ' | b',' | b'\t'));
    value.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()) && first.any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(line: &str) -> Option<FlawKind> {
        let opening = opening(line, &(0..line.len()), &Dialect::home())?;
        opening.flaw.map(|(_, what)| what)
    }

    /// The first key of the dialect's table.
    const MEANT: FlawKind = FlawKind::Key(0);

    #[test]
    fn what_is_wrong_with_an_opening_is_said() {
        for (line, what) in [
            ("--_Requirements: 1.1_", Some(FlawKind::Marker)),
            ("-_Requirements: 1.1_", Some(FlawKind::Marker)),
            ("-**Requirements**: 1.1", Some(FlawKind::Marker)),
            ("_Requirments: 1.1_", Some(MEANT)),
            ("**Requirmeents:** FR-1", Some(MEANT)),
            ("_Requirements 1.1, 2.1_", Some(FlawKind::Colon)),
            ("_Requirements; FR-1.1_", Some(FlawKind::Colon)),
            ("_Requirements: 1.1_", None),
            ("*Reason: 1.1*", None),
            ("**Requirement ID:** CBIN-144", None),
            ("_Requirements of 1.1_", None),
            ("**Requirement 1.1**", None),
            ("_Requirement 1.1_ is met", None),
            ("Requirements 1.1, 2.1", None),
            ("Requirments: 1.1", None),
            ("_Requirments: as told_", None),
        ] {
            assert_eq!(flaw(line), what, "{line}");
        }
    }
}
