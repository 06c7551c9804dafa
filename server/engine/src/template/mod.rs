//! Templates: Markdown that is both the scaffold of a document and the schema of its sections.
//!
//! Headings are sections, bracketed text is a hint to be filled in, a trace line says that the section wants one, and a
//! comment below a heading is its help and its options. `{n}` and `{name}` in a heading stand for what differs.

mod heading;
mod schema;
mod reader;
mod form;
mod scaffold;
mod translated;
mod built_in;

pub use built_in::built_in;
pub use form::read_form;
pub use heading::{Heading, Pattern};
pub use reader::read;
pub use scaffold::renumber;
pub use schema::{Label, Mistake, Options, Schema, Slot};
pub(crate) use translated::originals_of;
