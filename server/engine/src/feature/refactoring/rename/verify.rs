//! Whether a rename that was tried out is right: every definition and every reference means the requirement that it meant.

use super::affected::{AffectedIds, AffectedScope, Rename};
use crate::edit::Refusal;
use crate::facts::{Definition, Facts, Form, Reach, Reference};
use crate::feature::source::FileText;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::text::Span;
use crate::world::{Snapshot, View};
use rustc_hash::FxHashMap;

/// The references of a file that have become lists, by where they began, each with the count of its elements.
pub(super) type SplitIn<'a> = dyn Fn(&FilePath) -> Option<&'a FxHashMap<u32, usize>> + 'a;

/// Accepts `after`, in which the rename has been made, or says what would be wrong in it.
pub(super) fn verify(
    rename: &Rename<'_>,
    users: &[AffectedScope],
    ids: &AffectedIds,
    is_edited: &dyn Fn(&FilePath) -> bool,
    split_in: &SplitIn<'_>,
    after: &Snapshot,
) -> Result<(), Refusal> {
    for user in users {
        let lookup = Lookup::once(after, &user.scope);
        for view in rename.views(&user.scope) {
            if !is_edited(view.path) && !view.parts().any(|(_, facts)| ids.concerns(facts)) {
                continue;
            }
            let Some(now) = after.view(view.path) else { continue };
            definitions_stay(rename, user, &view, &now)?;
            references_stay(rename, user, &view, split_in(view.path), &lookup, &now)?;
        }
        if user.is_home && rename.parted.is_some() {
            rename.refuse_lost(user, lookup.own())?;
        } else if user.is_home {
            let count = |index: Option<&crate::index::Index>| index.map_or(0, |index| index.all_defined().count());
            let added = usize::from(
                rename.added.as_ref().is_some_and(|added| rename.snapshot.scope_of(&added.path) == Some(&user.scope)),
            );
            if count(user.lookup.own()) + added != count(lookup.own()) {
                let place = rename.snapshot.display_path(&user.scope);
                return Err(Refusal(format!(
                    "{place} would define other requirements than before; nothing was changed"
                )));
            }
        }
    }
    Ok(())
}

fn definitions_stay(rename: &Rename<'_>, user: &AffectedScope, view: &View<'_>, now: &View<'_>) -> Result<(), Refusal> {
    let (mut old, mut new) = (definitions(view), definitions(now));
    if let Some(added) = rename.added.as_ref().filter(|added| added.path == *view.path) {
        new.retain(|(facts, _, definition)| *facts.id(definition.id) != added.id);
    }
    if rename.parted.is_some() {
        // Once items are numbered in order, what is written is what is rendered.
        for all in [&mut old, &mut new] {
            all.retain(|(.., definition)| definition.form != Form::Rendered);
        }
    }
    let stays = |((facts, base, definition), (later, _, other)): &(&Defined<'_>, &Defined<'_>)| {
        let id = facts.id(definition.id);
        let moved = user.is_home.then(|| rename.new_at(view.path, definition.place.start + base, id)).flatten();
        definition.form == other.form && later.id(other.id) == moved.as_ref().unwrap_or(id)
    };
    let wrong = old.iter().zip(&new).find(|pair| !stays(pair));
    let place = match wrong {
        Some(((_, base, definition), _)) => rename.place(view, definition.place.shifted(*base)),
        None if old.len() == new.len() => return Ok(()),
        None => rename.snapshot.display_path(view.path).to_string(),
    };
    Err(Refusal(format!("{place} would not define the new id as it defines the old one; nothing was changed")))
}

type Defined<'a> = (&'a Facts, u32, &'a Definition);
type Referred<'a> = (&'a Facts, u32, &'a Reference, Option<&'a Id>);

fn definitions<'a>(view: &View<'a>) -> Vec<Defined<'a>> {
    view.parts().flat_map(|(base, facts)| facts.definitions.iter().map(move |d| (facts, base, d))).collect()
}

/// The references, each with the id behind it: the last of a range over parents.
fn references<'a>(view: &View<'a>) -> Vec<Referred<'a>> {
    view.parts()
        .flat_map(|(base, facts)| {
            let next = move |at: usize| facts.references.get(at + 1).map(|next| facts.id(next.id));
            facts.references.iter().enumerate().map(move |(at, reference)| (facts, base, reference, next(at)))
        })
        .collect()
}

fn references_stay(
    rename: &Rename<'_>,
    user: &AffectedScope,
    view: &View<'_>,
    split: Option<&FxHashMap<u32, usize>>,
    lookup: &Lookup,
    now: &View<'_>,
) -> Result<(), Refusal> {
    let (mut old, mut new) = (references(view), references(now));
    let added = rename.added.as_ref().map(|added| &added.id);
    // A range grows by what is written in its middle.
    new.retain(|(facts, _, reference, _)| reference.reach != Reach::Within || Some(facts.id(reference.id)) != added);
    if let Some(split) = split.filter(|split| !split.is_empty()) {
        lists_stay(rename, user, view, split, lookup, &mut old, &mut new)?;
    }
    for (before, later) in old.iter().zip(&new) {
        let (facts, base, reference, _) = before;
        let id = facts.id(reference.id);
        let expected = rename.rewritten(user, (view.path, reference.span.start + base), id, reference.sure);
        let same_shape = reference.kind == later.2.kind && reference.reach == later.2.reach;
        if !same_shape || later.0.id(later.2.id) != expected.as_ref().unwrap_or(id) {
            return Err(misshapen(rename, view, reference.span.shifted(*base), facts));
        }
        let meant = meant(rename, user, view, before);
        let mut means = meanings(lookup, later.0.id(later.2.id), later.2, later.3);
        means.retain(|(_, id)| Some(id) != added);
        means.sort();
        if meant != means {
            return Err(misunderstood(rename, view, reference.span.shifted(*base), &meant, &means));
        }
    }
    if old.len() == new.len() {
        return Ok(());
    }
    Err(match old.get(new.len()).or(old.last()) {
        Some((facts, base, reference, _)) => misshapen(rename, view, reference.span.shifted(*base), facts),
        None => {
            let name = rename.snapshot.display_path(view.path);
            Refusal(format!("{name} would name other requirements than before; nothing was changed"))
        }
    })
}

