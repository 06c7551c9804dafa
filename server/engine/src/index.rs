//! The index of one scope: which files define an id and which use it. Names only; where in a file is the file's affair.

mod id_shape;
mod names;
mod former;
mod served;
mod coverage;

pub use coverage::{Chain, Link, Listing, Whole};
pub use id_shape::{Children, Counted, Kin, Unlike, last_of, letters};
pub use names::{Names, Use};

use crate::dialect::Role;
use crate::facts::{Certainty, Form};
use crate::id::Id;
use crate::path::FilePath;
use coverage::{Coverage, Definitions};
use former::FormerNames;
use id_shape::Shapes;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a scope's files do with one id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    /// By path: most ids stand in two or three files of their scope.
    uses: Vec<(FilePath, Use)>,
}

impl Entry {
    fn put(&mut self, path: &FilePath, used: Use) {
        // Files come in their order.
        let at = match self.uses.last() {
            Some((last, _)) if last >= path => self.uses.partition_point(|(known, _)| known < path),
            _ => self.uses.len(),
        };
        self.uses.insert(at, (path.clone(), used));
    }

    fn remove(&mut self, path: &FilePath) {
        if let Ok(at) = self.uses.binary_search_by(|(known, _)| known.cmp(path)) {
            self.uses.remove(at);
        }
    }

    fn defines(&self) -> bool {
        self.uses.iter().any(|(_, used)| used.defined.is_some())
    }

    /// Whether all of its strongest definitions say that it has been given up.
    fn is_withdrawn(&self) -> bool {
        // Hardly any is.
        if !self.uses.iter().any(|(_, used)| used.withdrawn) {
            return false;
        }
        let uses = || self.uses.iter().map(|(_, used)| used);
        let strongest = uses().filter_map(|used| used.defined).min();
        strongest.is_some() && uses().filter(|used| used.defined == strongest).all(|used| used.withdrawn)
    }
}

/// Who defines and who uses each id of a scope.
#[derive(Clone, Debug, Default)]
pub struct Index {
    files: BTreeMap<FilePath, Names>,
    ids: FxHashMap<Id, Entry>,
    families: FxHashMap<String, u32>,
    coverage: OnceLock<Coverage>,
    /// All that are defined, by their numbers: those with one number stand side by side.
    by_tail: OnceLock<Vec<Id>>,
    shapes: OnceLock<Shapes>,
    former: OnceLock<FormerNames>,
}

impl PartialEq for Index {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files && self.ids == other.ids && self.families == other.families
    }
}

impl Index {
    /// The index of these files.
    #[must_use]
    pub fn of(files: impl Iterator<Item = (FilePath, Names)>) -> Self {
        let mut index = Self::default();
        for (path, names) in files {
            index.put(path, names);
        }
        index
    }

