//! Who serves the requirements of a scope: which links of the chain from a requirement to what is built are there.

use super::id_shape::letters;
use super::names::Names;
use super::served::Served;
use crate::dialect::Role;
use crate::id::Id;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

/// Which requirements of a scope its files serve.
#[derive(Clone, Debug, Default)]
pub(super) struct Coverage {
    plans: Served,
    tasks: Served,
    /// What trace matrices name is taken for planned and built.
    matrices: Served,
    /// What tables of specifications name that say what is traced to what.
    tables: Served,
    /// What the trace lines of specifications name: their epics take up what stands above.
    specs: Served,
    /// Of the parts of each requirement, and of those of each kind that are part of none ([`letters`]), how many there are
    /// and how many tasks name one by one. Made where a requirement is only named with others.
    groups: OnceLock<FxHashMap<Id, (u32, u32)>>,
    /// The same of all with the same letters and as many numbers.
    kinds: OnceLock<FxHashMap<(u64, usize), (u32, u32)>>,
}

/// What may name requirements one after the other, where no trace line of plan or tasks does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// A document that says what is traced to what.
    Matrix,
    /// A table of another document that does.
    Table,
    /// The text of the tasks.
    Tasks,
    /// The text of the plan.
    Plan,
    /// The trace lines of the specification's own epics or chapters.
    Specification,
}

/// As part of what a requirement is named, where nothing names it by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whole {
    /// Of this requirement.
    Of(Id),
    /// Of all that there are.
    All,
    /// Of a range over several groups, or over nearly all of a kind: its ends.
    Range(Id, Id),
}

/// Whether a link of the chain from a requirement to what is built is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It is.
    There,
    /// It is not, where others of the requirement's family have it.
    Missing,
    /// It is not, and nobody has begun to make it for the family.
    Unjudged,
}

/// How far the chain from a requirement to what is built holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Whether a plan serves it: names it, a parent, a child or a range around it in a trace line.
    pub planned: Link,
    /// Whether a task does.
    pub tasked: Link,
}

impl Chain {
    /// Whether a link is missing.
    #[must_use]
    pub fn is_broken(self) -> bool {
        self.planned == Link::Missing || self.tasked == Link::Missing
    }

    /// Whether `part`, the chain of something that belongs to this requirement, has a link that is missing here.
    #[must_use]
    pub fn is_mended_by(self, part: Chain) -> bool {
        let has = |own: Link, part: Link| own == Link::Missing && part == Link::There;
        has(self.planned, part.planned) || has(self.tasked, part.tasked)
    }
}

/// What is asked of the index of a scope to know who serves what.
pub(super) trait Definitions {
    /// Whether anything defines `id`.
    fn is_defined(&self, id: &Id) -> bool;
    /// All ids that are defined, in no order.
    fn all(&self) -> impl Iterator<Item = &Id>;
    /// Those of them that are written or counted, and not only rendered.
    fn stated(&self) -> impl Iterator<Item = &Id>;
    /// The defined ids with the number `tail`.
    fn with_number(&self, tail: &str) -> &[Id];
    /// What is called otherwise now and was called `id`.
    fn named_now(&self, id: &Id) -> Vec<&Id>;
    /// What each file does with ids.
    fn files(&self) -> impl Iterator<Item = &Names>;
}

impl Coverage {
    /// Whether a plan or task serves `id`: names it, one of its parents or one of its children in a trace line, or, in
    /// the tasks, anywhere.
    pub(super) fn covers(&self, id: &Id) -> bool {
        let Coverage { plans, tasks, matrices, .. } = self;
        [plans, tasks, matrices].iter().any(|served| served.serves(id))
    }

    /// Which of the links from `id` to what is built are there.
    pub(super) fn chain_of(&self, id: &Id) -> Chain {
        let Coverage { plans, tasks, matrices, .. } = self;
        let link = |served: &Served| {
            if served.serves(id) || matrices.serves(id) {
                Link::There
            } else if served.serves_family(id.family()) {
                Link::Missing
            } else {
                Link::Unjudged
            }
        };
        Chain { planned: link(plans), tasked: link(tasks) }
    }

