//! Reports: findings and facts as people and programs read them.

pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod place;
