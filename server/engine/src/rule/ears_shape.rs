//! `ears-shape`: a requirement's sentence does not say what shall be done, or says when only afterwards.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::facts::Facts;

pub(super) const RULE: Rule = Rule {
    name: "ears-shape",
    level: None,
    what: "A requirement's sentence has not the shape of EARS: `WHEN` something happens, the system `SHALL` do something.",
    why: "A sentence of this shape says when it holds and how to test it. Asked are requirements in list items and \
          paragraphs and counted criteria: one of the words that bind (`SHALL`, `MUST` and their like in other languages) \
          has to be there, behind its condition. Headings, table rows and templates are not asked.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: Passwords are checked.\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: WHEN a user signs in THE SYSTEM SHALL check the password.\n",
    fix: Remedy::ByHand,
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if check.template {
        return;
    }
    let message = "this sentence does not say, in the shape of EARS, when the system shall do what";
    out.extend(facts.shapeless.iter().map(|span| Finding::new(&RULE, *span, message.to_string())));
}
