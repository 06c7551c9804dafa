//! `withdrawn-requirement`: a plan or an open task serves a requirement that has been given up.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Certainty, Facts, Kind, Reach, Reference, State, TraceLine};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Place, definitions_of, successors_of};
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "withdrawn-requirement",
    level: Some(Level::Information),
    what: "A trace line or an open task's tag names a requirement that is withdrawn.",
    why: "Somebody is about to build what nobody wants any more. A requirement is withdrawn that is struck through \
          (`~~**FR-3**: …~~`), says so behind its id or in a line about its status (`**FR-3** (withdrawn)`, `**FR-3**: Superseded by FR-7.`, \
          `**Status**: Deprecated`), or stands below a heading such as *Withdrawn Requirements*; its id is never given to \
          another. Tasks that are done or set aside are history and may name it, and so may ids that are struck through, \
          prose and trace matrices.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- ~~**FR-2**: The system SHALL ask for a PIN.~~ Superseded by FR-3.\n- **FR-3**: The system SHALL ask for a passkey.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR-2_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- ~~**FR-2**: The system SHALL ask for a PIN.~~ Superseded by FR-3.\n- **FR-3**: The system SHALL ask for a passkey.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR-3_\n",
    fix: Remedy::Suggested(
        "Puts what takes its place there, where the specification names that; else removes it from a line that names others.",
    ),
    check: Checker::Part(check),
};

/// A line with more references is not mended: nobody has written it.
const MOST: usize = 1000;

/// What stands between two ids of one list is no longer, in bytes.
const LONGEST_GAP: u32 = 5;

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    let role = check.view.role;
    if check.template || !matches!(role, Role::Spec | Role::Plan | Role::Tasks) {
        return;
    }
    for trace in &facts.traces {
        let references = &facts.references[trace.references.start as usize..trace.references.end as usize];
        for (at, reference) in references.iter().enumerate().filter(|(_, it)| it.kind == Kind::Trace) {
            let apart = |other: Option<&Reference>| other.is_none_or(|other| other.span != reference.span);
            // A range leaves out what it does not mean.
            if apart(at.checked_sub(1).map(|at| &references[at])) && apart(references.get(at + 1)) {
                out.extend(judge(check, facts, reference, Some((trace, references, at))));
            }
        }
    }
    if role == Role::Tasks {
        let tags = facts.references.iter().filter(|reference| reference.kind == Kind::Tag);
        out.extend(tags.filter_map(|reference| judge(check, facts, reference, None)));
    }
}

/// The finding about a reference, with the trace line that it stands in.
fn judge(
    check: &Check<'_>,
    facts: &Facts,
    reference: &Reference,
    line: Option<(&TraceLine, &[Reference], usize)>,
) -> Option<Finding> {
    let unsure = matches!(reference.sure, Certainty::Guess);
    if reference.reach != Reach::One || unsure {
        return None;
    }
    // Hardly any is given up.
    let standing = check.standing(facts, reference.id);
    if standing.defined && !standing.withdrawn {
        return None;
    }
    let (scope, id) = check.lookup.meaning(facts.id(reference.id), reference.sure)?;
    if !check.lookup.is_withdrawn(scope, id) || is_history(facts, reference.span) {
        return None;
    }
    let next = successors(check, scope, id);
    let mut message = format!("`{id}` is withdrawn");
    if let Some((last, others)) = next.split_last() {
        let list: Vec<String> = others.iter().map(|id| format!("`{id}`")).collect();
        message += &match list.is_empty() {
            true => format!("; `{last}` supersedes it"),
            false => format!("; {} and `{last}` supersede it", list.join(", ")),
        };
    }
    let mut finding = Finding::new(&RULE, reference.span, message);
    finding.deprecated = true;
    finding.elsewhere = Some(id.clone());
    finding.fix = fix(check, facts, reference, line, &next);
    Some(finding)
}

