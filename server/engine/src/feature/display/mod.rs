//! Display: what an editor shows of a document beside its text, in it or instead of it.

pub(crate) mod section_hover;
pub mod hover;
pub mod code_lenses;
mod response;
pub mod inlay_hints;
pub mod semantic_tokens;
pub mod folding_ranges;
pub mod selection_ranges;
pub mod document_links;
