//! `repeated-delta-header`: a change has the same heading of changes more than once.

use super::stray_delta_header::{Delta, deltas_of_change};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::edit::Fix;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "repeated-delta-header",
    level: Some(Level::Warning),
    what: "A change has the same heading, such as `ADDED Requirements`, more than once.",
    why: "`openspec` reads only the last section of a name: what stands below the others is seen by no `validate`, and `archive` \
          does not bring it into the specification.",
    bad: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n\n## ADDED Requirements\n\n### Requirement: Salt the hash\nThe system SHALL salt it.\n\n#### Scenario: Stored\n- **THEN** a salt is stored\n",
    good: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n\n### Requirement: Salt the hash\nThe system SHALL salt it.\n\n#### Scenario: Stored\n- **THEN** a salt is stored\n",
    fix: Remedy::Suggested(
        "Takes out the heading where it stands right behind the section of its name, so that the two are one.",
    ),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some(all) = deltas_of_change(check) else { return };
    for (at, delta) in all.iter().enumerate() {
        let same = |other: &&Delta<'_>| other.title.eq_ignore_ascii_case(delta.title);
        let Some(first) = all[..at].iter().find(same) else { continue };
        let title = delta.title;
        let last = all[at + 1..].iter().all(|other| !same(&other));
        let mut finding =
            Finding::new(&RULE, delta.head, format!("`{title}` stands here a second time: only the last one is read"));
        let before = Place { path: check.view.path.clone(), span: first.head };
        finding.related.push((before, "what stands below this one is lost".into()));
        finding.help = Some("put all that it adds or changes below one heading".into());
        // Two sections side by side are one without the second heading.
        let beside = all[at - 1].whole.end == delta.whole.start && same(&&all[at - 1]);
        if beside && last && at == 1 {
            let heading = Span { start: delta.whole.start, end: delta.head.end };
            finding.fix = Some(Fix::one(format!("Take out the second heading `{title}`"), heading, ""));
        }
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn each_heading_of_changes_stands_once() {
        let found = |path: &str, headings: &[&str]| {
            let body = |(at, heading): (usize, &&str)| {
                format!("## {heading}\n\n### Requirement: R{at}\nIt SHALL.\n\n#### Scenario: S\n- **THEN** yes\n\n")
            };
            let text: String = headings.iter().enumerate().map(body).collect();
            let world = world(&format!("//- {path}\n{text}"));
            let found = check(&world.snapshot(), &FilePath::new(&format!("/w/{path}"))).into_iter();
            let own = found.filter(|it| it.rule.name == "repeated-delta-header");
            own.map(|it| (it.span.start, it.fix.is_some())).collect::<Vec<_>>()
        };
        let (added, modified) = ("ADDED Requirements", "MODIFIED Requirements");
        let change = "openspec/changes/oar/specs/boat/spec.md";
        assert_eq!(found(change, &[added, modified]), []);
        assert_eq!(found(change, &[added, "Added Requirements"]), [(90, true)]);
        assert_eq!(found(change, &[added, modified, added]).iter().map(|it| it.1).collect::<Vec<_>>(), [false]);
        assert_eq!(found(change, &[added, added, added]).iter().map(|it| it.1).collect::<Vec<_>>(), [false, false]);
        assert_eq!(found("notes/boat/spec.md", &[added, added]), [], "nobody archives that");
    }
}
