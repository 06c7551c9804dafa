//! Ids that a file names in vain, and that have one cause, are told once: those of one family in prose, which most often are
//! another document's, and those of one requirement in trace lines.

use super::repeated::{MOST_APART, MOST_PLACES, listed};
use super::{Check, Finding, Part, doubt, unknown_in_prose, unknown_requirement};
use crate::id::Id;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

/// So many other places the first of many names: each has its hint.
const MOST_SHOWN: usize = 5;

/// Joins the findings of each family; those that can be mended stand for themselves.
pub(super) fn join(check: &Check<'_>, out: &mut Vec<Finding>) {
    let own = |finding: &Finding| finding.rule == &unknown_in_prose::RULE && finding.fix.is_none();
    if out.iter().filter(|finding| own(finding)).count() < 2 {
        return;
    }
    let mut parts: Vec<(Id, Finding)> = Vec::new();
    for finding in out.extract_if(.., |finding| own(finding)) {
        let name = finding.part.as_ref().map_or("", |Part { name, .. }| name);
        parts.push((Id::new(name), finding));
    }
    parts.sort_by_key(|(_, finding)| finding.span);
    while let Some((first, _)) = parts.first() {
        let family = first.family().to_ascii_uppercase();
        let all: Vec<_> = parts.extract_if(.., |(id, _)| id.family().eq_ignore_ascii_case(&family)).collect();
        out.extend(joined(check, all));
    }
}

fn joined(check: &Check<'_>, all: Vec<(Id, Finding)>) -> Option<Finding> {
    let count = all.len();
    let mut seen = FxHashSet::default();
    let ids: Vec<Id> = all.iter().map(|(id, _)| id.clone()).filter(|id| seen.insert(id.clone())).collect();
    let level = all.iter().map(|(_, finding)| finding.level).max()?;
    let mut all = all.into_iter().map(|(_, finding)| finding);
    let mut finding = all.next()?;
    if count == 1 {
        return Some(finding);
    }
    finding.level = level;
    name_all(check, &mut finding, &ids);
    finding.message += &format!(" · mentioned {count} times here");
    let places = all.map(|other| Place { path: check.view.path.clone(), span: other.span });
    finding.related.extend(places.take(MOST_PLACES).map(|place| (place, "mentioned here too".to_string())));
    Some(finding)
}

/// Lets the first of many references in vain to parts of one requirement speak for all: the others stay hints at their places.
pub(super) fn lead(check: &Check<'_>, out: &mut [Finding]) {
    for Cause { ids, places } in by_cause(out).into_iter().filter(|cause| cause.places.len() > MOST_APART) {
        let [first, others @ ..] = &places[..] else { continue };
        let spans: Vec<Span> = others.iter().take(MOST_SHOWN).map(|at| out[*at].span).collect();
        others.iter().for_each(|at| out[*at].set_beside());
        let first = &mut out[*first];
        name_all(check, first, &ids);
        doubt::add(first, &format!(" · named {} times here", places.len()));
        first.also_at(check, &spans, "named here too");
    }
}

/// Lets a finding speak of all of `ids`.
fn name_all(check: &Check<'_>, finding: &mut Finding, ids: &[Id]) {
    finding.told = ids.iter().map(Id::to_string).collect();
    if let [_, second, ..] = ids {
        let place = check.snapshot.display_scope(check.view.scope, second);
        let names: Vec<&str> = ids.iter().map(Id::as_str).collect();
        finding.message = format!("{} are not defined in {place}", listed(&names));
        doubt::say(finding);
    }
}

/// The id that a reference names in vain, unless a fix is known or another finding tells of it.
fn own(finding: &Finding) -> Option<&Id> {
    let alone = finding.rule == &unknown_requirement::RULE && finding.fix.is_none() && !finding.beside;
    finding.unknown.as_ref().map(|(id, _)| id).filter(|_| alone)
}

/// References in vain to parts of one requirement, with equal doubt.
#[derive(Default)]
struct Cause {
    /// The ids, each once.
    ids: Vec<Id>,
    /// Where the findings stand among all, in the order of the text.
    places: Vec<usize>,
}

