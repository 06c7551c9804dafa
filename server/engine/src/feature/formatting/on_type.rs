//! Formatting while typing: Enter behind a requirement begins the next, behind a trace line goes on with what it lacks.

use crate::dialect::Role;
use crate::edit::Edit;
use crate::facts::{Definition, Facts, FlawKind, Form};
use crate::feature::list_items;
use crate::feature::refactoring::code_action::define::next;
use crate::feature::refactoring::rename::moves::last_part;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::text::Span;
use crate::world::{Snapshot, View};

/// So far up the item before an empty one is looked for.
const MOST_LINES_ABOVE: usize = 50;

/// So many lines behind the cursor's are looked at.
const MOST_ROWS: usize = 1000;

/// What stands between the cursor's line and the one before it.
struct Break {
    /// The line before, without terminator, and where it begins.
    line: String,
    start: u32,
    /// What the editor put on the new line: blanks or a list's mark, from the line's start to the cursor.
    put: Span,
}

/// The edits after a line break was typed; byte `offset` of the open document is the cursor, on the new line. None where
/// the line before is nothing of ours, or text stands on the new line.
#[must_use]
pub fn on_enter(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Option<Vec<Edit>> {
    let view = snapshot.view(path)?;
    let document = view.document()?;
    let (own, start) = document.line_at(offset);
    let before = start.checked_sub(1)?;
    let (line, begin) = document.line_at(before);
    let mark = own.trim_matches([' ', '\t', '>']).trim_end_matches(['.', ')']);
    if !(mark.is_empty() || matches!(mark, "-" | "*" | "+" | "- [ ]") || mark.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let put = Span::new(start as usize, start as usize + own.len());
    let at = Break { line, start: begin, put };
    let (base, facts) = view.part_at(begin)?;
    requirement(snapshot, &view, facts, base, &at)
        .or_else(|| trace(snapshot, &view, facts, base, &at))
        .or_else(|| empty(&view, facts, base, &at))
}

/// The line before and what the editor put on the new one go: the cursor is on a blank line, as behind any list that ends.
fn ended(at: &Break) -> Vec<Edit> {
    vec![Edit { span: Span { start: at.start, end: at.put.end }, text: String::new() }]
}

/// Behind an item on which nothing was written yet, of a list of tasks or criteria: the end of the list.
fn empty(view: &View<'_>, facts: &Facts, base: u32, at: &Break) -> Option<Vec<Edit>> {
    let head = list_items::Head::of(&at.line).filter(|_| list_items::is_empty(&at.line))?;
    let document = view.document()?;
    let task = view.role == Role::Tasks && at.line.contains('[');
    let criterion = || {
        let above = std::iter::successors(Some(at.start), |start| Some(document.line_at(start.checked_sub(1)?).1));
        let mut above = above.skip(1).take(MOST_LINES_ABOVE).map(|start| document.line_at(start));
        let beside = |(line, _): &(String, u32)| {
            list_items::Head::of(line).is_some_and(|it| it.indent.len() <= head.indent.len())
        };
        let (line, start) = above.find(beside)?;
        let own = Span::new(0, line.len()).shifted(start);
        facts
            .definitions
            .iter()
            .find(|it| matches!(it.form, Form::Counted | Form::Item) && own.covers(it.place.shifted(base)))
    };
    (task || criterion().is_some()).then(|| ended(at))
}

/// Behind a requirement: the next one, or the end of the list where nothing was written yet.
fn requirement(snapshot: &Snapshot, view: &View<'_>, facts: &Facts, base: u32, at: &Break) -> Option<Vec<Edit>> {
    let whole = Span::new(0, at.line.len()).shifted(at.start);
    let definition = facts.definitions.iter().find(|definition| {
        whole.covers(definition.place.shifted(base))
            && matches!(definition.form, Form::Item | Form::Row | Form::Counted)
    })?;
    let known = facts.id(definition.id);
    let place = definition.place.shifted(base);
    let (from, to) = ((place.start - at.start) as usize, (place.end - at.start) as usize);
    let head = at.line.get(..from)?;
    let behind = at.line.get(to..)?;
    if facts.text(definition.title).trim_matches(['|', ' ']).is_empty() {
        return Some(ended(at));
    }
    let below: Vec<String> = lines_below(view, at).take(MOST_ROWS).collect();
    // Where a criterion follows, its number is not free, and to count on those behind would leave who names them behind.
    let followed =
        || below.iter().find(|line| !line.trim().is_empty()).and_then(|line| list_items::Head::of(line)?.number());
    if definition.form == Form::Counted && followed().is_some() {
        return None;
    }
    // The new line cuts a table in two, so its rows below define nothing any more.
    let rows: Vec<&str> = below.iter().map(|line| line.trim()).take_while(|line| line.starts_with('|')).collect();
    let id = free(snapshot, view, known, &|id| {
        rows.iter().any(|row| {
            row.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.'))).any(|word| Id::new(word) == *id)
        })
    })?;
    let piece = piece(definition, known, &id, at.line.get(from..to)?);
    let text = if definition.form == Form::Row && at.line.trim_start().starts_with('|') {
        let cells = list_items::bars(behind);
        format!("{head}{piece} |{}", "  |".repeat(cells.saturating_sub(1)))
    } else {
        format!("{}{piece}{}", list_items::counted_on(head), sign(head, behind))
    };
    Some(vec![Edit { span: at.put, text }])
}

fn piece(definition: &Definition, known: &Id, new: &Id, written: &str) -> String {
    if definition.form.is_written() || written == known.as_str() {
        new.to_string()
    } else if written == known.tail() {
        new.tail().to_string()
    } else {
        last_part(new).to_string()
    }
}

/// The lines behind the cursor's.
fn lines_below<'a>(view: &View<'a>, at: &Break) -> impl Iterator<Item = String> + use<'a> {
    let rope = view.document().map(|document| document.rope());
    let first = rope.map_or(0, |rope| rope.byte_to_line((at.put.end as usize).min(rope.len_bytes())) + 1);
    rope.into_iter().flat_map(move |rope| (first..rope.len_lines()).map(|line| rope.line(line).to_string()))
}

