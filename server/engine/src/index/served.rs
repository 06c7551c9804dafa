//! Which requirements the trace lines of some files name.

use crate::id::Id;
use rustc_hash::{FxHashMap, FxHashSet};

/// The requirements that files of one kind serve.
#[derive(Clone, Debug, Default)]
pub(super) struct Served {
    pub(super) named: FxHashSet<Id>,
    /// The parents of those.
    pub(super) above: FxHashSet<Id>,
    /// Bit n: one of those that are named stands below n others. Most are looked for in vain among what stands above.
    depths: u32,
    /// Whether one of the files names all requirements.
    pub(super) all: bool,
    /// Those that only a range over several groups holds, or over nearly all of a kind.
    pub(super) swept: FxHashMap<Id, (Id, Id)>,
    /// Families (upper case) that their trace lines are known to serve.
    pub(super) families: FxHashSet<String>,
}

impl Served {
    /// Whether they name `id` or one of its parents.
    pub(super) fn names(&self, id: &Id) -> bool {
        !self.named.is_empty()
            && (self.named.contains(id)
                || self.depths & depths_above(id) != 0
                    && std::iter::successors(id.parent(), Id::parent).any(|id| self.named.contains(&id)))
    }

    /// Whether trace lines serve this family.
    pub(super) fn serves_family(&self, family: &str) -> bool {
        self.families.iter().any(|own| own.eq_ignore_ascii_case(family))
    }

    /// Whether they name `id`, one of its parents or one of its children.
    pub(super) fn serves(&self, id: &Id) -> bool {
        self.all || self.above.contains(id) || self.names(id)
    }

    /// Whether they name `id` itself or one of its children.
    pub(super) fn is_own(&self, id: &Id) -> bool {
        self.above.contains(id) || self.named.contains(id) && !self.swept.contains_key(id)
    }

    /// Forgets the families that the trace lines cite by the way: what nothing defines, or a few ids of very many. Whoever
    /// cites only these traces nothing yet, so that nothing is missing. All ids that are `stated` are counted.
    pub(super) fn keep_served_families<'a>(&mut self, stated: impl Iterator<Item = &'a Id>) {
        /// Of so many, one is by the way.
        const MANY: usize = 10;
        let cited = std::mem::take(&mut self.families);
        if cited.is_empty() {
            return;
        }
        let mut own: Vec<(String, Vec<&Id>)> = cited.into_iter().map(|family| (family, Vec::new())).collect();
        for id in stated {
            let family = id.family();
            if let Some((_, all)) = own.iter_mut().find(|(cited, _)| cited.eq_ignore_ascii_case(family)) {
                all.push(id);
            }
        }
        let kept = own.into_iter().filter(|(_, own)| {
            let least = own.len().div_ceil(MANY).max(1);
            own.iter().filter(|id| self.serves(id)).take(least).count() == least
        });
        self.families = kept.map(|(family, _)| family).collect();
    }

    /// Adds what a range over `all` of them holds, unless they are named otherwise too.
    pub(super) fn sweep(&mut self, (first, last): &(Id, Id), all: Vec<Id>) {
        for id in all {
            if self.named.insert(id.clone()) {
                self.depths |= depth_bit(&id);
                self.swept.insert(id, (first.clone(), last.clone()));
            }
        }
    }

    pub(super) fn add(&mut self, id: &Id) {
        if self.named.insert(id.clone()) {
            self.depths |= depth_bit(id);
            let mut up = id.parent();
            // Where one is known, so are those above it.
            while let Some(above) = up.take_if(|above| !self.above.contains(above)) {
                up = above.parent();
                self.above.insert(above);
            }
        }
    }
}

/// The bit of [`Served::depths`] for `id`.
fn depth_bit(id: &Id) -> u32 {
    1 << id.depth().min(31)
}

/// The bits for what may stand above it.
fn depths_above(id: &Id) -> u32 {
    1_u32.checked_shl(crate::text::narrow(id.depth())).map_or(u32::MAX, |bit| bit - 1)
}
