//! Typing in a long plan: one letter at a time, fences that open and close, and a steady hand.

use super::{Bench, ms, within};
use crate::client::{Client, Published, Silence};
use crate::row::{Metric, Tally};
use crate::server::Diagnostics;
use crate::workspace::LONG;
use anyhow::{Context, Result};
use serde_json::json;
use std::time::{Duration, Instant};

/// Typed at the end of a line of prose; it has an id and emphasis, half-written for a while.
const SENTENCE: &str = " Each request is logged, see FR-1.1 and *retry* once (again).";

/// A server that needs longer for one letter is spared the rest.
const TOO_SLOW: f64 = 1_000.0;

pub(crate) fn typing(bench: &mut Bench<'_>) -> Result<()> {
    if bench.server.diagnostics == Diagnostics::None {
        return Ok(());
    }
    let Some(mut client) = bench.begin(Metric::LetterFindings)? else { return Ok(()) };
    let (uri, sent) = client.open(&bench.root.join("specs").join(LONG).join("plan.md"))?;
    let (mut opened, published) = (Tally::default(), client.findings(&uri, 1, sent, bench.pace.patience));
    let note = published.as_ref().map_or_else(|_| String::new(), |one| format!("{} findings", one.count));
    let dangling = client.document(&uri).dangling();
    judge(bench.server.strict, 1, dangling, sent, published, &mut opened);
    bench.enter(Metric::OpenFindings, &opened, &note)?;
    if opened.faults() > 0 {
        return bench.enter(Metric::LetterFindings, &opened, "on opening");
    }
    client.settle(Duration::from_millis(300));
    let letters = letters(bench, &mut client, &uri)?;
    if letters.faults() > 0 || letters.spread().p50 > TOO_SLOW {
        return Ok(());
    }
    fences(bench, &mut client, &uri)?;
    steady(bench, &mut client, &uri)?;
    client.stop();
    Ok(())
}

/// Where the sentence is typed in turn.
fn sites(client: &Client, uri: &str) -> Result<Vec<usize>> {
    let sites: Vec<usize> =
        [0.1, 0.35, 0.6, 0.85].iter().filter_map(|share| client.document(uri).prose(*share)).collect();
    anyhow::ensure!(!sites.is_empty(), "there is no prose to type in");
    Ok(sites)
}

/// Types the `round`th letter; once the sentence is complete, the next round begins at another place and `wipe` takes the old one away.
fn press(client: &mut Client, uri: &str, sites: &[usize], round: usize) -> (i64, Instant) {
    let (line, letter) = (sites[round / SENTENCE.len() % sites.len()], round % SENTENCE.len());
    let end = client.document(uri).lines[line].len();
    client.edit(uri, line, end, end, &SENTENCE[letter..=letter])
}

fn wipe(client: &mut Client, uri: &str, sites: &[usize], round: usize) -> Option<(i64, Instant)> {
    if !(round + 1).is_multiple_of(SENTENCE.len()) {
        return None;
    }
    let line = sites[round / SENTENCE.len() % sites.len()];
    let end = client.document(uri).lines[line].len();
    Some(client.edit(uri, line, end - SENTENCE.len(), end, ""))
}

fn letters(bench: &mut Bench<'_>, client: &mut Client, uri: &str) -> Result<Tally> {
    let (sites, dangling) = (sites(client, uri)?, client.document(uri).dangling());
    let (mut tally, begun, cpu) = (Tally::default(), Instant::now(), client.usage().cpu);
    for round in 0..bench.pace.letters {
        let (version, sent) = press(client, uri, &sites, round);
        let published = client.findings(uri, version, sent, bench.pace.patience);
        judge(bench.server.strict, version, dangling, sent, published, &mut tally);
        if let Some((version, sent)) = wipe(client, uri, &sites, round) {
            let _ = client.findings(uri, version, sent, bench.pace.patience);
        }
        if tally.faults() > 2 || !within(bench.pace.budget, begun) {
            break;
        }
    }
    client.settle(Duration::from_millis(300));
    let each = (client.usage().cpu - cpu) / tally.len().max(1) as f64;
    bench.enter(Metric::LetterFindings, &tally, "")?;
    if tally.faults() == 0 {
        bench.enter(Metric::LetterCpu, &Tally::of(&[each]), "")?;
    }
    Ok(tally)
}

