//! Who looks ids up in a scope, and which of those name an id.

use super::mentions::Mentions;
use super::snapshot::Snapshot;
use crate::id::Id;
use crate::path::{FilePath, is_within};
use std::ops::Bound;

/// Up to this many scopes are rather looked into than told apart by what they name.
const FEW: usize = 32;

impl Snapshot {
    /// The scopes that look ids up in `folder`, itself included, in order.
    pub fn scopes_seeing(&self, folder: &FilePath) -> impl Iterator<Item = &FilePath> {
        let own = folder.clone();
        self.scopes_around(folder).filter(move |scope| self.sees(scope, &own))
    }

    /// The same without those that certainly name none of `ids`.
    #[must_use]
    pub fn scopes_naming(&self, folder: &FilePath, ids: &[Id]) -> Vec<&FilePath> {
        if self.scopes_around(folder).nth(FEW).is_none() {
            return self.scopes_seeing(folder).collect();
        }
        let mentions = self.mentions.get_or_init(|| Mentions::of(self.views()));
        let naming = ids.iter().filter_map(|id| mentions.scopes.get(id)).flat_map(|scopes| scopes.iter());
        let mut scopes: Vec<&FilePath> = naming.chain(Some(folder)).collect();
        scopes.sort_unstable();
        scopes.dedup();
        let known = scopes.into_iter().filter_map(|scope| self.scopes.get_key_value(scope).map(|(scope, _)| scope));
        known.filter(|scope| self.sees(scope, folder)).collect()
    }

    /// Whether `scope` or one that is nearer to it than `folder` may define `id`, so that it is not looked up in `folder`.
    pub(crate) fn is_defined_before(&self, scope: &FilePath, folder: &FilePath, id: &Id) -> bool {
        let Some(definers) = self.defined.get(id) else { return false };
        definers.contains(scope)
            || self
                .lookup_chain(scope)
                .iter()
                .take_while(|nearer| *nearer != folder)
                .any(|nearer| definers.contains(nearer))
    }

    fn sees(&self, scope: &FilePath, folder: &FilePath) -> bool {
        self.layout.looks_in(scope, folder, &self.dialect)
    }

    /// The scopes that may look ids up in `folder`, by where they are.
    fn scopes_around(&self, folder: &FilePath) -> impl Iterator<Item = &FilePath> {
        let homes = self.layout.homes(&self.dialect);
        let outward = homes.flat_map(|home| &home.table.scope.outward).any(|name| name == folder.name());
        let base = self.dialect_of(folder).table.scope.base.as_ref();
        let above = match base.and_then(|base| folder.as_str().rfind(&format!("/{}/", base.to))) {
            // Changes stand beside the specifications that they are made to.
            Some(at) => FilePath::new(&folder.as_str()[..at]),
            None if outward => folder.folder(),
            None => folder.clone(),
        };
        self.look_into(&above);
        let from = (Bound::Included(above.clone()), Bound::Unbounded);
        let mut scopes = self.scopes.range(from).map(|(scope, _)| scope);
        let start = above.clone();
        let inside =
            std::iter::from_fn(move || scopes.next().filter(|scope| scope.as_str().starts_with(start.as_str())));
        inside.filter(move |scope| is_within(scope.as_str(), above.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::id::Id;
    use crate::path::FilePath;
    use crate::query::references_to;
    use crate::world::World;
    use proptest::prelude::*;
    use std::fmt::Write as _;

    /// More features than are looked into one by one, of which every tenth names `R-1` of the workspace folder and every
    /// fourth defines it itself.
    fn many() -> World {
        let mut text = String::from("//- REQUIREMENTS.md\n# R\n\n- **R-1**: One\n- **R-2**: Two\n");
        for number in 0..60 {
            let own = if number % 4 == 0 { "- **R-1**: Own\n" } else { "" };
            let named = if number % 10 == 5 { "R-1" } else { "FR-1" };
            write!(text, "//- specs/{number}/spec.md\n- **FR-1**: F\n{own}//- specs/{number}/tasks.md\n- [ ] 1. T\n  - _Requirements: {named}_\n").unwrap();
        }
        world(&text)
    }

    fn named(world: &World, id: &str) -> Vec<String> {
        let snapshot = world.snapshot();
        let found = references_to(&snapshot, &FilePath::new("/w"), &Id::new(id));
        found.iter().map(|referrer| referrer.place.path.relative_to("/w/specs").to_string()).collect()
    }

    #[test]
    fn of_many_scopes_those_that_name_an_id_are_told_apart() {
        let mut world = many();
        let before = ["15/tasks.md", "25/tasks.md", "35/tasks.md", "45/tasks.md", "5/tasks.md", "55/tasks.md"];
        assert_eq!(named(&world, "R-1"), before);
        assert_eq!(named(&world, "R-2"), [""; 0]);
        let path = FilePath::new("/w/specs/7/tasks.md");
        world.open(&path, 1, "- [ ] 1. T\n  - _Requirements: R-1, R-2_\n");
        assert_eq!(named(&world, "R-2"), ["7/tasks.md"]);
        world.open(&FilePath::new("/w/specs/7/spec.md"), 1, "- **R-1**: Own\n");
        assert_eq!(named(&world, "R-1"), before);
        world.remove(&FilePath::new("/w/specs/15/tasks.md"));
        world.remove(&FilePath::new("/w/specs/15/spec.md"));
        assert_eq!(named(&world, "R-1"), before[1..]);
        world.close(&path);
        assert_eq!(named(&world, "R-2"), [""; 0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn kept_up_to_date_is_made_fresh(events in proptest::collection::vec((0..60u8, 0..6u8, any::<bool>()), 1..12)) {
            let mut kept = many();
            for (step, (feature, what, ask)) in events.into_iter().enumerate() {
                let [spec, tasks] = ["spec", "tasks"].map(|name| FilePath::new(&format!("/w/specs/{feature}/{name}.md")));
                let version = i32::try_from(step).unwrap();
                match what {
                    0 => kept.open(&spec, version, "- **R-1**: Own\n"),
                    1 => kept.open(&spec, version, "- **FR-1**: F\n"),
                    2 => kept.open(&tasks, version, "- [ ] 1. T R-2\n  - _Requirements: R-1_\n"),
                    3 => kept.open(&tasks, version, "- [ ] 1. T\n"),
                    4 => kept.close(&tasks),
                    _ => kept.remove(&spec),
                }
                if ask {
                    named(&kept, "R-1");
                }
            }
            let before = ["R-1", "R-2"].map(|id| named(&kept, id));
            kept.now.mentions = std::sync::Arc::default();
            prop_assert_eq!(before, ["R-1", "R-2"].map(|id| named(&kept, id)));
        }
    }
}
