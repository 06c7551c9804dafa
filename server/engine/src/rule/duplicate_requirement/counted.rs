//! Criteria that are counted twice within one requirement: their numbers go back, or a second list begins anew.

use super::super::repeated::{MOST_PLACES, listed, times};
use super::super::{Check, Finding};
use super::RULE;
use crate::facts::{Form, Holds};
use crate::id::Id;
use crate::query::Place;
use crate::settings::Level;
use crate::text::{Encoding, Span};
use rustc_hash::FxHashMap;

/// The numbers that were counted below one heading of a requirement.
#[derive(Default)]
struct Run<'a> {
    /// Each number's first place and title, and how many were counted before it.
    first: FxHashMap<&'a Id, (Span, &'a str, usize)>,
    count: usize,
    /// What was counted again: the number, its first place, its second and what that means.
    again: Vec<Again<'a>>,
}

struct Again<'a> {
    id: &'a Id,
    first: Span,
    second: Span,
    /// The list begins anew with its first number.
    anew: bool,
    /// It stands under a heading of its own.
    beside: bool,
    /// It says what the first one says.
    told: bool,
}

/// Finds requirements whose criteria are counted twice, one finding for each.
pub(super) fn check(check: &Check<'_>, found: &mut Vec<(String, Finding)>) {
    let mut runs: FxHashMap<Id, Run<'_>> = FxHashMap::default();
    let mut done = Vec::new();
    for (base, facts) in check.view.parts_with(Holds::DEFINITIONS) {
        let counted = |at: usize| facts.definitions.get(at).filter(|it| it.form == Form::Counted);
        for (at, definition) in facts.definitions.iter().enumerate() {
            let id = facts.id(definition.id);
            if matches!(definition.form, Form::Heading | Form::Numbered) {
                done.extend(runs.remove_entry(id));
                continue;
            }
            let beside = definition.form == Form::Rendered;
            // A number that is written otherwise than it is rendered stands there twice.
            let same_place = |other: usize| counted(other).is_some_and(|it| it.place == definition.place);
            let own = at.checked_sub(1).is_some_and(same_place) || same_place(at + 1);
            if definition.withdrawn || !(definition.form == Form::Counted || beside && !own) {
                continue;
            }
            let Some(parent) = id.parent() else { continue };
            let run = runs.entry(parent).or_default();
            let (span, title) = (definition.place.shifted(base), facts.text(definition.title));
            let Some((first, earlier, before)) = run.first.get(id).copied() else {
                // Of another section only what repeats is looked at.
                if !beside {
                    run.first.insert(id, (span, title, run.count));
                    run.count += 1;
                }
                continue;
            };
            // `1. 1. 2.` is rendered as 1, 2, 3.
            let doubled =
                before + 1 == run.count && facts.definitions.get(at + 1).is_some_and(|it| it.place == definition.place);
            let anew = beside
                || !doubled
                    && (before == 0
                        || id.numbers().last() == Some(1)
                        || run.again.last().is_some_and(|last| last.anew));
            run.again.push(Again { id, first, second: span, anew, beside, told: earlier == title });
        }
    }
    done.extend(runs);
    let mut all: Vec<(Id, Vec<Again<'_>>)> = done.into_iter().map(|(id, run)| (id, run.again)).collect();
    all.retain(|(_, again)| !again.is_empty());
    all.sort_by_key(|(_, again)| again[0].second);
    for (id, again) in all {
        // What stands below a heading that is there twice follows from that.
        if found.iter().any(|(name, _)| *name == id.as_str()) {
            continue;
        }
        if let Some(finding) = describe(check, &id, again) {
            found.push((id.to_string(), finding));
        }
    }
}

fn describe(check: &Check<'_>, parent: &Id, mut again: Vec<Again<'_>>) -> Option<Finding> {
    let column = |span: Span| check.view.position(span.start, Encoding::Utf8).column;
    // A part of a criterion may be counted anew, and a list may be told again. Where written children say which they are, no
    // item is counted.
    let counts = |id: &Id| {
        let names = check.lookup.own().and_then(|index| index.names_of(check.view.path));
        names.is_some_and(|names| names.defines(id))
    };
    again.retain(|it| column(it.first) == column(it.second) && counts(it.id));
    let told = again.iter().filter(|it| it.told).count();
    let slip = again.iter().find(|it| !it.anew);
    let at = slip.or(again.first()).filter(|_| told * 2 < again.len())?;
    let mut names: Vec<&str> = Vec::new();
    for it in again.iter().filter(|it| !(slip.is_some() && it.anew)) {
        if !names.contains(&it.id.as_str()) {
            names.push(it.id.as_str());
        }
    }
    // A list of one may be an aside.
    if slip.is_none() && names.len() < 2 {
        return None;
    }
    let message = match &names[..] {
        [one] => {
            let uses = again.iter().filter(|it| it.id.as_str() == *one).count();
            format!("`{one}` is defined {}", times(uses + 1))
        }
        _ if slip.is_some() => format!("the numbers of `{parent}` go back: {} are defined again", listed(&names)),
        _ => format!("criteria of `{parent}` are numbered anew: {} are defined again", listed(&names)),
    };
    let mut finding = Finding::new(&RULE, at.second, message);
    finding.level = match slip {
        Some(_) => Level::Warning,
        None if again.iter().any(|it| it.beside) => Level::Information,
        // Under labels of their own authors often mean what they write.
        None => Level::Hint,
    };
    finding.help = Some("number them on, so that each trace means one".into());
    let place = |span| Place { path: check.view.path.clone(), span };
    for it in again.iter().filter(|it| names.contains(&it.id.as_str())) {
        if finding.related.len() >= MOST_PLACES {
            break;
        }
        let first = (place(it.first), format!("`{}` is first defined here", it.id));
        if !finding.related.contains(&first) {
            finding.related.push(first);
        }
        if it.second != finding.span {
            finding.related.push((place(it.second), format!("`{}` is defined here", it.id)));
        }
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(list: &str) -> Vec<String> {
        let text = format!("# R\n\n### Requirement 3: Parcels\n\n#### Acceptance Criteria\n\n{list}");
        let world = world(&format!("//- a/requirements.md\n{text}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/requirements.md")).into_iter();
        let own = all.filter(|it| it.rule.name == "duplicate-requirement");
        own.map(|it| format!("{} {} +{}", it.level.as_str(), it.message, it.related.len())).collect()
    }

    #[test]
    fn numbers_that_go_back_are_one_finding() {
        let list = "1. Weigh\n2. Label\n3. Route\n4. Ship\n\n**Storage:**\n\n3. Shelve\n4. Count\n5. Sweep\n";
        let message = "the numbers of `3` go back: `3.3` and `3.4` are defined again";
        assert_eq!(found(list), [format!("warning {message} +3")]);
        let joined = "1. Weigh\n2. Label\n3. Route\n2. Shelve\n3. Count\n";
        let message = "the numbers of `3` go back: `3.2` and `3.3` are defined again";
        assert_eq!(found(joined), [format!("warning {message} +3")]);
        assert_eq!(found("1. Weigh\n2. Label\n2. Route\n3. Ship\n"), ["warning `3.2` is defined twice +1"]);
    }

    #[test]
    fn a_second_list_is_a_remark() {
        let message = "criteria of `3` are numbered anew: `3.1` and `3.2` are defined again";
        let label = "1. Weigh\n2. Label\n3. Route\n\n**Storage:**\n\n1. Shelve\n2. Count\n";
        assert_eq!(found(label), [format!("hint {message} +3")]);
        assert_eq!(found(&label.replace("2. Count\n", "")), [""; 0], "an aside");
        let apart =
            "1. Weigh\n2. Label\n3. Route\n\n#### Storage\n\n1. THE depot SHALL shelve\n2. THE depot SHALL count\n";
        assert_eq!(found(apart), [format!("information {message} +3")]);
        assert_eq!(found(&apart.replace("SHALL ", "")), [""; 0], "steps are no criteria");
        assert_eq!(found("1. Weigh\n2. Label\n\n**In short:**\n\n1. Weigh\n2. Label\n"), [""; 0], "told again");
        assert_eq!(found("1. Weigh\n1. Label\n1. Route\n"), [""; 0], "Markdown counts by itself");
    }
}
