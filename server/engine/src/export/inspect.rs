//! The report of `traceline inspect` as JSON: what was understood of one file.

use crate::facts::{Certainty, Facts, Form, Kind, State, front_matter_end};
use crate::id::Id;
use crate::index::Link;
use crate::path::FilePath;
use crate::query::{CoveringItem, Lookup, definitions_of};
use crate::text::{Encoding, Span, narrow};
use crate::trace_links::links_of;
use crate::world::{Snapshot, View};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// What was understood of a file. Lines and columns count from 1, columns in UTF-16 code units.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "traceline inspect")]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// The file, relative to its workspace folder.
    pub path: String,
    /// The dialect it was read in.
    pub dialect: String,
    /// Why that one: for the file's path, for what it says, because the team has decided so for its folder, or because
    /// nothing speaks for another.
    #[schemars(extend("enum" = ["path", "content", "configuration", "default"]))]
    pub chosen_by: &'static str,
    /// The pattern of paths for which that dialect was chosen; none where it was chosen for what the file says, or no other.
    pub evidence: Option<String>,
    /// The lines that say that it is written in that dialect.
    pub says: Vec<SaidEntry>,
    /// The configuration file in force, relative to the workspace folder; none where there is none.
    pub configuration: Option<String>,
    /// What it is for.
    #[schemars(extend("enum" = ["spec", "plan", "tasks", "trace", "checklist", "template", "other", "none"]))]
    pub role: &'static str,
    /// What it has that role for: a pattern of paths, or the line of its front matter that only a file for agents has. None
    /// where nothing speaks for one.
    pub role_evidence: Option<String>,
    /// The folder whose ids it shares, relative to its workspace folder.
    pub scope: String,
    /// Requirements that it defines.
    pub definitions: Vec<DefinitionEntry>,
    /// Places that name a requirement; a range is one entry for each id that it covers, all at its place.
    pub references: Vec<ReferenceEntry>,
    /// Checkbox items of a task list.
    pub tasks: Vec<TaskEntry>,
    /// Headings.
    pub sections: Vec<SectionEntry>,
    /// Hints that were not filled in.
    pub placeholders: Vec<PlaceholderEntry>,
}

/// A line by which a dialect is known.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct SaidEntry {
    /// Its number.
    pub line: u32,
    /// What it says.
    pub text: String,
}

/// A requirement that the file defines.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct DefinitionEntry {
    /// Its id.
    pub id: String,
    /// Where the id, or the number that gives it one, stands.
    pub line: u32,
    /// The column of the same.
    pub column: u32,
    /// Whether the id is written, follows from the place in a list or from a heading's number, or is a scenario's name with
    /// that of its requirement.
    #[schemars(extend("enum" = ["written", "counted", "scenario"]))]
    pub form: &'static str,
    /// The statement's first line.
    pub title: String,
    /// Whether the requirement has been given up.
    pub withdrawn: bool,
    /// How far it is from there to what is built.
    pub chain: ChainEntry,
}

/// How far a requirement is: planned, tasked, done.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct ChainEntry {
    /// Whether a section of the plan serves it, by way of a parent or child too; none where that is not judged.
    pub planned: Option<bool>,
    /// The sections of the plan that name it.
    pub sections: Vec<ServerEntry>,
    /// Whether a task builds it, by way of a parent or child too; none where that is not judged.
    pub tasked: Option<bool>,
    /// The tasks that name it.
    pub tasks: Vec<ServerEntry>,
    /// How many of these are done.
    pub done: usize,
}

/// A section or task that serves a requirement.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct ServerEntry {
    /// The section's heading, or the task's number and title.
    pub title: String,
    /// The file, relative to its workspace folder.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// The state of a task's checkbox; none of a section.
    #[schemars(extend("enum" = ["open", "done", "in-progress", null]))]
    pub state: Option<&'static str>,
}

