//! Go to type definition: the requirement that a requirement is part of.

use super::definition::Target;
use crate::feature::cursor::named_at;
use crate::feature::hierarchies::requirement::whole_of;
use crate::path::FilePath;
use crate::query::definitions_of;
use crate::world::Snapshot;

/// Where the parent of the requirement at byte `offset` of the file is stated.
#[must_use]
pub fn type_definition(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Vec<Target> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let mut out: Vec<Target> = Vec::new();
    for symbol in named_at(snapshot, &view, offset) {
        let Some(scope) = &symbol.scope else { continue };
        let Some(parent) = whole_of(snapshot, scope, &symbol.id) else { continue };
        for defined in definitions_of(snapshot, scope, &parent) {
            let target = Target::statement(symbol.span, &defined);
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

    fn leads_to(fixture: &str) -> Vec<u32> {
        let (world, path, offset) = cursor(fixture);
        type_definition(&world.snapshot(), &path, offset).iter().map(|target| target.exact.start).collect()
    }

    #[test]
    fn a_part_leads_to_the_nearest_whole_that_is_defined() {
        assert_eq!(leads_to("//- a/spec.md\n## FR-1: A\n\n- **FR-1.$01**: B\n"), [3]);
        assert_eq!(leads_to("//- a/spec.md\n## FR-1: A\n\n- **FR-1.1.$02**: B\n"), [3]);
        assert_eq!(leads_to("//- a/spec.md\n## FR-$01: A\n"), [0; 0]);
        assert_eq!(
            leads_to(
                "//- .kiro/specs/a/requirements.md\n### Requirement 1: A\n\n#### Acceptance Criteria\n\n1. WHEN x THEN the system SHALL y\n//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.$01_\n"
            ),
            [16]
        );
    }
}
