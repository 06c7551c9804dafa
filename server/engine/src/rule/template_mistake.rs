//! `template-mistake`: something in a team's own template cannot be meant.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Dialect;
use crate::settings::Level;
use crate::template::{Mistake, read};

pub(super) const RULE: Rule = Rule {
    name: "template-mistake",
    level: Some(Level::Warning),
    what: "Something in a team's own template cannot be meant.",
    why: "What is meant would not be in force. It speaks only of files that `[templates]` in `traceline.toml` names: of a section \
          that is asked for twice, an unknown option, a hole other than `{n}`, `{name}` and `{name=…}`, a heading two levels \
          below the one above it, and the like.",
    bad: "//- templates/plan.md\n# Plan: {name}\n\n## Approach\n<!-- optinal: How it is done. -->\n\n[How it is done]\n",
    good: "//- templates/plan.md\n# Plan: {name}\n\n## Approach\n<!-- optional: How it is done. -->\n\n[How it is done]\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some(known) = check.snapshot.settings_of(check.view.path).template_files.get(check.view.path) else { return };
    // What an editor shows is what the author wants to know about, saved or not.
    let open = check.view.document().map(|document| read(&document.rope().to_string(), &Dialect::home()).1);
    let mistakes: &[Mistake] = open.as_ref().unwrap_or(known);
    out.extend(mistakes.iter().map(|mistake| Finding::new(&RULE, mistake.span, mistake.message.clone())));
}
