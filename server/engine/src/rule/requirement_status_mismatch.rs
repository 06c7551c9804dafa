//! `requirement-status-mismatch`: the box of a requirement and its row in a table of the same document contradict one another.

use super::doubt::is_archived;
use super::repeated::{gathered, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Holds, State};
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashMap;

pub(super) const RULE: Rule = Rule {
    name: "requirement-status-mismatch",
    level: Some(Level::Information),
    what: "A requirement is ticked, and its row in a table of the same document says that it is open, or the other way round.",
    why: "One of the two was not kept, and nobody can say which: what looks at the table plans it again, what looks at the boxes \
          takes it for done. A row counts whose first cell is the requirement's id and whose status is one word (`fulfilled` and \
          `pending` of `[withdrawn]` in the dialect). A requirement with several boxes or several rows is left alone, and so is a document \
          in which more requirements contradict their rows than agree with them: there, boxes say something else.",
    bad: "//- requirements.md\n# Requirements\n\n- [x] **FR-1**: Check passwords\n- [x] **FR-2**: Lock accounts\n\n## Traceability\n\n| Requirement | Status |\n|---|---|\n| FR-1 | Complete |\n| FR-2 | Pending |\n",
    good: "//- requirements.md\n# Requirements\n\n- [x] **FR-1**: Check passwords\n- [x] **FR-2**: Lock accounts\n\n## Traceability\n\n| Requirement | Status |\n|---|---|\n| FR-1 | Complete |\n| FR-2 | Complete |\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// What is said of a requirement.
#[derive(Default)]
struct Said {
    boxed: Option<(State, Span)>,
    row: Option<(State, Span)>,
    /// Whether one of them stands there more than once.
    again: bool,
}

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Spec || check.template || is_archived(check) {
        return;
    }
    let mut order: Vec<&str> = Vec::new();
    let mut all: FxHashMap<&str, Said> = FxHashMap::default();
    for (base, facts) in check.view.parts_with(Holds::STATES) {
        for it in &facts.states {
            let id = facts.id(it.id).as_str();
            let said = all.entry(id).or_default();
            let place = if it.row { &mut said.row } else { &mut said.boxed };
            said.again |= place.replace((it.state, it.span.shifted(base))).is_some();
            if it.row {
                order.push(id);
            }
        }
    }
    let (mut agree, mut found) = (0, Vec::new());
    for id in order {
        let Some(Said { boxed: Some((boxed, place)), row: Some((row, span)), again: false }) = all.get(id) else {
            continue;
        };
        if boxed == row {
            agree += 1;
            continue;
        }
        let (is, but) = if *row == State::Done { ("done", "open") } else { ("open", "ticked") };
        let message = format!("this row says that `{id}` is {is}, but its box is {but}");
        let mut finding = Finding::new(&RULE, *span, message);
        finding.also_at(check, &[*place], "its box stands here");
        found.push((id.to_string(), finding));
    }
    if found.len() > agree {
        return;
    }
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| format!("{count} rows say otherwise than the boxes of their requirements")));
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(text: &str) -> Vec<String> {
        let mut world = world(&format!("//- a/requirements.md\n{text}"));
        let path = FilePath::new("/w/a/requirements.md");
        let told = |world: &crate::world::World| -> Vec<String> {
            let own = check(&world.snapshot(), &path).into_iter().filter(|it| it.rule == &super::RULE);
            own.map(|it| format!("{} +{}", it.message, it.related.len())).collect()
        };
        let closed = told(&world);
        world.open(&path, 1, text);
        assert_eq!(told(&world), closed, "open and closed");
        closed
    }

    /// A document of requirements `FR-1` and so on, each with its box and the status of its row.
    fn document(all: &[(char, &str)]) -> String {
        let boxes: String =
            all.iter().zip(1..).map(|((mark, _), at)| format!("- [{mark}] **FR-{at}**: The boat floats\n")).collect();
        let rows: String =
            all.iter().zip(1..).map(|((_, status), at)| format!("| FR-{at} | Phase 2 | {status} |\n")).collect();
        format!(
            "# Requirements\n\n## Boat\n\n{boxes}\n## Traceability\n\n| Requirement | Phase | Status |\n|---|---|---|\n{rows}"
        )
    }

    #[test]
    fn a_box_and_a_row_that_contradict_are_told_at_the_row() {
        let open = "this row says that `FR-1` is open, but its box is ticked +1";
        let done = "this row says that `FR-1` is done, but its box is open +1";
        for status in ["Pending", "Not started", "⏳ pending", "**Pending**"] {
            assert_eq!(found(&document(&[('x', status), ('x', "Complete")])), [open], "{status}");
        }
        for status in ["Complete", "✓ Done", "✅ Complete (02-01)"] {
            assert_eq!(found(&document(&[(' ', status), (' ', "Pending")])), [done], "{status}");
        }
    }

    #[test]
    fn many_are_one_finding() {
        let mut all = vec![('x', "Pending"); 4];
        all.extend(vec![('x', "Done"); 4]);
        let message = "4 rows say otherwise than the boxes of their requirements: `FR-1`, `FR-2`, `FR-3` and `FR-4` +7";
        assert_eq!(found(&document(&all)), [message]);
    }

    #[test]
    fn what_says_the_same_or_something_else_is_not_told() {
        assert_eq!(found(&document(&[('x', "Complete"), (' ', "Pending")])), [""; 0]);
        for status in ["In progress", "Planned", "Complete the rest", "50% done", "", "Deferred"] {
            assert_eq!(
                found(&document(&[('x', status), (' ', status), ('x', "Done"), (' ', "Pending")])),
                [""; 0],
                "{status}"
            );
        }
        assert_eq!(
            found(&document(&[('x', "Pending"), ('x', "Pending"), ('x', "Done")])),
            [""; 0],
            "boxes say something else"
        );
        assert_eq!(found(&document(&[('-', "Pending"), ('x', "Done")])), [""; 0]);
        let twice = format!("{}\n## Later\n\n- [ ] **FR-1**: It sinks\n", document(&[('x', "Pending"), ('x', "Done")]));
        assert_eq!(found(&twice), [""; 0], "two boxes");
        let several = document(&[('x', "Pending"), ('x', "Done")]).replace("| FR-1 |", "| FR-1, FR-3 |");
        assert_eq!(found(&several), [""; 0]);
    }
}
