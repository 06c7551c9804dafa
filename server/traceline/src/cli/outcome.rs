//! What comes out of a command: the exit code with which it says that it could not.

/// The run could not do what it was asked.
pub(super) const COULD_NOT_RUN: u8 = 2;
