//! Type hierarchy: the tree of ids. A requirement stands above its parts; where requirements have names, the specification
//! stands above them and their scenarios below.

use crate::batch::RequirementKey;
use crate::facts::Form;
use crate::feature::cursor::requirements_at;
use crate::feature::hierarchies::requirement::{Stated, parts_of, stated, whole_of};
use crate::path::FilePath;
use crate::query::{Place, definitions_of};
use crate::text::Span;
use crate::world::{Snapshot, View};

/// A place in the tree, as an editor keeps it between two questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A specification of named requirements.
    Capability(FilePath),
    /// A requirement of a scope, or a scenario of one.
    Requirement(RequirementKey),
}

/// What the tree has at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which it is.
    pub key: Key,
    /// Its id and title.
    pub name: String,
    /// The feature, and whether the requirement has been given up.
    pub detail: String,
    /// All of it.
    pub whole: Place,
    /// The part that names it.
    pub exact: Span,
}

/// The items at byte `offset` of the file: the requirements named there, else the title of a specification.
#[must_use]
pub fn prepare(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Item> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    if let Some(meant) = requirements_at(snapshot, &view, offset) {
        return meant.iter().filter_map(|meant| requirement(snapshot, meant)).collect();
    }
    let on_title = title_of(&view).is_some_and(|(line, ..)| line.touches(offset));
    if on_title { capability(snapshot, path).into_iter().collect() } else { Vec::new() }
}

/// What stands above the item.
#[must_use]
pub fn supertypes(snapshot: &Snapshot, key: &Key) -> Vec<Item> {
    match key {
        Key::Capability(_) => Vec::new(),
        Key::Requirement((scope, id)) => {
            if let Some(parent) = whole_of(snapshot, scope, id) {
                return requirement(snapshot, &(scope.clone(), parent)).into_iter().collect();
            }
            let definitions = definitions_of(snapshot, scope, id);
            let named = definitions.first().filter(|defined| defined.definition.form == Form::Name);
            named.and_then(|defined| capability(snapshot, defined.view.path)).into_iter().collect()
        }
    }
}

/// What stands below the item, in the order of ids or of the text.
#[must_use]
pub fn subtypes(snapshot: &Snapshot, key: &Key) -> Vec<Item> {
    match key {
        Key::Capability(path) => {
            let Some(view) = snapshot.view(path) else { return Vec::new() };
            let named = view.parts().flat_map(|(_, facts)| {
                facts.definitions.iter().filter(|d| d.form == Form::Name).map(move |d| facts.id(d.id).clone())
            });
            named.filter_map(|id| requirement(snapshot, &(view.scope.clone(), id))).collect()
        }
        Key::Requirement((scope, id)) => {
            let parts = parts_of(snapshot, scope, id).into_iter();
            let mut out: Vec<Item> = parts.filter_map(|part| requirement(snapshot, &(scope.clone(), part))).collect();
            // Ids stand in their order already; what has a name alone stands in the order of the text.
            if out.iter().all(|item| matches!(&item.key, Key::Requirement((_, id)) if id.is_name())) {
                out.sort_by_key(|item| item.exact);
            }
            out
        }
    }
}

fn requirement(snapshot: &Snapshot, meant: &RequirementKey) -> Option<Item> {
    let Stated { name, mut detail, withdrawn, exact, whole } = stated(snapshot, meant)?;
    if withdrawn {
        detail.push_str(" · withdrawn");
    }
    Some(Item { key: Key::Requirement(meant.clone()), name, detail, exact, whole })
}

/// The specification at `path`, by its title or its folder's name; none where its requirements have no names.
fn capability(snapshot: &Snapshot, path: &FilePath) -> Option<Item> {
    let view = snapshot.view(path)?;
    if !view.parts().any(|(_, facts)| facts.definitions.iter().any(|definition| definition.form == Form::Name)) {
        return None;
    }
    let (name, exact) = match title_of(&view) {
        Some((_, head, title)) => (title, head),
        None => (view.scope.name(), Span::default()),
    };
    Some(Item {
        key: Key::Capability(path.clone()),
        name: name.to_string(),
        detail: snapshot.display_path(view.scope).to_string(),
        exact,
        whole: Place { path: path.clone(), span: view.trimmed(Span { start: 0, end: u32::MAX }) },
    })
}

/// The document's title, if it opens with one: its line, its text's place, and the text.
fn title_of<'a>(view: &View<'a>) -> Option<(Span, Span, &'a str)> {
    let first = view.parts().find_map(|(base, facts)| facts.sections.first().map(|section| (base, facts, section)));
    let (base, facts, section) = first.filter(|(.., section)| section.level == 1)?;
    let head = section.head.shifted(base);
    Some((Span { start: section.start + base, ..head }, head, facts.text(section.title)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    fn names(items: &[Item]) -> Vec<&str> {
        items.iter().map(|item| item.name.as_str()).collect()
    }

    #[test]
    fn parts_stand_below_the_nearest_whole_that_is_defined() {
        let (world, path, offset) = cursor(
            "//- a/spec.md\n## FR-$01: A\n\n- **FR-1.2**: C\n- **FR-1.10**: D\n- **FR-1.3.1**: E\n- **FR-1.2.1**: F\n- **FR-2**: G\n",
        );
        let snapshot = world.snapshot();
        let items = prepare(&snapshot, &path, offset);
        assert_eq!(names(&items), ["FR-1 A"]);
        let parts = subtypes(&snapshot, &items[0].key);
        assert_eq!(names(&parts), ["FR-1.2 C", "FR-1.3.1 E", "FR-1.10 D"]);
        assert_eq!(names(&subtypes(&snapshot, &parts[0].key)), ["FR-1.2.1 F"]);
        assert_eq!(names(&supertypes(&snapshot, &parts[1].key)), ["FR-1 A"]);
        assert_eq!(supertypes(&snapshot, &items[0].key), []);
    }

    const NAMED: &str = "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check it\nIt SHALL.\n\n#### Scenario: Wrong\n- **WHEN** x\n\n#### Scenario: Right\n- **WHEN** y\n\n### Requirement: Lock it\nIt SHALL.\n\n#### Scenario: Late\n- **WHEN** z\n";

    #[test]
    fn a_capability_holds_requirements_and_these_scenarios() {
        let (world, path, offset) = cursor(&NAMED.replace("# login", "# lo$0gin"));
        let snapshot = world.snapshot();
        let top = prepare(&snapshot, &path, offset);
        assert_eq!(names(&top), ["login"]);
        let requirements = subtypes(&snapshot, &top[0].key);
        assert_eq!(names(&requirements), ["Check it", "Lock it"]);
        let scenarios = subtypes(&snapshot, &requirements[0].key);
        assert_eq!(names(&scenarios), ["Wrong", "Right"]);
        assert_eq!(names(&supertypes(&snapshot, &scenarios[1].key)), ["Check it"]);
        assert_eq!(names(&supertypes(&snapshot, &requirements[1].key)), ["login"]);
    }

    #[test]
    fn a_scenario_is_found_by_its_heading_and_prose_is_nothing() {
        let (world, path, offset) = cursor(&NAMED.replace("Late", "La$0te"));
        assert_eq!(names(&prepare(&world.snapshot(), &path, offset)), ["Late"]);
        let (world, path, offset) = cursor(&NAMED.replacen("## Requirements", "## Require$0ments", 1));
        assert_eq!(prepare(&world.snapshot(), &path, offset), []);
    }
}
