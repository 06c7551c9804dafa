//! Go to implementation: the tasks that carry a requirement.

use super::definition::Target;
use crate::path::FilePath;
use crate::query::{coverage_of, symbols_at};
use crate::world::Snapshot;

/// The tasks that carry the requirement at byte `offset` of the file, in the order of files and text.
#[must_use]
pub fn implementation(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Target> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let mut out: Vec<Target> = Vec::new();
    for symbol in symbols_at(snapshot, &view, offset) {
        let Some(scope) = &symbol.scope else { continue };
        let servers = coverage_of(snapshot, scope, &symbol.id);
        for task in servers.into_iter().filter(|server| server.state.is_some()) {
            let target = Target { origin: symbol.span, exact: task.place.span, whole: task.place };
            if !out.contains(&target) {
                out.push(target);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    #[test]
    fn tasks_carry_a_requirement_and_sections_do_not() {
        let (world, path, offset) = cursor(
            "//- a/spec.md\n- **FR-1.$01**: A\n- **FR-1.2**: B\n//- a/plan.md\n## P\n_Requirements: FR-1.1_\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1–1.2_\n- [x] 2. U [FR-1.1] and FR-1.1\n- [ ] 3. V FR-1.2\n",
        );
        let found = implementation(&world.snapshot(), &path, offset);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(|target| target.whole.path.name() == "tasks.md"));
    }
}
