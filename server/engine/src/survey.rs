//! What whole documents are asked: each id looked up once, each file gone through once.

use crate::dialect::Role;
use crate::facts::{Facts, Kind, Reach, Reference, Section, State, Sure, Task};
use crate::id::Id;
use crate::index::Link;
use crate::path::FilePath;
use crate::query::{Lookup, Place, spellings_of};
use crate::text::Span;
use crate::world::{Snapshot, View};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Display;

/// A requirement: the scope that defines it, and its id as it is spelt there.
pub type Meant = (FilePath, Id);

/// What the ids of one scope's files mean, each looked up once however often it is written.
pub struct Meanings {
    /// Where they are looked up.
    pub lookup: Lookup,
    known: FxHashMap<(Id, Sure, bool), Box<[Meant]>>,
    children: Option<FxHashMap<Id, Vec<Meant>>>,
    /// How many lookups there were; tests count it.
    pub looked_up: usize,
}

impl Meanings {
    /// The meanings of ids in `scope`.
    #[must_use]
    pub fn of(snapshot: &Snapshot, scope: &FilePath) -> Self {
        Self::with(Lookup::of(snapshot, scope))
    }

    /// The same without keeping the indexes made for them.
    #[must_use]
    pub fn once(snapshot: &Snapshot, scope: &FilePath) -> Self {
        Self::with(Lookup::once(snapshot, scope))
    }

    fn with(lookup: Lookup) -> Self {
        Self { lookup, known: FxHashMap::default(), children: None, looked_up: 0 }
    }

    /// The requirements that a reference in `facts` means: none where nothing defines it, several for `FR-1.*`.
    pub fn meant_by(&mut self, facts: &Facts, reference: &Reference) -> &[Meant] {
        let children = reference.reach == Reach::Children;
        let key = (facts.id(reference.id).clone(), reference.sure, children);
        self.known.entry(key).or_insert_with_key(|(id, sure, _)| {
            self.looked_up += 1;
            if !children {
                return self
                    .lookup
                    .meaning(id, *sure)
                    .map(|(scope, id)| (scope.clone(), id.clone()))
                    .into_iter()
                    .collect();
            }
            let children = self.children.get_or_insert_with(|| {
                let mut children: FxHashMap<Id, Vec<Meant>> = FxHashMap::default();
                for (scope, id) in self.lookup.all_defined() {
                    if let Some(parent) = id.parent() {
                        children.entry(parent).or_default().push((scope.clone(), id.clone()));
                    }
                }
                children.values_mut().for_each(|ids| ids.sort_by(|a, b| a.1.cmp(&b.1)));
                children
            });
            children.get(id).cloned().unwrap_or_default().into()
        })
    }
}

/// A requirement's title and where it is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Titled<'a> {
    /// The statement's first line without marks.
    pub title: &'a str,
    /// Where its strongest definition stands.
    pub place: Place,
    rank: u8,
}

/// Titles of requirements; each file that defines one of them is gone through once.
pub struct Titles<'a> {
    snapshot: &'a Snapshot,
    read: FxHashSet<FilePath>,
    known: FxHashMap<FilePath, FxHashMap<Id, Titled<'a>>>,
}

