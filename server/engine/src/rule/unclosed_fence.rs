//! `unclosed-fence`: a fence that nothing closes, or only what was to close another, so that what stands behind it is code.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Held, Holds, InnerFence};
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "unclosed-fence",
    level: Some(Level::Information),
    what: "A fence is not closed where its code ends, and what stands behind it is code.",
    why: "A block of code that begins with three backticks goes on to the end of the document if no line closes it. What follows is shown \
          as code, and its sections, requirements and tasks are not read, by Traceline or any other tool. Mostly the closing line was \
          forgotten, has words behind it (```` ```## Next ````), or there is one too many: an example that holds a fence itself is over \
          where that one ends, and the line that was to close it begins a block. Four backticks around the example keep it together. \
          A fence in a list ends with its item, and one behind which no heading of level 2 or below stands loses nothing: it is told where it names its language, \
          as a document that breaks off ends so; \
          a heading has a blank line before it there, or is one of several in a block without a language. \
          Where a fence of a language stands in a block that is still open, it is code itself, as what closes a block has no words behind \
          it; the line that was to close its own block closes the one above, and from there on text is code and code is text. That is \
          told once in a document, at the first such fence, unless one that is never closed is told there. A block around fences that \
          has more backticks than they, or tildes, is as it should be. \
          A section that stands in a block of either kind is not missing. In one that is never closed, a requirement is not surely unknown, and what trace lines in it may name is a hint where it is told as uncovered.",
    bad: "//- plan.md\n# Plan\n\n## Steps\n\n```sh\nmake all\n\n## Risks\n\nNone so far.\n",
    good: "//- plan.md\n# Plan\n\n## Steps\n\n```sh\nmake all\n```\n\n## Risks\n\nNone so far.\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// How many of the headings a finding names.
const MOST_NAMED: usize = 12;

/// What mends a fence with words behind it.
const ALONE: &str = "let the fence that is to close it stand alone in its line";
const WOULD_CLOSE: &str = "would close it but for the words behind it";

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
            Some(_) => ALONE,
            None if fence.headings.is_empty() => {
                "close it where the code ends, and look whether the document breaks off there"
            }
            None if whole() => "delete the fence if the document is no code",
            None if fence.begins => "close it where the code ends",
            None => {
                "delete it if the code ends above; an example that holds a fence itself needs a longer one: four backticks"
            }
        };
        finding.help = Some(help.into());
        let place = |span: Span| Place { path: check.view.path.clone(), span: span.shifted(base) };
        let hampered = fence.hampered.map(|span| (place(span), WOULD_CLOSE.to_string()));
        let lost = fence.headings.iter().map(|it| (place(it.span), format!("`{}` stands here", facts.text(it.title))));
        finding.related.extend(hampered.into_iter().chain(lost.take(MOST_NAMED)));
        // Where the fences have changed places.
        let before: Vec<Span> = inner_fences(check).take(1).map(|(base, inner)| inner.span.shifted(base)).collect();
        finding.also_at(check, &before, "this fence is code already: the block above it is still open");
        out.push(finding);
        return;
    }
    out.extend(inner(check));
}

/// The fences that are code, as the block above each is still open, with where their part begins.
fn inner_fences<'a>(check: &'a Check<'_>) -> impl Iterator<Item = (u32, &'a InnerFence)> {
    let parts = check.view.parts_with(Holds::INNER_FENCES);
    parts.flat_map(|(base, facts)| facts.inner_fences.iter().map(move |fence| (base, fence)))
}

