//! The engine of Traceline: reads plan documents and answers questions about their requirements.
//!
//! Text in, answers out, one direction: text → segments → facts → index → rules and features → words.
//! No I/O, no threads, no clock, no protocol types. Each module uses only modules above it in this list.

pub mod dialect;
pub mod document;
pub mod edit;
pub mod export;
pub mod facts;
pub mod feature;
pub mod id;
pub mod index;
pub mod path;
pub mod query;
pub mod rule;
pub mod scope;
pub mod settings;
pub mod syntax;
pub mod text;
pub mod world;

#[cfg(test)]
mod fixture;
