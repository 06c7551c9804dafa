//! `requirement-outside-section`: a main specification states requirements outside its section of requirements.

use super::repeated::{gathered, placed};
use super::stray_delta_header::strays;
use super::{Check, Checker, Finding, Remedy, Rule, missing_section};
use crate::dialect::Role;
use crate::facts::{Form, Holds};
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "requirement-outside-section",
    level: Some(Level::Information),
    what: "A main specification states requirements outside its section `Requirements`.",
    why: "`openspec` reads the requirements below `## Requirements`, a heading of these words alone, and no others: those below \
          another heading of the second level are seen by no `list` and `validate`, and no change can modify them. Nothing is \
          said where the section is told to be missing, or where a heading of a change hides what follows it.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n\n## Locks\n\n### Requirement: Lock the account\nIt SHALL lock.\n\n#### Scenario: Three\n- **THEN** locked\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n\n### Requirement: Lock the account\nIt SHALL lock.\n\n#### Scenario: Three\n- **THEN** locked\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// The level of the sections of a specification.
const LEVEL: u8 = 2;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let judged = check.view.role == Role::Spec && !check.template && check.view.holds(Holds::NAMES);
    let (Some(schema), true) = (check.schema, judged) else { return };
    if !check.snapshot.layout().is_base(check.view.scope, check.snapshot.dialect()) || !strays(check).is_empty() {
        return;
    }
    // The section of the template that has requirements in it.
    let Some(home) = schema.slots.iter().find(|slot| slot.depth == 1 && !slot.children.is_empty()) else { return };
    let home = home.heading.numbered(1);
    let mut all: Vec<(&str, Span, usize)> = Vec::new();
    let (mut read, mut above) = (false, None);
    for (base, facts) in check.view.parts() {
        let names = facts.definitions.iter().filter(|it| it.form == Form::Name && !it.withdrawn);
        let mut names = names.map(|it| it.place.start).peekable();
        for section in &facts.sections {
            if section.level <= LEVEL {
                let title = facts.text(section.title);
                let own = title.eq_ignore_ascii_case(&home);
                read |= own;
                above = (section.level == LEVEL && !own).then(|| (title, section.head.shifted(base)));
            }
            while names.next_if(|at| *at < section.head.start).is_some() {}
            let states = names.peek().is_some_and(|at| section.head.start <= *at && *at < section.head.end);
            let Some((title, head)) = above.filter(|_| states && section.level > LEVEL) else { continue };
            match all.last_mut().filter(|(_, span, _)| *span == head) {
                Some((.., count)) => *count += 1,
                None => all.push((title, head, 1)),
            }
        }
    }
    if !read && out.iter().any(|finding| finding.rule == &missing_section::RULE) {
        return;
    }
    let told = |(title, head, count): (&str, Span, usize)| {
        let (what, them) = match count {
            1 => ("a requirement".to_string(), "it"),
            _ => (format!("{count} requirements"), "them"),
        };
        let message = format!("`{title}` states {what} outside `{home}`, and `openspec` does not read {them}");
        let mut finding = Finding::new(&RULE, head, message);
        finding.help = Some(format!("state requirements below `## {home}`, and nothing else in that heading"));
        (title.to_string(), finding)
    };
    let mut found: Vec<(String, Finding)> = all.into_iter().map(told).collect();
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| {
        format!("{count} headings state requirements outside `{home}`, and `openspec` does not read them")
    }));
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(path: &str, text: &str) -> Vec<String> {
        let world = world(&format!("//- {path}\n{text}"));
        let all = check(&world.snapshot(), &FilePath::new(&format!("/w/{path}"))).into_iter();
        all.filter(|it| it.rule.name == "requirement-outside-section").map(|it| it.message).collect()
    }

    fn stated(name: &str) -> String {
        format!("### Requirement: {name}\nIt SHALL.\n\n#### Scenario: s\n- **THEN** b\n\n")
    }

    const HEAD: &str = "# s\n\n## Purpose\n\nLight.\n\n";
    const AT: &str = "openspec/specs/lamp/spec.md";

    #[test]
    fn requirements_below_another_heading_are_told() {
        let (a, b, c) = (stated("A"), stated("B"), stated("C"));
        let told = |title: &str, what: &str, them: &str| {
            [format!("`{title}` states {what} outside `Requirements`, and `openspec` does not read {them}")]
        };
        let other = format!("{HEAD}## Requirements\n\n{a}## Wick\n\n{b}{c}## Notes\n\nText.\n");
        assert_eq!(found(AT, &other), told("Wick", "2 requirements", "them"));
        let noted = format!("{HEAD}## Requirements\n\n{a}## Requirements (from wick)\n\n{b}");
        assert_eq!(found(AT, &noted), told("Requirements (from wick)", "a requirement", "it"));
        let many: String = ["K", "L", "M", "N"].map(|title| format!("## {title}\n\n{}", stated(title))).concat();
        let all = "4 headings state requirements outside `Requirements`, and `openspec` does not read them: `K`, `L`, `M` and `N`";
        assert_eq!(found(AT, &format!("{HEAD}## Requirements\n\n{a}{many}")), [all]);
    }

    #[test]
    fn what_is_read_or_told_otherwise_is_silent() {
        let (a, b) = (stated("A"), stated("B"));
        for text in [
            format!("{HEAD}## requirements\n\n{a}{b}"),
            format!("{HEAD}## Requirements\n\n{a}## ADDED Requirements\n\n{b}"),
            format!("{HEAD}## Requirements\n\n{a}## ADDED Requirements (from wick)\n\n{b}"),
            format!("{HEAD}{a}"),
            format!("# s\n\n{a}"),
        ] {
            assert_eq!(found(AT, &text), [""; 0], "{text}");
        }
        let other = format!("{HEAD}## Requirements\n\n{a}## Wick\n\n{b}");
        for path in [
            "openspec/changes/wick/specs/lamp/spec.md",
            "openspec/changes/archive/w/specs/lamp/spec.md",
            "specs/lamp/spec.md",
        ] {
            assert_eq!(found(path, &other), [""; 0], "{path}");
        }
    }
}
