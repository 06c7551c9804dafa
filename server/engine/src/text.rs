//! Text as places: byte spans inside, lines and columns (UTF-8, UTF-16 or UTF-32) at the edge; all column arithmetic is here.

use ropey::Rope;

/// A stretch of text in bytes, end excluded. Offsets are relative to whatever owns the span (a file, a segment).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end` in bytes.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: narrow(start), end: narrow(end.max(start)) }
    }

    /// The empty span at `at`.
    #[must_use]
    pub fn at(at: usize) -> Self {
        Self::new(at, at)
    }

    /// The span moved `by` bytes towards the end.
    #[must_use]
    pub fn shifted(self, by: u32) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// Whether `offset` is inside or at either edge: a cursor behind the last letter of a word still means that word.
    #[must_use]
    pub fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Whether all of `other` is inside.
    #[must_use]
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as a range of byte indices.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// `word` with its first letter as a capital.
pub(crate) fn capitalised(word: &str) -> String {
    word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect()
}

/// Offsets are 32 bits wide; files over 4 GiB are refused long before they get here.
pub(crate) fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Text without what stands around it. Most has nothing there, or blanks that are ASCII: letters are taken apart only where it
/// begins or ends with one that is not.
pub(crate) trait Trim {
    /// As [`str::trim`] does.
    fn trimmed(&self) -> &str;
    /// As [`str::trim_end`] does.
    fn trimmed_end(&self) -> &str;
    /// Without these bytes, which are ASCII, at either end.
    fn without(&self, around: impl Fn(u8) -> bool) -> &str;
}

impl Trim for str {
    #[inline]
    fn trimmed(&self) -> &str {
        let inner = self.without(is_blank);
        let wide = |byte: Option<&u8>| byte.is_some_and(|byte| !byte.is_ascii());
        let bytes = inner.as_bytes();
        if wide(bytes.first()) || wide(bytes.last()) { inner.trim() } else { inner }
    }

    #[inline]
    fn trimmed_end(&self) -> &str {
        let bytes = self.as_bytes();
        let mut end = bytes.len();
        while end > 0 && is_blank(bytes[end - 1]) {
            end -= 1;
        }
        let inner = &self[..end];
        if end > 0 && !bytes[end - 1].is_ascii() { inner.trim_end() } else { inner }
    }

    #[inline]
    fn without(&self, around: impl Fn(u8) -> bool) -> &str {
        let bytes = self.as_bytes();
        let (mut start, mut end) = (0, bytes.len());
        while start < end && around(bytes[start]) {
            start += 1;
        }
        while end > start && around(bytes[end - 1]) {
            end -= 1;
        }
        &self[start..end]
    }
}

/// Whether a byte is a blank that is ASCII, as [`char::is_whitespace`] says.
#[inline]
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | 9..=13)
}

/// Where the first byte stands that is not ASCII.
pub(crate) fn first_wide(bytes: &[u8]) -> Option<usize> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    if bytes.first().is_some_and(|first| !first.is_ascii()) {
        return Some(0);
    }
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let high = u64::from_le_bytes(*word) & HIGH;
        if high != 0 {
            return Some(at * 8 + high.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| !byte.is_ascii()).map(|at| words.len() * 8 + at)
}

/// Where each line of `text` starts, in bytes; each of the three ways to end a line is one end.
#[must_use]
pub fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    each_line_end(text.as_bytes(), |end| starts.push(end));
    starts
}

/// Calls `found` with the place behind each end of a line.
fn each_line_end(bytes: &[u8], mut found: impl FnMut(usize)) {
    // Few texts hold a carriage return.
    if memchr::memchr(b'\r', bytes).is_none() {
        return each_line_feed(bytes, |at| found(at + 1));
    }
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).for_each(|at| found(at + 1));
}

