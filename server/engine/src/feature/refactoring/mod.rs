//! Refactoring: edits of one file or many that are proposed and not made.

pub mod linked_editing;
pub mod rename;
pub mod renumber;
pub(crate) mod shape;
pub(crate) mod steps;
mod notes;
pub mod former;
pub mod retrace;
pub mod retire;
pub mod merge;
pub mod split;
pub mod file_rename;
pub mod new_file;
pub(crate) mod fill_in;
pub mod fixes;
pub mod code_action;
