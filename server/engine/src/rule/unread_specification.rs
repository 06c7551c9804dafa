//! `unread-specification`: a specification of OpenSpec lies as a file where a folder is read.

use super::doubt::is_archived;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::path::FilePath;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "unread-specification",
    level: Some(Level::Information),
    what: "A specification lies as a file in the folder of all specifications: `openspec/specs/login.md`.",
    why: "`openspec` reads `specs/<capability>/spec.md` and nothing else, in a change, too: what the file states is seen by no \
          `list`, `validate` and `archive`. Only files that state requirements are looked at, and those of a change that has no \
          other specification: an index, a README and notes may lie there.",
    bad: "//- openspec/specs/login.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || check.view.role != Role::Other || check.dialect.table.scope.base.is_none() {
        return;
    }
    let path = check.view.path;
    let Some(stem) = path.name().strip_suffix(".md").filter(|_| is_flat(check, path) && !is_archived(check)) else {
        return;
    };
    let folder = path.folder();
    let Some(head) = check.view.first_heading().filter(|_| states(check) || is_alone_in_change(check, &folder)) else {
        return;
    };
    let folder = check.snapshot.display_path(&folder);
    let message = format!("this specification is not read: `openspec` reads `{folder}/<capability>/spec.md`");
    let mut finding = Finding::new(&RULE, head, message);
    finding.help = Some(format!("move it to `{folder}/{stem}/spec.md`").into());
    out.push(finding);
}

/// Whether the file lies in the folder of all specifications, be it a change's.
fn is_flat(check: &Check<'_>, path: &FilePath) -> bool {
    let (layout, home, folder) = (check.snapshot.layout(), check.snapshot.dialect(), path.folder());
    let own = || layout.change_at(&folder, home).is_some_and(|change| change.specs == folder);
    layout.is_base(path, home) && !layout.is_base(&folder, home) || own()
}

/// Whether the file lies in the folder of a change that has no specification which is read.
fn is_alone_in_change(check: &Check<'_>, folder: &FilePath) -> bool {
    let (snapshot, name) = (check.snapshot, check.view.path.name());
    let index = ["readme.md", "index.md", "notes.md"].iter().any(|it| name.eq_ignore_ascii_case(it));
    let alone = || !snapshot.files_below(folder).any(|(_, role)| role == Role::Spec);
    let known = || snapshot.horizon().is_none() && !snapshot.layout().is_base(check.view.path, snapshot.dialect());
    !index && known() && alone()
}

/// Whether the file has a heading of requirements.
fn states(check: &Check<'_>) -> bool {
    let rules = &check.dialect.table.definitions;
    let states = |title: &str| {
        rules.names.starting(title).next().is_some()
            || rules.changes.iter().any(|change| {
                let plain = change.heading.rsplit(' ').next().unwrap_or(&change.heading);
                change.heading.eq_ignore_ascii_case(title) || plain.eq_ignore_ascii_case(title)
            })
    };
    check.view.parts().any(|(_, facts)| facts.sections.iter().any(|section| states(facts.text(section.title))))
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    const WHOLE: &str = "# s\n\n## Requirements\n\n### Requirement: A\nIt SHALL.\n\n#### Scenario: s\n- **THEN** b\n";

    fn found(path: &str, text: &str) -> Vec<String> {
        let world = world(&format!("//- openspec/specs/old/spec.md\n{WHOLE}//- {path}\n{text}"));
        let all = check(&world.snapshot(), &FilePath::new(&format!("/w/{path}"))).into_iter();
        let own = all.filter(|it| it.rule.name == "unread-specification");
        own.map(|it| format!("{} · {}", it.message, it.help.unwrap_or_default())).collect()
    }

    #[test]
    fn a_specification_without_a_folder_of_its_own_is_told() {
        let told = |folder: &str| {
            [format!(
                "this specification is not read: `openspec` reads `{folder}/<capability>/spec.md` · move it to `{folder}/login/spec.md`"
            )]
        };
        assert_eq!(found("openspec/specs/login.md", WHOLE), told("openspec/specs"));
        let alone = "openspec/changes/dye/specs";
        assert_eq!(found(&format!("{alone}/login.md"), "# Spec: dye\n\n## Colours\n\nRed.\n"), told(alone));
        assert_eq!(found(&format!("{alone}/README.md"), "# Notes\n"), [""; 0]);
        assert_eq!(
            found("app/openspec/specs/login.md", "# L\n\n### Requirement: A\nIt SHALL.\n"),
            told("app/openspec/specs")
        );
        let change = "openspec/changes/hash/specs";
        assert_eq!(found(&format!("{change}/login.md"), "## ADDED Requirements\n"), told(change));
        assert_eq!(found(&format!("{change}/login.md"), WHOLE), told(change));
    }

    #[test]
    fn notes_archives_and_what_is_read_stay() {
        assert_eq!(found("openspec/specs/README.md", "# Specifications\n\n## Purpose\n\nAn index.\n"), [""; 0]);
        for path in [
            "openspec/specs/login/spec.md",
            "openspec/specs/login/notes.md",
            "openspec/changes/archive/hash/specs/login.md",
            "openspec/archive/hash/specs/login.md",
            "openspec/login.md",
            "specs/login.md",
        ] {
            assert_eq!(found(path, WHOLE), [""; 0], "{path}");
        }
    }
}
