//! `uncovered-requirement`: nothing in the feature's plan serves a requirement, or no task builds it.

use super::{Check, Checker, Finding, Rule};
use crate::chain::sections_serving;
use crate::dialect::{CoveredBy, Role};
use crate::facts::Form;
use crate::id::Id;
use crate::index::{Chain, Link, Whole};
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "uncovered-requirement",
    level: Some(Level::Information),
    what: "A requirement is served by no section of the plan, or built by no task.",
    why: "It will not be built. The chain has three links: planned, tasked, done; the finding says which of the first two is \
          missing, and the third is shown by hovers and lenses. A trace to the requirement, to its parent, to one of its \
          children or to a range around it makes a link, and in the tasks any mention does; a trace matrix makes both. Only \
          families that the documents do trace are judged, each link by its own document: where tasks never cite NFRs, an \
          NFR without a task says nothing, a feature without tasks is judged by its plan, and what a template's hint cites \
          is no trace. Nobody builds what is withdrawn. Where a trace line says *All requirements* or names a whole, that counts \
          for each of them, unless tasks name most of the others one by one. In a story that holds its own tasks, criteria of its list are \
          judged by `(AC: 1, 2)` behind the tasks.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords and lock\n  - _Requirements: FR-1, FR-2_\n",
    fix: "",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let judged = check.view.role == Role::Spec && !check.template && check.lookup.complete;
    let Some(index) = check
        .lookup
        .own()
        .filter(|_| judged && check.snapshot.dialect_of(check.view.path).table.coverage.by == CoveredBy::TraceLines)
    else {
        return;
    };
    let Some(names) = index.names_of(check.view.path) else { return };
    let mut told = rustc_hash::FxHashSet::default();
    let mut broken = Vec::new();
    for (base, facts) in check.view.parts() {
        for definition in &facts.definitions {
            let id = facts.id(definition.id);
            if matches!(definition.form, Form::Rendered | Form::Section)
                || !names.defines(id)
                || !index.judges(id.family())
                || index.is_withdrawn(id)
                || !told.insert(id.clone())
            {
                continue;
            }
            let chain = index.chain_of(id);
            // A parent that lacks the same speaks for its children.
            let above = |parent: Id| index.defined(&parent).is_some() && index.chain_of(&parent) == chain;
            if chain.is_broken() && !id.parent().is_some_and(above) {
                broken.push((id.clone(), definition.place.shifted(base), chain));
            } else if chain.tasked == Link::There
                && let Some(whole) = index.named_in_whole(id)
                && !id
                    .parent()
                    .is_some_and(|above| index.defined(&above).is_some() && index.named_in_whole(&above).is_some())
            {
                out.push(unnamed(id, definition.place.shifted(base), &whole));
            }
        }
    }
    let planned: Vec<Id> =
        broken.iter().filter(|(.., chain)| chain.planned == Link::There).map(|(id, ..)| id.clone()).collect();
    let sections = if planned.is_empty() {
        rustc_hash::FxHashMap::default()
    } else {
        sections_serving(check.snapshot, check.view.scope, &planned)
    };
    for (id, span, chain) in broken {
        let mut finding = Finding::new(&RULE, span, words(&id, chain, sections.get(&id)));
        let by = if chain.tasked == Link::Missing { "task that builds" } else { "section that serves" };
        finding.help = Some(format!("name it in a trace line of the {by} it: `_Requirements: {id}_`"));
        out.push(finding);
    }
}

/// The finding that tasks name `id` only with others, though they name those one by one.
fn unnamed(id: &Id, span: Span, whole: &Whole) -> Finding {
    let message = match whole {
        Whole::Of(above) => format!("no task names `{id}`, only all of `{above}` at once"),
        Whole::All => format!("no task names `{id}`, only all requirements at once"),
    };
    let mut finding = Finding::new(&RULE, span, message);
    finding.help = Some(format!("name it in a trace line of the task that builds it: `_Requirements: {id}_`"));
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

    fn found(tasks: &str) -> Vec<String> {
        let spec = "- **AC-1.1**: a\n- **AC-1.2**: b\n- **AC-1.3**: c\n- **FR-1**: d\n- **FR-2**: e\n- **FR-3**: f\n";
        let world = world(&format!("//- a/spec.md\n{spec}//- a/tasks.md\n# T\n\n{tasks}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/spec.md")).into_iter();
        all.filter(|it| it.rule.name == "uncovered-requirement").map(|it| it.message).collect()
    }

    #[test]
    fn a_whole_stands_for_no_part_where_others_are_named_one_by_one() {
        let tasks = "- [ ] 1. A\n  - _Requirements: AC-1.1, AC-1.2_\n- [ ] 2. Verify\n  - _Requirements: AC-1.*_\n";
        assert_eq!(found(tasks), ["no task names `AC-1.3`, only all of `AC-1` at once"]);
        assert_eq!(found(&tasks.replace(".*", "")), ["no task names `AC-1.3`, only all of `AC-1` at once"]);
        assert_eq!(found(&tasks.replace(", AC-1.2", "")), [""; 0], "one alone is no way");
        let all = "- [ ] 1. A\n  - _Requirements: FR-1, FR-3_\n- [ ] 2. Verify\n  - _Requirements: All_\n";
        assert_eq!(found(all), ["no task names `FR-2`, only all requirements at once"]);
        assert_eq!(found(&all.replace(", FR-3", "")), [""; 0]);
        assert_eq!(found(&all.replace("FR-3", "FR-2–FR-3")), [""; 0]);
    }
}
