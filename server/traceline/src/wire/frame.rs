//! Cuts a byte stream into message bodies by the LSP base protocol, and finds the next message after anything else.

/// The longest body that is read, in bytes. The largest plan measured has 10 MB; JSON escapes can double that, and a
/// longer message is more likely a corrupt length, which would otherwise swallow every message after it.
pub(super) const LONGEST_BODY: usize = 64 << 20;

/// The longest header line, in bytes. A longer one is the remainder of a body that was given up.
const LONGEST_LINE: usize = 8 << 10;

/// What of an overlong line is kept, in bytes: enough for a `Content-Length` header that has arrived in part.
const KEPT_TAIL: usize = 64;

const LENGTH: &[u8] = b"content-length";
const TYPE: &[u8] = b"content-type";

/// What the stream held next.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// The bytes of one message; whether they are JSON is not known yet.
    Body(Vec<u8>),
    /// Headers that announce no readable body, with the reason in the client's words.
    Refused(String),
}

/// The state between two reads of the stream.
#[derive(Debug, Default)]
pub(super) struct Framer {
    bytes: Vec<u8>,
    /// Everything before this offset has been consumed.
    start: usize,
    /// No line feed lies between `start` and this offset.
    searched: usize,
    /// The body's length, once its header was read.
    length: Option<usize>,
    /// Whether a `Content-Type` header named an encoding that is not UTF-8.
    foreign: bool,
    /// Whether the empty line after the headers was read: what follows is the body.
    in_body: bool,
}

impl Framer {
    /// Takes in what was read from the stream.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.searched -= self.start;
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next piece of the stream, or `None` when more bytes are needed.
    pub(super) fn next(&mut self) -> Option<Piece> {
        loop {
            if self.in_body {
                let end = self.start + self.length?;
                let body = self.bytes.get(self.start..end)?.to_vec();
                let foreign = self.foreign;
                self.begin_headers(end);
                if foreign {
                    return Some(Piece::Refused("the message's charset is not utf-8".to_owned()));
                }
                return Some(Piece::Body(body));
            }
            if let Err(reason) = self.header_line()? {
                return Some(Piece::Refused(reason));
            }
        }
    }

    /// Puts back the part of a body that turned out to be the next messages. True if there was such a part: a body that
    /// is no JSON and holds a `Content-Length` line was announced with a wrong length.
    pub(super) fn recover(&mut self, body: &[u8]) -> bool {
        let Some(at) = find_header(body) else { return false };
        self.bytes.splice(self.start..self.start, body[at..].iter().copied());
        self.begin_headers(self.start);
        true
    }

    fn begin_headers(&mut self, at: usize) {
        self.start = at;
        self.searched = at;
        self.length = None;
        self.foreign = false;
        self.in_body = false;
    }

    /// Consumes one header line; `None` when it has not arrived whole.
    fn header_line(&mut self) -> Option<Result<(), String>> {
        let Some(found) = self.bytes[self.searched..].iter().position(|&byte| byte == b'\n') else {
            if self.bytes.len() - self.start > LONGEST_LINE {
                self.start = self.bytes.len() - KEPT_TAIL;
            }
            self.searched = self.bytes.len();
            return None;
        };
        let end = self.searched + found;
        let line = self.bytes[self.start..end].trim_ascii();
        let header = if line.is_empty() { None } else { Some(Header::of(line)) };
        self.start = end + 1;
        self.searched = self.start;
        match header {
            // An empty line without a length ends garbage, or the headers of a body that was refused.
            None => self.in_body = self.length.is_some(),
            Some(Header::Length(Ok(length))) => self.length = Some(length),
            Some(Header::Length(Err(reason))) => {
                self.length = None;
                return Some(Err(reason));
            }
            Some(Header::Charset { utf8 }) => self.foreign = !utf8,
            Some(Header::Other) => {}
        }
        Some(Ok(()))
    }
}

enum Header {
    Length(Result<usize, String>),
    Charset { utf8: bool },
    Other,
}

