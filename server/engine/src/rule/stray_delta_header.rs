//! `stray-delta-header`: the heading of a change stands in the specification that changes are made to.

use super::repeated::quoted;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::{ChangeKind, Role};
use crate::edit::Fix;
use crate::facts::{Form, Kind};
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "stray-delta-header",
    level: Some(Level::Warning),
    what: "A heading of a change, such as `ADDED Requirements`, stands in a main specification.",
    why: "There `openspec` ends the requirements at it: whatever follows is seen by no `validate`, `list` or `archive`. It comes \
          from a change that was pasted instead of archived. A note of what was removed is information. What follows from it is not told beside it.",
    bad: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n\n## ADDED Requirements\n\n### Requirement: Lock the account\nIt SHALL lock.\n\n#### Scenario: Three\n- **THEN** locked\n",
    good: "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the password\nIt SHALL check.\n\n#### Scenario: Wrong\n- **THEN** no\n\n### Requirement: Lock the account\nIt SHALL lock.\n\n#### Scenario: Three\n- **THEN** locked\n",
    fix: Remedy::Suggested(
        "Takes out the heading of requirements that are added right behind the others, which are then the specification's own.",
    ),
    check: Checker::File(check),
};

/// A heading below which requirements are changes, and what stands there.
pub(super) struct Delta<'a> {
    pub(super) title: &'a str,
    pub(super) kind: ChangeKind,
    /// The heading's text.
    pub(super) head: Span,
    /// From the heading's first byte to where its section ends.
    pub(super) whole: Span,
    /// Requirements that are stated or named there, and new names of those.
    named: usize,
    renamed: usize,
    /// Whether anything stands there that may be meant for a requirement.
    pub(super) filled: bool,
}

impl Delta<'_> {
    /// Whether it changes anything.
    pub(super) fn is_whole(&self) -> bool {
        match self.kind {
            ChangeKind::Renamed => self.named > 0 && self.renamed > 0,
            _ => self.named > 0,
        }
    }
}

/// The headings of changes in a specification, in order.
pub(super) fn deltas<'a>(check: &Check<'a>) -> Vec<Delta<'a>> {
    deltas_titled(check, |title| title)
}

/// The same, by what `kept` leaves of their titles.
fn deltas_titled<'a>(check: &Check<'a>, kept: fn(&str) -> &str) -> Vec<Delta<'a>> {
    let changes = &check.dialect.table.definitions.changes;
    if changes.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<Delta<'a>> = Vec::new();
    let mut open: Option<u8> = None;
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            let start = section.start + base;
            if open.is_some_and(|level| section.level <= level) {
                open = None;
                if let Some(delta) = out.last_mut() {
                    delta.whole.end = start;
                }
            }
            let title = facts.text(section.title);
            let own = kept(title);
            let change = changes.iter().find(|change| change.heading.eq_ignore_ascii_case(own));
            if let Some(change) = change.filter(|_| open.is_none()) {
                open = Some(section.level);
                let (head, whole) = (section.head.shifted(base), Span { start, end: u32::MAX });
                let filled = section.filled;
                out.push(Delta { title, kind: change.kind, head, whole, named: 0, renamed: 0, filled });
            } else if let Some(delta) = out.last_mut().filter(|_| open.is_some()) {
                delta.filled = true;
            }
        }
    }
    for (base, facts) in check.view.parts() {
        let mut count = |place: Span, new: bool| {
            let at = out.partition_point(|delta| delta.whole.start <= place.start + base);
            if let Some(delta) = at.checked_sub(1).map(|at| &mut out[at]).filter(|it| place.start + base < it.whole.end)
            {
                *(if new { &mut delta.renamed } else { &mut delta.named }) += 1;
            }
        };
        for definition in &facts.definitions {
            match definition.form {
                Form::Name => count(definition.place, false),
                Form::Row => count(definition.place, true),
                _ => {}
            }
        }
        facts.references.iter().filter(|it| it.kind == Kind::Delta).for_each(|it| count(it.span, false));
    }
    out
}

