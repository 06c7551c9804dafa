//! Lines and columns as the protocol counts them, written apart from the server's own arithmetic.

use serde_json::{Value, json};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what a client means that says nothing.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Utf8, Self::Utf16, Self::Utf32];

    /// Its name in the protocol.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// The encoding of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.name() == name)
    }

    /// How many columns `text` takes.
    #[must_use]
    pub fn width(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Utf32 => text.chars().count(),
        }
    }
}

/// A line and a column, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 0.
    pub line: usize,
    /// Column, from 0, in units of the encoding that was agreed.
    pub character: usize,
}

impl Position {
    /// As the protocol writes it.
    #[must_use]
    pub fn json(self) -> Value {
        json!({ "line": self.line, "character": self.character })
    }

    /// Read from the protocol.
    ///
    /// # Panics
    /// When `value` is not a position.
    #[must_use]
    pub fn decode(value: &Value) -> Self {
        let number = |key: &str| {
            let number = value[key].as_u64().unwrap_or_else(|| panic!("not a position: {value}"));
            usize::try_from(number).expect("a column fits")
        };
        Self { line: number("line"), character: number("character") }
    }
}

/// The lines of `text` with where each begins, in bytes; without their ends, which are `\n`, `\r\n` or `\r`.
#[must_use]
pub fn lines(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let end = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
            b'\r' | b'\n' => 1,
            _ => 0,
        };
        if end == 0 {
            at += 1;
            continue;
        }
        lines.push((start, &text[start..at]));
        at += end;
        start = at;
    }
    lines.push((start, &text[start..]));
    lines
}

/// Where the byte `offset` of `text` is.
#[must_use]
pub fn position(text: &str, offset: usize, encoding: Encoding) -> Position {
    let lines = lines(text);
    let line = lines.partition_point(|(start, _)| *start <= offset) - 1;
    let (start, words) = lines[line];
    let within = (offset - start).min(words.len());
    Position { line, character: encoding.width(&words[..within]) }
}

/// The byte of `text` at `position`.
///
/// # Panics
/// When the position is outside the text or inside a character: a server must never name such a place.
#[must_use]
pub fn offset(text: &str, position: Position, encoding: Encoding) -> usize {
    let lines = lines(text);
    let (start, words) = *lines.get(position.line).unwrap_or_else(|| panic!("{position:?} is below {text:?}"));
    let ends = words.char_indices().map(|(at, _)| at).chain([words.len()]);
    for at in ends {
        if encoding.width(&words[..at]) == position.character {
            return start + at;
        }
    }
    panic!("{position:?} is no place between characters of {words:?} in {}", encoding.name())
}

/// What `text` holds in a range of the protocol.
///
/// # Panics
/// When the range is not one of this text.
#[must_use]
pub fn slice<'a>(text: &'a str, range: &Value, encoding: Encoding) -> &'a str {
    let start = offset(text, Position::decode(&range["start"]), encoding);
    let end = offset(text, Position::decode(&range["end"]), encoding);
    &text[start..end]
}

/// `text` after edits of the protocol that do not overlap.
///
/// # Panics
/// When an edit's range is not one of this text.
#[must_use]
pub fn edited(text: &str, edits: &[Value], encoding: Encoding) -> String {
    let mut spans: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let place = |side: &str| offset(text, Position::decode(&edit["range"][side]), encoding);
            (place("start"), place("end"), edit["newText"].as_str().expect("an edit has a newText"))
        })
        .collect();
    spans.sort_by_key(|span| (span.0, span.1));
    let mut result = text.to_owned();
    for (start, end, new) in spans.into_iter().rev() {
        result.replace_range(start..end, new);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_line_ends_end_lines() {
        let found: Vec<&str> = lines("a\r\nb\rc\n").into_iter().map(|(_, line)| line).collect();
        assert_eq!(found, ["a", "b", "c", ""]);
    }

    #[test]
    fn columns_count_in_each_encoding() {
        let text = "x\n🎉 字 FR";
        let at = text.find("FR").unwrap();
        for (encoding, column) in [(Encoding::Utf8, 9), (Encoding::Utf16, 5), (Encoding::Utf32, 4)] {
            let place = position(text, at, encoding);
            assert_eq!(place, Position { line: 1, character: column });
            assert_eq!(offset(text, place, encoding), at);
        }
    }
}
