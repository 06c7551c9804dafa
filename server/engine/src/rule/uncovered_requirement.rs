//! `uncovered-requirement`: nothing in the feature's plan serves a requirement, or no task builds it.

use super::repeated::{gathered, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::{CoveredBy, Role};
use crate::facts::{Form, Holds};
use crate::id::Id;
use crate::index::{Chain, Link, Listing, Whole};
use crate::settings::Level;
use crate::text::Span;
use crate::trace_links::sections_serving;
use crate::world::View;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "uncovered-requirement",
    level: Some(Level::Information),
    what: "A requirement is served by no section of the plan, or built by no task.",
    why: "It will not be built. The chain has three links: planned, tasked, done; the finding says which of the first two is \
          missing, and the third is shown by hovers and lenses. A trace to the requirement, to its parent, to one of its \
          children or to a range around it makes a link, and in the tasks any mention does; a trace matrix makes both. Only \
          families that the documents do trace are judged, each link by its own document: where tasks never cite NFRs, an \
          NFR without a task says nothing, a feature without tasks is judged by its plan, and what a template's hint cites \
          is no trace. Nobody builds what is withdrawn, or what its own text puts off or leaves out of scope. Where a trace line \
          says *All requirements* or names a whole, that counts for each of them; a hint says so where tasks name most of the \
          others one by one, and where a fence that is never closed makes code of trace lines. Where \
          neither is there, a trace matrix, the tables below a specification's heading of traceability and the text of the tasks are looked at, if they name three in five of a family, and the text of the plan and the trace lines of the specification's own epics, if they name four in five. In a story that holds its own tasks, criteria of its list are judged by `(AC: 1, 2)` behind the tasks.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords and lock\n  - _Requirements: FR-1, FR-2_\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let judged = check.view.role == Role::Spec && !check.template && check.lookup.complete;
    let Some(index) = check.lookup.own().filter(|_| judged && check.dialect.table.coverage.by == CoveredBy::TraceLines)
    else {
        return;
    };
    let Some(names) = index.names_of(check.view.path) else { return };
    let count: usize = check.view.parts().map(|(_, facts)| facts.definitions.len()).sum();
    let mut seen: FxHashSet<&Id> = FxHashSet::with_capacity_and_hasher(count, FxBuildHasher);
    let mut all: Vec<Stated> = Vec::new();
    // Of each family that neither plan nor tasks trace, who names nearly all of it.
    let mut shares: FxHashMap<&str, Option<(Listing, usize, usize)>> = FxHashMap::default();
    let mut left_out: BTreeMap<&str, Vec<(String, Finding)>> = BTreeMap::new();
    // The sections around, each with the requirement that its heading states.
    let mut open: Vec<(u8, Option<usize>)> = Vec::new();
    for (base, facts) in check.view.parts() {
        let mut heads = facts.sections.iter().peekable();
        for definition in &facts.definitions {
            while let Some(head) = heads.next_if(|head| head.start <= definition.place.start) {
                enter(&mut open, head.level);
            }
            let id = facts.id(definition.id);
            if matches!(definition.form, Form::Rendered | Form::Section)
                || !names.defines(id)
                || definition.deferred
                || index.is_withdrawn(id)
            {
                continue;
            }
            if !index.judges(id.family()) {
                let named = shares.entry(id.family()).or_insert_with(|| index.mostly_named(id.family()));
                if let Some((listing, named, all)) = named
                    && !index.is_listed_in(*listing, id)
                    && seen.insert(id)
                {
                    let finding = unlisted(id, definition.place.shifted(base), *listing, (*named, *all));
                    left_out.entry(id.family()).or_default().push((id.to_string(), finding));
                }
                continue;
            }
            if !seen.insert(id) {
                continue;
            }
            let begins = matches!(definition.form, Form::Heading | Form::Numbered);
            let around = open.iter().rev().skip(usize::from(begins)).find_map(|(_, own)| *own);
            if let Some((_, own)) = open.last_mut().filter(|_| begins) {
                *own = Some(all.len());
            }
            let span = definition.place.shifted(base);
            all.push(Stated { id: id.clone(), span, chain: index.chain_of(id), around, in_part: false, told: false });
        }
        heads.for_each(|head| enter(&mut open, head.level));
    }
    for (family, mut found) in left_out {
        placed(&mut found, check.view.path);
        if let Some(Some((listing, named, all))) = shares.get(family) {
            let (by, _) = listed_by(*listing);
            out.extend(gathered(&found, |count| {
                format!("{count} requirements are named by {by} {named} of {all} {family}")
            }));
        }
    }
    for at in 0..all.len() {
        let chain = all[at].chain;
        let mut around = all[at].around;
        while let Some(up) = around {
            all[up].in_part |= all[up].chain.is_mended_by(chain);
            around = all[up].around;
        }
    }
    for at in 0..all.len() {
        let Stated { chain, in_part, .. } = all[at];
        // A story speaks for its criteria, and a parent that lacks the same for its children.
        let ups = std::iter::successors(all[at].around, |up| all[*up].around);
        let above = ups.into_iter().any(|up| all[up].told && all[up].chain == chain);
        let parent = |parent: Id| index.defined(&parent).is_some() && index.chain_of(&parent) == chain;
        all[at].told = chain.is_broken() && !in_part && !above && !all[at].id.parent().is_some_and(parent);
        if !chain.is_broken()
            && chain.tasked == Link::There
            && let Some(whole) = index.named_in_whole(&all[at].id)
            && !all[at]
                .id
                .parent()
                .is_some_and(|up| index.defined(&up).is_some() && index.named_in_whole(&up).is_some())
        {
            out.push(unnamed(&all[at].id, all[at].span, &whole));
        }
    }
    let broken: Vec<(Id, Span, Chain)> =
        all.into_iter().filter(|it| it.told).map(|it| (it.id, it.span, it.chain)).collect();
    let planned: Vec<Id> =
        broken.iter().filter(|(.., chain)| chain.planned == Link::There).map(|(id, ..)| id.clone()).collect();
    let sections = if planned.is_empty() {
        FxHashMap::default()
    } else {
        sections_serving(check.snapshot, &check.lookup, check.view.scope, &planned)
    };
    // Trace lines that a fence has made code of, as nothing closes it, may name them.
    let views = || check.snapshot.views_in(check.view.scope).filter(hides_traces);
    let roles: Vec<Role> = if broken.is_empty() { Vec::new() } else { views().map(|view| view.role).collect() };
    for (id, span, chain) in broken {
        let mut finding = Finding::new(&RULE, span, words(&id, chain, sections.get(&id)));
        let by = if chain.tasked == Link::Missing { "task that builds" } else { "section that serves" };
        finding.help = Some(format!("name it in a trace line of the {by} it: `_Requirements: {id}_`").into());
        let hidden = |link: Link, role: Role| link != Link::Missing || roles.contains(&role);
        if !roles.is_empty() && hidden(chain.tasked, Role::Tasks) && hidden(chain.planned, Role::Plan) {
            finding.set_beside();
        }
        out.push(finding);
    }
}

