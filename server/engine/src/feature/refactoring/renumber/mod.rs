//! Renumber: the numbers of what follows are put in order, with everything that names them; or nothing is, and the reason told.

mod entries;
mod order;
mod task_mentions;
mod tasks;

use super::rename::Rename;
use super::rename::moves::Moves;
use crate::dialect::Role;
use crate::edit::{Proposal, Refusal};
use crate::feature::Source;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::path::FilePath;
use crate::world::{Snapshot, View};
pub use entries::Elsewhere;
use entries::Entries;

/// The edits that put numbers of the file in order: those beside the requirement whose id stands on the line of byte `from`,
/// from there on, or all. Below one that gets another number what belongs to it goes along. Of a task list that defines no
/// requirements the tasks' numbers are put in order.
///
/// # Errors
/// Why nothing is renumbered.
pub fn renumber(
    snapshot: &Snapshot,
    source: &dyn Source,
    path: &FilePath,
    from: Option<u32>,
    elsewhere: Elsewhere,
) -> Result<Proposal, Refusal> {
    let name = snapshot.display_path(path);
    let view = snapshot.view(path).ok_or_else(|| Refusal(format!("{name} is not there any more")))?;
    let mut entries = Entries::of(snapshot, &view);
    if entries.is_empty() && view.role == Role::Tasks {
        return tasks::renumber(snapshot, source, &view, from, elsewhere);
    }
    if entries.is_empty() {
        return Err(Refusal(format!("{name} defines no requirement that has a number")));
    }
    let start = match from {
        Some(at) => {
            Some(entries.at(&view, at).ok_or_else(|| Refusal("no requirement with a number is defined here".into()))?)
        }
        None => None,
    };
    order::put(&mut entries, start);
    if !entries.changes() {
        return Ok(Proposal::default());
    }
    entries.refuse_restated(name)?;
    let text = FileText::of(snapshot, source, &view)?;
    let parted = entries.parted(path, elsewhere, &text.whole());
    let moves = Moves::Ids(entries.pairs(elsewhere)?);
    Rename { parted: Some(parted), ..Rename::of(snapshot, source, vec![view.scope.clone()], moves) }.propose()
}

/// What renumbering from a place would change, as far as its file says.
pub(crate) struct Plan {
    /// The requirement from which numbers are put in order.
    pub(crate) from: Id,
    /// An id that several share, so that what names it may mean either.
    pub(crate) shared: Option<Id>,
}

