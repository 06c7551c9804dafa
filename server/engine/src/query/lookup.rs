//! Lookup: where a file's ids are looked for, nearest scope first, and what a spelling means there.

use crate::dialect::Dialect;
use crate::facts::Certainty;
use crate::id::Id;
use crate::index::{Children, Index, Kin, letters};
use crate::path::FilePath;
use crate::world::{Horizon, Snapshot};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// The family of ids that are bare numbers.
const BARE: &str = "";

/// The scopes in which a file's ids are looked for, nearest first.
#[derive(Debug)]
pub struct Lookup {
    scopes: Vec<(FilePath, Arc<Index>)>,
    /// How many of these, from the nearest on, are known in full.
    known: usize,
    /// Told when others are looked into.
    horizon: Option<Arc<Horizon>>,
    dialect: Arc<Dialect>,
    /// Whether all of them have been read: only then may anything be called absent.
    pub complete: bool,
}

impl Lookup {
    /// Where ids of `scope` are looked for.
    #[must_use]
    pub fn of(snapshot: &Snapshot, scope: &FilePath) -> Self {
        Self::with(snapshot, scope, Snapshot::known_index)
    }

    /// The same without keeping the indexes made for it.
    #[must_use]
    pub fn once(snapshot: &Snapshot, scope: &FilePath) -> Self {
        Self::with(snapshot, scope, Snapshot::index_once)
    }

    fn with(snapshot: &Snapshot, scope: &FilePath, index: impl Fn(&Snapshot, &FilePath) -> Option<Arc<Index>>) -> Self {
        let chain = snapshot.lookup_chain(scope);
        let complete = chain.iter().all(|folder| snapshot.is_read(folder));
        let listed = chain.iter().take_while(|folder| snapshot.is_listed(folder)).count();
        let mut known = 0;
        let mut scopes = Vec::with_capacity(chain.len());
        for (at, folder) in chain.into_iter().enumerate() {
            let Some(index) = index(snapshot, &folder) else { continue };
            known += usize::from(at < listed);
            scopes.push((folder, index));
        }
        if snapshot.horizon().is_some() {
            // Whoever looks behind what is known comes upon this, whether more scopes follow or not.
            scopes.insert(known, (scope.clone(), Arc::default()));
        }
        let (horizon, dialect) = (snapshot.horizon().cloned(), Arc::clone(snapshot.dialect_of(scope)));
        Self { scopes, known, horizon, dialect, complete }
    }

    /// The scopes, nearest first; that one is not known in full is noted when it is looked into.
    fn nearest(&self) -> impl Iterator<Item = &(FilePath, Arc<Index>)> {
        self.scopes.iter().enumerate().map(|(at, scope)| {
            if at >= self.known
                && let Some(horizon) = &self.horizon
            {
                horizon.cross();
            }
            scope
        })
    }

    /// The dialect of the scope.
    #[must_use]
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The index of the scope itself.
    #[must_use]
    pub fn own(&self) -> Option<&Index> {
        self.nearest().next().map(|(_, index)| &**index)
    }

    /// The folders of these scopes, nearest first.
    pub fn folders(&self) -> impl Iterator<Item = &FilePath> {
        self.nearest().map(|(folder, _)| folder)
    }

    /// The nearest scope that defines `id`, and the spelling there. A bare number is one of the nearest scope that has such
    /// numbers: those of a folder above are counted apart.
    #[must_use]
    pub fn resolve(&self, id: &Id) -> Option<(&FilePath, &Id)> {
        self.counting(id).find_map(|(folder, index)| index.defined(id).map(|known| (folder, known)))
    }

    /// The spelling of `id` in the nearest scope that defines it, and whether it has been given up there.
    pub(crate) fn standing(&self, id: &Id) -> Option<(&Id, bool)> {
        self.counting(id).find_map(|(_, index)| index.standing(id))
    }

