//! Outlines: the sections of a document, and which sections of its template they are.

mod heading;
mod sections;
mod assign;
mod build;
mod schema;
mod form;
mod mend;
mod state;
mod problems;

pub use form::{Asked, Form, form_of};
pub use heading::{Fit, Heading};
pub use mend::Mend;
pub(crate) use mend::{candidates, joined, section_inserted};
pub use problems::{Problem, problems};
pub use schema::{is_own, schema_of, template_of};
pub use sections::Outline;
pub use state::State;
