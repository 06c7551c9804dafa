//! The report of `traceline list` as JSON: requirements of some family or state, as the matrix has them.

use super::matrix::{Entry, Matrix, Row, Stage, Stated};
use crate::query::name_of;
use crate::world::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

/// Requirements of some family or state. Lines count from 1.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "traceline list")]
pub struct Report<'a> {
    /// The version of this format.
    pub version: u32,
    /// The folder that all paths are relative to.
    pub root: &'a str,
    /// How many requirements there are, listed or not.
    pub of: usize,
    /// Those that were asked for, in the order of the matrix: what is missing first, then by scope and id.
    pub requirements: Vec<Named<'a>>,
}

/// A requirement with the name that asks for it.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Named<'a> {
    /// What `traceline show` and `traceline trace` find it by: its id, or that behind its feature where several have it.
    pub name: String,
    /// The requirement.
    #[serde(flatten)]
    pub requirement: Entry<'a>,
}

/// Which requirements are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those of these families, in whatever case; all where there are none.
    pub families: Vec<String>,
    /// Those that are so far; all where there are none.
    pub stages: Vec<Stage>,
}

impl Wanted {
    fn accepts(&self, row: &Row) -> bool {
        let of_family = |family: &String| family.eq_ignore_ascii_case(row.id.family());
        (self.families.is_empty() || self.families.iter().any(of_family))
            && (self.stages.is_empty() || self.stages.contains(&row.stage))
    }

    /// The families that no requirement has.
    pub fn unknown_families<'w>(&'w self, matrix: &Matrix) -> impl Iterator<Item = &'w str> {
        let known = |name: &str| matrix.families.iter().any(|family| family.name.eq_ignore_ascii_case(name));
        self.families.iter().map(String::as_str).filter(move |name| !known(name))
    }
}

/// The requirements of `matrix` that are asked for.
#[must_use]
pub fn report<'a>(snapshot: &Snapshot, matrix: &'a Matrix, wanted: &Wanted) -> Report<'a> {
    let rows = matrix.rows().filter(|stated| wanted.accepts(stated.row));
    let named = |stated: Stated<'a>| {
        let (scope, id) = (snapshot.scope_of(stated.file_path()), &stated.row.id);
        let name = scope.map_or_else(|| id.to_string(), |scope| name_of(snapshot, scope, id));
        Named { name, requirement: matrix.entry(&stated) }
    };
    Report { version: 1, root: &matrix.root, of: matrix.len(), requirements: rows.map(named).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::matrix::matrix;
    use crate::fixture::world;
    use crate::path::FilePath;

    const BOTH: &str = "//- a/spec.md\n- **FR-1**: one\n- **FR-2**: two\n- **NFR-1**: fast\n- ~~**FR-3**: gone~~\n//- a/tasks.md\n- [x] 1. Do\n  - _Requirements: FR-1_\n//- b/spec.md\n- **FR-1**: other\n";

    fn told(families: &[&str], stages: &[Stage]) -> Vec<String> {
        let snapshot = world(BOTH).snapshot();
        let matrix = matrix(&snapshot, &FilePath::new("/w"), &|_| true);
        let wanted = Wanted { families: families.iter().map(ToString::to_string).collect(), stages: stages.to_vec() };
        let report = report(&snapshot, &matrix, &wanted);
        assert_eq!(report.of, 5);
        report.requirements.iter().map(|it| format!("{} {}", it.requirement.state, it.name)).collect()
    }

    #[test]
    fn families_and_states_are_chosen() {
        assert_eq!(told(&[], &[]).len(), 5);
        assert_eq!(told(&["nfr"], &[]), ["untraced NFR-1"]);
        assert_eq!(told(&["FR"], &[Stage::Done, Stage::Withdrawn]), ["done a/FR-1", "withdrawn FR-3"]);
        assert_eq!(told(&[], &[Stage::Uncovered]), ["uncovered FR-2"]);
        assert_eq!(told(&["XR"], &[]), [""; 0]);
    }

    #[test]
    fn a_family_that_nothing_has_is_known() {
        let snapshot = world(BOTH).snapshot();
        let matrix = matrix(&snapshot, &FilePath::new("/w"), &|_| true);
        let wanted = Wanted { families: vec!["fr".into(), "XR".into()], stages: Vec::new() };
        assert_eq!(wanted.unknown_families(&matrix).collect::<Vec<_>>(), ["XR"]);
    }
}
