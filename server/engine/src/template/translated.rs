//! Titles of the templates' sections in other languages, as data: a section under one of these is there.

use crate::facts::title_key;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const TITLES: &str = include_str!("../../templates/translations.toml");

/// The keys of the templates' own titles that the title with this `key` is a translation of.
#[must_use]
pub(crate) fn originals_of(key: u32) -> &'static [u32] {
    static ORIGINALS: LazyLock<FxHashMap<u32, Vec<u32>>> = LazyLock::new(|| {
        let mut originals: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for line in TITLES.lines() {
            let mut titles = titles_of(line);
            let original = titles.next().map(title_key);
            for title in titles {
                originals.entry(title_key(title)).or_default().extend(original);
            }
        }
        originals
    });
    ORIGINALS.get(&key).map_or(&[], Vec::as_slice)
}

/// What stands in quotation marks in a line: the title that a template has, then what it is called elsewhere. A parser of TOML
/// would take longer than most checks of one feature.
fn titles_of(line: &str) -> impl Iterator<Item = &str> {
    let line = if line.starts_with('"') { line } else { "" };
    line.split('"').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::fold_title;

    fn read() -> std::collections::BTreeMap<String, Vec<String>> {
        toml::from_str(TITLES).unwrap()
    }

    #[test]
    fn titles_are_what_a_parser_of_toml_reads() {
        let mut all = read();
        for line in TITLES.lines() {
            let mut titles = titles_of(line);
            if let Some(original) = titles.next() {
                assert_eq!(all.remove(original), Some(titles.map(String::from).collect()), "{line}");
            }
        }
        assert!(all.is_empty(), "{all:?}");
    }

    #[test]
    fn each_title_is_one_of_a_template() {
        let templates = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let mut own = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(templates)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "md") {
                    let text = std::fs::read_to_string(path).unwrap();
                    own.extend(text.lines().filter_map(|line| Some(fold_title(line.split_once("# ")?.1))));
                }
            }
        }
        for (original, titles) in read() {
            assert!(own.contains(&original), "no template has `{original}`");
            assert!(titles.len() >= 8, "{original}");
        }
    }

    #[test]
    fn a_translated_title_is_known_in_any_writing() {
        assert_eq!(originals_of(title_key("3. ESTRUCTURA DEL PROYECTO:")), [title_key("Project Structure")]);
        assert_eq!(originals_of(title_key("エラー処理")), [title_key("Error Handling")]);
        assert_eq!(originals_of(title_key("Project Structure")), [0; 0]);
    }
}
