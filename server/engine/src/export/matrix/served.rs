//! What the plans, tasks and trace matrices of a scope serve: each file gone through once, each id looked up once.

use crate::batch::{Meanings, Node, Nodes, RequirementKey};
use crate::dialect::Role;
use crate::facts::{Facts, Kind, Reach, Reference, State};
use crate::id::Id;
use crate::path::FilePath;
use crate::world::{Snapshot, View};
use rustc_hash::FxHashMap;

/// A section or task that serves requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Server {
    /// The section's heading, or the task's number and title.
    pub(super) title: String,
    /// The file in which it stands, by its number in the scope.
    pub(super) file: u32,
    /// Its line, from 1.
    pub(super) line: u32,
    /// Whether it stands among the tasks: it builds what it serves, where a section of a plan plans it.
    pub(super) builds: bool,
    /// How far it is; none of a section of a plan, or of one among the tasks that holds no boxes.
    pub(super) state: Option<State>,
}

/// A stretch of a task list below one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// The heading; the file's name where there is none.
    pub title: String,
    /// Tasks that have no parts.
    pub tasks: usize,
    /// Those of them that are done.
    pub done: usize,
    /// Those of them that are begun or set aside.
    pub begun: usize,
}

/// What the files of one scope serve.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) servers: Vec<Server>,
    /// Each requirement of the scope with a server of it.
    own: Vec<(Id, u32)>,
    /// The same of other scopes.
    pub(super) foreign: Vec<(RequirementKey, u32)>,
    /// Servers that say that they serve all requirements.
    all: Vec<u32>,
    pub(super) phases: Vec<Phase>,
}

/// What serves the requirements of a scope, by number.
pub(super) trait Serving {
    /// Each requirement with a server of it, by its id as it is spelt in the scope or, where that defines none, as it is written.
    fn links(&self) -> impl Iterator<Item = (&Id, u32)>;
    /// The servers that say that they serve all requirements.
    fn serving_all(&self) -> impl Iterator<Item = u32>;
    /// The server with this number.
    fn server(&self, number: u32) -> &Server;
}

/// The files of `scope` that state or serve anything, each with its number.
pub(super) fn numbered<'a>(snapshot: &'a Snapshot, scope: &FilePath) -> impl Iterator<Item = (u32, View<'a>)> {
    let is_any = |view: &View<'_>| match view.role {
        Role::Plan | Role::Tasks | Role::Trace => true,
        Role::Checklist | Role::Template | Role::None => false,
        _ => view.parts().any(|(_, facts)| !facts.definitions.is_empty()),
    };
    (0..).zip(snapshot.views_in(scope).filter(is_any))
}

/// What the files of `scope` serve, and the phases of those that `is_asked` names; see [`numbered`].
pub(super) fn served(snapshot: &Snapshot, scope: &FilePath, is_asked: &dyn Fn(&FilePath) -> bool) -> Served {
    let mut meanings = Meanings::of(snapshot, scope);
    let mut out =
        Served { servers: Vec::new(), own: Vec::new(), foreign: Vec::new(), all: Vec::new(), phases: Vec::new() };
    // Made where a range over parents is met: what it means is defined between two ids.
    let mut sorted: Option<Vec<Id>> = None;
    for (file, view) in numbered(snapshot, scope) {
        if !matches!(view.role, Role::Plan | Role::Tasks | Role::Trace) {
            continue;
        }
        if view.role == Role::Tasks && is_asked(view.path) {
            out.phases.extend(phases_of(&view));
        }
        let nodes = Nodes::of(view);
        let mut known = Known { file, last: None, heads: FxHashMap::default() };
        for (base, facts) in view.parts() {
            for (at, reference) in facts.references.iter().enumerate() {
                let Some(node) = serving_at(&view, &nodes, reference.span.start + base, reference.kind) else {
                    continue;
                };
                let server = out.number_of(&view, &nodes, &node, &mut known);
                let meant = meanings.meant_by(facts, reference);
                for (home, id) in meant {
                    if home == scope {
                        out.own.push((id.clone(), server));
                    } else {
                        out.foreign.push(((home.clone(), id.clone()), server));
                    }
                }
                if meant.is_empty() && reference.reach != Reach::Children {
                    // Its parts may be defined.
                    out.own.push((facts.id(reference.id).clone(), server));
                }
                if let Some((first, last)) = range_at(facts, at, reference) {
                    let sorted = sorted.get_or_insert_with(|| {
                        let index = meanings.lookup.own();
                        let mut all: Vec<Id> = index.into_iter().flat_map(|it| it.all_defined().cloned()).collect();
                        all.sort();
                        all
                    });
                    let from = sorted.partition_point(|id| id < first);
                    // A range that ends within a requirement does not mean all of it.
                    let within = sorted[from..].iter().take_while(|id| *id <= last).filter(|id| !last.is_below(id));
                    out.own.extend(within.map(|id| (id.clone(), server)));
                }
            }
            for trace in facts.traces.iter().filter(|trace| trace.all) {
                if let Some(node) = serving_at(&view, &nodes, trace.line.start + base, Kind::Trace) {
                    let server = out.number_of(&view, &nodes, &node, &mut known);
                    out.all.push(server);
                }
            }
        }
    }
    out
}

/// The servers of one file that have a number, by where their heads begin.
struct Known {
    file: u32,
    /// The one that was asked for last: mostly it is the next one, too.
    last: Option<(u32, u32)>,
    heads: FxHashMap<u32, u32>,
}

/// The ends of a range over parents that begins with `reference`.
fn range_at<'a>(facts: &'a Facts, at: usize, reference: &Reference) -> Option<(&'a Id, &'a Id)> {
    let last = facts.references.get(at + 1).filter(|_| reference.reach == Reach::From)?;
    Some((facts.id(reference.id), facts.id(last.id)))
}

