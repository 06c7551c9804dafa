//! References to an id, from every scope that looks ids up where it is defined, however they spell it.

use super::definitions::former_names_of;
use super::lookup::{Lookup, story_alike};
use super::place::Place;
use crate::facts::{Kind, Reach};
use crate::id::Id;
use crate::path::FilePath;
use crate::world::{Snapshot, View};
use std::cell::OnceCell;

/// A reference and the file it stands in.
#[derive(Clone, Debug)]
pub struct Referrer<'a> {
    /// The file.
    pub view: View<'a>,
    /// Where the reference stands.
    pub place: Place,
    /// How it refers.
    pub kind: Kind,
}

/// The ways in which `id` of `scope` may be named, itself first: by the parent of a wildcard, as a bare number, by an
/// alias, by what it was called before.
pub(crate) fn spellings_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    let number = Id::new(id.tail());
    let dialect = snapshot.dialect_of(scope);
    let names = dialect.table.ids.aliases.iter().filter(|_| id.family().is_empty());
    let aliases = names.flat_map(|name| [Id::new(&format!("{name}{id}")), Id::new(&format!("{name}-{id}"))]);
    std::iter::once(id.clone())
        .chain(id.parent())
        .chain(Some(number).filter(|number| number != id))
        .chain(aliases)
        .chain(story_alike(dialect, id))
        .chain(former_names_of(snapshot, scope, id))
        .collect()
}

/// The references to `id` of `scope`, from every scope that looks ids up there, in the order of files and text.
#[must_use]
pub fn references_to<'a>(snapshot: &'a Snapshot, scope: &FilePath, id: &Id) -> Vec<Referrer<'a>> {
    let mut out = Vec::new();
    let Some(index) = snapshot.index(scope).filter(|index| index.defined(id).is_some()) else { return out };
    let spellings = spellings_of(snapshot, scope, id);
    for user in snapshot.scopes_naming(scope, &spellings) {
        if user == scope {
            let lookup = Lookup::of(snapshot, user);
            let mut files: Vec<&FilePath> = spellings.iter().flat_map(|id| index.files_naming(id)).collect();
            files.sort();
            files.dedup();
            let views = files.into_iter().filter_map(|path| snapshot.view(path));
            let search = Search { id, spellings: &spellings, lookup: OnceCell::from(lookup), restated: false };
            views.for_each(|view| search.collect(snapshot, view, &mut out));
            continue;
        }
        // Most scopes that name an id of another define none of that name, and need no index to say so.
        let search = Search { id, spellings: &spellings, lookup: OnceCell::new(), restated: false };
        let hidden = snapshot.is_defined_before(user, scope, id)
            && search.lookup(snapshot, user).resolve(id).is_none_or(|(found, _)| found != scope);
        // A change that states the requirement anew still names the one that it changes.
        if hidden && snapshot.base_of(user).as_ref() != Some(scope) {
            continue;
        }
        let search = Search { restated: hidden, ..search };
        let files = snapshot.scope(user).into_iter().flat_map(|scope| scope.files());
        files.filter_map(|path| snapshot.view(path)).for_each(|view| search.collect(snapshot, view, &mut out));
    }
    out
}

/// An id whose references are looked for in the files of one scope.
struct Search<'q> {
    id: &'q Id,
    spellings: &'q [Id],
    /// Made only where the spelling alone does not tell what is meant.
    lookup: OnceCell<Lookup>,
    /// Whether the scope states the requirement anew.
    restated: bool,
}

impl Search<'_> {
    fn lookup(&self, snapshot: &Snapshot, scope: &FilePath) -> &Lookup {
        self.lookup.get_or_init(|| Lookup::once(snapshot, scope))
    }

    fn collect<'a>(&self, snapshot: &'a Snapshot, view: View<'a>, out: &mut Vec<Referrer<'a>>) {
        for (base, facts) in view.parts() {
            let known: Vec<(usize, &Id)> =
                facts.ids.iter().enumerate().filter(|(_, known)| self.spellings.contains(known)).collect();
            if known.is_empty() {
                continue;
            }
            for reference in facts.references.iter().filter(|it| !self.restated || it.kind == Kind::Delta) {
                let Some((_, written)) = known.iter().find(|(at, _)| *at == reference.id as usize) else { continue };
                let means = match reference.reach {
                    Reach::Children => Some(*written) == self.id.parent().as_ref(),
                    _ if *written == self.id => true,
                    _ if self.restated => false,
                    _ => {
                        let meant = self.lookup(snapshot, view.scope).meant(written, reference.sure);
                        meant.iter().any(|(_, meant)| *meant == self.id)
                    }
                };
                if means {
                    let place = Place { path: view.path.clone(), span: reference.span.shifted(base) };
                    out.push(Referrer { view, place, kind: reference.kind });
                }
            }
        }
    }
}
