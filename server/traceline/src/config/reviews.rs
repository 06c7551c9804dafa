//! `traceline-review.lock` at the top of a workspace folder: what it holds, or why it cannot be read.

use super::problem::{LEADS_OUT, Problem};
use crate::disk;
use crate::paths;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use traceline_engine::path::FilePath;
use traceline_engine::review_lock::{Broken, Lock, NAME};

/// A file of more bytes is no lock; the keeper waits while it is read.
pub(crate) const LARGEST: u64 = disk::LARGEST;

/// Whether the path is one of a lock of reviews.
pub(crate) fn is_lock(path: &FilePath) -> bool {
    path.name() == NAME
}

/// A lock of reviews on disk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LockFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) lock: Arc<Lock>,
    /// What is wrong with it: then nothing of it is in force.
    pub(crate) problems: Vec<Problem>,
}

impl LockFile {
    /// That of the workspace folder `root`, if it has one.
    pub(super) fn of_root(root: &Path) -> Option<Self> {
        let path = root.join(NAME);
        path.symlink_metadata().is_ok().then(|| {
            if paths::leads_out(&path, root) {
                return Self::broken(&path, String::new(), 0, LEADS_OUT);
            }
            match disk::read(&path) {
                Ok(text) => Self::decode(&path, text),
                Err(why) => Self::broken(&path, String::new(), 0, &why.to_string()),
            }
        })
    }

    fn decode(path: &Path, text: String) -> Self {
        match Lock::decode(&text) {
            Ok(lock) => Self { path: path.to_path_buf(), text, lock: Arc::new(lock), problems: Vec::new() },
            Err(Broken { at, message }) => Self::broken(path, text, at, &message),
        }
    }

    fn broken(path: &Path, text: String, at: usize, message: &str) -> Self {
        let problems = vec![Problem { span: at..at, within: String::new(), message: message.to_string() }];
        Self { path: path.to_path_buf(), text, lock: Arc::default(), problems }
    }
}