/// What serves the requirement that is named at byte `offset`. A matrix in a plan traces by its tags, and so does a file of one.
fn serving_at<'a>(view: &View<'_>, nodes: &Nodes<'a>, offset: u32, kind: Kind) -> Option<Node<'a>> {
    match view.role {
        Role::Tasks => nodes.covering_at(offset, kind),
        _ if matches!(kind, Kind::Trace | Kind::Tag) => nodes.section_at(offset),
        _ => None,
    }
}

impl Served {
    /// The number of the server that `node` is.
    fn number_of(&mut self, view: &View<'_>, nodes: &Nodes<'_>, node: &Node<'_>, known: &mut Known) -> u32 {
        let head = node.head().start;
        if let Some((last, number)) = known.last
            && last == head
        {
            return number;
        }
        let number = *known.heads.entry(head).or_insert_with(|| {
            let builds = view.role == Role::Tasks;
            self.servers.push(Server {
                title: node.title(),
                file: known.file,
                line: view.line(head) + 1,
                builds,
                state: if builds { node.state().or_else(|| state_of_boxes(view, nodes, node)) } else { None },
            });
            crate::text::narrow(self.servers.len() - 1)
        });
        known.last = Some((head, number));
        number
    }
}

impl Serving for Served {
    fn links(&self) -> impl Iterator<Item = (&Id, u32)> {
        self.own.iter().map(|(id, server)| (id, *server))
    }

    fn serving_all(&self) -> impl Iterator<Item = u32> {
        self.all.iter().copied()
    }

    fn server(&self, number: u32) -> &Server {
        &self.servers[number as usize]
    }
}

/// How far a section of the task list is by the boxes in it.
fn state_of_boxes(view: &View<'_>, nodes: &Nodes<'_>, section: &Node<'_>) -> Option<State> {
    let whole = nodes.whole_of(section);
    let mut states = Vec::new();
    for (base, facts) in view.parts().filter(|(base, _)| *base < whole.end) {
        let first = facts.tasks.partition_point(|task| task.item.start + base < whole.start);
        let within = facts.tasks[first..].iter().take_while(|task| task.item.start + base < whole.end);
        states.extend(within.map(|task| task.state));
    }
    if states.is_empty() {
        None
    } else if states.iter().all(|state| *state == State::Done) {
        Some(State::Done)
    } else if states.iter().all(|state| *state == State::Open) {
        Some(State::Open)
    } else {
        Some(State::Other)
    }
}

/// The stretches of a task list below the headings that part it: those of the first level of which there are several.
fn phases_of(view: &View<'_>) -> Vec<Phase> {
    let mut sections: Vec<(u32, u8, &str)> = Vec::new();
    // Where each task without parts begins, and how far it is.
    let mut tasks: Vec<(u32, State)> = Vec::new();
    for (base, facts) in view.parts() {
        sections.extend(facts.sections.iter().map(|it| (it.start + base, it.level, facts.text(it.title))));
        let mut whole = vec![false; facts.tasks.len()];
        facts.tasks.iter().filter_map(|task| task.parent).for_each(|parent| whole[parent as usize] = true);
        let parts = facts.tasks.iter().zip(whole).filter(|(_, whole)| !whole);
        tasks.extend(parts.map(|(task, _)| (task.item.start + base, task.state)));
    }
    // The sections around each task, the outermost first.
    let mut around: Vec<Vec<usize>> = Vec::with_capacity(tasks.len());
    let (mut open, mut next) = (Vec::new(), 0);
    for (start, _) in &tasks {
        while next < sections.len() && sections[next].0 <= *start {
            while open.last().is_some_and(|at: &usize| sections[*at].1 >= sections[next].1) {
                open.pop();
            }
            open.push(next);
            next += 1;
        }
        around.push(open.clone());
    }
    let mut depth = 0;
    while let Some(first) = around.first().and_then(|it| it.get(depth))
        && around.iter().all(|it| it.get(depth) == Some(first))
        && around.iter().any(|it| it.len() > depth + 1)
    {
        depth += 1;
    }
    let mut out: Vec<(Option<usize>, Phase)> = Vec::new();
    for (around, (_, state)) in around.iter().zip(&tasks) {
        let section = around.get(depth).or(around.last()).copied();
        if out.last().is_none_or(|(last, _)| *last != section) {
            let title = section.map_or(view.path.name(), |at| sections[at].2).to_string();
            out.push((section, Phase { title, tasks: 0, done: 0, begun: 0 }));
        }
        if let Some((_, phase)) = out.last_mut() {
            phase.tasks += 1;
            phase.done += usize::from(*state == State::Done);
            phase.begun += usize::from(*state == State::Other);
        }
    }
    out.into_iter().map(|(_, phase)| phase).collect()
}

/// What serves the requirements of a scope that others serve as well; servers have their numbers among those of all.
pub(super) struct Joined<'a> {
    /// What its own files serve, and how many servers there are before theirs.
    pub(super) own: (&'a Served, u32),
    /// What others serve of it.
    pub(super) foreign: Vec<(&'a Id, u32)>,
    /// All servers.
    pub(super) all: &'a [Server],
}

impl Serving for Joined<'_> {
    fn links(&self) -> impl Iterator<Item = (&Id, u32)> {
        let (own, before) = self.own;
        own.links().map(move |(id, server)| (id, before + server)).chain(self.foreign.iter().copied())
    }

    fn serving_all(&self) -> impl Iterator<Item = u32> {
        let (own, before) = self.own;
        own.serving_all().map(move |server| before + server)
    }

    fn server(&self, number: u32) -> &Server {
        &self.all[number as usize]
    }
}
