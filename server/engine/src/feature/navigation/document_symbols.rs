//! Document symbols: the outline of a plan document, with its requirements and tasks.

use crate::facts::{Definition, Form, State};
use crate::feature::hierarchies::requirement::name_of;
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
    /// Whether it is a requirement that has been given up.
    pub withdrawn: bool,
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

/// How deep a requirement that is no heading stands; tasks stand deeper still.
const STATEMENT: u8 = 20;

/// The outline of the file at `path`; none at all where it is no plan document.
#[must_use]
pub fn document_symbols(snapshot: &Snapshot, path: &FilePath) -> Option<Vec<Outline>> {
    let view = snapshot.view(path).filter(View::is_ours)?;
    let end = view.document().map_or(u32::MAX, |document| crate::text::narrow(document.rope().len_bytes()));
    // Every entry as (start, depth), so that one pass can nest them: sections by level, tasks by their parents.
    let mut entries: Vec<(u32, u8, Outline)> = Vec::new();
    let leaf = |name: String, kind, whole: Span, exact: Span| Outline {
        name,
        detail: String::new(),
        kind,
        withdrawn: false,
        whole,
        exact,
        children: Vec::new(),
    };
    let states = states(snapshot, &view);
    for (base, facts) in view.parts() {
        for section in &facts.sections {
            let head = section.head.shifted(base);
            let title = facts.text(section.title);
            let stated = |d: &Definition| d.form.rank() < Form::WEAKEST && section.head.covers(d.place);
            let stated = facts.definitions.iter().find(|definition| stated(definition));
            let requirement = stated.is_some();
            // What is quoted or stands in a list begins no section of this document.
            if !section.top && !requirement {
                continue;
            }
            let (kind, depth) = match requirement {
                true if section.top => (OutlineKind::Requirement, section.level),
                true => (OutlineKind::Requirement, STATEMENT),
                false => (OutlineKind::Section, section.level),
            };
            let whole = Span { start: section.start + base, end: head.end };
            let mut entry = leaf(named(title), kind, whole, head);
            entry.detail = states.get(&head.start).cloned().unwrap_or_default();
            entry.withdrawn = stated.is_some_and(|definition| definition.withdrawn);
            entries.push((whole.start, depth, entry));
        }
        for definition in facts.definitions.iter().filter(|d| d.form.rank() < 3) {
            if facts.sections.iter().any(|section| section.head.covers(definition.place)) {
                continue;
            }
            let name = name_of(facts.id(definition.id), facts.text(definition.title));
            let (whole, exact) = (definition.body.shifted(base), definition.place.shifted(base));
            // An item's place may be the number that stands before what states it.
            let whole = Span { start: whole.start.min(exact.start), end: whole.end.max(exact.end) };
            let mut entry = leaf(name, OutlineKind::Requirement, whole, exact);
            entry.withdrawn = definition.withdrawn;
            entries.push((exact.start, STATEMENT, entry));
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
    entries.sort_by_key(|(start, ..)| *start);
    let mut outline = nest(entries, end, |at| before_line_end(&view, at));
    widen(&view, &mut outline, 0);
    Some(outline).filter(|outline| !outline.is_empty())
}

/// The end of the line before, where a line starts at `at` and the text is at hand.
fn before_line_end(view: &View<'_>, at: u32) -> u32 {
    let Some(document) = view.document() else { return at };
    let byte = |at: u32| at.checked_sub(1).map(|before| document.rope().byte(before as usize));
    match byte(at) {
        Some(b'\n') if byte(at - 1) == Some(b'\r') => at - 2,
        Some(b'\n' | b'\r') => at - 1,
        _ => at,
    }
}

/// Takes in the marks before an item: the cursor at the start of its line is on it.
fn widen(view: &View<'_>, outline: &mut [Outline], mut from: u32) {
    for entry in outline {
        entry.whole.start = view.line_start(entry.whole.start).max(from);
        widen(view, &mut entry.children, entry.whole.start);
        from = entry.whole.end;
    }
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

/// Nests what follows each other; `before` gives the end of what a heading at a byte ends.
fn nest(entries: Vec<(u32, u8, Outline)>, end: u32, before: impl Fn(u32) -> u32) -> Vec<Outline> {
    let mut roots = Vec::new();
    let mut stack: Vec<(u8, Outline)> = Vec::new();
    let mut close = |stack: &mut Vec<(u8, Outline)>, until: u8, at: u32| {
        while stack.last().is_some_and(|(depth, _)| *depth >= until) {
            let Some(done) = stack.pop() else { return };
            // What follows a heading belongs to it up to the next one.
            let (depth, mut done) = done;
            if depth < STATEMENT {
                done.whole.end = at.max(done.whole.end);
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
        close(&mut stack, depth, before(start));
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
            draw(&document_symbols(&world.snapshot(), &FilePath::new(path)).unwrap(), 0, &mut out);
            out
        };
        assert_eq!(drawn("/w/a/spec.md"), "Login\n  Functional\n    FR-1 Check\n  Other\n");
        assert_eq!(drawn("/w/a/tasks.md"), "Tasks\n  1 A\n    1.1 B\n  2 C\n");
    }

    #[test]
    fn a_heading_that_states_a_requirement_is_one_and_holds_its_parts() {
        let world = world(
            "//- a/spec.md\n# S\n\n## FR-1: Sign in\n\n- **FR-1.1**: by key\n//- openspec/specs/b/spec.md\n# b\n\n### Requirement: Check it\nIt SHALL.\n\n#### Scenario: Wrong\n- x\n//- README.md\n# Read\n",
        );
        let snapshot = world.snapshot();
        let drawn = |path: &str| {
            let mut out = String::new();
            let outline = document_symbols(&snapshot, &FilePath::new(path)).unwrap();
            draw(&outline, 0, &mut out);
            (out, outline)
        };
        let (spec, outline) = drawn("/w/a/spec.md");
        assert_eq!(spec, "S\n  FR-1: Sign in\n    FR-1.1 by key\n");
        assert_eq!(outline[0].children[0].kind, OutlineKind::Requirement);
        assert_eq!(drawn("/w/openspec/specs/b/spec.md").0, "b\n  Requirement: Check it\n    Scenario: Wrong\n");
        assert_eq!(document_symbols(&snapshot, &FilePath::new("/w/README.md")), None);
    }
}
