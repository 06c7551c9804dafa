//! `duplicate-requirement`: one id is defined twice in a feature.

use super::{Check, Checker, Finding, Rule};
use crate::facts::Form;
use crate::query::definitions_of;
use crate::settings::Level;
use crate::text::{Encoding, Span};
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-requirement",
    level: Some(Level::Warning),
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
                let out_of_step =
                    |other: &crate::facts::Definition| other.form == Form::Rendered && other.place == definition.place;
                let at = facts.definitions.iter().position(|other| std::ptr::eq(other, definition)).unwrap_or(0);
                let column = |place: Span| check.view.position(place.shifted(base).start, Encoding::Utf8).column;
                let mut before = facts.definitions[..at].iter().rev().filter(|other| other.form == Form::Counted);
                // The same number twice in a row at one margin: elsewhere a part of a criterion is counted anew.
                facts.definitions.iter().any(out_of_step)
                    && before.next().is_some_and(|other| {
                        other.id == definition.id && column(other.place) == column(definition.place)
                    })
            };
            if definition.form == Form::Numbered
                && (is_told_again(check, id, facts.text(definition.title)) || is_numbered_by_chapter(check, id))
            {
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

/// Whether the headings that define a numbered requirement stand in different chapters: each may number its own.
fn is_numbered_by_chapter(check: &Check<'_>, id: &crate::id::Id) -> bool {
    let mut open: Vec<(u8, Span)> = Vec::new();
    let mut chapters: Vec<Option<Span>> = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            while open.last().is_some_and(|(level, _)| *level >= section.level) {
                open.pop();
            }
            let defines = |definition: &&crate::facts::Definition| {
                definition.form == Form::Numbered
                    && section.head.covers(definition.place)
                    && facts.id(definition.id) == id
            };
            if facts.definitions.iter().any(|definition| defines(&definition)) {
                chapters.push(open.last().map(|(_, head)| *head));
            }
            open.push((section.level, section.head.shifted(base)));
        }
    }
    chapters.windows(2).all(|pair| pair[0] != pair[1])
}
