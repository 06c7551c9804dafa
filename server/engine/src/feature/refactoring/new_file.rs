//! New files: scaffolds of a role or of a whole feature, with ids that are free.

use crate::dialect::{Dialect, Role};
use crate::edit::{Creation, Refusal};
use crate::feature::folder_names::{numbered, slug, subject};
use crate::outline::template_of;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::template::renumber;
use crate::world::Snapshot;
use std::collections::BTreeMap;

/// What is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A file of this role in a folder.
    File(Role, FilePath),
    /// A feature of this name with a file of each role, below a workspace folder.
    Feature(String, FilePath),
}

/// The files to make.
///
/// # Errors
/// Why they are not made, in the user's words: one is there already, or documents of that kind have no template.
pub fn new_files(snapshot: &Snapshot, wanted: &Wanted) -> Result<Vec<Creation>, Refusal> {
    let (folder, roles, name) = match wanted {
        Wanted::File(role, folder) => (folder.clone(), vec![*role], subject(folder.name())),
        Wanted::Feature(name, root) => {
            let slug = slug(name);
            if slug.is_empty() || name.contains(['/', '\\']) {
                return Err(Refusal(format!(
                    "`{name}` names no feature; a name has letters or digits, and no slashes"
                )));
            }
            let folder = feature_folder(snapshot, root, &slug);
            // Where specifications and changes to them are kept apart, plans and tasks belong to the changes.
            let apart = dialect_in(snapshot, &folder).table.scope.base.is_some();
            let roles = if apart { vec![Role::Spec] } else { vec![Role::Spec, Role::Plan, Role::Tasks] };
            let plain = *name == slug;
            (folder, roles, if plain { subject(&slug) } else { name.trim().to_string() })
        }
    };
    let created: Result<Vec<Creation>, Refusal> =
        roles.into_iter().map(|role| new_file(snapshot, &folder, role, &name)).collect();
    created
}

fn new_file(snapshot: &Snapshot, folder: &FilePath, role: Role, name: &str) -> Result<Creation, Refusal> {
    let dialect = dialect_in(snapshot, folder);
    let own = match role {
        Role::Spec => &dialect.table.templates.spec,
        Role::Plan => &dialect.table.templates.plan,
        Role::Tasks => &dialect.table.templates.tasks,
        _ => return Err(Refusal(format!("there is no template for a file of the role `{}`", role.as_str()))),
    };
    let names = &Dialect::home().table.templates;
    let fallback = match role {
        Role::Spec => &names.spec,
        Role::Plan => &names.plan,
        _ => &names.tasks,
    };
    let file = if own.is_empty() { fallback } else { own };
    let file = file.rsplit('/').next().unwrap_or(file);
    let path = FilePath::new(&format!("{}/{file}", folder.as_str().trim_end_matches('/')));
    let Some(schema) = template_of(snapshot, &path, role) else {
        return Err(Refusal(format!("{} documents have no template for a {}", dialect.table.name, role.as_str())));
    };
    if snapshot.scope_of(&path).is_some() {
        return Err(Refusal(format!("{} is there already", snapshot.spoken(&path))));
    }
    let scope = snapshot.layout().scope_of(&path, snapshot.dialect());
    let lookup = Lookup::once(snapshot, &scope);
    let text = renumber(&schema.scaffold(name), dialect, lookup.all_defined().map(|(_, id)| id));
    Ok(Creation { path, text })
}

/// The dialect of documents in a folder.
fn dialect_in<'a>(snapshot: &'a Snapshot, folder: &FilePath) -> &'a Dialect {
    snapshot.dialect_of(&FilePath::new(&format!("{}/spec.md", folder.as_str().trim_end_matches('/'))))
}

