//! `unclosed-fence`: a fence that nothing closes, so that the headings behind it are code.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::Holds;
use crate::outline::{Mend, Problem};
use crate::query::Place;
use crate::settings::Level;
use crate::template::Schema;
use crate::text::Span;
use crate::world::View;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "unclosed-fence",
    level: Some(Level::Information),
    what: "A fence is never closed, and the headings behind it are code.",
    why: "A block of code that begins with three backticks goes on to the end of the document if no line closes it. What follows is shown \
          as code, and its sections, requirements and tasks are not read, by Traceline or any other tool. Mostly the closing line was \
          forgotten, has words behind it (```` ```## Next ````), or there is one too many: an example that holds a fence itself is over \
          where that one ends, and the line that was to close it begins a block. Four backticks around the example keep it together. \
          A fence in a list ends with its item, and one behind which no heading of level 2 or below stands loses nothing: it is told where it names its language, \
          as a document that breaks off ends so; \
          a heading has a blank line before it there, or is one of several in a block without a language. \
          A section that stands in such a block is not missing, a requirement in it not surely unknown, and what trace lines in it may name is a hint where it is told as uncovered.",
    bad: "//- plan.md\n# Plan\n\n## Steps\n\n```sh\nmake all\n\n## Risks\n\nNone so far.\n",
    good: "//- plan.md\n# Plan\n\n## Steps\n\n```sh\nmake all\n```\n\n## Risks\n\nNone so far.\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// How many of the headings a finding names.
const MOST_NAMED: usize = 12;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || !matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks) {
        return;
    }
    for (base, facts) in check.view.parts_with(Holds::OPEN_FENCE) {
        let Some(fence) = &facts.open_fence else { continue };
        let lost = match &fence.headings[..] {
            [] => "the document ends in its code".to_string(),
            [one] => format!("the heading `{}` behind it is code", facts.text(one.title)),
            all => format!("{} headings behind it are code", all.len()),
        };
        let mut finding = Finding::new(&RULE, fence.span.shifted(base), format!("this fence is never closed: {lost}"));
        let whole = || check.view.parts().all(|(_, facts)| facts.sections.is_empty());
        let help = match fence.hampered {
            Some(_) => "let the fence that is to close it stand alone in its line",
            None if fence.headings.is_empty() => {
                "close it where the code ends, and look whether the document breaks off there"
            }
            None if whole() => "delete the fence if the document is no code",
            None if fence.begins => "close it where the code ends",
            None => {
                "delete it if the code ends above; an example that holds a fence itself needs a longer one: four backticks"
            }
        };
        finding.help = Some(help.to_string());
        let place = |span: Span| Place { path: check.view.path.clone(), span: span.shifted(base) };
        let hampered =
            fence.hampered.map(|span| (place(span), "would close it but for the words behind it".to_string()));
        let lost = fence.headings.iter().map(|it| (place(it.span), format!("`{}` stands here", facts.text(it.title))));
        finding.related.extend(hampered.into_iter().chain(lost.take(MOST_NAMED)));
        out.push(finding);
    }
}

