//! `untested-property`: a design states a property that no task names, as tasks do most others.

use super::properties::{FEWEST, all_in, are_judged, held, stated};
use super::repeated::listed;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Holds, PropertyUse};
use crate::settings::Level;
use crate::words::words;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "untested-property",
    level: Some(Level::Information),
    what: "A design states a correctness property that no task names, though tasks name most others.",
    why: "Designs number what has to hold of every run (`### Property 5: …`), and the task list has a test for each. One that no \
          task names is most often lost when tasks were written or numbered anew, and nobody tests it. Ranges and lists count \
          (`Properties 3-5`), a task that tests *all correctness properties* names each, and so does a test whose title has the \
          words of the property's. Nothing is said where tasks name fewer than three properties or two in three, nor of a property \
          that is struck through or removed, or of which the design says that it is not tested or covered by another. \
          All of a design are one finding.",
    bad: "//- specs/votes/design.md\n# Votes\n\n## Correctness Properties\n\n### Property 1: Each vote counts\n\nText.\n\n### Property 2: No vote counts twice\n\nText.\n\n### Property 3: Votes are secret\n\nText.\n\n### Property 4: Late votes are refused\n\nText.\n//- specs/votes/tasks.md\n# Tasks\n\n- [ ] 1. Count votes\n  - [ ] 1.1 Write property tests for the count (Properties 1, 2)\n- [ ] 2. Hide voters\n  - [ ] 2.1 Write property test for secrecy (Property 3)\n",
    good: "//- specs/votes/design.md\n# Votes\n\n## Correctness Properties\n\n### Property 1: Each vote counts\n\nText.\n\n### Property 2: No vote counts twice\n\nText.\n\n### Property 3: Votes are secret\n\nText.\n\n### Property 4: Late votes are refused\n\nText.\n//- specs/votes/tasks.md\n# Tasks\n\n- [ ] 1. Count votes\n  - [ ] 1.1 Write property tests for the count (Properties 1, 2 and 4)\n- [ ] 2. Hide voters\n  - [ ] 2.1 Write property test for secrecy (Property 3)\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// Of so many properties titles are compared with those of tests.
