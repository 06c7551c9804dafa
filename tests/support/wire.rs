//! Messages as bytes: `Content-Length`, an empty line, JSON.

use std::io::{self, BufRead};

use serde_json::Value;

/// A message as the specification frames it.
#[must_use]
pub fn framed(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The next message, or `None` at the end of the stream.
///
/// # Errors
/// When the bytes are not a message that the specification allows: the tests hold the server to the letter.
pub fn next(stream: &mut impl BufRead) -> io::Result<Option<Value>> {
    let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line)? == 0 {
            return if length.is_none() { Ok(None) } else { Err(wrong("the stream ends in a header".to_owned())) };
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        let Some(field) = line.strip_suffix("\r\n") else {
            return Err(wrong(format!("not a header line: {line:?}")));
        };
        if field.is_empty() {
            break;
        }
        match field.split_once(": ") {
            Some(("Content-Length", value)) => {
                length = Some(value.parse::<usize>().map_err(|_| wrong(format!("not a length: {line:?}")))?);
            }
            Some(("Content-Type", _)) => {}
            _ => return Err(wrong(format!("not a header of the protocol: {line:?}"))),
        }
    }
    let length = length.ok_or_else(|| wrong("a header without Content-Length".to_owned()))?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    serde_json::from_slice(&body).map(Some).map_err(|error| wrong(format!("not JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_framed_message_is_read_back() {
        let bytes = [framed("{\"a\":\"字\"}"), framed("[]")].concat();
        let mut stream = bytes.as_slice();
        assert_eq!(next(&mut stream).unwrap().unwrap()["a"], "字");
        assert_eq!(next(&mut stream).unwrap(), Some(Value::Array(Vec::new())));
        assert_eq!(next(&mut stream).unwrap(), None);
    }

    #[test]
    fn bytes_outside_the_protocol_are_an_error() {
        assert!(next(&mut &b"hello\n"[..]).is_err());
        assert!(next(&mut &b"Content-Length: 9\r\n\r\n{}"[..]).is_err());
    }
}
