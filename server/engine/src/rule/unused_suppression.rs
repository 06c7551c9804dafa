//! `unused-suppression`: a comment allows a rule that is not broken there, or that does not exist.

use super::account::Silencer;
use super::{Check, Checker, Finding, Remedy, Rule, named, nearest};
use crate::edit::Fix;
use crate::facts::Holds;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "unused-suppression",
    level: Some(Level::Hint),
    what: "A `traceline: allow` comment allows a rule that is not broken there, or that does not exist.",
    why: "It would hide the next real mistake in that place. `<!-- traceline: allow RULE reason -->` speaks for the block it \
          stands in or before, `allow-file` for the whole file.",
    bad: "//- tasks.md\n# Tasks\n\n<!-- traceline: allow duplicate-task the old numbers stay -->\n- [ ] 1.1 Check passwords\n- [ ] 1.2 Lock accounts\n",
    good: "//- tasks.md\n# Tasks\n\n- [ ] 1.1 Check passwords\n<!-- traceline: allow duplicate-task the old numbers stay -->\n- [ ] 1.1 Lock accounts\n",
    fix: Remedy::Suggested("Removes the comment, or corrects the rule's name."),
    check: Checker::Last,
};

/// Takes out the findings that comments allow, and adds one for each comment that allows nothing.
pub(super) fn settle(check: &Check<'_>, out: &mut Vec<Finding>, gone: &mut dyn FnMut(Finding, Silencer)) {
    let settings = check.snapshot.settings_of(check.view.path);
    let level = settings.level_of(RULE.name, RULE.level);
    let mut unused = Vec::new();
    for (base, facts) in check.view.parts_with(Holds::SUPPRESSIONS) {
        for suppression in &facts.suppressions {
            let name = facts.text(suppression.name);
            let reach = suppression.reach.shifted(base);
            let before = out.len();
            let comment = suppression.comment.shifted(base);
            let allowed = out.extract_if(.., |finding| {
                let home = finding.part.as_ref().is_some_and(|part| overlap(reach, part.home));
                finding.rule.name == name && (suppression.whole_file || home || overlap(reach, finding.span))
            });
            allowed.for_each(|finding| gone(finding, Silencer::Comment(comment)));
            let off = named(name).is_some_and(|rule| settings.level_of(rule.name, rule.level).is_none());
            // While the feature is being read, what a comment allows may not have been found yet.
            if out.len() < before || off || !check.lookup.complete {
                continue;
            }
            let span = comment;
            let rule = suppression.rule.shifted(base);
            unused.push(match (named(name), nearest(name)) {
                (Some(_), _) => {
                    let mut finding = Finding::new(&RULE, span, format!("`{name}` is not broken here"));
                    finding.unnecessary = true;
                    finding.fix = Some(Fix::one("Remove the comment".into(), span, ""));
                    finding
                }
                (None, Some(near)) => {
                    let mut finding =
                        Finding::new(&RULE, rule, format!("there is no rule `{name}` · did you mean `{}`?", near.name));
                    finding.fix = Some(Fix::one(format!("Replace by `{}`", near.name), rule, near.name));
                    finding
                }
                (None, None) => {
                    Finding::new(&RULE, if rule.is_empty() { span } else { rule }, format!("there is no rule `{name}`"))
                }
            });
        }
    }
    if let Some(level) = level {
        out.extend(unused.into_iter().map(|finding| Finding { level, ..finding }));
    }
}

fn overlap(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}
