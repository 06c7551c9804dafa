//! The engine's boundary: pure, and each module above what it uses.

use std::collections::HashSet;

use crate::{files, none};

const SOURCE: &str = "server/engine/src/";

/// The engine's files by module, with their code before the tests.
fn modules() -> Vec<(String, String, String)> {
    let module = |path: &str| {
        let inner = path.strip_prefix(SOURCE)?;
        let name = inner.split(['/', '.']).next()?.to_owned();
        (name != "lib" && name != "main").then_some(name)
    };
    let before_tests = |text: &str| -> String {
        let code = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
        let code = code.filter(|line| !line.trim_start().starts_with("//"));
        code.map(|line| format!("{line}\n")).collect()
    };
    files(&["rs"]).into_iter().filter_map(|(path, text)| Some((module(&path)?, path, before_tests(&text)))).collect()
}

/// The modules in the order in which `lib.rs` names them.
fn order() -> Vec<String> {
    let library = files(&["rs"]).into_iter().find(|(path, _)| path == "server/engine/src/lib.rs");
    let (_, text) = library.expect("the engine has a lib.rs");
    let lines = text.lines().map(|line| line.trim_start_matches("pub(crate) ").trim_start_matches("pub "));
    lines.filter_map(|line| Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())).collect()
}

/// The modules that code names by `crate::`, alone or in braces.
fn used(code: &str) -> HashSet<String> {
    let name = |text: &str| text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect::<String>();
    let mut found = HashSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(name(rest));
            continue;
        };
        // `use crate::{a::B, c::{D, E}}`: the names at depth zero.
        let (mut depth, mut start) = (0_usize, true);
        for (offset, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                letter if start && letter.is_alphabetic() => {
                    found.insert(name(&group[offset..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let order = order();
    assert!(order.len() >= 8, "lib.rs names {order:?}");
    let place = |module: &str| order.iter().position(|it| it == module);
    let mut faults = Vec::new();
    for (module, path, code) in modules() {
        let Some(own) = place(&module) else {
            faults.push(format!("{path}: lib.rs does not name {module}"));
            continue;
        };
        let below = used(&code).into_iter().filter(|it| place(it).is_some_and(|other| other > own));
        faults.extend(below.map(|it| format!("{path}: {module} uses {it}, which stands below it")));
    }
    faults.sort();
    none(&faults);
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
    for (_, path, code) in modules() {
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
    for (_, path, code) in modules() {
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

#[test]
fn uses_are_found_in_every_form() {
    let code =
        "use crate::text::Range;\nuse crate::{id::Id, facts::{Fact, scope}, index};\nlet x = crate::world::World;";
    let mut found: Vec<String> = used(code).into_iter().collect();
    found.sort();
    assert_eq!(found, ["facts", "id", "index", "text", "world"]);
}
