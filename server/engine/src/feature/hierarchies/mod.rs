//! Hierarchies: the trace graph as a call hierarchy, the tree of ids as a type hierarchy.

pub(crate) mod requirement;
pub mod call_hierarchy;
pub mod type_hierarchy;
