//! URIs and paths: a document keeps the spelling of its URI that the editor uses.

use dashmap::DashMap;
use std::path::Path;
use tower_lsp::ls_types::Uri;
use traceline_engine::path::FilePath;

/// The spelling of each URI that the editor has used. `file:///c%3A/x` and `file:///C:/x` are one file to us and two to it.
#[derive(Default)]
pub(crate) struct Spellings {
    known: DashMap<FilePath, String>,
}

impl Spellings {
    /// The path that `uri` names. A URI of another scheme, or one that no path can be read from, is its own name.
    pub(crate) fn decode(&self, uri: &Uri) -> FilePath {
        let path = Self::path_of(uri);
        if self.known.get(&path).is_none_or(|known| *known != uri.as_str()) {
            self.known.insert(path.clone(), uri.as_str().to_string());
        }
        path
    }

    /// The same without keeping the spelling, for URIs that only pass by.
    pub(crate) fn path_of(uri: &Uri) -> FilePath {
        let file = uri.scheme().as_str().eq_ignore_ascii_case("file");
        let path = file.then(|| uri.to_file_path()).flatten();
        path.as_deref().and_then(crate::disk::engine_path).unwrap_or_else(|| FilePath::new(uri.as_str()))
    }

    /// The URI of `path` as the editor spells it.
    pub(crate) fn encode(&self, path: &FilePath) -> String {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~');
        if cfg!(unix) && path.as_str().starts_with('/') && path.as_str().bytes().all(plain) {
            // What follows is the same, ten times slower.
            return format!("file://{path}");
        }
        Uri::from_file_path(Path::new(path.as_str())).map_or_else(|| path.to_string(), |uri| uri.as_str().to_string())
    }

    /// The URI of `path` as a value; none where its name is none.
    pub(crate) fn uri(&self, path: &FilePath) -> Option<Uri> {
        self.encode(path).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editors_spelling_comes_back() {
        let spellings = Spellings::default();
        let uri: Uri = "file:///w/a%20b/%73pec.md".parse().unwrap();
        let path = spellings.decode(&uri);
        assert_eq!(path.as_str(), "/w/a b/spec.md");
        assert_eq!(spellings.encode(&path), uri.as_str());
        assert_eq!(spellings.encode(&FilePath::new("/w/ü.md")), "file:///w/%C3%BC.md");
    }

    #[test]
    fn plain_paths_are_spelt_as_the_others() {
        for byte in (b' '..=b'~').filter(|byte| *byte != b'/') {
            let path = format!("/w/a{}b.md", char::from(byte));
            let long = Uri::from_file_path(&path).unwrap();
            assert_eq!(Spellings::default().encode(&FilePath::new(&path)), long.as_str());
        }
    }

    #[test]
    fn a_document_without_a_file_is_named_by_its_uri() {
        let spellings = Spellings::default();
        let uri: Uri = "untitled:Untitled-1".parse().unwrap();
        let path = spellings.decode(&uri);
        assert_eq!((path.as_str(), spellings.encode(&path).as_str()), ("untitled:Untitled-1", "untitled:Untitled-1"));
    }
}