/// Ours must state the version and name every dangling reference; any other server need only speak.
fn judge(
    strict: bool,
    version: i64,
    dangling: usize,
    sent: Instant,
    published: Result<Published, Silence>,
    tally: &mut Tally,
) {
    match published {
        Err(silence) => tally.fault(silence),
        Ok(one) if strict && one.version != Some(version) => {
            tally.fault(format!("version {:?} instead of {version}", one.version));
        }
        Ok(one) if strict && one.dangling < dangling => {
            tally.fault(format!("{} of {dangling} dangling references found", one.dangling));
        }
        Ok(one) if strict && one.in_code > 0 => tally.fault(format!("{} findings inside code", one.in_code)),
        // Every plan has broken links: a linter that says nothing has not looked.
        Ok(one) if !strict && one.count == 0 => tally.fault("no findings"),
        Ok(one) => tally.take(ms(one.at - sent)),
    }
}

/// Replaces a line of prose by a fence that swallows what follows it, and puts it back.
fn fences(bench: &mut Bench<'_>, client: &mut Client, uri: &str) -> Result<()> {
    let line = client.document(uri).prose(0.2).context("there is no prose to fence")?;
    let prose = client.document(uri).lines[line].clone();
    let (mut tally, begun) = (Tally::default(), Instant::now());
    for round in 0..bench.pace.fences {
        let end = client.document(uri).lines[line].len();
        let (version, sent) = client.edit(uri, line, 0, end, if round % 2 == 0 { "```" } else { &prose });
        // How many findings lie behind an open fence is the server's to say.
        judge(
            bench.server.strict,
            version,
            0,
            sent,
            client.findings(uri, version, sent, bench.pace.patience),
            &mut tally,
        );
        if round % 2 == 1 && (tally.faults() > 2 || !within(bench.pace.budget, begun)) {
            break;
        }
    }
    bench.enter(Metric::FenceFindings, &tally, "")
}

/// Thirty letters a second whether or not the answers keep up; each is timed from the moment it was due.
fn steady(bench: &mut Bench<'_>, client: &mut Client, uri: &str) -> Result<()> {
    let sites = sites(client, uri)?;
    client.settle(Duration::from_millis(100));
    client.published.clear();
    let pull = bench.server.diagnostics == Diagnostics::Pull;
    let (mut pressed, mut asked, begun) = (Vec::new(), Vec::new(), Instant::now());
    for round in 0..bench.pace.steady {
        let due = begun + Duration::from_secs(1) * round / 30;
        while Instant::now() < due {
            client.receive(due.saturating_duration_since(Instant::now()));
        }
        let (version, _) = press(client, uri, &sites, round as usize);
        wipe(client, uri, &sites, round as usize);
        pressed.push((version, due));
        if pull {
            asked.push(client.send("textDocument/diagnostic", &json!({"textDocument": {"uri": uri}})).0);
        }
    }
    let mut tally = Tally::default();
    if pull {
        for (id, (_, due)) in asked.into_iter().zip(&pressed) {
            match client.answer(id, bench.pace.patience) {
                Ok(answer) => tally.take(ms(answer.at - *due)),
                Err(silence) => tally.fault(silence),
            }
        }
        return bench.enter(Metric::SteadyFindings, &tally, "");
    }
    let last = pressed.last().map_or(0, |(version, _)| *version);
    let end = Instant::now() + bench.pace.patience;
    while Instant::now() < end && !client.published.iter().any(|one| one.version.is_none_or(|version| version >= last))
    {
        client.receive(Duration::from_millis(50));
    }
    client.settle(Duration::from_millis(500));
    for (version, due) in pressed {
        let seen =
            client.published.iter().find(|one| one.at > due && one.version.is_none_or(|stated| stated >= version));
        match seen {
            Some(one) => tally.take(ms(one.at - due)),
            None => tally.fault("no diagnostics"),
        }
    }
    let note = format!("{} publications", client.published.len());
    bench.enter(Metric::SteadyFindings, &tally, &note)
}
