//! Checking an open document again after an edit: what is found of parts that have not changed is kept.

use super::{Check, Finding, check, suspect_link};
use crate::facts::Facts;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::world::Snapshot;
use std::sync::Arc;

/// A part that was checked, and what was found in it.
type Checked = (Arc<Facts>, Arc<[Finding]>);

/// Findings of a file's parts, kept from one edit to the next.
#[derive(Debug, Default)]
pub struct Memory {
    key: (u64, bool, bool),
    parts: Vec<Checked>,
    /// How many findings of them there were: next time there are hardly more.
    found: usize,
    pub(super) prints: suspect_link::Prints,
    /// The mark of the headings by which the document was found to follow no template.
    lean: Option<Arc<()>>,
}

/// The findings of the open document at `path`, with `memory` of the last time: only parts that changed are checked again.
#[must_use]
pub fn check_again(snapshot: &Snapshot, path: &FilePath, memory: &mut Memory) -> Vec<Finding> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let Some(document) = view.document() else { return check(snapshot, path) };
    let lookup = Lookup::of(snapshot, view.scope);
    let check = Check::new(snapshot, view, lookup);
    let judged = check.lookup.complete && check.lookup.defines_any();
    let key = (snapshot.definitions_revision(), check.template, judged);
    if memory.key != key {
        *memory = Memory { key, prints: std::mem::take(&mut memory.prints), ..Memory::default() };
    }
    let same = |(old, new): &(&Checked, (u32, &Arc<Facts>))| Arc::ptr_eq(&old.0, new.1);
    let count = document.parts().count();
    let front = memory.parts.iter().zip(document.parts()).take_while(same).count();
    let most = memory.parts.len().min(count) - front;
    let back = memory.parts.iter().rev().zip(document.parts().rev()).take(most).take_while(same).count();
    let fresh: Vec<_> = document
        .parts()
        .skip(front)
        .take(count - front - back)
        .map(|(_, facts)| (Arc::clone(facts), check.part(facts).into()))
        .collect();
    let stale = front..memory.parts.len() - back;
    memory.parts.splice(stale, fresh);
    let mut out = Vec::with_capacity(memory.found);
    // Nothing is found in most parts of a long document.
    for ((base, _), (_, findings)) in document.parts().zip(&memory.parts).filter(|(_, (_, all))| !all.is_empty()) {
        out.extend(findings.iter().map(|finding| finding.shifted(base)));
    }
    memory.found = out.len();
    check.prints.replace(std::mem::take(&mut memory.prints));
    let headings = document.headings();
    if memory.lean.as_ref().is_some_and(|known| Arc::ptr_eq(known, headings)) {
        let _ = check.outline.set(None);
    }
    let out = check.finish(out, |_| true);
    memory.prints = check.prints.take();
    memory.lean = check.outline.get().is_some_and(Option::is_none).then(|| Arc::clone(headings));
    out
}

#[cfg(test)]
mod tests {
    use super::super::missing_section;
    use super::*;
    use crate::fixture::{Only, world};
    use crate::world::LOOKS;

    #[test]
    fn a_document_that_comes_to_follow_its_template_is_told_so() {
        let titles = [
            "Architecture Overview",
            "Technical Constraints",
            "System Design",
            "Integration Points",
            "Risk Assessment",
        ];
        let line = |title: &str| format!("## {title}\n\nText.\n\n");
        let mut text = format!("# Plan\n\n{}", line("Other"));
        let mut world = world("//- a/spec.md\n- **FR-1**: x\n");
        let path = FilePath::new("/w/a/plan.md");
        world.open(&path, 1, &text);
        let mut memory = Memory::default();
        let mut told = Vec::new();
        for version in 2..14 {
            // A title is put behind what is there, then some prose, then the first title goes again.
            let (removed, inserted) = match version {
                2..7 => (0..0, line(titles[version - 2])),
                7 => (0..0, "More text.\n".to_string()),
                8..12 => (
                    0..text.find("## ").map_or(0, |at| at + text[at..].find("\n\nText.").unwrap_or_default()),
                    "# Plan".to_string(),
                ),
                _ => (0..0, "Words.\n\n".to_string()),
            };
            let at = if removed.is_empty() { text.len()..text.len() } else { removed };
            let place = |offset: usize| {
                let before = &text[..offset];
                let line = before.matches('\n').count();
                let column = offset - before.rfind('\n').map_or(0, |end| end + 1);
                crate::text::Position { line: crate::text::narrow(line), column: crate::text::narrow(column) }
            };
            let range = Some(crate::text::Range { start: place(at.start), end: place(at.end) });
            let change = crate::document::Change { range, text: inserted.clone() };
            text.replace_range(at, &inserted);
            world.change(&path, i32::try_from(version).unwrap(), &[change], crate::text::Encoding::Utf16);
            world.settle();
            let snapshot = world.snapshot();
            let found = check_again(&snapshot, &path, &mut memory);
            assert_eq!(found, check(&snapshot, &path), "{text}");
            told.push(found.iter().any(|finding| finding.rule == &missing_section::RULE));
        }
        assert!(told.contains(&true) && told.contains(&false), "{told:?}");
    }

