//! `unknown-section`: a section that the template does not have.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::outline::{Mend, Problem};

pub(super) const RULE: Rule = Rule {
    name: "unknown-section",
    level: None,
    what: "A section is none of the template.",
    why: "For teams that want their documents to have the template's sections and no others. Speaks only of a document that follows the template of its kind: it bears the template's title or has half of its sections, and most of its own sections are the template's.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n\n## Colours\n\nBlue.\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n",
    fix: Remedy::Suggested(
        "Allows the section with a comment. Whether it is to have another name, or to go, only a person can say.",
    ),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else { return };
    for problem in problems {
        let Problem::Unknown { heading } = problem else { continue };
        let heading = &outline.headings[*heading];
        let message = format!("the template has no section `{}` here", heading.title());
        let mut finding = Finding::new(&RULE, heading.head(), message);
        let mend = Mend::Allow { at: heading.start(), rule: RULE.name };
        finding.mend = Some(("Allow this section with a comment".into(), mend));
        out.push(finding);
    }
}