    /// As part of what alone tasks name `id`, while they name most of its siblings one by one.
    pub(super) fn named_in_whole(&self, own: &impl Definitions, id: &Id) -> Option<Whole> {
        let Coverage { tasks, matrices, .. } = self;
        if tasks.is_own(id) || matrices.serves(id) || !tasks.serves_family(id.family()) {
            return None;
        }
        let mut at = id.clone();
        loop {
            let apart = || {
                let groups = self.groups.get_or_init(|| self.counted(own, group_of));
                let (all, cited) = groups.get(&group_of(&at)).copied().unwrap_or_default();
                cited >= FEWEST_APART && cited * 2 >= all
            };
            // Who names most of all requirements one by one has forgotten one also where its group is named little.
            let mostly = || {
                let kinds = self.kinds.get_or_init(|| self.counted(own, kind_of));
                let (all, cited) = kinds.get(&kind_of(&at)).copied().unwrap_or_default();
                cited >= FEWEST_OF_KIND && cited * 2 >= all || apart()
            };
            let parent = at.parent();
            let whole = std::iter::successors(parent.clone(), Id::parent).find(|above| tasks.named.contains(above));
            match whole {
                Some(above) if apart() => return Some(Whole::Of(above)),
                None if let Some((first, last)) = tasks.swept.get(&at)
                    && mostly() =>
                {
                    return Some(Whole::Range(first.clone(), last.clone()));
                }
                None if !tasks.all => return None,
                None if mostly() => return Some(Whole::All),
                _ => at = parent.filter(|above| own.is_defined(above) && !tasks.is_own(above))?,
            }
        }
    }

    /// How many requirements there are of each sort, and how many of them tasks name one by one.
    fn counted<K: Eq + Hash>(&self, own: &impl Definitions, sort_of: impl Fn(&Id) -> K) -> FxHashMap<K, (u32, u32)> {
        let mut counted: FxHashMap<K, (u32, u32)> = FxHashMap::default();
        for id in own.stated() {
            let (all, cited) = counted.entry(sort_of(id)).or_default();
            *all += 1;
            *cited += u32::from(self.tasks.is_own(id));
        }
        counted
    }

    /// Whether files of `role` already name `id` or one of its parents; for a role that serves nothing, whether any do.
    pub(super) fn is_named_by(&self, role: Role, id: &Id) -> bool {
        let Coverage { plans, tasks, matrices, .. } = self;
        match role {
            Role::Plan => plans.names(id) || matrices.names(id),
            Role::Tasks => tasks.names(id),
            _ => [plans, tasks, matrices].iter().any(|served| served.names(id)),
        }
    }

    /// Whether coverage of this family can be judged: the tasks or the plan are known to serve it by trace lines.
    pub(super) fn judges(&self, family: &str) -> bool {
        let Coverage { plans, tasks, .. } = self;
        plans.serves_family(family) || tasks.serves_family(family)
    }

    /// Who names nearly all ids of a family which neither plan nor tasks trace, how many of them, and how many there are.
    pub(super) fn mostly_named(&self, index: &impl Definitions, family: &str) -> Option<(Listing, usize, usize)> {
        /// Fewer are no way, unless one alone is left out.
        const FEWEST: usize = 5;
        const FEWEST_BUT_ONE: usize = 3;
        if self.judges(family) {
            return None;
        }
        let own: Vec<&Id> = index.all().filter(|id| id.family().eq_ignore_ascii_case(family)).collect();
        let named = |listing: Listing| {
            let named = own.iter().filter(|id| self.is_listed_in(index, listing, id)).count();
            // Whoever sets up a table of what is traced means all of them, however far it is.
            let lists = matches!(listing, Listing::Matrix | Listing::Table) && !family.is_empty();
            let share = if lists || listing == Listing::Tasks { 6 } else { 8 };
            let most = named >= FEWEST && named * 10 >= own.len() * share;
            let but_one = listing == Listing::Tasks && named >= FEWEST_BUT_ONE && own.len() == named + 1;
            (most || but_one).then_some((listing, named, own.len()))
        };
        let traced = || self.specs.serves_family(family).then(|| named(Listing::Specification)).flatten();
        [Listing::Matrix, Listing::Table, Listing::Tasks, Listing::Plan].into_iter().find_map(named).or_else(traced)
    }

    /// Whether `id` is named there, or in a trace matrix.
    pub(super) fn is_listed_in(&self, index: &impl Definitions, listing: Listing, id: &Id) -> bool {
        let Coverage { specs, matrices, tables, tasks, .. } = self;
        matrices.serves(id)
            || match listing {
                Listing::Matrix => false,
                Listing::Table => tables.serves(id),
                Listing::Tasks => tasks.serves(id),
                Listing::Plan => index.files().filter(|names| names.role == Role::Plan).any(|names| {
                    names.uses.get(id).is_some_and(|used| used.mentioned)
                        || names.ranges.iter().any(|(first, last)| first <= id && id <= last)
                }),
                Listing::Specification => specs.serves(id),
            }
    }

