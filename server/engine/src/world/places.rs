//! Places: how the host is asked whether anything is at a path of the workspace.

use crate::path::FilePath;
use rustc_hash::FxHashMap;
use std::fmt::Debug;

/// The places of the workspace, whatever is there. Where there are none, nothing is said to be missing.
pub trait Places: Debug + Send + Sync {
    /// Whether nothing is at `path`, which lies in the workspace folder `root`, and nothing is left out there on purpose.
    fn is_missing(&self, root: &FilePath, path: &FilePath) -> bool;
}

/// The one file of each name in lower case; none where there are several.
pub(super) type Named = FxHashMap<Box<str>, Option<FilePath>>;