impl<'a> Titles<'a> {
    /// Titles as of `snapshot`, none read yet.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, read: FxHashSet::default(), known: FxHashMap::default() }
    }

    /// The title of `id` of `scope`, if that defines it.
    pub fn title(&mut self, scope: &FilePath, id: &Id) -> Option<&Titled<'a>> {
        if !self.known.get(scope).is_some_and(|known| known.contains_key(id)) {
            let index = self.snapshot.index(scope)?;
            for (path, _) in index.definers_of(id) {
                if self.read.insert(path.clone()) {
                    self.read(path);
                }
            }
        }
        self.known.get(scope)?.get(id)
    }

    fn read(&mut self, path: &FilePath) {
        let Some(view) = self.snapshot.view(path) else { return };
        let known = self.known.entry(view.scope.clone()).or_default();
        for (base, facts) in view.parts() {
            for definition in &facts.definitions {
                // An old wording may stand beside the new one.
                let rank = definition.form.rank() * 2 + u8::from(definition.withdrawn);
                let id = facts.id(definition.id);
                if known.get(id).is_some_and(|other| other.rank <= rank) {
                    continue;
                }
                let place = Place { path: path.clone(), span: definition.place.shifted(base) };
                known.insert(id.clone(), Titled { title: facts.text(definition.title), place, rank });
            }
        }
    }

    /// How many files were gone through; tests count it.
    #[must_use]
    pub fn files(&self) -> usize {
        self.read.len()
    }
}

/// A section of a plan or a task: what may serve requirements.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The file.
    pub view: View<'a>,
    facts: &'a Facts,
    base: u32,
    part: usize,
    what: What<'a>,
}

#[derive(Clone, Copy, Debug)]
enum What<'a> {
    Section(&'a Section),
    Task(&'a Task),
}

impl Node<'_> {
    /// Its heading, or a task's number and title.
    #[must_use]
    pub fn head(&self) -> Span {
        match self.what {
            What::Section(section) => section.head,
            What::Task(task) => task.head,
        }
        .shifted(self.base)
    }

    /// What it is called; a task with its number.
    #[must_use]
    pub fn title(&self) -> String {
        match self.what {
            What::Section(section) => self.facts.text(section.title).to_string(),
            What::Task(task) => {
                format!("{} {}", self.facts.text(task.number), self.facts.text(task.title)).trim().to_string()
            }
        }
    }

    /// A task's state; none for a section.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        match self.what {
            What::Section(_) => None,
            What::Task(task) => Some(task.state),
        }
    }
}

/// The sections and tasks of one file, found by place without going through all of them.
pub struct Nodes<'a> {
    view: View<'a>,
    parts: Vec<(u32, &'a Facts)>,
    sections: Vec<(u32, usize, usize)>,
}

impl<'a> Nodes<'a> {
    /// Those of `view`.
    #[must_use]
    pub fn of(view: View<'a>) -> Self {
        let parts: Vec<(u32, &Facts)> = view.parts().collect();
        let mut sections = Vec::new();
        for (at, (base, facts)) in parts.iter().enumerate() {
            sections.extend(facts.sections.iter().enumerate().map(|(which, s)| (s.head.start + base, at, which)));
        }
        Self { view, parts, sections }
    }

