//! `heading-without-space`: a line that would be a heading if a space stood behind its `#`s.

use super::repeated::{gathered, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::edit::{Edit, Fix};
use crate::facts::{Facts, Holds, Slip, UnspacedHeading, title_key};
use crate::outline::Problem;
use crate::settings::Level;
use crate::text::Span;
use crate::world::View;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "heading-without-space",
    level: Some(Level::Warning),
    what: "A heading has no space behind its `#`s.",
    why: "To Markdown it is text: the requirement, the scenario or the section is lost to every other tool and to whoever reads \
          it rendered. Traceline reads it as the heading that was meant, so nothing else is told on its account. Only lines \
          that would define something, or that the document's template has, are looked at: a tag (`#login`), a number \
          (`#123`), code and comments are none. A heading whose line was joined to the text before it \
          (`… is sent.### Late parcels`) is information, and so is one whose title stands in the line below its `#`s.",
    bad: "//- spec.md\n# Login\n\n##FR-1: Check the password\n\nThe system SHALL check the password.\n",
    good: "//- spec.md\n# Login\n\n## FR-1: Check the password\n\nThe system SHALL check the password.\n",
    fix: Remedy::Suggested("Puts the space in."),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template {
        return;
    }
    let mut plain: Vec<(String, Finding)> = Vec::new();
    let mut behind: Vec<(String, Finding)> = Vec::new();
    let mut alone: Vec<(String, Finding)> = Vec::new();
    for (base, facts) in check.view.parts_with(Holds::UNSPACED_HEADINGS) {
        for glued in &facts.unspaced_headings {
            let asked = || check.schema.is_some_and(|schema| schema.keys.contains_key(&glued.key));
            if glued.slip == Slip::Behind {
                behind.push(joined(facts, glued, base));
            } else if glued.slip == Slip::Alone {
                alone.push(slipped(facts, glued, base));
            } else if glued.defines || asked() {
                out.push(told(facts, glued, base));
            } else if facts.text(glued.title).starts_with(char::is_alphabetic) {
                let finding = Finding { level: Level::Information, ..told(facts, glued, base) };
                plain.push((facts.text(glued.title).to_string(), finding));
            }
        }
    }
    placed(&mut behind, check.view.path);
    out.extend(gathered(&behind, |count| format!("{count} headings stand behind other text in its line")));
    placed(&mut alone, check.view.path);
    out.extend(gathered(&alone, |count| format!("the titles of {count} headings stand in the line below their `#`s")));
    placed(&mut plain, check.view.path);
    let edits: Vec<Edit> =
        plain.iter().filter_map(|(_, finding)| finding.fix.as_ref()).flat_map(|fix| fix.edits.clone()).collect();
    let mut found = gathered(&plain, |count| format!("{count} headings have no space behind their `#`s"));
    if let ([one], true) = (&mut found[..], plain.len() > 1) {
        one.fix = Some(Fix::of("Insert the spaces".to_string(), edits));
    }
    out.extend(found);
}

fn told(facts: &Facts, glued: &UnspacedHeading, base: u32) -> Finding {
    let (title, marks, span) = (facts.text(glued.title), "#".repeat(glued.level.into()), glued.span.shifted(base));
    let message = format!("`{marks}{title}` is no heading: a space is missing behind `{marks}`");
    let mut finding = Finding::new(&RULE, span, message);
    let at = span.start + u32::from(glued.level);
    finding.fix = Some(Fix::one("Insert the space".to_string(), Span { start: at, end: at }, " "));
    finding
}

/// The finding of a heading whose line was joined to the one before.
fn joined(facts: &Facts, heading: &UnspacedHeading, base: u32) -> (String, Finding) {
    let text = format!("{} {}", "#".repeat(heading.level.into()), facts.text(heading.title));
    let text = text.trim_end().to_string();
    let message = format!("`{text}` is no heading: it stands behind other text in its line");
    let mut finding = Finding::new(&RULE, heading.span.shifted(base), message);
    finding.level = Level::Information;
    finding.help = Some("give the heading a line of its own".into());
    (text, finding)
}

/// The finding of a heading whose title stands in the line below its marks.
fn slipped(facts: &Facts, heading: &UnspacedHeading, base: u32) -> (String, Finding) {
    let (title, marks) = (facts.text(heading.title), "#".repeat(heading.level.into()));
    let message = format!("`{title}` is no heading: it stands in the line below its `{marks}`");
    let mut finding = Finding::new(&RULE, heading.span.shifted(base), message);
    finding.level = Level::Information;
    finding.help = Some(format!("write `{marks} {title}` in one line").into());
    (title.to_string(), finding)
}

/// Leaves out the sections that are missing for want of a space alone.
pub(super) fn retain(view: &View<'_>, problems: &mut Vec<Problem>) {
    let keys: FxHashSet<u32> = view
        .parts_with(Holds::UNSPACED_HEADINGS)
        .flat_map(|(_, facts)| facts.unspaced_headings.iter().map(|glued| glued.key))
        .filter(|key| *key != 0)
        .collect();
    if !keys.is_empty() {
        problems.retain(|it| !matches!(it, Problem::Missing { title, .. } if keys.contains(&title_key(title))));
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn a_heading_that_was_joined_to_the_line_before_is_told() {
        let found = |text: &str| {
            let world = world(&format!("//- a/spec.md\n# Post\n\n## Parcels\n\n{text}"));
            let all = check(&world.snapshot(), &FilePath::new("/w/a/spec.md")).into_iter();
            let own = all.filter(|it| it.rule.name == "heading-without-space");
            own.map(|it| format!("{} {}", it.level.as_str(), it.message)).collect::<Vec<_>>()
        };
        let told =
            |heading: &str| [format!("information `{heading}` is no heading: it stands behind other text in its line")];
        assert_eq!(found("1. It is weighed\n2. It is sent.### Late parcels\n\nText.\n"), told("### Late parcels"));
        assert_eq!(found("It is sent###\n Late parcels\n"), told("###"));
        let twice = found("- It is weighed\n##FR-1: Sort\nIt is sent.### Late parcels\n");
        assert_eq!(twice.iter().filter(|it| it.contains("behind other text")).count(), 1, "{twice:?}");
        for fine in [
            "Write `text.### Title` there.\n",
            "Use ### for titles and a.b## c.\n",
            "See page.html##late and C## too.\n",
            "```\nsent.### Late\n```\n",
            "### Late parcels ###\n",
            "Each comments its FR-1## per the book.\n",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }
}
