//! `unknown-requirement`: a trace line names a requirement that nothing defines.

use super::doubt::{Question, Verdict, judge};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Certainty, Facts, Kind, Reach, Reference};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Place, definitions_of};
use crate::settings::Level;
use crate::suggestion::likely_of;
use crate::world::View;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "unknown-requirement",
    level: Some(Level::Warning),
    what: "A trace line names a requirement that neither the feature nor a folder above it defines.",
    why: "A trace to nothing hides that a requirement was renamed, removed or never written. Ids are local to a feature \
          folder, so a requirement of a neighbouring feature does not count. Where the feature's specification defines none \
          at all, or it has none and a feature beside it has one, its plan and its tasks are each told once, as information. In a story that holds its own tasks, numbers behind \
          `AC:` are those of its list of criteria. More than three references in a file to one requirement or its parts have one cause: \
          the first tells of all, the others are hints.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **NFR-1**: The check SHALL take 200 ms at most.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, NF-1_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **NFR-1**: The check SHALL take 200 ms at most.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, NFR-1_\n",
    fix: Remedy::Suggested(
        "Replaces the id by the one of which it is a slip, or that the text around it is plainly about.",
    ),
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if !check.judges_references() {
        return;
    }
    for reference in facts.references.iter().filter(|reference| reference.kind == Kind::Trace) {
        out.extend(judged(check, &RULE, facts, reference));
    }
}

/// The finding of a reference that means nothing, where no doubt silences it.
pub(super) fn judged(check: &Check<'_>, rule: &'static Rule, facts: &Facts, reference: &Reference) -> Option<Finding> {
    if !is_unknown(check, facts, reference) {
        return None;
    }
    let Verdict::Said(level, doubt) = judge(&Question::new(check, rule, facts, reference)) else { return None };
    let finding = describe(check, rule, facts, reference);
    Some(Finding { level, doubt, ..finding })
}

/// Whether nothing that the reference may mean is defined.
pub(super) fn is_unknown(check: &Check<'_>, facts: &Facts, reference: &Reference) -> bool {
    if check.standing(facts, reference.id).defined {
        return false;
    }
    let id = facts.id(reference.id);
    // `FR-1.*`, and `AC-1` for AC-1.1 and its neighbours.
    !check.lookup.means_something(id, reference.sure) && !check.lookup.has_children(id)
}

/// The finding that `id` is not defined: where it was looked for, what was meant, and which neighbour has it.
pub(super) fn describe(check: &Check<'_>, rule: &'static Rule, facts: &Facts, reference: &Reference) -> Finding {
    let id = facts.id(reference.id);
    let place = check.snapshot.display_scope(check.view.scope, id);
    let mut message = format!("`{id}` is not defined in {place}");
    let likely = likely_of(check.snapshot, &check.lookup, id).cloned();
    if let Some(likely) = &likely {
        message += &format!(" · did you mean `{likely}`?");
    }
    let mut finding = Finding::new(rule, reference.span, message);
    // A range's end cannot be replaced alone.
    let alone = reference.reach == Reach::One && matches!(reference.sure, Certainty::Firm | Certainty::Loose);
    let alone = alone && !check.shares_span(facts, reference);
    if likely.is_none() {
        finding.unknown = Some((id.clone(), alone));
    }
    if let Some(likely) = likely.filter(|_| alone) {
        finding.fix = Some(Fix::one(format!("Replace by `{likely}`"), reference.span, likely.as_str()));
    }
    if !elsewhere(check, id).is_empty() {
        finding.elsewhere = Some(id.clone());
        if finding.fix.is_none() {
            finding.help =
                Some("define the requirement in this feature's specification, or name one that it defines".into());
        }
    }
    finding
}

