//! Which requirement an unknown id was meant to name, where the task or section around it is plainly about one.

use super::{Check, Finding, unknown_requirement};
use crate::edit::Fix;
use crate::facts::{Facts, Kind};
use crate::id::Id;
use crate::suggestion::suggested_by_text;
use crate::text::Span;
use crate::words::words;
use rustc_hash::FxHashSet;

/// A file with more unknown ids than this is not about slips.
const MOST: usize = 8;

/// So many requirements of a family are read at the most.
const MOST_TEXTS: usize = 1000;

/// Says of unknown ids in trace lines what the text around them is about. Titles may change while no name does, so this is
/// asked last, each time.
pub(super) fn settle(check: &Check<'_>, out: &mut [Finding]) {
    let unknown = |finding: &&mut Finding| finding.rule == &unknown_requirement::RULE && finding.unknown.is_some();
    if out.iter_mut().filter(unknown).count() > MOST {
        return;
    }
    for finding in out.iter_mut().filter(unknown) {
        let Some((id, alone)) = finding.unknown.clone() else { continue };
        // Somebody else's requirement is named, and no slip of the pen.
        if check.snapshot.neighbours_defining(&id, check.view.scope).next().is_some() {
            continue;
        }
        let Some(meant) = meant(check, &id, finding.span) else { continue };
        finding.message += &format!(" · did you mean `{meant}`?");
        if alone {
            finding.fix = Some(Fix::one(format!("Replace by `{meant}`"), finding.span, meant.as_str()));
            finding.help = None;
        }
    }
}

/// What the task or section around `span` is plainly about, instead of `id`.
pub(super) fn meant(check: &Check<'_>, id: &Id, span: Span) -> Option<Id> {
    let (base, facts) = check.view.part_at(span.start)?;
    let own = span.start - base;
    // In a sentence a number may be that of anything.
    let traced = || facts.references.iter().any(|it| it.kind == Kind::Trace && it.span.touches(own));
    if id.family().is_empty() && !traced() {
        return None;
    }
    let (title, around) = around(facts, own)?;
    let beside = words(title);
    if beside.len() < 2 {
        return None;
    }
    // What the task names already is served; the unknown id is another.
    let named: FxHashSet<&Id> =
        facts.references.iter().filter(|it| around.covers(it.span)).map(|it| facts.id(it.id)).collect();
    // Whoever names a whole means none of its parts, nor those of another.
    let (prefix, depth) = (id.prefix(), id.count_of_numbers());
    let alike = |known: &Id| {
        let begins = known.as_str().as_bytes().get(..prefix.len());
        begins.is_some_and(|own| own.eq_ignore_ascii_case(prefix.as_bytes()))
            && known.prefix().len() == prefix.len()
            && known.count_of_numbers() == depth
            && !named.contains(known)
    };
    let folders = check.lookup.folders();
    let views = folders.flat_map(|folder| check.snapshot.views_in(folder));
    let definitions = views.flat_map(|view| view.parts()).flat_map(|(_, facts)| {
        facts.definitions.iter().map(move |definition| (facts.id(definition.id), facts.text(definition.title)))
    });
    let mut seen = FxHashSet::default();
    let texts = definitions.filter(|(known, _)| alike(known) && seen.insert(*known)).take(MOST_TEXTS);
    suggested_by_text(&beside, texts).cloned()
}

/// The title of the task or section around a byte, and all of it.
fn around(facts: &Facts, at: u32) -> Option<(&str, Span)> {
    if let Some(task) = facts.task_at(at) {
        return Some((facts.text(task.title), task.item));
    }
    let which = facts.sections.partition_point(|section| section.head.start <= at).checked_sub(1)?;
    let section = &facts.sections[which];
    let end = facts.sections.get(which + 1).map_or(u32::MAX, |next| next.start);
    Some((facts.text(section.title), Span { start: section.start, end }))
}
