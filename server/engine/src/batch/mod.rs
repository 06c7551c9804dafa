//! Questions about whole documents, asked in one batch: each id looked up once, each file gone through once.

mod meanings;
mod titles;
mod nodes;
mod coverage;

pub(crate) use coverage::many;
pub use coverage::{Service, Tally, service_of, tallies};
pub(crate) use meanings::Sought;
pub use meanings::{Meanings, RequirementKey};
pub use nodes::{Node, Nodes};
pub use titles::{Titled, Titles};
