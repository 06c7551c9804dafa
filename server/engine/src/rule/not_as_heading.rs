//! Sections that are missing as headings only: they stand there as code, or as a line in bold.

use crate::facts::Holds;
use crate::outline::{Mend, Problem};
use crate::template::Schema;
use crate::world::View;
use rustc_hash::FxHashSet;

/// Leaves out the problems of such sections.
pub(super) fn retain(view: &View<'_>, schema: &Schema, problems: &mut Vec<Problem>) {
    if !problems.iter().any(|it| matches!(it, Problem::Missing { .. })) {
        return;
    }
    let fenced = || view.parts_with(Holds::OPEN_FENCE.and(Holds::INNER_FENCES)).map(|(_, facts)| facts);
    let open = fenced().flat_map(|facts| facts.open_fence.iter().flat_map(|fence| &fence.headings).map(|it| it.key));
    let inner = fenced().flat_map(|facts| facts.inner_fences.iter().flat_map(|fence| &fence.headings).copied());
    let bold = view.parts().flat_map(|(_, facts)| facts.bold_titles.iter().copied());
    let slots = open.chain(inner).chain(bold).filter_map(|key| schema.keys.get(&key));
    let there: FxHashSet<usize> = slots.flatten().copied().collect();
    if !there.is_empty() {
        let lost = |mend: &Mend| matches!(mend, Mend::Insert { slot, .. } if there.contains(slot));
        problems.retain(|it| !matches!(it, Problem::Missing { mend, .. } if lost(mend)));
    }
}
