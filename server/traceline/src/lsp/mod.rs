//! The protocol's words: what we say in them and understand of them, with nothing of who answers or when.

pub(crate) mod client_capabilities;
pub(crate) mod notification;
pub(crate) mod uri_map;
pub(crate) mod convert;
pub(crate) mod diagnostics;
pub(crate) mod edits;
pub(crate) mod progress;
pub(crate) mod refresh;
pub(crate) mod semantic_tokens;
pub(crate) mod server_capabilities;
