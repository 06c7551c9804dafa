//! `missing-section`: sections of the template are not there.

use super::repeated::quoted;
use super::{Check, Checker, Finding, Part, Rule, stray_delta_header};
use crate::dialect::Role;
use crate::facts::{Definition, Form};
use crate::outline::{Heading, Mend, Problem};
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "missing-section",
    level: Some(Level::Warning),
    what: "A section that the template asks for is not there.",
    why: "Speaks only of a document that plainly follows the template of its kind: it has two in five of the sections that the \
          template asks for, three in all, and three in four of its own are the template's; or the team says so, by a template \
          of its own under `[templates]` in `traceline.toml`. Whoever keeps fewer has a lean form of their own. Of a section that \
          has less than half of the template's subsections none is asked for, and an optional one never; one \
          that nearly every such document has is a remark where it alone of those is not there. A title that means the \
          same will do (`Unit Tests` for `Unit Testing`), in nine languages. Several are one finding, at the title. Without the template's title the \
          finding is an information. A specification of OpenSpec's that states requirements and has none of its sections is told as well: \
          `openspec` reads nothing there.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Error Handling\n\nA locked account is told so.\n\n## Testing Strategy\n\nBy hand.\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n\n## Error Handling\n\nA locked account is told so.\n\n## Testing Strategy\n\nBy hand.\n",
    fix: "Inserts what is missing in its place, with the hints of the template; of several sections each can be inserted alone.",
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else {
        out.extend(unread_base(check));
        return;
    };
    if !outline.plain {
        return;
    }
    let first = outline.headings.first().map_or(Span::at(0), Heading::head);
    let home = outline.title.unwrap_or(first);
    for problem in problems {
        let Problem::Missing { title, span, relation, anchor, plain: true, usual, mend } = problem else { continue };
        let mut finding = Finding::new(&RULE, *span, format!("the section `{title}` is missing"));
        if !outline.titled || *usual {
            finding.level = Level::Information;
        }
        finding.help = Some(match anchor {
            Some(anchor) => format!("the template has it {relation} `{anchor}`"),
            None => "the template asks for it below the title".to_string(),
        });
        finding.mend = Some((format!("Insert the section `{title}`"), mend.clone()));
        finding.part = Some(Part { home, name: title.clone() });
        out.push(finding);
    }
}

/// The finding that a specification states requirements by their names, and has none of the sections in which the tool looks
/// for them.
fn unread_base(check: &Check<'_>) -> Option<Finding> {
    let schema = check.schema.filter(|_| check.view.role == Role::Spec && !check.template)?;
    let (layout, dialect) = (check.snapshot.layout(), check.snapshot.dialect());
    if check.dialect.table.definitions.changes.is_empty() || !layout.is_base(check.view.scope, dialect) {
        return None;
    }
    let sections = || check.view.parts().flat_map(|(_, facts)| &facts.sections);
    let absent = |slot: &usize| {
        let known = |key: &u32| schema.keys.get(key).is_some_and(|slots| slots.contains(slot));
        !sections().any(|section| known(&section.key))
    };
    let wanted: Vec<usize> = (0..schema.slots.len())
        .filter(|at| schema.slots[*at].depth == 1 && !schema.slots[*at].options.optional)
        .collect();
    // A heading of changes that stands there is the cause, and told.
    if wanted.len() < 2 || !wanted.iter().all(absent) || !stray_delta_header::deltas(check).is_empty() {
        return None;
    }
    let named = |it: &&Definition| it.form == Form::Name;
    let first = check.view.parts().find_map(|(base, facts)| {
        facts.definitions.iter().find(named).map(|definition| definition.place.shifted(base))
    })?;
    let names: Vec<String> = wanted.iter().map(|at| schema.slots[*at].heading.numbered(1)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let message = format!("{} sections are missing: {}, and no requirement is read", names.len(), quoted(&names));
    let mut finding = Finding::new(&RULE, first, message);
    finding.help =
        Some("put the requirements below `## Requirements`, and say above them what the capability is for".into());
    Some(finding)
}

/// Makes one finding of those of sections that no comment allows to be missing: who left out several did so once.
pub(super) fn join(check: &Check<'_>, out: &mut Vec<Finding>) {
    if out.iter().filter(|finding| finding.rule == &RULE).count() < 2 {
        return;
    }
    let mut parts: Vec<Finding> = out.extract_if(.., |finding| finding.rule == &RULE).collect();
    parts.sort_by_key(|part| part.mend.as_ref().map(|(_, mend)| mend.order()));
    let names: Vec<&str> = parts.iter().filter_map(|it| Some(it.part.as_ref()?.name.as_str())).collect();
    let home = parts.iter().find_map(|it| Some(it.part.as_ref()?.home)).unwrap_or_default();
    let message = format!("{} sections are missing: {}", parts.len(), quoted(&names));
    let mut finding = Finding::new(&RULE, home, message);
    finding.level = parts.iter().map(|it| it.level).max().unwrap_or(finding.level);
    for (part, name) in parts.iter().zip(&names) {
        let place = Place { path: check.view.path.clone(), span: part.span };
        finding.related.push((place, format!("`{name}`: {}", part.help.as_deref().unwrap_or_default())));
    }
    finding.told = names.iter().map(ToString::to_string).collect();
    finding.mends = parts.iter().filter_map(|it| it.mend.clone()).collect();
    let all = finding.mends.iter().map(|(_, mend)| mend.clone()).collect();
    finding.mend = Some((format!("Insert the {} missing sections", parts.len()), Mend::All(all)));
    out.push(finding);
}