/// Calls `found` with the place of each line feed.
fn each_line_feed(bytes: &[u8], mut found: impl FnMut(usize)) {
    const FEEDS: u64 = 0x0a0a_0a0a_0a0a_0a0a;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let others = u64::from_le_bytes(*word) ^ FEEDS;
        // The highest bit of each byte that is one.
        let mut feeds = !(((others & LOW) + LOW) | others | LOW);
        while feeds != 0 {
            found(at * 8 + feeds.trailing_zeros() as usize / 8);
            feeds &= feeds - 1;
        }
    }
    let behind = words.len() * 8;
    rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n').for_each(|(at, _)| found(behind + at));
}

/// The unit in which columns are counted (LSP 3.17, `PositionEncodingKind`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, LSP's default.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// How many columns `c` takes.
    #[must_use]
    pub fn width(self, c: char) -> u32 {
        match self {
            Self::Utf8 => narrow(c.len_utf8()),
            Self::Utf16 => narrow(c.len_utf16()),
            Self::Utf32 => 1,
        }
    }

    /// How many columns a character of `bytes` bytes in UTF-8 takes.
    fn width_of_bytes(self, bytes: u32) -> u32 {
        match self {
            Self::Utf8 => bytes,
            Self::Utf16 => 1 + u32::from(bytes == 4),
            Self::Utf32 => 1,
        }
    }
}

/// A place as an editor says it: line and column from 0, the column in the units of an [`Encoding`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line from 0. Lines end with `\n`, `\r\n` or `\r` (LSP 3.17, "Text Documents").
    pub line: u32,
    /// Column from 0.
    pub column: u32,
}

/// Two positions, end excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// First position.
    pub start: Position,
    /// One past the last position.
    pub end: Position,
}

/// Puts a number behind `out`, in as many bytes as it needs: seven bits in each, the lowest first.
#[inline]
pub(crate) fn put_number(out: &mut Vec<u8>, mut number: u32) {
    #[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is below 128")]
    out.push(number as u8);
}

/// Takes a number from the front of `bytes`; where they end, what is there of it.
#[inline]
pub(crate) fn take_number(bytes: &mut &[u8]) -> u32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u32::from(byte & 0x7F) << shift;
        shift += 7;
        if *byte < 0x80 || shift > 28 {
            break;
        }
    }
    number
}

/// The lines of a text without the text: enough to turn offsets into positions, in every encoding. Kept for every file of
/// a workspace, so lengths of lines take a byte each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The length of each line with its terminator; [`LONG`] stands for as many bytes of a line that goes on.
    lengths: Box<[u8]>,
    steps: Box<[Step]>,
    /// The runs of characters of the same width above one byte: how far each begins behind the one before or behind its step;
    /// how many characters, and in the lowest two bits how many bytes each takes, less one.
    wide: Box<[u8]>,
    len: u32,
}

/// Where every [`STEP`]-th entry of the lengths begins, the number of its line, where that begins, and the first of the bytes
/// that tell of runs from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    start: u32,
    line: u32,
    first: u32,
    wide: u32,
}

const LONG: u8 = u8::MAX;
const STEP: usize = 64;

