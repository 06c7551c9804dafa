//! Find references: every place that names a requirement.

use crate::path::FilePath;
use crate::query::{Defined, Place, definitions_of, references_to, symbols_at};
use crate::world::Snapshot;

/// The places that name the id at byte `offset` of the file, with its definitions if `definitions` says so.
#[must_use]
pub fn references(snapshot: &Snapshot, path: &FilePath, offset: u32, definitions: bool) -> Vec<Place> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let mut out = Vec::new();
    for symbol in symbols_at(snapshot, &view, offset) {
        let Some(scope) = &symbol.scope else { continue };
        if definitions {
            out.extend(definitions_of(snapshot, scope, &symbol.id).iter().map(Defined::place));
        }
        out.extend(references_to(snapshot, scope, &symbol.id).into_iter().map(|referrer| referrer.place));
    }
    out.sort();
    out.dedup();
    out
}
