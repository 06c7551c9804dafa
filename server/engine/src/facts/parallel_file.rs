//! The file that a task which may run beside others changes, as its text or a line below it says.

use super::Task;
use super::builder::Builder;
use super::open_blocks::Nest;
use super::reader::Reader;
use super::signs::Signs;
use super::trace_opening::first_colon;
use crate::dialect::{Role, contains};
use crate::text::Trim;
use std::ops::Range;

/// What says of a task that it may run beside others.
const MARKS: [&str; 2] = ["[P]", "(P)"];

impl Reader<'_> {
    /// Notes the file that a line below a task says it changes: `- Create: src/main.rs`.
    pub(super) fn note_changed_file(&mut self, lines: &[Range<usize>]) {
        if self.role != Role::Tasks || !self.signs.hold(Signs::COLON | Signs::WIDE) {
            return;
        }
        let task = |nest: &Nest| if let Nest::Item(item) = nest { item.task } else { None };
        let Some(task) = self.nest.iter().rev().find_map(task) else { return };
        for line in lines {
            let content = &self.text[line.clone()];
            let Some(colon) = first_colon(content) else { continue };
            let key = content[..colon.start].without(|b| matches!(b, b'*' | b'_' | b'-' | b' '));
            if contains(&self.dialect.table.tasks.files, key)
                && let Some(file) = paths(&content[colon.end..]).next()
            {
                self.builder.task_file(task, file);
            }
        }
    }
}

impl Builder {
    /// Notes the file that a task which may run beside others changes, if its text does not say it.
    fn task_file(&mut self, task: u32, file: &str) {
        let Task { file: known, title, .. } = &self.tasks[task as usize];
        if self.words[known.0.range()].is_empty() && is_parallel(&self.words[title.0.range()]) {
            let file = self.words(file);
            self.tasks[task as usize].file = file;
        }
    }
}

/// Whether a task may run beside others.
fn is_parallel(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(mark))
}

/// The words of a text, without what is put around them.
fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    let parts =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '：' | '（' | '）' | '，' | '、' | '；');
    text.split(parts).map(|word| bare(without_neighbours(bare(word))))
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    word.trim_matches(['.', ':', '\'', '"', '`', '*', '。']).trim_end_matches('_')
}

/// A word without what scripts that have no blanks write right behind a path, or before one: `在src/a.ts中` is `src/a.ts`.
fn without_neighbours(word: &str) -> &str {
    if word.is_ascii() {
        return word;
    }
    let plain = |c: char| c.is_ascii_graphic();
    let mut runs = word.split(|c: char| !plain(c)).filter(|run| bare(run).contains('.'));
    // A name may itself be of such letters: `docs/設計.md`.
    match (runs.next(), runs.next()) {
        (Some(path), None) if path.contains('/') || word.ends_with(path) => path,
        _ => word,
    }
}

/// The words of a text that are paths of files, in their order.
fn paths(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    // `tests/test_hull.py::test_floats` is one test of the file.
    let words = words(text).map(|word| word.split_once("::").map_or(word, |(file, _)| file));
    words.filter(|word| word.contains('/') && word.rsplit('/').next().is_some_and(|name| name.contains('.')))
}

/// The file that a task changes which is marked `[P]` or `(P)` in `title`, its first line; `text` is all of its paragraph.
pub(super) fn parallel_file<'a>(title: &'a str, text: &'a str) -> Option<&'a str> {
    is_parallel(title).then(|| changed_file(title).or_else(|| changed_file(text))).flatten()
}

/// The file that a text says is changed: its last path, or a file's name without one, in a code span or of a file that is plainly one.
pub(crate) fn changed_file(text: &str) -> Option<&str> {
    // A span that is code has an odd number of marks before it.
    let spans = || text.split('`').skip(1).step_by(2);
    // In plain text `Node.js` is a product.
    let plain =
        |word: &&str| !word.ends_with(".js") && is_source_file(word) || word.strip_suffix(".md").is_some_and(is_name);
    let last = || spans().filter(|code| is_source_file(code)).last();
    // Beside a folder it is one of several files of its name.
    let alone = || words(text).all(|word| !word.contains('/'));
    paths(text).next_back().or_else(last).or_else(|| words(text).rfind(plain).filter(|_| alone()))
}

/// Whether a word is the name of a file without its ending.
fn is_name(stem: &str) -> bool {
    stem.starts_with(char::is_alphanumeric) && stem.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Whether a word is the name of a source file without its path: `test_engine.py`, and no member such as `User.name`.
fn is_source_file(word: &str) -> bool {
    /// Of the languages that are written most.
    const EXTENSIONS: &[&str] = &[
        "c", "cc", "cpp", "cs", "css", "dart", "ex", "exs", "go", "h", "hpp", "html", "java", "js", "jsx", "kt", "lua",
        "mjs", "php", "py", "rb", "rs", "scala", "scss", "sh", "sql", "svelte", "swift", "ts", "tsx", "vue",
    ];
    word.rsplit_once('.').is_some_and(|(stem, extension)| is_name(stem) && EXTENSIONS.contains(&extension))
}
