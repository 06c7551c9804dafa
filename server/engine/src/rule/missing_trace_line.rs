//! `missing-trace-line`: a section has no trace line though its template has one.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::outline::Problem;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "missing-trace-line",
    level: Some(Level::Hint),
    what: "A section names no requirement though the template ends it with a trace line.",
    why: "Nobody can say what it is for. It is asked only where the document has trace lines elsewhere, and where nothing in the section names a requirement. Speaks only of a document that follows the template of its kind: it bears the template's title or has half of its sections, and most of its own sections are the template's.",
    bad: "//- spec.md\n- **FR-1**: The system SHALL check passwords.\n//- plan.md\n# Technical Implementation Plan\n\n## Architecture Overview\n\nThe web page asks the session service, which checks passwords.\n\n## Technical Constraints\n\nIt runs beside the shop.\n\n## System Design\n\nOne service, one table.\n\n_Requirements: FR-1_\n\n## Integration Points\n\nNone.\n\n## Risk Assessment\n\nSlow hashing.\n\n## Implementation Phases\n\nOne.\n\n## Testing Strategy\n\nBy hand.\n\n## Deployment Strategy\n\nWith the shop.\n\n## Monitoring and Observability\n\nThe shop's log.\n",
    good: "//- spec.md\n- **FR-1**: The system SHALL check passwords.\n//- plan.md\n# Technical Implementation Plan\n\n## Architecture Overview\n\nThe web page asks the session service, which checks passwords.\n\n_Requirements: FR-1_\n\n## Technical Constraints\n\nIt runs beside the shop.\n\n## System Design\n\nOne service, one table.\n\n_Requirements: FR-1_\n\n## Integration Points\n\nNone.\n\n## Risk Assessment\n\nSlow hashing.\n\n## Implementation Phases\n\nOne.\n\n## Testing Strategy\n\nBy hand.\n\n## Deployment Strategy\n\nWith the shop.\n\n## Monitoring and Observability\n\nThe shop's log.\n",
    fix: Remedy::Suggested(
        "Adds a trace line with the requirements that speak of the same; there is none where no requirement does.",
    ),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else { return };
    for problem in problems {
        let Problem::Untraced { heading, mend } = problem else { continue };
        // What is still to be written says later what it serves.
        if outline.state_of(*heading).placeholders > 0 {
            continue;
        }
        let heading = &outline.headings[*heading];
        let message = format!("the section `{}` names no requirement", heading.title());
        let mut finding = Finding::new(&RULE, heading.head(), message);
        finding.help = Some("the template ends it with a trace line".into());
        finding.mend = Some(("Add a trace line".into(), mend.clone()));
        out.push(finding);
    }
}
