//! What the rules make of one place, and what they keep to themselves there: for explanations.

use super::doubt::{self, Doubted, Question, Verdict};
use super::identity::leave_known;
use super::{Check, Finding, RULES, Rule, unknown_in_prose, unknown_requirement, unknown_story};
use crate::facts::{Facts, Kind, Reference};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::settings::Level;
use crate::text::Span;
use crate::world::{Snapshot, View};

/// What the rules make of a place.
#[derive(Debug, Default)]
pub struct Account {
    /// What they find there.
    pub spoken: Vec<Finding>,
    /// What they found there and something silenced.
    pub silenced: Vec<(Finding, Silencer)>,
    /// The references there that mean nothing.
    pub judged: Vec<Judged>,
}

/// What takes a finding away.
#[derive(Clone, Debug, PartialEq)]
pub enum Silencer {
    /// A doubt about the whole file.
    Doubt(Doubted),
    /// The settings turn its rule off.
    Settings,
    /// A comment allows it there: its place.
    Comment(Span),
    /// The file is a team's template.
    Template,
    /// The baseline holds it.
    Baseline,
}

/// A reference that means nothing, and what doubts hold of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The id.
    pub id: Id,
    /// The text that names it, from the file's start.
    pub span: Span,
    /// The rule that judges it.
    pub rule: &'static Rule,
    /// The level that it has for this alone; none where a doubt silences it.
    pub level: Option<Level>,
    /// All doubts about it that hold, the one that decides first.
    pub doubts: Vec<Doubted>,
}

/// What the rules make of the text `span` of the file at `path`, whose text is `text`.
#[must_use]
pub fn account(snapshot: &Snapshot, path: &FilePath, text: &str, span: Span) -> Option<Account> {
    let view = snapshot.view(path)?;
    let own_text = || Some(text.to_string());
    let check = Check { text: &own_text, ..Check::new(snapshot, view, Lookup::of(snapshot, view.scope)) };
    let touches = |finding: &Finding| finding.span.start <= span.end && span.start <= finding.span.end;
    let mut found = Vec::new();
    for (base, facts) in view.parts() {
        found.extend(check.part(facts).iter().map(|finding| finding.shifted(base)));
    }
    let mut account = Account { judged: judged_by(&check, span), ..Account::default() };
    let mut spoken = check.finish_telling(found, |_| true, &mut |finding, silencer| {
        if touches(&finding) {
            account.silenced.push((finding, silencer));
        }
    });
    let known = leave_known(snapshot, path, &mut spoken, || Some(text.to_string()));
    account.silenced.extend(known.into_iter().filter(touches).map(|finding| (finding, Silencer::Baseline)));
    spoken.retain(touches);
    account.spoken = spoken;
    Some(account)
}

/// The references that touch `span` and mean nothing, without looking at anything else of the file.
#[must_use]
pub fn judged(snapshot: &Snapshot, view: View<'_>, span: Span) -> Vec<Judged> {
    judged_by(&Check::new(snapshot, view, Lookup::of(snapshot, view.scope)), span)
}

fn judged_by(check: &Check<'_>, span: Span) -> Vec<Judged> {
    let mut out: Vec<Judged> = Vec::new();
    for (base, facts) in check.view.parts() {
        for reference in &facts.references {
            let place = reference.span.shifted(base);
            if place.start > span.end || place.end < span.start {
                continue;
            }
            let Some(rule) = rule_of(check, facts, reference) else { continue };
            if unknown_requirement::is_unknown(check, facts, reference) {
                let judged = judge(check, rule, facts, reference, place);
                if !out.contains(&judged) {
                    out.push(judged);
                }
            }
        }
    }
    out
}

/// The rule that judges a reference, if one does.
fn rule_of(check: &Check<'_>, facts: &Facts, reference: &Reference) -> Option<&'static Rule> {
    let name = match reference.kind {
        Kind::Trace => unknown_requirement::RULE.name,
        Kind::Tag if unknown_story::judges(check, facts, reference) => unknown_story::RULE.name,
        Kind::Tag | Kind::Listed | Kind::Mention => unknown_in_prose::RULE.name,
        Kind::Delta => return None,
    };
    RULES.iter().copied().find(|rule| rule.name == name)
}

fn judge(check: &Check<'_>, rule: &'static Rule, facts: &Facts, reference: &Reference, span: Span) -> Judged {
    let question = Question::new(check, rule, facts, reference);
    let (level, first) = match doubt::judge(&question) {
        Verdict::Silence(doubted) => (None, Some(doubted)),
        Verdict::Said(level, doubted) => (Some(level), doubted),
    };
    let others = doubt::all(&question).into_iter().filter(|other| Some(other) != first.as_ref());
    Judged {
        id: facts.id(reference.id).clone(),
        span,
        rule,
        level,
        doubts: first.iter().cloned().chain(others).collect(),
    }
}