/// Where a new feature belongs: beside those that there are, else in `specs`; numbered on where those are numbered.
fn feature_folder(snapshot: &Snapshot, root: &FilePath, slug: &str) -> FilePath {
    let mut homes: BTreeMap<FilePath, Vec<&str>> = BTreeMap::new();
    for (scope, _) in snapshot.scopes() {
        let outward = snapshot.dialect().table.scope.outward.iter().any(|name| name == scope.name());
        let template = snapshot.layout().role_of(&FilePath::new(&format!("{scope}/spec.md")), snapshot.dialect())
            == Role::Template;
        let change =
            snapshot.layout().base_of(scope, snapshot.dialect()).is_some() || scope.as_str().contains("/changes/");
        if scope.is_within(root.as_str())
            && scope != root
            && scope.folder() != *root
            && !(outward || template || change)
        {
            homes.entry(scope.folder()).or_default().push(scope.name());
        }
    }
    let most = homes.iter().max_by_key(|(home, features)| (features.len(), std::cmp::Reverse(home.as_str().len())));
    let Some((home, features)) = most else { return FilePath::new(&format!("{root}/specs/{slug}")) };
    let numbers: Vec<u32> = features.iter().filter_map(|feature| numbered(feature).map(|(number, _)| number)).collect();
    if numbers.len() * 2 > features.len() {
        let next = numbers.iter().max().copied().unwrap_or_default() + 1;
        return FilePath::new(&format!("{home}/{next:03}-{slug}"));
    }
    FilePath::new(&format!("{home}/{slug}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;

    fn made(fixture: &str, wanted: &Wanted) -> Result<Vec<(String, String)>, String> {
        let files = new_files(&world(fixture).snapshot(), wanted).map_err(|why| why.to_string())?;
        let line = |text: &str| text.lines().next().unwrap_or_default().to_string();
        Ok(files.into_iter().map(|file| (file.path.to_string(), line(&file.text))).collect())
    }

    fn feature(name: &str) -> Wanted {
        Wanted::Feature(name.into(), FilePath::new("/w"))
    }

    fn paths(fixture: &str, wanted: &Wanted) -> Vec<String> {
        made(fixture, wanted).unwrap().into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn a_feature_is_made_beside_the_others_in_their_dialect() {
        assert_eq!(
            made("", &feature("Log in")).unwrap(),
            [
                ("/w/specs/log-in/spec.md".into(), "# Feature Specification: Log in".into()),
                ("/w/specs/log-in/plan.md".into(), "# Technical Implementation Plan: Log in".into()),
                ("/w/specs/log-in/tasks.md".into(), "# Implementation Tasks: Log in".into()),
            ]
        );
        assert_eq!(
            paths("//- .kiro/specs/a/requirements.md\n# R\n", &feature("b")),
            ["/w/.kiro/specs/b/requirements.md", "/w/.kiro/specs/b/design.md", "/w/.kiro/specs/b/tasks.md"]
        );
        assert_eq!(paths("//- specs/004-a/spec.md\n# R\n", &feature("b"))[1], "/w/specs/005-b/plan.md");
        assert_eq!(paths("//- openspec/specs/a/spec.md\n# R\n", &feature("b")), ["/w/openspec/specs/b/spec.md"]);
    }

    #[test]
    fn ids_go_on_behind_those_of_the_folder() {
        let world = world("//- specs/a/requirements.md\n- **FR-2.4**: x\n");
        let wanted = Wanted::File(Role::Spec, FilePath::new("/w/specs/a"));
        let files = new_files(&world.snapshot(), &wanted).unwrap();
        assert!(files[0].text.contains("1. **FR-3.1**:") && files[0].text.contains("**NFR-1.1**"), "{}", files[0].text);
    }

    #[test]
    fn nothing_is_overwritten_and_no_name_is_guessed() {
        let there = "//- specs/a/plan.md\n# P\n//- specs/a/spec.md\n# S\n";
        let plan = Wanted::File(Role::Plan, FilePath::new("/w/specs/a"));
        assert_eq!(made(there, &plan).unwrap_err(), "specs/a/plan.md is there already");
        assert_eq!(made(there, &feature("a")).unwrap_err(), "specs/a/spec.md is there already");
        assert!(made("", &feature("../x")).unwrap_err().starts_with("`../x` names no feature"));
        assert!(made("", &feature("!")).unwrap_err().starts_with("`!` names no feature"));
    }
}