    /// The innermost task around a byte.
    #[must_use]
    pub fn task_at(&self, offset: u32) -> Option<Node<'a>> {
        let part = self.parts.partition_point(|(base, _)| *base <= offset).checked_sub(1)?;
        let (base, facts) = self.parts[part];
        let task = facts.task_at(offset - base)?;
        Some(Node { view: self.view, facts, base, part, what: What::Task(task) })
    }

    /// The innermost section around a byte.
    #[must_use]
    pub fn section_at(&self, offset: u32) -> Option<Node<'a>> {
        let at = self.sections.partition_point(|(start, ..)| *start <= offset).checked_sub(1)?;
        let (_, part, which) = self.sections[at];
        let (base, facts) = self.parts[part];
        Some(Node { view: self.view, facts, base, part, what: What::Section(&facts.sections[which]) })
    }

    /// What serves the requirement that is named at byte `offset` as `kind`: a task, or a section of a plan by its trace
    /// lines. Other files serve nothing.
    #[must_use]
    pub fn server_at(&self, offset: u32, kind: Kind) -> Option<Node<'a>> {
        match self.view.role {
            Role::Tasks => self.task_at(offset).or_else(|| self.section_at(offset)),
            Role::Plan if kind == Kind::Trace => self.section_at(offset),
            _ => None,
        }
    }

    /// The node whose head touches the byte or begins behind it on the same line, a task before a section.
    #[must_use]
    pub fn head_at(&self, offset: u32) -> Option<Node<'a>> {
        let nodes = [self.task_at(offset), self.section_at(offset)];
        let touched = nodes.into_iter().flatten().find(|node| node.head().touches(offset));
        touched.or_else(|| {
            let line = self.view.line_start(offset);
            let ahead = |node: &Node<'a>| offset < node.head().start && self.view.line_start(node.head().start) == line;
            self.all().find(ahead)
        })
    }

    /// All of a node: a task with its subtasks, a section up to the next one that is none of its own.
    #[must_use]
    pub fn whole_of(&self, node: &Node<'a>) -> Span {
        let section = match node.what {
            What::Section(section) => section,
            What::Task(task) => return task.item.shifted(node.base),
        };
        let head = section.head.start + node.base;
        let after = self.sections.partition_point(|(start, ..)| *start <= head);
        let next = self.sections[after..].iter().find_map(|(_, part, which)| {
            let (base, facts) = self.parts[*part];
            let next = &facts.sections[*which];
            (next.level <= section.level).then_some(next.start + base)
        });
        Span { start: section.start + node.base, end: next.unwrap_or(u32::MAX) }
    }

    /// All sections and tasks, sections first.
    pub fn all(&self) -> impl Iterator<Item = Node<'a>> + '_ {
        self.parts.iter().enumerate().flat_map(move |(part, (base, facts))| {
            let node = move |what| Node { view: self.view, facts, base: *base, part, what };
            let sections = facts.sections.iter().map(What::Section);
            sections.chain(facts.tasks.iter().map(What::Task)).map(node)
        })
    }

    /// The references that count for `node`; a task that makes none itself speaks through its subtasks.
    pub fn references_under(&self, node: &Node<'a>) -> Vec<(Span, &'a Facts, &'a Reference)> {
        let own = self.references_of(node);
        let What::Task(task) = node.what else { return own };
        if !own.is_empty() {
            return own;
        }
        let facts = node.facts;
        let item = task.item;
        let first = facts.references.partition_point(|reference| reference.span.start < item.start);
        let within = facts.references[first..].iter().take_while(|reference| reference.span.start < item.end);
        within.map(|reference| (reference.span.shifted(node.base), facts, reference)).collect()
    }

    /// The references that `node` itself makes and that count for it, with the facts that hold them: those of its subtasks
    /// and subsections are theirs.
    pub fn references_of(&self, node: &Node<'a>) -> Vec<(Span, &'a Facts, &'a Reference)> {
        let head = node.head();
        let end = match node.what {
            What::Task(task) => task.item.end + node.base,
            What::Section(_) => {
                let next = self.sections.partition_point(|(start, ..)| *start <= head.start);
                self.sections.get(next).map_or(u32::MAX, |(start, ..)| *start)
            }
        };
        let mut out = Vec::new();
        for (base, facts) in self.parts[node.part..].iter().take_while(|(base, _)| *base < end) {
            let first = facts.references.partition_point(|reference| reference.span.start + base < head.start);
            for reference in &facts.references[first..] {
                let span = reference.span.shifted(*base);
                if span.start >= end {
                    break;
                }
                if self.server_at(span.start, reference.kind).is_some_and(|server| server.head() == head) {
                    out.push((span, *facts, reference));
                }
            }
        }
        out
    }
}

/// How many sections and tasks serve a requirement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sections of plans.
    pub sections: u32,
    /// Tasks.
    pub tasks: u32,
    /// Tasks that are done.
    pub done: u32,
    /// Whether no section plans it though the plan serves others of its family.
    pub unplanned: bool,
    /// Whether no task builds it though tasks build others of its family.
    pub untasked: bool,
}

impl Tally {
    /// Counts one more server, by its state.
    pub fn count(&mut self, state: Option<State>) {
        match state {
            None => self.sections += 1,
            Some(state) => {
                self.tasks += 1;
                self.done += u32::from(state == State::Done);
            }
        }
    }

