//! Nodes: the sections and tasks of one file, found by place without going through all of them.

use crate::dialect::Role;
use crate::facts::{Facts, Kind, Reference, Section, State, Task};
use crate::text::Span;
use crate::world::View;

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
    pub fn covering_at(&self, offset: u32, kind: Kind) -> Option<Node<'a>> {
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
                if self.covering_at(span.start, reference.kind).is_some_and(|node| node.head() == head) {
                    out.push((span, *facts, reference));
                }
            }
        }
        out
    }
}
