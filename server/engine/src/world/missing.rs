//! What is missing at a path of the workspace. Of Markdown files that is known; for all else the host is asked.

use super::places::{Named, Places};
use super::{Snapshot, World};
use crate::path::FilePath;
use std::collections::hash_map::Entry;
use std::ops::Bound;
use std::sync::Arc;

impl World {
    /// From now on `places` says what there is beside the known files.
    pub fn set_places(&mut self, places: Arc<dyn Places>) {
        self.now.places = Some(places);
        self.note_places();
    }

    /// Notes that something may have come or gone that is no document: what was found may hold no longer.
    pub fn note_places(&mut self) {
        self.now.revision += 1;
    }

    /// Forgets which names files have: one comes or goes. An older snapshot must not make what this world then sees.
    pub(super) fn forget_named(&mut self) {
        if self.now.named.get().is_some() || Arc::strong_count(&self.now.named) > 1 {
            self.now.named = Arc::default();
        }
    }
}

impl Snapshot {
    /// Whether it is known what there is beside the known files.
    #[must_use]
    pub fn looks_at_places(&self) -> bool {
        self.places.is_some()
    }

    /// Whether nothing is at `path`, as far as one can see, or where a site would have it: `x.md` is served as `x` and `x.html`.
    /// Outside the workspace nobody looks.
    #[must_use]
    pub fn is_missing(&self, path: &FilePath) -> bool {
        let (Some(places), Some(root)) = (&self.places, self.layout.root_of(path)) else { return false };
        if path == root {
            return false;
        }
        let stem = path.as_str().strip_suffix(".html").unwrap_or(path.as_str());
        let missing =
            |path: &FilePath| !self.homes.contains_key(path) && !self.has_below(path) && places.is_missing(root, path);
        let is_page = !stem.rsplit('/').next().is_some_and(|name| name.contains('.'));
        missing(path) && (!is_page || missing(&FilePath::new(&format!("{stem}.md"))))
    }

    /// The path of the known file at `path`.
    #[must_use]
    pub fn known_path(&self, path: &FilePath) -> Option<&FilePath> {
        self.homes.get_key_value(path).map(|(path, _)| path)
    }

    /// The only known file of the workspace that is called `name`, in whatever case.
    #[must_use]
    pub fn only_file_named(&self, name: &str) -> Option<&FilePath> {
        self.look_everywhere();
        let make = || {
            let mut named = Named::default();
            for path in self.homes.keys() {
                match named.entry(path.name().to_lowercase().into()) {
                    Entry::Vacant(free) => drop(free.insert(Some(path.clone()))),
                    Entry::Occupied(mut taken) => drop(taken.insert(None)),
                }
            }
            named
        };
        self.named.get_or_init(make).get(&*name.to_lowercase())?.as_ref()
    }

    /// Whether a known file lies below the folder.
    fn has_below(&self, folder: &FilePath) -> bool {
        let from = format!("{folder}/");
        let mut behind = self.homes.range::<_, str>((Bound::Excluded(from.as_str()), Bound::Unbounded));
        behind.next().is_some_and(|(path, _)| path.as_str().starts_with(&from))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Only, world};
    use crate::path::FilePath;
    use std::sync::Arc;

    #[test]
    fn what_is_known_or_served_is_not_missing() {
        let mut world = world("//- docs/a.md\n# A\n//- docs/b/index.md\n# B\n");
        let missing = |world: &crate::world::World, path: &str| world.snapshot().is_missing(&FilePath::new(path));
        assert!(!missing(&world, "/w/x.md"), "nobody knows");
        world.set_places(Arc::new(Only::new(["/w/src/main.rs"])));
        for path in ["docs/a.md", "docs/a", "docs/a.html", "docs/b", "docs", "src/main.rs", "src", "../x.md"] {
            let path = if path == "../x.md" { "/x.md".to_string() } else { format!("/w/{path}") };
            assert!(!missing(&world, &path), "{path}");
        }
        for path in ["/w/docs/c.md", "/w/doc", "/w/a.md", "/w/src/main"] {
            assert!(missing(&world, path), "{path}");
        }
    }

    #[test]
    fn a_name_that_two_files_bear_names_neither() {
        let mut world = world("//- docs/a.md\n# A\n//- docs/b/index.md\n# B\n//- docs/c/index.md\n# C\n");
        let named = |world: &crate::world::World, name: &str| {
            world.snapshot().only_file_named(name).map(|path| path.relative_to("/w").to_string())
        };
        assert_eq!(named(&world, "A.md").as_deref(), Some("docs/a.md"));
        assert_eq!(named(&world, "index.md"), None);
        world.remove(&FilePath::new("/w/docs/b/index.md"));
        assert_eq!(named(&world, "index.md").as_deref(), Some("docs/c/index.md"));
        crate::fixture::put(&mut world, &FilePath::new("/w/a.md"), "# A\n");
        assert_eq!(named(&world, "a.md"), None);
    }
}