    /// Whether nothing serves it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sections + self.tasks == 0
    }
}

/// Who serves each requirement that `view` defines in `within`, and how many files had to be gone through.
#[must_use]
pub fn tallies(snapshot: &Snapshot, view: &View<'_>, within: Span) -> (FxHashMap<Id, Tally>, usize) {
    let mut out: FxHashMap<Id, Tally> = FxHashMap::default();
    for (base, facts) in view.parts() {
        let here = |place: Span| place.start <= within.end && within.start <= place.end;
        let wanted = facts.definitions.iter().filter(|definition| here(definition.place.shifted(base)));
        out.extend(wanted.map(|definition| (facts.id(definition.id).clone(), Tally::default())));
    }
    if out.is_empty() {
        return (out, 0);
    }
    let spellings: FxHashSet<Id> = out.keys().flat_map(|id| spellings_of(snapshot, view.scope, id)).collect();
    let mut files = 0;
    for user in snapshot.scopes_naming(view.scope, &spellings.iter().cloned().collect::<Vec<_>>()) {
        let mut sought = Sought::of(snapshot, view.scope, user);
        for path in snapshot.scope(user).into_iter().flat_map(|scope| scope.files()) {
            let Some(view) = snapshot.view(path).filter(|view| matches!(view.role, Role::Plan | Role::Tasks)) else {
                continue;
            };
            if view.parts().any(|(_, facts)| facts.ids.iter().any(|id| spellings.contains(id))) {
                files += 1;
                count(&view, &mut sought, &spellings, &mut out);
            }
        }
    }
    (out, files)
}

/// Counts what serves requirements in one file.
fn count(file: &View<'_>, sought: &mut Sought<'_>, spellings: &FxHashSet<Id>, out: &mut FxHashMap<Id, Tally>) {
    let nodes = Nodes::of(*file);
    let mut counted: FxHashSet<(Id, Span)> = FxHashSet::default();
    for (base, facts) in file.parts() {
        for reference in facts.references.iter().filter(|it| spellings.contains(facts.id(it.id))) {
            let Some(server) = nodes.server_at(reference.span.start + base, reference.kind) else { continue };
            for id in sought.meant_by(facts, reference, |id| out.contains_key(id)) {
                if let Some(tally) = out.get_mut(id)
                    && counted.insert((id.clone(), server.head()))
                {
                    tally.count(server.state());
                }
            }
        }
    }
}

/// Requirements of `scope` that are looked for in the files of `user`.
pub(crate) struct Sought<'a> {
    snapshot: &'a Snapshot,
    scope: &'a FilePath,
    user: &'a FilePath,
    /// Made only where the spelling alone does not tell what is meant.
    meanings: Option<Meanings>,
}

impl<'a> Sought<'a> {
    /// Those of `scope`, none looked up yet.
    pub(crate) fn of(snapshot: &'a Snapshot, scope: &'a FilePath, user: &'a FilePath) -> Self {
        Self { snapshot, scope, user, meanings: None }
    }

    /// The ids of the scope that a reference means, where `is_defined` tells those that the scope defines and that matter.
    pub(crate) fn meant_by<'m>(
        &'m mut self,
        facts: &'m Facts,
        reference: &Reference,
        is_defined: impl Fn(&Id) -> bool,
    ) -> Vec<&'m Id> {
        let written = facts.id(reference.id);
        let as_written = reference.reach != Reach::Children && is_defined(written);
        // Most scopes that name an id of another define none of that name, and need no index to say so.
        if as_written && self.user != self.scope && !self.snapshot.is_defined_before(self.user, self.scope, written) {
            return vec![written];
        }
        let make = if self.user == self.scope { Meanings::of } else { Meanings::once };
        let meanings = self.meanings.get_or_insert_with(|| make(self.snapshot, self.user));
        let meant = meanings.meant_by(facts, reference).iter();
        meant.filter(|(home, _)| home == self.scope).map(|(_, id)| id).collect()
    }
}

