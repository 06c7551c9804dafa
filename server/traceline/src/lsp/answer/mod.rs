//! The answers: each asks the keeper and puts what it says into the protocol's words.

mod changing;
mod diagnosing;
mod finding;
mod formatting;
mod graph;
mod reading;
mod renaming;
mod seeing;
pub(super) mod tokens;

pub(crate) use changing::{APPLY, ActionAbilities, kinds};
pub(crate) use formatting::moves;
