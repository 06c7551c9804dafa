//! Which closed files have their facts at hand, so that those that nobody looks at any more can be given up.

use crate::path::FilePath;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// The files whose facts have been unpacked, in that order.
#[derive(Debug, Default)]
pub(super) struct Unpacked(Mutex<VecDeque<FilePath>>);

impl Unpacked {
    pub(super) fn note(&self, path: &FilePath) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(path.clone());
    }

    /// Up to `most` of those that are more than `kept`, the first ones first.
    pub(super) fn take(&self, kept: usize, most: usize) -> Vec<FilePath> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let many = all.len().saturating_sub(kept).min(most);
        all.drain(..many).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
