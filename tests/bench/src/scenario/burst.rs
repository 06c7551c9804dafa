//! 50,000 edits written without waiting, and a question behind them whose answer shows the final text.

use super::{Bench, ms};
use crate::client::{Client, asked_at};
use crate::document::Spot;
use crate::prose::Dice;
use crate::row::{Metric, Tally};
use anyhow::{Context, Result};
use std::time::Duration;

const EDITS: usize = 50_000;
const HEADING: &str = "#### FR-1.1: ";
/// Whole messages are written in portions of about this many bytes.
const PORTION: usize = 1 << 16;

/// Edits the title of FR-1.1 in an ordinary feature.
///
/// Letters come and go at random places and the title is never replaced, so that one edit lost or swapped changes what follows for good.
pub(crate) fn burst(bench: &mut Bench<'_>, client: &mut Client) -> Result<()> {
    // The last of the features that the questions did not open.
    let feature = bench.features(usize::MAX)?.pop().context("the workspace has features")?;
    let (uri, _) = client.open(&feature.join("requirements.md"))?;
    client.settle(Duration::from_millis(300));
    let line = client.document(&uri).spots(HEADING, 0).first().context("every feature defines FR-1.1")?.line;
    let title = HEADING.len();
    let mut dice = Dice::new(7);
    let (mut portions, mut last) = (vec![Vec::new()], 1);
    for _ in 0..EDITS {
        let end = client.document(&uri).lines[line].len();
        let length = end - title;
        let grow = length < 20 || (length < 80 && dice.once_in(2));
        let at = title + dice.below(length + usize::from(grow));
        let letter = dice.letter().to_string();
        let (version, message) = if grow {
            client.edit_framed(&uri, line, at, at, &letter)
        } else {
            client.edit_framed(&uri, line, at, at + 1, "")
        };
        last = version;
        if portions.last().is_some_and(|portion: &Vec<u8>| portion.len() > PORTION) {
            portions.push(Vec::new());
        }
        portions.last_mut().expect("there is a first portion").extend(message);
    }
    let expected = client.document(&uri).lines[line][title..].to_owned();
    client.published.clear();
    let mut sent = None;
    for portion in &portions {
        sent.get_or_insert(client.write(portion));
    }
    let sent = sent.context("there is a first portion")?;
    let Some(question) = &bench.server.burst else {
        let tally = match client.diagnosed(&uri, last, sent, bench.pace.patience) {
            Ok(published) => Tally::of(&[ms(published.at - sent)]),
            Err(silence) => Tally::failed(silence),
        };
        return bench.enter(Metric::Burst, &tally, "text not seen");
    };
    let (id, _) = client.send(&format!("textDocument/{question}"), &asked_at(&uri, Spot { line, column: 6 }));
    let tally = match client.answer(id, bench.pace.patience) {
        Ok(answer) if answer.raw().contains(&expected) => Tally::of(&[ms(answer.at - sent)]),
        Ok(_) => Tally::failed("the text is not what was typed"),
        Err(silence) => Tally::failed(silence),
    };
    bench.enter(Metric::Burst, &tally, "text exact")
}
