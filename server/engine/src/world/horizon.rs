//! The horizon: while a workspace is being listed, all is known of what lies below some folders, and little of the rest.

use crate::path::FilePath;
use std::sync::atomic::{AtomicBool, Ordering};

/// How far a snapshot sees, and whether somebody has looked farther.
#[derive(Debug, Default)]
pub(crate) struct Horizon {
    /// Every file below these folders is known.
    listed: Vec<FilePath>,
    crossed: AtomicBool,
}

impl Horizon {
    /// One that sees what is below `folder`, too.
    pub(super) fn with(&self, folder: FilePath) -> Self {
        Self { listed: self.listed.iter().cloned().chain([folder]).collect(), crossed: AtomicBool::new(false) }
    }

    /// The same, and nobody has looked farther.
    pub(super) fn fresh(&self) -> Self {
        Self { listed: self.listed.clone(), crossed: AtomicBool::new(false) }
    }

    pub(super) fn covers(&self, folder: &FilePath) -> bool {
        self.listed.iter().any(|listed| folder.is_within(listed.as_str()))
    }

    /// Notes that an answer depends on what is not known yet.
    pub(crate) fn cross(&self) {
        self.crossed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_crossed(&self) -> bool {
        self.crossed.load(Ordering::Relaxed)
    }
}
