//! What goes out without the escape sequences of terminals that a document may hold.

use anstream::adapter::StripBytes;
use std::io::{self, Write};

/// Leaves them out of all that is written.
pub(crate) struct Plain<W> {
    out: W,
    state: StripBytes,
}

impl<W: Write> Plain<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, state: StripBytes::new() }
    }
}

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for shown in self.state.strip_next(bytes) {
            self.out.write_all(shown)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_escape_sequence_goes_out() {
        let mut out = Vec::new();
        writeln!(Plain::new(&mut out), "a\u{1b}[31mé – b\u{1b}[0m\u{7}").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "aé – b\n");
    }
}
