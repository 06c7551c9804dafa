//! The table of every method's latency, which `server/docs/latency.md` holds.

use crate::row::{Metric, Row};
use anyhow::Result;
use std::fmt::Write as _;

/// What an answer may take at the 99th percentile, in milliseconds.
fn target(method: &str) -> f64 {
    match method {
        "workspace/symbol" => 15.0,
        "workspace/willRenameFiles" | "textDocument/rename" => 50.0,
        _ => 5.0,
    }
}

/// The Markdown of the rows of one run; none where no methods were measured.
pub(crate) fn report(rows: &[Row]) -> Result<Option<String>> {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.metric == Metric::Method).collect();
    let Some(first) = rows.first() else { return Ok(None) };
    let mut out =
        String::from("| method | target (p99) | best | p50 | p99 | max | answers |\n|---|---|---|---|---|---|---|\n");
    let mut missed = Vec::new();
    for row in &rows {
        let name = row.note.split('`').nth(1).unwrap_or_default();
        let (limit, spread) = (target(name), row.spread);
        let answers = match row.faults {
            0 => spread.count.to_string(),
            faults => format!("{faults} of {} not right: {}", faults + spread.count, row.fault.replace('|', "¦")),
        };
        writeln!(
            out,
            "| {} | {} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} ms | {answers} |",
            row.note,
            format_args!("{limit} ms"),
            spread.min,
            spread.p50,
            spread.p99,
            spread.max
        )?;
        if row.faults > 0 || spread.p99 > limit {
            missed.push(format!("{} ({:.1} ms)", row.note, spread.p99));
        }
    }
    if !missed.is_empty() {
        writeln!(out, "\nMissed: {}.", missed.join("; "))?;
    }
    let (contents, machine) = (&first.contents, &first.machine);
    writeln!(
        out,
        "\n{} files ({} MB), {} definitions; {} with {} cores, load {:.1} at the start, {}. Each answer to a letter typed right before the question, \
         from just before the question was written until the answer's last byte.",
        contents.files,
        contents.bytes / 1_000_000,
        contents.definitions,
        machine.processor,
        machine.cores,
        machine.load,
        machine.date,
    )?;
    Ok(Some(out))
}
