//! `requirement-outside-delta`: a change states requirements outside its headings of changes, where nobody sees them.

use super::stray_delta_header::deltas;
use super::{Check, Checker, Finding, Rule};
use crate::dialect::Role;
use crate::facts::Form;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "requirement-outside-delta",
    level: Some(Level::Warning),
    what: "A change states requirements outside its sections `ADDED Requirements`, `MODIFIED Requirements` and so on.",
    why: "`openspec` reads those sections of a change and nothing else: the requirement is seen by no `validate`, and `archive` does \
          not bring it into the specification. Where a file has no such section at all it says so itself, and nothing is told \
          here. Requirements below one heading are one finding.",
    bad: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n\n## Requirements\n\n### Requirement: Salt the hash\nThe system SHALL salt it.\n\n#### Scenario: Stored\n- **THEN** a salt is stored\n",
    good: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n\n### Requirement: Salt the hash\nThe system SHALL salt it.\n\n#### Scenario: Stored\n- **THEN** a salt is stored\n",
    fix: "",
    check: Checker::File(check),
};

/// A heading, or a requirement's name where none is above, and what is stated there.
struct Outside<'a> {
    title: &'a str,
    span: Span,
    count: usize,
}

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || check.view.role != Role::Spec {
        return;
    }
    if check.snapshot.layout().is_base(check.view.scope, check.snapshot.dialect()) {
        return;
    }
    let deltas = deltas(check);
    if deltas.is_empty() {
        return;
    }
    let mut all: Vec<Outside<'_>> = Vec::new();
    // The headings above: level, title and place.
    let mut open: Vec<(u8, &str, Span)> = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            while open.last().is_some_and(|(level, ..)| *level >= section.level) {
                open.pop();
            }
            let head = section.head.shifted(base);
            let seen = deltas.iter().any(|delta| delta.whole.covers(head));
            let states = |it: &&crate::facts::Definition| it.form == Form::Name && section.head.covers(it.place);
            if let Some(own) = facts.definitions.iter().find(states).filter(|_| !seen) {
                let above = open.iter().rev().find(|(level, ..)| *level > 1);
                let (title, span) =
                    above.map_or_else(|| (facts.text(own.title), own.place.shifted(base)), |it| (it.1, it.2));
                match all.iter_mut().find(|it| it.span == span) {
                    Some(known) => known.count += 1,
                    None => all.push(Outside { title, span, count: 1 }),
                }
            }
            open.push((section.level, facts.text(section.title), head));
        }
    }
    for Outside { title, span, count } in all {
        let what = if count == 1 { "a requirement".to_string() } else { format!("{count} requirements") };
        let mut finding = Finding::new(&RULE, span, format!("`{title}` states {what} outside the changes"));
        let kind = deltas.first().map_or("ADDED Requirements", |delta| delta.title);
        finding.help =
            Some(format!("move it below a heading of changes, such as `## {kind}`: the rest of a change is not read"));
        let place = |span| Place { path: check.view.path.clone(), span };
        finding.related.extend(deltas.iter().map(|delta| (place(delta.head), format!("`{}` is read", delta.title))));
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(path: &str, text: &str) -> Vec<String> {
        let world = world(&format!("//- {path}\n{text}"));
        let all = check(&world.snapshot(), &FilePath::new(&format!("/w/{path}"))).into_iter();
        let own = all.filter(|it| it.rule.name == "requirement-outside-delta");
        own.map(|it| format!("{} +{}", it.message, it.related.len())).collect()
    }

    #[test]
    fn requirements_below_one_heading_are_one_finding() {
        let change = "openspec/changes/salt/specs/login/spec.md";
        let text = "# login\n\n## ADDED Requirements\n\n### Requirement: Hash\nIt SHALL.\n\n## Requirements\n\n### Requirement: Salt\nIt SHALL.\n\n### Requirement: Pepper\nIt SHALL.\n\n## REMOVED Requirements\n\n### Requirement: Plain text\n";
        assert_eq!(found(change, text), ["`Requirements` states 2 requirements outside the changes +2"]);
        assert_eq!(found("openspec/specs/login/spec.md", text), [""; 0], "another rule's");
        let none = text.replace("## ADDED ", "## ").replace("## REMOVED ", "## ");
        assert_eq!(found(change, &none), [""; 0]);
        assert_eq!(found(change, &text.replace("## Requirements\n", "Text.\n")), [""; 0]);
    }
}
