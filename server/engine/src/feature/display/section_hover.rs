//! Hover on a heading: what the template says of the section, and its state.

use crate::outline::{Outline, schema_of};
use crate::path::FilePath;
use crate::text::Span;
use crate::world::Snapshot;
use std::fmt::Write;

/// The heading at byte `offset` of the open document, and what is to be said of it if the template knows its section.
pub(super) fn section_hover(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Option<(Span, String)> {
    let view = snapshot.view(path)?;
    // A heading is one line: most places are told apart before the outline is made.
    let on = view.parts().any(|(base, facts)| {
        let line = |section: &crate::facts::Section| Span { start: base + section.start, end: base + section.head.end };
        facts.sections.iter().any(|section| line(section).touches(offset))
    });
    if !on {
        return None;
    }
    let schema = schema_of(snapshot, &view)?;
    let outline = Outline::of(&view, schema);
    let at = outline.holder_of(offset).filter(|at| offset <= outline.headings[*at].head().end)?;
    let heading = &outline.headings[at];
    let slot = &schema.slots[heading.slot?];
    let mut text = format!("**{}**", slot.heading.shown());
    if slot.options.optional {
        text.push_str(" · optional");
    }
    if !slot.help.is_empty() {
        let _ = write!(text, "\n\n{}", slot.help);
    }
    let state = outline.state_of(at);
    let words = state.in_words();
    if !words.is_empty() {
        let _ = write!(text, "\n\n*{words}*");
    }
    if !state.traced.is_empty() {
        let ids: Vec<&str> = state.traced.iter().map(crate::id::Id::as_str).collect();
        let _ = write!(text, "\n\nServes {}", ids.join(", "));
    }
    Some((Span { start: heading.start(), end: heading.head().end }, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    fn told(fixture: &str) -> Option<String> {
        let (world, path, offset) = cursor(fixture);
        section_hover(&world.snapshot(), &path, offset).map(|(_, text)| text)
    }

    #[test]
    fn a_heading_tells_help_and_state() {
        let plan = "//- a/plan.md\n# Technical Implementation Plan\n\n## Technical Constraints\n\n### Tech$0nology Stack\n\n- **Backend**: [language and framework]\n- **Database**: SQLite\n\n_Requirements: FR-1, NFR-2_\n";
        assert_eq!(
            told(plan).unwrap(),
            "**Technology Stack**\n\nWhat it is built with, and why.\n\n*1 placeholder left · 2 requirements*\n\nServes FR-1, NFR-2"
        );
        assert_eq!(told("//- a/plan.md\n# Technical Implementation Plan\n\n## Own$0 Words\n\nx\n"), None);
        assert_eq!(told("//- a/plan.md\n# Technical Implementation Plan\n\n## Risk Assessment\n\nx$0\n"), None);
    }

    #[test]
    fn tasks_are_counted_by_their_leaves() {
        let tasks = "//- a/tasks.md\n# Implementation Tasks\n\n## Task $0Breakdown\n\n- [ ] 1. A\n  - [x] 1.1 B\n  - [ ] 1.2 C\n- [x] 2. D\n";
        assert!(told(tasks).unwrap().ends_with("*2 of 3 tasks done*"));
    }
}
