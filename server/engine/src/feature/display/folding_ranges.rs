//! Folding: sections, tasks, fences, comments and front matter, and what of them is told while they are folded.

use crate::batch::many;
use crate::facts::{Form, Section, State, front_matter_end};
use crate::outline::{Outline, schema_of};
use crate::path::FilePath;
use crate::text::{Lines, Span, narrow};
use crate::world::{Snapshot, View};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use rustc_hash::FxHashSet;

/// What a fold hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// What follows a heading.
    Section,
    /// The same where nothing is left to do: its tasks are done, or its hints are filled in.
    Finished,
    /// A task's details and subtasks.
    Task,
    /// The same of a task that is done: all of these can be folded in one go.
    Done,
    /// A fenced block.
    Fence,
    /// A comment.
    Comment,
    /// Front matter.
    FrontMatter,
}

/// Lines that can be hidden behind the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The line that stays, from 0.
    pub first: u32,
    /// The last line that is hidden.
    pub last: u32,
    /// What it hides.
    pub kind: FoldKind,
    /// What is worth knowing of the hidden lines: `12 requirements`, `3 of 8 tasks done`.
    pub summary: Option<String>,
}

/// The folds of the open document at `path`, outer ones first, at most `most`; none at all where it is no plan document.
#[must_use]
pub fn folding_ranges(snapshot: &Snapshot, path: &FilePath, most: usize) -> Option<Vec<Fold>> {
    let view = snapshot.view(path)?;
    let document = view.document()?;
    if !view.is_ours() {
        return None;
    }
    let text = document.rope().to_string();
    let lines = Lines::of(&text);
    let mut out: Vec<Fold> = Vec::new();
    let mut put = |span: Span, kind: FoldKind, summary: &dyn Fn() -> Option<String>| {
        let end = (span.end as usize).min(text.len());
        // Blank lines behind a block are not part of it.
        let used = text[span.start as usize..end].trim_end().len();
        let line = |offset: usize| lines.position(narrow(offset), Default::default()).line;
        let (first, last) = (line(span.start as usize), line(span.start as usize + used));
        if last > first {
            out.push(Fold { first, last, kind, summary: summary() });
        }
    };
    let finished = finished_sections(snapshot, &view);
    let counts = Counts::of(&view);
    let heads = |(base, section): (u32, &Section)| (section.level, section.head.shifted(base));
    let sections: Vec<(u8, Span)> = view
        .parts()
        .flat_map(|(base, facts)| facts.sections.iter().map(move |section| (base, section)))
        .map(heads)
        .collect();
    for (at, (level, head)) in sections.iter().enumerate() {
        let next = sections[at + 1..].iter().find(|(other, _)| other <= level);
        let end = next.map_or(text.len(), |(_, next)| line_start(&text, next.start as usize));
        let kind = if finished.contains(&head.start) { FoldKind::Finished } else { FoldKind::Section };
        put(Span::new(head.start as usize, end), kind, &|| counts.words(Span::new(head.end as usize, end)));
    }
    for (base, facts) in view.parts() {
        for (at, task) in facts.tasks.iter().enumerate() {
            let done = task.state == State::Done;
            put(task.item.shifted(base), if done { FoldKind::Done } else { FoldKind::Task }, &|| {
                let own = Some(narrow(at));
                let parts = facts.tasks[at + 1..].iter().take_while(|part| task.item.covers(part.item));
                let states: Vec<State> = parts.filter(|part| part.parent == own).map(|part| part.state).collect();
                let finished = states.iter().filter(|state| **state == State::Done).count();
                match states.len() {
                    0 => done.then(|| "done".to_string()),
                    all => Some(format!("{finished} of {all} done")),
                }
            });
        }
    }
    let skip = front_matter_end(&text);
    if skip > 3 {
        put(Span::new(0, skip), FoldKind::FrontMatter, &|| None);
    }
    for (event, range) in Parser::new_ext(&text[skip..], Options::ENABLE_TABLES).into_offset_iter() {
        let kind = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => FoldKind::Fence,
            Event::Start(Tag::HtmlBlock) if text[skip + range.start..].starts_with("<!--") => FoldKind::Comment,
            _ => continue,
        };
        put(Span::new(range.start + skip, range.end + skip), kind, &|| None);
    }
    if out.len() > most {
        out.sort_by_key(|fold| (std::cmp::Reverse(fold.last - fold.first), fold.first));
        out.truncate(most);
    }
    out.sort_by_key(|fold| (fold.first, std::cmp::Reverse(fold.last)));
    // A client takes one fold that begins in a line.
    out.dedup_by_key(|fold| fold.first);
    Some(out)
}

