//! `former-name`: a trace line names a requirement by an id that it had before.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Certainty, Facts, Kind, Reach};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Place;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "former-name",
    level: Some(Level::Information),
    what: "A trace line or a tag names a requirement by an id that it had before.",
    why: "A requirement keeps its history where its definition says what it was called: `**FR-7** (formerly FR-2): …`, a line \
          `**Former ID**: FR-2`, or a table with a column of old ids beside those of today. What still traces the old id means \
          it all the same, so nothing is unknown or uncovered; but whoever looks for FR-7 does not find that place. Text that \
          tells of the past may keep the old id, and so does everything where the old id is defined anew.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-7** (formerly FR-2): The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords, lock accounts\n  - _Requirements: FR-1, FR-2_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-7** (formerly FR-2): The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords, lock accounts\n  - _Requirements: FR-1, FR-7_\n",
    fix: Remedy::Both {
        safe: "Puts there what the requirement is called now.",
        suggested: "Names all that say so, where several were called so before.",
    },
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    let judged = matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks | Role::Trace | Role::Checklist);
    if check.template || !judged || !check.lookup.tells_former_names() {
        return;
    }
    for reference in &facts.references {
        let traces = matches!(reference.kind, Kind::Trace | Kind::Tag | Kind::Listed) && reference.reach == Reach::One;
        let sure = matches!(reference.sure, Certainty::Firm | Certainty::Loose | Certainty::Conditional);
        let is_said = || facts.former_names.iter().any(|name| name.span == reference.span);
        let id = facts.id(reference.id);
        let known = || check.standing(facts, reference.id).defined;
        if !traces || !sure || known() || check.lookup.meaning(id, reference.sure).is_some() || is_said() {
            continue;
        }
        let now = check.lookup.called_now(id);
        if now.is_empty() {
            continue;
        }
        let names: Vec<String> = now.iter().map(|(_, id)| format!("`{id}`")).collect();
        let mut finding = Finding::new(&RULE, reference.span, format!("`{id}` is called {} now", names.join(" and ")));
        finding.elsewhere = Some(id.clone());
        // A range's end cannot be replaced alone.
        if !check.shares_span(facts, reference) {
            let all: Vec<&str> = now.iter().map(|(_, id)| id.as_str()).collect();
            let fix = Fix::one(format!("Replace by {}", names.join(" and ")), reference.span, all.join(", "));
            finding.fix = match now.len() {
                1 => Some(fix.safe()),
                _ if reference.kind == Kind::Trace => Some(fix),
                _ => None,
            };
        }
        out.push(finding);
    }
}

/// Where it is said that something was called `id` before.
pub(super) fn places(check: &Check<'_>, id: &Id) -> Vec<(Place, String)> {
    let now = check.lookup.called_now(id);
    let folders = now.first().map(|(folder, _)| (*folder).clone());
    folders.map_or_else(Vec::new, |folder| said_in(check, &folder, id))
}