/// How a requirement is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// By sections and tasks that name it.
    Named(Tally),
    /// By its parts: how many of them are served, and how many there are.
    Parts(usize, usize),
    /// By whatever serves the requirement that it is part of.
    Above(Id),
    /// By nobody any more, or by those who do not know that it is withdrawn.
    Withdrawn(Tally),
    /// By nothing, although the tasks name requirements of its family.
    Missing,
    /// By nothing, and nobody asked.
    Unjudged,
}

/// How `id` of `scope` is served, where `tally` counts what names it.
#[must_use]
pub fn service_of(lookup: &Lookup, scope: &FilePath, id: &Id, tally: Tally) -> Service {
    if lookup.is_withdrawn(scope, id) {
        return Service::Withdrawn(tally);
    }
    let index = lookup.index_of(scope);
    if !tally.is_empty() {
        let chain = index.filter(|_| lookup.complete).map(|index| index.chain_of(id));
        let unplanned = tally.sections == 0 && chain.is_some_and(|chain| chain.planned == Link::Missing);
        let untasked = tally.tasks == 0 && chain.is_some_and(|chain| chain.tasked == Link::Missing);
        return Service::Named(Tally { unplanned, untasked, ..tally });
    }
    let Some(index) = index else { return Service::Unjudged };
    if index.is_covered(id) {
        let above = std::iter::successors(id.parent(), Id::parent).find(|above| index.is_named_by(Role::Other, above));
        if let Some(above) = above {
            return Service::Above(index.defined(&above).cloned().unwrap_or(above));
        }
        let parts: Vec<&Id> = index.all_defined().filter(|part| part.parent().as_ref() == Some(id)).collect();
        if !parts.is_empty() {
            return Service::Parts(parts.iter().filter(|part| index.is_covered(part)).count(), parts.len());
        }
    }
    if lookup.complete && index.judges(id.family()) && !index.is_covered(id) {
        Service::Missing
    } else {
        Service::Unjudged
    }
}

/// A count with its noun in the singular or plural: `1 task`, `2 tasks`.
pub(crate) fn many<N: Copy + Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    let end = if count == N::from(1) { "" } else { "s" };
    format!("{count} {one}{end}")
}