impl Lines {
    /// The lines of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        /// In bytes; plan documents are close to it.
        const USUAL: usize = 40;
        let mut lengths = Vec::with_capacity(text.len() / USUAL);
        let mut steps = Vec::with_capacity(text.len() / USUAL / STEP + 1);
        let (mut start, mut line, mut first) = (0, 0, 0);
        let mut push = |start: &mut usize, line: u32, first: usize, length: u8| {
            if lengths.len() % STEP == 0 {
                steps.push(Step { start: narrow(*start), line, first: narrow(first), wide: 0 });
            }
            lengths.push(length);
            *start += usize::from(length);
        };
        let mut end_line = |end: usize| {
            // Nearly all lines.
            if let Ok(length) = u8::try_from(end - start)
                && length < LONG
            {
                push(&mut start, line, first, length);
                line += 1;
                first = start;
                return;
            }
            while end - start >= usize::from(LONG) {
                push(&mut start, line, first, LONG);
            }
            let rest = u8::try_from(end - start).unwrap_or(LONG);
            push(&mut start, line, first, rest);
            line += 1;
            first = start;
        };
        each_line_end(bytes, &mut end_line);
        end_line(text.len());
        let wide = pack_wide(text, &mut steps);
        Self { lengths: lengths.into(), steps: steps.into(), wide: wide.into(), len: narrow(text.len()) }
    }

    /// How many bytes are kept beside the value itself.
    #[must_use]
    pub fn memory(&self) -> usize {
        size_of_val(&*self.lengths) + size_of_val(&*self.steps) + size_of_val(&*self.wide)
    }

    /// The position of `offset`; behind the end it is the end's.
    #[must_use]
    pub fn position(&self, offset: u32, encoding: Encoding) -> Position {
        let offset = offset.min(self.len);
        let (line, start) = self.line_at(offset);
        let mut column = offset - start;
        if encoding != Encoding::Utf8 && !self.wide.is_empty() {
            column -= self.saved_between(start, offset, encoding);
        }
        Position { line, column }
    }

    /// The positions of a span.
    #[must_use]
    pub fn range(&self, span: Span, encoding: Encoding) -> Range {
        Range { start: self.position(span.start, encoding), end: self.position(span.end, encoding) }
    }

    fn step_of(&self, offset: u32) -> usize {
        self.steps.partition_point(|step| step.start <= offset).saturating_sub(1)
    }

    /// How many columns fewer than bytes there are from `start`, where a line begins, to `offset` in it.
    fn saved_between(&self, start: u32, offset: u32, encoding: Encoding) -> u32 {
        let mut saved = 0;
        let first = self.step_of(start);
        for (at, step) in self.steps.iter().enumerate().skip(first).take_while(|(_, step)| step.start < offset) {
            let end = self.steps.get(at + 1).map_or(self.wide.len(), |next| next.wide as usize);
            let (mut bytes, mut from) = (self.wide.get(step.wide as usize..end).unwrap_or_default(), step.start);
            while !bytes.is_empty() {
                let begin = from + take_number(&mut bytes);
                let packed = take_number(&mut bytes);
                let width = (packed & 3) + 1;
                if begin >= offset {
                    return saved;
                }
                from = begin + (packed >> 2) * width;
                // Lines end in ASCII, so a run never crosses one.
                if begin >= start {
                    saved += ((from.min(offset) - begin) / width) * (width - encoding.width_of_bytes(width));
                }
            }
        }
        saved
    }

    /// The line that holds `offset`, and its first byte.
    fn line_at(&self, offset: u32) -> (u32, u32) {
        let step = self.step_of(offset);
        let Some(&Step { start: mut at, mut line, first: mut start, .. }) = self.steps.get(step) else { return (0, 0) };
        for (index, length) in self.lengths.iter().enumerate().skip(step * STEP) {
            let end = at + u32::from(*length);
            if offset < end || index + 1 == self.lengths.len() {
                break;
            }
            at = end;
            if *length != LONG {
                line += 1;
                start = end;
            }
        }
        (line, start)
    }

    /// The first byte of the line that holds `offset`.
    pub(crate) fn line_start(&self, offset: u32) -> u32 {
        self.line_at(offset.min(self.len)).1
    }

    /// How many lines there are; an empty text has one.
    #[must_use]
    pub fn count(&self) -> usize {
        let (step, line) = match self.steps.last() {
            Some(Step { line, .. }) => ((self.steps.len() - 1) * STEP, *line as usize),
            None => return 1,
        };
        line + self.lengths[step..].iter().filter(|length| **length != LONG).count()
    }
}

