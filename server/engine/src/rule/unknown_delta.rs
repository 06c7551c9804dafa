//! `unknown-delta`: a change modifies, removes or renames a requirement that the specification does not have.

use super::{Check, Checker, Finding, Rule};
use crate::edit::Fix;
use crate::facts::{Facts, Form, Kind};
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "unknown-delta",
    level: Some(Level::Warning),
    what: "A change modifies, removes or renames a requirement that the base specification does not have.",
    why: "Archiving the change fails: the names must be the same, letter for letter. Nothing is said where the base \
          specification is not there, and of archived changes, whose base has moved on; it is only information where \
          another change adds the requirement.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n//- openspec/changes/hash/specs/login/spec.md\n## MODIFIED Requirements\n\n### Requirement: Check the passwords\nIt SHALL check hashes.\n\n#### Scenario: Wrong\n- **THEN** no\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n//- openspec/changes/hash/specs/login/spec.md\n## MODIFIED Requirements\n\n### Requirement: Check the password\nIt SHALL check hashes.\n\n#### Scenario: Wrong\n- **THEN** no\n",
    fix: "Replaces the name by the one that was most likely meant.",
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if check.template
        || !check.lookup.complete
        || facts.references.iter().all(|reference| reference.kind != Kind::Delta)
    {
        return;
    }
    let snapshot = check.snapshot;
    let Some(base) = snapshot.layout().base_of(check.view.scope, snapshot.dialect()) else { return };
    let Some(index) = check.lookup.index_of(&base) else { return };
    // A requirement that the same change renames has its new name already.
    let renamed = |id: &crate::id::Id| {
        let own = check.view.parts().flat_map(|(_, facts)| facts.definitions.iter().map(move |d| (facts, d)));
        own.filter(|(_, d)| d.form == Form::Row).any(|(facts, d)| facts.id(d.id) == id)
    };
    for reference in facts.references.iter().filter(|reference| reference.kind == Kind::Delta) {
        let id = facts.id(reference.id);
        if index.defined(id).is_some() || renamed(id) {
            continue;
        }
        let place = snapshot.spoken(&base);
        let mut message = format!("{place} has no requirement `{id}`");
        let mut near: Vec<_> = index
            .all_defined()
            .map(|known| (strsim::osa_distance(known.as_str(), id.as_str()), known))
            .filter(|(distance, known)| distance * 4 <= known.as_str().len())
            .collect();
        near.sort();
        let likely = near.first().map(|(_, known)| *known);
        if let Some(likely) = likely {
            message += &format!(" · did you mean `{likely}`?");
        }
        let mut finding = Finding::new(&RULE, reference.span, message);
        // Another change that is not archived yet may add it first.
        if snapshot.scopes_defining(id).any(|folder| folder != check.view.scope && *folder != base) {
            finding.level = Level::Information;
        }
        if let Some(likely) = likely {
            finding.fix = Some(Fix::one(format!("Replace by `{likely}`"), reference.span, likely.as_str()));
        }
        out.push(finding);
    }
}
