//! The engine of Traceline: reads plan documents and answers questions about their requirements.
//!
//! Text in, answers out, one direction: text → segments → facts → index → rules and features → words.
//! No I/O, no threads, no clock, no protocol types. Each module uses only modules above it in this list.

pub mod text;
pub mod letter_set;
mod words;
pub mod id;
pub mod dialect;
pub mod facts;
pub mod template;
pub mod path;
mod relative_link;
pub mod link_set;
pub mod fingerprint;
pub mod wording;
pub mod review_lock;
pub mod baseline;
pub mod syntax;
pub mod document;
pub mod scope;
pub mod index;
pub mod settings;
pub mod world;
pub mod query;
pub mod review;
pub mod batch;
pub mod trace_links;
pub mod edit;
pub mod suggestion;
pub mod outline;
pub mod rule;
pub mod feature;
pub mod export;

#[cfg(test)]
mod fixture;
