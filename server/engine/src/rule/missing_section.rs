//! `missing-section`: sections of the template are not there.

use super::doubt::is_archived;
use super::repeated::quoted;
use super::{Check, Checker, Finding, Part, Remedy, Rule, not_as_heading, stray_delta_header};
use crate::dialect::Role;
use crate::facts::{Definition, Form as Written, fold_title, title_key};
use crate::outline::{Asked, Form, Heading, Mend, Outline, Problem, problems};
use crate::query::Place;
use crate::settings::Level;
use crate::template::{Schema, Slot};
use crate::text::Span;
use rustc_hash::FxHashSet;

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
          `openspec` reads nothing there; one that lacks a single one of them is information. A template that the workspace keeps where its tool has it (`.specify/templates`, \
          `.spec-workflow/user-templates`, `docs/templates`; `[forms]` of the dialect) is compared with as well, if the team names none: of a document \
          that plainly follows it, a section at the top that the template calls mandatory is asked for, or one that at least two and two in three of the other documents have \
          which are filled in and follow it, as they are on disk; never one that the template leaves to the document (*optional*, *if applicable*), \
          that holds nothing to be written, that a heading in other words may be, or of a list of tasks. That is information, and nothing is told twice.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Error Handling\n\nA locked account is told so.\n\n## Testing Strategy\n\nBy hand.\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n\n## Error Handling\n\nA locked account is told so.\n\n## Testing Strategy\n\nBy hand.\n",
    fix: Remedy::Suggested(
        "Inserts what is missing in its place, with the hints of the template; of several sections each can be inserted alone.",
    ),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let form = check.form.and_then(|form| Some((form, form.outline_of(&check.view)?)));
    let before = out.len();
    match check.sections() {
        Some((outline, problems)) if outline.plain => of_template(outline, problems, form.as_ref().map(|it| it.0), out),
        Some(_) => {}
        None => out.extend(unread_base(check)),
    }
    // A template may have grown since.
    if let Some((form, outline)) = form.filter(|_| !is_archived(check)) {
        let told = out[before..].iter().filter_map(|it| Some(title_key(&it.part.as_ref()?.name))).collect();
        out.extend(of_form(check, form, &outline, &told));
    }
}

/// A finding for each section that the document's template asks for.
fn of_template(outline: &Outline<'_>, problems: &[Problem], form: Option<Form<'_>>, out: &mut Vec<Finding>) {
    let home = home_of(outline);
    for problem in problems {
        let Problem::Missing { title, span, relation, anchor, plain: true, usual, mend } = problem else { continue };
        if form.is_some_and(|form| leaves_out(form.schema, title)) {
            continue;
        }
        let mut finding = Finding::new(&RULE, *span, format!("the section `{title}` is missing"));
        if !outline.titled || *usual {
            finding.level = Level::Information;
        }
        finding.help = Some(match anchor {
            Some(anchor) => format!("the template has it {relation} `{anchor}`").into(),
            None => "the template asks for it below the title".into(),
        });
        finding.mend = Some((format!("Insert the section `{title}`"), mend.clone()));
        finding.part = Some(Part { home, name: title.clone() });
        out.push(finding);
    }
}

/// Where what is missing in several places is told.
fn home_of(outline: &Outline<'_>) -> Span {
    outline.title.unwrap_or_else(|| outline.headings.first().map_or(Span::at(0), Heading::head))
}

/// Whether the workspace's own template leaves it to a document whether it has the section `title`.
fn leaves_out(form: &Schema, title: &str) -> bool {
    let known = form.keys.get(&title_key(title)).into_iter().flatten();
    let mut known = known.map(|slot| &form.slots[*slot].options).peekable();
    known.peek().is_some() && known.all(|options| options.optional)
}