/// Takes references that have become lists out of `old`, and the lists out of `new`, where they mean the same.
fn lists_stay<'a>(
    rename: &Rename<'_>,
    user: &AffectedScope,
    view: &View<'_>,
    split: &FxHashMap<u32, usize>,
    lookup: &Lookup,
    old: &mut Vec<Referred<'a>>,
    new: &mut Vec<Referred<'a>>,
) -> Result<(), Refusal> {
    let (mut kept, mut kept_new) = (Vec::new(), Vec::new());
    let mut rest = new.as_slice();
    for group in old.chunk_by(|a, b| std::ptr::eq(a.0, b.0) && a.2.span == b.2.span) {
        let (facts, base, reference, _) = group[0];
        let count = split.get(&(reference.span.start + base));
        let (own, behind) = rest.split_at(count.copied().unwrap_or(group.len()).min(rest.len()));
        rest = behind;
        let Some(count) = count else {
            kept.extend_from_slice(group);
            kept_new.extend_from_slice(own);
            continue;
        };
        if own.len() < *count || own.iter().any(|later| later.2.kind != reference.kind) {
            return Err(misshapen(rename, view, reference.span.shifted(base), facts));
        }
        let mut wanted: Vec<_> = group.iter().flat_map(|before| meant(rename, user, view, before)).collect();
        let mut means: Vec<_> = own.iter().flat_map(|it| meanings(lookup, it.0.id(it.2.id), it.2, it.3)).collect();
        for all in [&mut wanted, &mut means] {
            all.sort();
            all.dedup();
        }
        if wanted != means {
            return Err(misunderstood(rename, view, reference.span.shifted(base), &wanted, &means));
        }
    }
    kept_new.extend_from_slice(rest);
    (*old, *new) = (kept, kept_new);
    Ok(())
}

/// The requirements that a reference has to mean after the rename, in order.
fn meant(
    rename: &Rename<'_>,
    user: &AffectedScope,
    view: &View<'_>,
    (facts, base, reference, next): &Referred<'_>,
) -> Vec<(FilePath, Id)> {
    let mut meant = meanings(&user.lookup, facts.id(reference.id), reference, *next);
    for (scope, id) in &mut meant {
        if rename.homes.contains(scope)
            && let Some(moved) = rename.new_at(view.path, reference.span.start + base, id)
        {
            *id = moved;
        }
    }
    meant.sort();
    meant
}

/// The requirements that a reference means.
fn meanings(lookup: &Lookup, id: &Id, reference: &Reference, next: Option<&Id>) -> Vec<(FilePath, Id)> {
    let of = |(scope, id): (&FilePath, &Id)| (scope.clone(), id.clone());
    match (reference.reach, next) {
        (Reach::Children, _) => {
            lookup.all_defined().filter(|(_, known)| known.parent().as_ref() == Some(id)).map(of).collect()
        }
        (Reach::From, Some(last)) => {
            lookup.all_defined().filter(|(_, known)| id <= *known && *known <= last).map(of).collect()
        }
        _ => lookup.meaning(id, reference.sure).map(of).into_iter().collect(),
    }
}

fn written(rename: &Rename<'_>, view: &View<'_>, span: Span) -> String {
    let text = FileText::of(rename.snapshot, rename.source, view).ok();
    text.and_then(|text| text.slice(span).map(|text| text.replace('`', ""))).unwrap_or_default()
}

fn misshapen(rename: &Rename<'_>, view: &View<'_>, span: Span, facts: &Facts) -> Refusal {
    let text = written(rename, view, span);
    let place = rename.place(view, span);
    let several = facts.references.iter().any(|other| other.reach != Reach::One && other.span.len() == span.len());
    Refusal(if several && text.len() > 3 {
        format!("`{text}` in {place} would not be the same range any more · write its ids out first")
    } else {
        format!("`{text}` in {place} cannot be written with the new id · write it out first")
    })
}

fn misunderstood(
    rename: &Rename<'_>,
    view: &View<'_>,
    span: Span,
    meant: &[(FilePath, Id)],
    means: &[(FilePath, Id)],
) -> Refusal {
    let text = written(rename, view, span);
    let place = rename.place(view, span);
    Refusal(match (meant, means) {
        ([], [(_, new), ..]) => {
            format!("`{text}` in {place} names nothing yet and would then mean `{new}` · correct that first")
        }
        (_, [(_, new)]) if meant.len() == 1 => {
            format!("`{text}` in {place} would then mean `{new}`; nothing was changed · choose another id")
        }
        _ => format!("`{text}` in {place} would not mean the same requirements any more · write its ids out first"),
    })
}
