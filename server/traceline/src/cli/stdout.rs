//! What reports go to: standard output, with colours where they are wanted, and in as few pieces as it can be had.

use crate::report::plain::Plain;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, BufWriter, StdoutLock, Write};

/// So much is handed to the system at once, in bytes.
const PIECE: usize = 1 << 16;

/// Standard output of what people read.
pub(super) enum Stdout {
    Coloured(BufWriter<AutoStream<StdoutLock<'static>>>),
    /// What takes colours out hands on each stretch between two of them, so those are gathered behind it.
    Plain(Plain<BufWriter<StdoutLock<'static>>>),
}

/// Standard output, coloured as was chosen.
pub(super) fn stdout() -> Stdout {
    match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Stdout::Plain(Plain::new(as_it_is())),
        _ => Stdout::Coloured(BufWriter::with_capacity(PIECE, anstream::stdout().lock())),
    }
}

/// Standard output of what has no colours, and escapes what a document has of them.
pub(super) fn as_it_is() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(PIECE, io::stdout().lock())
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Coloured(out) => out.write(bytes),
            Self::Plain(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Coloured(out) => out.flush(),
            Self::Plain(out) => out.flush(),
        }
    }
}
