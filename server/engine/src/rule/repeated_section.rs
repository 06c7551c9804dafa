//! `repeated-section`: a document has two sections of one name.

use super::repeated::{defines, gathered, is_collection, placed, times};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashMap;

pub(super) const RULE: Rule = Rule {
    name: "repeated-section",
    level: Some(Level::Information),
    what: "A document has two sections of the second level, or two with a number of one section, with the same heading.",
    why: "Most often a part was pasted, or written by an agent, a second time: then two states of one text stand in the document, \
          and a link to the heading leads to the first. Below different titles a heading may come again, and what reviews and \
          records add to a document (`headings` of `[tasks]` in its dialect) comes again with each of them.",
    bad: "//- plan.md\n# Plan\n\n## Storage\n\nOne table.\n\n## Sessions\n\nA token.\n\n## Storage\n\nTwo tables.\n",
    good: "//- plan.md\n# Plan\n\n## Storage\n\nTwo tables.\n\n## Sessions\n\nA token.\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// The level of the sections that are looked at; deeper ones are where they have a number: `### 1.1 Goals`.
const LEVEL: u8 = 2;

/// What is pasted stands in a document so many times at most.
const MOST: usize = 3;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || !matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks) {
        return;
    }
    if is_collection(&check.view, |section| section.level == LEVEL) {
        return;
    }
    let table = &check.dialect.table;
    let comes_again = |title: &str| {
        let change = table.definitions.changes.iter().any(|change| change.heading.eq_ignore_ascii_case(title));
        change || table.tasks.headings.contains(title)
    };
    // The headings above by level, of which a document may have several.
    let mut above: [u32; 7] = [0; 7];
    let mut first: FxHashMap<(u32, &str), usize> = FxHashMap::default();
    let mut all: Vec<(&str, Vec<Span>)> = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in facts.sections.iter().filter(|section| section.top) {
            let level = usize::from(section.level);
            above[level..].fill(base + section.start);
            if section.level < LEVEL {
                continue;
            }
            let title = facts.text(section.title);
            if section.level == LEVEL && title.contains(char::is_alphabetic)
                || is_numbered(title) && !defines(facts, section)
            {
                let at = *first.entry((above[level - 1], title)).or_insert(all.len());
                if at == all.len() {
                    all.push((title, Vec::new()));
                }
                all[at].1.push(section.head.shifted(base));
            }
        }
    }
    // Who has a heading so often means it: `Answer` below each question.
    if all.iter().any(|(_, places)| places.len() > MOST) {
        return;
    }
    let mut found: Vec<(String, Finding)> = Vec::new();
    for (title, places) in all.iter().filter(|(title, places)| places.len() > 1 && !comes_again(title)) {
        let message = format!("the section `{title}` stands here {}", times(places.len()));
        let mut finding = Finding::new(&RULE, places[1], message);
        finding.also_at(check, &places[..1], "it stands here first");
        finding.also_at(check, &places[2..], "and here");
        finding.help = Some("keep one of them, or give them names of their own".into());
        found.push(((*title).to_string(), finding));
    }
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| format!("{count} sections stand here more than once")));
}

/// Whether a title has a number of several parts and a name: `1.1 Goals`.
fn is_numbered(title: &str) -> bool {
    let (number, name) = title.split_at(title.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count());
    number.trim_end_matches('.').contains('.') && name.starts_with(' ') && name.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(text: &str) -> Vec<String> {
        let world = world(&format!("//- a/design.md\n{text}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/design.md")).into_iter();
        let own = all.filter(|it| it.rule.name == "repeated-section");
        own.map(|it| format!("{} +{}", it.message, it.related.len())).collect()
    }

    #[test]
    fn a_section_that_was_pasted_twice_is_told_once() {
        let section = |title: &str| format!("## {title}\n\nText.\n\n### Part\n\nMore.\n\n");
        let two = format!("# Plan\n\n{}{}{}", section("Hull"), section("Oars"), section("Hull"));
        assert_eq!(found(&two), ["the section `Hull` stands here twice +1"]);
        let all: String = ["A1", "B1", "C1", "D1"].map(section).concat();
        assert_eq!(
            found(&format!("# Plan\n\n{all}{all}")),
            ["4 sections stand here more than once: `A1`, `B1`, `C1` and `D1` +7"]
        );
    }

    #[test]
    fn below_another_title_or_as_a_record_it_comes_again() {
        assert_eq!(found("# Hull\n\n## Notes\n\nx\n\n# Oars\n\n## Notes\n\ny\n"), [""; 0]);
        assert_eq!(found("# Hull\n\n## Progress\n\nx\n\n## Progress\n\ny\n"), [""; 0]);
        assert_eq!(found("# Hull\n\n### Part\n\nx\n\n### Part\n\ny\n"), [""; 0], "parts of something");
        let deep = |title: &str| format!("## 1. Hull\n\n### {title}\n\nx\n\n### 1.2 Keel\n\nx\n\n### {title}\n\ny\n");
        assert_eq!(
            found(&deep("1.1 Ribs")),
            ["the section `1.1 Ribs` stands here twice +1"],
            "a number of one section"
        );
        assert_eq!(found(&deep("1. Ribs")), [""; 0], "a step");
        let answers: String = (1..5).map(|at| format!("## Question {at}\n\nx\n\n## Answer\n\ny\n\n")).collect();
        assert_eq!(found(&answers), [""; 0], "a form");
        let many: String = (1..256).map(|at| format!("## Part {at}\n\nx\n\n")).collect();
        assert_eq!(found(&format!("{many}## Part 7\n\nx\n")).len(), 1);
        assert_eq!(found(&format!("{many}## Part 7\n\nx\n\n## Part 8\n\nx\n")), [""; 0], "a collection");
        assert_eq!(found("# Hull\n\n## ---\n\nx\n\n## ---\n\ny\n"), [""; 0], "a line");
    }
}
