//! `empty-section`: a section holds nothing.

use super::{Check, Checker, Finding, Rule};
use crate::outline::Mend;
use crate::outline::Problem;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "empty-section",
    level: Some(Level::Information),
    what: "A section has a heading and nothing else.",
    why: "It promises what is not there. Comments count as nothing, subsections as something. Speaks only of a document that follows the template of its kind: it bears the template's title or has half of its sections, and most of its own sections are the template's.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n\n## Error Handling\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n",
    fix: "Removes the section, or puts the hints of the template in where it asks for the section.",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else { return };
    for problem in problems {
        let Problem::Empty { heading, mend } = problem else { continue };
        let heading = &outline.headings[*heading];
        // A heading that is a hint is still to be filled in with all that belongs below it.
        if check.hints_in(heading.facts).iter().any(|hint| heading.section.head.covers(*hint)) {
            continue;
        }
        let title = heading.title();
        let mut finding = Finding::new(&RULE, heading.head(), format!("the section `{title}` is empty"));
        let section = Span { start: heading.start(), end: heading.end };
        finding.mend = Some(match mend {
            Some(mend) => (format!("Fill in `{title}` from the template"), mend.clone()),
            None => (format!("Remove the empty section `{title}`"), Mend::Remove { section }),
        });
        out.push(finding);
    }
}