/// Leaves out the sections that are missing because they stand in such a fence.
pub(super) fn retain(view: &View<'_>, schema: &Schema, problems: &mut Vec<Problem>) {
    let fences = view.parts_with(Holds::OPEN_FENCE).filter_map(|(_, facts)| facts.open_fence.as_ref());
    let keys = fences.flat_map(|fence| &fence.headings).filter_map(|it| schema.keys.get(&it.key));
    let there: FxHashSet<usize> = keys.flatten().copied().collect();
    if !there.is_empty() {
        let lost = |mend: &Mend| matches!(mend, Mend::Insert { slot, .. } if there.contains(slot));
        problems.retain(|it| !matches!(it, Problem::Missing { mend, .. } if lost(mend)));
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn findings(path: &str, text: &str) -> Vec<crate::rule::Finding> {
        let world = world(&format!("//- {path}\n{text}"));
        check(&world.snapshot(), &FilePath::new(&format!("/w/{path}")))
    }

    /// The message, its help and how many places it names.
    fn told(text: &str) -> Vec<(String, String, usize)> {
        let own = findings("plan.md", text).into_iter().filter(|it| it.rule.name == "unclosed-fence");
        own.map(|it| (it.message, it.help.unwrap_or_default(), it.related.len())).collect()
    }

    fn one(lost: &str, help: &str, places: usize) -> Vec<(String, String, usize)> {
        vec![(format!("this fence is never closed: {lost}"), help.to_string(), places)]
    }

    const CLOSE: &str = "close it where the code ends";
    const DELETE: &str =
        "delete it if the code ends above; an example that holds a fence itself needs a longer one: four backticks";

    #[test]
    fn headings_behind_a_fence_that_nothing_closes_are_told() {
        let risks = "the heading `Risks` behind it is code";
        let two = "2 headings behind it are code";
        assert_eq!(told("# P\n\n```sh\nmake\n\n## Risks\n\nNone.\n"), one(risks, CLOSE, 1));
        assert_eq!(told("# P\r\n\r\n~~~sh\r\nmake\r\n\r\n## Risks ##\r\n\r\nNone."), one(risks, CLOSE, 1));
        let nested = "# P\n\n```markdown\n# T\n\n```sh\nmake\n```\n```\n\n## Risks\n\n### Other\n\nNone.\n";
        assert_eq!(told(nested), one(two, DELETE, 2));
        assert_eq!(told("# P\n\n```\nmake\n## Risks\nNone.\n### Other\n"), one(two, CLOSE, 2));
        let hampered = "let the fence that is to close it stand alone in its line";
        assert_eq!(told("# P\n\n```ts\nlet x;\n```## Error\n\n### Risks\n\nNone.\n"), one(risks, hampered, 2));
        let shown = "delete the fence if the document is no code";
        assert_eq!(told("```markdown\n# P\n\n## Risks\n\nNone.\n\n## Other\n\nx\n"), one(two, shown, 2));
        assert_eq!(told("# P\n\n````\nx\n```\n\n## Risks\n"), one(risks, CLOSE, 1), "a shorter one closes nothing");
    }

    #[test]
    fn a_document_that_ends_in_code_of_a_language_may_break_off_there() {
        let help = "close it where the code ends, and look whether the document breaks off there";
        for text in [
            "# P\n\n```sh\nmake\n",
            "# P\n\n```sh\n## all of it\nmake\n## the rest\nmake rest\n",
            "# P\n\n```sh\n\n# Title\n\n####### Deep\n\n##glued\n\n##\n\n#!/bin/sh\n\n    ## Far\n",
        ] {
            assert_eq!(told(text), one("the document ends in its code", help, 0), "{text}");
        }
    }

    #[test]
    fn what_loses_nothing_is_not_told() {
        for text in [
            "# P\n\n```sh\nmake\n```\n\n## Risks\n\nNone.\n",
            "# P\n\n```sh\nmake\n\n## Risks\n```\n",
            "# P\n\n```sh\nmake\n\n## Risks\n   ```  ",
            "# P\n\n```sh\nmake\n\n## Risks\n`````\n\n",
            "# P\n\n```\n## all of it\nmake\n",
            "# P\n\n- x\n  ```sh\n  make\n\n## Risks\n\nNone.\n",
            "# P\n\n> ```sh\n> make\n>\n> ## Risks\n",
            "# P\n\n```\n",
            "# P\n\n```",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
        let text = "# P\n\n```sh\nmake\n\n## Risks\n\nNone.\n";
        for path in ["notes/log.md", ".specify/templates/plan-template.md"] {
            assert!(findings(path, text).iter().all(|it| it.rule != &super::RULE), "{path}");
        }
    }

    #[test]
    fn a_section_in_such_a_fence_is_not_missing() {
        let design = |fence: &str| {
            format!(
                "# Design Document: Login\n\n## Overview\n\nUsers sign in.\n\n## Components and Interfaces\n\nA page.\n\n## Data Models\n\n```ts\nlet x;\n{fence}\n\n## Error Handling\n\nTold so.\n\n## 6. Testing Strategy\n\nBy hand.\n"
            )
        };
        let rules = |text: &str| {
            let all = findings(".kiro/specs/login/design.md", text);
            all.into_iter().map(|it| (it.rule.name, it.message)).collect::<Vec<_>>()
        };
        let missing = ("missing-section", "the section `Architecture` is missing".to_string());
        assert_eq!(rules(&design("```")), std::slice::from_ref(&missing));
        let fence = ("unclosed-fence", "this fence is never closed: 2 headings behind it are code".to_string());
        assert_eq!(rules(&design("")), [missing, fence]);
    }

    #[test]
    fn a_requirement_in_such_a_fence_is_not_surely_unknown() {
        let spec = "# Requirements Document\n\n### Requirement 1: Log in\n\n#### Acceptance Criteria\n\n1. WHEN a user logs in THEN the system SHALL check it.\n";
        let more = "\n### Requirement 2: Log out\n\n#### Acceptance Criteria\n\n1. WHEN a user logs out THEN the system SHALL end it.\n\n### FR-7: Lock\n\n- **FR-8**: The system SHALL lock.\n";
        let tasks = "# Tasks\n\n- [ ] 1. Check\n  - _Requirements: 1.1, 2.1, 2, FR-7, FR-8_\n- [ ] 2. More\n  - _Requirements: 1.7_\n";
        let told = |fence: &str| {
            let world = world(&format!(
                "//- .kiro/specs/a/requirements.md\n{spec}{fence}{more}//- .kiro/specs/a/tasks.md\n{tasks}"
            ));
            let all = check(&world.snapshot(), &FilePath::new("/w/.kiro/specs/a/tasks.md")).into_iter();
            all.map(|it| (it.level.as_str(), it.message)).collect::<Vec<_>>()
        };
        assert_eq!(told("").len(), 1);
        let lost: Vec<_> = told("\n```\n").into_iter().filter(|it| it.0 == "warning").collect();
        assert_eq!(lost.len(), 1, "{lost:?}");
        assert!(lost[0].1.contains("`1.7`"), "{lost:?}");
    }
}
