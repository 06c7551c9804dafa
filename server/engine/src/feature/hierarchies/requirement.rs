//! What both hierarchies say of a requirement: its name and place, its whole and its parts.

use crate::batch::RequirementKey;
use crate::facts::{Definition, Form, Section};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Place, definitions_of, parent_of};
use crate::text::Span;
use crate::world::{Snapshot, View};
use rustc_hash::{FxHashMap, FxHashSet};

/// A requirement as a hierarchy shows it.
pub(crate) struct Stated {
    pub(crate) name: String,
    /// Its feature.
    pub(crate) detail: String,
    /// Whether it has been given up.
    pub(crate) withdrawn: bool,
    /// The id's place in the file.
    pub(crate) exact: Span,
    /// Its statement.
    pub(crate) whole: Place,
}

pub(crate) fn stated(snapshot: &Snapshot, meant: &RequirementKey) -> Option<Stated> {
    let (scope, id) = meant;
    let definitions = definitions_of(snapshot, scope, id);
    let defined = definitions.first()?;
    let exact = defined.place();
    let mut whole = defined.statement();
    whole.start = whole.start.min(exact.span.start);
    Some(Stated {
        name: name_of(id, defined.title()),
        detail: snapshot.spoken(scope).to_string(),
        withdrawn: defined.definition.withdrawn,
        exact: exact.span,
        whole: Place { path: exact.path, span: defined.view.trimmed(whole) },
    })
}

/// An id and its title; a name is its own title, and a scenario's that alone.
pub(crate) fn name_of(id: &Id, title: &str) -> String {
    match id.scenario() {
        Some(name) => name.to_string(),
        None if id.is_name() || title.is_empty() => id.to_string(),
        None => format!("{id} {title}"),
    }
}

/// The requirement that `id` of `scope` is part of: by its number, or where it has none of that kind the one under whose
/// heading it stands, as a criterion does under its story.
pub(crate) fn whole_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Option<Id> {
    parent_of(snapshot, scope, id).or_else(|| {
        let definitions = definitions_of(snapshot, scope, id);
        let defined = definitions.first()?;
        nested(&defined.view).find(|(part, _)| *part == id).map(|(_, whole)| whole.clone())
    })
}

/// What `id` of `scope` is part of, the nearest first.
pub(crate) fn wholes_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    let mut out = vec![id.clone()];
    while let Some(whole) = whole_of(snapshot, scope, &out[out.len() - 1])
        && !out.contains(&whole)
    {
        out.push(whole);
    }
    out.split_off(1)
}

/// The parts of `id` of `scope`, in the order of ids.
pub(crate) fn parts_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    let Some(index) = snapshot.index(scope) else { return Vec::new() };
    let numbered = index.all_defined().filter(|part| part.is_below(id));
    let numbered = numbered.filter(|part| parent_of(snapshot, scope, part).as_ref() == Some(id)).cloned();
    let definitions = definitions_of(snapshot, scope, id);
    let placed = definitions.first().into_iter().flat_map(|defined| nested(&defined.view));
    let placed = placed.filter(|(_, whole)| *whole == id).filter_map(|(part, _)| index.defined(part));
    let placed = placed.filter(|part| parent_of(snapshot, scope, part).is_none()).cloned();
    let mut parts: Vec<Id> = numbered.chain(placed).collect();
    parts.sort();
    parts.dedup();
    parts
}

/// `id` of `scope`, its parts, and theirs.
pub(crate) fn within(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    let mut out = vec![id.clone()];
    let Some(index) = snapshot.index(scope) else { return out };
    out.extend(index.all_defined().filter(|part| part.is_below(id)).cloned());
    // What has its place under a heading stands in the heading's file.
    let definitions = definitions_of(snapshot, scope, id);
    let mut placed: FxHashMap<&Id, Vec<&Id>> = FxHashMap::default();
    for (part, whole) in definitions.first().into_iter().flat_map(|defined| nested(&defined.view)) {
        placed.entry(whole).or_default().push(part);
    }
    let mut known: FxHashSet<Id> = out.iter().cloned().collect();
    let mut at = 0;
    while let Some(whole) = out.get(at) {
        let parts = placed.get(whole).into_iter().flatten().filter_map(|part| index.defined(part));
        let more: Vec<Id> = parts.filter(|part| known.insert((*part).clone())).cloned().collect();
        out.extend(more);
        at += 1;
    }
    out
}

/// What stands under a heading that states a requirement of another family: the part, and the whole.
fn nested<'a>(view: &View<'a>) -> impl Iterator<Item = (&'a Id, &'a Id)> + use<'a> {
    let mut above: Vec<(u8, Option<&'a Id>)> = Vec::new();
    view.parts().flat_map(move |(_, facts)| {
        let firm = |d: &&Definition| d.form.rank() < Form::WEAKEST;
        let stated = |section: &Section| {
            let here = facts.definitions.iter().filter(firm).find(|d| section.head.covers(d.place));
            here.map(|definition| facts.id(definition.id))
        };
        let mut out = Vec::new();
        let mut sections = facts.sections.iter().filter(|section| section.top).peekable();
        for definition in facts.definitions.iter().filter(firm) {
            while let Some(section) = sections.next_if(|section| section.start <= definition.place.start) {
                above.retain(|(level, _)| *level < section.level);
                above.push((section.level, stated(section)));
            }
            let id = facts.id(definition.id);
            let whole = above.iter().rev().filter_map(|(_, stated)| *stated).find(|whole| *whole != id);
            out.extend(whole.filter(|whole| is_part(id, whole)).map(|whole| (id, whole)));
        }
        for section in sections {
            above.retain(|(level, _)| *level < section.level);
            above.push((section.level, stated(section)));
        }
        out
    })
}

/// Whether an id that stands under another's heading is a part of it: of the same family only numbers tell.
fn is_part(id: &Id, whole: &Id) -> bool {
    !id.is_name() && !whole.is_name() && !id.family().eq_ignore_ascii_case(whole.family())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;

    #[test]
    fn criteria_under_a_story_are_its_parts() {
        let world = world(
            "//- a/spec.md\n# S\n\n## Stories\n\n### US-1: Sign in\n\n- [ ] AC-1.1: By key\n- [ ] AC-1.2: By word\n\n### US-2: Sign out\n\n#### More\n\n- [ ] AC-2.1: At once\n\n## Rules\n\n- **FR-1**: A\n- **FR-1.1**: B\n",
        );
        let snapshot = world.snapshot();
        let scope = FilePath::new("/w/a");
        let words = |ids: Vec<Id>| ids.iter().map(Id::to_string).collect::<Vec<_>>();
        let parts = |id: &str| words(parts_of(&snapshot, &scope, &Id::new(id)));
        assert_eq!(parts("US-1"), ["AC-1.1", "AC-1.2"]);
        assert_eq!(parts("US-2"), ["AC-2.1"]);
        assert_eq!(parts("FR-1"), ["FR-1.1"]);
        assert_eq!(words(within(&snapshot, &scope, &Id::new("US-1"))), ["US-1", "AC-1.1", "AC-1.2"]);
        let whole = |id: &str| whole_of(&snapshot, &scope, &Id::new(id)).map(|id| id.to_string());
        assert_eq!(whole("AC-2.1").as_deref(), Some("US-2"));
        assert_eq!(whole("FR-1.1").as_deref(), Some("FR-1"));
        assert_eq!(whole("FR-1"), None);
    }
}