/// All of them, told at the first.
fn inner(check: &Check<'_>) -> Option<Finding> {
    let mut all = inner_fences(check);
    let (base, first) = all.next()?;
    let others: Vec<Span> = all.map(|(base, fence)| fence.span.shifted(base)).collect();
    let which = match others.len() {
        0 => "this fence is code".to_string(),
        more => format!("this fence and {more} more are code"),
    };
    let (why, help) = match first.holds {
        Held::Markdown => (
            "the sample of Markdown around it ends at the next fence",
            "begin and end the sample with a longer fence, four backticks, or close it above",
        ),
        Held::Code => (
            "the block above it is still open",
            "close that where its code ends; a sample that holds a fence itself needs a longer one: four backticks",
        ),
        Held::Anything => (
            "the fence above it has begun a block",
            "delete that if it was to close one, or close its block where the code ends; a sample that holds a fence itself needs a longer one: four backticks",
        ),
    };
    let mut finding = Finding::new(&RULE, first.span.shifted(base), format!("{which}: {why}"));
    let hampered = first.hampered.map(|span| span.shifted(base));
    finding.help = Some(if hampered.is_some() { ALONE } else { help }.into());
    finding.also_at(check, &[first.around.shifted(base)], "the block begins here");
    finding.also_at(check, hampered.as_slice(), WOULD_CLOSE);
    finding.also_at(check, &others, "this fence is code, too");
    Some(finding)
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
        own.map(|it| (it.message, it.help.unwrap_or_default().into_owned(), it.related.len())).collect()
    }

    fn one(lost: &str, help: &str, places: usize) -> Vec<(String, String, usize)> {
        vec![(format!("this fence is never closed: {lost}"), help.to_string(), places)]
    }

    /// The same of fences that are code.
    fn shifted(text: &str) -> Vec<(String, usize)> {
        told(text).into_iter().map(|(message, _, places)| (message, places)).collect()
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
        assert_eq!(told(nested), one(two, DELETE, 3));
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
    fn a_fence_in_a_block_that_is_still_open_is_code() {
        let fence = "this fence is code";
        let sample = "the sample of Markdown around it ends at the next fence";
        let open = "the block above it is still open";
        let begun = "the fence above it has begun a block";
        let one = |why: &str, places: usize| vec![(format!("{fence}: {why}"), places)];
        assert_eq!(shifted("# P\n\n```markdown\n# T\n\n```sh\nrow\n```\n\nEnd.\n\n```\nx\n```\n"), one(sample, 1));
        assert_eq!(shifted("# P\n\n```go\nrow()\n\n## Q\n\n```sh\nrow\n```\n\n## R\n\nx\n"), one(open, 1));
        assert_eq!(shifted("# P\r\n\r\n```\r\n\r\nText.\r\n\r\n```sh\r\nrow\r\n```\r\n"), one(begun, 1));
        assert_eq!(shifted("# P\n\n```\n\n```ts title=\"x.ts\"\nx\n```\n"), one(begun, 1));
        assert_eq!(
            shifted("# P\n\n1. x\n   ```go\n   row()\n\n   ```sh\n   row\n   ```\n"),
            one(open, 1),
            "in an item"
        );
        assert_eq!(shifted("# P\n\n```go\nrow()\n```## Q\n\n```sh\nrow\n```\n"), one(open, 2));
        assert_eq!(told("# P\n\n```go\nrow()\n```## Q\n\n```sh\nrow\n```\n")[0].1, super::ALONE);
        let block = "```\n\nText.\n\n```sh\nrow\n```\n\n";
        assert_eq!(
            shifted(&format!("# P\n\n{block}## Q\n\n{block}## R\n\n{block}")),
            [(format!("this fence and 2 more are code: {begun}"), 3)]
        );
        let many = format!("# P\n\n```\n{}```\n", "```sh\n".repeat(200));
        assert_eq!(shifted(&many)[0].1, 51);
    }

    #[test]
    fn what_may_stand_in_a_block_is_not_told() {
        for text in [
            "# P\n\n````markdown\n# T\n\n```sh\nrow\n```\n````\n",
            "# P\n\n~~~markdown\n```sh\nrow\n```\n~~~\n",
            "# P\n\n```go\nrow()\n```\n\n```sh\nrow\n```\n",
            "# P\n\n```go\n    ```sh\n```\n",
            "# P\n\n```go\n// ```sh\n```\n",
            "# P\n\n```text\n```sh for shells, ```go for Go\n```{language}\n``` x y\n```\n",
            "# P\n\n- x\n  ```go\n  row()\n- y\n  ```sh\n  row\n  ```\n",
            "# P\n\n> ```go\n> row()\n> ```\n",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
        let text = "# P\n\n```\n\n```sh\nrow\n```\n";
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
