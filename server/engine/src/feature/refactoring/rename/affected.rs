//! What a rename moves, and the scopes that are affected because they look there.

use super::moves::{Moves, is_below, respell};
use super::parted::Parted;
use crate::edit::{Edit, Refusal};
use crate::facts::{Certainty, Facts, Reach};
use crate::feature::Source;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Lookup, definitions_of};
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, View};
use rustc_hash::FxHashSet;

/// Ids that are to become others.
pub(crate) struct Rename<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) source: &'a dyn Source,
    /// The scopes whose definitions move.
    pub(crate) homes: Vec<FilePath>,
    pub(crate) moves: Moves,
    /// Whether ids in code and comments are proposed too, to be confirmed.
    pub(crate) code: bool,
    /// A requirement that takes a place that becomes free.
    pub(crate) added: Option<Added>,
    /// Ids that several requirements have, each of which gets one of its own.
    pub(crate) parted: Option<Parted>,
}

impl<'a> Rename<'a> {
    /// One in which ids of `homes` become others, and nothing else.
    pub(crate) fn of(snapshot: &'a Snapshot, source: &'a dyn Source, homes: Vec<FilePath>, moves: Moves) -> Self {
        Self { snapshot, source, homes, moves, code: false, added: None, parted: None }
    }
}

/// A requirement that is written anew.
pub(crate) struct Added {
    pub(crate) path: FilePath,
    pub(crate) edits: Vec<Edit>,
    pub(crate) id: Id,
}

/// A scope whose references may mean what moves.
pub(crate) struct AffectedScope {
    pub(crate) scope: FilePath,
    pub(crate) lookup: Lookup,
    pub(crate) is_home: bool,
}