    /// Who serves what, by what the files of an index name.
    pub(super) fn of(index: &impl Definitions) -> Self {
        let mut coverage = Coverage::default();
        let mut sweeps = Vec::new();
        for names in index.files() {
            let tasks = names.role == Role::Tasks;
            // A row of a matrix is its trace line.
            let any = tasks || names.role == Role::Trace;
            let listed = || names.uses.iter().filter(|(_, used)| used.listed);
            listed().for_each(|(id, _)| coverage.tables.add(id));
            if listed().next().is_some() {
                let between = |id: &Id| names.ranges.iter().any(|(first, last)| first <= id && id <= last);
                index.all().filter(|id| between(id)).for_each(|id| coverage.tables.add(id));
            }
            let served = match names.role {
                Role::Plan => &mut coverage.plans,
                Role::Tasks => &mut coverage.tasks,
                Role::Trace => &mut coverage.matrices,
                Role::Spec => &mut coverage.specs,
                _ => continue,
            };
            served.all |= names.all;
            let traced = || names.uses.iter().filter(|(_, used)| used.traced || (any && used.mentioned));
            served.named.reserve(traced().count());
            for (id, used) in traced() {
                // Most are defined, and mean nothing else.
                let defined = index.is_defined(id);
                let (mut renamed, mut hyphenated) = (Vec::new(), None);
                if !defined {
                    if let Some((first, last)) = range_of(index, id) {
                        index.all().filter(|id| first <= **id && **id <= last).for_each(|id| served.add(id));
                    }
                    renamed.extend(index.named_now(id).into_iter().cloned());
                    hyphenated = id.hyphenated().filter(|other| index.is_defined(other));
                }
                let meant = if defined {
                    std::slice::from_ref(id)
                } else if !renamed.is_empty() {
                    &renamed
                } else if let Some(other) = &hyphenated {
                    std::slice::from_ref(other)
                } else if (id.family().is_empty() || id.prefix().len() <= 4 && is_numbered(index, id))
                    && !index.with_number(id.tail()).is_empty()
                {
                    index.with_number(id.tail())
                } else {
                    std::slice::from_ref(id)
                };
                // Requirement 3 is served where its R3.1 is.
                if id.as_str().starts_with(['r', 'R']) && id.prefix().len() <= 4 {
                    served.add(&Id::new(id.tail()));
                }
                for id in meant {
                    served.add(id);
                    if used.settled && !served.serves_family(id.family()) {
                        served.families.insert(id.family().to_ascii_uppercase());
                    }
                }
            }
            for (first, last) in &names.ranges {
                let all: Vec<Id> = index.all().filter(|id| first <= *id && *id <= last).cloned().collect();
                if tasks && is_sweep(index, first, last, all.len()) {
                    sweeps.push(((first.clone(), last.clone()), all));
                } else {
                    all.iter().for_each(|id| served.add(id));
                }
            }
        }
        sweeps.into_iter().for_each(|(range, all)| coverage.tasks.sweep(&range, all));
        for served in [&mut coverage.plans, &mut coverage.tasks] {
            served.keep_served_families(index.stated());
        }
        coverage
    }
}

/// Whether `R3.8` may mean criterion 8 of Requirement 3 here.
fn is_numbered(index: &impl Definitions, id: &Id) -> bool {
    id.prefix().starts_with(['r', 'R']) && index.is_defined(&Id::new(id.tail()))
}

/// The ends of the range that `id` is: nothing has this id, and both ends are defined.
pub(super) fn range_of(index: &impl Definitions, id: &Id) -> Option<(Id, Id)> {
    let (first, last) = id.ends().filter(|_| !index.is_defined(id))?;
    // Where the first has parts that are numbered so, this is one of them.
    let parts =
        || index.is_defined(&Id::new(&format!("{first}-1"))) || index.is_defined(&Id::new(&format!("{first}-01")));
    (index.is_defined(&first) && index.is_defined(&last) && !parts()).then_some((first, last))
}

/// Whether a range that holds `count` ids goes over several groups, or over nearly all of a kind.
fn is_sweep(index: &impl Definitions, first: &Id, last: &Id, count: usize) -> bool {
    const FEWEST: usize = 5;
    if first.parent().is_some() {
        return group_of(first) != group_of(last);
    }
    let of_kind = || index.all().filter(|id| kind_of(id) == kind_of(first)).count();
    count >= FEWEST && count * 5 >= of_kind() * 4
}

/// So many siblings are named one by one where that is the way.
const FEWEST_APART: u32 = 2;

/// So many of a kind are.
const FEWEST_OF_KIND: u32 = 8;

/// A number for the letters of `id`, as [`letters`] compares them, and how many numbers it has.
fn kind_of(id: &Id) -> (u64, usize) {
    let mut hasher = FxHasher::default();
    let letters = id.prefix().bytes().filter(u8::is_ascii_alphanumeric);
    letters.for_each(|byte| hasher.write_u8(byte.to_ascii_uppercase()));
    (hasher.finish(), id.tail().bytes().filter(|byte| *byte == b'.').count())
}

/// What `id` is a part of, or its letters.
fn group_of(id: &Id) -> Id {
    id.parent().unwrap_or_else(|| Id::new(&letters(id)))
}
