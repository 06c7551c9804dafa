//! Words that tell what a text is about, to find texts that are about the same.

use rustc_hash::FxHashSet;

/// The words worth comparing: of four letters or more, folded and without a plural or verb ending.
pub(crate) fn words(text: &str) -> FxHashSet<String> {
    let long = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 3);
    long.map(|word| {
        let word = word.to_lowercase();
        let stem = ["ations", "ation", "ing", "ies", "ed", "es", "s"]
            .iter()
            .find_map(|end| word.strip_suffix(end).filter(|stem| stem.len() > 3));
        stem.unwrap_or(&word).to_string()
    })
    .collect()
}