impl Header {
    fn of(line: &[u8]) -> Header {
        if let Some(value) = value_of(line, LENGTH) {
            return Header::Length(length_in(value));
        }
        if let Some(value) = value_of(line, TYPE) {
            return Header::Charset { utf8: is_utf8(value) };
        }
        Header::Other
    }
}

/// What stands after `name:` in the line.
fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let rest = line[name_at(line, name)? + name.len()..].trim_ascii_start();
    Some(rest[1..].trim_ascii())
}

/// The offset of `name:` in the line. It may follow garbage, such as a body that was given up, but not letters, digits
/// or dashes: those make it another header's name.
fn name_at(line: &[u8], name: &[u8]) -> Option<usize> {
    (0..line.len().saturating_sub(name.len())).rev().find(|&at| {
        line[at..at + name.len()].eq_ignore_ascii_case(name)
            && !at.checked_sub(1).is_some_and(|before| line[before].is_ascii_alphanumeric() || line[before] == b'-')
            && line[at + name.len()..].trim_ascii_start().starts_with(b":")
    })
}

fn length_in(value: &[u8]) -> Result<usize, String> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err("Content-Length is not a number of bytes".to_owned());
    }
    match std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok()) {
        Some(length) if length <= LONGEST_BODY => Ok(length),
        _ => Err(format!("Content-Length is over {LONGEST_BODY} bytes, the most that is read")),
    }
}

/// Whether a `Content-Type` names UTF-8 or no encoding, for which UTF-8 is the default (LSP, base protocol).
fn is_utf8(value: &[u8]) -> bool {
    let value = String::from_utf8_lossy(value).to_ascii_lowercase();
    let charset = value.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("charset="));
    charset.is_none_or(|name| matches!(name.trim().trim_matches('"'), "utf-8" | "utf8"))
}

