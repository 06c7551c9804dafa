//! The blocks that are open around what is being read, and the block of text itself.

use super::former_names::{NameColumns, RowNames};
use super::placeholder_blocks::Around;
use std::ops::Range;

/// A block that is open around what is being read.
pub(super) enum Nest {
    List {
        ordered: bool,
        next: u64,
        items: Vec<CountedItem>,
        top: bool,
        block: Around,
    },
    Item(Item),
    /// `ids`: see [`super::table::stating_columns`]; `names`: which columns say how requirements were called.
    Table {
        columns: Vec<String>,
        ids: u64,
        names: Option<NameColumns>,
        head: bool,
        block: Around,
    },
    /// `definition`: what the row defines, and in which column; `hints` says that each cell is nothing but a bracket.
    Row {
        cell: usize,
        definition: Option<(usize, usize)>,
        names: Option<Box<RowNames>>,
        block: Around,
        hints: bool,
    },
    Other,
}

#[derive(Default)]
pub(super) struct Item {
    pub(super) start: usize,
    pub(super) block: Around,
    pub(super) fresh: bool,
    pub(super) number: Option<(Range<usize>, u64)>,
    pub(super) task: Option<u32>,
    pub(super) definition: Option<usize>,
    pub(super) counted: Option<usize>,
}

/// An ordered item that may be a criterion; which number names it shows when the list is whole.
pub(super) struct CountedItem {
    pub(super) number: Range<usize>,
    pub(super) rendered: u64,
    pub(super) body: Range<usize>,
    pub(super) text: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LeafKind {
    Heading(u8),
    Paragraph,
    Item,
    Cell,
}

pub(super) struct Leaf {
    pub(super) kind: LeafKind,
    pub(super) start: usize,
    pub(super) end: usize,
}
