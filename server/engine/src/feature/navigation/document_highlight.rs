//! Document highlight: where the requirement under the cursor is defined and named in the same document.

use super::references::is_restated;
use crate::batch::Meanings;
use crate::feature::cursor::named_at;
use crate::path::FilePath;
use crate::query::SymbolRole;
use crate::text::Span;
use crate::world::Snapshot;

/// A place of the document that names the requirement under the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Highlight {
    /// The place, from the file's start.
    pub span: Span,
    /// Whether it defines the requirement, else it refers to it.
    pub defines: bool,
}

/// The places that name what stands at byte `offset` of the file, in the order of the text.
#[must_use]
pub fn document_highlight(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Highlight> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let symbols = named_at(snapshot, &view, offset);
    if symbols.is_empty() {
        return Vec::new();
    }
    let mut meanings = Meanings::of(snapshot, view.scope);
    let mut out = Vec::new();
    for (base, facts) in view.parts() {
        for definition in &facts.definitions {
            let id = facts.id(definition.id);
            let here = |scope: &Option<FilePath>| scope.as_ref() == Some(view.scope);
            if !symbols.iter().any(|symbol| symbol.id == *id && here(&symbol.scope)) {
                continue;
            }
            let definers = meanings.lookup.own().map(|index| index.definers_of(id)).unwrap_or_default();
            let Some((_, used)) = definers.into_iter().find(|(definer, _)| *definer == path) else { continue };
            // The same number may be written and counted; what gave way is no definition.
            let defines = used.defined == Some(definition.form.rank());
            if defines || is_restated(definition, used) {
                out.push(Highlight { span: definition.place.shifted(base), defines });
            }
        }
        for reference in &facts.references {
            let meant = meanings.meant_by(facts, reference);
            let same = symbols.iter().any(|symbol| match &symbol.scope {
                Some(scope) => meant.iter().any(|(home, id)| home == scope && *id == symbol.id),
                None => meant.is_empty() && *facts.id(reference.id) == symbol.id,
            });
            if same {
                out.push(Highlight { span: reference.span.shifted(base), defines: false });
            }
        }
    }
    out.extend(
        symbols
            .iter()
            .filter(|symbol| !matches!(symbol.role, SymbolRole::Definition(_)))
            .map(|symbol| Highlight { span: symbol.span, defines: false }),
    );
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    fn lit(fixture: &str) -> Vec<(u32, bool)> {
        let (world, path, offset) = cursor(fixture);
        let found = document_highlight(&world.snapshot(), &path, offset);
        found.iter().map(|highlight| (highlight.span.start, highlight.defines)).collect()
    }

    #[test]
    fn a_definition_is_written_and_a_reference_read() {
        assert_eq!(
            lit("//- a/spec.md\n- **FR-1**: A, as FR-$02 says\n- **FR-2**: B\n\n_Requirements: FR-1–FR-3, FR-9_\n"),
            [(18, false), (32, true), (58, false)]
        );
    }

    #[test]
    fn what_nothing_defines_is_lit_as_it_is_written() {
        assert_eq!(lit("//- a/spec.md\n- **FR-1**: A\n\nFR-$09 and fr-9, FR-8\n"), [(15, false), (24, false)]);
        assert_eq!(lit("//- a/spec.md\n- **FR-1**: A, wo$0rds\n"), []);
    }
}
