//! The harness of the outer tests: it knows the built binary, workspaces drawn as text, and how an editor talks.
//!
//! Nothing here knows how the server is made: the specification of the Language Server Protocol and the formats that
//! `traceline` promises are all that the tests lean on.

pub mod binary;
pub mod capabilities;
pub mod client;
pub mod command;
pub mod draw;
pub mod edit;
pub mod fixture;
pub mod places;
pub mod record;
pub mod report;
pub mod repository;
#[cfg(unix)] // Wine's consoles are driven by tests/windows/console.py
pub mod terminal;
pub mod text;
pub mod wire;
pub mod workspace;

pub use client::{Client, Setup};
pub use fixture::Fixture;
pub use text::{Encoding, Position};
pub use workspace::Workspace;
