//! `duplicate-requirement`: one id is defined twice in a feature.

use super::{Check, Checker, Finding, Rule};
use crate::facts::Form;
use crate::query::definitions_of;
use crate::settings::Level;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-requirement",
    level: Level::Warning,
    what: "A requirement's id is defined a second time in the same file.",
    why: "Every trace to the id is ambiguous from then on. Both places are named. A table or a list that repeats a \
          requirement in short is no second definition, and neither is another file of the feature.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-1**: The system SHALL lock the account.\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n",
    fix: "",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template {
        return;
    }
    let Some(index) = check.lookup.own() else { return };
    let mut seen = FxHashSet::default();
    for (base, facts) in check.view.parts() {
        for definition in &facts.definitions {
            let id = facts.id(definition.id);
            let Some((_, used)) = index.definers_of(id).into_iter().find(|(path, _)| *path == check.view.path) else {
                continue;
            };
            if used.definitions < 2 || used.defined != Some(definition.form.rank()) || seen.insert(id.clone()) {
                continue;
            }
            // A second list under one requirement starts again at 1 in many documents; a number out of step in one list is a slip.
            let slip = || {
                facts.definitions.iter().any(|other| other.form == Form::Rendered && other.place == definition.place)
            };
            if definition.form == Form::Numbered && is_told_again(check, id, facts.text(definition.title)) {
                continue;
            }
            let counted = matches!(definition.form, Form::Counted | Form::Rendered);
            if definition.form == Form::Rendered || counted && !slip() {
                continue;
            }
            let span = definition.place.shifted(base);
            let mut finding = Finding::new(&RULE, span, format!("`{id}` is defined twice"));
            let first = definitions_of(check.snapshot, check.view.scope, id)
                .into_iter()
                .find(|other| other.view.path == check.view.path && other.place().span < span);
            if let Some(first) = first {
                finding.related.push((first.place(), format!("`{id}` is first defined here")));
            }
            finding.help = Some("give one of the two another number".into());
            out.push(finding);
        }
    }
}

/// Whether each heading of a numbered requirement has the same title, or one of them none: then a later one only speaks of it.
fn is_told_again(check: &Check<'_>, id: &crate::id::Id, title: &str) -> bool {
    let all = check.view.parts().flat_map(|(_, facts)| facts.definitions.iter().map(move |other| (facts, other)));
    let titles: Vec<&str> = all
        .filter(|(facts, other)| other.form == Form::Numbered && facts.id(other.id) == id)
        .map(|(facts, other)| facts.text(other.title))
        .collect();
    titles.iter().any(|other| other.is_empty()) || titles.iter().all(|other| *other == title)
}
