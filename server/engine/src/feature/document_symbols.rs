//! Document symbols: the outline of a plan document, with its requirements and tasks.

use crate::dialect::Role;
use crate::facts::State;
use crate::outline::{Outline as Outlined, schema_of};
use crate::path::FilePath;
use crate::text::Span;
use crate::world::{Snapshot, View};
use rustc_hash::FxHashMap;

/// A line of the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What it is called.
    pub name: String,
    /// How far it is, in a few words; may be empty.
    pub detail: String,
    /// What it is.
    pub kind: OutlineKind,
    /// All of it.
    pub whole: Span,
    /// The part that names it.
    pub exact: Span,
    /// What is inside.
    pub children: Vec<Outline>,
}

/// What a line of the outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutlineKind {
    /// A heading with what follows it.
    Section,
    /// A requirement.
    Requirement,
    /// A task and its state.
    Task(State),
}

/// The outline of the file at `path`; nothing of one that is no plan document and holds neither requirement nor task.
#[must_use]
pub fn document_symbols(snapshot: &Snapshot, path: &FilePath) -> Vec<Outline> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let end = view.document().map_or(u32::MAX, |document| crate::text::narrow(document.rope().len_bytes()));
    // Every entry as (start, depth), so that one pass can nest them: sections by level, tasks by their parents.
    let mut entries: Vec<(u32, u8, Outline)> = Vec::new();
    let leaf = |name: String, kind, whole: Span, exact: Span| Outline {
        name,
        detail: String::new(),
        kind,
        whole,
        exact,
        children: Vec::new(),
    };
    let states = states(snapshot, &view);
    for (base, facts) in view.parts() {
        for section in &facts.sections {
            let head = section.head.shifted(base);
            let title = facts.text(section.title);
            let mut entry = leaf(named(title), OutlineKind::Section, head, head);
            entry.detail = states.get(&head.start).cloned().unwrap_or_default();
            entries.push((head.start, section.level, entry));
        }
        for definition in
            facts.definitions.iter().filter(|d| d.form.rank() < 3 && d.form != crate::facts::Form::Heading)
        {
            let (id, title) = (facts.id(definition.id), facts.text(definition.title));
            let (whole, exact) = (definition.body.shifted(base), definition.place.shifted(base));
            entries.push((exact.start, 20, leaf(format!("{id} {title}"), OutlineKind::Requirement, whole, exact)));
        }
        for task in &facts.tasks {
            let depth = std::iter::successors(task.parent, |at| facts.tasks[*at as usize].parent).count();
            let (whole, exact) = (task.item.shifted(base), task.head.shifted(base));
            let name = format!("{} {}", facts.text(task.number), facts.text(task.title));
            entries.push((
                exact.start,
                30 + u8::try_from(depth).unwrap_or(u8::MAX - 30),
                leaf(named(name.trim()), OutlineKind::Task(task.state), whole, exact),
            ));
        }
    }
    let ours = view.role != Role::Other || entries.iter().any(|(.., entry)| entry.kind != OutlineKind::Section);
    if !ours {
        // Its headings are for whoever reads all Markdown to tell.
        return Vec::new();
    }
    entries.sort_by_key(|(start, ..)| *start);
    nest(entries, end)
}

/// The state of each section of a plan document, by where its heading's text starts.
fn states(snapshot: &Snapshot, view: &View<'_>) -> FxHashMap<u32, String> {
    let Some(schema) = schema_of(snapshot, view) else { return FxHashMap::default() };
    let outline = Outlined::of(view, schema);
    let states = outline.states();
    outline.headings.iter().zip(states).map(|(heading, state)| (heading.head().start, state.in_words())).collect()
}

fn named(title: &str) -> String {
    if title.is_empty() { "(untitled)".into() } else { title.into() }
}

fn nest(entries: Vec<(u32, u8, Outline)>, end: u32) -> Vec<Outline> {
    let mut roots = Vec::new();
    let mut stack: Vec<(u8, Outline)> = Vec::new();
    let mut close = |stack: &mut Vec<(u8, Outline)>, until: u8, at: u32| {
        while stack.last().is_some_and(|(depth, _)| *depth >= until) {
            let Some((_, mut done)) = stack.pop() else { return };
            if done.kind == OutlineKind::Section {
                done.whole.end = at;
            }
            match stack.last_mut() {
                Some((_, parent)) => {
                    parent.whole.end = parent.whole.end.max(done.whole.end);
                    parent.children.push(done);
                }
                None => roots.push(done),
            }
        }
    };
    for (start, depth, entry) in entries {
        close(&mut stack, depth, start);
        stack.push((depth, entry));
    }
    close(&mut stack, 0, end);
    roots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;

    fn draw(outline: &[Outline], depth: usize, out: &mut String) {
        for entry in outline {
            *out += &format!("{}{}\n", "  ".repeat(depth), entry.name);
            assert!(entry.whole.covers(entry.exact), "{entry:?}");
            draw(&entry.children, depth + 1, out);
        }
    }

    #[test]
    fn sections_hold_requirements_and_tasks_hold_subtasks() {
        let world = world(
            "//- a/spec.md\n# Login\n\n## Functional\n\n- **FR-1**: Check\n\n## Other\n//- a/tasks.md\n# Tasks\n\n- [ ] 1. A\n  - [x] 1.1 B\n- [ ] 2. C\n",
        );
        let drawn = |path: &str| {
            let mut out = String::new();
            draw(&document_symbols(&world.snapshot(), &FilePath::new(path)), 0, &mut out);
            out
        };
        assert_eq!(drawn("/w/a/spec.md"), "Login\n  Functional\n    FR-1 Check\n  Other\n");
        assert_eq!(drawn("/w/a/tasks.md"), "Tasks\n  1 A\n    1.1 B\n  2 C\n");
    }
}
