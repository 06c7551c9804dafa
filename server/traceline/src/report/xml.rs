//! XML as reports need it: elements with attributes, and only characters that XML has.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::borrow::Cow;
use std::io::{self, Write};

/// A document that is written as it grows.
pub(super) struct Xml<W: Write>(Writer<W>);

impl<W: Write> Xml<W> {
    /// Begins a document.
    pub(super) fn new(out: W) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(out, b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self(writer))
    }

    /// Begins an element.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Start(element(name, attributes)))
    }

    /// Ends an element.
    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// Writes an element that holds nothing.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Empty(element(name, attributes)))
    }

    /// Writes an element that holds text.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        self.0.write_event(Event::Text(BytesText::new(&speakable(text))))?;
        self.close(name)
    }

    /// Ends the document with its line.
    pub(super) fn end(self) -> io::Result<()> {
        writeln!(self.0.into_inner())
    }
}

fn element<'a>(name: &'a str, attributes: &[(&'a str, &'a str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, &*speakable(value)));
    }
    start
}

/// The text with a sign in the place of each character that no XML 1.0 document may hold, escaped or not (section 2.2).
fn speakable(text: &str) -> Cow<'_, str> {
    let unspeakable =
        |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(unspeakable) { Cow::Owned(text.replace(unspeakable, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_document_says_is_text() {
        let mut out = Vec::new();
        let mut xml = Xml::new(&mut out).unwrap();
        xml.open("a", &[("k", "<\"'&\n\0>")]).unwrap();
        xml.text("b", &[], "]]> & \u{1b}[31m é 🎉").unwrap();
        xml.close("a").unwrap();
        xml.end().unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(['\0', '\u{1b}']), "{text}");
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut seen = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(start) if start.name().as_ref() == "a" => {
                    let value = start.attributes().next().unwrap().unwrap();
                    seen.push(value.value.to_string());
                }
                _ => {}
            }
        }
        assert!(seen[0].starts_with("&lt;&quot;&apos;&amp;"), "{seen:?}");
    }
}
