//! Rules: each one declaration with its words and its check; together they make a file's findings.

mod consequence;
mod added_already;
mod broken_link;
mod change_without_delta;
mod delta_without_requirement;
pub mod account;
pub mod doubt;
mod duplicate_feature_number;
mod duplicate_reference;
mod duplicate_requirement;
mod duplicate_section_number;
mod duplicate_task;
mod empty_document;
mod empty_section;
mod ears_shape;
mod former_name;
mod heading_without_name;
mod heading_without_space;
pub mod identity;
mod in_bulk;
mod id_case;
mod lax_requirement;
mod leftover_remark;
mod leftover_tag;
mod lost_task;
mod malformed_trace_line;
mod meant_by_text;
mod misplaced_section;
mod missing_section;
mod missing_story_tag;
mod missing_trace_line;
mod misspelt_section;
pub mod page;
mod remedy;
mod not_as_heading;
mod open_question;
mod open_subtask;
mod parallel_task_conflict;
mod placeholder_left;
mod properties;
mod repeated;
mod finding;
mod repeated_delta_header;
mod repeated_section;
mod requirement_outside_delta;
mod requirement_outside_section;
mod requirement_status_mismatch;
mod requirement_without_criteria;
mod requirement_without_scenario;
mod reused_requirement;
mod scenario_without_body;
mod standing;
mod stray_delta_header;
mod story_criteria;
mod story_status_mismatch;
mod story_title_mismatch;
mod suspect_link;
mod task_without_trace;
mod uncovered_requirement;
mod template_mistake;
mod unclosed_fence;
mod unknown_delta;
mod unknown_in_prose;
mod unknown_property;
mod unknown_requirement;
mod unknown_section;
mod unknown_story;
mod unknown_task;
mod unnamed_requirement;
mod untested_property;
mod unread_specification;
pub mod unseen;
mod unused_suppression;
mod withdrawn_requirement;
mod wrong_total;
mod again;

pub use again::{Memory, check_again};

use crate::dialect::{Dialect, Role};
use crate::edit::Fix;
use crate::facts::{Facts, Reference};
use crate::id::Id;
use crate::outline::{Form, Mend, Outline, Problem, candidates, form_of, is_own, problems, schema_of};
use crate::path::FilePath;
use crate::query::Lookup;
use crate::settings::Level;
use crate::template::Schema;
use crate::text::Span;
use crate::world::{Snapshot, View};
use account::Silencer;
pub use finding::Finding;
use finding::Part;
pub use remedy::{Remedy, is_any_mended_safely};
use rustc_hash::FxHashSet;
use standing::Standings;
use std::cell::{OnceCell, RefCell};

/// All rules, in the order in which they are documented.
pub const RULES: &[&Rule] = &[
    &unknown_requirement::RULE,
    &unknown_in_prose::RULE,
    &duplicate_requirement::RULE,
    &uncovered_requirement::RULE,
    &withdrawn_requirement::RULE,
    &former_name::RULE,
    &reused_requirement::RULE,
    &suspect_link::RULE,
    &malformed_trace_line::RULE,
    &duplicate_reference::RULE,
    &id_case::RULE,
    &task_without_trace::RULE,
    &duplicate_task::RULE,
    &duplicate_feature_number::RULE,
    &open_subtask::RULE,
    &story_status_mismatch::RULE,
    &story_title_mismatch::RULE,
    &requirement_status_mismatch::RULE,
    &lost_task::RULE,
    &placeholder_left::RULE,
    &missing_section::RULE,
    &misplaced_section::RULE,
    &misspelt_section::RULE,
    &empty_document::RULE,
    &empty_section::RULE,
    &missing_trace_line::RULE,
    &unknown_section::RULE,
    &repeated_section::RULE,
    &duplicate_section_number::RULE,
    &template_mistake::RULE,
    &open_question::RULE,
    &unknown_story::RULE,
    &missing_story_tag::RULE,
    &unknown_task::RULE,
    &wrong_total::RULE,
    &untested_property::RULE,
    &unknown_property::RULE,
    &unnamed_requirement::RULE,
    &heading_without_name::RULE,
    &parallel_task_conflict::RULE,
    &requirement_without_criteria::RULE,
    &requirement_without_scenario::RULE,
    &lax_requirement::RULE,
    &leftover_remark::RULE,
    &leftover_tag::RULE,
    &broken_link::RULE,
    &unclosed_fence::RULE,
    &ears_shape::RULE,
    &unknown_delta::RULE,
    &added_already::RULE,
    &stray_delta_header::RULE,
    &change_without_delta::RULE,
    &delta_without_requirement::RULE,
    &requirement_outside_delta::RULE,
    &requirement_outside_section::RULE,
    &unread_specification::RULE,
    &repeated_delta_header::RULE,
    &scenario_without_body::RULE,
    &heading_without_space::RULE,
    &unused_suppression::RULE,
];

