//! `traceline.status`: what the server has read, what it has left out and why, and what it works with.

use super::call::{Answer, Arguments, Command};
use crate::disk;
use crate::keeper::{Cancellation, State};
use crate::paths;
use crate::server::state::{Server, failed};
use serde::Serialize;
use std::collections::BTreeMap;
use tower_lsp::jsonrpc::Result;
use traceline_engine::path::FilePath;
use traceline_engine::world::Snapshot;

pub(super) const COMMAND: Command = Command { name: "traceline.status", run };

/// More than this of what is left out is not listed: it would be a list of build folders.
const MOST_LEFT_OUT: usize = 200;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    /// All of it in a sentence.
    summary: String,
    version: &'static str,
    folders: Vec<String>,
    /// Whether the workspace is still being read.
    reading: bool,
    files: usize,
    open: usize,
    /// Ids that are defined somewhere; one that several features define counts once.
    ids: usize,
    features: usize,
    /// How many files are read in each dialect.
    dialects: BTreeMap<String, usize>,
    /// Memory that the process has, in bytes; none where the system does not say.
    memory: Option<u64>,
    /// Who sees changes on disk: `editor`, `server`, or `server in part`.
    watching: &'static str,
    /// How the editor gets findings: `asks` or `is sent`.
    findings: &'static str,
    /// How many closed files have findings that are not shown, because too many others are.
    hidden: usize,
    excluded: Vec<Excluded>,
}

#[derive(Serialize)]
struct Excluded {
    path: String,
    why: String,
}

fn run(server: &Server, _: Arguments) -> Result<Answer<'_>> {
    let findings = if server.abilities().diagnostics.pulls { "asks" } else { "is sent" };
    let answer = server.inbox.describe(move |snapshot, state, cancellation| {
        let status = status(snapshot, state, findings, cancellation)?;
        serde_json::to_value(status).ok()
    });
    Ok(Box::pin(async move { answer.await.map_err(failed) }))
}

fn status(
    snapshot: &Snapshot,
    state: &State,
    findings: &'static str,
    cancellation: &Cancellation<'_>,
) -> Option<Status> {
    let mut dialects = BTreeMap::new();
    for path in snapshot.files() {
        *dialects.entry(snapshot.dialect_of(path).table.name.to_string()).or_insert(0) += 1;
    }
    let (files, ids, features) = (snapshot.files().count(), snapshot.all_defined().count(), snapshot.scopes().count());
    let memory = memory();
    let excluded = excluded(snapshot, state, cancellation)?;
    let megabytes = memory.map_or_else(String::new, |bytes| format!(", {} MB of memory", bytes >> 20));
    let reading = if state.reading { "reading: so far " } else { "" };
    let hidden = match state.hidden {
        0 => String::new(),
        hidden => format!("; findings of {hidden} files are not shown, `traceline check` lists them"),
    };
    Some(Status {
        summary: format!("{reading}{files} files in {features} features, {ids} ids{megabytes}{hidden}"),
        version: env!("CARGO_PKG_VERSION"),
        folders: snapshot.layout().roots().iter().map(ToString::to_string).collect(),
        reading: state.reading,
        files,
        open: snapshot.open_files().count(),
        ids,
        features,
        dialects,
        memory,
        watching: state.watching,
        findings,
        hidden: state.hidden,
        excluded,
    })
}

/// What is left out, and why: files that could not be read first.
fn excluded(snapshot: &Snapshot, state: &State, cancellation: &Cancellation<'_>) -> Option<Vec<Excluded>> {
    let entry = |path: &FilePath, why: String| Excluded { path: snapshot.spoken(path).to_string(), why };
    let mut out: Vec<Excluded> =
        snapshot.unreadable().map(|(path, why)| entry(path, format!("it was not read: {why}"))).collect();
    for root in snapshot.layout().roots() {
        let folder = &*paths::encode(root);
        if disk::is_too_wide(folder) {
            out.push(Excluded { path: root.to_string(), why: "it is too wide to be read as a workspace".into() });
            continue;
        }
        let left = disk::left_out(folder, &state.selection, MOST_LEFT_OUT + 1, || !cancellation.is_cancelled())?;
        let more = left.len() > MOST_LEFT_OUT;
        let left = left.into_iter().take(MOST_LEFT_OUT);
        out.extend(left.filter_map(|(path, why)| Some(entry(&paths::decode(&path)?, why))));
        if more {
            let why = format!("more than {MOST_LEFT_OUT} files and folders are left out, of which these are some");
            out.push(Excluded { path: root.to_string(), why });
        }
    }
    Some(out)
}

/// The resident memory of this process, in bytes.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10)
}
