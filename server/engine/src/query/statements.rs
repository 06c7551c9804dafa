//! What states the requirements of a file, each without what states others that stand in it.

use super::definitions::Defined;
use crate::facts::{Definition, Form};
use crate::text::Span;
use crate::wording::Wording;
use crate::world::View;

/// What states a requirement.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// The definition.
    pub defined: Defined<'a>,
    /// Its place among the definitions of its part.
    pub number: u32,
    /// All of it, from the file's start.
    pub span: Span,
    /// What of it states others, in order; one may hold the next.
    others: Vec<Span>,
}

/// Whether a definition states a requirement: a scenario is a part of its requirement's text, and the number of a section is
/// only a place to go to.
#[must_use]
pub fn states(definition: &Definition) -> bool {
    definition.form.rank() < Form::Rendered.rank() && definition.form != Form::Scenario
}

/// What states each requirement of a file, in the order of the text.
#[must_use]
pub fn statements_in<'a>(view: &View<'a>) -> Vec<Statement<'a>> {
    let view = *view;
    let heads: Vec<(u32, u32, u8)> = view
        .parts()
        .flat_map(|(base, facts)| facts.sections.iter().map(move |it| (it.start + base, it.head.end + base, it.level)))
        .collect();
    // Where the section of each heading ends.
    let mut ends = vec![u32::MAX; heads.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, (start, _, level)) in heads.iter().enumerate() {
        while let Some(last) = open.pop_if(|last| heads[*last].2 >= *level) {
            ends[last] = *start;
        }
        open.push(at);
    }
    let mut out = Vec::new();
    for (base, facts) in view.parts() {
        for (number, definition) in (0..).zip(&facts.definitions).filter(|(_, it)| states(it)) {
            let mut span = definition.body.shifted(base);
            if matches!(definition.form, Form::Heading | Form::Name | Form::Numbered) {
                // A number may stand at the head of a line as well.
                let own = heads.partition_point(|(_, end, _)| *end < span.end);
                if heads.get(own).is_some_and(|(_, end, _)| *end == span.end) {
                    span.end = ends[own];
                }
            }
            let defined = Defined { view, facts, base, definition };
            out.push(Statement { defined, number, span, others: Vec::new() });
        }
    }
    leave_out_others(&mut out);
    out
}

