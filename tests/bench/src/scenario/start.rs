//! Cold start: from spawning the server to the first answer that holds the whole workspace; then what it costs to do nothing.

use super::{Bench, ms};
use crate::client::{Answer, Client, Silence, asked_at};
use crate::parser;
use crate::row::{Metric, Tally};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// How long a server may rest before its memory is read.
const REST: Duration = Duration::from_millis(300);

/// False when the server did not get there: asking it more is idle.
pub(crate) fn start(bench: &mut Bench<'_>) -> Result<bool> {
    read_once(&bench.root.clone())?;
    let [mut walls, mut cpus, mut memories, mut peaks] = [const { Vec::new() }; 4];
    let begun = Instant::now();
    let mut asks = 0;
    for _ in 0..bench.pace.starts {
        let patience = bench.pace.patience;
        let started = Client::start(bench.server, &bench.root, patience).and_then(|mut client| {
            let ready = ready(bench, &mut client)?;
            Ok((client, ready))
        });
        let (mut client, ready) = match started {
            Ok(started) => started,
            Err(fault) => {
                bench.enter(Metric::StartReady, &Tally::failed(fault), "")?;
                return Ok(false);
            }
        };
        client.version.clone_into(&mut bench.version);
        if let Some(ready) = ready {
            walls.push(ms(ready.at - client.spawned));
            asks = ready.asks;
        }
        client.settle(REST);
        let usage = client.usage();
        cpus.push(usage.cpu);
        memories.push(usage.memory);
        peaks.push(usage.peak);
        client.stop();
        // Slow peers are started once or twice: the figures of five starts would differ by little.
        if begun.elapsed() > bench.pace.budget {
            break;
        }
    }
    // Without a question that shows the whole workspace there is nothing to time, and memory would be compared with that of servers that have read it.
    if walls.is_empty() {
        return Ok(true);
    }
    bench.enter(Metric::StartReady, &Tally::of(&walls), &format!("{asks} asks"))?;
    bench.enter(Metric::StartCpu, &Tally::of(&cpus), "")?;
    bench.enter(Metric::StartMemory, &Tally::of(&memories), "")?;
    bench.enter(Metric::StartPeak, &Tally::of(&peaks), "")?;
    if bench.server.strict {
        // In the same run, so that one can be held against the other.
        let (walls, cpus) = parser::measure(&bench.root, bench.pace.starts)?;
        bench.enter(Metric::ParserWall, &walls, "")?;
        bench.enter(Metric::ParserCpu, &cpus, "")?;
    }
    Ok(true)
}

pub(crate) struct Ready {
    pub(crate) at: Instant,
    asks: usize,
}

/// Asks until the answer holds every feature; `None` for a server that has no such question.
pub(crate) fn ready(bench: &Bench<'_>, client: &mut Client) -> Result<Option<Ready>> {
    let Some(question) = &bench.server.ready else { return Ok(None) };
    let params = if question.method == "workspace/symbol" {
        json!({"query": question.query})
    } else {
        let at = bench.server.place("ready").context("a server made ready by references needs `at.ready`")?;
        let (uri, _) = client.open(&bench.root.join("constitution.md"))?;
        let spot = *client
            .document(&uri)
            .spots(&at.needle, at.offset)
            .first()
            .context("`at.ready` is nowhere in the hub file")?;
        let mut params = asked_at(&uri, spot);
        params["context"] = json!({"includeDeclaration": true});
        params
    };
    let wanted = question.per_feature * bench.contents.features;
    let end = Instant::now() + 2 * bench.pace.patience;
    for asks in 1.. {
        let left = end.saturating_duration_since(Instant::now());
        client.progress_ended = false;
        let (answer, _) = client.ask(&question.method, &params, left)?;
        let found = found(&answer, &question.query);
        if found >= wanted {
            return Ok(Some(Ready { at: answer.at, asks }));
        }
        if Instant::now() > end {
            bail!("{found} of {wanted} after {} s", (2 * bench.pace.patience).as_secs());
        }
        // The end of a progress is a good moment to ask again; a server that shows none is asked every 10 ms.
        let pause = Instant::now() + Duration::from_millis(10);
        while Instant::now() < pause && !client.progress_ended {
            client.receive(pause.saturating_duration_since(Instant::now()));
        }
    }
    Err(Silence::Late(bench.pace.patience).into())
}

/// Places in the answer; for symbols, files that hold one whose name has the query as a whole id.
fn found(answer: &Answer, query: &str) -> usize {
    #[derive(Deserialize)]
    struct Item {
        #[serde(default)]
        name: String,
        location: Option<Location>,
    }
    #[derive(Deserialize)]
    struct Location {
        uri: String,
    }
    let items: Vec<Item> = serde_json::from_str(answer.raw()).unwrap_or_default();
    if query.is_empty() {
        return items.len();
    }
    let files = items.into_iter().filter(|item| holds_id(&item.name, query)).filter_map(|item| item.location);
    files.map(|location| location.uri).collect::<HashSet<_>>().len()
}

fn holds_id(name: &str, id: &str) -> bool {
    name.match_indices(id).any(|(start, _)| {
        let before = name[..start].chars().next_back();
        let mut after = name[start + id.len()..].chars();
        let (next, second) = (after.next(), after.next());
        let goes_on =
            next.is_some_and(char::is_alphanumeric) || next == Some('.') && second.is_some_and(|c| c.is_ascii_digit());
        !before.is_some_and(char::is_alphanumeric) && !goes_on
    })
}

/// Brings the files into the page cache, so that every start finds them there.
fn read_once(folder: &std::path::Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_once(&path)?;
        } else {
            std::fs::read(path)?;
        }
    }
    Ok(())
}

/// Processor time over three seconds in which nobody asks for anything.
pub(crate) fn idle(bench: &mut Bench<'_>, client: &mut Client) -> Result<()> {
    client.settle(Duration::from_millis(500));
    let before = client.usage().cpu;
    std::thread::sleep(Duration::from_secs(3));
    let used = client.usage().cpu - before;
    bench.enter(Metric::IdleCpu, &Tally::of(&[used]), "over 3 s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_id_counts() {
        assert!(holds_id("FR-1.1: Store the token", "FR-1.1"));
        assert!(holds_id("FR-1.1", "FR-1.1"));
        assert!(!holds_id("NFR-1.1: Store", "FR-1.1"));
        assert!(!holds_id("FR-1.12: Store", "FR-1.1"));
        assert!(!holds_id("FR-1.1.2", "FR-1.1"));
    }
}
