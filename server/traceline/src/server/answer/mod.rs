//! The answers: each asks the keeper and puts what it says into the protocol's words.

mod code_actions;
mod completion;
mod diagnostics;
mod display;
mod formatting;
mod hierarchies;
mod navigation;
mod rename;
mod semantic_tokens;

pub(crate) use code_actions::APPLY;