    #[test]
    fn an_open_document_is_checked_part_by_part_with_the_same_result() {
        let text = "# T\n\n## A\n\n_Requirements: FR-1, FR-8_\n\n## B\n\n_Requirements: FR-1 FR-1_\n";
        let mut world = world("//- a/spec.md\n- **FR-1**: x\n- **FR-2**: x\n");
        let path = FilePath::new("/w/a/plan.md");
        world.open(&path, 1, text);
        let mut memory = Memory::default();
        for (version, insert) in ["x", "\n## C\n\n_Requirements: FR-9_\n\n", "[fill this in]\n"].iter().enumerate() {
            let start = crate::text::Position { line: 3, column: 0 };
            let change = crate::document::Change {
                range: Some(crate::text::Range { start, end: start }),
                text: (*insert).to_string(),
            };
            world.change(&path, i32::try_from(version).unwrap() + 2, &[change], crate::text::Encoding::Utf16);
            world.settle();
            let snapshot = world.snapshot();
            assert_eq!(check_again(&snapshot, &path, &mut memory), check(&snapshot, &path));
        }
        assert!(memory.parts.len() > 3);
    }

    /// How many parts of the document `name` a letter in it makes the rules look at, of how many; the documents have `count`
    /// sections each.
    fn looks_of_a_letter(name: &str, count: usize) -> (usize, usize) {
        let numbers = || 1..=count;
        let all = |section: &dyn Fn(usize) -> String| numbers().map(section).collect::<String>();
        let spec = all(&|n| {
            let story = "**User Story:** As a clerk, I want totals, so that I can bill.";
            format!(
                "### Requirement {n}: Part {n}\n\n{story}\n\n1. WHEN a clerk asks THEN the system SHALL add part {n}\n\n"
            )
        });
        let plan =
            all(&|n| format!("## Part {n}\n\nAs [it](requirements.md#part-{n}) says.\n\n_Requirements: {n}.1_\n\n"));
        let tasks = all(&|n| format!("## Phase {n}\n\n- [ ] {n}. Build part {n}\n  - _Requirements: {n}.1_\n\n"));
        let files = [
            ("requirements.md", format!("# Requirements\n\n## Requirements\n\n{spec}")),
            ("design.md", format!("# Design\n\n{plan}")),
            ("tasks.md", format!("# Tasks\n\n{tasks}")),
        ];
        let fixture: String = files.iter().map(|(file, text)| format!("//- .kiro/specs/a/{file}\n{text}")).collect();
        let mut world = world(&fixture);
        let paths = files.each_ref().map(|(file, _)| format!("/w/.kiro/specs/a/{file}"));
        world.set_places(Arc::new(Only::new(paths.iter().map(String::as_str))));
        let path = FilePath::new(&format!("/w/.kiro/specs/a/{name}"));
        let text = files.iter().find(|(file, _)| *file == name).map_or("", |(_, text)| text);
        world.open(&path, 1, text);
        let mut memory = Memory::default();
        let mut looks = 0;
        for version in 2..6 {
            world.settle();
            let snapshot = world.snapshot();
            LOOKS.set(0);
            let _ = check_again(&snapshot, &path, &mut memory);
            looks = LOOKS.get();
            let start = crate::text::Position { line: 6, column: 0 };
            let range = Some(crate::text::Range { start, end: start });
            let change = crate::document::Change { range, text: "x".into() };
            drop(snapshot);
            world.change(&path, version, &[change], crate::text::Encoding::Utf16);
        }
        world.settle();
        let parts = world.snapshot().view(&path).and_then(|view| Some(view.document()?.parts().count()));
        (looks, parts.unwrap_or_default())
    }

    #[test]
    fn a_letter_in_a_long_document_makes_nobody_look_at_all_of_it_again_and_again() {
        // Links, references and headings alone: a look at a part that somebody has typed into, or has a finding.
        let looks = |count| looks_of_a_letter("design.md", count).0;
        assert_eq!(looks(6000), looks(5000));
        // Requirements and tasks are compared with each other: so many rules go through them.
        for (name, most) in [("requirements.md", 13), ("tasks.md", 13)] {
            let (looks, parts) = looks_of_a_letter(name, 600);
            assert!(looks <= parts * most, "{name}: {looks} looks at {parts} parts");
        }
    }
}
