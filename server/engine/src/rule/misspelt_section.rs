//! `misspelt-section`: a heading is almost one of the template.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::edit::Fix;
use crate::facts::fold_title;
use crate::outline::Problem;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "misspelt-section",
    level: Some(Level::Warning),
    what: "A heading is almost one of the template.",
    why: "Speaks only of a document that follows the template of its kind: it bears the template's title or has half of its sections, and most of its own sections are the template's. A near miss is a letter or two off the title of a section that is missing in that place. \
          *Data Model* for *Data Models* is a remark.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architectrue\n\nA page and a service.\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n",
    fix: Remedy::Suggested("Renames the heading."),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else { return };
    for problem in problems {
        let Problem::Misspelt { heading, right } = problem else { continue };
        let heading = &outline.headings[*heading];
        // `Documentación` is no slip for `Documentation`: it is another language's word.
        if heading.title().chars().any(|c| c.is_alphabetic() && !c.is_ascii()) && right.is_ascii() {
            continue;
        }
        let message = format!("`{}` is called `{right}` in the template", heading.title());
        let mut finding = Finding::new(&RULE, heading.head(), message);
        if is_single(&fold_title(heading.title()), &fold_title(right)) {
            finding.level = Level::Information;
        }
        finding.fix = Some(Fix::one(format!("Rename to `{right}`"), heading.head(), right.as_str()));
        out.push(finding);
    }
}

/// Whether the titles differ in this alone, that one says *one* where the other says *several*.
fn is_single(title: &str, right: &str) -> bool {
    let single = |title: &str| title.split(' ').map(|word| word.trim_end_matches('s').to_string()).collect::<Vec<_>>();
    single(title) == single(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_something_is_hardly_a_slip_for_several() {
        assert!(is_single("data model", "data models"));
        assert!(!is_single("data modles", "data models"));
    }
}
