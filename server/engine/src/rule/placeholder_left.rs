//! `placeholder-left`: a hint of the template has not been filled in.

use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::facts::Facts;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "placeholder-left",
    level: Some(Level::Warning),
    what: "A bracketed hint of the template is still there.",
    why: "The document looks finished and is not. A hint is bracketed text of several words, or in capitals, where the text \
          itself should stand: behind a label or a bold keyword, or alone; a fenced block that holds nothing else; SQL that is \
          nothing but comments; and any brackets that the document's template has as well. Links, footnotes, checkboxes, tags such as `[P]` \
          and `[US1]`, code and template files are left alone.",
    bad: "//- plan.md\n# Plan\n\n## Technology Stack\n\n- **Backend**: [server technology, language]\n",
    good: "//- plan.md\n# Plan\n\n## Technology Stack\n\n- **Backend**: Rust 1.95\n",
    fix: "",
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks) {
        let finding = |span: &_| Finding::new(&RULE, *span, "this placeholder is not filled in".to_string());
        out.extend(facts.placeholders.iter().map(finding));
        // Some brackets are hints only because the template has the same.
        let Some(schema) = check.schema else { return };
        let hints = facts.brackets.iter().filter(|bracket| schema.hints.contains(&bracket.key));
        out.extend(hints.map(|bracket| finding(&bracket.span)));
    }
}
