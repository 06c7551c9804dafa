//! `empty-section`: a section holds nothing.

use super::repeated::listed;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::Holds;
use crate::outline::Mend;
use crate::outline::Problem;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "empty-section",
    level: Some(Level::Information),
    what: "A section has a heading and nothing else.",
    why: "It promises what is not there. Comments count as nothing, subsections as something. In a document that follows no template it is a hint, where the sections around it are filled: there a heading may say all that there is. Where the document says that the work is done, all of them are one hint.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n\n## Error Handling\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n",
    fix: Remedy::Suggested("Removes the section, or puts the hints of the template in where it asks for the section."),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else { return without_template(check, out) };
    for problem in problems {
        let Problem::Empty { heading, mend } = problem else { continue };
        let heading = &outline.headings[*heading];
        // A heading that is a hint is still to be filled in with all that belongs below it.
        if check.hints_in(heading.facts).iter().any(|hint| heading.section.head.covers(*hint)) {
            continue;
        }
        let title = heading.title();
        let mut finding = Finding::new(&RULE, heading.head(), format!("the section `{title}` is empty"));
        let section = Span { start: heading.start(), end: heading.end };
        finding.mend = Some(match mend {
            Some(mend) => (format!("Fill in `{title}` from the template"), mend.clone()),
            None => (format!("Remove the empty section `{title}`"), Mend::Remove { section }),
        });
        out.push(finding);
    }
}

/// A section without a template, which a longer heading may fill by itself.
struct Bare {
    level: u8,
    /// Its heading, where nothing stands below.
    empty: Option<Span>,
    title: String,
    /// How many sections it has, and how many of them are empty.
    inner: (usize, Vec<(Span, String)>),
}

/// Empty sections where no template tells what belongs there: one among others that are filled.
fn without_template(check: &Check<'_>, out: &mut Vec<Finding>) {
    /// In words; a longer heading is a sentence.
    const LONGEST: usize = 5;
    let judged = matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks);
    if !judged || check.template || !check.view.holds(Holds::EMPTY_SECTIONS) {
        return;
    }
    let done = check.view.role == Role::Tasks && check.view.parts().any(|(_, facts)| facts.finished);
    let mut found: Vec<(Span, String)> = Vec::new();
    let mut open: Vec<Bare> = vec![Bare { level: 0, empty: None, title: String::new(), inner: (0, Vec::new()) }];
    let mut leave = |open: &mut Vec<Bare>, level: u8| {
        while let Some(bare) = open.pop_if(|it| it.level >= level) {
            let (all, empty) = bare.inner;
            // Where more than one of the sections around is bare, headings are what there is to read, unless the work is done.
            if all > 1 && (empty.len() == 1 || done && empty.len() < all) {
                found.extend(empty);
            }
            if let Some(around) = open.last_mut() {
                around.inner.0 += 1;
                around.inner.1.extend(bare.empty.filter(|_| all == 0).map(|span| (span, bare.title)));
            }
        }
    };
    for (base, facts) in check.view.parts() {
        for section in facts.sections.iter().filter(|section| section.top) {
            leave(&mut open, section.level);
            let title = facts.text(section.title);
            // `Status: Done` and `Review 2026-01-02` say it themselves, and a line below the title is a part of it.
            let whole =
                section.filled || title.contains([':', '：']) || title.bytes().filter(u8::is_ascii_digit).count() > 2;
            let below = open.last().is_some_and(|it| it.inner.0 == 0);
            let plain = section.level > 1 && !whole && !below && title.split_whitespace().count() <= LONGEST;
            let says = || {
                facts.definitions.iter().any(|it| section.head.covers(it.place))
                    || facts.tasks.iter().any(|it| section.head.covers(it.head))
                    || facts.references.iter().any(|it| section.head.covers(it.span))
                    || check.hints_in(facts).iter().any(|hint| section.head.covers(*hint))
            };
            let empty = (plain && !says()).then(|| section.head.shifted(base));
            let title = if empty.is_some() { title.to_string() } else { String::new() };
            open.push(Bare { level: section.level, empty, title, inner: (0, Vec::new()) });
        }
    }
    leave(&mut open, 0);
    found.sort_by_key(|(span, _)| *span);
    let mut all = found.iter().map(|(span, title)| {
        let finding = Finding::new(&RULE, *span, format!("the section `{title}` is empty"));
        Finding { level: Level::Hint, ..finding }
    });
    if !done || found.len() < 2 {
        out.extend(all);
        return;
    }
    let Some(mut finding) = all.next() else { return };
    let titles: Vec<&str> = found.iter().map(|(_, title)| title.as_str()).collect();
    finding.message = format!("the work is done, and {} sections are empty: {}", titles.len(), listed(&titles));
    let place = |span| Place { path: check.view.path.clone(), span };
    let others = found.iter().skip(1);
    finding.related.extend(others.map(|(span, title)| (place(*span), format!("`{title}` is empty, too"))));
    drop(all);
    out.push(finding);
}
