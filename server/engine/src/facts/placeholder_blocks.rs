//! Blocks around placeholders: what is amiss with a whole row, list or paragraph is said once.

use super::BlockKind;
use super::reader::{Item, Nest, Reader};
use crate::text::Trim;
use std::ops::Range;

/// A block that may hold placeholders.
#[derive(Clone, Default)]
pub(super) struct Around {
    pub(super) range: Range<usize>,
    /// How many items or rows it has so far.
    pub(super) items: u32,
    /// Its index among the blocks that hold some.
    index: Option<u32>,
}

impl Around {
    pub(super) fn of(range: &Range<usize>) -> Self {
        Self { range: range.clone(), ..Self::default() }
    }
}

impl Reader<'_> {
    /// Notes the blocks around a placeholder that is noted now, so that what is amiss with a whole block can be said once.
    pub(super) fn note_blocks(&mut self) {
        let Self { text, nest, builder, block: (range, kind), .. } = self;
        // Blank lines behind a block are no part of it, and another reading may have others there.
        let trimmed = |range: &Range<usize>| range.start..range.start + text[range.clone()].trimmed_end().len();
        let (mut parent, mut held) = (None, false);
        for nest in nest.iter_mut() {
            let (block, kind) = match nest {
                Nest::List { block, .. } => (block, BlockKind::List),
                Nest::Item(Item { block, .. }) => (block, BlockKind::Item),
                Nest::Table { block, .. } => (block, BlockKind::Table),
                Nest::Row { block, .. } => (block, BlockKind::Row),
                Nest::Other => continue,
            };
            held = matches!(kind, BlockKind::Item | BlockKind::Row);
            let Around { range, index, .. } = block;
            parent = Some(*index.get_or_insert_with(|| builder.block(&trimmed(range), kind, parent)));
        }
        if !held {
            builder.block(&trimmed(range), *kind, parent);
        }
    }

    pub(super) fn end_block(&mut self, block: &Around) {
        if let Some(index) = block.index {
            self.builder.end_block(index, block.items);
        }
    }
}