/// Where the requirement `id` is given up.
pub(super) fn places(check: &Check<'_>, id: &Id) -> Vec<(Place, String)> {
    let Some((scope, id)) = check.lookup.resolve(id) else { return Vec::new() };
    let first = definitions_of(check.snapshot, scope, id).into_iter().next();
    first.map(|found| (found.place(), format!("`{id}` is withdrawn here"))).into_iter().collect()
}

/// Whether the place belongs to a task that is done or set aside, or to what is itself given up.
fn is_history(facts: &Facts, place: Span) -> bool {
    let before = facts.definitions.partition_point(|definition| definition.place.start <= place.start);
    let own = before.checked_sub(1).map(|at| &facts.definitions[at]);
    if own.is_some_and(|definition| definition.withdrawn && definition.body.touches(place.start)) {
        return true;
    }
    let mut at = facts.tasks.partition_point(|task| task.item.start <= place.start).checked_sub(1);
    while let Some(task) = at.map(|at| &facts.tasks[at]) {
        if task.item.touches(place.start) {
            return task.state != State::Open;
        }
        at = task.parent.map(|parent| parent as usize);
    }
    false
}

/// What takes the place of `id` and holds today: a successor may have been given up too.
fn successors(check: &Check<'_>, scope: &FilePath, id: &Id) -> Vec<Id> {
    let mut seen = vec![(scope.clone(), id.clone())];
    let mut out = Vec::new();
    let mut at = 0;
    while let Some((scope, id)) = seen.get(at).cloned() {
        at += 1;
        for by in successors_of(check.snapshot, &scope, &id) {
            let Some((scope, id)) = check.lookup.meaning(&by, Certainty::Firm) else { continue };
            let next = (scope.clone(), id.clone());
            if seen.contains(&next) {
                continue;
            }
            if !check.lookup.is_withdrawn(scope, id) {
                out.push(id.clone());
            }
            seen.push(next);
        }
    }
    out
}

fn fix(
    check: &Check<'_>,
    facts: &Facts,
    reference: &Reference,
    line: Option<(&TraceLine, &[Reference], usize)>,
    next: &[Id],
) -> Option<Fix> {
    let id = facts.id(reference.id);
    let Some((trace, references, at)) = line else {
        // A tag holds one id.
        let [only] = next else { return None };
        return Some(Fix::one(format!("Replace `{id}` by `{only}`"), reference.span, only.as_str()));
    };
    if references.len() > MOST {
        return None;
    }
    let named = |wanted: &Id| {
        references
            .iter()
            .any(|other| check.lookup.meaning(facts.id(other.id), other.sure).is_some_and(|(_, meant)| meant == wanted))
    };
    let missing: Vec<&str> = next.iter().filter(|id| !named(id)).map(Id::as_str).collect();
    if !missing.is_empty() {
        let list = missing.join(", ");
        return Some(Fix::one(format!("Replace `{id}` by `{list}`"), reference.span, list));
    }
    let gap = |from: u32, to: u32| to.checked_sub(from).is_some_and(|gap| gap <= LONGEST_GAP);
    let behind = references.get(at + 1);
    // Words behind the id are about it, and cannot stay without it.
    if !gap(reference.span.end, behind.map_or(trace.value.end, |next| next.span.start)) {
        return None;
    }
    let before = at.checked_sub(1).map(|at| &references[at]);
    // The marks around an id that is struck through are not to be torn apart.
    if [before, behind].into_iter().flatten().any(|other| other.kind != Kind::Trace) {
        return None;
    }
    let span = match (before, behind) {
        (Some(before), _) if gap(before.span.end, reference.span.start) => {
            Span { start: before.span.end, end: reference.span.end }
        }
        (None, Some(behind)) => Span { start: reference.span.start, end: behind.span.start },
        _ => return None,
    };
    Some(Fix::one(format!("Remove `{id}`"), span, ""))
}
