//! How each file begins, how long it is, and what it must not hold.

use std::env;

use traceline_tests::places;

use crate::{files, none};

/// Lines that a file may have before its tests.
const LIMIT: usize = 600;

#[test]
fn every_rust_file_opens_with_a_sentence() {
    let opens = |text: &str| {
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        head.first().is_some_and(|line| line.len() > 12)
            && head.iter().any(|line| line.trim_end().ends_with(['.', ':', '?']))
    };
    let faults = files(&["rs"]).into_iter().filter(|(_, text)| !opens(text)).map(|(path, _)| path);
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn every_document_opens_with_a_title_and_a_sentence() {
    let opens = |text: &str| {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.next().is_some_and(|it| it.starts_with("# ") || it.starts_with('<')) && lines.next().is_some()
    };
    let ours = |path: &str| !path.contains("/templates/");
    let faults = files(&["md"]).into_iter().filter(|(path, text)| ours(path) && !opens(text)).map(|(path, _)| path);
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn no_rust_file_is_too_long_before_its_tests() {
    let length = |text: &str| text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count();
    let faults = files(&["rs"]).into_iter().filter_map(|(path, text)| {
        let length = length(&text);
        (length >= LIMIT).then(|| format!("{path}: {length} lines"))
    });
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_to_do() {
    // Written in two parts, as this file is one of those that are read.
    let words = [concat!("TO", "DO"), concat!("XX", "X:"), concat!("HA", "CK:")];
    let mut faults = Vec::new();
    for (path, text) in files(&["rs", "toml", "py", "sh", "ts", "lua", "el", "yml"]) {
        for (number, line) in text.lines().enumerate() {
            // `todo` in lower case is a role of files and a lint; `[TODO]` in quotes is what a placeholder looks like.
            if words.iter().any(|word| line.contains(word)) && !line.contains('"') && !line.contains('`') {
                faults.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none(&faults);
}

#[test]
fn no_file_names_this_machine() {
    let root = places::project();
    let mut names = vec![concat!("/wor", "k/").to_owned(), concat!("/roo", "t/").to_owned()];
    names.push(root.display().to_string());
    if let Some(home) = env::var_os("HOME").filter(|it| it.len() > 1) {
        names.push(format!("{}/", home.to_string_lossy()));
    }
    let mut faults = Vec::new();
    for (path, text) in files(&[]) {
        for (number, line) in text.lines().enumerate() {
            if names.iter().any(|name| line.contains(name.as_str())) {
                faults.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none(&faults);
}

#[test]
fn packages_come_from_the_public_registries() {
    let mut faults = Vec::new();
    for (path, text) in files(&["lock", "json"]) {
        let public: &[&str] = match path.rsplit('/').next() {
            Some("Cargo.lock") => &["source = \"registry+https://github.com/rust-lang/crates.io-index\""],
            // None is named there: npm then takes the one that it is set up with.
            Some("package-lock.json") => &[],
            _ => continue,
        };
        let sources =
            text.lines().map(str::trim).filter(|it| it.starts_with("source = ") || it.starts_with("\"resolved\": "));
        for line in sources {
            if !public.iter().any(|it| line.starts_with(it)) {
                faults.push(format!("{path}: {line}"));
            }
        }
    }
    none(&faults);
}

#[test]
fn every_dependency_says_what_for() {
    let mut faults = Vec::new();
    for (path, text) in files(&["toml"]) {
        if !path.ends_with("Cargo.toml") {
            continue;
        }
        let mut within = false;
        for line in text.lines() {
            if line.starts_with('[') {
                within = line.contains("dependencies");
            } else if within && line.contains('=') && !line.contains('#') && !line.contains("traceline-") {
                faults.push(format!("{path}: {line}"));
            }
        }
    }
    none(&faults);
}