/// Where the headings of finished sections stand: those whose tasks are all done, and in a document that follows its
/// template those without a hint left.
fn finished_sections(snapshot: &Snapshot, view: &View<'_>) -> FxHashSet<u32> {
    let Some(schema) = schema_of(snapshot, view) else { return FxHashSet::default() };
    let (follows, outline) = match Outline::of_follower(view, schema, false) {
        Some(outline) => (true, outline),
        None => (false, Outline::of(view, schema)),
    };
    let states = outline.headings.iter().zip(outline.states());
    let finished = states.filter(|(_, state)| state.is_finished() && (follows || state.tasks > 0));
    finished.map(|(heading, _)| heading.head().start).collect()
}

/// Where a document states requirements and has tasks, in the order of the text.
struct Counts {
    requirements: Vec<u32>,
    criteria: Vec<u32>,
    scenarios: Vec<u32>,
    /// Tasks without those that only hold others, and whether each is done.
    tasks: Vec<(u32, bool)>,
}

impl Counts {
    fn of(view: &View<'_>) -> Self {
        let (mut requirements, mut criteria, mut scenarios) = (Vec::new(), Vec::new(), Vec::new());
        let mut tasks = Vec::new();
        let mut known = FxHashSet::default();
        for (base, facts) in view.parts() {
            for definition in &facts.definitions {
                let list = match definition.form {
                    Form::Scenario => &mut scenarios,
                    Form::Counted => &mut criteria,
                    Form::Rendered | Form::Section => continue,
                    _ => &mut requirements,
                };
                if known.insert(facts.id(definition.id)) {
                    list.push(definition.place.start + base);
                }
            }
            for (at, task) in facts.tasks.iter().enumerate() {
                // A task that holds others comes right before the first of them.
                if facts.tasks.get(at + 1).is_none_or(|next| next.parent != Some(narrow(at))) {
                    tasks.push((task.head.start + base, task.state == State::Done));
                }
            }
        }
        for list in [&mut requirements, &mut criteria, &mut scenarios] {
            list.sort_unstable();
        }
        Self { requirements, criteria, scenarios, tasks }
    }

