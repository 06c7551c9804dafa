//! The rows of the matrix: the requirements that a scope states, what serves each, and how far it is.

use super::served::{Serving, numbered};
use crate::dialect::{CoveredBy, Role};
use crate::facts::{Form, State};
use crate::id::Id;
use crate::index::{Chain, Index, Link};
use crate::path::FilePath;
use crate::world::{Snapshot, View};
use rustc_hash::FxHashMap;
use std::cell::LazyCell;

/// How far a requirement is on the way from its statement to what is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nothing serves it, though others of its family are served.
    Uncovered,
    /// Nothing serves it, and nothing serves its family yet.
    Untraced,
    /// A section of a plan serves it, and no task.
    Planned,
    /// A task serves it, and not all that do are done.
    Tasked,
    /// All tasks that serve it are done.
    Done,
    /// It is put off, or left out on purpose, and nothing serves it.
    Deferred,
    /// It is given up, and stands there for its id alone.
    Withdrawn,
}

impl Stage {
    /// All of them, what is missing first.
    pub const ALL: [Self; 7] =
        [Self::Uncovered, Self::Untraced, Self::Planned, Self::Tasked, Self::Done, Self::Deferred, Self::Withdrawn];

    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uncovered => "uncovered",
            Self::Untraced => "untraced",
            Self::Planned => "planned",
            Self::Tasked => "tasked",
            Self::Done => "done",
            Self::Deferred => "deferred",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// By way of what a requirement is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Through {
    /// It is named itself, or nothing serves it.
    #[default]
    Itself,
    /// What it is part of is named.
    Whole,
    /// Its parts are named.
    Parts,
    /// A trace line says *all requirements*.
    All,
}

impl Through {
    /// Its name in reports; none where it is named itself.
    #[must_use]
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Itself => None,
            Self::Whole => Some("whole"),
            Self::Parts => Some("parts"),
            Self::All => Some("all"),
        }
    }
}

/// A requirement and what serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: Id,
    /// The first line of its statement without marks.
    pub title: String,
    /// The file that states it, by its number in the scope.
    pub(super) file: u32,
    /// The line there, from 1.
    pub line: u32,
    /// How far it is.
    pub stage: Stage,
    /// Whether no section of a plan serves it though others of its family are planned.
    pub lacks_plan: bool,
    /// Whether no task serves it though others of its family have one.
    pub lacks_task: bool,
    /// The sections that plan it, and those of trace matrices that name it, by their numbers in the scope.
    pub(super) sections: Box<[u32]>,
    /// By way of what they do.
    pub sections_through: Through,
    /// The tasks that build it or a part of it, in the same way.
    pub(super) tasks: Box<[u32]>,
    /// By way of what they do.
    pub tasks_through: Through,
    deferred: bool,
    is_spec: bool,
    rank: u8,
    /// The requirement that the heading around states.
    around: Option<usize>,
}

impl Row {
    /// The links that it lacks though others of its family have them.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let links = [(self.lacks_plan, "plan"), (self.lacks_task, "task")];
        links.into_iter().filter(|(lacks, _)| *lacks).map(|(_, name)| name).collect()
    }
}

/// What serves one requirement by name.
#[derive(Clone, Debug, Default)]
struct Links {
    sections: Vec<u32>,
    tasks: Vec<u32>,
}

impl Links {
    fn is_empty(&self) -> bool {
        self.sections.is_empty() && self.tasks.is_empty()
    }

    fn put(&mut self, server: u32, serving: &impl Serving) {
        let list = if serving.server(server).builds { &mut self.tasks } else { &mut self.sections };
        // Files come in order, so the same one twice is mostly the last.
        if list.last() != Some(&server) {
            list.push(server);
        }
    }

    fn extend(&mut self, other: &Self) {
        self.sections.extend(&other.sections);
        self.tasks.extend(&other.tasks);
    }
}

/// So many steps lead up from a requirement; headings and ids may lead in a circle.
const DEEPEST: usize = 16;

