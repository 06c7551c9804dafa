//! Go to implementation: the tasks that carry a requirement.

use super::definition::Target;
use crate::feature::cursor::named_at;
use crate::feature::hierarchies::call_hierarchy::tasks_of;
use crate::path::FilePath;
use crate::text::Span;
use crate::world::Snapshot;
use rustc_hash::FxHashSet;

/// The tasks that carry the requirement at byte `offset` of the file, in the order of files and text: those that name it or
/// one of its parts, and where there are none those that name what it is part of.
#[must_use]
pub fn implementation(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Target> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let mut known: FxHashSet<(FilePath, Span)> = FxHashSet::default();
    let mut out = Vec::new();
    for symbol in named_at(snapshot, &view, offset) {
        let Some(scope) = symbol.scope else { continue };
        for task in tasks_of(snapshot, &(scope, symbol.id)) {
            if known.insert((task.whole.path.clone(), task.exact)) {
                out.push(Target { origin: symbol.span, exact: task.exact, whole: task.whole });
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
