//! `misplaced-section`: a section stands in another place than in the template.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::outline::Problem;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "misplaced-section",
    level: Some(Level::Information),
    what: "A section stands in another place than in the template.",
    why: "Who looks for it where it always is does not find it. Speaks only of a document that plainly follows the template of its kind: it has two in five of the sections that the template asks for, three in all, and three in four of its own are the template's; or the template is the team's own. Where more than a third of the sections are in another order, the document has an order of its own and nothing is said.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Architecture\n\nA page and a service.\n\n## Overview\n\nUsers sign in with a password.\n\n## Error Handling\n\nA locked account is told so.\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n\n## Error Handling\n\nA locked account is told so.\n",
    fix: Remedy::Suggested("Moves the section with its subsections to its place."),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else { return };
    // A lean document has an order of its own.
    if !outline.plain {
        return;
    }
    for problem in problems {
        let Problem::Misplaced { heading, relation, anchor, mend } = problem else { continue };
        let heading = &outline.headings[*heading];
        let title = heading.title();
        let message = format!("`{title}` stands in another place than in the template");
        let mut finding = Finding::new(&RULE, heading.head(), message);
        finding.help = Some(format!("it belongs {relation} `{anchor}`").into());
        finding.mend = Some((format!("Move `{title}` to its place {relation} `{anchor}`"), mend.clone()));
        out.push(finding);
    }
}