    /// Puts a file's names in the place of those it had.
    pub fn put(&mut self, path: FilePath, names: Names) {
        self.remove(&path);
        for (id, entry) in &names.uses {
            if entry.defined.is_some_and(|rank| rank < Form::WEAKEST) {
                // Nearly all are written in capitals.
                match self.families.get_mut(id.family()) {
                    Some(count) => *count += 1,
                    None => *self.families.entry(id.family().to_ascii_uppercase()).or_default() += 1,
                }
            }
            self.ids.entry(id.clone()).or_default().put(&path, *entry);
        }
        self.files.insert(path, names);
        self.forget();
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &FilePath) {
        let Some(names) = self.files.remove(path) else { return };
        for (id, entry) in &names.uses {
            if entry.defined.is_some_and(|rank| rank < Form::WEAKEST) {
                let family = id.family().to_ascii_uppercase();
                if let Some(count) = self.families.get_mut(&family) {
                    *count -= 1;
                    if *count == 0 {
                        self.families.remove(&family);
                    }
                }
            }
            if let Some(entry) = self.ids.get_mut(id) {
                entry.remove(path);
                if entry.uses.is_empty() {
                    self.ids.remove(id);
                }
            }
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.coverage = OnceLock::new();
        self.by_tail = OnceLock::new();
        self.shapes = OnceLock::new();
        self.former = OnceLock::new();
    }

    /// The names of a file.
    #[must_use]
    pub fn names_of(&self, path: &FilePath) -> Option<&Names> {
        self.files.get(path)
    }

    /// Whether anything is defined.
    #[must_use]
    pub fn defines_any(&self) -> bool {
        !self.families.is_empty()
    }

    /// Whether an id of this family (upper case) is defined.
    #[must_use]
    pub fn defines_family(&self, family: &str) -> bool {
        self.families.contains_key(family)
    }

    /// Whether something begins with `id` without defining it.
    #[must_use]
    pub fn may_define(&self, id: &Id) -> bool {
        self.files.values().any(|names| names.possible.contains(id))
    }

    /// The spelling of `id` that is defined, if it is.
    #[must_use]
    pub fn defined(&self, id: &Id) -> Option<&Id> {
        let (known, entry) = self.ids.get_key_value(id)?;
        entry.defines().then_some(known)
    }

    /// Whether `id` is defined and has been given up: all of its strongest definitions say so.
    #[must_use]
    pub fn is_withdrawn(&self, id: &Id) -> bool {
        self.ids.get(id).is_some_and(Entry::is_withdrawn)
    }

    /// The spelling of `id` that is defined, and whether it has been given up.
    pub(crate) fn standing(&self, id: &Id) -> Option<(&Id, bool)> {
        let (known, entry) = self.ids.get_key_value(id)?;
        entry.defines().then(|| (known, entry.is_withdrawn()))
    }

    /// What is called otherwise now and was called `id` before, each as its definition spells it; none where `id` is
    /// defined or nothing says so. Several where it was split.
    #[must_use]
    pub fn called_now(&self, id: &Id) -> Vec<&Id> {
        let former = self.former_names();
        if former.is_empty() || self.defined(id).is_some() {
            return Vec::new();
        }
        former.called_now(id, |id| self.defined(id))
    }

    /// Whether anything says what it was called.
    #[must_use]
    pub fn tells_former_names(&self) -> bool {
        !self.former_names().is_empty()
    }

    /// What says that it was called `id` before, be `id` defined or not.
    #[must_use]
    pub fn says_it_was(&self, id: &Id) -> &[Id] {
        self.former_names().says_it_was(id)
    }

    /// What `id` was called before, the last name first.
    #[must_use]
    pub fn former_names_of(&self, id: &Id) -> Vec<Id> {
        self.former_names().of_id(id)
    }

    fn former_names(&self) -> &FormerNames {
        self.former.get_or_init(|| FormerNames::of(self.files.values()))
    }

    /// All defined ids, in no order.
    pub fn all_defined(&self) -> impl Iterator<Item = &Id> {
        self.ids.iter().filter(|(_, entry)| entry.defines()).map(|(id, _)| id)
    }

    /// The files that define `id` and how, strongest first; see [`Use::defined`].
    #[must_use]
    pub fn definers_of(&self, id: &Id) -> Vec<(&FilePath, Use)> {
        let mut found: Vec<_> = self
            .ids
            .get(id)
            .into_iter()
            .flat_map(|entry| &entry.uses)
            .filter(|(_, used)| used.defined.is_some())
            .map(|(path, used)| (path, *used))
            .collect();
        found.sort_by_key(|(_, used)| used.defined);
        found
    }

    /// The files that name `id` other than by defining it.
    pub fn files_naming(&self, id: &Id) -> impl Iterator<Item = &FilePath> {
        self.ids
            .get(id)
            .into_iter()
            .flat_map(|entry| &entry.uses)
            .filter(|(_, used)| used.mentioned)
            .map(|(path, _)| path)
    }

    /// The ids with the number `tail`, whatever their family: what a bare number in a trace line may mean.
    #[must_use]
    pub fn with_tail(&self, tail: &str) -> &[Id] {
        fn folded(tail: &str) -> impl Iterator<Item = u8> + '_ {
            tail.bytes().map(|byte| byte.to_ascii_lowercase())
        }
        let by_tail = self.by_tail.get_or_init(|| {
            let mut all: Vec<(&str, &Id)> = self.all_defined().map(|id| (id.tail(), id)).collect();
            all.sort_unstable_by(|(own, id), (others, other)| {
                folded(own).cmp(folded(others)).then_with(|| id.cmp(other))
            });
            all.into_iter().map(|(_, id)| id.clone()).collect()
        });
        let from = by_tail.partition_point(|id| folded(id.tail()).lt(folded(tail)));
        let count = by_tail[from..].iter().take_while(|id| id.tail().eq_ignore_ascii_case(tail)).count();
        &by_tail[from..from + count]
    }