/// Whether lines that say what is served are code there, since a fence is never closed.
fn hides_traces(view: &View<'_>) -> bool {
    let fences = view.parts_with(Holds::OPEN_FENCE).filter_map(|(_, facts)| facts.open_fence.as_ref());
    matches!(view.role, Role::Plan | Role::Tasks) && fences.into_iter().any(|fence| fence.traces)
}

/// The finding that nearly all of a family are named one by one, and not `id`.
fn unlisted(id: &Id, span: Span, listing: Listing, (named, all): (usize, usize)) -> Finding {
    let (family, (by, name)) = (id.family(), listed_by(listing));
    let mut finding = Finding::new(&RULE, span, format!("`{id}` is named by {by} {named} of {all} {family}"));
    if matches!(listing, Listing::Tasks | Listing::Plan) {
        // They have no trace lines of this family.
        finding.level = Level::Hint;
    }
    finding.help = Some(name.into());
    finding
}

/// What does not name a requirement, and what would.
fn listed_by(listing: Listing) -> (&'static str, &'static str) {
    match listing {
        Listing::Matrix => ("no row of the trace matrix, which names", "add a row for it"),
        Listing::Table => ("no row of the table of what is traced, which names", "add a row for it"),
        Listing::Tasks => ("no task; the tasks name", "name it in the task that builds it"),
        Listing::Plan => ("no section of the plan, which names", "name it in the section that serves it"),
        Listing::Specification => ("no trace line of the specification, which name", "name it where it is taken up"),
    }
}

