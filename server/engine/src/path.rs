//! Paths of files and folders as plain text with `/` between the parts, the same on every system.
//!
//! A path begins with its root: `/`, a drive (`C:/`) or a share (`//server/share`). The binary turns a system's paths into these.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The absolute path of a file or folder, or the name of a document that has none (`untitled:1`). Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(Arc<str>);

impl FilePath {
    /// The path written as `text`, whose parts are separated by `/`; a `/` at its end is dropped unless it is the root's.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let trimmed = if text.len() > root_len(text) { text.strip_suffix('/').unwrap_or(text) } else { text };
        Self(trimmed.into())
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folder that holds it; for a path of one part, the empty path.
    #[must_use]
    pub fn folder(&self) -> FilePath {
        FilePath(parent_of(&self.0).unwrap_or("").into())
    }

    /// The folders above it, nearest first.
    pub fn ancestors(&self) -> impl Iterator<Item = &str> + '_ {
        std::iter::successors(parent_of(&self.0), |folder| parent_of(folder))
    }

    /// How many of the parts between its slashes are its root: the empty one before `/`, a drive, a share's `//server/share`.
    #[must_use]
    pub fn root_parts(&self) -> usize {
        if self.0.starts_with("//") { 4 } else { 1 }
    }

    /// Whether it is `folder` itself or anything inside.
    #[must_use]
    pub fn is_within(&self, folder: &str) -> bool {
        is_within(&self.0, folder)
    }

    /// The path from `folder` on; the whole path where it is not inside.
    #[must_use]
    pub fn relative_to(&self, folder: &str) -> &str {
        match self.0.strip_prefix(folder) {
            Some("") => ".",
            Some(rest) if folder.ends_with('/') || folder.is_empty() => rest,
            Some(rest) => rest.strip_prefix('/').unwrap_or(&self.0),
            None => &self.0,
        }
    }
}

/// Whether `path` is `folder` or inside it.
pub(crate) fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder.ends_with('/') || folder.is_empty())
}

fn parent_of(path: &str) -> Option<&str> {
    let root = root_len(path);
    let slash = path.rfind('/')?;
    if path.len() <= root {
        return None;
    }
    Some(&path[..slash.max(root)])
}

/// How many bytes of `path` are its root, above which there is nothing: of `/`, `C:/` or `//server/share`.
fn root_len(path: &str) -> usize {
    match path.as_bytes() {
        [b'/', b'/', ..] => {
            let mut slashes = path.bytes().enumerate().skip(2).filter(|(_, byte)| *byte == b'/').map(|(at, _)| at);
            slashes.nth(1).unwrap_or(path.len())
        }
        [b'/', ..] => 1,
        [drive, b':', b'/', ..] if drive.is_ascii_alphabetic() => 3,
        _ => 0,
    }
}

impl Borrow<str> for FilePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_knows_what_is_above_it() {
        let path = FilePath::new("/w/specs/login/spec.md");
        assert_eq!(path.ancestors().collect::<Vec<_>>(), ["/w/specs/login", "/w/specs", "/w", "/"]);
        assert_eq!((path.name(), path.folder().as_str()), ("spec.md", "/w/specs/login"));
        assert_eq!(path.relative_to("/w"), "specs/login/spec.md");
        assert_eq!(path.relative_to("/"), "w/specs/login/spec.md");
        assert!(!path.is_within("/w/specs/log"));
        assert_eq!(FilePath::new("untitled:1").folder().as_str(), "");
    }

    #[test]
    fn nothing_is_above_a_drive_or_a_share() {
        let above = |path: &str| FilePath::new(path).ancestors().map(str::to_string).collect::<Vec<_>>();
        assert_eq!(above("C:/w/a.md"), ["C:/w", "C:/"]);
        assert_eq!(above("C:/a.md"), ["C:/"]);
        assert_eq!(above("C:/"), [""; 0]);
        assert_eq!(above("//server/share/w/a.md"), ["//server/share/w", "//server/share"]);
        assert_eq!(above("//server/share"), [""; 0]);
        assert_eq!(above("/"), [""; 0]);
        assert_eq!(FilePath::new("C:/").as_str(), "C:/");
        assert_eq!(FilePath::new("C:/w/").as_str(), "C:/w");
        assert_eq!(FilePath::new("//server/share/").as_str(), "//server/share");
        assert!(FilePath::new("C:/w/a.md").is_within("C:/"));
        assert_eq!(FilePath::new("C:/w/a.md").relative_to("C:/"), "w/a.md");
        assert_eq!(FilePath::new("//server/share/w/a.md").relative_to("//server/share"), "w/a.md");
    }
}
