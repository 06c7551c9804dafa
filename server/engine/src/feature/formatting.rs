//! Formatting of what is ours: trace lines, tables of requirements, numbers of tasks. Prose is never touched.

mod numbers;
mod table;

use crate::dialect::Role;
use crate::edit::Edit;
use crate::facts::{Facts, FlawKind, TraceLine};
use crate::path::FilePath;
use crate::text::Span;
use crate::world::{Snapshot, View};

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

fn slice(view: &View<'_>, span: Span) -> Option<String> {
    view.document()?.rope().get_byte_slice(span.range()).map(|text| text.to_string())
}

/// One blank behind the colon, separators with their blanks, none before the closing mark.
fn trace_line(view: &View<'_>, facts: &Facts, base: u32, trace: &TraceLine, edits: &mut Vec<Edit>) {
    let references = &facts.references[trace.references.start as usize..trace.references.end as usize];
    let (Some(first), Some(last)) = (references.first(), references.last()) else { return };
    let mut put = |span: Span, new: &str| {
        if slice(view, span.shifted(base)).is_some_and(|old| old != new) {
            edits.push(Edit { span: span.shifted(base), text: new.to_string() });
        }
    };
    let head = Span { start: trace.line.start, end: trace.value.start };
    if let Some(text) = slice(view, head.shifted(base))
        && first.span.start == trace.value.start
    {
        let key = text.trim_end_matches([' ', '\t']);
        let after = crate::text::narrow(key.len()) + head.start;
        if key.ends_with([':', '*', '_']) && !text.contains(['\n', '\r']) {
            put(Span { start: after, end: head.end }, " ");
        }
    }
    for pair in references.windows(2).filter(|pair| pair[0].span != pair[1].span) {
        let gap = Span { start: pair[0].span.end, end: pair[1].span.start.max(pair[0].span.end) };
        let Some(new) = slice(view, gap.shifted(base)).and_then(|text| separator(&text)) else { continue };
        put(gap, &new);
    }
    let rest = Span { start: last.span.end.min(trace.value.end), end: trace.value.end };
    let open = trace.flaws.iter().any(|flaw| matches!(flaw.what, FlawKind::Open(_)));
    let blank = slice(view, rest.shifted(base)).is_some_and(|text| text.bytes().all(|b| matches!(b, b' ' | b'\t')));
    if blank && !open && trace.line.end > trace.value.end {
        put(rest, "");
    }
}

/// What stands between two ids in form; none where more than a separator does.
fn separator(gap: &str) -> Option<String> {
    let sign = gap.trim_matches([' ', '\t']);
    Some(match sign {
        "," | ";" => format!("{sign} "),
        "、" | "，" => sign.to_string(),
        "·" | "&" | "+" | "and" => format!(" {sign} "),
        _ => return None,
    })
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