    /// The scopes that may define `id`, nearest first.
    fn counting(&self, id: &Id) -> impl Iterator<Item = (&FilePath, &Index)> {
        let bare = id.has_no_family();
        let mut over = false;
        self.nearest()
            .map(|(folder, index)| (folder, &**index))
            .take_while(move |(_, index)| !std::mem::replace(&mut over, bare && index.defines_family(BARE)))
    }

    /// Whether the requirement `id` of `scope` has been given up.
    #[must_use]
    pub fn is_withdrawn(&self, scope: &FilePath, id: &Id) -> bool {
        self.index_of(scope).is_some_and(|index| index.is_withdrawn(id))
    }

    /// What a reference means: its id, or for a bare number the one id that has this number.
    #[must_use]
    pub fn meaning(&self, id: &Id, sure: Certainty) -> Option<(&FilePath, &Id)> {
        if let Some(found) = self.resolve(id) {
            return Some(found);
        }
        if sure == Certainty::Number {
            return self
                .counting(id)
                .find_map(|(folder, index)| index.with_tail(id.tail()).first().map(|id| (folder, id)));
        }
        if let Some(number) = self.unaliased(id)
            && let Some(found) = self.resolve(&number)
        {
            return Some(found);
        }
        self.resolve(&story_alike(&self.dialect, id)?)
    }

    /// The same, and where nothing has that id any more, what was called so before: several where it was split.
    #[must_use]
    pub fn meant(&self, id: &Id, sure: Certainty) -> Vec<(&FilePath, &Id)> {
        self.meaning(id, sure).map_or_else(|| self.called_now(id), |one| vec![one])
    }

    /// Whether a reference means anything, by its own name or by a former one.
    #[must_use]
    pub fn means_something(&self, id: &Id, sure: Certainty) -> bool {
        self.meaning(id, sure).is_some() || !self.called_now(id).is_empty()
    }

    /// What was called `id` before, in the nearest scope that says so: where nothing has that id any more, it is meant.
    #[must_use]
    pub fn called_now(&self, id: &Id) -> Vec<(&FilePath, &Id)> {
        let found = self.nearest().map(|(folder, index)| (folder, index.called_now(id)));
        let mut found = found.filter(|(_, ids)| !ids.is_empty());
        found.next().into_iter().flat_map(|(folder, ids)| ids.into_iter().map(move |id| (folder, id))).collect()
    }

    /// Whether anything in what is known of these scopes says what it was called: hardly anything does.
    #[must_use]
    pub fn tells_former_names(&self) -> bool {
        self.scopes.iter().any(|(_, index)| index.tells_former_names())
    }

    /// The number that `R3.8` or `REQ-3` stands for; none where the prefix is no other name for `Requirement`.
    #[must_use]
    pub fn unaliased(&self, id: &Id) -> Option<Id> {
        let family = id.family();
        let alias = self.dialect.table.ids.aliases.iter().any(|known| known.eq_ignore_ascii_case(family))
            && id.prefix().trim_end_matches('-').len() == family.len();
        alias.then(|| Id::new(id.tail()))
    }

    /// The children that `id`, as a bare number, has in the scope itself, whatever their letters; none where nothing has that
    /// number.
    #[must_use]
    pub fn numbered_below(&self, id: &Id) -> Option<Children> {
        let (_, index) = self.nearest().next()?;
        let above = index.with_tail(id.tail());
        let mut all = Children::default();
        for children in above.iter().filter_map(|id| index.children(id)) {
            all = all.and(children);
        }
        // What has no heading of its own may have children all the same.
        if above.is_empty() {
            all = index.children_of_number(id.tail()).unwrap_or_default();
        }
        (!above.is_empty() || all != Children::default()).then_some(all)
    }

    /// Whether anything that `id` would be the parent of is defined.
    #[must_use]
    pub fn has_children(&self, id: &Id) -> bool {
        self.counting(id).any(|(_, index)| index.children(id).is_some())
    }

