//! A problem: something in a configuration that is not in force.

use std::ops::Range;

/// Something in a configuration that is not in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Bytes of the file.
    pub(crate) span: Range<usize>,
    /// The keys that lead there.
    pub(crate) within: String,
    pub(crate) message: String,
}
