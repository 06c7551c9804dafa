//! Addresses and paths: a document keeps the spelling of its address that the editor uses.

use crate::paths;
use dashmap::DashMap;
use rustc_hash::FxBuildHasher;
use std::sync::{PoisonError, RwLock};
use tower_lsp::ls_types::Uri;
use traceline_engine::path::FilePath;

/// How the editor spells addresses. `file:///c%3A/x` and `file:///C:/x` are one file to us and two to it.
#[derive(Default)]
pub(crate) struct UriMap {
    /// Of documents that it has named.
    known: DashMap<FilePath, String, FxBuildHasher>,
    /// And the other way round, so that the disk is not asked at each letter how it spells a path.
    read: DashMap<String, FilePath>,
    /// Of folders above others, where it is not as we would spell them: its workspace folders, drives and shares.
    above: RwLock<Vec<(FilePath, String)>>,
}

impl UriMap {
    /// The path that `uri` names. One of another scheme, or one that no path can be read from, is its own name.
    pub(crate) fn decode(&self, uri: &Uri) -> FilePath {
        if let Some(path) = self.read.get(uri.as_str()) {
            return path.clone();
        }
        let path = self.path_of(uri);
        self.known.entry(path.clone()).or_insert_with(|| uri.as_str().to_string());
        self.read.insert(uri.as_str().to_string(), path.clone());
        path
    }

    /// The same for a document that is opened: since it was last named, its file may have got another spelling.
    pub(crate) fn decode_anew(&self, uri: &Uri) -> FilePath {
        let path = self.path_of(uri);
        self.known.insert(path.clone(), uri.as_str().to_string());
        self.read.insert(uri.as_str().to_string(), path.clone());
        path
    }

    /// The same without keeping the spelling, for addresses that only pass by.
    pub(crate) fn path_of(&self, uri: &Uri) -> FilePath {
        let Some(path) = paths::decode_address(uri) else { return FilePath::new(uri.as_str()) };
        let path = paths::as_on_disk(path);
        self.learn_root(&path, uri.as_str());
        path
    }

