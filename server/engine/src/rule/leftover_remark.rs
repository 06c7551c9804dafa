//! `leftover-remark`: a coding agent's remark to whom it works with was left in the document.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::Holds;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "leftover-remark",
    level: Some(Level::Information),
    what: "A coding agent's remark to whom it works with was left in the document.",
    why: "What an agent says of its next step, or asks at the end of its answer, is written into the file now and then with the \
          text that was asked for: *Now I need to analyze the criteria*, *Would you like me to draw a diagram?* Whoever reads the \
          document later takes it for a part of the plan. Only a paragraph of its own is looked at, by how it begins \
          (`remarks` of `[hints]` in its dialect), and none in a list, a quotation or code.",
    bad: "//- design.md\n# Design\n\n## Storage\n\nOne table.\n\nNow I need to analyze the criteria before writing the properties.\n\n## Properties\n\nNone is lost.\n",
    good: "//- design.md\n# Design\n\n## Storage\n\nOne table.\n\n## Properties\n\nNone is lost.\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || !matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks) {
        return;
    }
    let parts = check.view.parts_with(Holds::REMARKS);
    let all: Vec<Span> = parts.flat_map(|(base, facts)| facts.remarks.iter().map(move |it| it.shifted(base))).collect();
    let [first, others @ ..] = &all[..] else { return };
    let mut finding = Finding::new(&RULE, *first, "here a coding agent speaks to whom it works with".to_string());
    finding.also_at(check, others, "and here");
    finding.help = Some("delete what the tool that wrote the file has left in it".into());
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(text: &str) -> Vec<usize> {
        let world = world(&format!("//- a/design.md\n# Plan\n\n## Hull\n\n{text}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/design.md")).into_iter();
        all.filter(|it| it.rule.name == "leftover-remark").map(|it| it.related.len()).collect()
    }

    #[test]
    fn a_remark_is_a_paragraph_of_its_own() {
        assert_eq!(found("Now I need to look at the criteria.\n"), [0]);
        assert_eq!(found("Oak.\n\n**Would you like me to draw it?**\n\nIf you want, I can draw it.\n"), [1]);
        assert_eq!(found("Если хотите, я могу нарисовать схему.\n"), [0]);
    }

    #[test]
    fn what_somebody_says_in_the_plan_is_none() {
        for text in [
            "The boatman says: now I need to rest.",
            "- Now I need to rest",
            "> Would you like me to row?",
            "```\nNow I need to rest.\n```",
            "Now I needed oars.",
        ] {
            assert_eq!(found(&format!("{text}\n")), [0; 0], "{text}");
        }
    }
}
