//! `open-question`: a specification still asks for a clarification.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::Facts;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "open-question",
    level: Some(Level::Warning),
    what: "A specification or plan still holds `[NEEDS CLARIFICATION: …]` with a question.",
    why: "Whoever builds it will guess the answer. Only the form with a colon and a question counts; in a plan it is information. \
          Checklists and instructions that speak of the mark, code and templates are left alone.",
    bad: "//- specs/001-login/spec.md\n# Login\n\n- **FR-001**: System MUST lock the account after [NEEDS CLARIFICATION: how many attempts?]\n",
    good: "//- specs/001-login/spec.md\n# Login\n\n- **FR-001**: System MUST lock the account after 5 attempts\n",
    fix: Remedy::ByHand,
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if !check.template {
        for span in &facts.questions {
            let mut finding = Finding::new(&RULE, *span, "this question is not answered yet".to_string());
            // Whoever plans may ask what research is to answer.
            if check.view.role == Role::Plan {
                finding.level = Level::Information;
            }
            out.push(finding);
        }
    }
}
