//! The keeper: the one thread that owns the world. Edits and questions reach it through one inbox, in their order.

mod pool;
mod editor;
mod check;
mod related;
mod checked;
mod result_ids;
mod pulls;
mod watching;
mod nearby;
mod inbox;
mod publisher;
mod state;
mod questions;
mod findings;
mod configs;
mod files;
mod documents;
mod roots;
mod run;

pub(crate) use editor::Editor;
pub(crate) use inbox::{Cancellation, Inbox, Message, Needs, State};
pub(crate) use pulls::{Pull, Pulled, Report, WorkspacePull};
pub(crate) use result_ids::ResultId;
pub(crate) use run::start;
