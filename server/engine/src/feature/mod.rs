//! Features: what an editor can ask, each a function of a snapshot in a file of its own.

pub(crate) mod source;
mod list_items;
mod cursor;
mod folder_names;
pub mod hierarchies;
pub mod navigation;
pub mod completion;
pub mod explain;
pub mod display;
pub mod refactoring;
pub mod formatting;

pub use source::Source;
