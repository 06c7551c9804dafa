//! `duplicate-feature-number`: another feature beside this one is called by the same number.

use super::doubt::is_archived;
use super::repeated::MOST_PLACES;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::path::FilePath;
use crate::query::Place;
use crate::settings::Level;
use crate::world::View;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-feature-number",
    level: Some(Level::Information),
    what: "Two features' folders begin with the same number.",
    why: "Scripts that find a feature's folder by the number of its branch stop where several have it, and whoever says \
          *feature 003* may mean either. The first in the order of names keeps the number: the others are told. Nothing is said of \
          archives.",
    bad: "//- specs/003-login/spec.md\n# Login\n\n- **FR-001**: Users sign in\n//- specs/003-search/spec.md\n# Search\n\n- **FR-001**: Users find it\n",
    good: "//- specs/003-login/spec.md\n# Login\n\n- **FR-001**: Users sign in\n//- specs/004-search/spec.md\n# Search\n\n- **FR-001**: Users find it\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let (snapshot, scope) = (check.snapshot, check.view.scope);
    if check.view.role != Role::Spec || check.template || !check.dialect.table.scope.numbered || is_archived(check) {
        return;
    }
    let others: Vec<(&FilePath, View<'_>)> =
        snapshot.numbered_like(scope).filter_map(|other| Some((other, specification(check, other)?))).collect();
    let Some((first, _)) = others.first().filter(|(first, _)| *first < scope) else { return };
    if specification(check, scope).is_none_or(|own| own.path != check.view.path) {
        return;
    }
    let number = scope.name().split('-').next().unwrap_or_default();
    let message = match others.len() {
        1 => format!("{number} is the number of `{}`, too", first.name()),
        more => format!("{number} is the number of `{}`, too, and of {} more", first.name(), more - 1),
    };
    let mut finding = Finding::new(&RULE, check.view.first_heading().unwrap_or_default(), message);
    finding.help = Some("give the folder the next number that is free, and its branch the same".into());
    finding.related.extend(others.iter().take(MOST_PLACES).map(|(folder, view)| {
        let place = Place { path: view.path.clone(), span: view.first_heading().unwrap_or_default() };
        (place, format!("`{}` is here", folder.name()))
    }));
    out.push(finding);
}

/// The specification of a feature: the file that lies in its folder itself, the first of several.
fn specification<'a>(check: &Check<'a>, scope: &FilePath) -> Option<View<'a>> {
    let mut own = check.snapshot.views_in(scope).filter(|view| view.role == Role::Spec && view.path.folder() == *scope);
    own.next()
}

#[cfg(test)]
mod tests {
    use crate::fixture::{put, world};
    use crate::path::FilePath;
    use crate::rule::check;
    use crate::world::World;

    fn found(world: &World, path: &str) -> Vec<(String, usize)> {
        let all = check(&world.snapshot(), &FilePath::new(path)).into_iter();
        let own = all.filter(|it| it.rule.name == "duplicate-feature-number");
        own.map(|it| (it.message, it.related.len())).collect()
    }

    fn feature(folder: &str) -> String {
        format!("//- {folder}/spec.md\n# S\n\n### User Story 1 - Row\n\n- **FR-001**: It floats\n")
    }

    #[test]
    fn the_later_feature_of_a_number_is_told() {
        let all = ["specs/003-row", "specs/003-sail", "specs/003-tow", "specs/004-moor"].map(feature).concat();
        let world = world(&all);
        assert_eq!(found(&world, "/w/specs/003-row/spec.md"), []);
        assert_eq!(found(&world, "/w/specs/004-moor/spec.md"), []);
        let told = "003 is the number of `003-row`, too, and of 1 more".to_string();
        assert_eq!(found(&world, "/w/specs/003-sail/spec.md"), [(told, 2)]);
    }

    #[test]
    fn folders_elsewhere_and_other_numbers_are_none() {
        for other in ["specs/0033-row", "archive/003-row", "specs/003row", "specs/archive/003-row", "specs/20-row"] {
            let world = world(&format!("{}{}", feature(other), feature("specs/003-sail")));
            assert_eq!(found(&world, "/w/specs/003-sail/spec.md"), [], "{other}");
        }
        let dates = world(&["specs/20260101-101500-row", "specs/20260101-111500-sail"].map(feature).concat());
        assert_eq!(found(&dates, "/w/specs/20260101-111500-sail/spec.md").len(), 0, "a time stands behind the day");
    }

    #[test]
    fn it_is_told_anew_when_the_other_comes_and_goes() {
        let mut world = world(&feature("specs/003-sail"));
        let (own, other) = (FilePath::new("/w/specs/003-sail"), FilePath::new("/w/specs/003-row/spec.md"));
        world.take_changed();
        world.expect(&other);
        put(&mut world, &other, "# S\n\n### User Story 1 - Row\n\n- **FR-001**: It floats\n");
        assert!(world.take_changed().contains(&own));
        assert_eq!(found(&world, "/w/specs/003-sail/spec.md").len(), 1);
        world.remove(&other);
        assert!(world.take_changed().contains(&own));
        assert_eq!(found(&world, "/w/specs/003-sail/spec.md"), []);
    }
}
