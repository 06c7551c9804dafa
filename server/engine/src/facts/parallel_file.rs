//! The file that a task which may run beside others changes.

/// The file that a task marked `[P]` changes: the last path of its text, or a file's name without one in a code span.
pub(super) fn parallel_file(text: &str) -> Option<&str> {
    if !text.contains("[P]") {
        return None;
    }
    let parts =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '：' | '（' | '）' | '，' | '、' | '；');
    let words = text.split(parts).map(|word| word.trim_matches(['.', ':', '\'', '"', '`', '*', '。']));
    // `tests/test_hull.py::test_floats` is one test of the file.
    let words = words.map(|word| word.split_once("::").map_or(word, |(file, _)| file));
    let path =
        words.rev().find(|word| word.contains('/') && word.rsplit('/').next().is_some_and(|name| name.contains('.')));
    // A span that is code has an odd number of marks before it.
    path.or_else(|| text.split('`').skip(1).step_by(2).filter(|code| is_source_file(code)).last())
}

/// Whether a word is the name of a source file without its path: `test_engine.py`, and no member such as `User.name`.
fn is_source_file(word: &str) -> bool {
    /// Of the languages that are written most.
    const EXTENSIONS: &[&str] = &[
        "c", "cc", "cpp", "cs", "css", "dart", "ex", "exs", "go", "h", "hpp", "html", "java", "js", "jsx", "kt", "lua",
        "mjs", "php", "py", "rb", "rs", "scala", "scss", "sh", "sql", "svelte", "swift", "ts", "tsx", "vue",
    ];
    let named = |stem: &str| {
        stem.starts_with(char::is_alphanumeric)
            && stem.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    word.rsplit_once('.').is_some_and(|(stem, extension)| named(stem) && EXTENSIONS.contains(&extension))
}