/// The requirements that files of `scope` state which `is_asked` names, by id; see [`numbered`] for the numbers of files.
pub(super) fn rows(
    snapshot: &Snapshot,
    scope: &FilePath,
    serving: &impl Serving,
    is_asked: &dyn Fn(&FilePath) -> bool,
) -> Vec<Row> {
    let Some(index) = snapshot.index(scope).filter(|index| index.defines_any()) else { return Vec::new() };
    let mut stated = Stated::default();
    for (file, view) in numbered(snapshot, scope).filter(|(_, view)| is_asked(view.path)) {
        stated.read(file, &view, &index);
    }
    let Stated { rows: mut out, known } = stated;
    if out.is_empty() {
        return out;
    }
    let mut served = ByName { rows: vec![Links::default(); out.len()], others: FxHashMap::default() };
    for (id, server) in serving.links() {
        let links = match known.get(id) {
            Some(at) => &mut served.rows[*at],
            None => served.others.entry(id).or_default(),
        };
        links.put(server, serving);
    }
    let mut all = Links::default();
    serving.serving_all().for_each(|server| all.put(server, serving));
    let up: Vec<Option<usize>> = (0..out.len()).map(|at| parent_of(&out, &known, at)).collect();
    let mut below: Vec<Links> = vec![Links::default(); out.len()];
    let mut add = |first: Option<usize>, links: &Links| {
        let whole = std::iter::successors(first, |at| up[*at]).take(DEEPEST);
        whole.for_each(|at| below[at].extend(links));
    };
    for (at, links) in served.rows.iter().enumerate().filter(|(_, links)| !links.is_empty()) {
        add(up[at], links);
    }
    for (id, links) in &served.others {
        // A scenario, or what only a range names, has no row of its own.
        let first = std::iter::successors(id.parent(), Id::parent).find_map(|id| known.get(&id).copied());
        add(first, links);
    }
    let judged = snapshot.dialect_of(scope).table.coverage.by == CoveredBy::TraceLines;
    for at in 0..out.len() {
        let (id, own) = (&out[at].id, &served.rows[at]);
        let chain = LazyCell::new(|| index.chain_of(id));
        // A story speaks for its criteria, but where those of others are named one by one.
        let above = |link: fn(Chain) -> Link, of: fn(&Links) -> &Vec<u32>| {
            let ids = std::iter::successors(id.parent(), Id::parent).take(DEEPEST);
            let named = ids.into_iter().find_map(|id| served.of(&id, &known).map(of).filter(|list| !list.is_empty()));
            named.or_else(|| {
                let around = std::iter::successors(up[at], |at| up[*at]).take(DEEPEST);
                let mut lists = around.map(|at| of(&served.rows[at])).filter(|list| !list.is_empty());
                lists.next().filter(|_| link(*chain) != Link::Missing)
            })
        };
        let (sections, sections_through) = if !own.sections.is_empty() {
            (&own.sections, Through::Itself)
        } else if let Some(whole) = above(|chain| chain.planned, |links| &links.sections) {
            (whole, Through::Whole)
        } else if !below[at].sections.is_empty() {
            (&below[at].sections, Through::Parts)
        } else {
            (&all.sections, if all.sections.is_empty() { Through::Itself } else { Through::All })
        };
        // What is built of it is built of its parts.
        let parts = &below[at].tasks;
        let (tasks, tasks_through) = if !own.tasks.is_empty() {
            (&own.tasks, Through::Itself)
        } else if !parts.is_empty() {
            (parts, Through::Parts)
        } else if let Some(whole) = above(|chain| chain.tasked, |links| &links.tasks) {
            (whole, Through::Whole)
        } else {
            (&all.tasks, if all.tasks.is_empty() { Through::Itself } else { Through::All })
        };
        let more = if tasks_through == Through::Itself && !tasks.is_empty() { &parts[..] } else { &[] };
        let (sections, tasks) = (each_once(sections, &[]), each_once(tasks, more));
        // Where both links are there, nothing is asked of the rest of the scope.
        let links = if sections.is_empty() || tasks.is_empty() { Some(*chain) } else { None };
        let row = &mut out[at];
        (row.sections, row.sections_through) = (sections, sections_through);
        (row.tasks, row.tasks_through) = (tasks, tasks_through);
        judge(row, &index, links, serving, judged);
    }
    // A whole is done when its parts are.
    for at in 0..out.len() {
        if out[at].stage < Stage::Done {
            let whole = std::iter::successors(up[at], |at| up[*at]).take(DEEPEST);
            whole.for_each(|at| {
                out[at].stage = if out[at].stage == Stage::Done { Stage::Tasked } else { out[at].stage }
            });
        }
    }
    // What a plan or a task list states itself is a requirement where something serves it.
    out.retain(|row| row.is_spec || !row.sections.is_empty() || !row.tasks.is_empty());
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

/// What serves each requirement by name: those that have a row, by its number, and others.
struct ByName<'a> {
    rows: Vec<Links>,
    others: FxHashMap<&'a Id, Links>,
}

impl ByName<'_> {
    fn of(&self, id: &Id, known: &FxHashMap<Id, usize>) -> Option<&Links> {
        known.get(id).map(|at| &self.rows[*at]).or_else(|| self.others.get(id))
    }
}

/// The numbers in both lists, each once, in order.
fn each_once(list: &[u32], more: &[u32]) -> Box<[u32]> {
    let mut all = Vec::with_capacity(list.len() + more.len());
    all.extend_from_slice(list);
    all.extend_from_slice(more);
    if !all.is_sorted_by(|a, b| a < b) {
        all.sort_unstable();
        all.dedup();
    }
    all.into()
}

