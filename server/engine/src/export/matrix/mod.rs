//! The matrix of `traceline matrix`: each requirement with the sections that plan it, the tasks that build it and how far they are.
//!
//! Scopes are gone through one by one, on as many threads as the caller likes: [`part`] makes what each comes to, and
//! [`Matrix::of`] joins these.

mod served;
mod rows;
mod totals;
mod part;
mod report;

pub use part::{Part, part};
pub use report::{Entry, Feature, Matrix, Report, ServerEntry, Stated, Total};
pub use rows::{Row, Stage, Through};
pub use served::Phase;
pub use totals::{Summary, Totals};

use crate::path::FilePath;
use crate::world::Snapshot;

/// The matrix of all that `is_asked` names, made in one thread.
#[must_use]
pub fn matrix(snapshot: &Snapshot, root: &FilePath, is_asked: &dyn Fn(&FilePath) -> bool) -> Matrix {
    let parts = snapshot.scopes().map(|(scope, _)| part(snapshot, scope, is_asked)).collect();
    Matrix::of(snapshot, root, parts, is_asked)
}

/// The rows of one scope alone, with what serves them from wherever: what is asked of one requirement looks no farther.
#[must_use]
pub fn matrix_of(snapshot: &Snapshot, root: &FilePath, scope: &FilePath) -> Matrix {
    let seeing = |folder: &FilePath| {
        let part = part(snapshot, folder, &|_| true);
        if folder == scope { part } else { part.without_rows() }
    };
    let parts = snapshot.scopes_seeing(scope).map(seeing).collect();
    Matrix::of(snapshot, root, parts, &|path| snapshot.scope_of(path) == Some(scope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;
    use crate::rule::check;
    use crate::trace_links::links_of;

    fn of(fixture: &str) -> Matrix {
        matrix(&world(fixture).snapshot(), &FilePath::new("/w"), &|_| true)
    }

    /// Each row as `stage scope id`, then what it lacks, and what serves it by title.
    fn told(fixture: &str) -> Vec<String> {
        let matrix = of(fixture);
        let report = matrix.report();
        let titles = |servers: &[ServerEntry<'_>], through: Option<&str>| {
            let all: Vec<&str> = servers.iter().map(|it| it.title).collect();
            let by = through.map_or(String::new(), |through| format!("{through}: "));
            if all.is_empty() { "–".into() } else { format!("{by}{}", all.join("+")) }
        };
        let row = |it: &Entry<'_>| {
            let lacks = if it.missing.is_empty() { String::new() } else { format!(" no {}", it.missing.join(", no ")) };
            let (sections, tasks) = (titles(&it.sections, it.sections_through), titles(&it.tasks, it.tasks_through));
            format!("{} {} {}{lacks} | {sections} | {tasks}", it.state, it.scope, it.id)
        };
        report.requirements.iter().map(row).collect()
    }

    const FEATURE: &str = "//- a/spec.md\n# S\n\n- **FR-1**: done\n- **FR-2**: half\n- **FR-3**: planned\n- **FR-4**: forgotten\n- ~~**FR-5**: gone~~\n- **NFR-1**: of a family nobody traces\n- **FR-10**: forgotten too\n\n### FR-6: Later (deferred)\n//- a/plan.md\n# Plan\n\n## Form\n\n_Requirements: FR-1, FR-2_\n\n## Lock\n\n_Requirements: FR-3_\n//- a/tasks.md\n# Tasks\n\n- [x] 1. Build\n  - _Requirements: FR-1, FR-2_\n- [ ] 2. Rest\n  - _Requirements: FR-2_\n";

    #[test]
    fn what_is_missing_comes_first_and_the_rest_by_how_far_it_is() {
        assert_eq!(
            told(FEATURE),
            [
                "uncovered a FR-4 no plan, no task | – | –",
                "uncovered a FR-10 no plan, no task | – | –",
                "untraced a NFR-1 | – | –",
                "planned a FR-3 no task | Lock | –",
                "tasked a FR-2 | Form | 1 Build+2 Rest",
                "done a FR-1 | Form | 1 Build",
                "deferred a FR-6 | – | –",
                "withdrawn a FR-5 | – | –",
            ]
        );
    }

    #[test]
    fn totals_are_told_for_each_feature_and_family() {
        let both = format!("{FEATURE}{}", FEATURE.replace("//- a/", "//- b/"));
        let matrix = of(&both);
        let [a, b] = &matrix.features[..] else { panic!("{:?}", matrix.features) };
        assert_eq!((a.totals, a.scope.as_str(), b.scope.as_str()), (b.totals, "a", "b"));
        assert_eq!((a.totals.requirements, a.totals.wanted(), a.totals.served()), (8, 6, 3));
        let names: Vec<&str> = matrix.families.iter().map(|family| family.name.as_str()).collect();
        assert_eq!((names, matrix.families[1].totals.untraced), (vec!["FR", "NFR"], 2));
        let summary = matrix.summary;
        assert_eq!((summary.totals.requirements, summary.lacking, summary.tasks, summary.tasks_done), (16, 6, 4, 2));
        let states: usize = Stage::ALL.iter().map(|stage| summary.totals.of(*stage)).sum();
        assert_eq!(states, summary.totals.requirements);
    }

    #[test]
    fn a_whole_a_part_a_range_and_all_serve() {
        assert_eq!(
            told(
                "//- a/spec.md\n- **FR-1**: a\n- **FR-1.1**: a\n- **FR-1.2**: a\n- **FR-2**: b\n- **FR-2.1**: b\n- **FR-3.1**: c\n//- a/tasks.md\n- [x] 1. Whole\n  - _Requirements: FR-1_\n- [ ] 2. Part\n  - _Requirements: FR-1.2, FR-2.*_\n- [x] 3. Of no row\n  - _Requirements: FR-3_\n"
            ),
            [
                // A whole is as far as its parts.
                "tasked a FR-1 | – | 1 Whole+2 Part",
                "tasked a FR-1.2 | – | 2 Part",
                "tasked a FR-2 | – | parts: 2 Part",
                "tasked a FR-2.1 | – | 2 Part",
                "done a FR-1.1 | – | whole: 1 Whole",
                "done a FR-3.1 | – | whole: 3 Of no row",
            ]
        );
        assert_eq!(
            told(
                "//- a/requirements.md\n# R\n\n### Requirement 1\n\n1. WHEN a THEN it SHALL b\n\n### Requirement 2\n\n1. WHEN a THEN it SHALL b\n2. WHEN a THEN it SHALL b\n\n### Requirement 3\n\n1. WHEN a THEN it SHALL b\n//- a/tasks.md\n- [x] 1. Some\n  - _Requirements: 1.1-2.1_\n- [ ] 2. Rest\n  - _Requirements: All requirements_\n"
            ),
            [
                "tasked a 2 | – | parts: 1 Some",
                "tasked a 2.2 | – | all: 2 Rest",
                "tasked a 3 | – | all: 2 Rest",
                "tasked a 3.1 | – | all: 2 Rest",
                "done a 1 | – | parts: 1 Some",
                "done a 1.1 | – | 1 Some",
                "done a 2.1 | – | 1 Some",
            ]
        );
    }

    #[test]
    fn a_story_is_served_by_what_its_section_states() {
        assert_eq!(
            told(
                "//- a/spec.md\n# S\n\n### US-1: Row\n\n- **AC-1.1**: a\n- **AC-1.2**: b\n\n### US-2: Sail\n\n- **AC-2.1**: a\n//- a/tasks.md\n- [x] 1. Build\n  - _Requirements: AC-1.1, US-2_\n"
            ),
            [
                // The check says so, too.
                "uncovered a AC-1.2 no task | – | –",
                "uncovered a AC-2.1 no task | – | –",
                "tasked a US-1 | – | parts: 1 Build",
                "tasked a US-2 | – | 1 Build",
                "done a AC-1.1 | – | 1 Build",
            ]
        );
        assert_eq!(
            told(
                "//- a/spec.md\n# S\n\n### US-1: Row\n\n- **AC-1.1**: a\n//- a/tasks.md\n- [x] 1. Build\n  - _Requirements: US-1_\n"
            ),
            ["done a AC-1.1 | – | whole: 1 Build", "done a US-1 | – | 1 Build"]
        );
    }

    #[test]
    fn what_all_features_share_is_served_by_each() {
        let fixture = "//- REQUIREMENTS.md\n# R\n\n- **R-1**: One\n- **R-2**: Two\n//- a/spec.md\n- **FR-1**: x\n//- a/tasks.md\n- [x] 1. A\n  - _Requirements: FR-1, R-1_\n//- b/spec.md\n- **FR-1**: x\n- **R-2**: Own\n//- b/tasks.md\n- [ ] 1. B\n  - _Requirements: FR-1, R-1, R-2_\n";
        assert_eq!(
            told(fixture),
            [
                "untraced . R-2 | – | –",
                "tasked . R-1 | – | 1 A+1 B",
                "tasked b FR-1 | – | 1 B",
                "tasked b R-2 | – | 1 B",
                "done a FR-1 | – | 1 A",
            ]
        );
        // What is not asked for serves all the same.
        let asked = |path: &FilePath| path.as_str() == "/w/REQUIREMENTS.md";
        let some = matrix(&world(fixture).snapshot(), &FilePath::new("/w"), &asked);
        let ids: Vec<_> = some.rows().map(|it| (it.row.id.as_str(), it.tasks().count())).collect();
        assert_eq!((ids, some.summary.tasks, some.features.len()), (vec![("R-2", 0), ("R-1", 2)], 0, 1));
    }

    #[test]
    fn matrices_and_sections_with_boxes_count() {
        assert_eq!(
            told(
                "//- a/spec.md\n- **FR-1**: a\n- **FR-2**: b\n- **FR-3**: c\n//- a/plan.md\n# Plan\n\n## Map\n\n| Requirement | Part |\n|---|---|\n| FR-3 | x |\n//- a/tasks.md\n# T\n\n### Task 1: Do\n\n_Requirements: FR-1_\n\n- [x] a\n- [x] b\n\n### Task 2: Do more\n\n_Requirements: FR-2_\n\n- [x] a\n- [ ] b\n"
            ),
            [
                "planned a FR-3 no task | Map | –",
                "tasked a FR-2 no plan | – | Task 2: Do more",
                "done a FR-1 no plan | – | Task 1: Do",
            ]
        );
    }

    #[test]
    fn phases_are_the_headings_that_part_a_task_list() {
        let phases = |tasks: &str| {
            let matrix = of(&format!("//- a/tasks.md\n{tasks}"));
            let all = matrix.features.iter().flat_map(|it| &it.phases);
            all.map(|it| format!("{} {}+{} of {}", it.title, it.done, it.begun, it.tasks)).collect::<Vec<_>>()
        };
        let list = "- [x] 1. A\n  - [x] 1.1 a\n  - [ ] 1.2 b\n- [-] 2. B\n";
        assert_eq!(phases(list), ["tasks.md 1+1 of 3"]);
        assert_eq!(phases(&format!("# Tasks\n\n{list}")), ["Tasks 1+1 of 3"]);
        assert_eq!(
            phases(&format!(
                "# T\n\n## Tasks\n\n### Setup\n\n{list}\n### Core\n\n#### One\n\n- [x] 3. C\n\n#### Two\n\n- [x] 4. D\n"
            )),
            ["Setup 1+1 of 3", "Core 2+0 of 2"]
        );
        assert_eq!(phases("# T\n\n- [ ] 0. Zero\n\n## One\n\n- [x] 1. A\n"), ["T 0+0 of 1", "One 1+0 of 1"]);
    }

    #[test]
    fn rows_agree_with_what_each_requirement_is_told() {
        let world = world(FEATURE);
        let snapshot = world.snapshot();
        let matrix = matrix(&snapshot, &FilePath::new("/w"), &|_| true);
        let scope = FilePath::new("/w/a");
        for stated in matrix.rows() {
            let row = stated.row;
            let links = links_of(&snapshot, &scope, &row.id);
            let title = |number| matrix.server(number).title.to_string();
            let of = |items: &[crate::query::CoveringItem]| items.iter().map(|it| it.title.clone()).collect::<Vec<_>>();
            assert_eq!(
                (stated.sections().map(title).collect(), stated.tasks().map(title).collect()),
                (of(&links.planned), of(&links.tasks)),
                "{}",
                row.id
            );
            assert_eq!(row.stage == Stage::Done, !links.tasks.is_empty() && links.done() == links.tasks.len());
        }
        // What the check tells is missing here, too.
        let findings = check(&snapshot, &FilePath::new("/w/a/spec.md"));
        for finding in findings.iter().filter(|it| it.rule.name == "uncovered-requirement") {
            let lacks = |row: &Row| row.lacks_task && finding.message.contains(&format!("`{}`", row.id));
            assert!(matrix.rows().any(|it| lacks(it.row)), "{}", finding.message);
        }
    }

    #[test]
    fn what_one_scope_is_told_is_what_all_are() {
        let both =
            format!("{FEATURE}{}//- REQUIREMENTS.md\n# R\n\n- **R-1**: One\n", FEATURE.replace("//- a/", "//- b/"));
        let (snapshot, root) = (world(&both.replace("FR-3_", "FR-3, R-1_")).snapshot(), FilePath::new("/w"));
        let all = matrix(&snapshot, &root, &|_| true);
        let whole = all.report();
        for scope in ["/w", "/w/a", "/w/b"].map(FilePath::new) {
            let one = matrix_of(&snapshot, &root, &scope);
            let told = serde_json::to_string(&one.report().requirements).unwrap();
            let name = scope.relative_to("/w");
            let own: Vec<_> = whole.requirements.iter().filter(|it| it.scope == name).collect();
            assert_eq!(told, serde_json::to_string(&own).unwrap());
            assert!(!own.is_empty(), "{name}");
        }
    }

    #[test]
    fn headings_and_ids_in_a_circle_end() {
        let circle = "//- a/spec.md\n# S\n\n### FR-1.1: Part\n\n- **FR-1**: Whole\n- **FR-1.1.1**: Deep\n//- a/tasks.md\n- [x] 1. T\n  - _Requirements: FR-1_\n";
        assert_eq!(told(circle).len(), 3);
    }
}
