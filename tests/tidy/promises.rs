//! What SECURITY.md promises: each promise names tests that there are, and the code has no way to break some of them.

use std::collections::{HashMap, HashSet};

use traceline_tests::places;

use crate::{files, none};

fn read(path: &str) -> String {
    std::fs::read_to_string(places::project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of the page's table: what is promised, and by what it is held.
fn promises() -> Vec<(String, String)> {
    let page = read("SECURITY.md");
    let rows = page.lines().filter(|line| line.starts_with("| **"));
    rows.filter_map(|row| row.trim_matches('|').rsplit_once(" | "))
        .map(|(promise, tests)| (promise.trim().to_owned(), tests.trim().to_owned()))
        .collect()
}

#[test]
fn every_promise_names_tests_that_there_are() {
    let promises = promises();
    assert!(promises.len() >= 8, "the page promises {}", promises.len());
    let mut faults = Vec::new();
    for (promise, tests) in promises {
        // Tests in Rust by their path, those of an editor by file and title.
        let paths: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        let titles: Vec<&str> = tests.split('*').skip(1).step_by(2).collect();
        if paths.is_empty() {
            faults.push(format!("{promise} nothing holds it"));
        }
        for path in &paths {
            let parts: Vec<&str> = path.split("::").collect();
            let there = match parts[..] {
                [suite, file, test] => {
                    let text = std::fs::read_to_string(places::project().join(format!("tests/{suite}/{file}.rs")));
                    text.is_ok_and(|text| tested(&text, test))
                }
                _ => ["", "tests/"].iter().any(|folder| places::project().join(format!("{folder}{path}")).is_file()),
            };
            if !there {
                faults.push(format!("{path} is not there"));
            }
        }
        let scripts: String =
            paths.iter().filter(|it| it.ends_with(".mjs")).map(|it| read(&format!("tests/{it}"))).collect();
        faults.extend(
            titles
                .iter()
                .filter(|title| ["test", "alone"].iter().all(|it| !scripts.contains(&format!("{it}('{title}'"))))
                .map(|title| format!("no test is called {title}")),
        );
    }
    none(&faults);
}

/// Whether `test` is one, perhaps with other attributes beside `#[test]`.
fn tested(text: &str, test: &str) -> bool {
    text.find(&format!("\nfn {test}()")).is_some_and(|at| {
        text[..at].lines().rev().take_while(|line| line.starts_with("#[")).any(|line| line == "#[test]")
    })
}

/// The server's code by file, without its tests.
fn code() -> impl Iterator<Item = (String, String)> {
    let own = |path: &String| path.starts_with("server/");
    files(&["rs"]).into_iter().filter(move |(path, _)| own(path)).map(|(path, text)| {
        let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
        (path, code)
    })
}

#[test]
fn nothing_can_speak_to_a_network() {
    let mut faults = Vec::new();
    for (path, code) in code() {
        for word in ["std::net", "tokio::net", "TcpStream", "TcpListener", "UdpSocket", "UnixStream", "UnixListener"] {
            if code.contains(word) {
                faults.push(format!("{path}: {word}"));
            }
        }
    }
    // Nor does a crate that the program is made of bring a client.
    let lock = read("Cargo.lock");
    let packages: HashMap<&str, Vec<&str>> = lock
        .split("[[package]]\n")
        .filter_map(|package| {
            let name = package.strip_prefix("name = \"")?.split('"').next()?;
            let list = package.split_once("dependencies = [").map_or("", |(_, list)| list);
            let names = list.split(']').next().unwrap_or_default().lines();
            let names = names.filter_map(|line| line.trim().strip_prefix('"')?.split(['"', ' ']).next());
            Some((name, names.collect()))
        })
        .collect();
    let (mut reached, mut next) = (HashSet::new(), vec!["traceline"]);
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(packages.get(name).into_iter().flatten());
        }
    }
    assert!(reached.contains("tokio") && reached.len() > 50, "the lock file is read: {reached:?}");
    let clients =
        ["socket2", "hyper", "reqwest", "ureq", "curl", "h2", "quinn", "rustls", "native-tls", "openssl", "isahc"];
    faults.extend(clients.iter().filter(|it| reached.contains(**it)).map(|it| format!("Cargo.lock: {it}")));
    none(&faults);
}

#[test]
fn nothing_starts_a_program() {
    let starts = |code: &str| code.contains("process::Command") || code.contains("Command::new(");
    let found: Vec<String> = code().filter(|(_, code)| starts(code)).map(|(path, _)| path).collect();
    // The demo runs `traceline check` and a server, both itself; the history of a repository is git's to tell.
    assert!(!found.is_empty(), "the demo starts itself");
    let known = |path: &String| path.contains("/cli/demo") || path.ends_with("/cli/git.rs");
    none(&found.into_iter().filter(|path| !known(path)).collect::<Vec<_>>());
}

#[test]
fn no_code_of_ours_is_unsafe() {
    let manifest = read("Cargo.toml");
    assert!(manifest.contains("unsafe_code = \"deny\""), "the workspace's lints allow it");
    let mut faults = Vec::new();
    for path in ["server/engine/Cargo.toml", "server/traceline/Cargo.toml"] {
        if !read(path).contains("[lints]\nworkspace = true") {
            faults.push(format!("{path} has lints of its own"));
        }
    }
    for (path, code) in code() {
        if code.contains("allow(unsafe_code)") || code.contains("expect(unsafe_code") {
            faults.push(path);
        }
    }
    none(&faults);
}
