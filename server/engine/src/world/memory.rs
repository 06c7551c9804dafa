//! Memory: how many bytes the closed files of a snapshot take, by what they are kept for.

use super::file::Closed;
use super::snapshot::Snapshot;
use crate::facts::Facts;
use std::collections::BTreeMap;
use std::mem::{size_of, size_of_val};

/// What an allocation takes beside what is asked for, in bytes, in most allocators.
const OVERHEAD: usize = 8;

/// Bytes by what they are kept for.
pub type Parts = BTreeMap<&'static str, usize>;

impl Snapshot {
    /// How many bytes closed files take, by what they are kept for. Sharing and the allocator make the process take others.
    #[must_use]
    pub fn memory(&self) -> Parts {
        let mut parts = Parts::new();
        for (path, file) in self.scopes.values().flat_map(|scope| scope.files.iter()) {
            let mut add = |part, bytes: usize| *parts.entry(part).or_default() += bytes;
            add("paths", path.as_str().len() + 2 * size_of::<usize>() + OVERHEAD);
            add("files", size_of_val(&**file) + 2 * size_of::<usize>() + OVERHEAD);
            if let Some(closed) = &file.closed {
                closed.add_to(&mut add);
            }
        }
        parts
    }
}

impl Closed {
    fn add_to(&self, add: &mut impl FnMut(&'static str, usize)) {
        add("lines", self.lines.memory());
        add("letters", boxed(&self.letter_sets));
        if self.packed.is_empty() {
            add("facts", size_of::<Facts>() + 2 * size_of::<usize>() + OVERHEAD);
            self.facts.get().into_iter().for_each(|facts| facts.add_to(add));
        } else {
            let [words, others] = self.packed.memory();
            add("words", words);
            add("facts", others + OVERHEAD);
        }
    }
}

/// The bytes of a boxed slice.
fn boxed<T>(slice: &[T]) -> usize {
    if slice.is_empty() { 0 } else { size_of_val(slice) + OVERHEAD }
}

impl Facts {
    fn add_to(&self, add: &mut impl FnMut(&'static str, usize)) {
        add("ids", boxed(&self.ids));
        add("definitions", boxed(&self.definitions));
        add("references", boxed(&self.references));
        let flaws: usize = self.traces.iter().map(|trace| boxed(&trace.flaws)).sum();
        add("trace lines", boxed(&self.traces) + flaws);
        add(
            "tasks",
            boxed(&self.tasks)
                + boxed(&self.task_names)
                + boxed(&self.totals)
                + boxed(&self.properties)
                + boxed(&self.criteria)
                + boxed(&self.cited),
        );
        add("sections", boxed(&self.sections));
        add("blocks", boxed(&self.blocks));
        add("brackets", boxed(&self.placeholders) + boxed(&self.likely_placeholders) + boxed(&self.brackets));
        add("words", boxed(self.words.as_bytes()));
        add(
            "other",
            boxed(&self.lax)
                + boxed(&self.shapeless)
                + boxed(&self.questions)
                + boxed(&self.successors)
                + boxed(&self.former_names)
                + boxed(&self.possible)
                + boxed(&self.blanks)
                + boxed(&self.nones)
                + boxed(&self.unspaced_headings)
                + boxed(&self.remains)
                + boxed(&self.states)
                + boxed(&self.inner_fences)
                + self.inner_fences.iter().map(|it| boxed(&it.headings)).sum::<usize>()
                + boxed(&self.tool_tags)
                + boxed(&self.remarks)
                + boxed(&self.bold_titles)
                + boxed(&self.lost_boxes)
                + boxed(&self.links)
                + self.open_fence.as_ref().map_or(0, |fence| size_of_val(&**fence) + OVERHEAD + boxed(&fence.headings))
                + boxed(&self.suppressions)
                + boxed(&self.labels),
        );
    }
}
