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
        for (original, titles) in read() {
            for title in titles {
                originals.entry(title_key(&title)).or_default().push(title_key(&original));
            }
        }
        originals
    });
    ORIGINALS.get(&key).map_or(&[], Vec::as_slice)
}

fn read() -> std::collections::BTreeMap<String, Vec<String>> {
    toml::from_str(TITLES).expect("a test reads the titles")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::fold_title;

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