impl Rename<'_> {
    /// The scopes that look ids up in a home and name any that are concerned. All that look there must have been read.
    pub(crate) fn affected_scopes(&self, ids: &AffectedIds) -> Result<Vec<AffectedScope>, Refusal> {
        let mut scopes: Vec<&FilePath> = self.homes.iter().flat_map(|home| self.snapshot.scopes_seeing(home)).collect();
        scopes.sort();
        scopes.dedup();
        for scope in &scopes {
            if self.snapshot.scope(scope).is_some_and(|scope| !scope.is_read()) {
                let place = self.snapshot.display_path(scope);
                return Err(Refusal(format!("{place} is still being read, so nothing was changed · try again")));
            }
        }
        for (path, why) in self.snapshot.unreadable() {
            let home = self.snapshot.layout().scope_of(path, self.snapshot.dialect());
            if scopes.contains(&&home) {
                let name = self.snapshot.display_path(path);
                return Err(Refusal(format!("{name} may name it and could not be read: {why}; nothing was changed")));
            }
        }
        // Of thousands of features most name nothing of it, and need no index.
        scopes.retain(|scope| {
            let touched = |view: View<'_>| view.parts().any(|(_, facts)| ids.concerns(facts));
            self.homes.contains(scope) || self.views(scope).any(touched)
        });
        let user = |scope: &FilePath| {
            let is_home = self.homes.contains(scope);
            let lookup = if is_home { Lookup::of } else { Lookup::once }(self.snapshot, scope);
            AffectedScope { scope: scope.clone(), lookup, is_home }
        };
        Ok(scopes.into_iter().map(user).collect())
    }

    /// The defined ids that move, each with its new one.
    pub(crate) fn moved(&self) -> Vec<(Id, Id)> {
        let indexes = self.homes.iter().filter_map(|home| self.snapshot.index(home));
        let mut moved: Vec<(Id, Id)> = indexes
            .flat_map(|index| {
                let pairs = index.all_defined().filter_map(|id| Some((id.clone(), self.moves.of(id)?)));
                pairs.collect::<Vec<_>>()
            })
            .collect();
        moved.extend(self.parted.iter().flat_map(Parted::moved));
        moved.sort();
        moved.dedup();
        moved
    }

    pub(super) fn refuse_clashes(&self, users: &[AffectedScope], moved: &[(Id, Id)]) -> Result<(), Refusal> {
        for (_, new) in moved {
            for user in users {
                let Some((scope, known)) = user.lookup.resolve(new) else { continue };
                if self.homes.contains(scope) && (self.moves.of(known).is_some() || self.is_parted(known)) {
                    continue;
                }
                let place = definitions_of(self.snapshot, scope, known)
                    .first()
                    .map(|defined| self.place(&defined.view, defined.place().span));
                let place = place.unwrap_or_else(|| self.snapshot.display_path(scope).to_string());
                return Err(Refusal(format!("`{known}` is already defined in {place} · choose another id")));
            }
        }
        Ok(())
    }

    /// What `id` of a home becomes where it stands at byte `at` of the file; none where it stays.
    pub(super) fn new_at(&self, path: &FilePath, at: u32, id: &Id) -> Option<Id> {
        match self.parted.as_ref().and_then(|parted| parted.stretch_at(path, at, id)) {
            Some(new) => Some(new.clone()).filter(|new| new.as_str() != id.as_str()),
            None => self.moves.of(id),
        }
    }

    /// Whether `id` is shared, or goes with a rendered number.
    pub(super) fn is_parted(&self, id: &Id) -> bool {
        self.parted.as_ref().is_some_and(|parted| parted.shared.contains_key(id) || parted.rendered.contains(id))
    }

    /// A place as a person says it: `specs/login/tasks.md:7`.
    pub(super) fn place(&self, view: &View<'_>, span: Span) -> String {
        let line = view.position(span.start, Encoding::Utf8).line + 1;
        format!("{}:{line}", self.snapshot.display_path(view.path))
    }

    pub(super) fn views<'s>(&'s self, scope: &FilePath) -> impl Iterator<Item = View<'s>> + use<'s> {
        let paths = self.snapshot.scope(scope).into_iter().flat_map(|scope| scope.files());
        paths.filter_map(|path| self.snapshot.view(path))
    }

    pub(super) fn may_change(&self, user: &AffectedScope, id: &Id) -> bool {
        self.moves.of(id).is_some()
            || user.lookup.meaning(id, Certainty::Number).is_some_and(|(scope, known)| {
                self.homes.contains(scope) && (self.moves.of(known).is_some() || self.is_parted(known))
            })
    }

    /// What a reference at byte `at` of the file that says `written` says afterwards; none where it stays.
    pub(super) fn rewritten(
        &self,
        user: &AffectedScope,
        (path, at): (&FilePath, u32),
        written: &Id,
        sure: Certainty,
    ) -> Option<Id> {
        let Some((scope, known)) = user.lookup.meaning(written, sure) else {
            // Nothing defines it: it goes with what it stands below or above.
            let new = self.moves.of(written)?;
            return self.goes_along(user, written).then_some(new);
        };
        if !self.homes.contains(scope) {
            return None;
        }
        let new = self.new_at(path, at, known)?;
        if written.family().is_empty() && !known.family().is_empty() {
            return Some(Id::new(new.tail()));
        }
        // `R3.8` is another name for criterion 3.8.
        if known.family().is_empty() && !written.family().is_empty() && new.family().is_empty() {
            return Some(Id::new(&format!("{}{new}", written.prefix())));
        }
        Some(Id::new(&respell(written.as_str(), known, &new)))
    }

    fn goes_along(&self, user: &AffectedScope, written: &Id) -> bool {
        let above = std::iter::successors(written.parent(), Id::parent).find_map(|id| {
            let (scope, _) = user.lookup.resolve(&id)?;
            Some(self.homes.contains(scope))
        });
        let below = || {
            let mut defined = user.lookup.all_defined();
            match &self.moves {
                Moves::Family { from, .. } => {
                    user.is_home
                        || !user
                            .lookup
                            .own()
                            .is_some_and(|index| index.all_defined().any(|id| id.prefix().eq_ignore_ascii_case(from)))
                }
                Moves::Ids(_) => defined.any(|(scope, id)| self.homes.contains(scope) && is_below(id, written)),
            }
        };
        above.unwrap_or_else(below)
    }
}

/// The ids by which a reference may be touched: numbers of what moves, of what it becomes, and of what is above the two.
pub(crate) struct AffectedIds {
    tails: FxHashSet<String>,
    names: FxHashSet<Id>,
}

impl AffectedIds {
    pub(crate) fn of(moved: &[(Id, Id)]) -> Self {
        let all = moved.iter().flat_map(|(old, new)| [old, new]);
        let lines = all.flat_map(|id| std::iter::successors(Some(id.clone()), Id::parent));
        let (mut tails, mut names) = (FxHashSet::default(), FxHashSet::default());
        for id in lines {
            if !id.tail().is_empty() {
                tails.insert(id.tail().to_ascii_lowercase());
            }
            names.insert(id);
        }
        Self { tails, names }
    }

    /// Whether a stretch may name what is concerned; a range over parents may without saying so.
    pub(super) fn concerns(&self, facts: &Facts) -> bool {
        facts.ids.iter().any(|id| self.touches(id)) || facts.references.iter().any(|it| it.reach == Reach::From)
    }

    fn touches(&self, id: &Id) -> bool {
        let tail = id.tail();
        if tail.is_empty() { self.names.contains(id) } else { self.tails.contains(&*tail.to_ascii_lowercase()) }
    }
}
