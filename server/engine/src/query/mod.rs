//! Questions about ids: what is at a place, where is it defined, who uses it, who covers it.

mod place;
mod lookup;
mod symbol;
mod definitions;
mod statements;
mod references;
mod coverage;
mod named;

pub use coverage::{CoveringItem, coverage_of, section_at, task_at};
pub use definitions::{Defined, definitions_of, former_names_of, parent_of, predecessors_of, successors_of};
pub use lookup::Lookup;
pub use named::{Named, full_name_of, name_of, requirement_named};
pub use place::Place;
pub(crate) use references::spellings_of;
pub use references::{Referrer, references_to};
pub use statements::{Statement, statements_in, states};
pub use symbol::{Symbol, SymbolRole, symbols_at};
