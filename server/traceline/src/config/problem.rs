//! A problem: something in a configuration that is not in force.

use std::ops::Range;

/// What is said of a file that a link brings in from elsewhere: it must not bring in what the workspace does not hold.
pub(super) const LEADS_OUT: &str = "this leads out of the workspace and is not read";

/// Something in a configuration that is not in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Bytes of the file.
    pub(crate) span: Range<usize>,
    /// The keys that lead there.
    pub(crate) within: String,
    pub(crate) message: String,
}