    /// How defined ids with the letters of `id` are written.
    #[must_use]
    pub fn kin(&self, id: &Id) -> Option<Kin> {
        let letters = letters(id);
        self.nearest().filter_map(|(_, index)| index.kin(&letters)).reduce(Kin::and)
    }

    /// The defined ids with the letters of `id`, each once.
    #[must_use]
    pub fn alike(&self, id: &Id) -> Vec<&Id> {
        let letters = letters(id);
        self.each_once(id, |index| index.with_letters(&letters))
    }

    /// The defined ids with the number of `id`, whatever their letters, each once.
    #[must_use]
    pub fn numbered_alike(&self, id: &Id) -> Vec<&Id> {
        self.each_once(id, |index| index.with_tail(id.tail()))
    }

    fn each_once<'l>(&'l self, like: &Id, of: impl Fn(&'l Index) -> &'l [Id]) -> Vec<&'l Id> {
        let lists = self.counting(like).map(|(_, index)| of(index)).filter(|all| !all.is_empty());
        let lists: Vec<&[Id]> = lists.collect();
        if let [only] = lists[..] {
            return only.iter().collect();
        }
        let mut seen = FxHashSet::default();
        lists.into_iter().flatten().filter(|id| seen.insert(*id)).collect()
    }

    /// Whether the scope itself numbers criteria or sections without letters.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.own().is_some_and(Index::counts)
    }

    /// Whether something in these scopes begins with `id`, though it defines nothing that is understood.
    #[must_use]
    pub fn may_define(&self, id: &Id) -> bool {
        let number = Some(Id::new(id.tail())).filter(|number| number.parent().is_some());
        self.nearest()
            .any(|(_, index)| index.may_define(id) || number.as_ref().is_some_and(|number| index.may_define(number)))
    }

    /// Whether the parent of `id` is defined and none of its children is: they may be there without numbers.
    #[must_use]
    pub fn is_unnumbered(&self, id: &Id) -> bool {
        let Some(parent) = id.parent() else {
            let Some(above) = id.level_above().filter(|above| self.resolve(above).is_some()) else { return false };
            return !self.alike(id).into_iter().any(|known| known.level_above().as_ref() == Some(&above));
        };
        self.meaning(&parent, Certainty::Firm).is_some_and(|(_, above)| !self.has_children(above))
    }

    /// The index of the scope in `folder`, if ids are looked for there.
    #[must_use]
    pub fn index_of(&self, folder: &FilePath) -> Option<&Index> {
        self.nearest().find(|(known, _)| known == folder).map(|(_, index)| &**index)
    }

    /// Whether any scope defines an id of this family (upper case).
    #[must_use]
    pub fn defines_family(&self, family: &str) -> bool {
        self.nearest().any(|(_, index)| index.defines_family(family))
    }

    /// Whether any scope defines anything.
    #[must_use]
    pub fn defines_any(&self) -> bool {
        self.nearest().any(|(_, index)| index.defines_any())
    }

    /// Every id that can be referred to, nearest scope first, each once.
    pub fn all_defined(&self) -> impl Iterator<Item = (&FilePath, &Id)> {
        self.nearest().enumerate().flat_map(move |(at, (folder, index))| {
            let nearer = &self.scopes[..at];
            let counted = nearer.iter().any(|(_, index)| index.defines_family(BARE));
            index
                .all_defined()
                .filter(move |id| !(counted && id.family().is_empty()))
                .filter(move |id| !nearer.iter().any(|(_, nearer)| nearer.defined(id).is_some()))
                .map(move |id| (folder, id))
        })
    }
}

/// The other way of writing the id of a user story: a story's heading writes none, so `US1` and `US-1` both mean it.
pub(super) fn story_alike(dialect: &Dialect, id: &Id) -> Option<Id> {
    let stories = &dialect.table.ids.stories;
    let story = stories.iter().any(|family| family.eq_ignore_ascii_case(id.family()));
    story.then(|| id.hyphenated().unwrap_or_else(|| Id::new(&format!("{}{}", id.family(), id.tail()))))
}