impl Service {
    /// As an author says it: `2 sections · 3 tasks, 1 done`, and `no task` where that is missing.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Named(tally) => {
                let mut words = Vec::new();
                if tally.sections > 0 {
                    words.push(many(tally.sections, "section"));
                } else if tally.unplanned {
                    words.push("no section".into());
                }
                if tally.tasks > 0 {
                    words.push(format!("{}, {} done", many(tally.tasks, "task"), tally.done));
                } else if tally.untasked {
                    words.push("no task".into());
                }
                words.join(" · ")
            }
            Self::Withdrawn(tally) if tally.is_empty() => "withdrawn".into(),
            Self::Withdrawn(tally) => format!("withdrawn · {}", Self::Named(*tally).words()),
            Self::Parts(covered, all) => format!("{covered} of {} covered", many(*all, "part")),
            Self::Above(id) => format!("covered with {id}"),
            Self::Missing => "not covered".into(),
            Self::Unjudged => "no plan or task names it".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;
    use crate::query::coverage_of;

    const FEATURE: &str = "//- a/spec.md\n# S\n\n- **FR-1**: One\n- **FR-1.1**: Part\n- **FR-1.2**: Part\n- **FR-2**: Two\n- **NFR-1**: N\n//- a/plan.md\n# Plan\n\n## A\n\nFR-2 in prose.\n\n_Requirements: FR-1.1, FR-2_\n\n## B\n\n_Requirements: FR-1.*_\n//- a/tasks.md\n# Tasks\n\n- [x] 1. One\n  - _Requirements: FR-1.1, FR-1.1_\n- [ ] 2. Two\n  - [x] 2.1 Sub FR-2\n  - _Requirements: FR-1.1–1.2_\n";

    #[test]
    fn counting_all_at_once_counts_what_each_is_told() {
        let world = world(FEATURE);
        let snapshot = world.snapshot();
        let path = FilePath::new("/w/a/spec.md");
        let view = snapshot.view(&path).unwrap();
        let (all, files) = tallies(&snapshot, &view, Span { start: 0, end: u32::MAX });
        assert_eq!((all.len(), files), (5, 2));
        for (id, tally) in &all {
            let mut expected = Tally::default();
            coverage_of(&snapshot, view.scope, id).iter().for_each(|server| expected.count(server.state));
            assert_eq!(*tally, expected, "{id}");
        }
        assert_eq!(all[&Id::new("FR-1.1")], Tally { sections: 2, tasks: 2, done: 1, ..Tally::default() });
    }

    #[test]
    fn every_feature_that_serves_a_shared_requirement_is_counted() {
        use std::fmt::Write as _;
        let mut text = String::from("//- REQUIREMENTS.md\n# R\n\n- **R-1**: One\n");
        for number in 0..50 {
            let own = if number == 9 { "- **R-1**: Own\n" } else { "" };
            write!(text, "//- specs/{number}/spec.md\n- **FR-1**: F\n{own}//- specs/{number}/tasks.md\n- [x] 1. T\n  - _Requirements: FR-1, R-1_\n").unwrap();
        }
        let world = world(&text);
        let snapshot = world.snapshot();
        let view = snapshot.view(&FilePath::new("/w/REQUIREMENTS.md")).unwrap();
        let (all, files) = tallies(&snapshot, &view, Span { start: 0, end: u32::MAX });
        assert_eq!(all[&Id::new("R-1")], Tally { tasks: 49, done: 49, ..Tally::default() });
        assert_eq!(files, 50);
        assert_eq!(coverage_of(&snapshot, view.scope, &Id::new("R-1")).len(), 49);
    }

    #[test]
    fn parts_speak_for_their_whole_and_silence_is_told_apart() {
        let world = world(FEATURE);
        let snapshot = world.snapshot();
        let scope = FilePath::new("/w/a");
        let lookup = Lookup::of(&snapshot, &scope);
        let words = |id: &str| {
            let id = Id::new(id);
            let mut tally = Tally::default();
            coverage_of(&snapshot, &scope, &id).iter().for_each(|server| tally.count(server.state));
            service_of(&lookup, &scope, &id, tally).words()
        };
        assert_eq!(words("FR-1"), "2 of 2 parts covered");
        assert_eq!(words("FR-2"), "1 section · 1 task, 1 done");
        assert_eq!(words("FR-1.2"), "1 section · 1 task, 0 done");
        assert_eq!(words("NFR-1"), "no plan or task names it");
    }

    #[test]
    fn an_id_is_looked_up_once() {
        let lines = "- [ ] 1. Task FR-1.1\n  - _Requirements: FR-1.1, FR-2, FR-9_\n".repeat(100);
        let world = world(&format!("//- a/spec.md\n- **FR-1.1**: A\n- **FR-2**: B\n//- a/tasks.md\n{lines}"));
        let snapshot = world.snapshot();
        let path = FilePath::new("/w/a/tasks.md");
        let view = snapshot.view(&path).unwrap();
        let mut meanings = Meanings::of(&snapshot, view.scope);
        let mut titles = Titles::of(&snapshot);
        let mut found = 0;
        for (_, facts) in view.parts() {
            for reference in &facts.references {
                for (scope, id) in meanings.meant_by(facts, reference) {
                    found += usize::from(titles.title(scope, id).is_some());
                }
            }
        }
        assert_eq!((found, meanings.looked_up, titles.files()), (300, 3, 1));
    }
}