const MOST_COMPARED: usize = 64;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if !are_judged(check, Role::Plan) {
        return;
    }
    let mut all = stated(&check.view);
    if all.len() < FEWEST {
        return;
    }
    let others = || check.snapshot.views_in(check.view.scope).filter(|it| it.path != check.view.path);
    // Another design of the feature may number its own.
    if others().any(|it| it.role == Role::Plan && it.holds(Holds::PROPERTIES) && !stated(&it).is_empty()) {
        return;
    }
    let numbers: Vec<u32> = all.iter().map(|it| it.number).collect();
    let waived = all_in(&check.view).filter(|(.., it)| it.usage == PropertyUse::Waived);
    let waived = held(&numbers, waived.map(|(.., it)| (it.first, it.last)));
    let mut keep = waived.iter().map(|waived| !waived);
    all.retain(|_| keep.next().unwrap_or(true));
    let numbers: Vec<u32> = all.iter().map(|it| it.number).collect();
    let (mut named, mut perhaps) = (Vec::new(), Vec::new());
    let lists = || others().filter(|it| it.role == Role::Tasks);
    for (_, facts, it) in lists().flat_map(|list| all_in(&list).collect::<Vec<_>>()) {
        match it.usage {
            PropertyUse::Named | PropertyUse::Mentioned => named.push((it.first, it.last)),
            PropertyUse::Short => perhaps.push((it.first, it.last)),
            PropertyUse::All if facts.task_at(it.span.start).is_some() => return,
            _ => {}
        }
    }
    let known = held(&numbers, named.iter().copied());
    let count = known.iter().filter(|known| **known).count();
    if count < FEWEST || count * 3 < all.len() * 2 || count == all.len() {
        return;
    }
    let known = held(&numbers, named.into_iter().chain(perhaps));
    let mut left: Vec<_> = all.iter().zip(known).filter(|(_, known)| !known).map(|(it, _)| it).collect();
    if left.len() <= MOST_COMPARED && !left.is_empty() {
        let tests = &check.dialect.table.properties.tests;
        let titles = lists().flat_map(|list| {
            let all = list.parts().flat_map(|(_, facts)| facts.tasks.iter().map(|task| facts.text(task.title)));
            let tested: Vec<FxHashSet<String>> = all.filter(|title| tests.stands_in(title)).map(words).collect();
            tested
        });
        let titles: Vec<FxHashSet<String>> = titles.collect();
        left.retain(|it| {
            let own = words(it.title);
            own.len() < 2 || !titles.iter().any(|title| own.is_subset(title))
        });
    }
    left.sort_by_key(|it| it.span);
    let [first, rest @ ..] = &left[..] else { return };
    let names: Vec<&str> = left.iter().map(|it| it.name).collect();
    let verb = if rest.is_empty() { "is" } else { "are" };
    let message = format!("{} {verb} named by no task, as {count} of {} properties are", listed(&names), all.len());
    let mut finding = Finding::new(&RULE, first.span, message);
    finding.help = Some("name it in the task that tests it, or say there that it is not tested".into());
    let spans: Vec<_> = rest.iter().map(|it| it.span).collect();
    finding.also_at(check, &spans, "nor is this one");
    if !rest.is_empty() {
        finding.told = names.iter().map(ToString::to_string).collect();
    }
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    const TASKS: &str = "- [ ] 1. Test order (Property 1)\n- [ ] 2. Test filter\n  - **Property 2: Filter**\n- [ ] 3. Test sums (Property 3)\n";

    fn found(more: &str, tasks: &str) -> Vec<String> {
        let first: String = (1..=3).map(|it| format!("### Property {it}: Kept {it}\n\nText.\n\n")).collect();
        let world = world(&format!(
            "//- .kiro/specs/a/design.md\n# D\n\n## Correctness Properties\n\n{first}{more}\n//- .kiro/specs/a/tasks.md\n# T\n\n{tasks}"
        ));
        let all = check(&world.snapshot(), &FilePath::new("/w/.kiro/specs/a/design.md")).into_iter();
        all.filter(|it| it.rule.name == "untested-property")
            .map(|it| format!("{} +{}", it.message, it.related.len()))
            .collect()
    }

    #[test]
    fn properties_that_no_task_names_are_one_finding() {
        let one = "### Property 4: Late parcels wait\n";
        assert_eq!(found(one, TASKS), ["`Property 4` is named by no task, as 3 of 4 properties are +0"]);
        let tasks = TASKS.replace("(Property 3)", "(Properties 3-6)");
        let more: String = (4..=8).map(|it| format!("### Property {it}: Title\n\n")).collect();
        assert_eq!(
            found(&more, &tasks),
            ["`Property 7` and `Property 8` are named by no task, as 6 of 8 properties are +1"]
        );
    }

    #[test]
    fn nothing_is_said_where_it_is_tested_or_need_not_be() {
        let one = "### Property 4: Late parcels wait\n";
        for line in [
            "- [ ] 4. Write tests (Property 4)",
            "- [ ] 4. Write tests (P4)",
            "- [ ] 4. Write unit tests: late parcels have to wait",
            "- [ ] 4. Write tests for all 4 correctness properties",
            "Property 4 is tested by hand.",
        ] {
            assert_eq!(found(one, &format!("{TASKS}{line}\n")), [""; 0], "{line}");
        }
        assert_eq!(found(one, &format!("{TASKS}- [ ] 4. Ensure all 4 properties hold\n")).len(), 1);
        for text in [
            "### Property 4: Late parcels wait\n\nNot tested: it holds by construction.\n",
            "### ~~Property 4: Late parcels wait~~\n",
            "### Property 4: Late parcels wait (merged into Property 2)\n",
            "**Property 4b: Late parcels wait**\n",
            "### Property 4: One\n\n### Property 4: Another\n",
        ] {
            assert_eq!(found(text, TASKS), [""; 0], "{text}");
        }
        let more: String = (4..=8).map(|it| format!("### Property {it}: Title\n\n")).collect();
        assert_eq!(found(&more, TASKS), [""; 0], "less than two in three");
    }
}
