//! The scopes that define an id, in order: one for most names, thousands for `FR-1`.

use crate::id::Id;
use crate::path::FilePath;
use rustc_hash::FxBuildHasher;
use std::sync::Arc;

/// What is known of ids, cheap to clone. The same ids take the same work each time.
pub(super) type IdMap<T> = imbl::GenericHashMap<Id, T, FxBuildHasher, imbl::shared_ptr::DefaultSharedPtr>;

/// Scopes in order, each once. Cheap to clone and to change; many take hardly more room than their paths.
#[derive(Clone, Debug, Default)]
pub enum Definers {
    /// No scope.
    #[default]
    None,
    /// One alone.
    One(FilePath),
    /// Two or more, or what is left of them, in pieces: only one piece is made anew where a snapshot holds the others.
    Many(Arc<Vec<Arc<Vec<FilePath>>>>),
}

/// How many scopes a piece holds.
const PIECE: usize = 256;

impl Definers {
    pub(super) fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    pub(super) fn contains(&self, scope: &FilePath) -> bool {
        match self {
            Self::None => false,
            Self::One(one) => one == scope,
            Self::Many(pieces) => {
                pieces.get(piece_of(pieces, scope)).is_some_and(|piece| piece.binary_search(scope).is_ok())
            }
        }
    }

    /// Returns whether it is new.
    pub(super) fn insert(&mut self, scope: &FilePath) -> bool {
        match self {
            Self::None => *self = Self::One(scope.clone()),
            Self::One(one) if one == scope => return false,
            Self::One(one) => {
                let (first, last) = if *one < *scope { (&*one, scope) } else { (scope, &*one) };
                *self = Self::Many(Arc::new(vec![Arc::new(vec![first.clone(), last.clone()])]));
            }
            Self::Many(pieces) => {
                let which = piece_of(pieces, scope);
                let found = pieces.get(which).map(|piece| piece.binary_search(scope));
                if let Some(Ok(_)) = found {
                    return false;
                }
                let pieces = Arc::make_mut(pieces);
                let (which, at) = match found {
                    Some(Err(at)) => (which, at),
                    // Files are read nearly in their order: it mostly comes behind all others.
                    _ => match pieces.last().filter(|last| last.len() < PIECE) {
                        Some(last) => (pieces.len() - 1, last.len()),
                        None => {
                            pieces.push(Arc::default());
                            (pieces.len() - 1, 0)
                        }
                    },
                };
                let piece = Arc::make_mut(&mut pieces[which]);
                piece.insert(at, scope.clone());
                if piece.len() > PIECE {
                    let behind = piece.split_off(PIECE / 2);
                    pieces.insert(which + 1, Arc::new(behind));
                }
            }
        }
        true
    }

    pub(super) fn remove(&mut self, scope: &FilePath) {
        match self {
            Self::One(one) if one == scope => *self = Self::None,
            Self::Many(pieces) => {
                let which = piece_of(pieces, scope);
                let Some(Ok(at)) = pieces.get(which).map(|piece| piece.binary_search(scope)) else { return };
                let pieces = Arc::make_mut(pieces);
                Arc::make_mut(&mut pieces[which]).remove(at);
                if pieces[which].is_empty() {
                    pieces.remove(which);
                }
            }
            _ => {}
        }
    }

    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = &FilePath> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(one) => (Some(one), None),
            Self::Many(pieces) => (None, Some(pieces.iter().flat_map(|piece| piece.iter()))),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }

    /// The nearest ones before and behind `scope`, which need not be among them.
    pub(super) fn beside(&self, scope: &FilePath) -> impl Iterator<Item = &FilePath> {
        let (before, behind) = match self {
            Self::None => (None, None),
            Self::One(one) => (Some(one).filter(|one| *one < scope), Some(one).filter(|one| *one > scope)),
            Self::Many(pieces) => {
                let of_piece = pieces.partition_point(|piece| piece.first().is_some_and(|first| first < scope));
                let before = of_piece.checked_sub(1).and_then(|at| pieces[at].iter().rev().find(|it| *it < scope));
                let piece = pieces.get(pieces.partition_point(|piece| piece.last().is_some_and(|last| last <= scope)));
                (before, piece.and_then(|piece| piece.get(piece.partition_point(|it| it <= scope))))
            }
        };
        before.into_iter().chain(behind)
    }
}

/// The first piece that does not end before `scope`.
fn piece_of(pieces: &[Arc<Vec<FilePath>>], scope: &FilePath) -> usize {
    pieces.partition_point(|piece| piece.last().is_some_and(|last| last < scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_kept_in_order_each_once() {
        let path = |name: &str| FilePath::new(&format!("/w/{name}"));
        let mut definers = Definers::default();
        let names = |definers: &Definers| definers.iter().map(FilePath::name).collect::<String>();
        let beside = |definers: &Definers, name| definers.beside(&path(name)).map(FilePath::name).collect::<String>();
        assert!(definers.is_empty());
        for (name, all, new) in [
            ("d", "d", true),
            ("d", "d", false),
            ("b", "bd", true),
            ("f", "bdf", true),
            ("c", "bcdf", true),
            ("f", "bcdf", false),
        ] {
            assert_eq!((definers.insert(&path(name)), names(&definers).as_str()), (new, all));
        }
        assert!(definers.contains(&path("c")) && !definers.contains(&path("e")));
        assert_eq!(["a", "b", "d", "e", "g"].map(|name| beside(&definers, name)), ["b", "c", "cf", "df", "f"]);
        for (name, all) in [("e", "bcdf"), ("b", "cdf"), ("f", "cd"), ("c", "d"), ("d", "")] {
            definers.remove(&path(name));
            assert_eq!(names(&definers), all);
        }
        assert!(definers.is_empty());
    }

    #[test]
    fn one_alone_has_neighbours_too() {
        let path = |name: &str| FilePath::new(&format!("/w/{name}"));
        let mut definers = Definers::default();
        definers.insert(&path("b"));
        assert_eq!(["a", "b", "c"].map(|name| definers.beside(&path(name)).count()), [1, 0, 1]);
        definers.remove(&path("b"));
        assert!(definers.is_empty() && !definers.contains(&path("b")));
    }

    #[test]
    fn any_order_gives_the_same_pieces_in_order() {
        let path = |at: usize| FilePath::new(&format!("/w/{at:05}"));
        let all = 5 * PIECE;
        // All of them, by steps that share no divisor with their number.
        for step in [1, all - 1, 7, 333] {
            let mut definers = Definers::default();
            for at in 0..all {
                assert!(definers.insert(&path(at * step % all)));
                assert!(!definers.insert(&path(at * step % all)));
            }
            assert!(definers.iter().eq((0..all).map(path).collect::<Vec<_>>().iter()), "{step}");
            let Definers::Many(pieces) = &definers else { panic!("there are many") };
            assert!(pieces.iter().all(|piece| (1..=PIECE).contains(&piece.len())));
            let held = definers.clone();
            for at in (0..all).filter(|at| at % 3 != 0) {
                definers.remove(&path(at));
            }
            assert!((0..all).all(|at| definers.contains(&path(at)) == (at % 3 == 0)));
            for at in 3..all - 3 {
                let (before, behind) = (path((at - 1) / 3 * 3), path(at / 3 * 3 + 3));
                assert!(definers.beside(&path(at)).eq([&before, &behind]), "{at}");
            }
            assert_eq!(held.iter().count(), all);
        }
    }
}
