//! Definitions of an id, what states it, and what stands above it or in its place.

use super::place::Place;
use crate::facts::{Definition, Facts, Form};
use crate::id::Id;
use crate::path::FilePath;
use crate::text::{Span, narrow};
use crate::world::{Snapshot, View};

/// A definition and the file it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Defined<'a> {
    /// The file.
    pub view: View<'a>,
    /// The part of the file that holds it.
    pub facts: &'a Facts,
    /// Where that part begins.
    pub base: u32,
    /// The definition.
    pub definition: &'a Definition,
}

impl Defined<'_> {
    /// Where the id stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { path: self.view.path.clone(), span: self.definition.place.shifted(self.base) }
    }

    /// The statement's first line.
    #[must_use]
    pub fn title(&self) -> &str {
        self.facts.text(self.definition.title)
    }

    /// All that states the requirement: its block, or for a heading everything up to the next of its level.
    #[must_use]
    pub fn statement(&self) -> Span {
        let body = self.definition.body.shifted(self.base);
        let heads = matches!(
            self.definition.form,
            Form::Heading | Form::Name | Form::Scenario | Form::Numbered | Form::Section
        );
        if !heads {
            return body;
        }
        let sections =
            self.view.parts().flat_map(|(base, facts)| facts.sections.iter().map(move |section| (section, base)));
        let mut from = sections.skip_while(|(section, base)| section.head.shifted(*base).end < body.end);
        // A number may stand at the head of a line as well.
        let Some((own, _)) = from.next().filter(|(own, base)| own.head.shifted(*base).end == body.end) else {
            return body;
        };
        let next = from.find(|(section, _)| section.level <= own.level).map(|(section, base)| section.start + base);
        Span { start: body.start, end: next.unwrap_or(u32::MAX) }
    }
}

/// The definitions of `id` in `scope`, strongest first, then in the order of files and text.
#[must_use]
pub fn definitions_of<'a>(snapshot: &'a Snapshot, scope: &FilePath, id: &Id) -> Vec<Defined<'a>> {
    let Some(index) = snapshot.index(scope) else { return Vec::new() };
    let mut out = Vec::new();
    for (path, used) in index.definers_of(id) {
        let Some(view) = snapshot.view(path) else { continue };
        for (base, facts) in view.parts() {
            let Some(own) = facts.ids.iter().position(|known| known == id) else { continue };
            let same =
                |d: &&Definition| (d.id as usize == own || facts.id(d.id) == id) && Some(d.form.rank()) == used.defined;
            out.extend(facts.definitions.iter().filter(same).map(|definition| Defined {
                view,
                facts,
                base,
                definition,
            }));
        }
    }
    // Where an old wording stands beside the new one, that is meant.
    out.sort_by_key(|found| found.definition.withdrawn);
    out
}

/// What takes the place of the withdrawn requirement `id` of `scope`, as its definitions name it, each once.
#[must_use]
pub fn successors_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    let Some(index) = snapshot.index(scope) else { return Vec::new() };
    let mut out: Vec<Id> = Vec::new();
    for (path, _) in index.definers_of(id) {
        for (_, facts) in snapshot.view(path).into_iter().flat_map(|view| view.parts()) {
            // However strong a definition is: a part does not know those of the others.
            for own in facts.ids.iter().enumerate().filter(|(_, known)| *known == id).map(|(own, _)| own) {
                for by in facts.successors_of(narrow(own)).filter(|by| *by != id) {
                    if !out.contains(by) {
                        out.push(by.clone());
                    }
                }
            }
        }
    }
    out
}

/// What the requirement `id` of `scope` was called before, the last name first.
#[must_use]
pub fn former_names_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    snapshot.index(scope).map(|index| index.former_names_of(id)).unwrap_or_default()
}

/// What `id` of `scope` takes the place of, each once, in the order of files and text.
#[must_use]
pub fn predecessors_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    let mut out: Vec<Id> = Vec::new();
    for (_, facts) in snapshot.views_in(scope).flat_map(|view| view.parts()) {
        for (gone, by) in facts.successors.iter().map(|(gone, by)| (facts.id(*gone), facts.id(*by))) {
            if by == id && gone != id && !out.contains(gone) {
                out.push(gone.clone());
            }
        }
    }
    out
}

/// The nearest requirement above `id` in the tree of ids that `scope` defines.
#[must_use]
pub fn parent_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Option<Id> {
    let index = snapshot.index(scope)?;
    std::iter::successors(id.parent(), Id::parent).find_map(|above| index.defined(&above).cloned())
}
