//! A document that is opened right after the start, while the workspace is still being read: its first findings, its first hover.

use super::{Bench, ms};
use crate::client::{Client, asked_at};
use crate::row::{Metric, Tally};
use anyhow::{Context, Result};
use std::time::Instant;

/// Starts the server several times, opens the plan of another feature each time and hovers over an id of it at once.
pub(crate) fn opened(bench: &mut Bench<'_>) -> Result<()> {
    let Some(at) = bench.server.at.get("hover").cloned().filter(|_| bench.server.strict) else { return Ok(()) };
    let (mut findings, mut hovers) = (Tally::default(), Tally::default());
    let begun = Instant::now();
    for feature in bench.features(bench.pace.starts)? {
        let patience = bench.pace.patience;
        let mut client = Client::start(bench.server, &bench.root, patience)?;
        let (uri, sent) = client.open(&feature.join("plan.md"))?;
        let spot =
            client.document(&uri).spots(&at.needle, at.offset).first().copied().context("no id to hover over")?;
        let (hover, _) = client.send("textDocument/hover", &asked_at(&uri, spot));
        match client.answer(hover, patience) {
            // Some requirements of the generated features have no task; that it may be said is tested in tests/lsp/early.rs.
            Ok(answer) if ["tasks, done", "No task builds it"].iter().any(|it| answer.raw().contains(it)) => {
                hovers.take(ms(answer.at - sent));
            }
            Ok(answer) => hovers.fault(format!("the hover does not tell the tasks: {}", answer.raw())),
            Err(silence) => hovers.fault(silence),
        }
        match client.findings(&uri, 1, sent, patience) {
            Ok(found) => findings.take(ms(found.at - sent)),
            Err(silence) => findings.fault(silence),
        }
        client.stop();
        if begun.elapsed() > bench.pace.budget * 2 {
            break;
        }
    }
    bench.enter(Metric::FirstFindings, &findings, "")?;
    bench.enter(Metric::FirstHover, &hovers, "")
}