/// The headings of changes in the specification of a change; none where the file is no such.
pub(super) fn deltas_of_change<'a>(check: &Check<'a>) -> Option<Vec<Delta<'a>>> {
    if check.template || check.view.role != Role::Spec {
        return None;
    }
    check.snapshot.layout().change_at(check.view.scope, check.snapshot.dialect())?;
    Some(deltas(check))
}

/// The headings of changes in a specification that changes are made to.
pub(super) fn strays<'a>(check: &Check<'a>) -> Vec<Delta<'a>> {
    let judged = !check.template && check.view.role == Role::Spec;
    if judged && check.snapshot.layout().is_base(check.view.scope, check.snapshot.dialect()) {
        // `ADDED Requirements (from some-change)`: who copies a change notes which it was.
        deltas_titled(check, |title| title.split(['(', '（']).next().unwrap_or(title).trim_end())
    } else {
        Vec::new()
    }
}

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let all = strays(check);
    let Some(delta) = all.first() else { return };
    let title = delta.title;
    // A note of what was removed hides nothing.
    let hides = all.iter().any(|delta| delta.kind != ChangeKind::Removed || delta.named > 0 || !delta.filled);
    let message = match &all[..] {
        [_] if !hides => format!("`{title}` stands in a main specification"),
        [_] => format!("`{title}` stands in a main specification and hides what follows it"),
        _ => {
            let mut titles: Vec<&str> = all.iter().map(|delta| delta.title).collect();
            titles.dedup();
            format!("{} stand in a main specification and hide what follows them", quoted(&titles))
        }
    };
    let mut finding = Finding::new(&RULE, delta.head, message);
    if !hides {
        finding.level = Level::Information;
    }
    finding.help = Some(
        "such headings belong into a change, `changes/<name>/specs/`; archiving it brings its requirements here".into(),
    );
    let place = |span| Place { path: check.view.path.clone(), span };
    finding.related.extend(all[1..].iter().map(|delta| (place(delta.head), format!("`{}` stands here", delta.title))));
    if delta.kind == ChangeKind::Added && delta.named > 0 && follows_requirements(check, delta) {
        let heading = Span { start: delta.whole.start, end: delta.head.end };
        finding.fix = Some(Fix::one(format!("Take out the heading `{title}`"), heading, ""));
    }
    out.push(finding);
}

/// Whether the section before, of the same level, states requirements: then they may go on in it.
fn follows_requirements(check: &Check<'_>, delta: &Delta<'_>) -> bool {
    let sections =
        || check.view.parts().flat_map(|(base, facts)| facts.sections.iter().map(move |it| (it, base, facts)));
    let Some(level) = sections().find(|(it, base, _)| it.head.shifted(*base) == delta.head).map(|(it, ..)| it.level)
    else {
        return false;
    };
    let before = sections().take_while(|(it, base, _)| it.start + base < delta.whole.start);
    let Some(start) = before.filter(|(it, ..)| it.level <= level).last().filter(|(it, ..)| it.level == level) else {
        return false;
    };
    let within = Span { start: start.0.start + start.1, end: delta.whole.start };
    let mut stated = check.view.parts().flat_map(|(base, facts)| facts.definitions.iter().map(move |it| (it, base)));
    stated.any(|(it, base)| it.form == Form::Name && within.covers(it.place.shifted(base)))
}

/// Leaves out what follows from such a heading: a requirement that is stated anew below it, and that the document's template
/// knows no such section.
pub(super) fn settle(check: &Check<'_>, out: &mut Vec<Finding>) {
    const FOLLOW: [&str; 4] = ["duplicate-requirement", "unknown-section", "misplaced-section", "unnamed-requirement"];
    if out.iter().all(|finding| finding.rule != &RULE) {
        return;
    }
    let all = strays(check);
    let below = |at: u32| all.iter().any(|delta| delta.whole.start <= at && at < delta.whole.end);
    out.retain(|finding| !FOLLOW.contains(&finding.rule.name) || !below(finding.span.start));
}
