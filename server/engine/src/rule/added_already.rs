//! `added-already`: a change adds a requirement that the specification has.

use super::repeated::{MOST_PLACES, listed};
use super::stray_delta_header::deltas_of_change;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::ChangeKind;
use crate::facts::Form;
use crate::id::Id;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "added-already",
    level: Some(Level::Information),
    what: "A change adds a requirement that the base specification has already.",
    why: "Archiving the change fails: `openspec` adds no name a second time. Either it was meant to be modified, or the change is \
          carried out and was never archived. All of a file are one finding. It is information, since some tools copy a change's \
          requirements into the specification before it is archived.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n//- openspec/changes/hash/specs/login/spec.md\n## ADDED Requirements\n\n### Requirement: Check the password\nIt SHALL check hashes.\n\n#### Scenario: Wrong\n- **THEN** no\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n//- openspec/changes/hash/specs/login/spec.md\n## MODIFIED Requirements\n\n### Requirement: Check the password\nIt SHALL check hashes.\n\n#### Scenario: Wrong\n- **THEN** no\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if !check.lookup.complete {
        return;
    }
    let Some(mut deltas) = deltas_of_change(check) else { return };
    deltas.retain(|delta| delta.kind == ChangeKind::Added);
    let snapshot = check.snapshot;
    let base = snapshot.layout().base_of(check.view.scope, snapshot.dialect());
    let Some((base, index)) = base.and_then(|base| Some((base.clone(), check.lookup.index_of(&base)?))) else { return };
    let stated = check.view.parts().flat_map(|(at, facts)| facts.definitions.iter().map(move |it| (at, facts, it)));
    let mut found: Vec<(Span, &Id)> = stated
        .filter(|(.., it)| it.form == Form::Name)
        .map(|(at, facts, it)| (it.place.shifted(at), facts.id(it.id)))
        .filter(|(span, id)| index.defined(id).is_some() && deltas.iter().any(|delta| delta.whole.covers(*span)))
        .collect();
    found.dedup_by(|next, last| next.1 == last.1);
    let Some((span, first)) = found.first().copied() else { return };
    let place = snapshot.display_path(&base);
    let names: Vec<&str> = found.iter().map(|(_, id)| id.as_str()).collect();
    let message = match &names[..] {
        [_] => format!("`{first}` is added, and {place} has it already"),
        _ => format!("{} requirements are added, and {place} has them already: {}", names.len(), listed(&names)),
    };
    let mut finding = Finding::new(&RULE, span, message);
    finding.help = Some("put it below `MODIFIED Requirements`, or archive the change if it is carried out".into());
    let here = |span| Place { path: check.view.path.clone(), span };
    let others = found[1..].iter().take(MOST_PLACES);
    finding.related.extend(others.map(|(span, id)| (here(*span), format!("`{id}`, too"))));
    out.push(finding);
}