/// The runs of wide characters of `text`; each of `steps` is told where its own begin.
fn pack_wide(text: &str, steps: &mut [Step]) -> Vec<u8> {
    let (bytes, mut out) = (text.as_bytes(), Vec::new());
    let mut at = 0;
    // What is behind the run before, and the step that comes next.
    let (mut from, mut next) = (0, 0);
    while let Some(start) = first_wide(&bytes[at..]).map(|behind| at + behind) {
        let width = width_at(bytes, start);
        let mut end = start + width;
        while width > 1 && width_at(bytes, end) == width {
            end += width;
        }
        while let Some(step) = steps.get_mut(next).filter(|step| step.start as usize <= start) {
            (step.wide, from) = (narrow(out.len()), step.start as usize);
            next += 1;
        }
        put_number(&mut out, narrow(start - from));
        put_number(&mut out, narrow((end - start) / width) << 2 | narrow(width - 1));
        (at, from) = (end, end);
    }
    let all = narrow(out.len());
    steps.iter_mut().skip(next).for_each(|step| step.wide = all);
    out
}

/// How many bytes the character at `at` takes; 1 at the end.
fn width_at(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(0xC0..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..) => 4,
        _ => 1,
    }
}

/// The position of byte `offset` of `rope`; behind the end it is the end's.
#[must_use]
pub fn position_in(rope: &Rope, offset: u32, encoding: Encoding) -> Position {
    let offset = (offset as usize).min(rope.len_bytes());
    if let Some(position) = position_in_chunk(rope, offset, encoding) {
        return position;
    }
    let line = rope.byte_to_line(offset);
    let start = rope.line_to_byte(line);
    let column = match encoding {
        Encoding::Utf8 => offset - start,
        Encoding::Utf32 => rope.byte_to_char(offset) - rope.byte_to_char(start),
        Encoding::Utf16 => {
            rope.char_to_utf16_cu(rope.byte_to_char(offset)) - rope.char_to_utf16_cu(rope.byte_to_char(start))
        }
    };
    Position { line: narrow(line), column: narrow(column) }
}

/// The same where the line begins in the stretch of the rope that holds the byte, as most do: then the rope is gone down once.
fn position_in_chunk(rope: &Rope, offset: usize, encoding: Encoding) -> Option<Position> {
    let (chunk, start, _, lines) = rope.chunk_at_byte(offset);
    let before = chunk.get(..offset - start)?;
    // A carriage return may be half of a line's end.
    if memchr::memchr(b'\r', before.as_bytes()).is_some() {
        return None;
    }
    let line = &before[memchr::memrchr(b'\n', before.as_bytes())? + 1..];
    let column = if line.is_ascii() { narrow(line.len()) } else { line.chars().map(|c| encoding.width(c)).sum() };
    let lines = lines + memchr::memchr_iter(b'\n', before.as_bytes()).count();
    Some(Position { line: narrow(lines), column })
}

/// The byte offset of `position` in `rope`. A line behind the last is the end of the text, a column behind the line's end
/// is that end (before its terminator), and a column inside a character is the character's start: LSP wants positions
/// that do not exist to be moved to one that does.
#[must_use]
pub fn offset_in(rope: &Rope, position: Position, encoding: Encoding) -> u32 {
    let line = position.line as usize;
    if line >= rope.len_lines() {
        return narrow(rope.len_bytes());
    }
    let start = rope.line_to_byte(line);
    let mut left = position.column;
    let mut offset = start;
    for c in rope.line(line).chars() {
        let width = encoding.width(c);
        if left < width || c == '\n' || c == '\r' {
            break;
        }
        left -= width;
        offset += c.len_utf8();
    }
    narrow(offset)
}