    /// The path of a workspace folder, whose spelling is kept for all that is in it.
    pub(crate) fn folder(&self, uri: &Uri) -> FilePath {
        let spelling = uri.as_str().trim_end_matches('/');
        let above = self.above.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, _)) = above.iter().find(|(_, it)| it == spelling) {
            // It may be gone by now, and the disk could not say how it was spelt.
            return known.clone();
        }
        drop(above);
        let path = paths::decode_address(uri).unwrap_or_else(|| FilePath::new(uri.as_str()));
        let path = paths::as_on_disk_soon(path);
        self.learn_root(&path, uri.as_str());
        self.learn(&path, uri.as_str());
        path
    }

    /// The address of `path` as the editor spells it.
    pub(crate) fn encode(&self, path: &FilePath) -> String {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let above = self.above.read().unwrap_or_else(PoisonError::into_inner);
        let nearest = above.iter().filter(|(folder, _)| path.is_within(folder.as_str()));
        match nearest.max_by_key(|(folder, _)| folder.as_str().len()) {
            Some((folder, spelling)) if path == folder => spelling.clone(),
            Some((folder, spelling)) => format!("{spelling}/{}", paths::escaped(path.relative_to(folder.as_str()))),
            None => paths::encode_address(path),
        }
    }

    /// The address of `path` as a value; none where its name is none.
    pub(crate) fn uri(&self, path: &FilePath) -> Option<Uri> {
        self.encode(path).parse().ok()
    }

    /// Keeps how the editor spells the drive or the share of `path`: most of what it is told of it has never named.
    fn learn_root(&self, path: &FilePath, address: &str) {
        let Some(root) = path.ancestors().last() else { return };
        if root == "/"
            || self.above.read().unwrap_or_else(PoisonError::into_inner).iter().any(|(it, _)| it.as_str() == root)
        {
            return;
        }
        // As many parts from its end as the path has below its root.
        let below = path.relative_to(root).split('/').count();
        let mut spelling = address.trim_end_matches('/');
        for _ in 0..below {
            let Some(slash) = spelling.rfind('/') else { return };
            spelling = spelling[..slash].trim_end_matches('/');
        }
        let means = |spelling: &str| paths::decode_address(&spelling.parse().ok()?);
        if means(&format!("{spelling}/")).is_some_and(|it| it.as_str() == root) {
            self.learn(&FilePath::new(root), spelling);
        }
    }

    fn learn(&self, folder: &FilePath, address: &str) {
        let spelling = address.trim_end_matches('/');
        if !paths::is_absolute(folder) || spelling == paths::encode_address(folder).trim_end_matches('/') {
            return;
        }
        let mut above = self.above.write().unwrap_or_else(PoisonError::into_inner);
        above.retain(|(it, _)| it != folder);
        above.push((folder.clone(), spelling.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editors_spelling_comes_back() {
        let root = if cfg!(windows) { "Q:" } else { "" };
        let spellings = UriMap::default();
        let uri: Uri = format!("file:///{root}/w/a%20b/%73pec.md").parse().unwrap();
        let path = spellings.decode(&uri);
        assert!(path.as_str().ends_with("/w/a b/spec.md"), "{path}");
        assert_eq!(spellings.encode(&path), uri.as_str());
        let other = FilePath::new(&format!("{root}/w/ü.md"));
        assert_eq!(
            spellings.encode(&other),
            format!("file://{}/w/%C3%BC.md", if root.is_empty() { "" } else { "/Q:" })
        );
    }

    #[test]
    fn what_is_in_a_folder_is_spelt_as_the_folder() {
        let drive = if cfg!(windows) { "/q%3A" } else { "" };
        let spellings = UriMap::default();
        let root = spellings.folder(&format!("file://{drive}/w/a%2Bb%28c%29/%73pecs/").parse().unwrap());
        assert!(root.as_str().ends_with("/w/a+b(c)/specs"), "{root}");
        let inside = FilePath::new(&format!("{root}/login/spec (1).md"));
        assert_eq!(spellings.encode(&inside), format!("file://{drive}/w/a%2Bb%28c%29/%73pecs/login/spec%20%281%29.md"));
        assert_eq!(spellings.encode(&root), format!("file://{drive}/w/a%2Bb%28c%29/%73pecs"));
        let beside = FilePath::new(&format!("{root}2/spec.md"));
        assert_eq!(spellings.encode(&beside), format!("file://{drive}/w/a%2Bb%28c%29/specs2/spec.md"));
    }

    #[test]
    #[cfg(windows)]
    fn a_drive_is_spelt_as_the_editor_spells_it() {
        for (named, wanted) in [
            ("file:///q%3A/w/a.md", "file:///q%3A/v/b.md"),
            ("file:///q:/w/a.md", "file:///q:/v/b.md"),
            ("file:///Q:/w/a.md", "file:///Q:/v/b.md"),
            ("file:///Q%3A/a.md", "file:///Q%3A/v/b.md"),
        ] {
            let spellings = UriMap::default();
            assert_eq!(spellings.decode(&named.parse().unwrap()).as_str().get(..3), Some("Q:/"));
            assert_eq!(spellings.encode(&FilePath::new("Q:/v/b.md")), wanted, "after {named}");
        }
        let spellings = UriMap::default();
        spellings.decode(&"file:////SERVER/Share/a.md".parse().unwrap());
        assert_eq!(spellings.encode(&FilePath::new("//SERVER/Share/b.md")), "file:////SERVER/Share/b.md");
    }

    #[test]
    fn a_document_without_a_file_is_named_by_its_uri() {
        let spellings = UriMap::default();
        let uri: Uri = "untitled:Untitled-1".parse().unwrap();
        let path = spellings.decode(&uri);
        assert_eq!((path.as_str(), spellings.encode(&path).as_str()), ("untitled:Untitled-1", "untitled:Untitled-1"));
    }
}
