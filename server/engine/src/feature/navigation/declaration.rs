//! Go to declaration: where a requirement is stated, from a reference and from the statement itself.

use super::definition::Target;
use crate::feature::cursor::named_at;
use crate::path::FilePath;
use crate::query::definitions_of;
use crate::world::Snapshot;

/// Where the id at byte `offset` of the file is stated.
#[must_use]
pub fn declaration(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Target> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let mut out = Vec::new();
    for symbol in named_at(snapshot, &view, offset) {
        let Some(scope) = &symbol.scope else { continue };
        let defined = definitions_of(snapshot, scope, &symbol.id);
        out.extend(defined.iter().map(|defined| Target::statement(symbol.span, defined)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    #[test]
    fn a_statement_is_its_own_declaration() {
        for fixture in [
            "//- a/spec.md\n- **FR-1.$01**: A\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1_\n",
            "//- a/spec.md\n- **FR-1.1**: A\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.$01_\n",
        ] {
            let (world, path, offset) = cursor(fixture);
            let found = declaration(&world.snapshot(), &path, offset);
            let places: Vec<_> = found.iter().map(|target| (target.whole.path.name(), target.exact.start)).collect();
            assert_eq!(places, [("spec.md", 4)], "{fixture}");
        }
    }
}