/// Tells once of a plan or task list whose trace lines name requirements, while the feature has a specification that defines
/// none at all, or none where the features beside it have one. With one that has not been written nothing is amiss.
pub(super) fn tell_undefined(check: &Check<'_>, out: &mut Vec<Finding>) {
    const FEWEST: usize = 2;
    let (view, lookup) = (&check.view, &check.lookup);
    let named = !check.dialect.table.definitions.names.is_empty();
    let judged = matches!(view.role, Role::Plan | Role::Tasks) && !check.template && lookup.complete && !named;
    if !judged || lookup.defines_any() || lookup.counts() {
        return;
    }
    let (mut all, mut ids, mut told) = (Vec::new(), FxHashSet::default(), 0);
    for (base, facts) in view.parts() {
        let sure = |it: &&Reference| {
            let firm = matches!(it.sure, Certainty::Firm | Certainty::Number);
            firm && it.kind == Kind::Trace && it.reach != Reach::Within && !facts.is_in_hint(it.span)
        };
        for reference in facts.references.iter().filter(sure) {
            let id = facts.id(reference.id);
            all.push(reference.span.shifted(base));
            if ids.insert(id) {
                told += usize::from(lookup.may_define(id));
            }
        }
    }
    if ids.len() < FEWEST || told * 2 >= ids.len() {
        return;
    }
    let count = all.len();
    let written = |spec: &View<'_>| {
        let all = || spec.parts().flat_map(|(_, facts)| facts.sections.iter().map(move |it| (it, facts)));
        let hints = spec.parts().any(|(_, facts)| !facts.placeholders.is_empty());
        !hints && all().any(|(section, _)| section.level > 1 && section.filled)
    };
    let mut specs = check.snapshot.views_in(view.scope).filter(|it| it.role == Role::Spec).peekable();
    let (message, help) = if specs.peek().is_some() {
        let Some(spec) = specs.find(written) else { return };
        let place = check.snapshot.display_path(spec.path);
        let help = "begin each requirement with its id: `- **FR-1.1**: text`";
        (format!("{count} references, but no requirement is defined in {place}"), help)
    } else {
        let own = view.path.folder();
        let Some(other) = neighbour_with_specification(check, &own) else { return };
        let (place, other) = (check.snapshot.display_path(&own), check.snapshot.display_path(other));
        let message = format!("{count} references, but {place} has no specification, as {other} has");
        (message, "write the requirements down beside it, or move it to where they are")
    };
    let mut finding = Finding::new(&RULE, all[0], message);
    finding.also_at(check, &all[1..], "a reference here too");
    finding.level = Level::Information;
    finding.help = Some(help.into());
    out.push(finding);
}

/// A feature beside the one in the folder `own` whose specification defines requirements.
fn neighbour_with_specification<'a>(check: &Check<'a>, own: &FilePath) -> Option<&'a FilePath> {
    /// In files: further ones are not looked at.
    const FAR: usize = 2000;
    let around = own.folder();
    let near = check.snapshot.files_below(&around).take(FAR);
    let mut specs = near.filter(|(_, role)| *role == Role::Spec);
    specs.find_map(|(path, _)| {
        let folder = check.snapshot.scope_of(path)?;
        let defines = || check.snapshot.index(folder).is_some_and(|index| index.defines_any());
        (folder != own && folder.folder() == around && defines()).then_some(folder)
    })
}