/// A place that names a requirement.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct ReferenceEntry {
    /// The id that is meant.
    pub id: String,
    /// The text that means it.
    pub text: String,
    /// Where it stands.
    pub line: u32,
    /// The column of the same.
    pub column: u32,
    /// How it stands there.
    #[schemars(extend("enum" = ["trace-line", "tag", "mention", "delta"]))]
    pub kind: &'static str,
    /// Where the requirement is defined; empty where nothing defines it.
    pub resolved: Vec<PlaceEntry>,
}

/// A place.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct PlaceEntry {
    /// The file, relative to its workspace folder.
    pub path: String,
    /// Its line.
    pub line: u32,
}

/// A checkbox item of a task list.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct TaskEntry {
    /// Its number as it is written; empty without one.
    pub id: String,
    /// Its line.
    pub line: u32,
    /// The state of its checkbox.
    #[schemars(extend("enum" = ["open", "done", "in-progress"]))]
    pub state: &'static str,
    /// The ids that its own trace lines name.
    pub trace: Vec<String>,
}

/// A heading.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct SectionEntry {
    /// From 1 to 6.
    pub level: u8,
    /// Its text without marks.
    pub title: String,
    /// Its line.
    pub line: u32,
}

/// A hint that was not filled in.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct PlaceholderEntry {
    /// The hint with its brackets.
    pub text: String,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
}

pub(super) fn chosen_by(snapshot: &Snapshot, path: &FilePath) -> &'static str {
    let dialect = snapshot.dialect_of(path);
    if dialect.forced {
        "configuration"
    } else if dialect.evidence(snapshot.display_path(path)).is_some() {
        "path"
    } else if !Arc::ptr_eq(dialect, snapshot.dialect_at(path)) {
        "content"
    } else {
        "default"
    }
}

pub(super) fn role_evidence(snapshot: &Snapshot, view: &View<'_>, text: &str) -> Option<String> {
    if view.is_prompt() {
        let front = text[..front_matter_end(text)].lines();
        return snapshot.dialect_of(view.path).tells_an_agent(front).map(String::from);
    }
    let (home, spoken) = (snapshot.home_dialect(view.path), snapshot.display_path(view.path));
    home.role_evidence(spoken).map(String::from)
}

/// What was understood of the file at `path`, whose text is `text`.
#[must_use]
pub fn report(snapshot: &Snapshot, path: &FilePath, text: &str) -> Option<Report> {
    let view = snapshot.view(path)?;
    let lookup = Lookup::of(snapshot, view.scope);
    let dialect = snapshot.dialect_of(path);
    let says = dialect.saying(text).into_iter();
    let line_of = |at: usize| view.position(narrow(at), Encoding::Utf16).line + 1;
    let mut report = Report {
        version: 1,
        path: snapshot.display_path(path).to_string(),
        dialect: dialect.table.name.to_string(),
        chosen_by: chosen_by(snapshot, path),
        evidence: dialect.evidence(snapshot.display_path(path)).map(String::from),
        says: says.map(|(at, line)| SaidEntry { line: line_of(at), text: line.trim().to_string() }).collect(),
        configuration: None,
        role: view.role.as_str(),
        role_evidence: role_evidence(snapshot, &view, text),
        scope: snapshot.display_path(view.scope).to_string(),
        definitions: Vec::new(),
        references: Vec::new(),
        tasks: Vec::new(),
        sections: Vec::new(),
        placeholders: Vec::new(),
    };
    for (base, facts) in view.parts() {
        let at = |span: Span| {
            let position = view.position(span.start + base, Encoding::Utf16);
            (position.line + 1, position.column + 1)
        };
        let written = |span: Span| text.get(span.shifted(base).range()).unwrap_or_default().to_string();
        report.definitions.extend(definitions(snapshot, &view, &lookup, facts, at));
        for reference in &facts.references {
            let (line, column) = at(reference.span);
            let id = facts.id(reference.id);
            let meant = lookup.meant(id, reference.sure);
            if matches!(reference.sure, Certainty::Conditional | Certainty::Guess) && meant.is_empty() {
                // `R2` is also the name of other things, and `FR-2` that of another feature's requirement.
                continue;
            }
            let resolved = meant.into_iter().flat_map(|(scope, id)| definitions_of(snapshot, scope, id));
            let places = resolved.map(|defined| {
                let place = defined.place();
                PlaceEntry {
                    path: snapshot.display_path(&place.path).to_string(),
                    line: defined.view.position(place.span.start, Encoding::Utf16).line + 1,
                }
            });
            let kind = match reference.kind {
                Kind::Trace => "trace-line",
                Kind::Tag => "tag",
                Kind::Listed => "listed",
                Kind::Mention => "mention",
                Kind::Delta => "delta",
            };
            report.references.push(ReferenceEntry {
                id: id.to_string(),
                text: written(reference.span),
                line,
                column,
                kind,
                resolved: places.collect(),
            });
        }
        report.tasks.extend(tasks(facts, at));
        for section in &facts.sections {
            report.sections.push(SectionEntry {
                level: section.level,
                title: facts.text(section.title).to_string(),
                line: at(section.head).0,
            });
        }
        for placeholder in &facts.placeholders {
            let (line, column) = at(*placeholder);
            report.placeholders.push(PlaceholderEntry { text: written(*placeholder), line, column });
        }
    }
    Some(report)
}