/// The first id behind `id` that nothing defines and that is not `taken`.
fn free(snapshot: &Snapshot, view: &View<'_>, id: &Id, taken: &dyn Fn(&Id) -> bool) -> Option<Id> {
    const MOST: usize = 10_000;
    let lookup = Lookup::of(snapshot, view.scope);
    std::iter::successors(next(id), next).take(MOST).find(|id| lookup.resolve(id).is_none() && !taken(id))
}

/// The marks and the separator behind an id, with one blank.
fn sign(head: &str, behind: &str) -> String {
    let open = &head[head.trim_end_matches(['*', '_']).len()..];
    let rest = behind.strip_prefix(open).unwrap_or(behind);
    let close = if rest.len() < behind.len() { open } else { "" };
    let blank = rest.len() - rest.trim_start_matches(' ').len();
    match rest[blank..].chars().next() {
        Some(c) if matches!(c, ':' | '：' | '.' | ')' | '—' | '–' | '-') => {
            let inside = if close.is_empty() && rest[blank + c.len_utf8()..].starts_with(open) { open } else { "" };
            format!("{close}{}{c}{inside} ", &rest[..blank])
        }
        _ => format!("{close} "),
    }
}

/// Behind a trace line: where it goes on (an open mark, a comma at its end) the next line is indented like it and names
/// the next requirement; where it ends a task, the next task begins.
fn trace(snapshot: &Snapshot, view: &View<'_>, facts: &Facts, base: u32, at: &Break) -> Option<Vec<Edit>> {
    let whole = Span::new(0, at.line.len()).shifted(at.start);
    let trace = facts
        .traces
        .iter()
        .find(|trace| whole.touches(trace.line.shifted(base).start) && trace.line.start + base >= at.start)?;
    let open = trace.flaws.iter().any(|flaw| matches!(flaw.what, FlawKind::Open(_)));
    let comma = at.line.trim_end().ends_with([',', '，', '、']);
    if open || comma {
        let before = at.line.get(..(trace.line.start + base - at.start) as usize)?;
        let blanks = &before[..before.len() - before.trim_start_matches([' ', '\t']).len()];
        let indent = format!("{blanks}{}", " ".repeat(before.len() - blanks.len()));
        let last = facts.references[trace.references.start as usize..trace.references.end as usize].last();
        let named = |id: &Id| facts.references.iter().any(|reference| facts.id(reference.id) == id);
        let lookup = Lookup::of(snapshot, view.scope);
        let follows = last.filter(|_| comma).and_then(|last| {
            let last = facts.id(last.id).clone();
            let mut alike: Vec<&Id> = lookup
                .all_defined()
                .map(|(_, id)| id)
                .filter(|id| id.prefix() == last.prefix() && **id > last && !named(id))
                .collect();
            alike.sort();
            alike.first().map(ToString::to_string)
        });
        let text = format!("{indent}{}", follows.unwrap_or_default());
        return Some(vec![Edit { span: at.put, text }]);
    }
    if view.role != Role::Tasks || trace.line.shifted(base).end > whole.end {
        return None;
    }
    let task = facts.tasks.iter().rfind(|task| task.item.touches(trace.line.start))?;
    let document = view.document()?;
    let (line, start) = document.line_at(task.head.start + base);
    let head = line.get(..(task.head.start + base - start) as usize)?;
    let number = facts.text(task.number);
    let behind = line.get(head.len() + number.len()..)?;
    let sign: String = behind.chars().take_while(|c| matches!(c, '.' | ':' | ')' | ' ')).collect();
    // Only where no sibling follows: in the middle of a list the number is not free.
    let sibling = facts.tasks.iter().any(|other| other.parent == task.parent && other.head.start > task.head.start);
    let new = next(&Id::new(number)).filter(|_| !number.is_empty())?;
    let open = head.rfind('[').map(|at| format!("{}[ ]{}", &head[..at], head.get(at + 3..).unwrap_or(" ")))?;
    (!sibling)
        .then(|| vec![Edit { span: at.put, text: format!("{open}{new}{}", if sign.is_empty() { " " } else { &sign }) }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::fixture::cursor;

    /// The text after Enter was typed at the cursor and `put` by the editor.
    fn typed(fixture: &str, put: &str) -> String {
        let fixture = fixture.replace("$0", &format!("\n{put}$0"));
        let (world, path, offset) = cursor(&fixture);
        let (_, text) = crate::fixture::files(&fixture.replace("$0", "")).pop().unwrap();
        match on_enter(&world.snapshot(), &path, offset) {
            Some(edits) => apply(&text, &edits),
            None => "nothing".into(),
        }
    }

    #[test]
    fn enter_behind_a_requirement_begins_the_next() {
        let spec = |text: &str| typed(&format!("//- a/spec.md\n{text}"), "");
        assert_eq!(spec("- **FR-1.1**: x$0\n"), "- **FR-1.1**: x\n- **FR-1.2**: \n");
        assert_eq!(spec("1. **FR-1.1:** x$0\n"), "1. **FR-1.1:** x\n2. **FR-1.2:** \n");
        assert_eq!(spec("- FR-001 — x$0\n"), "- FR-001 — x\n- FR-002 — \n");
        assert_eq!(spec("- **FR-1**: x$0\n- **FR-2**: y\n"), "- **FR-1**: x\n- **FR-3**: \n- **FR-2**: y\n");
        assert_eq!(
            spec("| ID | Requirement |\n|---|---|\n| FR-1 | x |$0\n"),
            "| ID | Requirement |\n|---|---|\n| FR-1 | x |\n| FR-2 |  |\n"
        );
        assert_eq!(spec("- **FR-1**: x$0 and more\n"), "nothing");
        assert_eq!(spec("Words$0\n"), "nothing");
        assert_eq!(spec("### FR-1: Title$0\n"), "nothing");
    }

    #[test]
    fn what_the_editor_put_there_is_replaced_and_an_empty_item_ends_the_list() {
        assert_eq!(typed("//- a/spec.md\n- **FR-1**: x$0\n", "- "), "- **FR-1**: x\n- **FR-2**: \n");
        assert_eq!(typed("//- a/spec.md\n  - **FR-1**: x$0\n", "  "), "  - **FR-1**: x\n  - **FR-2**: \n");
        assert_eq!(typed("//- a/spec.md\n- **FR-1**: x\n- **FR-2**: $0\n", "- "), "- **FR-1**: x\n\n");
        assert_eq!(typed("//- a/spec.md\n- [x] **AC-1**: x$0\n", "- [ ] "), "- [x] **AC-1**: x\n- [ ] **AC-2**: \n");
        assert_eq!(typed("//- a/tasks.md\n- [ ] 1. T\n- [ ] 2. $0\n", "- [ ] "), "- [ ] 1. T\n\n");
        assert_eq!(typed("//- a/spec.md\n- words\n- $0\n", "- "), "nothing", "a list of something else");
    }

    #[test]
    fn a_row_between_others_has_an_id_that_none_of_them_has() {
        let table = "| ID | Requirement |\n|---|---|\n| FR-1 | x |$0\n| FR-2 | y |\n";
        assert_eq!(
            typed(&format!("//- a/spec.md\n{table}"), ""),
            "| ID | Requirement |\n|---|---|\n| FR-1 | x |\n| FR-3 |  |\n| FR-2 | y |\n"
        );
    }

    #[test]
    fn counted_criteria_go_on() {
        let spec = "//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. WHEN b$0\n";
        assert!(typed(spec, "").ends_with("2. WHEN b\n3. \n"));
        assert!(typed(&spec.replace("b$0", "b\n3. $0"), "4. ").ends_with("2. WHEN b\n\n"));
        assert_eq!(
            typed(&spec.replace("a\n", "a$0\n").replace("b$0", "b"), "2. "),
            "nothing",
            "the next has that number"
        );
    }

    #[test]
    fn enter_in_an_open_trace_line_names_what_follows() {
        let spec = "//- a/spec.md\n- **FR-1**: x\n- **FR-2**: y\n- **FR-4**: z\n";
        let tasks = |text: &str| typed(&format!("{spec}//- a/tasks.md\n{text}"), "");
        assert_eq!(
            tasks("- [ ] 1. T\n  - _Requirements: FR-1, FR-2,$0\n"),
            "- [ ] 1. T\n  - _Requirements: FR-1, FR-2,\n    FR-4\n"
        );
        assert_eq!(
            tasks("- [ ] 1. T\n\t- _Requirements: FR-1, FR-2,$0\n"),
            "- [ ] 1. T\n\t- _Requirements: FR-1, FR-2,\n\t  FR-4\n"
        );
        assert_eq!(tasks("- [ ] 1. T\n  - _Requirements: FR-1$0\n"), "- [ ] 1. T\n  - _Requirements: FR-1\n    \n");
    }

    #[test]
    fn enter_behind_a_tasks_trace_line_begins_the_next_task() {
        let tasks = |text: &str| typed(&format!("//- a/tasks.md\n{text}"), "  ");
        assert_eq!(
            tasks("- [x] 1. T\n  - _Requirements: FR-1_$0\n"),
            "- [x] 1. T\n  - _Requirements: FR-1_\n- [ ] 2. \n"
        );
        assert_eq!(
            tasks("- [ ] 1. T\n  - [ ] 1.1 U\n    - _Requirements: FR-1_$0\n"),
            "- [ ] 1. T\n  - [ ] 1.1 U\n    - _Requirements: FR-1_\n  - [ ] 1.2 \n"
        );
        assert_eq!(tasks("- [ ] 1. T\n  - _Requirements: FR-1_$0\n- [ ] 2. U\n"), "nothing");
        assert_eq!(tasks("- [ ] T\n  - _Requirements: FR-1_$0\n"), "nothing");
    }
}
