//! Names: which requirement a person means by an id, perhaps behind its feature, and by what name one is found.

use crate::id::Id;
use crate::path::FilePath;
use crate::world::Snapshot;

/// So many ids are proposed where a name means none.
const MOST_NEAR: usize = 5;

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// The requirement of this scope.
    One(FilePath, Id),
    /// One of these: several features have the id.
    Several(Vec<(FilePath, Id)>),
    /// None. These were called so before, or are written like it, the nearest first.
    None(Vec<(FilePath, Id)>),
}

/// What is meant by `name`: an id, or one behind the last folders of its feature (`login/FR-1`). Of what is defined only what
/// `counts` accepts is meant.
#[must_use]
pub fn requirement_named(snapshot: &Snapshot, name: &str, counts: &dyn Fn(&FilePath, &Id) -> bool) -> Named {
    for (feature, id) in splits(name) {
        let id = Id::new(id);
        let scopes = snapshot.scopes_defining(&id).filter(|scope| is_called(snapshot, scope, feature));
        let meant: Vec<&FilePath> = scopes.filter(|scope| counts(scope, &id)).collect();
        let spelt = |scope: &FilePath| (scope.clone(), spelt(snapshot, scope, &id));
        // The whole path of one may be the end of another's.
        let whole = meant.iter().find(|scope| snapshot.display_path(scope) == feature);
        match (&meant[..], whole) {
            ([], _) => {}
            ([only], _) | (_, Some(only)) => {
                let (scope, id) = spelt(only);
                return Named::One(scope, id);
            }
            (several, None) => return Named::Several(several.iter().map(|scope| spelt(scope)).collect()),
        }
    }
    let (feature, id) = name.rsplit_once('/').unwrap_or(("", name));
    let mut near = called_now(snapshot, feature, &Id::new(id), counts);
    for other in nearest(snapshot, feature, id, counts) {
        if near.len() < MOST_NEAR && !near.contains(&other) {
            near.push(other);
        }
    }
    Named::None(near)
}

/// The name by which [`requirement_named`] finds `id` of `scope` and no other, whatever counts: the id where one feature alone
/// has it, else behind the feature.
#[must_use]
pub fn name_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> String {
    let is_alone = snapshot.scopes_defining(id).nth(1).is_none();
    if is_alone { id.to_string() } else { full_name_of(snapshot, scope, id) }
}

/// The id behind all folders of its feature.
#[must_use]
pub fn full_name_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> String {
    format!("{}/{id}", snapshot.display_path(scope))
}

/// The ways in which a name may be a feature and an id, that without a feature first: an id may hold slashes itself.
fn splits(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let places: Vec<usize> = name.match_indices('/').map(|(at, _)| at).collect();
    std::iter::once(("", name)).chain(places.into_iter().rev().map(|at| (&name[..at], &name[at + 1..])))
}

/// Whether a person may call the scope `feature`: by its path or the end of it.
fn is_called(snapshot: &Snapshot, scope: &FilePath, feature: &str) -> bool {
    let own = snapshot.display_path(scope);
    feature.is_empty() || own == feature || own.strip_suffix(feature).is_some_and(|rest| rest.ends_with('/'))
}

