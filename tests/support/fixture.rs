//! A fixture is a picture of a workspace.
//!
//! ```text
//! //- specs/login/spec.md
//! - **FR-1.1**: Users sign in
//! //- specs/login/tasks.md
//! - [ ] 1 Build it
//!   - _Requirements: FR-1.$01, FR-9.9_
//!                            ^^^^^^ unknown-requirement: not defined
//! ```
//!
//! `//- path` starts a file, `$0` is the cursor, and a line of carets says something of the line above: one caret per
//! character, counted as if `$0` were not there.

/// The files of a fixture, where its cursor is, and what it says of its lines.
#[derive(Clone, Debug, Default)]
pub struct Fixture {
    /// In the order in which they are written.
    pub files: Vec<File>,
    /// Path of the file, and byte in it.
    pub cursor: Option<(String, usize)>,
}

/// One file of a fixture.
#[derive(Clone, Debug)]
pub struct File {
    /// From the root of the workspace, with `/`.
    pub path: String,
    /// Without cursor and notes.
    pub text: String,
    /// What the picture says of its lines.
    pub notes: Vec<Note>,
}

/// A line of carets and its words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Line, from 0.
    pub line: usize,
    /// First column, from 0, in characters.
    pub start: usize,
    /// Column after the last, in characters.
    pub end: usize,
    /// What stands behind the carets.
    pub words: String,
}

impl Fixture {
    /// Reads a picture. Lines before the first `//-` belong to `spec.md`.
    #[must_use]
    pub fn parse(picture: &str) -> Self {
        let mut fixture = Self::default();
        for line in outdented(picture) {
            if let Some(path) = line.strip_prefix("//- ") {
                fixture.files.push(File { path: path.trim().to_owned(), text: String::new(), notes: Vec::new() });
                continue;
            }
            if fixture.files.is_empty() {
                fixture.files.push(File { path: "spec.md".to_owned(), text: String::new(), notes: Vec::new() });
            }
            let file = fixture.files.last_mut().expect("one was pushed just now");
            if let Some(mut note) = note(&line) {
                note.line = file.text.lines().count().saturating_sub(1);
                file.notes.push(note);
                continue;
            }
            if let Some(at) = line.find("$0") {
                fixture.cursor = Some((file.path.clone(), file.text.len() + at));
            }
            file.text.push_str(&line.replacen("$0", "", 1));
            file.text.push('\n');
        }
        fixture
    }
}

/// The lines of a picture without the blank ones around it and the indent that all of them share.
fn outdented(picture: &str) -> Vec<String> {
    let picture = picture.strip_prefix('\n').unwrap_or(picture);
    let mut lines: Vec<&str> = picture.split('\n').collect();
    if lines.last().is_some_and(|last| last.trim().is_empty()) {
        lines.pop();
    }
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let shared = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    lines.iter().map(|line| line.get(shared..).unwrap_or("").to_owned()).collect()
}

/// What a line of carets says; its own line is left to the caller.
fn note(line: &str) -> Option<Note> {
    let start = line.len() - line.trim_start_matches(' ').len();
    let rest = &line[start..];
    let carets = rest.len() - rest.trim_start_matches('^').len();
    let words = rest[carets..].strip_prefix(' ').unwrap_or(&rest[carets..]);
    let is_note = carets > 0 && (rest.len() == carets || rest.as_bytes()[carets] == b' ');
    is_note.then(|| Note { line: 0, start, end: start + carets, words: words.trim_end().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_gives_files_cursor_and_notes() {
        let fixture = Fixture::parse(
            "
            //- a/spec.md
            - **FR-1.1**: x

            //- a/tasks.md
            one
              - FR-1.$01
                ^^^^^^ unknown: words
            ",
        );
        assert_eq!(fixture.files[0].text, "- **FR-1.1**: x\n\n");
        assert_eq!(fixture.files[1].text, "one\n  - FR-1.1\n");
        assert_eq!(fixture.cursor, Some(("a/tasks.md".to_owned(), 13)));
        assert_eq!(fixture.files[1].notes, [Note { line: 1, start: 4, end: 10, words: "unknown: words".to_owned() }]);
    }
}
