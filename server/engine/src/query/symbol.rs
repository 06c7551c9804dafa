//! Symbols: the ids at a place, and what each is there.

use super::lookup::Lookup;
use crate::facts::{Certainty, Form, Kind, Reach};
use crate::id::{Belief, Id};
use crate::path::FilePath;
use crate::text::Span;
use crate::world::{Snapshot, View};

/// An id at a place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The id as the definition spells it, or as it is written where nothing defines it.
    pub id: Id,
    /// The scope that defines it.
    pub scope: Option<FilePath>,
    /// The text that names it, from the file's start.
    pub span: Span,
    /// What it is there.
    pub role: SymbolRole,
}

/// What an id is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolRole {
    /// The place defines it.
    Definition(Form),
    /// The place refers to it.
    Reference(Kind),
    /// It stands in code or a comment: worth following, never a finding.
    Literal,
}

/// The ids at the byte `offset`: one, or all that a range means.
#[must_use]
pub fn symbols_at(snapshot: &Snapshot, view: &View<'_>, offset: u32) -> Vec<Symbol> {
    let lookup = Lookup::of(snapshot, view.scope);
    let part = view.part_at(offset);
    let Some((base, facts)) = part else { return Vec::new() };
    let at = offset - base;
    if let Some(definition) =
        facts.definitions.iter().filter(|d| d.place.touches(at)).min_by_key(|d| (d.form.rank(), d.place.len()))
    {
        let id = facts.id(definition.id).clone();
        let known = lookup.own().is_some_and(|index| index.names_of(view.path).is_some_and(|names| names.defines(&id)));
        if known {
            let role = SymbolRole::Definition(definition.form);
            return vec![Symbol { id, scope: Some(view.scope.clone()), span: definition.place.shifted(base), role }];
        }
    }
    let touched = facts.references.iter().filter(|r| {
        let unsure = matches!(r.sure, Certainty::Conditional | Certainty::Guess);
        r.span.touches(at) && !(unsure && lookup.meaning(facts.id(r.id), r.sure).is_none())
    });
    let Some(best) = touched.clone().map(|r| r.span).min_by_key(|span| (span.len(), span.start)) else {
        return literal_at(snapshot, view, &lookup, offset).into_iter().collect();
    };
    let mut out: Vec<Symbol> = Vec::new();
    for reference in touched.filter(|r| r.span == best) {
        let id = facts.id(reference.id);
        let children = || {
            let below = lookup.all_defined().filter(|(_, known)| known.parent().as_ref() == Some(id));
            let mut below: Vec<(FilePath, Id)> = below.map(|(scope, id)| (scope.clone(), id.clone())).collect();
            below.sort();
            below
        };
        let meant: Vec<(FilePath, Id)> = match reference.reach {
            Reach::Children => children(),
            // `AC-1` means AC-1.1 and its neighbours where it is not defined itself.
            _ => {
                let meant = lookup.meant(id, reference.sure);
                let owned = |(scope, id): (&FilePath, &Id)| (scope.clone(), id.clone());
                if meant.is_empty() { children() } else { meant.into_iter().map(owned).collect() }
            }
        };
        let (span, role) = (best.shifted(base), SymbolRole::Reference(reference.kind));
        if meant.is_empty() && reference.reach == Reach::One {
            out.push(Symbol { id: id.clone(), scope: None, span, role });
        }
        out.extend(meant.into_iter().map(|(scope, id)| Symbol { id, scope: Some(scope), span, role }));
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out.dedup();
    out
}

fn literal_at(snapshot: &Snapshot, view: &View<'_>, lookup: &Lookup, offset: u32) -> Option<Symbol> {
    let document = view.document()?;
    if !document.surroundings(offset).is_literal() {
        return None;
    }
    let (line, start) = document.line_at(offset);
    let cursor = (offset - start) as usize;
    let from = line[..cursor.min(line.len())]
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')))
        .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
    let token = snapshot.dialect_of(view.path).families.token_at(&line, from)?;
    let id = Id::new(&line[token.start..token.end]);
    let span = Span::new(token.start, token.end).shifted(start);
    let (scope, id) = lookup.resolve(&id).map(|(scope, id)| (scope.clone(), id.clone()))?;
    (token.belief != Belief::Conditional && span.touches(offset)).then_some(Symbol {
        id,
        scope: Some(scope),
        span,
        role: SymbolRole::Literal,
    })
}
