//! The engine's boundary: no I/O, no threads, no clock, no protocol, and dialects are data.

use crate::{files, none};

const SOURCE: &str = "server/engine/src/";

/// The engine's files, with their code before the tests.
fn sources() -> Vec<(String, String)> {
    let before_tests = |text: &str| -> String {
        let code = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
        let code = code.filter(|line| !line.trim_start().starts_with("//"));
        code.map(|line| format!("{line}\n")).collect()
    };
    let ours = files(&["rs"]).into_iter().filter(|(path, _)| path.starts_with(SOURCE));
    ours.map(|(path, text)| (path, before_tests(&text))).collect()
}

#[test]
fn the_engine_is_pure() {
    let forbidden = [
        "std::fs",
        "std::net",
        "std::thread",
        "std::time",
        "std::process",
        "std::env",
        "std::io",
        "tokio",
        "async fn",
        "async move",
        ".await",
        "lsp_types",
        "tower_lsp",
        "println!",
        "eprintln!",
        "SystemTime",
        "Instant::",
    ];
    let mut faults = Vec::new();
    for (path, code) in sources() {
        for word in forbidden {
            if code.contains(word) {
                faults.push(format!("{path}: {word}"));
            }
        }
        // `use std::{fs, …}` says the same in other words.
        for line in code.lines().filter(|line| line.contains("std::{")) {
            let names = ["fs", "net", "thread", "time", "process", "env", "io"];
            let words: Vec<&str> = line.split(|it: char| !it.is_alphanumeric() && it != '_').collect();
            faults.extend(names.iter().filter(|name| words.contains(name)).map(|name| format!("{path}: std::{name}")));
        }
    }
    none(&faults);
}

#[test]
fn no_code_asks_which_dialect_it_is() {
    let mut faults = Vec::new();
    for (path, code) in sources() {
        for dialect in ["kiro", "spec-kit", "openspec", "speckit"] {
            for line in code.lines().filter(|line| line.to_lowercase().contains(&format!("\"{dialect}"))) {
                // The one place that lists the tables names their files.
                if !line.contains("include_str!") {
                    faults.push(format!("{path}: {}", line.trim()));
                }
            }
        }
    }
    none(&faults);
}
