//! `missing-section`: a section of the template is not there.

use super::{Check, Checker, Finding, Rule};
use crate::outline::Problem;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "missing-section",
    level: Some(Level::Warning),
    what: "A section that the template asks for is not there.",
    why: "Speaks only of a document that follows the template of its kind: it bears the template's title or has half of its sections, and most of its own sections are the template's. Of a section that has none of the template's subsections none is asked for, and an optional one never. A title that means the same will do (`Unit Tests` for `Unit Testing`). Without the template's title the finding is an information.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Error Handling\n\nA locked account is told so.\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n\n## Error Handling\n\nA locked account is told so.\n",
    fix: "Inserts the section in its place, with the hints of the template.",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else { return };
    for problem in problems {
        let Problem::Missing { title, span, relation, anchor, mend } = problem else { continue };
        let mut finding = Finding::new(&RULE, *span, format!("the section `{title}` is missing"));
        if !outline.titled {
            finding.level = Level::Information;
        }
        finding.help = Some(format!("the template has it {relation} `{anchor}`"));
        finding.mend = Some((format!("Insert the section `{title}`"), mend.clone()));
        out.push(finding);
    }
}
