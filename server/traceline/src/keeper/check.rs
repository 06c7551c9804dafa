//! Checking one file, whatever a rule does.

use crate::disk::Disk;
use crate::fault;
use std::panic::{AssertUnwindSafe, catch_unwind};
use traceline_engine::feature::Source;
use traceline_engine::path::FilePath;
use traceline_engine::rule::identity::leave_known;
use traceline_engine::rule::{self, Finding, Memory};
use traceline_engine::world::Snapshot;

/// The findings of a file, with `memory` of the last time if it is open; none where a rule panics over it. That costs no
/// other file its findings, and the world, of which this only sees a picture, nothing at all.
pub(super) fn check_file(
    snapshot: &Snapshot,
    path: &FilePath,
    mut memory: Option<&mut Memory>,
) -> Option<Vec<Finding>> {
    let found = catch_unwind(AssertUnwindSafe(|| {
        fault::panic_over("find", path);
        let mut found = match memory.as_deref_mut() {
            Some(memory) if snapshot.document(path).is_some() => rule::check_again(snapshot, path, memory),
            _ => rule::check_text(snapshot, path, &|| Disk.text(path)),
        };
        leave_known(snapshot, path, &mut found, || Disk.text(path));
        found
    }));
    if found.is_err()
        && let Some(memory) = memory
    {
        // It was left in the middle.
        *memory = Memory::default();
    }
    found.ok()
}