/// A requirement of the file and how far its chain holds.
struct Stated {
    id: Id,
    span: Span,
    chain: Chain,
    /// The requirement that the section around states.
    around: Option<usize>,
    /// Whether something that it states has the link which it lacks itself.
    in_part: bool,
    told: bool,
}

/// Leaves the sections that a heading of this level ends, for its own.
fn enter(open: &mut Vec<(u8, Option<usize>)>, level: u8) {
    while open.last().is_some_and(|(above, _)| *above >= level) {
        open.pop();
    }
    open.push((level, None));
}

/// The finding that tasks name `id` only with others, though they name those one by one.
fn unnamed(id: &Id, span: Span, whole: &Whole) -> Finding {
    let message = match whole {
        Whole::Of(above) => format!("no task names `{id}`, only all of `{above}` at once"),
        Whole::All => format!("no task names `{id}`, only all requirements at once"),
        Whole::Range(first, last) => format!("no task names `{id}`, only all of `{first}` to `{last}` at once"),
    };
    let mut finding = Finding::new(&RULE, span, message);
    // It is traced, and whoever traces a whole may mean it.
    finding.level = Level::Hint;
    finding.help = Some(format!("name it in a trace line of the task that builds it: `_Requirements: {id}_`").into());
    finding
}

/// Which link is missing, and how far the chain holds.
fn words(id: &Id, chain: Chain, sections: Option<&Vec<String>>) -> String {
    match (chain.planned, chain.tasked) {
        (Link::There, _) => match sections.map_or(&[][..], Vec::as_slice) {
            [] => format!("`{id}` is planned, built by no task"),
            [one] => format!("`{id}` is planned in `{one}`, built by no task"),
            [one, two] => format!("`{id}` is planned in `{one}` and `{two}`, built by no task"),
            [one, rest @ ..] => {
                format!("`{id}` is planned in `{one}` and {} other sections, built by no task", rest.len())
            }
        },
        (Link::Missing, Link::Missing) => format!("`{id}`: no section of the plan serves it, and no task builds it"),
        (Link::Missing, Link::There) => format!("`{id}` has a task, but no section of the plan serves it"),
        (Link::Missing, Link::Unjudged) => format!("`{id}`: no section of the plan serves it"),
        (Link::Unjudged, _) => format!("`{id}` is built by no task"),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(spec: &str, tasks: &str) -> Vec<String> {
        let world = world(&format!("//- a/spec.md\n{spec}//- a/tasks.md\n# T\n\n{tasks}"));
        check(&world.snapshot(), &FilePath::new("/w/a/spec.md")).into_iter().map(|it| it.message).collect()
    }

    #[test]
    fn a_story_speaks_for_its_criteria() {
        let story = |at: u8| format!("### US-{at}: Row\n\n- **AC-{at}.1**: a\n- **AC-{at}.2**: b\n\n");
        let spec = format!("# S\n\n{}{}", story(1), story(2));
        let tasks = "- [ ] 1. A\n  - _Requirements: US-1, AC-1.1, AC-1.2_\n";
        assert_eq!(found(&spec, tasks), ["`US-2` is built by no task"]);
        let part = tasks.replace("AC-1.1, ", "");
        assert_eq!(found(&spec, &part), ["`AC-1.1` is built by no task", "`US-2` is built by no task"]);
        let some = format!("{tasks}- [ ] 2. B\n  - _Requirements: AC-2.1_\n");
        assert_eq!(found(&spec, &some), ["`AC-2.2` is built by no task"], "of `US-2` something is");
    }

    #[test]
    fn what_is_put_off_need_not_be_built_yet() {
        let tasks = "- [ ] 1. A\n  - _Requirements: FR-1_\n";
        for other in [
            "- **FR-2** (deferred): b\n",
            "- **FR-2**: Out of scope.\n",
            "- **FR-2**: Sail [POSTPONED]\n",
            "- [DEFERRED] **FR-2**: b\n",
            "### FR-2: Sail (out of scope)\n\nText.\n\n- **FR-2.1**: c\n",
            "## Out of Scope\n\n- **FR-2**: b\n",
            "### Won't Have\n\n- **FR-2**: b\n",
            "### FR-2: Sail\n\n**Status**: Deferred\n",
            "- **FR-2** (zurückgestellt): b\n",
        ] {
            assert_eq!(found(&format!("# S\n\n- **FR-1**: a\n\n{other}"), tasks), [""; 0], "{other}");
        }
        for other in ["- **FR-2**: Future users are asked\n", "- **FR-2**: b\n"] {
            assert_eq!(found(&format!("# S\n\n- **FR-1**: a\n\n{other}"), tasks).len(), 1, "{other}");
        }
    }

    fn of_tasks(tasks: &str) -> Vec<String> {
        let spec = "- **AC-1.1**: a\n- **AC-1.2**: b\n- **AC-1.3**: c\n- **FR-1**: d\n- **FR-2**: e\n- **FR-3**: f\n";
        let world = world(&format!("//- a/spec.md\n{spec}//- a/tasks.md\n# T\n\n{tasks}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/spec.md")).into_iter();
        all.filter(|it| it.rule.name == "uncovered-requirement").map(|it| it.message).collect()
    }

    #[test]
    fn epics_of_a_specification_take_up_its_requirements() {
        let found = |epics: &str| {
            let all: String = (1..=7).map(|at| format!("- **FR{at}**: a\n")).collect();
            let world = world(&format!("//- docs/prd.md\n# PRD\n\n{all}\n{epics}"));
            let all = check(&world.snapshot(), &FilePath::new("/w/docs/prd.md")).into_iter();
            all.filter(|it| it.rule.name == "uncovered-requirement").map(|it| it.message).collect::<Vec<_>>()
        };
        let epics = "## Epic 1\n\n**FRs covered:** FR1, FR2, FR3\n\n## Epic 2\n\n**FRs covered:** FR4, FR5, FR7\n";
        assert_eq!(found(epics), ["`FR6` is named by no trace line of the specification, which name 6 of 7 FR"]);
        assert_eq!(found(&epics.replace(", FR5", "")), [""; 0], "too few to be a way");
        assert_eq!(found(&epics.replace("FR7", "FR6, FR7")), [""; 0]);
    }

    #[test]
    fn a_whole_stands_for_no_part_where_others_are_named_one_by_one() {
        let tasks = "- [ ] 1. A\n  - _Requirements: AC-1.1, AC-1.2_\n- [ ] 2. Verify\n  - _Requirements: AC-1.*_\n";
        assert_eq!(of_tasks(tasks), ["no task names `AC-1.3`, only all of `AC-1` at once"]);
        assert_eq!(of_tasks(&tasks.replace(".*", "")), ["no task names `AC-1.3`, only all of `AC-1` at once"]);
        assert_eq!(of_tasks(&tasks.replace(", AC-1.2", "")), [""; 0], "one alone is no way");
        let all = "- [ ] 1. A\n  - _Requirements: FR-1, FR-3_\n- [ ] 2. Verify\n  - _Requirements: All_\n";
        assert_eq!(of_tasks(all), ["no task names `FR-2`, only all requirements at once"]);
        assert_eq!(of_tasks(&all.replace(", FR-3", "")), [""; 0]);
        assert_eq!(of_tasks(&all.replace("FR-3", "FR-2–FR-3")), [""; 0]);
    }

    #[test]
    fn what_a_fence_that_stays_open_may_trace_is_a_hint() {
        let spec = "# S\n\n- **FR-1**: The system SHALL check it.\n- **FR-2**: The system SHALL lock it.\n";
        let tasks = "# T\n\n## One\n\n- [ ] 1. Check\n  - _Requirements: FR-1_\n\n```sh\nmake\n";
        let two = "\n## Two\n\n- [ ] 2. Lock\n";
        let traced = format!("{two}  - _Requirements: FR-2_\n");
        let levels = |end: &str, more: &str| {
            let world = world(&format!("//- a/spec.md\n{spec}//- a/tasks.md\n{tasks}{end}{more}"));
            let all = check(&world.snapshot(), &FilePath::new("/w/a/spec.md")).into_iter();
            all.map(|it| (it.level.as_str(), it.message)).collect::<Vec<_>>()
        };
        let uncovered = "`FR-2` is built by no task".to_string();
        assert_eq!(levels("```\n", two), [("information", uncovered.clone())]);
        assert_eq!(levels("", two), [("information", uncovered.clone())], "nothing there would build it");
        assert_eq!(levels("", &traced), [("hint", uncovered)]);
    }
}
