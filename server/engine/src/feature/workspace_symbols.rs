//! Workspace symbols: requirements of every feature, by id or by words of their title.

use crate::id::Id;
use crate::path::FilePath;
use crate::query::Place;
use crate::world::Snapshot;

/// A requirement that matches a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id and title.
    pub name: String,
    /// The feature it belongs to, from its workspace folder on.
    pub container: String,
    /// Where it is defined.
    pub place: Place,
}

/// Titles are looked through for this many answers; ids always to the end.
const MOST_BY_TITLE: usize = 200;

/// The requirements whose id begins with `query` (in any case), exact ids first; if there is none, those whose title
/// holds every word of it.
#[must_use]
pub fn workspace_symbols(snapshot: &Snapshot, query: &str) -> Vec<Found> {
    let query = query.trim();
    let mut ids: Vec<_> = snapshot.all_defined().filter(|(id, _)| starts_with(id.as_str(), query)).collect();
    ids.sort_by_key(|(id, _)| *id);
    if !query.is_empty() && ids.iter().any(|(id, _)| id.as_str().eq_ignore_ascii_case(query)) {
        ids.retain(|(id, _)| id.as_str().eq_ignore_ascii_case(query));
    }
    let mut out = Vec::new();
    for (id, scopes) in ids {
        for scope in scopes {
            out.extend(found(snapshot, scope, id));
            if query.is_empty() && out.len() >= MOST_BY_TITLE {
                return out;
            }
        }
    }
    if out.is_empty() {
        by_title(snapshot, query, &mut out);
    }
    out
}

fn starts_with(text: &str, query: &str) -> bool {
    text.get(..query.len()).is_some_and(|head| head.eq_ignore_ascii_case(query))
}

/// The strongest definition of `id` in the scope. Only facts are looked at: making an index for every scope would cost
/// more than it saves here.
fn found(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Option<Found> {
    let files = snapshot.scope(scope)?.files().filter_map(|path| snapshot.view(path));
    let parts = files.flat_map(|view| view.parts().map(move |(base, facts)| (view.path, base, facts)));
    let definitions = parts.flat_map(|(path, base, facts)| {
        facts.definitions.iter().filter(|d| facts.id(d.id) == id).map(move |d| (path, base, facts, d))
    });
    let (path, base, facts, definition) = definitions.min_by_key(|(.., definition)| definition.form.rank())?;
    // A counted id may have given way to written ones.
    if !definition.form.is_written() && snapshot.index_once(scope)?.defined(id).is_none() {
        return None;
    }
    let place = Place { path: path.clone(), span: definition.place.shifted(base) };
    Some(Found {
        name: format!("{id} {}", facts.text(definition.title)),
        container: snapshot.spoken(scope).to_string(),
        place,
    })
}

fn by_title(snapshot: &Snapshot, query: &str, out: &mut Vec<Found>) {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return;
    }
    for path in snapshot.files() {
        let Some(view) = snapshot.view(path) else { continue };
        for (base, facts) in view.parts() {
            for definition in facts.definitions.iter().filter(|d| d.form.rank() < 3) {
                let title = facts.text(definition.title);
                let lower = title.to_lowercase();
                if words.iter().all(|word| lower.contains(word)) {
                    let place = Place { path: path.clone(), span: definition.place.shifted(base) };
                    let name = format!("{} {title}", facts.id(definition.id));
                    out.push(Found { name, container: snapshot.spoken(view.scope).to_string(), place });
                    if out.len() >= MOST_BY_TITLE {
                        return;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;

    #[test]
    fn an_exact_id_finds_every_feature_and_words_find_titles() {
        let world = world(
            "//- a/spec.md\n- **FR-1**: Check passwords\n- **FR-10**: Lock\n//- b/spec.md\n- **FR-1**: Pay bills\n",
        );
        let names = |query| {
            super::workspace_symbols(&world.snapshot(), query)
                .into_iter()
                .map(|found| (found.name, found.container))
                .collect::<Vec<_>>()
        };
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(names("fr-1"), [pair("FR-1 Check passwords", "a"), pair("FR-1 Pay bills", "b")]);
        assert_eq!(names("pay bill"), [pair("FR-1 Pay bills", "b")]);
        assert_eq!(names("nothing"), []);
    }
}
