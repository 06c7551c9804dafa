//! `lax-requirement`: the text of a named requirement says neither SHALL nor MUST.

use super::{Check, Checker, Finding, Rule};
use crate::facts::Facts;
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "lax-requirement",
    level: Some(Level::Warning),
    what: "The text of a requirement that is known by its name says neither SHALL nor MUST.",
    why: "`openspec validate` refuses it: what does not bind is no requirement. Only the text above the first scenario counts, \
          and capitals are asked for.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Requirements\n\n### Requirement: Check the password\nThe system checks the password.\n\n#### Scenario: Wrong password\n- **WHEN** it is wrong\n- **THEN** nobody gets in\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Requirements\n\n### Requirement: Check the password\nThe system SHALL check the password.\n\n#### Scenario: Wrong password\n- **WHEN** it is wrong\n- **THEN** nobody gets in\n",
    fix: "",
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if check.template {
        return;
    }
    let words = check.snapshot.dialect_of(check.view.path).table.definitions.binding.iter().take(2);
    let words: Vec<&str> = words.map(String::as_str).collect();
    let message = format!("this requirement says neither {}", words.join(" nor "));
    out.extend(facts.lax.iter().map(|lax| {
        if lax.has_text {
            return Finding::new(&RULE, lax.place, message.clone());
        }
        let mut finding = Finding::new(&RULE, lax.place, "this requirement has no text".to_string());
        finding.help = Some(format!("say above its first scenario what {} be done", words.join(" or ")));
        finding
    }));
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn a_requirement_without_text_is_told_so() {
        let found = |text: &str| {
            let spec = format!(
                "# B\n\n## Requirements\n\n### Requirement: Float\n\n{text}#### Scenario: Water\n- **WHEN** a\n- **THEN** it MUST b\n"
            );
            let world = world(&format!("//- openspec/specs/b/spec.md\n{spec}"));
            let found = check(&world.snapshot(), &FilePath::new("/w/openspec/specs/b/spec.md")).into_iter();
            found.filter(|it| it.rule.name == "lax-requirement").map(|it| it.message).collect::<Vec<_>>()
        };
        assert_eq!(found(""), ["this requirement has no text"]);
        assert_eq!(found("It floats.\n\n"), ["this requirement says neither SHALL nor MUST"]);
        assert_eq!(found("It SHALL float.\n\n"), [""; 0]);
    }
}
