//! The figures of the log: how much was right, by round, by rule and by dialect.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::drawn::Drawn;
use crate::log::{Kind, Row};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that were right.
    pub right: usize,
    /// All that were judged.
    pub all: usize,
}

impl Share {
    /// The share of `rows` that was right.
    pub fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        rows.fold(Self::default(), |share, row| Self {
            right: share.right + usize::from(row.verdict.is_right()),
            all: share.all + 1,
        })
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { right, all } = *self;
        match all {
            0 => write!(f, "none"),
            _ => write!(f, "{right} of {all} ({:.1} %)", 100.0 * right as f64 / all as f64),
        }
    }
}

/// The rounds of the log, in order.
#[must_use]
pub fn rounds(rows: &[Row]) -> Vec<u32> {
    let mut rounds: Vec<u32> = rows.iter().map(|row| row.round).collect();
    rounds.sort_unstable();
    rounds.dedup();
    rounds
}

/// The share of right warnings of each value of `key`.
fn by<'a>(rows: impl Iterator<Item = &'a Row>, key: impl Fn(&Row) -> &str) -> BTreeMap<String, Share> {
    let mut groups: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(row).to_owned()).or_default().push(row);
    }
    groups.into_iter().map(|(name, rows)| (name, Share::of(rows.into_iter()))).collect()
}

/// All figures as text for a terminal.
#[must_use]
pub fn report(drawn: &[Drawn], rows: &[Row]) -> String {
    let mut out = String::new();
    for round in rounds(rows) {
        let of = |kind: Kind| rows.iter().filter(move |row| row.round == round && row.kind == kind);
        let repositories = drawn.iter().filter(|it| it.round == round).count();
        let warnings = Share::of(of(Kind::Warning));
        let _ = writeln!(out, "round {round}: {warnings} warnings right, in {repositories} repositories");
        let _ = writeln!(out, "  mistakes found by reading that are told: {}", Share::of(of(Kind::Reading)));
        for (title, groups) in
            [("rule", by(of(Kind::Warning), |row| &row.rule)), ("dialect", by(of(Kind::Warning), |row| &row.dialect))]
        {
            for (name, share) in groups {
                let _ = writeln!(out, "  {title:8} {name:28} {share}");
            }
        }
    }
    out
}

/// What the README says of the rounds: a row for each.
#[must_use]
pub fn table(drawn: &[Drawn], rows: &[Row]) -> String {
    let mut out = String::from(
        "| round | repositories | warnings that were right | in trace lines (`unknown-requirement`) | mistakes found by reading that are told |\n|---|---|---|---|---|\n",
    );
    for round in rounds(rows) {
        let of = |kind: Kind| rows.iter().filter(move |row| row.round == round && row.kind == kind);
        let traced = of(Kind::Warning).filter(|row| row.rule == "unknown-requirement");
        let repositories = drawn.iter().filter(|it| it.round == round).count();
        let (right, told) = (Share::of(of(Kind::Warning)), Share::of(of(Kind::Reading)));
        let _ = writeln!(out, "| {round} | {repositories} | {right} | {} | {told} |", Share::of(traced));
    }
    out
}

/// `text` with `table` between its markers.
#[must_use]
pub fn quoted(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

const BEGIN: &str = "<!-- judgement:begin -->";
const END: &str = "<!-- judgement:end -->";

/// The figures of the last round by rule, as the program quotes them: `rule TAB right TAB judged`, all rules together first.
#[must_use]
pub fn unseen(rows: &[Row]) -> String {
    let last = rounds(rows).last().copied().unwrap_or_default();
    let of = || rows.iter().filter(|row| row.round == last && row.kind == Kind::Warning);
    let all = Share::of(of());
    let mut out = format!("*\t{}\t{}\n", all.right, all.all);
    for (rule, share) in by(of(), |row| &row.rule) {
        let _ = writeln!(out, "{rule}\t{}\t{}", share.right, share.all);
    }
    out
}
