//! Linked editing: an id and its repetitions on the line that defines it change together while one of them is typed.

use crate::path::FilePath;
use crate::text::Span;
use crate::world::Snapshot;

/// The id at byte `offset` of the open document and its repetitions on the same line, in order; none where the line does
/// not define it or names it only once.
#[must_use]
pub fn linked_editing(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Option<Vec<Span>> {
    let view = snapshot.view(path)?;
    let (line, start) = view.document()?.line_at(offset);
    let whole = Span::new(0, line.len()).shifted(start);
    let part = view.part_at(offset)?;
    let on_line = |place: &Span| whole.covers(*place);
    let definitions = part.1.definitions.iter().filter(|definition| definition.form.is_written());
    definitions.map(|definition| definition.place.shifted(part.0)).filter(on_line).find_map(|place| {
        let id = line.get((place.start - start) as usize..(place.end - start) as usize)?;
        let found: Vec<Span> = line
            .match_indices(id)
            .map(|(at, _)| Span::new(at, at + id.len()))
            .filter(|span| stands_alone(&line, *span))
            .map(|span| span.shifted(start))
            .collect();
        (found.len() > 1 && found.iter().any(|span| span.touches(offset))).then_some(found)
    })
}

/// Whether the id at `span` is no part of a longer one.
fn stands_alone(line: &str, span: Span) -> bool {
    let bytes = line.as_bytes();
    let before = (span.start as usize).checked_sub(1).map_or(b' ', |at| bytes[at]);
    let (after, next) = (bytes.get(span.end as usize), bytes.get(span.end as usize + 1));
    let longer = after.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-')
        || after == Some(&b'.') && next.is_some_and(|b| b.is_ascii_digit() || matches!(b, b'*' | b'x'));
    !(before.is_ascii_alphanumeric() || matches!(before, b'-' | b'.') || longer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    fn linked(fixture: &str) -> usize {
        let (world, path, offset) = cursor(fixture);
        linked_editing(&world.snapshot(), &path, offset).map_or(0, |spans| spans.len())
    }

    #[test]
    fn an_id_and_its_repetition_on_the_line_are_linked() {
        assert_eq!(linked("//- a/spec.md\n- **FR-$01**: FR-1 is the first, FR-10 is not\n"), 2);
        assert_eq!(linked("//- a/spec.md\n### FR-1: Log in <a id=\"FR-$01\"></a>\n"), 2);
        assert_eq!(linked("//- a/spec.md\n- **FR-1**: x\n  FR-$01 again\n"), 0);
        assert_eq!(linked("//- a/spec.md\n- **FR-$01**: alone, FR-1.1 is its child\n"), 0);
        assert_eq!(linked("//- a/tasks.md\nFR-$01 and FR-1\n"), 0);
    }
}
