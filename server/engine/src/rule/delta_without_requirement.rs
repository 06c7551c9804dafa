//! `delta-without-requirement`: a change says that it adds, modifies, removes or renames requirements, and names none.

use super::stray_delta_header::{Delta, deltas_of_change};
use super::{Check, Checker, Finding, Remedy, Rule, unnamed_requirement};
use crate::dialect::ChangeKind;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "delta-without-requirement",
    level: Some(Level::Warning),
    what: "A heading such as `MODIFIED Requirements` of a change has no requirement below it.",
    why: "`openspec validate` refuses a change in which no requirement is found: a requirement in a fence is an example, and one \
          without `Requirement:` in its heading is not seen. What a change removes may be listed, and what it renames stands \
          behind `FROM:` and `TO:`. A section that is left empty beside others that name requirements does \
          no harm and is only information; one that says `(none)` there, and perhaps why, is meant.",
    bad: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n```markdown\n### Requirement: Hash the password\n```\n",
    good: "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash the password\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** only the hash is stored\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some(all) = deltas_of_change(check) else { return };
    let any = all.iter().any(Delta::is_whole);
    let nones: Vec<Span> =
        check.view.parts().flat_map(|(base, facts)| facts.nones.iter().map(move |it| it.shifted(base))).collect();
    let says_none = |delta: &&Delta<'_>| nones.iter().any(|it| delta.whole.covers(*it));
    // What is meant for a requirement there is told already.
    let unnamed = out.iter().filter(|finding| finding.rule == &unnamed_requirement::RULE);
    let places = unnamed.flat_map(|it| std::iter::once(it.span).chain(it.related.iter().map(|(place, _)| place.span)));
    let meant: Vec<Span> = places.collect();
    let is_meant = |delta: &&Delta<'_>| meant.iter().any(|it| delta.whole.covers(*it));
    let empty = all.iter().filter(|delta| !delta.is_whole() && !is_meant(delta));
    for delta in empty.filter(|it| !(any && says_none(it))) {
        let title = delta.title;
        let (message, help) = match delta.kind {
            ChangeKind::Renamed => (
                format!("`{title}` renames nothing"),
                "name both in lines that start with `FROM:` and `TO:`: ``- FROM: `### Requirement: Name` ``",
            ),
            _ => (
                format!("`{title}` holds no requirement"),
                "put a heading `### Requirement: Name` below it, or take it out",
            ),
        };
        let mut finding = Finding::new(&RULE, delta.head, message);
        if any && !delta.filled {
            finding.level = Level::Information;
        }
        finding.help = Some(help.into());
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn a_paragraph_or_an_item_says_that_nothing_is_removed() {
        let told = |text: &str| {
            let world = world(&format!(
                "//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Hash it\nThe system SHALL hash it.\n\n#### Scenario: Stored\n- **THEN** it is stored\n\n## REMOVED Requirements\n\n{text}\n"
            ));
            let path = FilePath::new("/w/openspec/changes/hash/specs/login/spec.md");
            let found = check(&world.snapshot(), &path);
            found.iter().filter(|finding| finding.rule.name == "delta-without-requirement").count()
        };
        assert_eq!((told("(none)"), told("- None"), told("")), (0, 0, 1));
        let reasons = ["None - This is a new capability.", "None. All of it is new.", "Yok - yeni bir özellik."];
        assert_eq!(reasons.map(told), [0; 3]);
        assert_eq!(told("Nothing of the old check is left - it goes."), 1);
    }
}