/// The lines of `text` as byte ranges without their terminators.
pub(crate) fn lines_of(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let bytes = &text.as_bytes()[start..];
        let Some(len) = memchr::memchr2(b'\n', b'\r', bytes) else {
            next = None;
            return Some(start..text.len());
        };
        let crlf = bytes[len] == b'\r' && bytes.get(len + 1) == Some(&b'\n');
        next = Some(start + len + 1 + usize::from(crlf));
        Some(start..start + len)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn a_line_starts_behind_each_of_the_three_ends() {
        for (text, starts) in
            [("", &[0][..]), ("a\nbc\n\nd", &[0, 2, 5, 6]), ("a\r\nb\rc\n\rd", &[0, 3, 5, 7, 8]), ("\r\n", &[0, 2])]
        {
            assert_eq!(line_starts(text), starts, "{text:?}");
        }
    }

    #[test]
    fn a_column_counts_the_units_of_its_encoding() {
        let text = "# 👩‍👧 FR-1\r\né中 FR-2";
        let lines = Lines::of(text);
        let at = |word: &str| narrow(text.find(word).unwrap());
        let columns = |word| ALL.map(|encoding| lines.position(at(word), encoding).column);
        assert_eq!(columns("FR-1"), [14, 8, 6]);
        assert_eq!(columns("FR-2"), [6, 3, 3]);
    }

    #[test]
    fn every_line_terminator_of_the_protocol_ends_a_line() {
        let lines = Lines::of("a\nb\r\nc\rd");
        assert_eq!(lines.count(), 4);
        assert_eq!(lines.position(7, Encoding::Utf16), Position { line: 3, column: 0 });
        assert_eq!(Lines::of("").count(), 1);
    }

    #[test]
    fn a_position_that_does_not_exist_moves_to_one_that_does() {
        let rope = Rope::from_str("a👍\r\nb");
        let at = |line, column| offset_in(&rope, Position { line, column }, Encoding::Utf16);
        assert_eq!(at(0, 2), 1, "inside a surrogate pair");
        assert_eq!(at(0, 99), 5, "behind the line's end");
        assert_eq!(at(7, 0), 8, "behind the last line");
    }

    #[test]
    fn long_lines_and_many_lines_are_found() {
        for text in [
            format!("{}\n{}\nend", "x".repeat(254), "é".repeat(700)),
            "a\n".repeat(300),
            format!("{}b", "y".repeat(255)),
        ] {
            let (rope, lines) = (Rope::from_str(&text), Lines::of(&text));
            assert_eq!(rope.len_lines(), lines.count());
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                assert_eq!(
                    lines.position(narrow(offset), Encoding::Utf16),
                    position_in(&rope, narrow(offset), Encoding::Utf16),
                    "{offset}"
                );
            }
        }
    }

    #[test]
    fn rope_and_lines_agree_where_a_rope_has_many_stretches() {
        let text = format!("{}{}{}", "ab é 👍 c\n\n".repeat(300), "x中".repeat(2000), "y\r\nzz\rw\n".repeat(300));
        let (rope, lines) = (Rope::from_str(&text), Lines::of(&text));
        for (offset, _) in text.char_indices().step_by(7).chain([(text.len(), ' ')]) {
            let offset = narrow(offset);
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                assert_eq!(position_in(&rope, offset, encoding), lines.position(offset, encoding), "{offset}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_trimmed_is_what_the_standard_library_trims(text in "[a \\t\\n\\r\\x0b\\x0c\\x1c\\u{85}\\u{a0}\\u{3000}é*]{0,8}") {
            prop_assert_eq!(text.trimmed(), text.trim());
            prop_assert_eq!(text.trimmed_end(), text.trim_end());
            prop_assert_eq!(text.without(|byte| byte == b'*'), text.trim_matches('*'));
        }

        #[test]
        fn rope_and_lines_agree_and_positions_lead_back(text in "[a-c\\n\\réé中👍 ]{0,40}") {
            let (rope, lines) = (Rope::from_str(&text), Lines::of(&text));
            prop_assert_eq!(rope.len_lines(), lines.count());
            for (offset, _) in text.char_indices() {
                for encoding in ALL {
                    let position = lines.position(narrow(offset), encoding);
                    prop_assert_eq!(position, position_in(&rope, narrow(offset), encoding));
                    // Between \r and \n there is no position; everything else is its own.
                    if !(text[..offset].ends_with('\r') && text[offset..].starts_with('\n')) {
                        prop_assert_eq!(offset_in(&rope, position, encoding), narrow(offset));
                    }
                }
            }
            let cut: Vec<&str> = lines_of(&text).map(|line| &text[line]).collect();
            prop_assert_eq!(cut.len(), lines.count());
        }
    }
}
