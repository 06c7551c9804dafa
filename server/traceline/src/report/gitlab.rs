//! Reports as GitLab's Code Quality reads them: a list of findings. It has no place for how much was read.

use super::checked::{Checked, words};
use super::json::print;
use serde::Serialize;
use std::io::{self, Write};
use traceline_engine::settings::Level;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    let issue = |(finding, entry): (&traceline_engine::rule::Finding, traceline_engine::export::check::Entry)| Issue {
        check_name: entry.rule,
        fingerprint: finding.fingerprint().to_string(),
        severity: match finding.level {
            Level::Error => "critical",
            Level::Warning => "major",
            Level::Information => "minor",
            Level::Hint => "info",
        },
        description: words(&entry),
        location: Location { path: entry.path, lines: Lines { begin: entry.line, end: entry.end_line } },
    };
    print(out, &checked.all().map(issue).collect::<Vec<_>>())
}
