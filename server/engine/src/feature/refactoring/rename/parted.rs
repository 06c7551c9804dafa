//! Ids that several requirements have, and that part: which of the requirements a place means.

use crate::edit::Edit;
use crate::id::Id;
use crate::path::FilePath;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Requirements of one file whose numbers are put in order.
pub(crate) struct Parted {
    pub(crate) path: FilePath,
    /// What states each requirement that shares its id with another.
    pub(crate) stretches: Vec<Stretch>,
    /// The shared ids, each with the requirements that have it: where they stand, and what they get.
    pub(crate) shared: BTreeMap<Id, Vec<(Span, Id)>>,
    /// Whether it is known which of them is meant elsewhere: that one gets what the moves say.
    pub(crate) told: bool,
    /// Ids by which nothing but a rendered number goes.
    pub(crate) rendered: FxHashSet<Id>,
    /// The numbers of a list's items, which go with the ids behind them.
    pub(crate) marks: Vec<Edit>,
}

/// A stretch of text in which ids mean what is stated there.
pub(crate) struct Stretch {
    pub(crate) span: Span,
    /// What the ids that it defines become.
    pub(crate) news: FxHashMap<Id, Id>,
}

impl Parted {
    /// What becomes of shared ids.
    pub(super) fn moved(&self) -> impl Iterator<Item = (Id, Id)> + '_ {
        let all = self.shared.iter().flat_map(|(old, those)| those.iter().map(move |(_, new)| (old, new)));
        let stretches = self.stretches.iter().flat_map(|stretch| &stretch.news);
        all.chain(stretches)
            .filter(|(old, new)| old.as_str() != new.as_str())
            .map(|(old, new)| (old.clone(), new.clone()))
    }

    /// The innermost statement around byte `at` of the file that says what `id` is.
    pub(super) fn stretch_at(&self, path: &FilePath, at: u32, id: &Id) -> Option<&Id> {
        if *path != self.path {
            return None;
        }
        let around = self.stretches.iter().filter(|stretch| stretch.span.start <= at && at < stretch.span.end);
        let own = around.filter_map(|stretch| Some((stretch.span.len(), stretch.news.get(id)?)));
        own.min_by_key(|(len, _)| *len).map(|(_, new)| new)
    }
}