fn leave_out_others(statements: &mut [Statement<'_>]) {
    let mut order: Vec<usize> = (0..statements.len()).collect();
    order.sort_by_key(|at| (statements[*at].span.start, std::cmp::Reverse(statements[*at].span.end)));
    let mut around: Vec<usize> = Vec::new();
    for at in order {
        let own = statements[at].span;
        let place = statements[at].defined.definition.place.shifted(statements[at].defined.base);
        around.retain(|up| statements[*up].span.end > own.start);
        for up in &around {
            let outer = statements[*up].span;
            if outer.covers(place) && !own.covers(outer) {
                statements[*up].others.push(own);
            }
        }
        around.push(at);
    }
}

/// Takes out what begins the item, row or heading of another requirement that followed.
fn leave_out_marker(text: &mut String) {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    if text[line..].chars().all(|c| c.is_ascii_digit() || " \t.)-*+#>|[xX]".contains(c)) {
        text.truncate(line);
    }
}

impl Statement<'_> {
    /// The stretches that state this requirement alone, where the file is `len` bytes long.
    fn own(&self, len: usize) -> impl Iterator<Item = Span> + '_ {
        let end = self.span.end.min(crate::text::narrow(len));
        let last = Span { start: end, end };
        let mut at = self.span.start;
        self.others.iter().copied().chain([last]).filter_map(move |other| {
            let piece = Span { start: at, end: other.start.clamp(at, end.max(at)) };
            at = at.max(other.end.min(end));
            (!piece.is_empty()).then_some(piece)
        })
    }

    /// Its text in that of the file, by what gives a stretch of it.
    fn text_by<'t>(&self, len: usize, slice: impl Fn(Span) -> std::borrow::Cow<'t, str>) -> String {
        let mut out = String::new();
        for span in self.own(len) {
            out += &slice(span);
            if span.end < self.span.end.min(crate::text::narrow(len)) {
                leave_out_marker(&mut out);
            }
        }
        out.trim().to_string()
    }

    /// Its text in `text`, which is that of the file.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let boundary = |at: u32| text.floor_char_boundary(at as usize);
        self.text_by(text.len(), |span| text[boundary(span.start)..boundary(span.end)].into())
    }

    /// The words of `text`, which is what it says.
    #[must_use]
    pub fn wording(&self, text: &str) -> Wording {
        match self.defined.definition.form {
            Form::Row => Wording::of_row(text),
            _ => Wording::of(text),
        }
    }

    /// Its text, if its file is open: no more of the file is looked at.
    #[must_use]
    pub fn open_text(&self) -> Option<String> {
        let rope = self.defined.view.document()?.rope();
        let slice = |span: Span| rope.get_byte_slice(span.range()).map_or_else(Default::default, Into::into);
        Some(self.text_by(rope.len_bytes(), slice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{files, world};
    use crate::path::FilePath;

    fn texts(fixture: &str) -> Vec<String> {
        let mut world = world(fixture);
        let (path, text) = files(fixture).remove(0);
        let told = |snapshot: &crate::world::Snapshot, by: &dyn Fn(&Statement<'_>) -> String| -> Vec<String> {
            let view = snapshot.view(&path).expect("it is there");
            statements_in(&view)
                .iter()
                .map(|it| format!("{}: {:?}", it.defined.facts.id(it.defined.definition.id), by(it)))
                .collect()
        };
        let closed = told(&world.snapshot(), &|it| it.text(&text));
        world.open(&FilePath::new(path.as_str()), 1, &text);
        assert_eq!(told(&world.snapshot(), &|it| it.open_text().expect("it is open")), closed);
        // What one definition is asked for is what all are.
        let snapshot = world.snapshot();
        for it in statements_in(&snapshot.view(&path).expect("it is there")) {
            assert_eq!(it.span, it.defined.statement());
        }
        closed
    }

    #[test]
    fn what_states_others_is_left_out() {
        let spec = "//- a/spec.md\n# S\n\n### FR-1: Sign in\n\nIn short.\n\n- **FR-1.1**: Lock\n  - at once\n- **FR-1.2**: Tell 字\n\nThe end.\n\n#### Notes\n\nMore.\n\n### FR-2: Sign out\n\nBy a button.\n\n## Other\n\n| ID | Requirement |\n|---|---|\n| FR-3 | three |\n";
        assert_eq!(
            texts(spec),
            [
                "FR-1: \"FR-1: Sign in\\n\\nIn short.\\n\\n\\n\\n\\nThe end.\\n\\n#### Notes\\n\\nMore.\"",
                "FR-1.1: \"**FR-1.1**: Lock\\n  - at once\"",
                "FR-1.2: \"**FR-1.2**: Tell 字\"",
                "FR-2: \"FR-2: Sign out\\n\\nBy a button.\"",
                "FR-3: \"FR-3 | three\"",
            ]
        );
        let nested = "//- a/spec.md\n# S\n\n- **FR-1**: one\n  1. **FR-1.1**: two\n     - **FR-1.1.1**: three\n  2. **FR-1.2**: four\n  - more\n- **FR-2**: x\n";
        assert_eq!(texts(nested)[..2], ["FR-1: \"**FR-1**: one\\n\\n\\n  - more\"", "FR-1.1: \"**FR-1.1**: two\""]);
        let counted = "//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. WHEN b\n";
        assert_eq!(texts(counted)[1..], ["1.1: \"1. WHEN a\"", "1.2: \"2. WHEN b\""]);
    }
}
