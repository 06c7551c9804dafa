//! Which template a file has: its team's own, else that of its dialect.

use super::build::is_too_long;
use crate::dialect::Role;
use crate::path::FilePath;
use crate::template::{Schema, built_in};
use crate::world::{Snapshot, View};
use std::sync::Arc;

/// The template of the file: its team's own, else that of its dialect.
#[must_use]
pub fn schema_of<'a>(snapshot: &'a Snapshot, view: &View<'_>) -> Option<&'a Arc<Schema>> {
    if is_too_long(view) {
        return None;
    }
    template_of(snapshot, view.path, view.role)
}

/// Whether the file's template is its team's own.
#[must_use]
pub fn is_own(snapshot: &Snapshot, view: &View<'_>) -> bool {
    snapshot.settings_of(view.path).templates.contains_key(&view.role)
}

/// The template of a file of this role at this path.
#[must_use]
pub fn template_of<'a>(snapshot: &'a Snapshot, path: &FilePath, role: Role) -> Option<&'a Arc<Schema>> {
    if let Some(own) = snapshot.settings_of(path).templates.get(&role) {
        return Some(own);
    }
    let names = &snapshot.dialect_of(path).table.templates;
    built_in(match role {
        Role::Spec => &names.spec,
        Role::Plan => &names.plan,
        Role::Tasks => &names.tasks,
        _ => return None,
    })
}
