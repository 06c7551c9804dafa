//! The report of `traceline impact` as JSON: which requirements a change touches, and what serves them.

use super::changes::{Changed, Files, State, changes};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{CoveringItem, Place, references_to};
use crate::text::Encoding;
use crate::trace_links::links_of;
use crate::world::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

/// The requirements that a change touches. Lines and columns count from 1, columns in UTF-16 code units.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "traceline impact")]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// The folder that all paths are relative to.
    pub root: String,
    /// The revision that is compared with, as it was named.
    pub base: String,
    /// The commit that this is: where the branch left it.
    pub commit: String,
    /// How much there is.
    pub summary: Summary,
    /// The requirements, by scope and id.
    pub requirements: Vec<Entry>,
}

/// How much a change touches.
#[derive(Clone, Copy, Debug, Default, JsonSchema, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// Those of them, and of those that are gone, that the change touches.
    pub changed_files: usize,
    /// Requirements that are new.
    pub added: usize,
    /// Requirements that say something else.
    pub changed: usize,
    /// Requirements that are given up and still stand there.
    pub withdrawn: usize,
    /// Requirements that were given up and are not any more.
    pub restored: usize,
    /// Requirements that nothing states any more.
    pub removed: usize,
    /// Tasks that serve one of them.
    pub tasks: usize,
    /// Those of them that are done.
    pub done: usize,
}

/// A requirement that a change touches.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// What happened to it.
    #[schemars(extend("enum" = ["added", "changed", "withdrawn", "restored", "removed"]))]
    pub change: &'static str,
    /// The folder whose ids it shares.
    pub scope: String,
    /// The first line of its statement, as it is now or last was.
    pub title: String,
    /// Where it is stated, or was.
    pub place: PlaceEntry,
    /// What it said before, without what its parts say.
    pub before: Option<String>,
    /// What it says now.
    pub after: Option<String>,
    /// The sections of plans that name it; of one that is removed, those that did.
    pub sections: Vec<ServerEntry>,
    /// The tasks that name it; of one that is removed, those that did.
    pub tasks: Vec<ServerEntry>,
    /// Other documents that name it.
    pub documents: Vec<String>,
}

/// A place.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PlaceEntry {
    /// The file, relative to the root.
    pub path: String,
    /// Its line; of a requirement that is removed, as it was.
    pub line: u32,
    /// Its column.
    pub column: u32,
}

/// A section or task that serves a requirement.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct ServerEntry {
    /// The section's heading, or the task's number and title.
    pub title: String,
    /// The file, relative to the root.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// The state of a task's checkbox; none of a section.
    #[schemars(extend("enum" = ["open", "done", "in-progress", null]))]
    pub state: Option<&'static str>,
}

/// What serves a requirement, as reports tell it whose paths are relative to `root`.
pub(super) fn server_entry(snapshot: &Snapshot, root: &FilePath, item: &CoveringItem) -> ServerEntry {
    ServerEntry {
        title: item.title.clone(),
        path: item.place.path.relative_to(root.as_str()).to_string(),
        line: position(snapshot, &item.place).0,
        state: item.state.map(crate::facts::State::as_str),
    }
}

/// The line and column of a place, from 1; of one that is not there, 0.
pub(super) fn position(snapshot: &Snapshot, place: &Place) -> (u32, u32) {
    snapshot.view(&place.path).map_or((0, 0), |view| {
        let at = view.position(place.span.start, Encoding::Utf16);
        (at.line + 1, at.column + 1)
    })
}

/// What a change between two states touches; paths are relative to `root`, and only `files` differ. Base and commit, and how
/// many files were read, are the caller's to say.
#[must_use]
pub fn report(root: &FilePath, before: State<'_>, after: State<'_>, files: &Files) -> Report {
    let found = changes(before, after, files);
    let mut summary = Summary { changed_files: files.len(), ..Summary::default() };
    let mut tasks: std::collections::BTreeSet<(FilePath, u32)> = std::collections::BTreeSet::new();
    let mut requirements = Vec::new();
    for changed in &found {
        use super::changes::Change;
        *match changed.change {
            Change::Added => &mut summary.added,
            Change::Reworded => &mut summary.changed,
            Change::Withdrawn => &mut summary.withdrawn,
            Change::Restored => &mut summary.restored,
            Change::Removed => &mut summary.removed,
        } += 1;
        let (entry, served) = entry(root, before.snapshot, after.snapshot, changed);
        for task in served {
            if tasks.insert((task.place.path.clone(), task.place.span.start)) {
                summary.tasks += 1;
                summary.done += usize::from(task.state == Some(crate::facts::State::Done));
            }
        }
        requirements.extend(entry);
    }
    Report { version: 1, root: root.to_string(), base: String::new(), commit: String::new(), summary, requirements }
}

fn entry(
    root: &FilePath,
    before: &Snapshot,
    after: &Snapshot,
    changed: &Changed,
) -> (Option<Entry>, Vec<CoveringItem>) {
    let relative = |path: &FilePath| path.relative_to(root.as_str()).to_string();
    // What is removed is served by what named it when it was there.
    let (snapshot, scope, statement) = match (&changed.after, &changed.before) {
        (Some(now), _) => (after, &changed.scope, now),
        (None, Some((scope, was))) => (before, scope, was),
        (None, None) => return (None, Vec::new()),
    };
    let links = links_of(snapshot, scope, &changed.id);
    let server = |item: &CoveringItem| server_entry(snapshot, root, item);
    let (row, column) = position(snapshot, &statement.place);
    let entry = Entry {
        id: changed.id.to_string(),
        change: changed.change.as_str(),
        scope: relative(&changed.scope),
        title: statement.title.clone(),
        place: PlaceEntry { path: relative(&statement.place.path), line: row, column },
        before: changed.before.as_ref().map(|(_, was)| was.text.clone()),
        after: changed.after.as_ref().map(|now| now.text.clone()),
        sections: links.planned.iter().map(server).collect(),
        tasks: links.tasks.iter().map(server).collect(),
        documents: documents(snapshot, scope, &changed.id, &statement.place.path, &links.planned, &links.tasks)
            .iter()
            .map(relative)
            .collect(),
    };
    (Some(entry), links.tasks)
}

/// Documents that name a requirement and are not told of by what serves it.
fn documents(
    snapshot: &Snapshot,
    scope: &FilePath,
    id: &Id,
    own: &FilePath,
    sections: &[CoveringItem],
    tasks: &[CoveringItem],
) -> Vec<FilePath> {
    let told = |path: &FilePath| path == own || sections.iter().chain(tasks).any(|item| item.place.path == *path);
    let mut out: Vec<FilePath> = references_to(snapshot, scope, id).into_iter().map(|it| it.place.path).collect();
    out.retain(|path| !told(path));
    out.sort();
    out.dedup();
    out
}
