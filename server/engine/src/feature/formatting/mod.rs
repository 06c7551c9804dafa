//! Formatting: of a document, of a range of it, and while somebody types.

mod trace_lines;
mod table;
mod numbers;
mod document;
pub mod on_type;

pub use document::formatting;