    fn shapes(&self) -> &Shapes {
        self.shapes.get_or_init(|| Shapes::of(self.all_defined()))
    }

    /// How the defined ids with these letters ([`letters`]) are written.
    #[must_use]
    pub fn kin(&self, letters: &str) -> Option<Kin> {
        self.shapes().kin(letters)
    }

    /// The defined ids with these letters, in no order.
    #[must_use]
    pub fn with_letters(&self, letters: &str) -> &[Id] {
        self.shapes().with_letters(letters)
    }

    /// The defined children of `id`, which need not be defined itself.
    #[must_use]
    pub fn children(&self, id: &Id) -> Option<Children> {
        self.shapes().children(id)
    }

    /// The defined children of what has the number `tail`, whatever its letters.
    #[must_use]
    pub fn children_of_number(&self, tail: &str) -> Option<Children> {
        self.shapes().children_of_number(tail)
    }

    /// Whether criteria or sections are numbered without letters: `1.2`.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.shapes().counted
    }

    /// Whether a plan or task serves `id`: names it, one of its parents or one of its children in a trace line, or, in
    /// the tasks, anywhere.
    #[must_use]
    pub fn is_covered(&self, id: &Id) -> bool {
        self.coverage().covers(id)
    }

    /// Which of the links from `id` to what is built are there.
    #[must_use]
    pub fn chain_of(&self, id: &Id) -> Chain {
        self.coverage().chain_of(id)
    }

    /// As part of what alone tasks name `id`, while they name most of its siblings one by one.
    #[must_use]
    pub fn named_in_whole(&self, id: &Id) -> Option<Whole> {
        self.coverage().named_in_whole(self, id)
    }

    /// Whether files of `role` already name `id` or one of its parents; for a role that serves nothing, whether any do.
    #[must_use]
    pub fn is_named_by(&self, role: Role, id: &Id) -> bool {
        self.coverage().is_named_by(role, id)
    }

    /// Whether coverage of this family can be judged: the tasks or the plan are known to serve it by trace lines.
    #[must_use]
    pub fn judges(&self, family: &str) -> bool {
        self.coverage().judges(family)
    }

    /// Who names nearly all ids of a family which neither plan nor tasks trace, how many of them, and how many there are.
    #[must_use]
    pub fn mostly_named(&self, family: &str) -> Option<(Listing, usize, usize)> {
        self.coverage().mostly_named(self, family)
    }

    /// Whether `id` is named there, or in a trace matrix.
    #[must_use]
    pub fn is_listed_in(&self, listing: Listing, id: &Id) -> bool {
        self.coverage().is_listed_in(self, listing, id)
    }

    /// The ends of the range that `id` is: nothing has this id, and both ends are defined.
    #[must_use]
    pub fn range_of(&self, id: &Id) -> Option<(Id, Id)> {
        coverage::range_of(self, id)
    }

    fn coverage(&self) -> &Coverage {
        self.coverage.get_or_init(|| Coverage::of(self))
    }
}

impl Definitions for Index {
    fn is_defined(&self, id: &Id) -> bool {
        self.defined(id).is_some()
    }

    fn all(&self) -> impl Iterator<Item = &Id> {
        self.all_defined()
    }

    fn stated(&self) -> impl Iterator<Item = &Id> {
        let strong = |entry: &Entry| entry.uses.iter().any(|(_, it)| it.defined.is_some_and(|rank| rank < 3));
        self.ids.iter().filter(move |(_, entry)| strong(entry)).map(|(id, _)| id)
    }

    fn with_number(&self, tail: &str) -> &[Id] {
        self.with_tail(tail)
    }

    fn named_now(&self, id: &Id) -> Vec<&Id> {
        self.called_now(id)
    }

    fn files(&self) -> impl Iterator<Item = &Names> {
        self.files.values()
    }
}

/// Whether `sure` lets a reference that resolves to nothing count as a mistake in its scope.
#[must_use]
pub fn is_believed(sure: Certainty, id: &Id, defines_family: impl Fn(&str) -> bool) -> bool {
    match sure {
        Certainty::Firm => true,
        Certainty::Loose | Certainty::Conditional | Certainty::Spaced => {
            defines_family(&id.family().to_ascii_uppercase())
        }
        Certainty::Number | Certainty::Guess => false,
    }
}
