//! `duplicate-requirement`: one id is defined twice in a feature.

use super::repeated::{Entry, Repeat, repeats};
use super::{Check, Checker, Finding, Rule};
use crate::facts::{Definition, Facts, Form};
use crate::id::Id;
use crate::query::definitions_of;
use crate::settings::Level;
use crate::text::{Encoding, Span};
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-requirement",
    level: Some(Level::Warning),
    what: "A requirement's id is defined a second time in the same file.",
    why: "Every trace to the id is ambiguous from then on. Both places are named. A table or a list that repeats \
          requirements in short is no second definition, nor is a list that counts anew in each section, nor another file \
          of the feature. Where it may be either, it is only information.",
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
    let mut written = false;
    for (base, facts) in check.view.parts() {
        for definition in &facts.definitions {
            // The old wording may stand beside the new one.
            if definition.withdrawn {
                continue;
            }
            let id = facts.id(definition.id);
            let Some((_, used)) = index.definers_of(id).into_iter().find(|(path, _)| *path == check.view.path) else {
                continue;
            };
            if used.definitions < 2 || used.defined != Some(definition.form.rank()) || seen.insert(id.clone()) {
                continue;
            }
            match definition.form {
                Form::Scenario | Form::Rendered | Form::Section => {}
                Form::Heading | Form::Item | Form::Paragraph | Form::Row => written = true,
                Form::Name => out.push(describe(check, id, definition.place.shifted(base))),
                Form::Numbered => {
                    if !(is_told_again(check, id, facts.text(definition.title)) || is_numbered_by_chapter(check, id)) {
                        out.push(describe(check, id, definition.place.shifted(base)));
                    }
                }
                Form::Counted => {
                    if is_out_of_step(check, facts, definition) {
                        out.push(describe(check, id, definition.place.shifted(base)));
                    }
                }
            }
        }
    }
    if written {
        check_written(check, out);
    }
}

/// Finds written ids that are stated twice. Many are on purpose: a list that repeats others in short, or counts anew.
fn check_written(check: &Check<'_>, out: &mut Vec<Finding>) {
    let mut entries = Vec::new();
    let mut section = 0;
    for (base, facts) in check.view.parts() {
        let mut heads = facts.sections.iter().peekable();
        for definition in &facts.definitions {
            while let Some(head) = heads.next_if(|head| head.head.start <= definition.place.start) {
                section = head.head.shifted(base).start + 1;
            }
            // A requirement's own heading begins no list.
            let own = if definition.form == Form::Heading { 0 } else { section };
            let title = facts.text(definition.title);
            if definition.withdrawn {
                continue;
            }
            if matches!(definition.form, Form::Heading | Form::Item | Form::Paragraph) {
                let span = definition.place.shifted(base);
                entries.push((Entry { name: facts.id(definition.id).clone(), section: own, title, span }, false));
            } else if definition.form == Form::Row {
                let span = definition.place.shifted(base);
                entries.push((Entry { name: facts.id(definition.id).clone(), section: own, title, span }, true));
            }
        }
        section = facts.sections.last().map_or(section, |last| last.head.shifted(base).start + 1);
    }
    // A row that repeats what a heading or item states is weaker than that.
    let stated: FxHashSet<Id> = entries.iter().filter(|(_, row)| !*row).map(|(entry, _)| entry.name.clone()).collect();
    let (rows, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(_, row)| *row);
    let rows = rows.into_iter().filter(|(entry, _)| !stated.contains(&entry.name)).collect();
    for kind in [others, rows] {
        let all: Vec<_> = kind.into_iter().map(|(entry, _)| entry).collect();
        for (_, second, repeat) in repeats(&all) {
            let entry = &all[second];
            let level = match repeat {
                Repeat::Slip => Level::Warning,
                Repeat::Doubt => Level::Information,
                Repeat::Again => continue,
            };
            let mut finding = describe(check, &entry.name, entry.span);
            finding.level = level;
            out.push(finding);
        }
    }
}

fn describe(check: &Check<'_>, id: &Id, span: Span) -> Finding {
    let mut finding = Finding::new(&RULE, span, format!("`{id}` is defined twice"));
    let first = definitions_of(check.snapshot, check.view.scope, id)
        .into_iter()
        .find(|other| other.view.path == check.view.path && other.place().span < span);
    if let Some(first) = first {
        finding.related.push((first.place(), format!("`{id}` is first defined here")));
    }
    finding.help = Some("give one of the two another number".into());
    finding
}

/// Whether a counted number is a slip: the same twice in a row at one margin. A second list under one requirement starts
/// again at 1 in many documents, and elsewhere a part of a criterion is counted anew.
fn is_out_of_step(check: &Check<'_>, facts: &Facts, definition: &Definition) -> bool {
    let out_of_step = |other: &Definition| other.form == Form::Rendered && other.place == definition.place;
    let at = facts.definitions.iter().position(|other| std::ptr::eq(other, definition)).unwrap_or(0);
    // Both places are in one part, so what they are counted from does not matter.
    let column = |place: Span| {
        let base = check.view.parts().find(|(_, part)| std::ptr::eq(*part, facts)).map_or(0, |(base, _)| base);
        check.view.position(place.shifted(base).start, Encoding::Utf8).column
    };
    let mut before = facts.definitions[..at].iter().rev().filter(|other| other.form == Form::Counted);
    facts.definitions.iter().any(out_of_step)
        && before
            .next()
            .is_some_and(|other| other.id == definition.id && column(other.place) == column(definition.place))
}

/// Whether each heading of a numbered requirement has the same title, or one of them none: then a later one only speaks of it.
fn is_told_again(check: &Check<'_>, id: &Id, title: &str) -> bool {
    let all = check.view.parts().flat_map(|(_, facts)| facts.definitions.iter().map(move |other| (facts, other)));
    let titles: Vec<&str> = all
        .filter(|(facts, other)| other.form == Form::Numbered && facts.id(other.id) == id)
        .map(|(facts, other)| facts.text(other.title))
        .collect();
    titles.iter().any(|other| other.is_empty()) || titles.iter().all(|other| *other == title)
}

/// Whether the headings that define a numbered requirement stand in different chapters: each may number its own.
fn is_numbered_by_chapter(check: &Check<'_>, id: &Id) -> bool {
    let mut open: Vec<(u8, Span)> = Vec::new();
    let mut chapters: Vec<Option<Span>> = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            while open.last().is_some_and(|(level, _)| *level >= section.level) {
                open.pop();
            }
            let defines = |definition: &&Definition| {
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
