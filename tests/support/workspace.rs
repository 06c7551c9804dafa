//! A workspace on disk, made from a fixture and gone when the test ends.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Encoding, Fixture, Position, text};

/// A temporary folder with the files of a fixture.
pub struct Workspace {
    fixture: Fixture,
    root: PathBuf,
    // Kept only so that the folder lives as long as the workspace.
    _folder: TempDir,
}

impl Workspace {
    /// Writes the files that `picture` draws (see [`crate::fixture`]).
    ///
    /// # Panics
    /// When the temporary folder cannot be written.
    #[must_use]
    pub fn new(picture: &str) -> Self {
        // tempfile's own names begin with a dot, and hidden folders are not read.
        let folder = tempfile::Builder::new().prefix("traceline-").tempdir().expect("a temporary folder");
        let root = dunce::canonicalize(folder.path()).expect("it was made just now");
        let workspace = Self { fixture: Fixture::parse(picture), root, _folder: folder };
        for file in &workspace.fixture.files {
            workspace.write(&file.path, &file.text);
        }
        workspace
    }

    /// The fixture that it was made from.
    #[must_use]
    pub const fn fixture(&self) -> &Fixture {
        &self.fixture
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The URI of its folder.
    #[must_use]
    pub fn root_uri(&self) -> String {
        uri(&self.root)
    }

    /// Where a file of it is.
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The URI of a file of it.
    #[must_use]
    pub fn uri(&self, path: &str) -> String {
        uri(&self.path(path))
    }

    /// The text that the fixture gives a file.
    ///
    /// # Panics
    /// When the fixture has no such file.
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        let file = self.fixture.files.iter().find(|file| file.path == path);
        &file.unwrap_or_else(|| panic!("the fixture has no {path}")).text
    }

    /// The fixture's cursor: path of its file, and place in it.
    ///
    /// # Panics
    /// When the fixture has no `$0`.
    #[must_use]
    pub fn cursor(&self, encoding: Encoding) -> (&str, Position) {
        let (path, offset) = self.fixture.cursor.as_ref().expect("the fixture has a $0");
        (path, text::position(self.text(path), *offset, encoding))
    }

    /// Where `words` first stand in a file.
    ///
    /// # Panics
    /// When they do not.
    #[must_use]
    pub fn find(&self, path: &str, words: &str, encoding: Encoding) -> Position {
        let text = self.text(path);
        let at = text.find(words).unwrap_or_else(|| panic!("{path} does not hold {words:?}"));
        text::position(text, at, encoding)
    }

    /// Writes a file on disk; the fixture stays as it was.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the folder can be made");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Removes a file from disk.
    ///
    /// # Panics
    /// When it is not there.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("the file is there");
    }
}

/// The URI of a path, every byte escaped that might need it, as VS Code writes it: `file:///c%3A/…` on Windows.
#[must_use]
pub fn uri(path: &Path) -> String {
    let mut path = path.to_str().expect("tests use paths that are UTF-8").to_owned();
    let mut uri = String::from("file://");
    if cfg!(windows) {
        path = path.replace('\\', "/");
        if path.get(1..2) == Some(":") {
            path = format!("/{}{}", path[..1].to_ascii_lowercase(), &path[1..]);
        }
    }
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
