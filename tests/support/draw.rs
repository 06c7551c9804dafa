//! Diagnostics drawn under the lines that they mark, and compared with what a fixture draws.

use serde_json::Value;

use crate::fixture::{File, Note};
use crate::text::{self, Encoding};

/// What a diagnostic says, at the columns (in characters) of its first line.
///
/// # Panics
/// When its range is not one of `text`.
#[must_use]
pub fn note(text: &str, diagnostic: &Value, encoding: Encoding) -> Note {
    let range = &diagnostic["range"];
    let start = text::Position::decode(&range["start"]);
    let end = text::Position::decode(&range["end"]);
    let (line_start, words) = text::lines(text)[start.line];
    let first = text::offset(text, start, encoding) - line_start;
    let last = (text::offset(text, end, encoding) - line_start).min(words.len());
    let column = |byte: usize| Encoding::Utf32.width(&words[..byte]);
    let rule = diagnostic["code"].as_str().unwrap_or("(no code)");
    let message = diagnostic["message"].as_str().unwrap_or("(no message)");
    Note {
        line: start.line,
        start: column(first),
        end: column(last).max(column(first) + 1),
        words: format!("{rule}: {message}"),
    }
}

/// `text` with its notes below the lines, as a fixture draws them.
#[must_use]
pub fn picture(text: &str, notes: &[Note]) -> String {
    let mut picture = String::new();
    for (number, (_, line)) in text::lines(text).into_iter().enumerate() {
        picture.push_str(line);
        picture.push('\n');
        for note in notes.iter().filter(|note| note.line == number) {
            let (indent, carets) = (" ".repeat(note.start), "^".repeat(note.end - note.start));
            picture.push_str(&format!("{indent}{carets} {}\n", note.words));
        }
    }
    picture
}

/// Compares what the server says of a file with what the fixture draws: the same places and rules, and each message
/// contains the words that the fixture quotes after `rule: `.
///
/// # Panics
/// When they differ, with both pictures.
pub fn compare(file: &File, diagnostics: &[Value], encoding: Encoding) {
    let mut actual: Vec<Note> = diagnostics.iter().map(|it| note(&file.text, it, encoding)).collect();
    let mut expected = file.notes.clone();
    actual.sort();
    expected.sort();
    let agrees = |(expected, actual): (&Note, &Note)| {
        let (rule, words) = expected.words.split_once(": ").unwrap_or((&expected.words, ""));
        let (code, message) = actual.words.split_once(": ").unwrap_or((&actual.words, ""));
        (expected.line, expected.start, expected.end) == (actual.line, actual.start, actual.end)
            && rule == code
            && message.contains(words)
    };
    let same = expected.len() == actual.len() && expected.iter().zip(&actual).all(agrees);
    assert!(
        same,
        "{}\n--- drawn in the fixture\n{}\n--- said by the server\n{}",
        file.path,
        picture(&file.text, &expected),
        picture(&file.text, &actual)
    );
}