/// What would be changed by renumbering from the line of byte `at`; none where nothing would.
pub(crate) fn plan(snapshot: &Snapshot, view: &View<'_>, at: u32) -> Option<Plan> {
    let mut entries = Entries::of(snapshot, view);
    if entries.is_empty() && view.role == Role::Tasks {
        entries = Entries::of_tasks(view, &view.document()?.rope().to_string());
    }
    let start = entries.at(view, at)?;
    order::put(&mut entries, Some(start));
    let from = entries.id_of(start);
    entries.changes().then(|| Plan { shared: entries.shared().next().cloned(), from })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, cursor, files, proposed, world};

    /// The fixture's files after numbers from the cursor on, or all of its file, were put in order; or the refusal.
    fn done(fixture: &str, elsewhere: Elsewhere) -> String {
        let (path, from) = match fixture.find("$0") {
            Some(_) => {
                let (_, path, offset) = cursor(fixture);
                (path, Some(offset))
            }
            None => (files(fixture)[0].0.clone(), None),
        };
        let bare = fixture.replace("$0", "");
        let texts = files(&bare);
        let told = |snapshot: &Snapshot| match renumber(snapshot, &Texts(texts.clone()), &path, from, elsewhere) {
            Ok(proposal) => proposed(&texts, &proposal),
            Err(why) => why.to_string(),
        };
        let closed = told(&world(&bare).snapshot());
        let mut open = world(&bare);
        texts.iter().for_each(|(path, text)| open.open(path, 1, text));
        assert_eq!(told(&open.snapshot()), closed, "open or closed");
        closed
    }

    fn check_where(fixture: &str, elsewhere: Elsewhere, wanted: &[(&str, &str)]) {
        let mut after = fixture.replace("$0", "");
        for (old, new) in wanted {
            assert!(after.contains(old), "{old:?} is not in {after:?}");
            after = after.replacen(old, new, 1);
        }
        assert_eq!(done(fixture, elsewhere), after);
        assert_eq!(done(&after, elsewhere), after, "a second time changes nothing");
    }

    fn check(fixture: &str, wanted: &[(&str, &str)]) {
        check_where(fixture, Elsewhere::Unknown, wanted);
    }

    #[test]
    fn a_gap_is_closed_with_everything_that_names_what_moves() {
        check(
            "//- a/spec.md\n1. **FR-1**: a$0\n2. **FR-3**: c\n3. **FR-4**: d\n   - **FR-4.1**: e\n- **NFR-2**: x\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-3–FR-4, FR-4.1, NFR-2_\n",
            &[
                ("**FR-3", "**FR-2"),
                ("**FR-4", "**FR-3"),
                ("**FR-4.1", "**FR-3.1"),
                ("FR-3–FR-4, FR-4.1", "FR-2–FR-3, FR-3.1"),
            ],
        );
        check(
            "//- a/spec.md\n- **FR-001**: a\n- **FR-002**: b$0\n- **FR-123**: new\n- **FR-003**: c\n//- a/tasks.md\nSee FR-003 and FR-123.\n",
            &[("**FR-003", "**FR-004"), ("**FR-123", "**FR-003"), ("FR-003 and FR-123", "FR-004 and FR-003")],
        );
    }

    #[test]
    fn a_pasted_section_gets_a_number_of_its_own() {
        let pay = "### FR-2: Pay\n\nSee FR-2.1.\n\n- **FR-2.1**: by card\n\n";
        let refund = "### FR-2: Refund$0\n\nSee FR-2.1.\n\n- **FR-2.1**: at once\n\n";
        let spec = format!("//- a/spec.md\n# S\n\n### FR-1: Cart\n\n{pay}{refund}### FR-3: Ship\n\nText.\n");
        let moved = [
            ("FR-2: Refund\n\nSee FR-2.1.\n\n- **FR-2.1", "FR-3: Refund\n\nSee FR-3.1.\n\n- **FR-3.1"),
            ("FR-3: Ship", "FR-4: Ship"),
        ];
        check(
            &format!("{spec}//- a/tasks.md\n_Requirements: FR-1, FR-3_\n"),
            &[&moved[..], &[("FR-1, FR-3_", "FR-1, FR-4_")]].concat(),
        );
        let named = format!("{spec}//- a/tasks.md\n_Requirements: FR-2_\n\n_Requirements: FR-3, FR-2.1_\n");
        assert_eq!(
            done(&named, Elsewhere::Unknown),
            "`FR-2` may mean either of lines 5 and 11 of a/spec.md in a/tasks.md:1, a/tasks.md:3; nothing was changed · say which is meant"
        );
        let links = format!("{named}//- a/plan.md\n[x](spec.md#fr-2-refund) [y](spec.md#fr-2-pay)\n");
        let linked = [("#fr-2-refund", "#fr-3-refund")];
        check_where(&links, Elsewhere::First, &[&moved[..], &[("FR-3, FR-2.1_", "FR-4, FR-2.1_")], &linked].concat());
        check_where(
            &links,
            Elsewhere::Last,
            &[&moved[..], &[("FR-2_", "FR-3_"), ("FR-3, FR-2.1_", "FR-4, FR-3.1_")], &linked].concat(),
        );
    }

    #[test]
    fn headings_of_requirements_take_their_counted_criteria_along() {
        let one = "### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. WHEN b\n\n";
        let spec = format!(
            "//- .kiro/specs/a/requirements.md\n{one}{}{}",
            one.replace("1: x", "1: y$0"),
            one.replace("1: x", "2: z")
        );
        check(
            &format!("{spec}//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: 2.1, 2, R2.2_\n"),
            &[("2: z", "3: z"), ("1: y", "2: y"), ("2.1, 2, R2.2", "3.1, 3, R3.2")],
        );
        let named = format!("{spec}//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.2_\n");
        assert_eq!(
            done(&named, Elsewhere::Unknown),
            "`1.2` may mean either of lines 6 and 13 of .kiro/specs/a/requirements.md in .kiro/specs/a/tasks.md:2; nothing was changed · say which is meant"
        );
    }

    #[test]
    fn criteria_go_with_the_story_whose_number_they_have() {
        let story = |number: u8, title: &str| {
            format!("### US-{number}: {title}\n\n- [ ] AC-{number}.1: one\n- [ ] AC-{number}.2: two\n\n")
        };
        let spec = format!("//- a/requirements.md\n{}{}{}", story(1, "A"), story(1, "B$0"), story(2, "C"));
        let tasks = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: US-2, AC-2.1_\n";
        let wanted = format!(
            "//- a/requirements.md\n{}{}{}{}",
            story(1, "A"),
            story(2, "B"),
            story(3, "C"),
            tasks.replace("US-2, AC-2.1", "US-3, AC-3.1")
        );
        assert_eq!(done(&format!("{spec}{tasks}"), Elsewhere::Unknown), wanted);
    }

    #[test]
    fn criteria_are_numbered_as_they_are_rendered() {
        let list = |numbers: [u8; 4]| {
            let items: String = numbers.map(|it| format!("{it}. WHEN x\n")).concat();
            format!("//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n#### Acceptance Criteria\n\n{items}")
        };
        let tasks = "//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.4_\n";
        assert_eq!(
            done(&format!("{}{tasks}", list([1, 2, 2, 3])), Elsewhere::Unknown),
            format!("{}{tasks}", list([1, 2, 3, 4]))
        );
        let unclear = done(&format!("{}{}", list([1, 2, 2, 3]), tasks.replace("1.4", "1.3")), Elsewhere::Unknown);
        assert!(unclear.starts_with("`1.3` may mean either of lines"), "{unclear}");
        assert_eq!(done(&list([1, 1, 1, 1]), Elsewhere::Unknown), list([1, 1, 1, 1]), "Markdown counts by itself");
    }

    #[test]
    fn what_begins_anew_for_a_reason_stays() {
        let spec = "//- a/spec.md\n## A\n\n- **FR-1**: a\n- **FR-3**: b\n\n## B\n\n- **FR-101**: c\n- **FR-103**: d\n\n~~**FR-104**: e~~\n\n- **FR-104**: f\n";
        check(spec, &[("FR-3", "FR-2"), ("FR-103", "FR-102"), ("FR-104", "FR-103"), ("FR-104", "FR-103")]);
        let halves = "//- a/spec.md\n- **FR-1**: a$0\n- **FR-3**: c\n- **FR-3a**: d\n//- a/plan.md\nFR-3a\n";
        check(halves, &[("FR-3**", "FR-2**"), ("FR-3a**", "FR-2a**"), ("FR-3a\n", "FR-2a\n")]);
    }

    #[test]
    fn tasks_are_numbered_with_what_names_them() {
        let from = "//- a/tasks.md\n# T\n\n- [ ] 1. A\n- [ ] 3. B$0\n  - [ ] 3.1 C\n- [ ] 7. E\n  - Depends on: 3, 7\n";
        let after = from.replace("$0", "").replace("] 7. E", "] 4. E").replace("3, 7", "3, 4");
        assert_eq!(done(from, Elsewhere::Unknown), after, "the first stays");
        check(
            "//- a/tasks.md\n# T\n\n- [ ] 1. A\n- [ ] 3. B\n  - [ ] 3.1 C\n  - [ ] 3.4 D\n    - _Depends: 3.1_\n- [ ] 7. E\n  - Depends on: 3, 3.4\n",
            &[
                ("] 3. B", "] 2. B"),
                ("3.1 C", "2.1 C"),
                ("3.4 D", "2.2 D"),
                ("Depends: 3.1", "Depends: 2.1"),
                ("] 7. E", "] 3. E"),
                ("on: 3, 3.4", "on: 2, 2.2"),
            ],
        );
        check(
            "//- a/tasks.md\n# T\n\n## One\n\n- [ ] T001 A\n- [ ] T003 [P] B\n\n## Two\n\n- [x] T010 C (after T003)\n- [ ] T010a D\n\nT001-T003 come before T010, T010a last.\n//- a/plan.md\nSee T010.\n",
            &[
                ("T003 [P]", "T002 [P]"),
                ("T010 C (after T003)", "T003 C (after T002)"),
                ("T010a D", "T003a D"),
                ("T001-T003 come before T010, T010a", "T001-T002 come before T003, T003a"),
                ("See T010.", "See T003."),
            ],
        );
        check(
            "//- a/tasks.md\n# T\n\n- [ ] 1. A\n- [ ] 3. B (extends Task 1)\n- [ ] 4. C, see tasks 1, 3 and 4 and step 3\n  - after tasks 3–4; Subtask 3\n",
            &[
                ("] 3. B", "] 2. B"),
                ("] 4. C, see tasks 1, 3 and 4", "] 3. C, see tasks 1, 2 and 3"),
                ("tasks 3–4", "tasks 2–3"),
            ],
        );
        let again = "//- a/tasks.md\n# T\n\n## One\n\n- [ ] 1. A\n- [ ] 2. B\n\n## Two\n\n- [ ] 1. C\n- [ ] 3. D\n";
        check(again, &[("] 3. D", "] 2. D")]);
        let twice = "//- a/tasks.md\n# T\n\n- [ ] T001 A\n- [ ] T002 B\n- [ ] T002 C\n- [ ] T003 D (after T001)\n";
        check(twice, &[("T002 C", "T003 C"), ("T003 D", "T004 D")]);
        assert_eq!(
            done(&format!("{twice}\nBegin T003 after T002.\n"), Elsewhere::Unknown),
            "task `T002` may mean either of lines 4 and 5 of a/tasks.md in line 8; nothing was changed · say which is meant"
        );
        check_where(
            &format!("{twice}\nT002 is first.\n"),
            Elsewhere::Last,
            &[("T002 C", "T003 C"), ("T003 D", "T004 D"), ("T002 is", "T003 is")],
        );
        assert_eq!(
            done(&twice.replace("after T001", "after T004"), Elsewhere::Unknown),
            "`T004` in line 6 of a/tasks.md names no task yet and would then mean another · correct that first"
        );
    }

    #[test]
    fn other_files_of_the_feature_follow_the_tasks() {
        let tasks = "//- a/tasks.md\n# T\n\n- [ ] 1. A\n- [ ] 3. B\n  - [ ] 3.2 C\n- [ ] 4. D\n";
        let moved = [("] 3. B", "] 2. B"), ("3.2 C", "2.2 C"), ("] 4. D", "] 3. D")];
        let plan = "//- a/spec.md\n- **FR-3**: x\n//- a/plan.md\n# P\n\nTask 3.2 (see `Task 4`) comes after tasks 1 and 3; FR-3, step 3, Task 9.\n\n```\nTask 3\n```\n//- a/checklists/c.md\n- [ ] Task 3 is done\n//- b/spec.md\n- **FR-1**: y\n//- b/plan.md\nTask 3\n";
        let named = [
            (
                "Task 3.2 (see `Task 4`) comes after tasks 1 and 3;",
                "Task 2.2 (see `Task 3`) comes after tasks 1 and 2;",
            ),
            ("Task 3 is done", "Task 2 is done"),
        ];
        check(&format!("{tasks}{plan}"), &[&moved[..], &named].concat());
        let lettered = "//- a/tasks.md\n# T\n\n- [ ] T001 A\n- [ ] T003 B\n//- a/plan.md\n`T003`, T001–T003 and [T003](tasks.md), not ABT003 or T003.md or T0034\n";
        check(lettered, &[("T003 B", "T002 B"), ("`T003`, T001–T003 and [T003]", "`T002`, T001–T002 and [T002]")]);
        assert_eq!(
            done(&lettered.replace("`T003`", "`T002`"), Elsewhere::Unknown),
            "`T002` in a/plan.md:1 names no task yet and would then mean another · correct that first"
        );
        let second = "//- a/spec.md\n- **FR-3**: x\n//- a/todo.md\n# T\n\n- [ ] 1. X\n- [ ] 2. Y\n- [ ] 3. Z (after Task 2)\n//- a/plan.md\n# P\n\nTask 1 first.\n\nTask 3 last.\n";
        assert_eq!(
            done(&format!("{tasks}{second}"), Elsewhere::Unknown),
            "task `3` may mean one of several, of a/tasks.md or another list, in a/plan.md:5; nothing was changed · say which is meant"
        );
    }

    #[test]
    fn what_cannot_be_renumbered_says_why() {
        let told = |spec: &str| done(&format!("//- a/spec.md\n{spec}"), Elsewhere::Unknown);
        assert_eq!(told("# S\n"), "a/spec.md defines no requirement that has a number");
        assert_eq!(told("# S$0\n\n- **FR-1**: x\n"), "no requirement with a number is defined here");
        let twice: String = (1..6).map(|at| format!("- **FR-{at}**: a {at}\n")).collect();
        assert_eq!(
            told(&format!("{twice}\n## In short\n\n{twice}")),
            "a/spec.md defines 5 of its 5 requirements more than once, so which is to keep its number cannot be told · leave one of each"
        );
        assert_eq!(
            told("- **FR-1**: a\n- **FR-3**: b\n\nSee FR-2.\n"),
            "`FR-2` in a/spec.md:4 names nothing yet and would then mean `FR-2` · correct that first"
        );
    }
}