/// Says how far a requirement is, and which links it lacks; `chain` is there unless sections and tasks serve it.
fn judge(row: &mut Row, index: &Index, chain: Option<Chain>, serving: &impl Serving, judged: bool) {
    let withdrawn = index.is_withdrawn(&row.id);
    let is = |of: fn(Chain) -> Link, link: Link| chain.is_some_and(|chain| of(chain) == link);
    let lacks = |of: fn(Chain) -> Link, list: &[u32]| {
        judged && row.is_spec && !row.deferred && !withdrawn && list.is_empty() && is(of, Link::Missing)
    };
    let planned = !row.sections.is_empty() || is(|chain| chain.planned, Link::There);
    let tasked = !row.tasks.is_empty() || is(|chain| chain.tasked, Link::There);
    let done = || row.tasks.iter().all(|task| serving.server(*task).state == Some(State::Done));
    let lacks_plan = lacks(|chain| chain.planned, &row.sections);
    let lacks_task = lacks(|chain| chain.tasked, &row.tasks);
    let stage = if withdrawn {
        Stage::Withdrawn
    } else if tasked && !row.tasks.is_empty() && done() {
        Stage::Done
    } else if tasked {
        Stage::Tasked
    } else if planned {
        Stage::Planned
    } else if row.deferred {
        Stage::Deferred
    } else if lacks_plan || lacks_task {
        Stage::Uncovered
    } else {
        Stage::Untraced
    };
    (row.stage, row.lacks_plan, row.lacks_task) = (stage, lacks_plan, lacks_task);
}

/// The row above one: what its id is part of, else what the heading around it states.
fn parent_of(rows: &[Row], known: &FxHashMap<Id, usize>, at: usize) -> Option<usize> {
    let row = &rows[at];
    let ids = std::iter::successors(row.id.parent(), Id::parent).take(DEEPEST);
    ids.into_iter().find_map(|id| known.get(&id).copied()).or(row.around).filter(|up| *up != at)
}

/// The requirements that were met, each by its strongest statement.
#[derive(Default)]
struct Stated {
    rows: Vec<Row>,
    known: FxHashMap<Id, usize>,
}

impl Stated {
    fn read(&mut self, file: u32, view: &View<'_>, index: &Index) {
        let Some(names) = index.names_of(view.path) else { return };
        // The sections around, each with the requirement that its heading states.
        let mut open: Vec<(u8, Option<usize>)> = Vec::new();
        for (base, facts) in view.parts() {
            let mut heads = facts.sections.iter().peekable();
            for definition in &facts.definitions {
                while let Some(head) = heads.next_if(|head| head.start <= definition.place.start) {
                    enter(&mut open, head.level);
                }
                let id = facts.id(definition.id);
                let place_only = matches!(definition.form, Form::Rendered | Form::Section | Form::Scenario);
                if place_only || !names.defines(id) {
                    continue;
                }
                let begins = matches!(definition.form, Form::Heading | Form::Numbered | Form::Name);
                let around = open.iter().rev().skip(usize::from(begins)).find_map(|(_, own)| *own);
                // An old wording may stand beside the new one.
                let rank = definition.form.rank() * 2 + u8::from(definition.withdrawn);
                let known = self.known.get(id).copied();
                let at = known.unwrap_or(self.rows.len());
                if let Some((_, own)) = open.last_mut().filter(|_| begins) {
                    *own = Some(at);
                }
                if known.is_some_and(|at| self.rows[at].rank <= rank) {
                    continue;
                }
                let row = Row {
                    id: id.clone(),
                    title: facts.text(definition.title).to_string(),
                    file,
                    line: view.line(definition.place.start + base) + 1,
                    stage: Stage::Untraced,
                    lacks_plan: false,
                    lacks_task: false,
                    sections: Box::default(),
                    sections_through: Through::Itself,
                    tasks: Box::default(),
                    tasks_through: Through::Itself,
                    deferred: definition.deferred,
                    is_spec: !matches!(view.role, Role::Plan | Role::Tasks | Role::Trace),
                    rank,
                    around: around.filter(|around| *around != at),
                };
                if known.is_some() {
                    self.rows[at] = row;
                } else {
                    self.known.insert(id.clone(), at);
                    self.rows.push(row);
                }
            }
            heads.for_each(|head| enter(&mut open, head.level));
        }
    }
}

/// Leaves the sections that a heading of this level ends, for its own.
fn enter(open: &mut Vec<(u8, Option<usize>)>, level: u8) {
    while open.last().is_some_and(|(above, _)| *above >= level) {
        open.pop();
    }
    open.push((level, None));
}
