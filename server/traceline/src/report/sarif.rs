//! Reports as SARIF 2.1.0, the standard of OASIS: what GitHub's code scanning, Azure DevOps and editors' viewers read.

use super::checked::{Checked, words};
use super::json::print;
use crate::paths;
use serde_json::{Value, json};
use std::io::{self, Write};
use traceline_engine::export::check::{Entry, FixEntry, Related};
use traceline_engine::rule::{Finding, RULES, Rule};
use traceline_engine::settings::Level;

/// Where paths begin: the folder that was checked, wherever it lies.
const ROOT: &str = "%SRCROOT%";

pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    let summary = checked.summary;
    let results: Vec<Value> = checked.all().map(|(finding, entry)| result(finding, &entry)).collect();
    print(
        out,
        &json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "traceline",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_HOMEPAGE"),
                    "rules": RULES.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
                } },
                "invocations": [{ "executionSuccessful": summary.unread == 0 }],
                "columnKind": "utf16CodeUnits",
                "originalUriBaseIds": { ROOT: { "description": { "text": "The folder that was checked." } } },
                "properties": {
                    "files": summary.files,
                    "documents": summary.documents,
                    "unread": summary.unread,
                },
                "results": results,
            }],
        }),
    )
}

/// A rule's words, as it declares them.
fn descriptor(rule: &Rule) -> Value {
    let mut help = rule.why.to_string();
    for (safety, words) in rule.fix.words() {
        help += &format!("\n\nFix ({}): {words}", safety.as_str());
    }
    let name = rule.name;
    help += &format!("\n\nTo allow it in one place: <!-- traceline: allow {name} reason -->");
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.what },
        "fullDescription": { "text": format!("{} {}", rule.what, rule.why) },
        "help": { "text": help },
        "defaultConfiguration": { "enabled": rule.level.is_some(), "level": level(rule.level.unwrap_or(Level::Hint)) },
    })
}

/// SARIF has one level for all that is less than a warning; which one it was stands in the properties.
fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Information | Level::Hint => "note",
    }
}

fn result(finding: &Finding, entry: &Entry) -> Value {
    let mut properties = json!({ "level": entry.level });
    if let Some(doubt) = entry.doubt {
        properties["doubt"] = doubt.into();
    }
    let region = region([entry.line, entry.column, entry.end_line, entry.end_column]);
    let mut out = json!({
        "ruleId": entry.rule,
        "ruleIndex": RULES.iter().position(|rule| *rule == finding.rule),
        "level": level(finding.level),
        "message": { "text": words(entry) },
        "locations": [{ "physicalLocation": { "artifactLocation": artifact(&entry.path), "region": region } }],
        "partialFingerprints": { "traceline/v1": finding.fingerprint().to_string() },
        "properties": properties,
    });
    if !entry.related.is_empty() {
        out["relatedLocations"] = entry.related.iter().enumerate().map(|(at, it)| related(at, it)).collect();
    }
    if let Some(fix) = &entry.fix {
        out["fixes"] = json!([encode_fix(&entry.path, fix)]);
    }
    out
}

fn related(at: usize, related: &Related) -> Value {
    json!({
        "id": at + 1,
        "message": { "text": related.message },
        "physicalLocation": {
            "artifactLocation": artifact(&related.path),
            "region": { "startLine": related.line, "startColumn": related.column },
        },
    })
}

fn encode_fix(path: &str, fix: &FixEntry) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            json!({
                "deletedRegion": region([edit.line, edit.column, edit.end_line, edit.end_column]),
                "insertedContent": { "text": edit.text },
            })
        })
        .collect();
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{ "artifactLocation": artifact(path), "replacements": replacements }],
        "properties": { "safety": fix.safety },
    })
}

fn region([line, column, end_line, end_column]: [u32; 4]) -> Value {
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

fn artifact(path: &str) -> Value {
    json!({ "uri": paths::escaped(path), "uriBaseId": ROOT })
}
