//! What of a workspace was reviewed, for a person at a terminal.

use std::io::{self, Write};
use traceline_engine::facts::Kind;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::references_to;
use traceline_engine::review::{Requirement, Standing};
use traceline_engine::review_lock::{Lock, NAME};
use traceline_engine::text::Encoding;
use traceline_engine::wording::{Piece, Wording, difference, shortened};
use traceline_engine::world::Snapshot;

/// So many places that trace a requirement are named.
const MOST_PLACES: usize = 12;

/// A requirement beside its review.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) requirement: Requirement<'a>,
    pub(crate) standing: Standing,
    /// What it said when it was reviewed last.
    pub(crate) was: Option<&'a Wording>,
}

impl Entry<'_> {
    fn name(&self, snapshot: &Snapshot) -> String {
        format!("{}/{}", snapshot.display_path(self.requirement.defined.view.scope), self.requirement.id)
    }

    /// Which words have changed, in a line.
    fn change(&self) -> Option<String> {
        let pieces = shortened(difference(self.was?, &self.requirement.wording));
        let told = |piece: &Piece| match piece {
            Piece::Same(words) => words.clone(),
            Piece::Gone(words) => format!("[-{words}-]"),
            Piece::New(words) => format!("{{+{words}+}}"),
        };
        Some(pieces.iter().map(told).collect::<Vec<_>>().join(" "))
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Writes which requirements say something else than when they were reviewed, and how many others there are.
pub(crate) fn list(
    out: &mut impl Write,
    snapshot: &Snapshot,
    entries: &[Entry<'_>],
    stale: &[(FilePath, Id)],
    is_kept: bool,
) -> io::Result<()> {
    let of = |standing: Standing| entries.iter().filter(move |it| it.standing == standing);
    for entry in of(Standing::Suspect) {
        let place = entry.requirement.defined.place();
        writeln!(out, "{}  {}", entry.name(snapshot), line(snapshot, &place.path, place.span.start))?;
        if let Some(change) = entry.change() {
            writeln!(out, "    {change}")?;
        }
        let scope = entry.requirement.defined.view.scope;
        let mut tracing: Vec<String> = references_to(snapshot, scope, entry.requirement.id)
            .iter()
            .filter(|it| matches!(it.kind, Kind::Trace | Kind::Tag))
            .map(|it| line(snapshot, &it.place.path, it.place.span.start))
            .collect();
        tracing.dedup();
        if tracing.len() > MOST_PLACES {
            let more = tracing.len() - MOST_PLACES;
            tracing.truncate(MOST_PLACES);
            tracing.push(format!("{more} more"));
        }
        if !tracing.is_empty() {
            writeln!(out, "    traced in {}", tracing.join(", "))?;
        }
    }
    for (scope, id) in stale {
        writeln!(out, "{}/{id} is not there any more, or withdrawn", snapshot.display_path(scope))?;
    }
    let (suspect, reviewed, new) =
        (of(Standing::Suspect).count(), of(Standing::Reviewed).count(), of(Standing::New).count());
    if !is_kept {
        let all = count(new, "requirement", "requirements");
        return writeln!(
            out,
            "nothing is reviewed here, of {all} · `traceline review --all` begins with what they say now"
        );
    }
    let mut parts = vec![format!("{suspect} suspect"), format!("{reviewed} as reviewed")];
    parts.extend((new > 0).then(|| format!("{new} not reviewed yet")));
    if !stale.is_empty() {
        parts.push(format!(
            "{} · `traceline review --all` takes them out",
            count(stale.len(), "stale line", "stale lines")
        ));
    }
    writeln!(out, "{}", parts.join(", "))
}

/// Writes what was reviewed.
pub(crate) fn written(
    out: &mut impl Write,
    snapshot: &Snapshot,
    reviewed: &[&Entry<'_>],
    gone: &[(FilePath, Id)],
    lock: &Lock,
    dry: bool,
) -> io::Result<()> {
    for entry in reviewed.iter().filter(|it| it.standing == Standing::Suspect) {
        writeln!(out, "{}", entry.name(snapshot))?;
        if let Some(change) = entry.change() {
            writeln!(out, "    {change}")?;
        }
    }
    for (scope, id) in gone {
        writeln!(out, "{}/{id} is taken out", snapshot.display_path(scope))?;
    }
    let of = |standing: Standing| reviewed.iter().filter(|it| it.standing == standing).count();
    let mut parts = Vec::new();
    for (number, what) in [(of(Standing::New), "new"), (of(Standing::Suspect), "changed"), (gone.len(), "taken out")] {
        parts.extend((number > 0).then(|| format!("{number} {what}")));
    }
    let changes = if parts.is_empty() { "as before".to_string() } else { parts.join(", ") };
    let held = lock.all().filter(|(.., reviews)| !reviews.is_empty()).count();
    let holds = if dry { "would hold" } else { "holds" };
    writeln!(out, "{NAME} {holds} {}: {changes}", count(held, "requirement", "requirements"))
}

fn line(snapshot: &Snapshot, path: &FilePath, offset: u32) -> String {
    let line = snapshot.view(path).map_or(0, |view| view.position(offset, Encoding::Utf16).line) + 1;
    format!("{}:{line}", snapshot.display_path(path))
}
