//! Formatting of what is ours: trace lines, tables of requirements, numbers of tasks. Prose is never touched.

use super::trace_lines::trace_line;
use super::{numbers, table};
use crate::dialect::Role;
use crate::edit::Edit;
use crate::path::FilePath;
use crate::text::Span;
use crate::world::Snapshot;

/// The edits that bring the open document in form, or what of it touches `span`, in the order of the text. Formatting twice
/// changes nothing more.
#[must_use]
pub fn formatting(snapshot: &Snapshot, path: &FilePath, span: Option<Span>) -> Vec<Edit> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    if view.document().is_none() || matches!(view.role, Role::Template | Role::Other | Role::None) {
        return Vec::new();
    }
    let wanted = |stretch: Span| span.is_none_or(|span| stretch.start <= span.end && span.start <= stretch.end);
    let mut edits = Vec::new();
    for (base, facts) in view.parts() {
        for trace in facts.traces.iter().filter(|trace| wanted(trace.line.shifted(base))) {
            trace_line(&view, facts, base, trace, &mut edits);
        }
    }
    table::format(&view, &wanted, &mut edits);
    if view.role == Role::Tasks {
        numbers::format(&view, &wanted, &mut edits);
    }
    edits.sort_by_key(|edit| edit.span);
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::fixture::cursor;

    /// The text of the fixture's file with the cursor once it is formatted, which a second time changes nothing of.
    fn formatted(fixture: &str) -> String {
        let once = |fixture: &str| {
            let (world, path, _) = cursor(fixture);
            let (_, text) = crate::fixture::files(&fixture.replace("$0", "")).pop().unwrap();
            apply(&text, &formatting(&world.snapshot(), &path, None))
        };
        let head = &fixture[..fixture.rfind("//- ").unwrap()];
        let name = fixture[head.len()..].lines().next().unwrap();
        let text = once(fixture);
        assert_eq!(once(&format!("{head}{name}\n$0{text}")), text, "a second time");
        text
    }

    #[test]
    fn trace_lines_get_their_blanks() {
        let of = |line: &str| formatted(&format!("//- a/tasks.md\n- [ ] 1. T\n  - {line}$0\n"));
        let line = |line: &str| format!("- [ ] 1. T\n  - {line}\n");
        assert_eq!(of("_Requirements:FR-1.1,FR-1.2 ,  FR-3 _"), line("_Requirements: FR-1.1, FR-1.2, FR-3_"));
        assert_eq!(of("**Refs:**  FR-1;FR-2"), line("**Refs:** FR-1; FR-2"));
        assert_eq!(of("_需求：FR-1、 FR-2_"), line("_需求：FR-1、FR-2_"));
        for stays in
            ["_Requirements: FR-1 (why ,  so),FR-2 and more_", "_Requirements: FR-1.1–1.3, FR-2/3_", "words ,  more"]
        {
            assert_eq!(of(stays), line(stays));
        }
    }

    #[test]
    fn tables_of_requirements_are_aligned_and_others_stay() {
        let table =
            "| ID|Requirement |P|\n|--|:-:|--:|\n| FR-1 | 中文 a \\| b | 1 |\n|FR-10|x|22|\n\n|a|b|\n|-|-|\n|c|d|\n$0";
        assert_eq!(
            formatted(&format!("//- a/spec.md\n{table}")),
            "| ID    | Requirement |    P |\n| ----- | :---------: | ---: |\n| FR-1  | 中文 a \\| b |    1 |\n| FR-10 |      x      |   22 |\n\n|a|b|\n|-|-|\n|c|d|\n"
        );
        let uneven = "| ID | Requirement |\n|--|--|\n| FR-1 | x | y |\n$0";
        assert_eq!(formatted(&format!("//- a/spec.md\n{uneven}")), uneven.replace("$0", ""));
    }

    #[test]
    fn a_number_that_two_tasks_have_is_counted_on() {
        let tasks = "- [ ] 1. A\n- [ ] 2. B\n- [ ] 2. C\n  - [ ] 2.1 D\n  - [ ] 2.1 E\n- [ ] 3. F\n- [ ] 7. G\n\n## Next\n\n- [ ] 1. H\n- [ ] T001 I\n- [ ] T001 J\n$0";
        assert_eq!(
            formatted(&format!("//- a/tasks.md\n{tasks}")),
            "- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n  - [ ] 3.1 D\n  - [ ] 3.2 E\n- [ ] 4. F\n- [ ] 7. G\n\n## Next\n\n- [ ] 1. H\n- [ ] T001 I\n- [ ] T001 J\n"
        );
        let order = "- [ ] 5. A\n- [ ] 5. B\n- [ ] 2. C\n$0";
        assert_eq!(
            formatted(&format!("//- a/tasks.md\n{order}")),
            order.replace("$0", ""),
            "their order means something"
        );
    }

    #[test]
    fn only_what_touches_the_range_is_formatted() {
        let (world, path, offset) = cursor("//- a/tasks.md\n_Requirements:FR-1_\n\n_Requirements:FR$0-2_\n");
        let edits = formatting(&world.snapshot(), &path, Some(Span::at(offset as usize)));
        assert_eq!(edits.len(), 1);
        assert!(edits[0].span.start > 20);
    }
}
