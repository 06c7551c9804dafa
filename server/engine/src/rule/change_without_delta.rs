//! `change-without-delta`: a change is planned in tasks and changes no specification.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "change-without-delta",
    level: Some(Level::Information),
    what: "A change has a proposal and tasks, and no specification below its folder `specs/`.",
    why: "`openspec validate` refuses a change that changes no requirement, and archiving it leaves the specifications as they \
          were. Some changes are meant so (tools, infrastructure, documents alone): they are archived with `--skip-specs`, so this \
          is only information. Nothing is said before there are tasks, since specifications are written before those, and where \
          no specification is in the workspace at all.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n//- openspec/changes/hash/proposal.md\n# Hash the password\n\n## Why\nIt is stored as it is.\n//- openspec/changes/hash/tasks.md\n## 1. Hash\n\n- [ ] 1.1 Hash it\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n//- openspec/changes/hash/proposal.md\n# Hash the password\n\n## Why\nIt is stored as it is.\n//- openspec/changes/hash/tasks.md\n## 1. Hash\n\n- [ ] 1.1 Hash it\n//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let (snapshot, path) = (check.snapshot, check.view.path);
    if check.template || check.dialect.table.scope.base.is_none() {
        return;
    }
    let layout = snapshot.layout();
    let Some(change) = layout.change_proposed_by(path, snapshot.dialect()) else { return };
    let planned = || snapshot.files_below(&path.folder()).any(|(_, role)| role == Role::Tasks);
    if layout.has_spec_below(&change.specs) || !layout.has_spec_below(&change.bases) || !planned() {
        return;
    }
    let head = check.view.first_heading().unwrap_or_default();
    let specs = snapshot.display_path(&change.specs);
    let message = format!("this change has tasks and changes no specification: nothing is in {specs}");
    let help = format!(
        "state what it changes in `{specs}/<specification>/spec.md` below `## ADDED Requirements` or another heading of changes"
    );
    let mut finding = Finding::new(&RULE, head, message);
    finding.help = Some(help.into());
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    const MAIN: &str = "//- openspec/specs/old/spec.md\n# s\n\n## Requirements\n\n### Requirement: A\nIt SHALL.\n\n#### Scenario: s\n- **THEN** b\n";
    const CHANGE: &str =
        "//- openspec/changes/x/proposal.md\n# P\n\n## Why\nB.\n//- openspec/changes/x/tasks.md\n- [ ] 1.1 A\n";

    fn found(files: &str, at: &str) -> usize {
        let world = world(files);
        let all = check(&world.snapshot(), &FilePath::new(at)).into_iter();
        all.filter(|it| it.rule.name == "change-without-delta").count()
    }

    #[test]
    fn a_change_with_tasks_changes_a_specification() {
        let at = "/w/openspec/changes/x/proposal.md";
        let both = format!("{MAIN}{CHANGE}");
        assert_eq!(found(&both, at), 1);
        assert_eq!(found(&both, "/w/openspec/changes/x/tasks.md"), 0);
        assert_eq!(found(CHANGE, at), 0, "no specification is here");
        let archived = both.replace("changes/x/", "changes/archive/x/");
        assert_eq!(found(&archived, "/w/openspec/changes/archive/x/proposal.md"), 0);
        assert_eq!(found(&both.replace("//- openspec/changes/x/tasks.md\n", ""), at), 0, "it is being proposed");
        let other = "//- openspec/changes/xy/specs/old/spec.md\n## ADDED Requirements\n";
        assert_eq!(found(&format!("{both}{other}"), at), 1, "another change's");
        assert_eq!(found(&format!("{both}{}", other.replace("xy", "x")), at), 0);
    }

    #[test]
    fn a_proposal_is_told_that_its_specifications_are_there() {
        let mut world = world(&format!("{MAIN}{CHANGE}"));
        world.take_changed();
        let at = FilePath::new("/w/openspec/changes/x/proposal.md");
        let home = world.snapshot().scope_of(&at).cloned().unwrap();
        world.open(&FilePath::new("/w/openspec/changes/x/specs/old/spec.md"), 1, "## ADDED Requirements\n");
        world.settle();
        assert!(world.take_changed().contains(&home));
    }
}
