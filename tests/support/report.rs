//! The JSON of `check` and `inspect`: held against its schema, and made comparable with what an editor shows.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Outcome, traceline};
use crate::{places, workspace};

/// One finding, as both the report and an editor say it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// From the root, with `/`.
    pub path: String,
    /// First line and column, then last line and column; from 1, columns in UTF-16 code units.
    pub range: [u64; 4],
    /// `error`, `warning`, `information` or `hint`.
    pub level: String,
    /// The rule's name.
    pub rule: String,
    /// What it says.
    pub message: String,
}

/// Runs `check --format json` in `root` and gives its exit code and its report, which follows its schema.
///
/// # Panics
/// When it crashes, or prints something else.
#[must_use]
pub fn check(root: &Path, more: &[&str]) -> (i32, Value) {
    let outcome = traceline(root, ["check", "--format", "json"].iter().chain(more));
    report("check", &outcome)
}

/// Runs `inspect FILE --format json` in `root` and gives its report, which follows its schema.
///
/// # Panics
/// When it fails, or prints something else.
#[must_use]
pub fn inspect(root: &Path, file: &str) -> Value {
    let outcome = traceline(root, ["inspect", file, "--format", "json"]);
    let (code, report) = report("inspect", &outcome);
    assert_eq!(code, 0, "{outcome:#?}");
    report
}

/// What is understood of `place` (`FILE:LINE:COLUMN`) in the folder `root`.
#[must_use]
pub fn place(root: &Path, place: &str) -> Value {
    let outcome = traceline(root, ["inspect", place, "--format", "json"]);
    let (code, report) = report("place", &outcome);
    assert_eq!(code, 0, "{outcome:#?}");
    report
}

fn report(name: &str, outcome: &Outcome) -> (i32, Value) {
    let code = outcome.code();
    assert!(!outcome.stdout.is_empty(), "{name} prints nothing: {outcome:#?}");
    let report = outcome.json();
    follows_schema(name, &report);
    (code, report)
}

/// Holds a report against the schema of the repository.
///
/// # Panics
/// When it does not follow it, with each place.
pub fn follows_schema(name: &str, report: &Value) {
    let path = places::project().join(format!("server/engine/schemas/{name}.schema.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let faults: Vec<String> = validator.iter_errors(report).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(faults.is_empty(), "{name} does not follow its schema:\n{}", faults.join("\n"));
}

/// The findings of a report, sorted.
///
/// # Panics
/// When it is no report.
#[must_use]
pub fn findings(report: &Value) -> Vec<Finding> {
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_else(|| panic!("no {key}: {it}")).to_owned();
    let number = |it: &Value, key: &str| it[key].as_u64().unwrap_or_else(|| panic!("no {key}: {it}"));
    let one = |it: &Value| Finding {
        path: text(it, "path"),
        range: ["line", "column", "endLine", "endColumn"].map(|key| number(it, key)),
        level: text(it, "level"),
        rule: text(it, "rule"),
        message: text(it, "message"),
    };
    let mut findings: Vec<Finding> =
        report["findings"].as_array().expect("a report has findings").iter().map(one).collect();
    findings.sort();
    findings
}

/// What an editor shows that counts in UTF-16, as findings, sorted.
///
/// # Panics
/// When it is not what the protocol calls diagnostics, or lies outside `root`.
#[must_use]
pub fn shown(root: &Path, shown: &HashMap<String, Vec<Value>>) -> Vec<Finding> {
    let root = workspace::uri(root) + "/";
    let level = |it: &Value| match it["severity"].as_u64() {
        Some(1) => "error",
        Some(2) => "warning",
        Some(3) => "information",
        Some(4) => "hint",
        _ => panic!("no severity: {it}"),
    };
    let mut findings = Vec::new();
    for (uri, diagnostics) in shown {
        let path = uri.strip_prefix(&root).unwrap_or_else(|| panic!("{uri} is not below {root}"));
        for it in diagnostics {
            let number = |side: &str, key: &str| it["range"][side][key].as_u64().expect("a range has numbers") + 1;
            findings.push(Finding {
                path: unescaped(path),
                range: [
                    number("start", "line"),
                    number("start", "character"),
                    number("end", "line"),
                    number("end", "character"),
                ],
                level: level(it).to_owned(),
                rule: it["code"].as_str().expect("a diagnostic has a code").to_owned(),
                // An editor has no place of its own for the help, so it stands below the message.
                message: it["message"]
                    .as_str()
                    .and_then(|it| it.lines().next())
                    .expect("a diagnostic has a message")
                    .to_owned(),
            });
        }
    }
    findings.sort();
    findings
}

/// A path as it is on disk, from one in a URI.
fn unescaped(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