    /// What stands in `span`; nothing where nothing of ours does. Criteria and scenarios count where no requirement does.
    fn words(&self, span: Span) -> Option<String> {
        let within =
            |list: &[u32]| list.partition_point(|at| *at < span.end) - list.partition_point(|at| *at < span.start);
        let kinds = [
            (within(&self.requirements), "requirement", "requirements"),
            (within(&self.criteria), "criterion", "criteria"),
            (within(&self.scenarios), "scenario", "scenarios"),
        ];
        let stated = kinds.into_iter().find(|(count, ..)| *count > 0);
        let stated = stated.map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }));
        let first = self.tasks.partition_point(|(at, _)| *at < span.start);
        let tasks = &self.tasks[first..self.tasks.partition_point(|(at, _)| *at < span.end).max(first)];
        let done = tasks.iter().filter(|(_, done)| *done).count();
        let carried = (!tasks.is_empty()).then(|| format!("{done} of {} done", many(tasks.len(), "task")));
        let words: Vec<String> = stated.into_iter().chain(carried).collect();
        (!words.is_empty()).then(|| words.join(" · "))
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    fn folded(fixture: &str, most: usize) -> Option<Vec<(u32, u32, FoldKind)>> {
        let (world, path, _) = cursor(fixture);
        let folds = folding_ranges(&world.snapshot(), &path, most)?;
        Some(folds.into_iter().map(|fold| (fold.first, fold.last, fold.kind)).collect())
    }

    const TASKS: &str = "//- a/tasks.md\n$0---\na: b\n---\n# Tasks\n\n## One\n\n- [x] 1. Done\n  - detail\n- [ ] 2. Open\n  - detail\n- [ ] 3. Short\n\n```sh\nls\n```\n\n<!-- a\nb -->\n\n## Two\n";

    #[test]
    fn what_belongs_to_a_line_folds_behind_it() {
        assert_eq!(
            folded(TASKS, 99).unwrap(),
            [
                (0, 2, FoldKind::FrontMatter),
                (3, 20, FoldKind::Section),
                (5, 18, FoldKind::Section),
                (7, 8, FoldKind::Done),
                (9, 10, FoldKind::Task),
                (13, 15, FoldKind::Fence),
                (17, 18, FoldKind::Comment),
            ]
        );
    }

    #[test]
    fn a_fold_tells_what_it_hides() {
        let summaries = |fixture: &str| {
            let (world, path, _) = cursor(fixture);
            let folds = folding_ranges(&world.snapshot(), &path, 99).unwrap();
            let told = |fold: Fold| (fold.first, fold.summary.unwrap_or_default());
            folds.into_iter().map(told).collect::<Vec<_>>()
        };
        let at = |line: u32, words: &str| (line, words.to_string());
        assert_eq!(
            summaries(
                "//- a/tasks.md\n$0# Tasks\n\n## One\n\n- [x] 1. Done\n  - detail\n- [ ] 2. Open\n  - [x] 2.1 Half\n  - [ ] 2.2 Rest\n- [ ] 3. Open\n  - detail\n\n## Notes\n\nWords.\n"
            ),
            [
                at(0, "2 of 4 tasks done"),
                at(2, "2 of 4 tasks done"),
                at(4, "done"),
                at(6, "1 of 2 done"),
                at(9, ""),
                at(12, "")
            ]
        );
        assert_eq!(
            summaries(
                "//- a/spec.md\n$0# S\n\n## Functional\n\n- **FR-1**: A\n- **FR-1.1**: B\n- **FR-1.1**: twice\n\n## Other\n\n### FR-2: C\n\nWords.\n"
            ),
            [at(0, "3 requirements"), at(2, "2 requirements"), at(8, "1 requirement"), at(10, "")]
        );
    }

    #[test]
    fn a_limit_keeps_the_outer_folds() {
        assert_eq!(folded(TASKS, 2).unwrap(), [(3, 20, FoldKind::Section), (5, 18, FoldKind::Section)]);
    }

    #[test]
    fn a_section_whose_tasks_are_done_is_finished() {
        let tasks = "//- a/tasks.md\n$0# Tasks\n\n## One\n\n- [x] 1. Done\n  - detail\n\n## Two\n\n- [x] 2. Done\n- [ ] 3. Open\n";
        let sections: Vec<_> =
            folded(tasks, 99).unwrap().into_iter().filter(|(_, _, kind)| *kind != FoldKind::Done).collect();
        assert_eq!(sections, [(0, 10, FoldKind::Section), (2, 5, FoldKind::Finished), (7, 10, FoldKind::Section)]);
    }

    #[test]
    fn a_plan_section_is_finished_when_its_hints_are_filled_in() {
        let plan = "//- a/plan.md\n$0# Technical Implementation Plan: x\n\n## Architecture Overview\n\nTwo parts.\n\n## Risk Assessment\n\n### Technical Risks\n\n1. **Load**: [how it is met]\n";
        let kinds: Vec<_> = folded(plan, 99).unwrap();
        assert_eq!(
            kinds,
            [
                (0, 10, FoldKind::Section),
                (2, 4, FoldKind::Finished),
                (6, 10, FoldKind::Section),
                (8, 10, FoldKind::Section)
            ]
        );
    }

    #[test]
    fn other_markdown_is_not_ours_to_fold() {
        assert_eq!(folded("//- README.md\n$0# Read\n\nme\n", 99), None);
    }
}
