//! `unnamed-requirement`: a heading with scenarios is no requirement, since it does not say that it is one.

use super::repeated::MOST_PLACES;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::{Edit, Fix};
use crate::facts::{Facts, Form, Section};
use crate::query::Place;
use crate::settings::Level;
use crate::text::{Span, capitalised, narrow};

pub(super) const RULE: Rule = Rule {
    name: "unnamed-requirement",
    level: Some(Level::Warning),
    what: "A heading with scenarios below it, or one such as `Requirement 1: Name`, lacks the `Requirement:` by which requirements are known.",
    why: "In a change `openspec` does not see it. In a main specification it does, but no change can modify or remove it, since \
          those find a requirement by that heading: there it is information. All such headings of a file are one finding, and so are \
          requirements that stand too deep: `#### Requirement: Name` below a heading of a group.",
    bad: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n",
    good: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n",
    fix: Remedy::Suggested("Puts `Requirement:` before the heading's text."),
    check: Checker::File(check),
};

/// The level of a requirement's heading.
const LEVEL: u8 = 3;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let table = &check.dialect.table.definitions;
    let Some(key) = table.names.iter().next().filter(|_| check.view.role == Role::Spec && !check.template) else {
        return;
    };
    let changes = |title: &str| table.changes.iter().any(|change| change.heading.eq_ignore_ascii_case(title));
    // Below some headings of changes a requirement is named and not stated.
    let named = |title: &str| title.get(..key.len()).is_some_and(|head| head.eq_ignore_ascii_case(key));
    let stated = |facts: &Facts, section: &Section| {
        named(facts.text(section.title))
            || facts.definitions.iter().any(|it| it.form == Form::Name && section.head.covers(it.place))
    };
    let mut found: Vec<(Span, &str)> = Vec::new();
    // Requirements that stand deeper than the tool looks for them.
    let mut deep: Vec<(Span, &str)> = Vec::new();
    // A heading of requirements or changes is above, and a heading that may be meant for a requirement.
    let (mut inside, mut in_change, mut candidate) = (false, false, None);
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            let title = facts.text(section.title);
            if section.level < LEVEL {
                let change = changes(title);
                (inside, candidate) = (change || title.eq_ignore_ascii_case("requirements"), None);
                in_change |= change;
            } else if section.level == LEVEL {
                candidate = (inside && !stated(facts, section)).then(|| (section.head.shifted(base), title));
                found.extend(candidate.take_if(|(_, title)| counted(title, key).is_some()));
            } else if inside && named(title) {
                deep.push((section.head.shifted(base), title));
                // What is above is a group.
                candidate = None;
            } else if let Some(own) = candidate
                && table.scenarios.longest_start(title).is_some()
            {
                found.push(own);
                candidate = None;
            }
        }
    }
    out.extend(too_deep(check, &deep, in_change));
    let Some((span, title)) = found.first().copied() else { return };
    let message = match found.len() {
        1 => format!("`{title}` is meant for a requirement and is none: its heading lacks `Requirement:`"),
        count => format!("{count} headings are meant for requirements and are none: they lack `Requirement:`"),
    };
    let mut finding = Finding::new(&RULE, span, message);
    if !in_change {
        finding.level = Level::Information;
    }
    finding.help = Some("write `### Requirement: Name`".into());
    let place = |span| Place { path: check.view.path.clone(), span };
    let others = found[1..].iter().take(MOST_PLACES);
    finding.related.extend(others.map(|(span, title)| (place(*span), format!("`{title}` is another"))));
    let capital = capitalised(key);
    let before = |(span, title): &(Span, &str)| {
        // Where the heading has marks in it, it is longer than its text.
        let number = counted(title, key).filter(|_| title.len() == (span.end - span.start) as usize).unwrap_or(0);
        Edit { span: Span { start: span.start, end: span.start + narrow(number) }, text: format!("{capital} ") }
    };
    finding.fix = Some(Fix::of(format!("Put `{capital}` before it"), found.iter().map(before).collect()));
    out.push(finding);
}

/// The length of `Requirement 1: ` in a title that begins so, where `key` is `requirement:`.
fn counted(title: &str, key: &str) -> Option<usize> {
    let noun = key.trim_end_matches(':');
    let rest = title.get(..noun.len()).filter(|head| head.eq_ignore_ascii_case(noun)).map(|_| &title[noun.len()..])?;
    let number = rest.trim_start_matches([' ', '#']);
    let behind = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let signs = behind.trim_start();
    let name = signs.trim_start_matches([':', ' ', '-', '–', '—']);
    (number.len() < rest.len() && behind.len() < number.len() && name.len() < signs.len() && !name.is_empty())
        .then(|| title.len() - name.len())
}

/// The finding of requirements whose headings are of a level at which the tool does not look for them.
fn too_deep(check: &Check<'_>, deep: &[(Span, &str)], in_change: bool) -> Option<Finding> {
    let ((span, title), others) = deep.split_first()?;
    let message = match others.len() {
        0 => format!("`{title}` stands too deep for a requirement"),
        more => format!("{} requirements stand too deep, the first of them here", more + 1),
    };
    let mut finding = Finding::new(&RULE, *span, message);
    if !in_change {
        finding.level = Level::Information;
    }
    finding.help = Some("`openspec` reads `### Requirement: Name`, with its scenarios a level deeper".into());
    let place = |span| Place { path: check.view.path.clone(), span };
    let others = others.iter().take(MOST_PLACES);
    finding.related.extend(others.map(|(span, title)| (place(*span), format!("so does `{title}`"))));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use crate::fixture::{files, world};
    use crate::path::FilePath;
    use crate::rule::check;

    /// What is said of a change, and what the fix makes of it.
    fn found(below: &str) -> Vec<(String, String)> {
        let fixture = format!("//- openspec/changes/a/specs/lamp/spec.md\n## ADDED Requirements\n\n{below}");
        let path = FilePath::new("/w/openspec/changes/a/specs/lamp/spec.md");
        let text = files(&fixture).remove(0).1;
        let all = check(&world(&fixture).snapshot(), &path).into_iter();
        let own = all.filter(|it| it.rule.name == "unnamed-requirement");
        own.map(|it| (it.message, it.fix.unwrap().applied_to(&text))).collect()
    }

    #[test]
    fn a_number_does_not_stand_for_the_colon() {
        let burn = "The lamp SHALL burn.\n\n#### Scenario: Night\n- **THEN** it burns\n";
        let whole = "### Requirement: Burn";
        for heading in ["### Requirement 1: Burn", "### Requirement 1.2 - Burn", "### requirement #3: Burn", "### Burn"]
        {
            let all = found(&format!("{heading}\n{burn}"));
            assert_eq!(all.len(), 1, "{heading}");
            assert!(all[0].1.contains(whole), "{heading}: {}", all[0].1);
        }
        let bare = found("### Requirement 1: Burn\n- **REQ-1.1**: The lamp MUST burn.\n");
        let message = "`Requirement 1: Burn` is meant for a requirement and is none: its heading lacks `Requirement:`";
        assert_eq!(bare.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), [message]);
        for fine in [
            "### Requirements 1: Burn\n",
            "### Requirement: 1: Burn\n",
            "### Requirement 7\n",
            "### Requirement 1 of 3\n",
            "### Burn\n",
        ] {
            assert_eq!(found(&format!("{fine}\nText.\n")), [], "{fine}");
        }
    }
}
