//! Folding: sections, tasks, fences, comments and front matter.

use crate::facts::{State, front_matter_end};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The line that stays, from 0.
    pub first: u32,
    /// The last line that is hidden.
    pub last: u32,
    /// What it hides.
    pub kind: FoldKind,
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
    let mut put = |span: Span, kind: FoldKind| {
        let end = (span.end as usize).min(text.len());
        // Blank lines behind a block are not part of it.
        let used = text[span.start as usize..end].trim_end().len();
        let line = |offset: usize| lines.position(narrow(offset), Default::default()).line;
        let (first, last) = (line(span.start as usize), line(span.start as usize + used));
        if last > first {
            out.push(Fold { first, last, kind });
        }
    };
    let finished = finished_sections(snapshot, &view);
    let sections: Vec<(u8, u32)> = view
        .parts()
        .flat_map(|(base, facts)| facts.sections.iter().map(move |section| (section.level, section.head.start + base)))
        .collect();
    for (at, (level, start)) in sections.iter().enumerate() {
        let next = sections[at + 1..].iter().find(|(other, _)| other <= level);
        let end = next.map_or(text.len(), |(_, next)| line_start(&text, *next as usize));
        let kind = if finished.contains(start) { FoldKind::Finished } else { FoldKind::Section };
        put(Span::new(*start as usize, end), kind);
    }
    for (base, facts) in view.parts() {
        for task in &facts.tasks {
            let kind = if task.state == State::Done { FoldKind::Done } else { FoldKind::Task };
            put(task.item.shifted(base), kind);
        }
    }
    let skip = front_matter_end(&text);
    if skip > 3 {
        put(Span::new(0, skip), FoldKind::FrontMatter);
    }
    for (event, range) in Parser::new_ext(&text[skip..], Options::ENABLE_TABLES).into_offset_iter() {
        let kind = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => FoldKind::Fence,
            Event::Start(Tag::HtmlBlock) if text[skip + range.start..].starts_with("<!--") => FoldKind::Comment,
            _ => continue,
        };
        put(Span::new(range.start + skip, range.end + skip), kind);
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
    let (follows, outline) = match Outline::of_follower(view, schema) {
        Some(outline) => (true, outline),
        None => (false, Outline::of(view, schema)),
    };
    let states = outline.headings.iter().zip(outline.states());
    let finished = states.filter(|(_, state)| state.is_finished() && (follows || state.tasks > 0));
    finished.map(|(heading, _)| heading.head().start).collect()
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
