//! `lax-requirement`: the text of a named requirement says neither SHALL nor MUST.

use super::consequence::named_requirements;
use super::doubt::{TRANSLATED, TRANSLATED_WORDS};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::facts::Facts;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "lax-requirement",
    level: Some(Level::Warning),
    what: "The text of a requirement that is known by its name says neither SHALL nor MUST.",
    why: "`openspec validate` refuses it: what does not bind is no requirement. Only the text above the first scenario counts, \
          and capitals are asked for. One that says SHOULD or MAY in capitals is graded on purpose (RFC 2119), which is only \
          information, and so is a specification that lies in no folder of OpenSpec's, or binds in another language throughout (ДОЛЖЕН).",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nThe system checks the password.\n\n#### Scenario: Wrong password\n- **WHEN** it is wrong\n- **THEN** nobody gets in\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nThe system SHALL check the password.\n\n#### Scenario: Wrong password\n- **WHEN** it is wrong\n- **THEN** nobody gets in\n",
    fix: Remedy::ByHand,
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if check.template {
        return;
    }
    let rules = &check.dialect.table.definitions;
    let first = |words: &[String]| words.iter().take(2).map(String::clone).collect::<Vec<_>>();
    let message = format!("this requirement says neither {}", first(&rules.binding).join(" nor "));
    for lax in &facts.lax {
        let mut finding = Finding::new(&RULE, lax.span, message.clone());
        if !lax.has_text {
            finding.message = "this requirement has no text".to_string();
            let words = first(&rules.binding).join(" or ");
            finding.help = Some(format!("say above its first scenario what {words} be done").into());
        } else if lax.graded {
            finding.message += &format!(", only {}", first(&rules.grading).join(" or "));
            finding.level = Level::Information;
        }
        finding.translated = lax.translated && !lax.graded;
        // Others write so, too, and no tool of theirs refuses it.
        if !check.snapshot.layout().is_of_changes(check.view.scope, check.snapshot.dialect()) {
            finding.level = Level::Information;
        }
        out.push(finding);
    }
}

/// Lowers the findings of a file that binds in another language throughout: one that does so beside others is a slip.
pub(super) fn settle(check: &Check<'_>, out: &mut [Finding]) {
    let own = out.iter().filter(|finding| finding.rule == &RULE).count();
    if own == 0 || out.iter().all(|finding| !finding.translated) || named_requirements(check) > own {
        return;
    }
    for finding in out.iter_mut().filter(|finding| finding.translated) {
        TRANSLATED.lower(finding, |_| TRANSLATED_WORDS.into());
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(text: &str) -> Vec<String> {
        let path = "openspec/specs/lamp/spec.md";
        let scenario = "#### Scenario: Dusk\n- **WHEN** it is dark\n- **THEN** it burns\n";
        let world = world(&format!(
            "//- {path}\n# lamp\n\n## Purpose\nLight.\n\n## Requirements\n\n### Requirement: Dusk\n{text}\n\n{scenario}"
        ));
        let all = check(&world.snapshot(), &FilePath::new(&format!("/w/{path}"))).into_iter();
        let own = all.filter(|it| it.rule.name == "lax-requirement");
        own.map(|it| format!("{}: {}", it.level.as_str(), it.message)).collect()
    }

    #[test]
    fn what_is_graded_on_purpose_is_a_remark() {
        for text in ["The lamp SHOULD burn.", "The lamp **MAY** burn\nall night.", "The lamp SHOULD NOT blink."] {
            let message = "information: this requirement says neither SHALL nor MUST, only SHOULD or MAY";
            assert_eq!(found(text), [message], "{text}");
        }
        for text in ["The lamp burns.", "The lamp should burn, may blink.", "It burns in MAYBE mode."] {
            assert_eq!(found(text), ["warning: this requirement says neither SHALL nor MUST"], "{text}");
        }
        assert_eq!(found("The lamp SHALL burn and MAY blink."), [""; 0]);
        let told = found("Лампа ДОЛЖНА гореть.");
        assert!(told.len() == 1 && told[0].starts_with("information: this requirement says neither"), "{told:?}");
        let beside =
            "Лампа ДОЛЖНА гореть.\n\n#### Scenario: A\n- **THEN** b\n\n### Requirement: Dawn\nIt SHALL go out.";
        assert_eq!(found(beside), ["warning: this requirement says neither SHALL nor MUST"], "others say it");
    }

    #[test]
    fn a_requirement_without_text_is_told_so() {
        let told = |text: &str| {
            let spec = format!(
                "# B\n\n## Requirements\n\n### Requirement: Float\n\n{text}#### Scenario: Water\n- **WHEN** a\n- **THEN** it MUST b\n"
            );
            let world = world(&format!("//- openspec/specs/b/spec.md\n{spec}"));
            let found = check(&world.snapshot(), &FilePath::new("/w/openspec/specs/b/spec.md")).into_iter();
            found.filter(|it| it.rule.name == "lax-requirement").map(|it| it.message).collect::<Vec<_>>()
        };
        assert_eq!(told(""), ["this requirement has no text"]);
        assert_eq!(told("It floats.\n\n"), ["this requirement says neither SHALL nor MUST"]);
        assert_eq!(told("It SHALL float.\n\n"), [""; 0]);
    }
}
