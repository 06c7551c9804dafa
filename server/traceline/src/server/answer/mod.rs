//! The answers: each asks the keeper and puts what it says into the protocol's words.

mod changing;
mod diagnosing;
mod finding;
mod formatting;
mod graph;
mod reading;
mod renaming;
mod seeing;
mod tokens;

pub(crate) use changing::APPLY;
