//! Find references: every place that names a requirement.

use crate::facts::Definition;
use crate::feature::cursor::named_at;
use crate::id::Id;
use crate::index::Use;
use crate::path::FilePath;
use crate::query::{Defined, Place, definitions_of, references_to};
use crate::world::Snapshot;

/// The places that name the id at byte `offset` of the file, with its definitions if `definitions` says so; of an id that
/// nothing defines, where the feature writes it.
#[must_use]
pub fn references(snapshot: &Snapshot, path: &FilePath, offset: u32, definitions: bool) -> Vec<Place> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let mut out = Vec::new();
    for symbol in named_at(snapshot, &view, offset) {
        let Some(scope) = &symbol.scope else {
            out.extend(written_like(snapshot, view.scope, &symbol.id));
            continue;
        };
        if definitions {
            out.extend(definitions_of(snapshot, scope, &symbol.id).iter().map(Defined::place));
        }
        out.extend(restated(snapshot, scope, &symbol.id));
        out.extend(references_to(snapshot, scope, &symbol.id).into_iter().map(|referrer| referrer.place));
    }
    out.sort();
    out.dedup();
    out
}

/// Where a file states the requirement again beside what defines it, as in a table that sums up: references, as they are read.
fn restated(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Place> {
    let Some(index) = snapshot.index(scope) else { return Vec::new() };
    let mut out = Vec::new();
    for (path, used) in index.definers_of(id) {
        let parts = snapshot.view(path).into_iter().flat_map(|view| view.parts());
        for (base, facts) in parts {
            let again = facts.definitions.iter().filter(|again| facts.id(again.id) == id && is_restated(again, used));
            out.extend(again.map(|again| Place { path: path.clone(), span: again.place.shifted(base) }));
        }
    }
    out
}

/// Whether what looks like a definition only repeats one of its file.
pub(super) fn is_restated(definition: &Definition, used: Use) -> bool {
    definition.form.is_written() && used.defined.is_some_and(|rank| rank < definition.form.rank())
}

/// Where the files of `scope` write an id that nothing defines.
fn written_like(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Place> {
    let Some(index) = snapshot.index(scope) else { return Vec::new() };
    let views = index.users_of(id).filter_map(|path| snapshot.view(path));
    let places = views.flat_map(|view| {
        view.parts().flat_map(move |(base, facts)| {
            let same = facts.references.iter().filter(move |reference| facts.id(reference.id) == id);
            same.map(move |reference| Place { path: view.path.clone(), span: reference.span.shifted(base) })
        })
    });
    places.collect()
}