/// The finding that sections are missing that the template asks for which the workspace keeps; those of `told` are told.
fn of_form(check: &Check<'_>, form: Form<'_>, outline: &Outline<'_>, told: &FxHashSet<u32>) -> Option<Finding> {
    let mut all = Vec::new();
    let mut problems = problems(outline);
    not_as_heading::retain(&check.view, form.schema, &mut problems);
    for problem in problems {
        let Problem::Missing { span, relation, anchor, plain: true, mend: mend @ Mend::Insert { .. }, .. } = &problem
        else {
            continue;
        };
        let slot = &form.schema.slots[mend.order().0];
        if slot.heading.pattern.key.is_some_and(|key| told.contains(&key)) || is_there_in_other_words(outline, slot) {
            continue;
        }
        let Some(asked) = form.asks(check.snapshot, &check.view, mend.order().0) else { continue };
        let why = match asked {
            Asked::Mandatory => "the template says that no document may leave it out".to_string(),
            Asked::Usual(have, all) => format!("{have} of {all} other documents that follow the template have it"),
        };
        let place = anchor.as_ref().map_or(String::new(), |anchor| format!(", {relation} `{anchor}`"));
        all.push((title_of(slot), *span, format!("{why}{place}"), mend.clone()));
    }
    let (first, rest) = all.split_first()?;
    let path = check.snapshot.display_path(form.path);
    let names: Vec<&str> = all.iter().map(|(title, ..)| title.as_str()).collect();
    let mut finding = if rest.is_empty() {
        let mut finding = Finding::new(&RULE, first.1, format!("the section `{}` of `{path}` is missing", first.0));
        finding.help = Some(first.2.clone().into());
        finding.mend = Some((format!("Insert the section `{}`", first.0), first.3.clone()));
        finding
    } else {
        let message = format!("{} sections of `{path}` are missing: {}", all.len(), quoted(&names));
        let mut finding = Finding::new(&RULE, home_of(outline), message);
        let place = |span: Span| Place { path: check.view.path.clone(), span };
        finding.related.extend(all.iter().map(|(title, span, why, _)| (place(*span), format!("`{title}`: {why}"))));
        let insert = |(title, _, _, mend): &(String, Span, String, Mend)| {
            (format!("Insert the section `{title}`"), mend.clone())
        };
        finding.mends = all.iter().map(insert).collect();
        let mends = all.iter().map(|(.., mend)| mend.clone()).collect();
        finding.mend = Some((format!("Insert the {} missing sections", all.len()), Mend::All(mends)));
        finding
    };
    finding.told = names.iter().map(ToString::to_string).collect();
    (finding.level, finding.by_form) = (Level::Information, true);
    Some(finding)
}

/// Whether a heading that the template does not know shares half of the telling words of a section's title: it may be that one.
fn is_there_in_other_words(outline: &Outline<'_>, slot: &Slot) -> bool {
    /// In letters; shorter words say little.
    const TELLING: usize = 5;
    let words = |title: &str| -> FxHashSet<String> {
        let folded = fold_title(title);
        folded.split(' ').filter(|word| word.chars().count() >= TELLING).map(String::from).collect()
    };
    let wanted = words(&slot.heading.shown());
    let unknown = outline.headings.iter().filter(|heading| heading.slot.is_none() && heading.depth == slot.depth);
    let shared = |heading: &Heading<'_>| words(heading.title()).intersection(&wanted).count();
    !wanted.is_empty() && unknown.map(shared).any(|shared| 2 * shared >= wanted.len())
}

/// The section's title without what the template says of it: *(mandatory)*.
fn title_of(slot: &Slot) -> String {
    let shown = slot.heading.shown();
    let bare = shown.split(['(', '（']).next().unwrap_or_default().trim_end_matches(['*', '_', ' ']);
    if bare.is_empty() { shown } else { bare.to_string() }
}

