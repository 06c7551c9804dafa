//! `unknown-property`: a task names a property that the design of its feature does not have.

use super::properties::{FEWEST, all_in, are_judged, held, stated};
use super::repeated::{MOST_PLACES, gathered, placed, times};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::PropertyUse;
use crate::query::Place;
use crate::settings::Level;
use rustc_hash::FxHashMap;

pub(super) const RULE: Rule = Rule {
    name: "unknown-property",
    level: Some(Level::Information),
    what: "A task names a correctness property that the design of its feature does not have.",
    why: "Whoever writes the test looks for what has to hold, and finds nothing: the property was renumbered, dropped or never \
          written. Nothing is said where the design numbers fewer than three properties, of one in quotes or code, of one that \
          another feature is named before, nor where more are unknown than known.",
    bad: "//- specs/votes/design.md\n# Votes\n\n## Correctness Properties\n\n### Property 1: Each vote counts\n\nText.\n\n### Property 2: No vote counts twice\n\nText.\n\n### Property 3: Votes are secret\n\nText.\n//- specs/votes/tasks.md\n# Tasks\n\n- [ ] 1. Count votes\n  - [ ] 1.1 Write property tests for the count (Properties 1 and 2)\n- [ ] 2. Hide voters\n  - [ ] 2.1 Write property test for secrecy (Property 3)\n  - [ ] 2.2 Write property test for late votes (Property 4)\n",
    good: "//- specs/votes/design.md\n# Votes\n\n## Correctness Properties\n\n### Property 1: Each vote counts\n\nText.\n\n### Property 2: No vote counts twice\n\nText.\n\n### Property 3: Votes are secret\n\nText.\n//- specs/votes/tasks.md\n# Tasks\n\n- [ ] 1. Count votes\n  - [ ] 1.1 Write property tests for the count (Properties 1 and 2)\n- [ ] 2. Hide voters\n  - [ ] 2.1 Write property test for secrecy (Property 3)\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if !are_judged(check, Role::Tasks) {
        return;
    }
    let others = || check.snapshot.views_in(check.view.scope).filter(|it| it.role != Role::Tasks);
    let designs = others().filter(|it| it.role == Role::Plan).map(|it| (it, stated(&it)));
    let Some((design, own)) = designs.max_by_key(|(_, own)| own.len()).filter(|(_, own)| own.len() >= FEWEST) else {
        return;
    };
    let states = |usage: PropertyUse| matches!(usage, PropertyUse::Stated | PropertyUse::Listed);
    let known: Vec<(u32, u32)> = others()
        .flat_map(|view| {
            let all = all_in(&view).filter(|(.., it)| states(it.usage)).map(|(.., it)| (it.first, it.last));
            all.collect::<Vec<_>>()
        })
        .collect();
    let named = || all_in(&check.view).filter(|(.., it)| it.usage == PropertyUse::Named);
    let mut numbers: Vec<u32> = named().flat_map(|(.., it)| [it.first, it.last]).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let there = held(&numbers, known.into_iter());
    let unknown: Vec<u32> = numbers.iter().zip(&there).filter(|(_, there)| !**there).map(|(it, _)| *it).collect();
    if unknown.is_empty() || unknown.len() * 2 > numbers.len() {
        return;
    }
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return };
    let noun = first.name.trim_end_matches(|c: char| c.is_ascii_digit());
    let mut found: Vec<(String, Finding)> = Vec::new();
    let mut uses: FxHashMap<u32, (usize, usize)> = FxHashMap::default();
    for (base, _, it) in named() {
        let ends = if it.first == it.last { &[it.first][..] } else { &[it.first, it.last] };
        for number in ends.iter().filter(|number| unknown.binary_search(number).is_ok()) {
            let span = it.span.shifted(base);
            let (at, count) = uses.entry(*number).or_insert_with(|| {
                found.push((format!("{noun}{number}"), Finding::new(&RULE, span, String::new())));
                (found.len() - 1, 0)
            });
            *count += 1;
            let finding = &mut found[*at].1;
            if *count > 1 && finding.related.len() < MOST_PLACES {
                let place = Place { path: check.view.path.clone(), span };
                finding.related.push((place, format!("{noun}{number} is named here too")));
            }
        }
    }
    let whole = (last.number - first.number) as usize + 1 == own.len();
    let extent = if whole { format!(" · it has {} to {}", first.number, last.number) } else { String::new() };
    let counts: Vec<usize> = {
        let mut counts = vec![1; found.len()];
        uses.values().for_each(|(at, count)| counts[*at] = *count);
        counts
    };
    for ((name, finding), count) in found.iter_mut().zip(counts) {
        finding.message = format!("`{name}` is no property of the design{extent}");
        if count > 1 {
            finding.message += &format!(" · it is named {}", times(count));
        }
        let place = Place { path: design.path.clone(), span: last.span };
        finding.related.push((place, "the last property of the design".to_string()));
    }
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| format!("{count} properties are named that the design does not have")));
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(design: &str, tasks: &str) -> Vec<String> {
        let world =
            world(&format!("//- .kiro/specs/a/design.md\n# D\n\n{design}\n//- .kiro/specs/a/tasks.md\n# T\n\n{tasks}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/.kiro/specs/a/tasks.md")).into_iter();
        all.filter(|it| it.rule.name == "unknown-property").map(|it| it.message).collect()
    }

    #[test]
    fn a_property_beyond_those_of_the_design_is_told() {
        let design: String = (1..=4).map(|it| format!("### Property {it}: Kept\n\nText.\n\n")).collect();
        let known = "- [ ] 1. Test (Properties 1-3)\n- [ ] 2. Test (Property 4)\n";
        let tasks = format!("{known}- [ ] 3. Test sums (Property 5)\n  - **Property 5: Sums**\n");
        let words = "`Property 5` is no property of the design · it has 1 to 4 · it is named twice";
        assert_eq!(found(&design, &tasks), [words]);
        let gap = design.replace("### Property 3:", "### Property 6:");
        assert_eq!(found(&gap, known), ["`Property 3` is no property of the design"]);
        for line in [
            "  - Update \"Property 11\" in `other.test.ts`",
            "  - Tag: `# Feature: other, Property 11: Sums`",
            "  - as spec 006 Property 11: says",
            "  - takes properties 11 at a time",
            "  - **Property 4.1: Sums**",
            "- [ ] 3. Sums (P11)",
        ] {
            assert_eq!(found(&design, &format!("{known}{line}\n")), [""; 0], "{line}");
        }
        let few = "### Property 1: Kept\n\n### Property 2: Kept\n";
        assert_eq!(found(few, &tasks), [""; 0], "two are no list");
        assert_eq!(found(&design, "- [ ] 1. Test (Properties 7, 8 and 9)\n"), [""; 0], "another list is meant");
    }
}
