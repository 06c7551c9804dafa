//! Selection ranges: from the id under the cursor to the ids beside it, the trace line, its task or block, its sections.

use crate::path::FilePath;
use crate::text::{Span, narrow};
use crate::world::{Snapshot, View};

/// For each byte offset the stretches around it in the open document at `path`, each wider than the one before; none at all
/// where every one of them is on nothing of ours.
#[must_use]
pub fn selection_ranges(snapshot: &Snapshot, path: &FilePath, offsets: &[u32]) -> Option<Vec<Vec<Span>>> {
    let view = snapshot.view(path)?;
    view.document()?;
    if !view.is_ours() || !offsets.iter().any(|offset| is_on_ours(&view, *offset)) {
        return None;
    }
    offsets.iter().map(|offset| around(&view, *offset)).collect()
}

fn is_on_ours(view: &View<'_>, offset: u32) -> bool {
    let Some((base, facts)) = view.part_at(offset) else { return false };
    let at = offset - base;
    facts.traces.iter().any(|trace| trace.line.touches(at))
        || facts.tasks.iter().any(|task| task.item.touches(at))
        || facts.definitions.iter().any(|definition| definition.body.touches(at))
        || facts.references.iter().any(|reference| reference.span.touches(at))
        || facts.sections.iter().any(|section| section.head.touches(at))
}

fn around(view: &View<'_>, offset: u32) -> Option<Vec<Span>> {
    let document = view.document()?;
    let end = narrow(document.rope().len_bytes());
    let offset = offset.min(end);
    let mut spans = document.enclosing(offset);
    if let Some((base, facts)) = view.part_at(offset) {
        let own = facts
            .references
            .iter()
            .map(|reference| reference.span)
            .chain(facts.definitions.iter().flat_map(|definition| [definition.place, definition.body]))
            .chain(facts.traces.iter().flat_map(|trace| [trace.value, trace.line]))
            .chain(facts.tasks.iter().flat_map(|task| [task.head, task.item]))
            .chain(facts.sections.iter().map(|section| section.head));
        spans.extend(own.map(|span| span.shifted(base)));
    }
    // A section goes on to the next heading of its level or above, from the start of its own line.
    let rope = document.rope();
    let line = |at: u32| narrow(rope.line_to_byte(rope.byte_to_line((at as usize).min(rope.len_bytes()))));
    let sections: Vec<(u8, u32)> = view
        .parts()
        .flat_map(|(base, facts)| facts.sections.iter().map(move |section| (section.level, section.head.start + base)))
        .collect();
    let mut level = u8::MAX;
    let before = sections.partition_point(|(_, start)| line(*start) <= offset);
    for at in (0..before).rev() {
        let (own, start) = sections[at];
        if own < level {
            level = own;
            let next = sections[at + 1..].iter().find(|(other, _)| *other <= own);
            spans.push(Span { start: line(start), end: next.map_or(end, |(_, next)| line(*next)) });
        }
    }
    spans.push(Span { start: 0, end });
    spans.retain(|span| span.touches(offset) && !span.is_empty());
    spans.sort_by_key(|span| (span.len(), span.start));
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        // What overlaps the one before in part is no wider selection of it.
        if out.last().is_none_or(|last| span.covers(*last) && span != *last) {
            out.push(span);
        }
    }
    if out.is_empty() {
        out.push(Span { start: offset, end: offset });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    fn selected(fixture: &str) -> Option<Vec<String>> {
        let (world, path, offset) = cursor(fixture);
        let snapshot = world.snapshot();
        let text = snapshot.document(&path)?.rope().to_string();
        let ranges = selection_ranges(&snapshot, &path, &[offset])?;
        Some(ranges[0].iter().map(|span| text[span.range()].trim_end().to_string()).collect())
    }

    #[test]
    fn an_id_grows_to_its_list_its_line_and_its_sections() {
        let found = selected(
            "//- a/spec.md\n- **FR-1**: A\n//- a/plan.md\n# Plan\n\n## One\n\nWords.\n\n_Requirements: FR-$01, FR-2_\n\n## Two\n",
        )
        .unwrap();
        assert_eq!(
            found,
            [
                "FR-1",
                "FR-1, FR-2",
                "_Requirements: FR-1, FR-2_",
                "## One\n\nWords.\n\n_Requirements: FR-1, FR-2_",
                "# Plan\n\n## One\n\nWords.\n\n_Requirements: FR-1, FR-2_\n\n## Two",
            ]
        );
    }

    #[test]
    fn a_task_grows_by_its_parents() {
        let found =
            selected("//- a/tasks.md\n# T\n\n- [ ] 1. One\n  - [ ] 1.1 Su$0b\n    - more\n- [ ] 2. Two\n").unwrap();
        assert_eq!(found[0], "1.1 Sub");
        assert!(found.contains(&"- [ ] 1.1 Sub\n    - more".to_string()), "{found:?}");
        assert!(found.contains(&"- [ ] 1. One\n  - [ ] 1.1 Sub\n    - more".to_string()), "{found:?}");
        for pair in found.windows(2) {
            assert!(pair[1].contains(&pair[0]), "{pair:?}");
        }
    }

    #[test]
    fn a_long_list_is_not_parsed_for_one_task() {
        let tasks: String = (1..400)
            .map(|n| format!("- [ ] {n}. Task\n  - [ ] {n}.1 Part with `code` in it\n    - _Requirements: FR-1_\n"))
            .collect();
        let marked = tasks.replacen("200.1 Part with `co", "200.1 Part with `co$0", 1);
        let fixture = format!("//- a/spec.md\n- **FR-1**: A\n//- a/tasks.md\n# T\n\n{marked}\nWords *and* more.\n");
        let (world, path, offset) = cursor(&fixture);
        let snapshot = world.snapshot();
        let text = snapshot.document(&path).unwrap().rope().to_string();
        let last = narrow(text.len() - 3);
        let found = selection_ranges(&snapshot, &path, &[offset, last]).unwrap();
        assert_eq!(
            snapshot.document(&path).unwrap().parsed_segments(),
            0,
            "a tree of all of it takes ten milliseconds"
        );
        let words = |at: usize| found[at].iter().map(|span| text[span.range()].trim_end()).collect::<Vec<_>>();
        let (code, task) =
            (words(0), "- [ ] 200. Task\n  - [ ] 200.1 Part with `code` in it\n    - _Requirements: FR-1_");
        assert_eq!((code[0], code[1]), ("`code`", "200.1 Part with `code` in it"), "{code:?}");
        assert!(code.contains(&task), "{code:?}");
        assert!(words(1).contains(&"Words *and* more."), "{:?}", words(1));
        for span in found.iter().flat_map(|spans| spans.windows(2)) {
            assert!(span[1].covers(span[0]) && span[1] != span[0], "{span:?}");
        }
    }

    #[test]
    fn prose_of_other_markdown_is_left_to_others() {
        assert_eq!(selected("//- README.md\n# Read\n\nwo$0rds\n"), None);
        assert_eq!(selected("//- a/plan.md\n# Plan\n\nwo$0rds\n"), None);
    }
}
