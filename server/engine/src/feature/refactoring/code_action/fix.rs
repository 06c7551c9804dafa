//! Fixes of findings: one, all of one rule in the file, all that are sure.

use super::define;
use super::offer::{Deed, Kind, Offer, Place};
use crate::edit::{Proposal, Safety, differences};
use crate::feature::refactoring::fixes::without_overlaps;
use crate::path::FilePath;
use crate::rule::{self, Finding, Rule};
use crate::text::Span;
use crate::world::{Snapshot, Trial, View};

/// The rule whose fix says that nothing is wrong, which is not what most would do.
const ALLOWING: &str = "unknown-section";

/// Whether its fix needs no thought: it may be made whenever a file is saved. Others guess what was meant.
pub(super) fn is_sure(finding: &Finding) -> bool {
    finding.is_mended(Safety::Safe)
}

/// Whether anything in the file can be mended without thought.
pub(super) fn is_any_sure(place: Place<'_>) -> bool {
    rule::is_any_mended_safely(place.snapshot, place.path)
}

pub(super) fn offer(place: Place<'_>, view: &View<'_>, automatic: bool, out: &mut Vec<Offer>) {
    let mut rules: Vec<&'static Rule> = Vec::new();
    let mut found = rule::check_around(place.snapshot, place.path, place.span);
    rule::complete(place.snapshot, place.path, &mut found, || None);
    // What mends the text at the cursor comes before what adds text elsewhere.
    found.sort_by_key(|finding| {
        finding.fix.as_ref().is_some_and(|fix| fix.edits.iter().all(|edit| edit.span.is_empty()))
    });
    for finding in found {
        let Some(fix) = finding.fix.clone() else {
            define::offer(place, view, &finding, out);
            continue;
        };
        if !rules.contains(&finding.rule) {
            rules.push(finding.rule);
        }
        let mut offer = Offer::new(fix.title.clone(), Kind::QuickFix, Deed::Fix(fix));
        offer.preferred = finding.rule.name != ALLOWING;
        offer.mends = Some(finding.clone());
        out.push(offer);
        for step in &finding.steps {
            let mut offer = Offer::new(step.title.clone(), Kind::QuickFix, Deed::Fix(step.clone()));
            offer.mends = Some(finding.clone());
            out.push(offer);
        }
        define::offer(place, view, &finding, out);
    }
    if automatic || rules.is_empty() {
        return;
    }
    let all = checked(place.snapshot, place.path);
    for rule in rules {
        let count = all.iter().filter(|finding| finding.rule == rule && finding.fix.is_some()).count();
        if count > 1 {
            let title = format!("Mend all {count} `{}` in this file", rule.name);
            out.push(Offer::new(title, Kind::QuickFix, Deed::FixRule(rule)));
        }
    }
}

/// The fixes of all findings that `wanted` accepts. One may make room for another, so they are made until none is left.
pub(super) fn all(place: Place<'_>, view: &View<'_>, wanted: &dyn Fn(&Finding) -> bool) -> Proposal {
    const MOST_ROUNDS: usize = 8;
    let Some(document) = view.document() else { return Proposal::default() };
    let mut snapshot = place.snapshot.clone();
    for _ in 0..MOST_ROUNDS {
        let found = checked(&snapshot, place.path);
        let fixes = without_overlaps(found.iter().filter(|it| wanted(it)).filter_map(|finding| finding.fix.as_ref()));
        if fixes.is_empty() {
            break;
        }
        let mut trial = Trial::of(&snapshot);
        let edits = fixes.iter().flat_map(|fix| &fix.edits);
        let edits: Vec<(Span, &str)> = edits.map(|edit| (edit.span, edit.text.as_str())).collect();
        trial.edit(place.path, &edits);
        snapshot = trial.end();
    }
    let Some(after) = snapshot.document(place.path) else { return Proposal::default() };
    let edits = differences(&document.rope().to_string(), &after.rope().to_string());
    if edits.is_empty() { Proposal::default() } else { Proposal::of_file(place.path, edits) }
}

/// The findings of the open document with all their fixes.
fn checked(snapshot: &Snapshot, path: &FilePath) -> Vec<Finding> {
    let mut findings = rule::check(snapshot, path);
    rule::complete(snapshot, path, &mut findings, || None);
    findings
}