/// The rule called `name`.
#[must_use]
pub fn named(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// The known rule whose name is most like `name`.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static Rule> {
    let best = RULES
        .iter()
        .copied()
        .map(|rule| (strsim::osa_distance(rule.name, name), rule))
        .min_by_key(|(distance, _)| *distance);
    best.filter(|(distance, _)| *distance <= 4).map(|(_, rule)| rule)
}

/// A rule: its words and its check.
pub struct Rule {
    /// Its permanent name, in kebab case.
    pub name: &'static str,
    /// Its level unless settings say otherwise; none: it is off until they turn it on.
    pub level: Option<Level>,
    /// What it finds, in one sentence.
    pub what: &'static str,
    /// Why that matters, and when the rule keeps silent.
    pub why: &'static str,
    /// Files that raise it: `//- path` starts a file.
    pub bad: &'static str,
    /// The same files without the finding.
    pub good: &'static str,
    /// What mends it, if not only a person can.
    pub fix: Remedy,
    check: Checker,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Rule {
    /// The name of its level, `off` where it has to be turned on.
    #[must_use]
    pub fn level_name(&self) -> &'static str {
        self.level.map_or("off", Level::as_str)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// How much of a file a rule has to see.
enum Checker {
    /// One part at a time; its findings hold until that part or some name changes.
    Part(fn(&Check<'_>, &Facts, &mut Vec<Finding>)),
    /// All of the file.
    File(fn(&Check<'_>, &mut Vec<Finding>)),
    /// The other rules' findings too.
    Last,
}

/// What a rule can ask while it checks a file.
pub(crate) struct Check<'a> {
    snapshot: &'a Snapshot,
    view: View<'a>,
    dialect: &'a Dialect,
    lookup: Lookup,
    template: bool,
    schema: Option<&'a Schema>,
    /// The template that the workspace keeps for such documents.
    form: Option<Form<'a>>,
    outline: OnceCell<Option<(Outline<'a>, Vec<Problem>)>>,
    /// The places of a part, by its address, that several references share.
    shared: RefCell<Option<(usize, FxHashSet<Span>)>>,
    /// What is known of the ids of the part that is looked at.
    standings: Standings,
    /// The file's text, where it is not open; asked only by what cannot do without.
    text: TextOf<'a>,
    /// What is known from the last time of what requirements say.
    prints: RefCell<suspect_link::Prints>,
}

/// What gives the text of the closed file that is looked at, if it can still be read.
pub type TextOf<'a> = &'a dyn Fn() -> Option<String>;

impl<'a> Check<'a> {
    fn new(snapshot: &'a Snapshot, view: View<'a>, lookup: Lookup) -> Self {
        let schema = schema_of(snapshot, &view).map(|schema| &**schema);
        // Its place makes a file a form, never how much of it is still to be filled in: a document in progress is the main case.
        let own = || snapshot.settings_of(view.path).template_files.contains_key(view.path);
        let template = view.role == Role::Template || own();
        let dialect = snapshot.dialect_of(view.path);
        let form = form_of(snapshot, &view);
        Self {
            snapshot,
            view,
            dialect,
            lookup,
            template,
            schema,
            form,
            outline: OnceCell::new(),
            shared: RefCell::default(),
            standings: Standings::default(),
            text: &|| None,
            prints: RefCell::default(),
        }
    }

    /// Whether other references of the part stand where `reference` does: then it is the end of a range.
    fn shares_span(&self, facts: &Facts, reference: &Reference) -> bool {
        let part = std::ptr::from_ref(facts) as usize;
        let mut shared = self.shared.borrow_mut();
        let (_, spans) = match &mut *shared {
            Some(known) if known.0 == part => known,
            other => {
                let mut seen = FxHashSet::default();
                let again = facts.references.iter().map(|it| it.span).filter(|span| !seen.insert(*span));
                other.insert((part, again.collect()))
            }
        };
        spans.contains(&reference.span)
    }

    /// The sections of a file that follows its template, and what is amiss with them.
    fn sections(&self) -> Option<&(Outline<'a>, Vec<Problem>)> {
        let read = || {
            let own = is_own(self.snapshot, &self.view);
            let outline = Outline::of_follower(&self.view, self.schema?, own)?;
            let mut problems = problems(&outline);
            heading_without_space::retain(&self.view, &mut problems);
            not_as_heading::retain(&self.view, outline.schema, &mut problems);
            Some((outline, problems))
        };
        self.outline.get_or_init(read).as_ref()
    }

    /// The hints in a part that nobody filled in, in the order of the text: some brackets are hints only because the
    /// template has the same.
    fn hints_in(&self, facts: &Facts) -> Vec<Span> {
        let brackets = facts.brackets.iter().filter(|it| self.is_hint(it.key)).map(|bracket| bracket.span);
        let all = facts.placeholders.iter().chain(&facts.blanks).copied();
        let mut hints: Vec<Span> = all.chain(brackets).collect();
        hints.sort_unstable();
        // Emphasis around a bracket that is a hint itself.
        hints.dedup_by(|inner, outer| outer.covers(*inner));
        hints
    }

    /// Whether all templates are known that the workspace keeps: while it is listed, another may be found.
    fn knows_forms(&self) -> bool {
        self.snapshot.horizon().is_none()
    }

    /// Whether a template has the words of this key in brackets.
    fn is_hint(&self, key: u32) -> bool {
        let form = self.form.map(|form| &**form.schema);
        self.schema.into_iter().chain(form).any(|schema| schema.hints.contains(&key))
    }

    /// Whether the file's references may be judged at all: otherwise each would be silenced by one of the first doubts.
    fn judges_references(&self) -> bool {
        let role = matches!(self.view.role, Role::Spec | Role::Plan | Role::Tasks | Role::Trace | Role::Checklist);
        role && !self.template && self.lookup.complete && (self.lookup.defines_any() || self.lookup.counts())
    }
}

/// What the task or section around `span` of the file at `path` is plainly about, instead of `id`, which nothing defines.
#[must_use]
pub fn meant_around(snapshot: &Snapshot, path: &FilePath, id: &Id, span: Span) -> Option<Id> {
    let view = snapshot.view(path)?;
    meant_by_text::meant(&Check::new(snapshot, view, Lookup::of(snapshot, view.scope)), id, span)
}

/// The findings of the file at `path`, in the order of its text. Where it is not open, those that need its text are left to
/// [`check_text`].
#[must_use]
pub fn check(snapshot: &Snapshot, path: &FilePath) -> Vec<Finding> {
    check_text(snapshot, path, &|| None)
}

/// All findings of the file at `path`; `text` is asked only where it is not open, and only by what cannot do without.
#[must_use]
pub fn check_text(snapshot: &Snapshot, path: &FilePath, text: TextOf<'_>) -> Vec<Finding> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let lookup = Lookup::once(snapshot, view.scope);
    let check = Check { text, ..Check::new(snapshot, view, lookup) };
    let mut out = Vec::new();
    for (base, facts) in view.parts() {
        out.extend(check.part(facts).iter().map(|finding| finding.shifted(base)));
    }
    check.finish(out, |_| true)
}

/// The findings in the file at `path` that touch `span` and may be mended, with those of one part that may not: only the parts
/// around it are checked for what one part can show.
#[must_use]
pub fn check_around(snapshot: &Snapshot, path: &FilePath, span: Span) -> Vec<Finding> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let touches = |finding: &Finding| finding.span.start <= span.end && span.start <= finding.span.end;
    let bases: Vec<u32> = view.parts().map(|(base, _)| base).collect();
    let first = bases.partition_point(|base| *base < span.start).saturating_sub(1);
    let count = bases.partition_point(|base| *base <= span.end).saturating_sub(first);
    let comment = |(base, facts): (u32, &Facts)| {
        let mut comments = facts.suppressions.iter().map(|suppression| suppression.comment.shifted(base));
        comments.any(|comment| comment.start <= span.end && span.start <= comment.end)
    };
    // Whether a comment allows anything can only be said when everything in its reach has been checked.
    if view.parts().skip(first).take(count).any(comment) {
        return check(snapshot, path).into_iter().filter(touches).collect();
    }
    let lookup = Lookup::of(snapshot, view.scope);
    let check = Check::new(snapshot, view, lookup);
    let mut out = Vec::new();
    for (base, facts) in view.parts().skip(first).take(count) {
        out.extend(check.part(facts).iter().map(|finding| finding.shifted(base)));
    }
    // What sees the whole file and mends nothing has nothing to say to whoever asks what can be done.
    let mut out = check.finish(out, |rule| !rule.fix.is_by_hand());
    out.retain(|finding| finding.rule != &unused_suppression::RULE && touches(finding));
    out
}

/// The requirements that `span` of the file at `path` touches and that say something else than when they were reviewed, each
/// with its finding. Nothing else of the file is looked at.
#[must_use]
pub fn suspects_in(snapshot: &Snapshot, path: &FilePath, span: Span) -> Vec<(Id, Finding)> {
    let Some(view) = snapshot.view(path).filter(|_| snapshot.reviews_of(path).is_some()) else { return Vec::new() };
    suspect_link::touching(&Check::new(snapshot, view, Lookup::of(snapshot, view.scope)), span)
}

/// Gives findings of the file at `path` their fixes where those need its text; `text` is asked only if the file is not open.
pub fn complete(snapshot: &Snapshot, path: &FilePath, findings: &mut [Finding], text: impl Fn() -> Option<String>) {
    if findings.iter().all(|finding| finding.mend.is_none()) {
        return;
    }
    let Some(view) = snapshot.view(path) else { return };
    let (own, form) = (schema_of(snapshot, &view), form_of(snapshot, &view).map(|form| form.schema));
    let open = view.document().map(|document| document.rope().to_string());
    // A file that has changed since it was read is read again soon, and then checked again.
    let Some(text) = open.or_else(|| text().filter(|text| view.is_as_read(text))) else { return };
    for finding in findings {
        let Some(schema) = (if finding.by_form { form } else { own }) else { continue };
        let fix = |(title, mend): (String, Mend)| {
            let edits = mend.edits(&text, schema, &|| candidates(snapshot, &view))?;
            Some(Fix::of(title, edits))
        };
        let Some(mend) = finding.mend.take() else { continue };
        finding.fix = fix(mend);
        finding.steps = std::mem::take(&mut finding.mends).into_iter().filter_map(fix).collect();
    }
}

impl Check<'_> {
    fn part(&self, facts: &Facts) -> Vec<Finding> {
        let mut out = Vec::new();
        for &rule in RULES {
            if let Checker::Part(check) = rule.check {
                check(self, facts, &mut out);
            }
        }
        out
    }

    /// The findings with those of the rules of whole files that `wanted` accepts, as the settings want them.
    fn finish(&self, out: Vec<Finding>, wanted: impl Fn(&Rule) -> bool) -> Vec<Finding> {
        self.finish_telling(out, wanted, &mut |_, _| {})
    }

    /// The same, telling `gone` of each finding that something silences.
    fn finish_telling(
        &self,
        mut out: Vec<Finding>,
        wanted: impl Fn(&Rule) -> bool,
        gone: &mut dyn FnMut(Finding, Silencer),
    ) -> Vec<Finding> {
        for &rule in RULES.iter().filter(|rule| wanted(rule)) {
            if let Checker::File(check) = rule.check {
                check(self, &mut out);
            }
        }
        meant_by_text::settle(self, &mut out);
        doubt::settle(self, &mut out, gone);
        unknown_requirement::tell_undefined(self, &mut out);
        story_criteria::tell(self, &mut out);
        lax_requirement::settle(self, &mut out);
        stray_delta_header::settle(self, &mut out);
        requirement_outside_delta::settle(self, &mut out);
        doubt::lower_set_aside(self, &mut out);
        // A team's template is a form, whatever it is called.
        if self.snapshot.settings_of(self.view.path).template_files.contains_key(self.view.path) {
            let others = out.extract_if(.., |finding| finding.rule != &template_mistake::RULE);
            others.for_each(|finding| gone(finding, Silencer::Template));
        }
        let settings = self.snapshot.settings_of(self.view.path);
        let level = |finding: &Finding| settings.level_of(finding.rule.name, finding.rule.level.map(|_| finding.level));
        let off = out.extract_if(.., |finding| level(finding).is_none());
        // What nobody has turned on was never about to speak.
        off.filter(|finding| finding.rule.level.is_some()).for_each(|finding| gone(finding, Silencer::Settings));
        for finding in &mut out {
            finding.level = if finding.beside { Level::Hint } else { level(finding).unwrap_or(finding.level) };
        }
        for finding in &mut out {
            if !settings.levels.contains_key(finding.rule.name) {
                doubt::say(finding);
            }
            if let Some(id) = &finding.elsewhere {
                let places = match finding.rule {
                    rule if rule == &withdrawn_requirement::RULE => withdrawn_requirement::places,
                    rule if rule == &former_name::RULE => former_name::places,
                    _ => unknown_requirement::elsewhere,
                };
                finding.related = places(self, id);
            }
        }
        consequence::settle(self, &mut out);
        unused_suppression::settle(self, &mut out, gone);
        missing_section::join(self, &mut out);
        unknown_story::join(self, &mut out);
        in_bulk::join(self, &mut out);
        in_bulk::lead(self, &mut out);
        malformed_trace_line::join(self, &mut out);
        out.sort_by(|a, b| (a.span, a.rule.name).cmp(&(b.span, b.rule.name)));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Only, files, put, world};
    use crate::settings::Settings;
    use crate::world::World;
    use std::sync::Arc;

    fn findings(world: &World) -> Vec<(FilePath, Finding)> {
        let snapshot = world.snapshot();
        let files: Vec<FilePath> = snapshot.files().cloned().collect();
        files
            .into_iter()
            .flat_map(|path| check(&snapshot, &path).into_iter().map(move |finding| (path.clone(), finding)))
            .collect()
    }

    /// The world of a rule's example: a rule that is off is turned on.
    fn turned_on(rule: &Rule, fixture: &str) -> World {
        let mut world = world(fixture);
        // Examples of other rules name files that they do not show.
        if rule == &broken_link::RULE {
            let paths: Vec<FilePath> = files(fixture).into_iter().map(|(path, _)| path).collect();
            world.set_places(Arc::new(Only::new(paths.iter().map(FilePath::as_str))));
        }
        if rule.level.is_none() {
            let levels = [(rule.name.to_string(), Some(Level::Hint))].into();
            world.set_settings(Settings { levels, ..Settings::default() });
        }
        // A plan among templates is the team's own.
        let own = files(fixture).into_iter().find(|(path, _)| path.as_str() == "/w/templates/plan.md");
        if let Some((path, text)) = own {
            let (schema, mistakes) = crate::template::read(&text, &Dialect::home());
            let templates = [(Role::Plan, Arc::new(schema))].into();
            let template_files = [(path, mistakes)].into();
            world.set_settings(Settings { templates, template_files, ..Settings::default() });
        }
        // What was reviewed is in a lock, and what is said now in open documents.
        if let Some((_, text)) = files(fixture).into_iter().find(|(path, _)| path.name() == crate::review_lock::NAME) {
            let lock = crate::review_lock::Lock::decode(&text).expect("the example is whole");
            let reviews = [(FilePath::new("/w"), Arc::new(lock))].into();
            world.set_settings(Settings { reviews, ..Settings::default() });
            files(fixture).iter().for_each(|(path, text)| world.open(path, 1, text));
        }
        world
    }

    fn names(world: &World) -> Vec<&'static str> {
        findings(world).iter().map(|(_, finding)| finding.rule.name).collect()
    }

    #[test]
    fn each_rule_finds_its_bad_example_and_not_its_good_one() {
        for &rule in RULES {
            assert!(names(&turned_on(rule, rule.bad)).contains(&rule.name), "{rule:?}");
            assert_eq!(names(&turned_on(rule, rule.good)), [""; 0], "{rule:?}");
        }
    }

    #[test]
    fn each_fix_makes_its_finding_go_away_and_adds_none() {
        for &rule in RULES {
            let mut world = turned_on(rule, rule.bad);
            let mut before = findings(&world);
            for (path, finding) in &mut before {
                let text = files(rule.bad).into_iter().find(|(other, _)| other == path).map(|(_, text)| text);
                complete(&world.snapshot(), path, std::slice::from_mut(finding), || text.clone());
            }
            let fixed: Vec<_> =
                before.iter().filter_map(|(path, finding)| Some((path, finding.fix.as_ref()?))).collect();
            assert_eq!(fixed.is_empty(), rule.fix.is_by_hand(), "{rule:?}");
            assert!(fixed.iter().all(|(_, fix)| rule.fix.may_be(fix.safety)), "{rule:?}");
            let mut texts = Vec::new();
            for (path, text) in files(rule.bad) {
                let edits: Vec<_> =
                    fixed.iter().filter(|(other, _)| **other == path).flat_map(|(_, fix)| fix.edits.clone()).collect();
                let text = Fix::of(String::new(), edits).applied_to(&text);
                put(&mut world, &path, &text);
                texts.push((path, text));
            }
            if !rule.fix.is_by_hand() {
                // What a fix puts in from a template has that template's hints: filling them in is the author's part.
                let hint = |(path, finding): &(FilePath, Finding)| {
                    let text = texts.iter().find(|(other, _)| other == path).map_or("", |(_, text)| text.as_str());
                    let words = &text[finding.span.range()];
                    finding.rule.name == "placeholder-left"
                        && fixed.iter().any(|(_, fix)| fix.edits.iter().any(|edit| edit.text.contains(words)))
                };
                let left: Vec<_> = findings(&world).into_iter().filter(|it| !hint(it)).collect();
                assert_eq!(left, [], "{rule:?}");
            }
        }
    }

    #[test]
    fn nothing_absent_is_claimed_before_the_feature_is_read() {
        let mut world =
            world("//- a/spec.md\n- **FR-1**: x\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-2_\n");
        assert_eq!(names(&world), ["unknown-requirement"]);
        world.expect(&FilePath::new("/w/a/requirements.md"));
        assert_eq!(names(&world), [""; 0]);
        put(&mut world, &FilePath::new("/w/a/requirements.md"), "- **FR-2**: y\n");
        assert_eq!(names(&world), [""; 0]);
    }

    #[test]
    fn a_sibling_feature_is_named_but_does_not_count() {
        let world = world(
            "//- a/spec.md\n- **FR-1**: x\n//- a/tasks.md\n_Requirements: FR-1, FR-7_\n//- b/spec.md\n- **FR-7**: y\n",
        );
        let (_, finding) = findings(&world).remove(0);
        assert_eq!(finding.message, "`FR-7` is not defined in a");
        assert_eq!(finding.related[0].0.path.as_str(), "/w/b/spec.md");
        assert_eq!(finding.related[0].1, "b defines `FR-7`, but ids are local to a feature");
    }

    #[test]
    fn a_lone_plan_is_not_scolded() {
        assert_eq!(names(&world("//- a/plan.md\n# Plan\n\n_Requirements: FR-1_\n\nAlso FR-2.\n")), [""; 0]);
    }
}
