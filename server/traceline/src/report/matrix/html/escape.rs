//! Whatever a document says, as text of the page; and the hashes by which the page's own script and style are allowed.

use serde::Serialize;
use std::fmt;

/// Text that is shown as it is, in an element or an attribute.
pub(super) fn text(text: &str) -> Text<'_> {
    Text(text)
}

/// See [`text`].
pub(super) struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'', '\0']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#39;",
                _ => "\u{fffd}",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

/// A value as JSON that may stand in a script element: nothing in it ends or opens one.
pub(super) fn script(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).unwrap_or_default();
    // Only strings hold one.
    if json.contains('<') { json.replace('<', "\\u003c") } else { json }
}

/// The same of a text, put behind `out`: nearly all need no escape.
pub(super) fn push_script(out: &mut String, text: &str) {
    let unfit = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\' | b'<');
    // Without an end before the end of a stretch, so that many bytes are looked at in one step.
    if text.as_bytes().chunks(64).any(|some| some.iter().fold(false, |any, byte| any | unfit(byte))) {
        out.push_str(&script(&text));
        return;
    }
    out.push('"');
    out.push_str(text);
    out.push('"');
}

/// The source expression of Content Security Policy that allows an element which holds `text`.
pub(super) fn hash(text: &str) -> String {
    // A reader of HTML knows only one end of a line, whatever the sources were checked out with.
    format!("sha256-{}", base64(&hmac_sha256::Hash::hash(text.replace("\r\n", "\n").as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for part in bytes.chunks(3) {
        let byte = |at: usize| u32::from(part.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= part.len() { char::from(sign) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_is_text() {
        assert_eq!(text("<script>\"'&\0").to_string(), "&lt;script&gt;&quot;&#39;&amp;\u{fffd}");
        assert_eq!(script(&"</script><!--"), r#""\u003c/script>\u003c!--""#);
        for text in ["", "é – plain", "</script>", "a \"b\" \\ c", "\u{1b}[1m\n", &format!("{}<", "x".repeat(80))] {
            let mut out = String::new();
            push_script(&mut out, text);
            assert_eq!(out, script(&text));
        }
    }

    #[test]
    fn the_hash_is_what_browsers_make() {
        // From the specification: `alert('Hello, world.');`
        assert_eq!(hash("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
        assert_eq!(["", "a", "ab", "abc"].map(|it| base64(it.as_bytes())), ["", "YQ==", "YWI=", "YWJj"]);
        assert_eq!(hash("a\r\nb"), hash("a\nb"));
    }
}