/// Where neighbouring features define `id`.
pub(super) fn elsewhere(check: &Check<'_>, id: &Id) -> Vec<(Place, String)> {
    let told = check.snapshot.neighbours_defining(id, check.view.scope).filter_map(|folder| {
        let place = definitions_of(check.snapshot, folder, id).first()?.place();
        let name = check.snapshot.display_path(folder);
        Some((place, format!("{name} defines `{id}`, but ids are local to a feature")))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::id::Id;
    use crate::path::FilePath;
    use crate::rule::check;

    const SPEC: &str = "//- a/spec.md\n# S\n\n- **FR-001**: The system SHALL check the typed password\n- **FR-002**: The system SHALL lock the account after three attempts\n- **NFR-001**: The lock of an account SHALL take a second\n";

    fn told(tasks: &str) -> Vec<(String, bool)> {
        let world = world(&format!("{SPEC}//- a/tasks.md\n# T\n\n{tasks}"));
        let found = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
        found.map(|finding| (finding.message, finding.fix.is_some())).collect()
    }

    #[test]
    fn the_task_that_is_plainly_about_another_says_which() {
        let found = told("- [ ] 1. Lock accounts after attempts\n  - _Requirements: FR-020_\n");
        assert_eq!(found, [("`FR-020` is not defined in a · did you mean `FR-002`?".into(), true)]);
    }

    #[test]
    fn a_specification_that_defines_nothing_is_told_once_in_each_document() {
        let tasks =
            "//- a/tasks.md\n# T\n\n- [ ] 1. T\n  - _Requirements: 1.1, 1.2_\n- [ ] 2. U\n  - _Requirements: FR-2_\n";
        let found = |spec: &str| {
            let world = world(&format!("{spec}{tasks}"));
            let all = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
            all.map(|it| format!("{}: {}", it.level.as_str(), it.message)).collect::<Vec<_>>()
        };
        let spec = "//- a/spec.md\n# Depot\n\n## What it does\n\nParcels are weighed and routed.\n";
        let message = "information: 3 references, but no requirement is defined in a/spec.md";
        assert_eq!(found(spec), [message]);
        assert_eq!(found(""), [""; 0], "a lone document is not scolded");
        assert_eq!(found("//- a/spec.md\n# Depot\n\n## What it does\n"), [""; 0], "nothing is written yet");
        let numbers = "information: 2 numbers in trace lines, but no requirement here is called by a number alone";
        let own = "warning: `FR-2` is not defined in a";
        assert_eq!(found(&spec.replace("Parcels", "- **FR-7**: Parcels")), [numbers, own], "judged one by one");
    }

    #[test]
    fn a_task_that_names_it_already_means_something_else() {
        let found = told("- [ ] 1. Lock accounts after attempts\n  - _Requirements: FR-002, FR-020_\n");
        assert_eq!(found, [("`FR-020` is not defined in a".into(), false)]);
    }

    #[test]
    fn no_part_is_offered_for_a_whole_and_nothing_for_a_number_in_a_sentence() {
        let spec = "//- a/requirements.md\n### Requirement 7: Parcels\n\n#### Acceptance Criteria\n\n1. WHEN a parcel is late THEN the depot SHALL refund the postage\n2. WHEN it rains THEN the depot SHALL close\n";
        let told = |tasks: &str| {
            let world = world(&format!("{spec}//- a/tasks.md\n# T\n\n{tasks}"));
            let path = FilePath::new("/w/a/tasks.md");
            let at = crate::text::narrow(tasks.find('5').unwrap()) + 5;
            let meant = crate::rule::meant_around(
                &world.snapshot(),
                &path,
                &Id::new("5"),
                crate::text::Span::new(at as usize, at as usize + 1),
            );
            let found = check(&world.snapshot(), &path).into_iter();
            (found.map(|finding| finding.message).filter(|it| it.contains("did you mean")).collect::<Vec<_>>(), meant)
        };
        let one =
            "- [ ] 1. Refund postage of late parcels\n  - _Requirements: 5_\n- [ ] 2. Rain\n  - _Requirements: 7.2_\n";
        assert_eq!(told(one), (vec![], None));
        assert_eq!(told(&one.replace("_Requirements: 5_", "as in Requirement 5 it says")), (vec![], None));
    }

    #[test]
    fn no_other_family_and_no_neighbour_is_offered() {
        let found = told(
            "- [ ] 1. Lock accounts after attempts\n  - _Requirements: NFR-002_\n- [ ] 2. Rest\n  - _Requirements: FR-010_\n",
        );
        assert_eq!(
            found,
            [("`NFR-002` is not defined in a".into(), false), ("`FR-010` is not defined in a".into(), false)]
        );
    }
}
