//! Navigation: from a place to others, by what stands there or by a name.

pub mod definition;
pub mod declaration;
pub mod implementation;
pub mod type_definition;
pub mod references;
pub mod document_highlight;
pub mod document_symbols;
pub mod workspace_symbols;