/// The offset of the first readable `Content-Length` line in a body, or of one that the body's end cuts off. JSON has
/// no raw line break inside its strings, so a document that quotes such a line does not count.
fn find_header(body: &[u8]) -> Option<usize> {
    let mut start = 0;
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        if line.ends_with(b"\n")
            && let Some(at) = name_at(line, LENGTH)
            && value_of(line, LENGTH).is_some_and(|value| length_in(value).is_ok())
        {
            return Some(start + at);
        }
        start += line.len();
    }
    (body.len().saturating_sub(KEPT_TAIL)..body.len()).find(|&at| {
        let (name, value) = body[at..].split_at(LENGTH.len().min(body.len() - at));
        name.eq_ignore_ascii_case(&LENGTH[..name.len()]) && value.iter().all(|byte| b": \r0123456789".contains(byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &str = r#"{"id":1}"#;

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// The pieces of a stream that arrives whole, in two parts cut at every offset, and byte by byte: always the same.
    fn pieces(stream: &str) -> Vec<String> {
        let stream = stream.as_bytes();
        let whole = pieces_of([stream]);
        for cut in 0..stream.len() {
            assert_eq!(pieces_of([&stream[..cut], &stream[cut..]]), whole, "cut at {cut}");
        }
        assert_eq!(pieces_of(stream.chunks(1)), whole, "byte by byte");
        whole
    }

    fn pieces_of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let mut framer = Framer::default();
        let mut found = vec![];
        for part in parts {
            framer.push(part);
            while let Some(piece) = framer.next() {
                found.push(match piece {
                    Piece::Body(body) => String::from_utf8(body).unwrap(),
                    Piece::Refused(_) => "refused".to_owned(),
                });
            }
        }
        found
    }

    fn check(stream: &str, expected: &[&str]) {
        assert_eq!(pieces(stream), expected, "{stream:?}");
    }

    #[test]
    fn messages_follow_each_other() {
        check(&(framed(REQUEST) + &framed("[]") + &framed("")), &[REQUEST, "[]", ""]);
    }

    #[test]
    fn header_names_are_read_in_any_case_and_order() {
        check(&format!("content-length: 2\r\n\r\n[]{}", framed("42")), &["[]", "42"]);
        check("CONTENT-LENGTH:2\r\nX-Other: 1\r\n\r\n[]", &["[]"]);
        check("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n[]", &["[]"]);
        check("Content-Length: 2\r\ncontent-type: x; Charset=\"UTF8\"\r\n\r\n[]", &["[]"]);
        check("X-Content-Length: 7\r\nContent-Length: 2\r\n\r\n[]", &["[]"]);
    }

    #[test]
    fn bare_line_feeds_end_lines_too() {
        check("Content-Length: 2\n\n[]Content-Length: 2\n\n{}", &["[]", "{}"]);
    }

    #[test]
    fn another_charset_is_refused_with_its_body() {
        check(&format!("Content-Type: x; charset=utf-16\r\n{}{}", framed("[]"), framed("{}")), &["refused", "{}"]);
    }

    #[test]
    fn garbage_before_a_header_is_skipped() {
        check(&format!("Foo bar\r\n\r\n{}", framed(REQUEST)), &[REQUEST]);
        check(&format!("{{\"lost\":true}}{}", framed(REQUEST)), &[REQUEST]);
        check(&format!("\r\n\r\n::\r\nContent-Len\r\n{}", framed(REQUEST)), &[REQUEST]);
    }

    #[test]
    fn an_unreadable_length_is_refused_and_the_next_message_found() {
        for length in ["-1", "99999999999", "99999999999999999999999999", "ten", "", "0x10", "1.5"] {
            let stream = format!("Content-Length: {length}\r\n\r\n{{}}{}{}", framed(REQUEST), framed("[]"));
            check(&stream, &["refused", REQUEST, "[]"]);
        }
    }

    #[test]
    fn a_wrong_length_costs_only_its_own_message() {
        let mut framer = Framer::default();
        framer.push(
            format!("Content-Length: 70\r\n\r\n{{}}{}{}{}", framed(REQUEST), framed("[]"), framed("{}")).as_bytes(),
        );
        let Some(Piece::Body(body)) = framer.next() else { panic!("no body") };
        assert!(framer.recover(&body));
        let mut found = vec![];
        while let Some(Piece::Body(body)) = framer.next() {
            found.push(String::from_utf8(body).unwrap());
        }
        assert_eq!(found, [REQUEST, "[]", "{}"]);
    }

    #[test]
    fn a_header_that_a_wrong_length_cut_in_two_is_found() {
        let next = framed(REQUEST);
        for cut in 1..next.len() - REQUEST.len() {
            let stream = format!("Content-Length: {}\r\n\r\n{{}}{next}", 2 + cut);
            let mut framer = Framer::default();
            framer.push(stream.as_bytes());
            let Some(Piece::Body(body)) = framer.next() else { panic!("no body") };
            assert!(framer.recover(&body), "cut at {cut}");
            assert_eq!(framer.next(), Some(Piece::Body(REQUEST.as_bytes().to_vec())), "cut at {cut}");
        }
    }

    #[test]
    fn a_quoted_header_is_no_header() {
        assert!(!Framer::default().recover(br#"{"text":"Content-Length: 5\r\n\r\n"#));
    }

    #[test]
    fn a_given_up_body_is_not_kept() {
        let mut framer = Framer::default();
        framer.push(b"Content-Length: 99999999999\r\n\r\n");
        for _ in 0..1_000 {
            framer.push(&[b'x'; 4096]);
            while framer.next().is_some() {}
        }
        assert!(framer.bytes.len() - framer.start <= LONGEST_LINE + 4096);
        framer.push(format!("}}{}", framed(REQUEST)).as_bytes());
        assert_eq!(framer.next(), Some(Piece::Body(REQUEST.as_bytes().to_vec())));
    }

    #[test]
    fn a_long_body_is_not_allocated_before_it_arrives() {
        let mut framer = Framer::default();
        framer.push(format!("Content-Length: {LONGEST_BODY}\r\n\r\n[]").as_bytes());
        assert_eq!(framer.next(), None);
        assert!(framer.bytes.capacity() < 1 << 20);
    }
}