/// The places in `folder` that say so.
pub(super) fn said_in(check: &Check<'_>, folder: &FilePath, id: &Id) -> Vec<(Place, String)> {
    let mut out = Vec::new();
    for view in check.snapshot.views_in(folder) {
        for (base, facts) in view.parts() {
            for name in facts.former_names.iter().filter(|name| facts.id(name.former) == id) {
                let place = Place { path: view.path.clone(), span: name.span.shifted(base) };
                out.push((place, format!("`{}` says here that it was called `{id}`", facts.id(name.id))));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::fixture::{files, world};
    use crate::path::FilePath;
    use crate::rule::check;

    /// What is told of the tasks, with what the fix makes of them.
    fn told(spec: &str, tasks: &str) -> Vec<(String, Option<String>)> {
        let fixture = format!("//- a/spec.md\n# S\n\n{spec}\n//- a/tasks.md\n# T\n\n{tasks}\n");
        let world = world(&fixture);
        let text = &files(&fixture)[1].1;
        let found = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
        let line = |text: &str| text.lines().last().map(|line| line.trim().to_string());
        found.map(|it| (it.message, it.fix.and_then(|fix| line(&fix.applied_to(text))))).collect()
    }

    const TASKS: &str = "- [ ] 1. Lock\n  - _Requirements: FR-1, FR-2_";

    #[test]
    fn wherever_a_requirement_says_what_it_was_called_the_old_id_still_means_it() {
        let one = [("`FR-2` is called `FR-7` now".to_string(), Some("- _Requirements: FR-1, FR-7_".to_string()))];
        for spec in [
            "- **FR-1**: One\n- **FR-7** (formerly FR-2): Two",
            "- **FR-1**: One\n- **FR-7**: Two (previously FR-2)",
            "- **FR-1**: One\n- **FR-7**: Two *(was FR-2 in the first draft)*",
            "- **FR-1**: One\n- **FR-7**: Two\n  - **Former ID**: FR-2",
            "### FR-1: One\n\nText.\n\n### FR-7: Two (renamed from FR-2)\n\nText.",
            "### FR-1: One\n\nText.\n\n### FR-7: Two\n\n**Previously**: FR-2\n\nText.",
            "| ID | Former ID | Requirement |\n|---|---|---|\n| FR-1 | | One |\n| FR-7 | FR-2 | Two |",
            "| Old ID | ID | Requirement |\n|---|---|---|\n| | FR-1 | One |\n| FR-2 | FR-7 | Two |",
            "- **FR-1**: One\n- **FR-7**: Two\n\n## Renamed\n\n| Old ID | New ID |\n|---|---|\n| FR-2 | FR-7 |",
            "- **FR-1**: Eins\n- **FR-7** (ehemals FR-2): Zwei",
            "- **FR-1**: 一\n- **FR-7**（原 FR-2）: 二",
            "- **FR-1**: One\n- **FR-7** (formerly FR-3): Two\n\n| Former | Now |\n|---|---|\n| FR-2 | FR-3 |",
        ] {
            assert_eq!(told(spec, TASKS), one, "{spec}");
        }
    }

    #[test]
    fn a_criterion_that_is_counted_says_it_at_its_end() {
        let spec = "### FR-1: One\n\n1. in\n2. out (formerly FR-2.1)";
        let found = told(spec, "- [ ] 1. Lock\n  - _Requirements: FR-1.1, FR-2.1_");
        let fixed = Some("- _Requirements: FR-1.1, FR-1.2_".to_string());
        assert_eq!(found, [("`FR-2.1` is called `FR-1.2` now".to_string(), fixed)]);
    }

    #[test]
    fn what_several_were_called_is_replaced_by_all_and_looked_at() {
        let spec = "- **FR-1**: One\n- **FR-7** (formerly FR-2): Two\n- **FR-8** (formerly FR-2): Three";
        let fixed = Some("- _Requirements: FR-1, FR-7, FR-8_".to_string());
        assert_eq!(told(spec, TASKS), [("`FR-2` is called `FR-7` and `FR-8` now".to_string(), fixed)]);
    }

    #[test]
    fn words_that_say_something_else_name_nothing() {
        for spec in [
            "- **FR-1**: One\n- **FR-7**: Two (formerly by post, see FR-2)",
            "- **FR-1**: One\n- **FR-7**: Two (see FR-2)",
            "- **FR-1**: One\n- **FR-7**: formerly FR-2 did this",
        ] {
            let found = told(spec, TASKS);
            assert!(found.iter().any(|(message, _)| message.starts_with("`FR-2` is not defined")), "{spec}: {found:?}");
        }
        let spec = "- **FR-1**: One\n- **FR-2**: Two\n- **FR-7** (formerly FR-2): Three";
        assert_eq!(told(spec, TASKS).len(), 0, "it is defined anew, and that is told there");
    }
}
