//! `unknown-delta`: a change modifies, removes or renames a requirement that the specification does not have.

use super::repeated::{gathered, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::edit::Fix;
use crate::facts::{Form, Holds, Kind};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "unknown-delta",
    level: Some(Level::Warning),
    what: "A change modifies, removes or renames a requirement that the base specification does not have.",
    why: "Archiving the change fails: the names must be the same, letter for letter. Where the specification itself is not there, though \
          others are, that is said once: only what a change adds may be new. More than three of a file are one finding. Nothing is said of archived changes, whose base has \
          moved on; it is only information where another change adds the requirement or the specification.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n//- openspec/changes/hash/specs/login/spec.md\n## MODIFIED Requirements\n\n### Requirement: Check the passwords\nIt SHALL check hashes.\n\n#### Scenario: Wrong\n- **THEN** no\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n//- openspec/changes/hash/specs/login/spec.md\n## MODIFIED Requirements\n\n### Requirement: Check the password\nIt SHALL check hashes.\n\n#### Scenario: Wrong\n- **THEN** no\n",
    fix: Remedy::Suggested("Replaces the name by the one that was most likely meant."),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || !check.lookup.complete {
        return;
    }
    let named: Vec<(Span, &Id)> = check
        .view
        .parts_with(Holds::DELTAS)
        .flat_map(|(base, facts)| facts.references.iter().map(move |it| (base, facts, it)))
        .filter(|(.., it)| it.kind == Kind::Delta)
        .map(|(base, facts, it)| (it.span.shifted(base), facts.id(it.id)))
        .collect();
    if named.is_empty() {
        return;
    }
    let snapshot = check.snapshot;
    let layout = snapshot.layout();
    if let Some(base) = layout.missing_base_of(check.view.scope, snapshot.dialect()) {
        out.push(without_base(check, &base, &named));
        return;
    }
    let Some(base) = layout.base_of(check.view.scope, snapshot.dialect()) else { return };
    let Some(index) = check.lookup.index_of(&base) else { return };
    // A requirement that the same change renames has its new name already.
    let renamed = |id: &Id| {
        let own = check.view.parts().flat_map(|(_, facts)| facts.definitions.iter().map(move |d| (facts, d)));
        own.filter(|(_, d)| d.form == Form::Row).any(|(facts, d)| facts.id(d.id) == id)
    };
    let mut found = Vec::new();
    for (span, id) in named {
        if index.defined(id).is_some() || renamed(id) {
            continue;
        }
        let place = snapshot.display_path(&base);
        let mut message = format!("{place} has no requirement `{id}`");
        let mut near: Vec<_> = index
            .all_defined()
            .map(|known| (strsim::osa_distance(known.as_str(), id.as_str()), known))
            .filter(|(distance, known)| distance * 4 <= known.as_str().chars().count())
            .collect();
        near.sort();
        let likely = near.first().map(|(_, known)| *known);
        if let Some(likely) = likely {
            message += &format!(" · did you mean `{likely}`?");
        }
        let mut finding = Finding::new(&RULE, span, message);
        // Another change that is not archived yet may add it first.
        if snapshot.scopes_defining(id).any(|folder| folder != check.view.scope && *folder != base) {
            finding.level = Level::Information;
        }
        match likely {
            Some(likely) => {
                finding.fix = Some(Fix::one(format!("Replace by `{likely}`"), span, likely.as_str()));
                out.push(finding);
            }
            None => found.push((id.to_string(), finding)),
        }
    }
    placed(&mut found, check.view.path);
    let place = snapshot.display_path(&base);
    out.extend(gathered(&found, |count| format!("{place} has none of {count} requirements that this changes")));
}

/// The finding that the whole specification is not there.
fn without_base(check: &Check<'_>, base: &FilePath, named: &[(Span, &Id)]) -> Finding {
    let snapshot = check.snapshot;
    let what = match named {
        [(_, id)] => format!("`{id}`"),
        _ => format!("{} requirements", named.len()),
    };
    let message = format!("{} is not there, and this changes {what} of it", snapshot.display_path(base));
    let mut finding = Finding::new(&RULE, named[0].0, message);
    // Another change that is not archived yet may bring it.
    let brings = |scope: &FilePath| {
        let change = snapshot.layout().change_at(scope, snapshot.dialect());
        scope != check.view.scope && change.is_some_and(|change| change.base == *base)
    };
    if snapshot.scopes().any(|(scope, _)| brings(scope)) {
        finding.level = Level::Information;
    }
    finding.help =
        Some("put them below `ADDED Requirements`, or name the folder as the specification is called".into());
    let place = |span| Place { path: check.view.path.clone(), span };
    finding.related.extend(named.iter().skip(1).map(|(span, id)| (place(*span), format!("`{id}`, too"))));
    finding
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    const MAIN: &str = "# s\n\n## Requirements\n\n### Requirement: A\nIt SHALL.\n\n#### Scenario: s\n- **THEN** b\n";
    const CHANGE: &str = "## MODIFIED Requirements\n\n### Requirement: B\nIt SHALL.\n\n#### Scenario: s\n- **THEN** b\n\n## REMOVED Requirements\n\n### Requirement: C\n";

    fn found(files: &str) -> Vec<String> {
        let world = world(files);
        let all = check(&world.snapshot(), &FilePath::new("/w/openspec/changes/x/specs/new/spec.md")).into_iter();
        let own = all.filter(|it| it.rule.name == "unknown-delta");
        own.map(|it| format!("{} {} +{}", it.level.as_str(), it.message, it.related.len())).collect()
    }

    #[test]
    fn many_that_are_not_there_are_told_once() {
        let more = |count: u32| {
            let all: String = (0..count)
                .map(|at| {
                    format!("### Requirement: New {at}{at}{at}{at}\nIt SHALL.\n\n#### Scenario: s\n- **THEN** b\n\n")
                })
                .collect();
            found(&format!(
                "//- openspec/specs/new/spec.md\n{MAIN}//- openspec/changes/x/specs/new/spec.md\n## MODIFIED Requirements\n\n{all}"
            ))
        };
        assert_eq!(more(3).len(), 3);
        assert_eq!(
            more(4),
            [
                "warning openspec/specs/new has none of 4 requirements that this changes: `New 0000`, `New 1111`, `New 2222` and `New 3333` +3"
            ]
        );
    }

    #[test]
    fn a_specification_that_is_not_there_is_told_once() {
        let change = format!("//- openspec/changes/x/specs/new/spec.md\n{CHANGE}");
        let other = format!("//- openspec/specs/old/spec.md\n{MAIN}{change}");
        assert_eq!(
            found(&other),
            ["warning openspec/specs/new is not there, and this changes 2 requirements of it +1"]
        );
        assert_eq!(found(&change), [""; 0], "no specification is here at all");
        let both = format!("{other}//- openspec/changes/y/specs/new/spec.md\n{}", CHANGE.replace("MODIFIED", "ADDED"));
        assert_eq!(
            found(&both),
            ["information openspec/specs/new is not there, and this changes 2 requirements of it +1"]
        );
    }
}
