//! What comes out of a command: the exit code with which it says that it could not, and when that is nobody's failure.

use anyhow::Error;
use std::io;

/// The run could not do what it was asked.
pub(super) const COULD_NOT_RUN: u8 = 2;

/// Whether nobody reads any more what is written, which is no failure: `traceline explain | head`.
pub(super) fn is_pipe_closed(error: &Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
