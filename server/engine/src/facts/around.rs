//! What stands around a place: its tasks, and its block.

use super::{Facts, Task};
use crate::text::Span;

impl Facts {
    /// The innermost task around the byte `at`.
    pub(crate) fn task_at(&self, at: u32) -> Option<&Task> {
        self.innermost_task(at, |item| item.touches(at)).map(|which| &self.tasks[which])
    }

    /// The innermost task that begins before the byte `at` and whose item `holds` what stands there: an index into
    /// [`Facts::tasks`].
    pub(crate) fn innermost_task(&self, at: u32, holds: impl Fn(Span) -> bool) -> Option<usize> {
        let mut which = self.last_task_before(at)?;
        while !holds(self.tasks[which].item) {
            which = self.tasks[which].parent? as usize;
        }
        Some(which)
    }

    /// The last task that begins before the byte `at` or there: an index into [`Facts::tasks`].
    pub(crate) fn last_task_before(&self, at: u32) -> Option<usize> {
        self.tasks.partition_point(|task| task.item.start <= at).checked_sub(1)
    }

    /// The outermost task around a byte.
    pub(crate) fn task_around(&self, offset: u32) -> Option<Span> {
        let mut at = self.last_task_before(offset)?;
        while let Some(parent) = self.tasks[at].parent {
            at = parent as usize;
        }
        Some(self.tasks[at].item).filter(|item| item.touches(offset))
    }

    /// The innermost block around the placeholder or bracket at the byte `at`: an index into [`Facts::blocks`].
    #[must_use]
    pub fn block_at(&self, at: u32) -> Option<usize> {
        let mut which = self.blocks.partition_point(|block| block.span.start <= at).checked_sub(1)?;
        while !self.blocks[which].span.touches(at) {
            which = self.blocks[which].parent? as usize;
        }
        Some(which)
    }
}
