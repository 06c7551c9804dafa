//! Completion: of ids, and of sections.

pub mod id_completion;
pub mod section_completion;
