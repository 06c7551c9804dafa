//! Places on disk: whether anything is at a path of a workspace folder. A look at its name, never into a file.

use crate::disk::{Listed, Selection};
use crate::paths;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use traceline_engine::path::FilePath;
use traceline_engine::world;

/// How long what was missing counts as missing while nobody tells of a change: a document is diagnosed at each key.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether something is there, as far as somebody has asked.
#[derive(Debug, Default)]
pub(crate) struct Places {
    known: Mutex<HashMap<FilePath, Seen>>,
    /// What git does not see in each workspace folder.
    left_out: Mutex<HashMap<FilePath, LeftOut>>,
}

/// What git does not see in a workspace folder: a tool makes it, or it comes with a submodule.
#[derive(Debug)]
struct LeftOut {
    listed: Listed,
    modules: Vec<PathBuf>,
}

/// What was seen at a path.
#[derive(Clone, Copy, Debug)]
enum Seen {
    /// It is there, or left out on purpose.
    There,
    /// Nothing, and until when that need not be looked at again.
    Nothing(Instant),
}

impl Places {
    /// Forgets what is at each of `touched`, above it and below it. Returns the paths that were missing.
    pub(crate) fn forget(&self, touched: &[FilePath]) -> Vec<FilePath> {
        let Ok(mut known) = self.known.lock() else { return Vec::new() };
        let is_touched =
            |path: &FilePath| touched.iter().any(|it| it.is_within(path.as_str()) || path.is_within(it.as_str()));
        let gone = known.extract_if(|path, _| is_touched(path));
        gone.filter_map(|(path, seen)| matches!(seen, Seen::Nothing(_)).then_some(path)).collect()
    }

    fn is_left_out(&self, root: &FilePath, path: &FilePath) -> bool {
        let Ok(mut left_out) = self.left_out.lock() else { return true };
        left_out.entry(root.clone()).or_insert_with(|| LeftOut::of(&paths::encode(root))).holds(&paths::encode(path))
    }

    /// Has everything looked at again when it is asked for.
    pub(crate) fn look_again(&self) {
        if let Ok(mut known) = self.known.lock() {
            known.retain(|_, seen| matches!(seen, Seen::Nothing(_)));
            known.values_mut().for_each(|seen| *seen = Seen::Nothing(Instant::now()));
        }
        if let Ok(mut left_out) = self.left_out.lock() {
            left_out.clear();
        }
    }
}

impl world::Places for Places {
    fn is_missing(&self, root: &FilePath, path: &FilePath) -> bool {
        let known = self.known.lock().ok().and_then(|known| known.get(path).copied());
        match known {
            Some(Seen::There) => return false,
            Some(Seen::Nothing(until)) if Instant::now() < until => return true,
            _ => {}
        }
        // Nobody waits for the disk but who has asked.
        let missing = is_absent(path) && !self.is_left_out(root, path);
        if let Ok(mut known) = self.known.lock() {
            let seen = if missing { Seen::Nothing(Instant::now() + PATIENCE) } else { Seen::There };
            known.insert(path.clone(), seen);
        }
        missing
    }
}

/// Whether nothing is there; what cannot be looked at is there. A link of the file system counts, wherever it leads.
fn is_absent(path: &FilePath) -> bool {
    let looked = paths::openable(&paths::encode(path)).symlink_metadata();
    looked.is_err_and(|error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
}

impl LeftOut {
    fn of(root: &Path) -> Self {
        let modules = std::fs::read_to_string(root.join(".gitmodules")).unwrap_or_default();
        let folders = modules.lines().filter_map(|line| line.trim().strip_prefix("path")?.trim().strip_prefix('='));
        let modules = folders.map(|folder| root.join(folder.trim())).collect();
        Self { listed: Listed::of(root, &Selection::default()), modules }
    }

    fn holds(&self, path: &Path) -> bool {
        let seen = self.listed.allows(path, false) && self.listed.enters(path);
        !seen || self.modules.iter().any(|folder| path.starts_with(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use traceline_engine::world::Places as _;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let root = std::env::temp_dir().join(format!("traceline-places-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&root);
            for (path, text) in files {
                let path = root.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Self(paths::whole(&root).unwrap())
        }

        fn path(&self, path: &str) -> FilePath {
            paths::decode(&self.0.join(path)).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_git_would_not_see_is_not_missing() {
        let ignored = "*.log\nbuild/\n/notes.md\n";
        let modules = "[submodule \"lib\"]\n\tpath = vendor/lib\n\turl = https://example.org/lib\n";
        let files =
            [(".gitignore", ignored), (".gitmodules", modules), ("src/a.rs", ""), ("docs/.gitignore", "x.md\n")];
        let folder = Folder::new("ignored", &files);
        let root = folder.path("");
        let missing = |path: &str| Places::default().is_missing(&root, &folder.path(path));
        for path in
            ["src", "src/a.rs", "src/b.log", "build", "build/site/x.html", "notes.md", "docs/x.md", "vendor/lib/y.md"]
        {
            assert!(!missing(path), "{path}");
        }
        for path in ["src/b.rs", "src/a.rs/b", "docs/notes.md", "vendor/other/y.md", "builds/x"] {
            assert!(missing(path), "{path}");
        }
    }

    #[test]
    fn what_was_missing_is_looked_for_again_once_it_is_touched() {
        let folder = Folder::new("touched", &[("a.md", "")]);
        let (root, path, places) = (folder.path(""), folder.path("docs/b.rs"), Places::default());
        assert!(places.is_missing(&root, &path));
        fs::create_dir_all(folder.0.join("docs")).unwrap();
        fs::write(folder.0.join("docs/b.rs"), "").unwrap();
        assert_eq!(places.forget(&[folder.path("other")]), []);
        assert_eq!(places.forget(&[folder.path("docs")]), std::slice::from_ref(&path));
        assert!(!places.is_missing(&root, &path));
        fs::remove_dir_all(folder.0.join("docs")).unwrap();
        places.look_again();
        assert!(places.is_missing(&root, &path));
        places.look_again();
        assert_eq!(
            places.forget(std::slice::from_ref(&path)),
            std::slice::from_ref(&path),
            "it is still known who was missing"
        );
    }
}
