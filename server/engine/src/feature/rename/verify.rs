//! Whether a rename that was tried out is right: every definition and every reference means the requirement that it meant.

use super::everywhere::{Interest, Rename, User};
use crate::edit::Refusal;
use crate::facts::{Definition, Facts, Reach, Reference};
use crate::feature::texts::FileText;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::text::Span;
use crate::world::{Snapshot, View};

/// Accepts `after`, in which the rename has been made, or says what would be wrong in it.
pub(super) fn verify(
    rename: &Rename<'_>,
    users: &[User],
    interest: &Interest,
    is_edited: &dyn Fn(&FilePath) -> bool,
    after: &Snapshot,
) -> Result<(), Refusal> {
    for user in users {
        let lookup = Lookup::once(after, &user.scope);
        for view in rename.views(&user.scope) {
            if !is_edited(view.path) && !view.parts().any(|(_, facts)| interest.concerns(facts)) {
                continue;
            }
            let Some(now) = after.view(view.path) else { continue };
            definitions_stay(rename, user, &view, &now)?;
            references_stay(rename, user, &view, &lookup, &now)?;
        }
        if user.is_home {
            let count = |index: Option<&crate::index::Index>| index.map_or(0, |index| index.all_defined().count());
            let added = usize::from(
                rename.added.as_ref().is_some_and(|added| rename.snapshot.scope_of(&added.path) == Some(&user.scope)),
            );
            if count(user.lookup.own()) + added != count(lookup.own()) {
                let place = rename.snapshot.spoken(&user.scope);
                return Err(Refusal(format!(
                    "{place} would define other requirements than before; nothing was changed"
                )));
            }
        }
    }
    Ok(())
}

fn definitions_stay(rename: &Rename<'_>, user: &User, view: &View<'_>, now: &View<'_>) -> Result<(), Refusal> {
    let (old, mut new) = (definitions(view), definitions(now));
    if let Some(added) = rename.added.as_ref().filter(|added| added.path == *view.path) {
        new.retain(|(facts, _, definition)| *facts.id(definition.id) != added.id);
    }
    let stays = |((facts, _, definition), (later, _, other)): &(&Defined<'_>, &Defined<'_>)| {
        let id = facts.id(definition.id);
        let moved = user.is_home.then(|| rename.moves.of(id)).flatten();
        definition.form == other.form && later.id(other.id) == moved.as_ref().unwrap_or(id)
    };
    let wrong = old.iter().zip(&new).find(|pair| !stays(pair));
    let place = match wrong {
        Some(((_, base, definition), _)) => rename.place(view, definition.place.shifted(*base)),
        None if old.len() == new.len() => return Ok(()),
        None => rename.snapshot.spoken(view.path).to_string(),
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
    user: &User,
    view: &View<'_>,
    lookup: &Lookup,
    now: &View<'_>,
) -> Result<(), Refusal> {
    let (old, mut new) = (references(view), references(now));
    let added = rename.added.as_ref().map(|added| &added.id);
    // A range grows by what is written in its middle.
    new.retain(|(facts, _, reference, _)| reference.reach != Reach::Within || Some(facts.id(reference.id)) != added);
    for (before, later) in old.iter().zip(&new) {
        let (facts, base, reference, next) = before;
        let id = facts.id(reference.id);
        let expected = rename.rewritten(user, id, reference.sure);
        let same_shape = reference.kind == later.2.kind && reference.reach == later.2.reach;
        if !same_shape || later.0.id(later.2.id) != expected.as_ref().unwrap_or(id) {
            return Err(misshapen(rename, view, reference.span.shifted(*base), facts));
        }
        let mut meant = meanings(&user.lookup, id, reference, *next);
        for (scope, id) in &mut meant {
            if rename.homes.contains(scope)
                && let Some(moved) = rename.moves.of(id)
            {
                *id = moved;
            }
        }
        meant.sort();
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
            let name = rename.snapshot.spoken(view.path);
            Refusal(format!("{name} would name other requirements than before; nothing was changed"))
        }
    })
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
