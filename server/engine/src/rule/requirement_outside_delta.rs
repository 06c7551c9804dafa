//! `requirement-outside-delta`: a change states requirements outside its headings of changes, where nobody sees them.

use super::doubt::{WHOLE_SPECIFICATION, WHOLE_SPECIFICATION_WORDS};
use super::stray_delta_header::deltas;
use super::{Check, Checker, Finding, Remedy, Rule};
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
          not bring it into the specification. Where a file of a change has no such section at all, that is one finding, and \
          nothing else is told of what it states; where a heading only begins like one (`MODIFY: Login`) and no requirement is named, it is information. Requirements below one heading are one finding, too.",
    bad: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n\n## Requirements\n\n### Requirement: Salt the hash\nThe system SHALL salt it.\n\n#### Scenario: Stored\n- **THEN** a salt is stored\n",
    good: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n\n### Requirement: Salt the hash\nThe system SHALL salt it.\n\n#### Scenario: Stored\n- **THEN** a salt is stored\n",
    fix: Remedy::ByHand,
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
        out.extend(without_any(check));
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
        let help = format!("move it below a heading of changes, such as `## {kind}`: the rest of a change is not read");
        finding.help = Some(help.into());
        let place = |span| Place { path: check.view.path.clone(), span };
        finding.related.extend(deltas.iter().map(|delta| (place(delta.head), format!("`{}` is read", delta.title))));
        out.push(finding);
    }
}

/// The finding that a file of a change states requirements without any heading of changes.
fn without_any(check: &Check<'_>) -> Option<Finding> {
    check.snapshot.layout().change_at(check.view.scope, check.snapshot.dialect())?;
    let all = || check.view.parts().flat_map(|(base, facts)| facts.sections.iter().map(move |it| (base, facts, it)));
    let changes = &check.dialect.table.definitions.changes;
    // `## ADDED Requirement: Name` is neither a heading of changes nor a requirement.
    let almost = |title: &str| {
        changes.iter().any(|change| {
            let stem = change.heading.trim_end_matches('s');
            title.get(..stem.len()).is_some_and(|head| head.eq_ignore_ascii_case(stem))
        })
    };
    let astray = all().find(|(_, facts, section)| almost(facts.text(section.title)));
    let stated = check.view.parts().flat_map(|(base, facts)| facts.definitions.iter().map(move |it| (base, it)));
    let stated: Vec<Span> =
        stated.filter(|(_, it)| it.form == Form::Name).map(|(base, it)| it.place.shifted(base)).collect();
    let (message, span, level) = match (astray, &stated[..]) {
        (Some((base, facts, section)), _) => {
            let message = format!("`{}` is no heading of changes", facts.text(section.title));
            (message, section.head.shifted(base), Level::Warning)
        }
        (None, [first, ..]) => {
            let what = match stated.len() {
                1 => "a requirement".to_string(),
                count => format!("{count} requirements"),
            };
            (format!("this change states {what} below no heading of changes"), *first, Level::Warning)
        }
        (None, []) => {
            // `## MODIFY: Login`. A file without any such word has a form of its own.
            let begins = |title: &str| {
                let word = title.split(|c: char| !c.is_ascii_uppercase()).next().unwrap_or_default();
                word.len() > 2
                    && changes.iter().any(|change| change.heading.starts_with(&word[..3].to_ascii_lowercase()))
            };
            let (base, facts, section) =
                all().find(|(_, facts, section)| section.level > 1 && begins(facts.text(section.title)))?;
            let title = facts.text(section.title);
            let message = format!("`{title}` is no heading of changes, and no requirement is named");
            (message, section.head.shifted(base), Level::Information)
        }
    };
    let mut finding = Finding { level, ..Finding::new(&RULE, span, message) };
    finding.help = Some(
        "put `## ADDED Requirements`, `## MODIFIED Requirements` or `## REMOVED Requirements` above, and each below as \
         `### Requirement: Name`: the rest of a change is not read"
            .into(),
    );
    let has = |key: &str| all().any(|(_, facts, section)| facts.text(section.title).eq_ignore_ascii_case(key));
    if astray.is_none() && has("Purpose") && has("Requirements") {
        WHOLE_SPECIFICATION.lower(&mut finding, |_| WHOLE_SPECIFICATION_WORDS.into());
    }
    Some(finding)
}

/// Leaves out what is amiss with requirements that nobody reads.
pub(super) fn settle(check: &Check<'_>, out: &mut Vec<Finding>) {
    const FOLLOW: [&str; 3] = ["lax-requirement", "requirement-without-scenario", "scenario-without-body"];
    if out.iter().any(|finding| finding.rule == &RULE) && deltas(check).is_empty() {
        out.retain(|finding| !FOLLOW.contains(&finding.rule.name));
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
        assert_eq!(found(change, &none), ["this change states 4 requirements below no heading of changes +0"]);
        assert_eq!(found("openspec/changes/archive/salt/specs/login/spec.md", &none), [""; 0]);
        let other = "# login\n\n## MODIFY: Hash\n\nThe hash is salted.\n";
        assert_eq!(found(change, other), ["`MODIFY: Hash` is no heading of changes, and no requirement is named +0"]);
        assert_eq!(found(change, &other.replace("MODIFY", "Modern")), [""; 0]);
        let one = "# login\n\n## ADDED Requirement: Salt\n\nIt SHALL.\n\n### Scenario: Stored\n- **THEN** b\n";
        assert_eq!(found(change, one), ["`ADDED Requirement: Salt` is no heading of changes +0"]);
        assert_eq!(found(change, &text.replace("## Requirements\n", "Text.\n")), [""; 0]);
    }
}
