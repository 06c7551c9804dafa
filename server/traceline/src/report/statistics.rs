//! How much each rule has found, instead of what: counts by rule and level, with bars.

use super::checked::Checked;
use super::human::close;
use super::paint::{DIM, PLAIN, of_level};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use traceline_engine::rule::{Finding, RULES};
use traceline_engine::settings::Level;

/// The longest bar, in columns.
const WIDEST: usize = 24;

/// What a rule has found at one level.
struct Row {
    level: Level,
    rule: &'static str,
    findings: usize,
    files: usize,
}

/// Writes a row for each rule and level of its findings, the most serious and most frequent first.
pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    let rows = rows(checked.found.iter().map(|(_, findings)| findings.as_slice()));
    if let Some(most) = rows.iter().map(|row| row.findings).max() {
        let width = |length: &dyn Fn(&Row) -> usize, title: &str| {
            rows.iter().map(length).max().unwrap_or_default().max(title.len())
        };
        let level = width(&|row| row.level.as_str().len(), "level");
        let rule = width(&|row| row.rule.len(), "rule");
        writeln!(out, "{DIM}findings  files  {:level$}  rule{PLAIN}", "level")?;
        for row in &rows {
            let colour = of_level(row.level);
            writeln!(
                out,
                "{:>8}  {:>5}  {colour}{:level$}{PLAIN}  {:rule$}  {colour}{}{PLAIN}",
                row.findings,
                row.files,
                row.level.as_str(),
                row.rule,
                bar(row.findings, most)
            )?;
        }
        writeln!(out)?;
    }
    close(out, checked)
}

/// The rows of what was found in each file.
fn rows<'f>(files: impl Iterator<Item = &'f [Finding]>) -> Vec<Row> {
    let mut counts: BTreeMap<(Reverse<Level>, Option<usize>), Row> = BTreeMap::new();
    for findings in files {
        let mut seen = BTreeSet::new();
        for finding in findings {
            let key = (Reverse(finding.level), RULES.iter().position(|rule| *rule == finding.rule));
            let (level, rule) = (finding.level, finding.rule.name);
            let row = counts.entry(key).or_insert(Row { level, rule, findings: 0, files: 0 });
            row.findings += 1;
            row.files += usize::from(seen.insert(key));
        }
    }
    let mut rows: Vec<Row> = counts.into_values().collect();
    rows.sort_by_key(|row| (Reverse(row.level), Reverse(row.findings)));
    rows
}

/// A bar as long as `number` is of `most`, to an eighth of a column; nothing that is there has none.
fn bar(number: usize, most: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (number * WIDEST * 8 / most.max(1)).max(1);
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!(bar(24, 24), "█".repeat(24));
        assert_eq!(bar(12, 24), "█".repeat(12));
        assert_eq!(bar(1, 48), "▌");
        assert_eq!(bar(1, 100_000), "▏");
    }
}
