//! `requirement-outside-section`: a main specification states requirements outside its section of requirements.

use super::repeated::{gathered, placed};
use super::stray_delta_header::strays;
use super::{Check, Checker, Finding, Remedy, Rule, missing_section};
use crate::dialect::Role;
use crate::facts::{Form, Holds};
use crate::id::Id;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

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
    let Some(home) = home_of(check).filter(|_| judged && strays(check).is_empty()) else { return };
    let mut all: Vec<(&str, Span, usize)> = Vec::new();
    for (title, head, _) in names_outside(check, &home) {
        match all.last_mut().filter(|(_, span, _)| *span == head) {
            Some((.., count)) => *count += 1,
            None => all.push((title, head, 1)),
        }
    }
    let titles =
        check.view.parts().flat_map(|(_, facts)| facts.sections.iter().map(|it| (it.level, facts.text(it.title))));
    let read = titles.filter(|(level, _)| *level <= LEVEL).any(|(_, title)| title.eq_ignore_ascii_case(&home));
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
        finding.help = Some(format!("state requirements below `## {home}`, and nothing else in that heading").into());
        (title.to_string(), finding)
    };
    let mut found: Vec<(String, Finding)> = all.into_iter().map(told).collect();
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| {
        format!("{count} headings state requirements outside `{home}`, and `openspec` does not read them")
    }));
}

/// The title of the section that holds the requirements of a main specification, as its template has it.
fn home_of(check: &Check<'_>) -> Option<String> {
    let is_base = check.snapshot.layout().is_base(check.view.scope, check.snapshot.dialect());
    let home = check.schema?.slots.iter().find(|slot| slot.depth == 1 && !slot.children.is_empty())?;
    is_base.then(|| home.heading.numbered(1))
}

/// The requirements outside the section `home`: the title and the heading of the section that each stands in, and its name.
fn names_outside<'a>(check: &Check<'a>, home: &str) -> Vec<(&'a str, Span, &'a Id)> {
    let mut out = Vec::new();
    let mut above = None;
    for (base, facts) in check.view.parts() {
        let names = facts.definitions.iter().filter(|it| it.form == Form::Name && !it.withdrawn);
        let mut names = names.peekable();
        for section in &facts.sections {
            if section.level <= LEVEL {
                let title = facts.text(section.title);
                let own = title.eq_ignore_ascii_case(home);
                above = (section.level == LEVEL && !own).then(|| (title, section.head.shifted(base)));
            }
            while names.next_if(|it| it.place.start < section.head.start).is_some() {}
            let stated = names.peek().filter(|it| section.level > LEVEL && section.head.covers(it.place));
            if let (Some((title, head)), Some(stated)) = (above, stated) {
                out.push((title, head, facts.id(stated.id)));
            }
        }
    }
    out
}

/// The names of which all requirements stand outside the section of requirements, each in a section of its own.
pub(super) fn standing_apart<'a>(check: &Check<'a>) -> FxHashSet<&'a Id> {
    let Some(home) = home_of(check) else { return FxHashSet::default() };
    let mut stated: FxHashMap<&Id, usize> = FxHashMap::default();
    for (_, facts) in check.view.parts_with(Holds::NAMES) {
        for name in facts.definitions.iter().filter(|it| it.form == Form::Name && !it.withdrawn) {
            *stated.entry(facts.id(name.id)).or_default() += 1;
        }
    }
    // Of each how many sections state it, and the last of them.
    let mut sections: FxHashMap<&Id, (usize, Option<Span>)> = FxHashMap::default();
    for (_, section, name) in names_outside(check, &home) {
        let (count, last) = sections.entry(name).or_default();
        *count += usize::from(last.replace(section) != Some(section));
    }
    sections.into_iter().filter(|(name, (count, _))| stated.get(name) == Some(count)).map(|(name, _)| name).collect()
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