fn by_cause(out: &[Finding]) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    // A long list names few ids again and again.
    let mut of_id: FxHashMap<(Level, &Id), usize> = FxHashMap::default();
    let mut of_whole: FxHashMap<(Level, Id), usize> = FxHashMap::default();
    for (at, finding) in out.iter().enumerate() {
        let Some(id) = own(finding) else { continue };
        let cause = *of_id.entry((finding.level, id)).or_insert_with(|| {
            let whole = id.parent().unwrap_or_else(|| id.clone());
            let cause = *of_whole.entry((finding.level, whole)).or_insert_with(|| {
                causes.push(Cause::default());
                causes.len() - 1
            });
            causes[cause].ids.push(id.clone());
            cause
        });
        causes[cause].places.push(at);
    }
    causes
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn ids_of_one_family_are_one_remark_in_a_file() {
        let found = |plan: &str| {
            let spec = "//- a/spec.md\n- **FR-1**: x\n- **NFR-1**: x\n";
            let world = world(&format!("{spec}//- a/plan.md\n{plan}"));
            let found = check(&world.snapshot(), &FilePath::new("/w/a/plan.md")).into_iter();
            found.map(|it| format!("{} +{}", it.message, it.related.len())).collect::<Vec<_>>()
        };
        assert_eq!(found("See FR-7.\n"), ["`FR-7` is not defined in a +0"]);
        assert_eq!(found("See FR-7, then FR-7.\n"), ["`FR-7` is not defined in a · mentioned 2 times here +1"]);
        assert_eq!(
            found("See FR-7, NFR-8 and FR-9.\n\n## More\n\nAnd FR-7 with FR-1.\n"),
            ["`FR-7` and `FR-9` are not defined in a · mentioned 3 times here +2", "`NFR-8` is not defined in a +0"]
        );
    }

    #[test]
    fn many_parts_of_one_requirement_are_told_by_the_first() {
        let spec = "//- a/requirements.md\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. x\n2. x\n3. x\n\n### Requirement 2\n\n#### Acceptance Criteria\n\n1. x\n";
        let found = |traces: &str| {
            let world =
                world(&format!("{spec}//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.2, 1.3, 2.1, {traces}_\n"));
            let found = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
            found.map(|it| format!("{}: {} +{}", it.level.as_str(), it.message, it.related.len())).collect::<Vec<_>>()
        };
        let apart = ["warning: `1.4` is not defined in a +0", "warning: `1.5` is not defined in a +0"];
        assert_eq!(found("1.4, 1.5"), apart);
        assert_eq!(
            found("1.4, 1.5, 1.6, 1.7"),
            [
                "warning: `1.4`, `1.5`, `1.6` and `1.7` are not defined in a · named 4 times here +3",
                "hint: `1.5` is not defined in a +0",
                "hint: `1.6` is not defined in a +0",
                "hint: `1.7` is not defined in a +0",
            ]
        );
        let repeated = found("1.4_\n  - _Requirements: 1.4_\n  - _Requirements: 1.4_\n  - _Requirements: 1.4, 2.2");
        assert_eq!(repeated[0], "warning: `1.4` is not defined in a · named 4 times here +3");
        assert!(repeated[1..4].iter().all(|it| it == "hint: `1.4` is not defined in a +0"), "{repeated:?}");
        assert_eq!(repeated[4..], ["warning: `2.2` is not defined in a +0"]);
    }

    #[test]
    fn a_requirement_of_which_hardly_any_part_is_known_may_be_counted_otherwise() {
        let spec = "//- a/requirements.md\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. x\n2. x\n3. x\n4. x\n\n### Requirement 2\n\n#### Acceptance Criteria\n\n1. x\n2. x\n";
        let found = |traces: &str| {
            let world =
                world(&format!("{spec}//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.2, 1.3, 1.4, {traces}_\n"));
            let found = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
            found.map(|it| it.level.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(found("2.1, 2.3, 2.4, 2.5, 2.6"), ["information", "hint", "hint", "hint"]);
        assert_eq!(found("2.1, 2.2, 2.3, 2.4, 2.5, 2.6"), ["warning", "hint", "hint", "hint"]);
    }
}
