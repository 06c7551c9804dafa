//! `reused-requirement`: an id is given to a requirement that was another's before.

use super::former_name::said_in;
use super::repeated::alike;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::facts::{Definition, Facts, Holds};
use crate::id::Id;
use crate::query::{Defined, definitions_of, states, successors_of};
use crate::settings::Level;
use crate::words::words;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "reused-requirement",
    level: Some(Level::Warning),
    what: "A requirement is defined with an id that another had: one that was given up, or that is called otherwise now.",
    why: "Whoever has the old id in a commit, a test, a ticket or in mind reads something else in it from then on, and nobody \
          notices. An id that was given up stays where it is, marked as [withdrawn](withdrawn-requirement.md); one that was renamed is [what its \
          requirement was called](former-name.md). New wording beside the old one, which is struck through, is no other \
          requirement, and neither is one that says nearly the same, nor what another file of the feature says of it.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-7** (formerly FR-2): The system SHALL lock the account.\n- **FR-2**: The system SHALL send a letter.\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-7** (formerly FR-2): The system SHALL lock the account.\n- **FR-8**: The system SHALL send a letter.\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some(index) = check.lookup.own().filter(|_| !check.template) else { return };
    let mut given_up = FxHashSet::default();
    for (_, facts) in check.view.parts_with(Holds::DEFINITIONS) {
        let withdrawn = facts.definitions.iter().filter(|it| it.withdrawn);
        given_up.extend(withdrawn.map(|it| facts.id(it.id)));
    }
    if given_up.is_empty() && !index.tells_former_names() {
        return;
    }
    for (base, facts) in check.view.parts_with(Holds::DEFINITIONS) {
        for definition in facts.definitions.iter().filter(|it| !it.withdrawn && states(it)) {
            let id = facts.id(definition.id);
            let own = index.definers_of(id).into_iter().find(|(path, _)| *path == check.view.path);
            if own.is_none_or(|(_, used)| used.defined != Some(definition.form.rank())) {
                continue;
            }
            // In another file than what has its place, it stands there from before.
            let beside =
                |now: &&Id| *now != id && index.definers_of(now).iter().any(|(path, _)| *path == check.view.path);
            let now = index.says_it_was(id).iter().filter(beside);
            let now: Vec<String> = now.map(|now| format!("`{now}`")).collect();
            let finding = if now.is_empty() {
                if given_up.contains(id) { given_up_before(check, facts, base, definition) } else { None }
            } else {
                let message = format!("`{id}` is what {} was called before", now.join(" and "));
                let mut finding = Finding::new(&RULE, definition.place.shifted(base), message);
                finding.related = said_in(check, check.view.scope, id);
                Some(finding)
            };
            out.extend(finding.map(|mut finding| {
                finding.help = Some("give it a number that no requirement has had".into());
                finding
            }));
        }
    }
}

/// The finding that `definition` has the id of a requirement that was given up and says something else.
fn given_up_before(check: &Check<'_>, facts: &Facts, base: u32, definition: &Definition) -> Option<Finding> {
    let id = facts.id(definition.id);
    let title = facts.text(definition.title);
    let all = definitions_of(check.snapshot, check.view.scope, id);
    let replaced = || successors_of(check.snapshot, check.view.scope, id).iter().any(|by| by != id);
    let old = all.iter().filter(|other| other.view.path == check.view.path).find(|other| {
        let (gone, theirs) = (other.definition.withdrawn, other.title());
        let beside = || is_beside(check, other, base, definition);
        gone && !theirs.is_empty() && !title.is_empty() && !is_reworded(theirs, title) && (replaced() || !beside())
    })?;
    let message = format!("`{id}` was another requirement's id, which is withdrawn");
    let mut finding = Finding::new(&RULE, definition.place.shifted(base), message);
    finding.related = vec![(old.place(), format!("`{id}` is withdrawn here"))];
    Some(finding)
}

/// Whether one title says what the other does in other words: most of the shorter one's are the other's.
fn is_reworded(one: &str, other: &str) -> bool {
    let (own, theirs) = (words(one), words(other));
    alike(one, other) || own.intersection(&theirs).count() * 2 > own.len().min(theirs.len())
}

/// Whether `definition` is the new wording beside the old one of the same file: nothing else is defined between the two.
fn is_beside(check: &Check<'_>, old: &Defined<'_>, base: u32, definition: &Definition) -> bool {
    let (one, other) = (old.place().span.start, definition.place.start + base);
    let (from, to) = (one.min(other), one.max(other));
    let own: &Id = old.facts.id(old.definition.id);
    let between = |(base, facts): (u32, &Facts)| {
        facts.definitions.iter().any(|it| {
            let at = it.place.start + base;
            from < at && at < to && facts.id(it.id) != own && !facts.id(it.id).is_below(own)
        })
    };
    !check.view.parts_with(Holds::DEFINITIONS).any(between)
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn told(spec: &str) -> Vec<String> {
        let world = world(&format!("//- a/spec.md\n# S\n\n{spec}\n"));
        let found = check(&world.snapshot(), &FilePath::new("/w/a/spec.md")).into_iter();
        found.map(|it| format!("{}: {}", it.rule.name, it.message)).collect()
    }

    #[test]
    fn an_id_that_was_given_up_is_not_given_to_another() {
        let said = ["reused-requirement: `FR-2` was another requirement's id, which is withdrawn"];
        for spec in [
            "- ~~**FR-2**: The system SHALL ask for a PIN.~~ Superseded by FR-3.\n- **FR-2**: Letters SHALL be sent by post.\n- **FR-3**: The system SHALL ask for a passkey.",
            "- ~~**FR-2**: The system SHALL ask for a PIN.~~\n- **FR-3**: The system SHALL ask for a passkey.\n- **FR-2**: Letters SHALL be sent by post.",
            "- **FR-2**: Letters SHALL be sent by post.\n- **FR-3**: The system SHALL ask for a passkey.\n\n## Withdrawn Requirements\n\n- **FR-2**: The system SHALL ask for a PIN.",
        ] {
            assert_eq!(told(spec), said, "{spec}");
        }
    }

    #[test]
    fn new_wording_and_what_is_told_again_are_no_other_requirement() {
        for spec in [
            "- ~~**FR-2**: The system SHALL ask for a PIN.~~\n- **FR-2**: Letters SHALL be sent by post.",
            "- ~~**FR-2**: The system SHALL ask for a PIN.~~\n- **FR-3**: Text\n- **FR-2**: The system SHALL ask for a long PIN.",
            "- **FR-2**: One\n- ~~**FR-3**: Two~~",
        ] {
            assert_eq!(told(spec), [""; 0], "{spec}");
        }
    }

    #[test]
    fn what_a_requirement_was_called_is_not_given_to_another() {
        let said = ["reused-requirement: `FR-2` is what `FR-7` was called before"];
        assert_eq!(told("- **FR-7** (formerly FR-2): One\n- **FR-2**: Two"), said);
        assert_eq!(told("- **FR-7** (formerly FR-2): One\n- **FR-8**: Two"), [""; 0]);
        let swapped = told("- **FR-1** (formerly FR-2): One\n- **FR-2** (formerly FR-1): Two");
        assert_eq!(swapped.len(), 2, "{swapped:?}");
    }
}
