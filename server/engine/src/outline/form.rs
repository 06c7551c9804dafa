//! The template that a workspace keeps for its documents without saying so in `traceline.toml`, and what they have of it.

use super::build::is_too_long;
use super::sections::Outline;
use crate::dialect::Role;
use crate::path::FilePath;
use crate::template::Schema;
use crate::world::{Practice, Snapshot, View};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A document with more hints is still to be filled in.
const FEW_HINTS: usize = 2;

/// A template that the workspace keeps for documents of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// Where it is.
    pub path: &'a FilePath,
    /// What it asks for.
    pub schema: &'a Arc<Schema>,
}

/// Why a section is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The template says that no document may leave it out.
    Mandatory,
    /// That many of so many other documents have it.
    Usual(usize, usize),
}

/// The template that the workspace keeps for documents such as this one; none where its team has chosen one.
#[must_use]
pub fn form_of<'a>(snapshot: &'a Snapshot, view: &View<'_>) -> Option<Form<'a>> {
    let kind = matches!(view.role, Role::Spec | Role::Plan | Role::Tasks);
    if !kind || snapshot.settings_of(view.path).templates.contains_key(&view.role) {
        return None;
    }
    let (path, _, schema) = snapshot.form_of(view.path, view.role)?;
    // Of a page that has hardly any sections nothing can be said.
    Some(Form { path, schema }).filter(|form| form.schema.top.len() > 2)
}

impl<'a> Form<'a> {
    /// The outline of a document that plainly follows it.
    #[must_use]
    pub fn outline_of(&self, view: &View<'a>) -> Option<Outline<'a>> {
        if is_too_long(view) {
            return None;
        }
        Outline::of_follower(view, self.schema, false).filter(|outline| outline.plain)
    }

    /// Why the section `slot` is asked for of the document: the template says so, or two in three of the others have
    /// it, and two at least.
    #[must_use]
    pub fn asks(&self, snapshot: &Snapshot, view: &View<'_>, slot: usize) -> Option<Asked> {
        let section = &self.schema.slots[slot];
        if section.options.optional || section.options.repeats || section.heading.pattern.key.is_none() {
            return None;
        }
        if section.options.mandatory {
            return Some(Asked::Mandatory);
        }
        // Parts of a section are left out where the feature has no use for them, and what a template says about a list of tasks
        // is mostly how to write one.
        if section.options.free || section.depth > 1 || view.role == Role::Tasks {
            return None;
        }
        let practice = snapshot.practice_of(self.path, |paths| self.practice(snapshot, paths))?;
        let (have, all) = practice.of_others(view.path, slot);
        (have >= 2 && 3 * have >= 2 * all).then_some(Asked::Usual(have, all))
    }

    fn practice(&self, snapshot: &Snapshot, paths: &[&FilePath]) -> Practice {
        let mut practice = Practice { documents: FxHashMap::default(), counts: vec![0; self.schema.slots.len()] };
        for path in paths {
            let Some(view) = snapshot.saved_view(path) else { continue };
            let hint = |key: u32| self.schema.hints.contains(&key);
            let hints = |facts: &crate::facts::Facts| {
                facts.placeholders.len() + facts.brackets.iter().filter(|it| hint(it.key)).count()
            };
            if view.parts().map(|(_, facts)| hints(facts)).sum::<usize>() > FEW_HINTS {
                continue;
            }
            // One with many sections more has the template's all the same.
            let Some(outline) = Outline::of_follower(&view, self.schema, false) else { continue };
            let mut has = vec![false; self.schema.slots.len()];
            for slot in outline.headings.iter().filter_map(|heading| heading.slot) {
                practice.counts[slot] += usize::from(!std::mem::replace(&mut has[slot], true));
            }
            practice.documents.insert((*path).clone(), has.into());
        }
        practice
    }
}
