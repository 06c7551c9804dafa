//! A place: a stretch of a file.

use crate::path::FilePath;
use crate::text::Span;

/// A stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub path: FilePath,
    /// The stretch, from the file's start.
    pub span: Span,
}
