//! Nearby files: those of one feature, listed by themselves before the whole workspace is.

use crate::config::Configs;
use crate::disk::{self, Listed};
use crate::paths;
use std::sync::Arc;
use traceline_engine::dialect::{Dialect, Role};
use traceline_engine::path::FilePath;
use traceline_engine::scope::Layout;

/// More files and folders than this are no moment's work.
const MOST: usize = 500;

/// A folder that cannot be listed in a moment, or not as the whole workspace will be.
#[derive(Debug)]
pub(super) struct TooMuch;

/// What decides which files a feature has.
pub(super) struct Nearby<'a> {
    pub(super) root: &'a FilePath,
    pub(super) configs: &'a Configs,
    pub(super) layout: &'a Layout,
    pub(super) dialect: &'a Arc<Dialect>,
}

impl Nearby<'_> {
    /// All files below `folder`, the same that the walk through the workspace will find; none where it holds no specification.
    pub(super) fn list(&self, folder: &FilePath) -> Result<Option<Vec<FilePath>>, TooMuch> {
        let (root, there) = (paths::encode(self.root), paths::encode(folder));
        let selection = self.configs.selection();
        let listed = Listed::of(&root, &selection);
        // The walk follows no links, and looks into nothing that is left out.
        let mut inside = there.ancestors().take_while(|folder| **folder != *root);
        if !listed.enters(&there) || inside.any(|folder| folder.symlink_metadata().map_or(true, |it| it.is_symlink())) {
            return Err(TooMuch);
        }
        let mut specified = false;
        for (count, entry) in std::fs::read_dir(&there).map_err(|_| TooMuch)?.flatten().enumerate() {
            if count > MOST {
                return Err(TooMuch);
            }
            let path = entry.path();
            let spec = |path| self.layout.role_of(&path, self.dialect) == Role::Spec;
            specified |= disk::is_markdown(&path) && listed.holds(&path) && paths::decode(&path).is_some_and(spec);
        }
        if !specified {
            return Ok(None);
        }
        let found = disk::find_few(&there, &selection, &crate::config::NAMES, MOST).ok_or(TooMuch)?;
        // A configuration file in the feature may choose others, and a name that cannot be said is to be told of.
        let folders = self.configs.folders();
        let known = found.named.iter().all(|file| file.parent().is_some_and(|folder| folders.contains(folder)));
        if !known || !found.unspeakable.is_empty() {
            return Err(TooMuch);
        }
        Ok(Some(found.files.into_iter().filter(|path| listed.holds(&paths::encode(path))).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    fn written(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_feature_is_listed_as_the_workspace_is() {
        let root = std::env::temp_dir().join(format!("traceline-nearby-{}", std::process::id()));
        for (path, text) in [
            (".gitignore", "drafts/\n*.local.md\nopenspec/\n"),
            ("specs/a/spec.md", ""),
            ("specs/a/x.local.md", ""),
            ("specs/a/drafts/old.md", ""),
            ("specs/a/checklists/ux.md", ""),
            ("specs/a/checklists/.gitignore", "skip.md\n"),
            ("specs/a/checklists/skip.md", ""),
            ("specs/a/node_modules/p/README.md", ""),
            ("specs/a/notes.txt", ""),
            ("specs/b/plan.md", ""),
            ("specs/c/spec.md", ""),
            ("specs/c/deep/traceline.toml", "[files]\nexclude = [\"x.md\"]\n"),
            ("openspec/specs/d/spec.md", ""),
            ("drafts/e/spec.md", ""),
        ] {
            written(&root, path, text);
        }
        let home = paths::decode(&root).unwrap();
        let configs = Configs::of_roots(std::slice::from_ref(&root));
        let (layout, dialect) = (Layout::new(vec![home.clone()]), Dialect::home());
        let nearby = Nearby { root: &home, configs: &configs, layout: &layout, dialect: &dialect };
        let all = disk::list(&root, &configs.selection(), None);
        let list = |folder: &str| nearby.list(&FilePath::new(&format!("{home}/{folder}")));
        for folder in ["specs/a", "openspec/specs/d"] {
            let there = format!("{home}/{folder}");
            let below: Vec<FilePath> = all.iter().filter(|path| path.is_within(&there)).cloned().collect();
            assert_eq!(list(folder).unwrap(), Some(below), "{folder}");
        }
        assert_eq!(list("specs/b").unwrap(), None, "no specification");
        assert!(list("specs/c").is_err(), "its own configuration may choose other files");
        assert!(list("drafts/e").is_err(), "it is left out");
        assert!(list("specs/none").is_err());
        for number in 0..=MOST {
            written(&root, &format!("specs/a/many/{number}.md"), "");
        }
        assert!(list("specs/a").is_err(), "that is no moment's work");
        fs::remove_dir_all(root).unwrap();
    }
}