/// The finding that a main specification states requirements by their names, and lacks a section without which the tool reads
/// nothing there.
fn unread_base(check: &Check<'_>) -> Option<Finding> {
    let schema = check.schema.filter(|_| check.view.role == Role::Spec && !check.template)?;
    let (layout, dialect) = (check.snapshot.layout(), check.snapshot.dialect());
    if check.dialect.table.definitions.changes.is_empty() || !layout.is_base(check.view.scope, dialect) {
        return None;
    }
    let sections = || check.view.parts().flat_map(|(_, facts)| &facts.sections);
    let is_absent = |slot: &usize| {
        let known = |key: &u32| schema.keys.get(key).is_some_and(|slots| slots.contains(slot));
        !sections().any(|section| known(&section.key))
    };
    let is_wanted = |at: &usize| schema.slots[*at].depth == 1 && !schema.slots[*at].options.optional;
    let (absent, there): (Vec<usize>, Vec<usize>) =
        (0..schema.slots.len()).filter(is_wanted).partition(|slot| is_absent(slot));
    // A heading of changes that stands there is the cause, and told.
    if absent.is_empty() || !stray_delta_header::deltas(check).is_empty() {
        return None;
    }
    let named = |it: &&Definition| it.form == Written::Name;
    let first = check.view.parts().find_map(|(base, facts)| {
        facts.definitions.iter().find(named).map(|definition| definition.place.shifted(base))
    })?;
    let names: Vec<String> = absent.iter().map(|at| schema.slots[*at].heading.numbered(1)).collect();
    if let ([_, ..], [name, ..]) = (&there[..], &names[..]) {
        let head = check.view.first_heading().unwrap_or(first);
        let mut finding = Finding::new(&RULE, head, format!("the section `{name}` is missing"));
        finding.level = Level::Information;
        finding.help = Some("`openspec` refuses a main specification without it".into());
        return Some(finding);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let message = format!("{} sections are missing: {}{UNREAD}", names.len(), quoted(&names));
    let mut finding = Finding::new(&RULE, first, message);
    finding.help =
        Some("put the requirements below `## Requirements`, and say above them what the capability is for".into());
    Some(finding)
}

/// What is said where nothing of a document is read.
const UNREAD: &str = ", and no requirement is read";

/// Whether a finding says that nothing of its document is read.
pub(super) fn says_unread(finding: &Finding) -> bool {
    finding.rule == &RULE && finding.message.ends_with(UNREAD)
}

/// Makes one finding of those of sections that no comment allows to be missing: who left out several did so once.
pub(super) fn join(check: &Check<'_>, out: &mut Vec<Finding>) {
    let one = |finding: &Finding| finding.rule == &RULE && finding.part.is_some();
    if out.iter().filter(|finding| one(finding)).count() < 2 {
        return;
    }
    let mut parts: Vec<Finding> = out.extract_if(.., |finding| one(finding)).collect();
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

#[cfg(test)]
mod tests {
    use crate::fixture::{files, put, world};
    use crate::path::FilePath;
    use crate::rule::{check, complete};
    use crate::settings::Settings;
    use std::sync::Arc;

    const FORM: &str = ".spec-workflow/templates/design-template.md";
    const TEMPLATE: &str = "# Design\n\n## Overview\n\n[What is built]\n\n## Steering\n\n[How it keeps the rules]\n\n## Architecture\n\n[How the parts meet]\n\n## Metrics\n\n[What is counted]\n\n## Cost\n\nOnly if it costs anything.\n\n[How much]\n";

    /// A document with these sections.
    fn document(sections: &[&str]) -> String {
        let sections = sections.iter().map(|title| format!("\n## {title}\n\nIt is said here.\n"));
        format!("# Design\n{}", sections.collect::<String>())
    }

    const WHOLE: [&str; 5] = ["Overview", "Steering", "Architecture", "Metrics", "Cost"];

    /// A workspace with this template, `others` documents that follow all of it and one with these sections.
    fn fixture(template: &str, others: usize, sections: &[&str]) -> String {
        let mut all = format!("//- {FORM}\n{template}");
        for at in 0..others {
            all += &format!("//- .spec-workflow/specs/other-{at}/design.md\n{}", document(&WHOLE));
        }
        all + &format!("//- .spec-workflow/specs/lamp/design.md\n{}", document(sections))
    }

    fn lamp() -> FilePath {
        FilePath::new("/w/.spec-workflow/specs/lamp/design.md")
    }

    /// What is said of missing sections of the lamp's document.
    fn told(fixture: &str) -> Vec<String> {
        told_in(&world(fixture))
    }

    fn told_in(world: &crate::world::World) -> Vec<String> {
        let all = check(&world.snapshot(), &lamp()).into_iter().filter(|it| it.rule == &super::RULE);
        all.map(|it| format!("{} {}", it.level.as_str(), it.message)).collect()
    }

    #[test]
    fn a_section_of_the_workspaces_template_is_asked_for_where_others_have_it() {
        let lacking = ["Overview", "Architecture", "Metrics"];
        let one = format!("information the section `Steering` of `{FORM}` is missing");
        assert_eq!(told(&fixture(TEMPLATE, 2, &lacking)), [one]);
        assert_eq!(told(&fixture(TEMPLATE, 1, &lacking)), [""; 0], "one other is no practice");
        assert_eq!(told(&fixture(TEMPLATE, 2, &WHOLE[..4])), [""; 0], "that one is left to the document");
        assert_eq!(told(&fixture(TEMPLATE, 2, &["Overview", "Plan", "Steps", "Owner"])), [""; 0], "a form of its own");
        let other = ["Overview", "Architecture", "Metrics", "Steering of the boat"];
        assert_eq!(told(&fixture(TEMPLATE, 2, &other)), [""; 0], "it is there in other words");
        let more = TEMPLATE.to_string() + "\n## Rollout\n\n[When]\n";
        assert_eq!(told(&fixture(&more, 2, &WHOLE)), [""; 0], "none of the others has it");
        let two = format!("information 2 sections of `{FORM}` are missing: `Architecture` and `Metrics`");
        let told = told(&fixture(
            &TEMPLATE.replace("## Overview", "## Aim\n\n[Why]\n\n## Overview"),
            3,
            &["Aim", "Overview", "Steering"],
        ));
        assert_eq!(told, [two]);
    }

    #[test]
    fn a_mandatory_section_needs_no_other_document() {
        let marked = TEMPLATE.replace("## Steering", "## Steering *(mandatory)*");
        let lacking = ["Overview", "Architecture", "Metrics"];
        let one = format!("information the section `Steering` of `{FORM}` is missing");
        assert_eq!(told(&fixture(&marked, 0, &lacking)), [one]);
        let fixed = TEMPLATE.replace("[How it keeps the rules]", "Always the same.");
        assert_eq!(told(&fixture(&fixed, 3, &lacking)), [""; 0], "nothing is to be written there");
    }

    #[test]
    fn others_that_are_still_to_be_filled_in_do_not_count() {
        let mut world = world(&fixture(TEMPLATE, 2, &["Overview", "Architecture", "Metrics"]));
        assert_eq!(told_in(&world).len(), 1);
        let begun = document(&WHOLE).replace("It is said here.", "[What is built]");
        put(&mut world, &FilePath::new("/w/.spec-workflow/specs/other-0/design.md"), &begun);
        assert_eq!(told_in(&world), [""; 0]);
    }

    #[test]
    fn what_the_built_in_template_tells_is_told_once() {
        let kiro = "# Design Document\n\n## Overview\n\n[a b]\n\n## Architecture\n\n[a c]\n\n## Error Handling\n\n[a d]\n\n## Testing Strategy\n\n[a e]\n";
        let all = |template: &str, own: &str| {
            let mut all = format!("//- {FORM}\n{template}");
            let whole = "# Design Document\n\n## Overview\n\nx\n\n## Architecture\n\nx\n\n## Error Handling\n\nx\n\n## Testing Strategy\n\nx\n";
            for at in 0..3 {
                all += &format!("//- .spec-workflow/specs/other-{at}/design.md\n{whole}");
            }
            told(&(all + &format!("//- .spec-workflow/specs/lamp/design.md\n{}", whole.replace(own, ""))))
        };
        let lacking = "## Architecture\n\nx\n\n";
        assert_eq!(all(kiro, lacking), ["warning the section `Architecture` is missing"]);
        assert_eq!(all("# Other\n", lacking), ["warning the section `Architecture` is missing"]);
        let left = kiro.replace("## Architecture", "## Architecture (if applicable)");
        assert_eq!(all(&left, lacking), [""; 0], "the workspace's own leaves it to the document");
    }

    #[test]
    fn a_template_that_a_team_chose_is_the_only_one() {
        let mut world = world(&fixture(TEMPLATE, 2, &["Overview", "Architecture", "Metrics"]));
        let (own, _) = crate::template::read("# Design\n\n## Overview\n", &crate::dialect::Dialect::home());
        let templates = [(crate::dialect::Role::Plan, Arc::new(own))].into();
        world.set_settings(Settings { templates, ..Settings::default() });
        assert_eq!(told_in(&world), [""; 0]);
    }

    #[test]
    fn another_template_changes_what_is_told() {
        let mut world = world(&fixture(TEMPLATE, 2, &["Overview", "Architecture", "Metrics"]));
        let scope = world.snapshot().scope_of(&lamp()).unwrap().clone();
        assert_eq!(told_in(&world).len(), 1);
        world.take_changed();
        let form = FilePath::new(&format!("/w/{FORM}"));
        world.open(&form, 1, &TEMPLATE.replace("## Steering", "## Steering (optional)"));
        assert_eq!(told_in(&world), [""; 0], "what an editor shows counts");
        assert!(world.take_changed().contains(&scope));
        let all = crate::document::Change { range: None, text: TEMPLATE.into() };
        world.change(&form, 2, &[all], crate::text::Encoding::Utf16);
        world.settle();
        assert_eq!(told_in(&world).len(), 1);
        assert!(world.take_changed().contains(&scope));
        world.close(&form);
        world.remove(&form);
        assert_eq!(told_in(&world), [""; 0]);
        assert!(world.take_changed().contains(&scope));
    }

    #[test]
    fn a_document_that_is_typed_in_reads_no_other() {
        let mut world = world(&fixture(TEMPLATE, 3, &["Overview", "Architecture", "Metrics"]));
        world.open(&lamp(), 1, &document(&["Overview", "Architecture", "Metrics"]));
        assert_eq!(told_in(&world).len(), 1);
        world.take_changed();
        let (before, start) = (world.work(), crate::text::Position { line: 4, column: 0 });
        let range = Some(crate::text::Range { start, end: start });
        let typed = crate::document::Change { range, text: "x".into() };
        world.change(&lamp(), 2, &[typed], crate::text::Encoding::Utf16);
        world.settle();
        assert_eq!(told_in(&world).len(), 1);
        assert_eq!((world.work().segments - before.segments, world.take_changed().len()), (1, 0));
    }

    #[test]
    fn the_fix_inserts_the_section_of_that_template() {
        let fixture = fixture(TEMPLATE, 2, &["Overview", "Architecture", "Metrics"]);
        let snapshot = world(&fixture).snapshot();
        let mut all = check(&snapshot, &lamp());
        let text = files(&fixture).into_iter().find(|(path, _)| *path == lamp()).map(|(_, text)| text);
        complete(&snapshot, &lamp(), &mut all, || text.clone());
        let fix = all.iter().find_map(|it| it.fix.as_ref()).expect("it can be put in");
        let fixed = fix.applied_to(text.as_deref().unwrap_or_default());
        assert!(fixed.contains("\n\n## Steering\n\n[How it keeps the rules]\n\n## Architecture\n"), "{fixed}");
    }
}