/// How far the requirement `id` of `scope` is.
fn chain(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> ChainEntry {
    let links = links_of(snapshot, scope, id);
    let judged = |link: Link| match link {
        Link::There => Some(true),
        Link::Missing => Some(false),
        Link::Unjudged => None,
    };
    let entry = |server: &CoveringItem| {
        let view = snapshot.view(&server.place.path);
        ServerEntry {
            title: server.title.clone(),
            path: snapshot.display_path(&server.place.path).to_string(),
            line: view.map_or(0, |view| view.position(server.place.span.start, Encoding::Utf16).line + 1),
            state: server.state.map(State::as_str),
        }
    };
    ChainEntry {
        planned: judged(links.chain.planned),
        sections: links.planned.iter().map(entry).collect(),
        tasked: judged(links.chain.tasked),
        tasks: links.tasks.iter().map(entry).collect(),
        done: links.done(),
    }
}

fn definitions(
    snapshot: &Snapshot,
    view: &View<'_>,
    lookup: &Lookup,
    facts: &Facts,
    at: impl Fn(Span) -> (u32, u32),
) -> Vec<DefinitionEntry> {
    let names = lookup.own().and_then(|index| index.names_of(view.path));
    let stated = facts.definitions.iter().filter(|definition| {
        // Counted ids give way to written ones, and a rendered number is only another name.
        definition.form != Form::Rendered && names.is_some_and(|names| names.defines(facts.id(definition.id)))
    });
    stated
        .map(|definition| {
            let (line, column) = at(definition.place);
            let form = match definition.form {
                Form::Scenario => "scenario",
                form if form.is_written() => "written",
                _ => "counted",
            };
            DefinitionEntry {
                id: facts.id(definition.id).to_string(),
                line,
                column,
                form,
                title: facts.text(definition.title).to_string(),
                withdrawn: definition.withdrawn,
                chain: chain(snapshot, view.scope, facts.id(definition.id)),
            }
        })
        .collect()
}

fn tasks(facts: &Facts, at: impl Fn(Span) -> (u32, u32)) -> Vec<TaskEntry> {
    let mut traces: Vec<Vec<String>> = vec![Vec::new(); facts.tasks.len()];
    for trace in &facts.traces {
        let ids = facts.references[trace.references.start as usize..trace.references.end as usize].iter();
        // Tasks come in the order of the text, so the last one around the line is the innermost.
        if let Some(holder) = facts.tasks.iter().rposition(|task| task.item.covers(trace.line)) {
            traces[holder].extend(ids.map(|reference| facts.id(reference.id).to_string()));
        }
    }
    let tasks = facts.tasks.iter().zip(traces);
    tasks
        .map(|(task, trace)| TaskEntry {
            id: facts.text(task.number).to_string(),
            line: at(task.head).0,
            state: task.state.as_str(),
            trace,
        })
        .collect()
}
