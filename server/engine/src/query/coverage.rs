//! Coverage: the plan sections and tasks that serve a requirement.

use super::place::Place;
use super::references::references_to;
use crate::dialect::Role;
use crate::facts::{Kind, State};
use crate::id::Id;
use crate::path::FilePath;
use crate::text::Span;
use crate::world::{Snapshot, View};
use rustc_hash::FxHashSet;

/// Something that serves a requirement: a section of a plan, or a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoveringItem {
    /// Where its heading or first line stands.
    pub place: Place,
    /// Its title, with a task's number before it.
    pub title: String,
    /// A task's state; none for a section.
    pub state: Option<State>,
}

/// The plan sections and the tasks that serve `id` of `scope`, each once, in the order of files and text.
#[must_use]
pub fn coverage_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<CoveringItem> {
    let mut out: Vec<CoveringItem> = Vec::new();
    let mut known: FxHashSet<(&FilePath, Span)> = FxHashSet::default();
    for referrer in references_to(snapshot, scope, id) {
        let serves = match referrer.view.role {
            Role::Tasks => task_at(&referrer.view, referrer.place.span.start)
                .or_else(|| section_at(&referrer.view, referrer.place.span.start)),
            Role::Plan if referrer.kind == Kind::Trace => section_at(&referrer.view, referrer.place.span.start),
            _ => None,
        };
        if let Some(item) = serves
            && known.insert((referrer.view.path, item.place.span))
        {
            out.push(item);
        }
    }
    out
}

/// The innermost task around a byte.
#[must_use]
pub fn task_at(view: &View<'_>, offset: u32) -> Option<CoveringItem> {
    let (base, facts) = view.parts().rfind(|(base, _)| *base <= offset)?;
    let task = facts.task_at(offset - base)?;
    let (number, title) = (facts.text(task.number), facts.text(task.title));
    let title = if number.is_empty() { title.to_string() } else { format!("{number} {title}") };
    Some(CoveringItem {
        place: Place { path: view.path.clone(), span: task.head.shifted(base) },
        title,
        state: Some(task.state),
    })
}

/// The section around a byte.
#[must_use]
pub fn section_at(view: &View<'_>, offset: u32) -> Option<CoveringItem> {
    let before = view.parts().rev().skip_while(|(base, _)| *base > offset);
    let mut sections = before.filter_map(|(base, facts)| {
        let at = facts.sections.partition_point(|section| section.head.start + base <= offset).checked_sub(1)?;
        Some((&facts.sections[at], base, facts))
    });
    let (section, base, facts) = sections.next()?;
    Some(CoveringItem {
        place: Place { path: view.path.clone(), span: section.head.shifted(base) },
        title: facts.text(section.title).to_string(),
        state: None,
    })
}