/// The id as `scope` spells it.
fn spelt(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Id {
    snapshot.index(scope).and_then(|index| index.defined(id).cloned()).unwrap_or_else(|| id.clone())
}

/// The requirements of features called `feature` that were called `id` before.
fn called_now(
    snapshot: &Snapshot,
    feature: &str,
    id: &Id,
    counts: &dyn Fn(&FilePath, &Id) -> bool,
) -> Vec<(FilePath, Id)> {
    let scopes = snapshot.scopes().map(|(folder, _)| folder).filter(|folder| is_called(snapshot, folder, feature));
    let found = scopes.filter_map(|folder| Some((folder, snapshot.index_once(folder)?)));
    let ids = found.flat_map(|(folder, index)| {
        let now = index.called_now(id).into_iter().cloned().collect::<Vec<_>>();
        now.into_iter().map(move |id| (folder.clone(), id))
    });
    ids.filter(|(folder, id)| counts(folder, id)).take(MOST_NEAR).collect()
}

/// The requirements whose ids are written like `id`, those of `feature` first among equals.
fn nearest(
    snapshot: &Snapshot,
    feature: &str,
    id: &str,
    counts: &dyn Fn(&FilePath, &Id) -> bool,
) -> Vec<(FilePath, Id)> {
    let wanted = id.to_lowercase();
    let furthest = (wanted.chars().count() / 3).max(1);
    let distance = |id: &Id| strsim::osa_distance(&wanted, &id.as_str().to_lowercase());
    let family = Id::new(id);
    let is_kin = |other: &Id| !family.prefix().is_empty() && other.prefix().eq_ignore_ascii_case(family.prefix());
    let all = || snapshot.all_defined().map(|(id, scopes)| (distance(id), id, scopes));
    // Where nothing is written like it, what is of its family.
    let alike = all().any(|(distance, ..)| distance <= furthest);
    let mut near: Vec<(usize, bool, &Id, &FilePath)> = all()
        .filter(|(distance, id, _)| if alike { *distance <= furthest } else { is_kin(id) })
        .flat_map(|(distance, id, scopes)| {
            scopes.iter().map(move |scope| (distance, !is_called(snapshot, scope, feature), id, scope))
        })
        .filter(|(.., id, scope)| counts(scope, id))
        .collect();
    near.sort();
    near.into_iter().take(MOST_NEAR).map(|(.., id, scope)| (scope.clone(), spelt(snapshot, scope, id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;

    const MANY: &str = "//- REQUIREMENTS.md\n- **R-1**: One\n//- specs/login/spec.md\n- **FR-1**: A\n- **FR-2**: B\n//- specs/old/login/spec.md\n- **FR-1**: C\n- ~~**FR-3**: D~~\n//- openspec/specs/pay/spec.md\n# pay\n\n## Requirements\n\n### Requirement: In/out\nIt SHALL.\n\n#### Scenario: X\n- **WHEN** y\n";

    fn told(name: &str) -> String {
        let snapshot = world(MANY).snapshot();
        let all = |found: Vec<(FilePath, Id)>| {
            found.iter().map(|(scope, id)| full_name_of(&snapshot, scope, id)).collect::<Vec<_>>().join(" ")
        };
        match requirement_named(&snapshot, name, &|_, _| true) {
            Named::One(scope, id) => full_name_of(&snapshot, &scope, &id),
            Named::Several(all_of) => format!("several: {}", all(all_of)),
            Named::None(near) => format!("none: {}", all(near)),
        }
    }

    #[test]
    fn an_id_is_found_alone_or_behind_its_feature() {
        assert_eq!(told("FR-2"), "specs/login/FR-2");
        assert_eq!(told("fr-2"), "specs/login/FR-2", "as it is spelt where it is defined");
        assert_eq!(told("FR-1"), "several: specs/login/FR-1 specs/old/login/FR-1");
        assert_eq!(told("login/FR-1"), "several: specs/login/FR-1 specs/old/login/FR-1");
        assert_eq!(told("old/login/FR-1"), "specs/old/login/FR-1");
        assert_eq!(told("specs/login/FR-1"), "specs/login/FR-1");
        assert_eq!(told("./R-1"), "./R-1");
        assert_eq!(told("In/out"), "openspec/specs/pay/In/out");
        assert_eq!(told("pay/In/out"), "openspec/specs/pay/In/out");
    }

    #[test]
    fn what_is_written_alike_comes_near_its_own_feature_first() {
        assert_eq!(told("old/login/FR-11"), "none: specs/old/login/FR-1 specs/login/FR-1");
        assert_eq!(told("lgin/FR-2").split(' ').nth(1), Some("specs/login/FR-2"));
        assert_eq!(told("XYZ"), "none: ");
    }

    #[test]
    fn what_was_called_so_before_comes_first() {
        let snapshot = world("//- specs/login/spec.md\n- **FR-1**: A\n- **NFR-70** (formerly FR-2): B\n").snapshot();
        let now = |id: &str| (FilePath::new("/w/specs/login"), Id::new(id));
        let found = |name: &str| requirement_named(&snapshot, name, &|_, _| true);
        assert_eq!(found("login/FR-2"), Named::None(vec![now("NFR-70"), now("FR-1")]));
        assert_eq!(found("NFR-70"), Named::One(now("").0, Id::new("NFR-70")));
    }

    #[test]
    fn what_does_not_count_is_not_meant() {
        let snapshot = world(MANY).snapshot();
        let old = |scope: &FilePath, _: &Id| scope.as_str().contains("old");
        let found = requirement_named(&snapshot, "FR-1", &old);
        assert_eq!(found, Named::One(FilePath::new("/w/specs/old/login"), Id::new("FR-1")));
        assert_eq!(requirement_named(&snapshot, "FR-2", &|_, _| false), Named::None(Vec::new()));
    }

    #[test]
    fn every_requirement_is_found_by_its_name() {
        let snapshot = world(MANY).snapshot();
        let mut names = Vec::new();
        for (id, scopes) in snapshot.all_defined() {
            for scope in scopes.iter() {
                let name = name_of(&snapshot, scope, id);
                let found = requirement_named(&snapshot, &name, &|_, _| true);
                assert_eq!(found, Named::One(scope.clone(), id.clone()), "{name}");
                names.push(name);
            }
        }
        assert!(names.contains(&"FR-2".to_string()) && names.contains(&"specs/login/FR-1".to_string()), "{names:?}");
    }

    #[test]
    fn where_nothing_is_written_like_it_its_family_is_named() {
        assert_eq!(told("NOPE-1"), "none: ", "of a family that nothing has");
        let kin = "none: specs/login/FR-1 specs/old/login/FR-1 specs/login/FR-2 specs/old/login/FR-3";
        assert_eq!(told("FR-99"), kin);
    }
}
