//! Go to definition: from a reference to what defines it, and from a definition to what refers to it, or to itself where
//! nothing does.

use crate::feature::cursor::named_at;
use crate::path::FilePath;
use crate::query::{Defined, Place, SymbolRole, definitions_of, references_to};
use crate::text::Span;
use crate::world::Snapshot;

/// Where a jump leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The text that was asked about, from the file's start.
    pub origin: Span,
    /// What to show: the whole statement.
    pub whole: Place,
    /// What to select: the id.
    pub exact: Span,
}

impl Target {
    /// The jump from `origin` to a requirement's statement.
    pub(super) fn statement(origin: Span, defined: &Defined<'_>) -> Self {
        let exact = defined.place();
        let whole = defined.view.trimmed(defined.statement());
        Self { origin, exact: exact.span, whole: Place { path: exact.path, span: whole } }
    }
}

/// Where the id at byte `offset` of the file leads.
#[must_use]
pub fn definition(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Target> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let mut out = Vec::new();
    for symbol in named_at(snapshot, &view, offset) {
        let Some(scope) = &symbol.scope else { continue };
        let base = snapshot.base_of(scope);
        let changed = base.map(|base| definitions_of(snapshot, &base, &symbol.id)).filter(|found| !found.is_empty());
        let states = |defined: &Defined<'_>| defined.view.path == path && symbol.span.covers(defined.place().span);
        let stated = matches!(symbol.role, SymbolRole::Definition(_))
            && changed.is_none()
            && definitions_of(snapshot, scope, &symbol.id).iter().any(states);
        if stated {
            let before = out.len();
            out.extend(references_to(snapshot, scope, &symbol.id).into_iter().map(|referrer| Target {
                origin: symbol.span,
                exact: referrer.place.span,
                whole: referrer.place,
            }));
            if out.len() > before {
                continue;
            }
        }
        // Where a change states a requirement anew, what it changes is of interest.
        let found = changed.unwrap_or_else(|| definitions_of(snapshot, scope, &symbol.id));
        out.extend(found.iter().map(|defined| Target::statement(symbol.span, defined)));
    }
    out
}
