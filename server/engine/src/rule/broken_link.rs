//! `broken-link`: a link leads to a path at which nothing is, or to one machine's disk.

use super::doubt::is_archived;
use super::repeated::{MOST_APART, gathered, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Holds, is_on_disk};
use crate::path::FilePath;
use crate::relative_link::{relative, resolved, unescaped};
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashMap;

pub(super) const RULE: Rule = Rule {
    name: "broken-link",
    level: Some(Level::Information),
    what: "A link leads to a path of the workspace at which nothing is, or to one machine's disk.",
    why: "A file was moved or renamed, or a `../` is missing. Whoever follows the link, a person or an agent, comes to nothing. \
          What a site serves counts as there (`x.md` as `x` and `x.html`), and so does what `.gitignore` leaves out, since a tool \
          makes it. Nothing is said of addresses, of paths that begin with `/` or lead out of the workspace, of links with a \
          placeholder in them, or in templates and archives. More than three of a file are one finding.",
    bad: "//- specs/login/spec.md\n# Login\n\n- **FR-1**: Users sign in\n//- specs/login/research.md\n# Research\n\nHashes are compared.\n//- specs/login/plan.md\n# Plan\n\nHashes are chosen as in [research](../research.md) and serve FR-1.\n",
    good: "//- specs/login/spec.md\n# Login\n\n- **FR-1**: Users sign in\n//- specs/login/research.md\n# Research\n\nHashes are compared.\n//- specs/login/plan.md\n# Plan\n\nHashes are chosen as in [research](research.md) and serve FR-1.\n",
    fix: Remedy::Suggested(
        "Leads the link to the only file of the workspace with the name of the one that is missing.",
    ),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || !check.view.holds(Holds::LINKS) || !is_plan(check) || is_archived(check) {
        return;
    }
    // While files are being listed, what is missing may be found, and so may another of its name.
    if !check.snapshot.knows_all() {
        return;
    }
    let (mut missing, mut on_disk) = (Vec::new(), Vec::new());
    let mut known: FxHashMap<&str, Option<FilePath>> = FxHashMap::default();
    for (base, facts) in check.view.parts_with(Holds::LINKS) {
        for link in &facts.links {
            let target = facts.text(link.target);
            let span = link.span.shifted(base);
            if has_placeholder(target) {
                continue;
            }
            if is_on_disk(target) {
                if check.snapshot.looks_at_places() {
                    on_disk.push((target.to_string(), told(check, span, target, None)));
                }
                continue;
            }
            let path = known.entry(target).or_insert_with(|| missing_at(check, target));
            if let Some(path) = path {
                let name = check.snapshot.display_path(path).to_string();
                missing.push((name, told(check, span, target, Some(path))));
            }
        }
    }
    for (found, many) in [
        (&mut missing, "links of this document lead to what is not there"),
        (&mut on_disk, "links of this document lead to one machine's disk"),
    ] {
        placed(found, check.view.path);
        let mut all = gathered(found, |count| format!("{count} {many}"));
        if let [one] = &mut all[..]
            && found.len() > MOST_APART
        {
            join(one, found);
        }
        out.extend(all);
    }
}

/// Whether the document is a plan's, or lies among those of one: an index, say.
fn is_plan(check: &Check<'_>) -> bool {
    let view = &check.view;
    match view.role {
        Role::Template | Role::None => false,
        Role::Other => view.is_ours() || is_among_plans(check),
        _ => true,
    }
}

/// Whether a document of no role lies in the folder of a feature, or indexes folders of such.
fn is_among_plans(check: &Check<'_>) -> bool {
    let (snapshot, path) = (check.snapshot, check.view.path);
    let inside = snapshot.display_path(path);
    // What stands at the top of a workspace is about all of it, and tools have hidden folders of their own.
    let Some((folders, _)) = inside.rsplit_once('/') else { return false };
    if folders.split('/').any(|folder| folder.starts_with('.')) {
        return false;
    }
    let is_feature = snapshot.layout().root_of(path).is_none_or(|root| root != check.view.scope);
    let indexes = || {
        let roles = [Role::Spec, Role::Plan, Role::Tasks];
        snapshot.files_below(&path.folder()).any(|(_, role)| roles.contains(&role))
    };
    is_feature || indexes()
}

/// Whether the target of a link stands for one that somebody is to write.
fn has_placeholder(target: &str) -> bool {
    const SIGNS: [&str; 12] = ["{", "}", "<", ">", "[", "]", "*", "$", "…", "...", "YYYY", "XXX"];
    SIGNS.iter().any(|sign| target.contains(sign))
}

/// The path that the link `target` leads to, if it is of the workspace and nothing is there.
fn missing_at(check: &Check<'_>, target: &str) -> Option<FilePath> {
    let target = without_line(target);
    // One word may be anything: `f[i](x)`.
    let is_path =
        target.contains('/') || target.rsplit_once('.').is_some_and(|(name, end)| !name.is_empty() && !end.is_empty());
    let path = resolved(target, check.view.path).filter(|_| is_path && !target.contains('\\'))?;
    check.snapshot.is_missing(&path).then_some(path)
}

/// A path without the line that some write behind it: `src/login.rs:12`, `src/login.rs:12-40`.
fn without_line(target: &str) -> &str {
    let is_line = |behind: &str| {
        behind.starts_with(|c: char| c.is_ascii_digit()) && behind.bytes().all(|b| b.is_ascii_digit() || b == b'-')
    };
    let strip = |text| match str::rsplit_once(text, ':') {
        Some((path, line)) if is_line(line) => path,
        _ => text,
    };
    strip(strip(target))
}

/// The finding of a link that leads to `path` or, where there is none, to a disk.
fn told(check: &Check<'_>, span: Span, target: &str, path: Option<&FilePath>) -> Finding {
    let name = unescaped(target).trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default().to_string();
    let message = match path {
        Some(path) => format!("this link leads to `{}`, which is not there", check.snapshot.display_path(path)),
        None => "this link leads to one machine's disk".to_string(),
    };
    let mut finding = Finding::new(&RULE, span, message);
    let meant = check.snapshot.only_file_named(without_line(&name)).filter(|meant| *meant != check.view.path);
    let shown = meant.map(|meant| check.snapshot.display_path(meant));
    finding.help = match (shown, path) {
        (Some(shown), _) => Some(format!("did you mean `{shown}`?")),
        (None, None) => Some("link the file by its path from this document's folder".to_string()),
        (None, Some(_)) => None,
    };
    if let Some(new) = meant.and_then(|meant| relative(check.view.path, meant)) {
        // Blanks and brackets end a link's target.
        let new = new.replace(' ', "%20").replace('(', "%28").replace(')', "%29");
        finding.fix = Some(Fix::one(format!("Lead the link to {}", shown.unwrap_or_default()), span, new));
    }
    finding
}

/// Gives the finding of all of `found` the names and the fixes of each.
fn join(one: &mut Finding, found: &[(String, Finding)]) {
    one.told = found.iter().map(|(name, _)| name.clone()).collect();
    one.help = None;
    one.steps = found.iter().filter_map(|(_, finding)| finding.fix.clone()).collect();
    one.fix = None;
    if one.steps.len() == found.len() {
        let edits = one.steps.iter().flat_map(|step| step.edits.clone()).collect();
        one.fix = Some(Fix::of(format!("Lead {} links to files of their names", found.len()), edits));
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Only, files, world};
    use crate::path::FilePath;
    use crate::rule::check;
    use std::sync::Arc;

    /// What is told of the file `path` of a fixture in which there is `also`, too: message, help, and the text once mended.
    fn told(fixture: &str, also: &[&str], path: &str) -> Vec<(String, String, String)> {
        let (mut world, files) = (world(fixture), files(fixture));
        let there = files.iter().map(|(path, _)| path.as_str()).chain(also.iter().copied());
        world.set_places(Arc::new(Only::new(there)));
        let path = FilePath::new(&format!("/w/{path}"));
        let text = &files.iter().find(|(it, _)| *it == path).expect("a file").1;
        let own = check(&world.snapshot(), &path).into_iter().filter(|it| it.rule.name == "broken-link");
        own.map(|it| {
            let mended = it.fix.map(|fix| fix.applied_to(text)).unwrap_or_default();
            (it.message, it.help.unwrap_or_default(), mended)
        })
        .collect()
    }

    fn messages(plan: &str) -> Vec<String> {
        let fixture = format!("//- specs/a/spec.md\n- **FR-1**: x\n//- specs/a/plan.md\n{plan}\n");
        told(&fixture, &["/w/src/login.rs", "/w/docs/site.md"], "specs/a/plan.md").into_iter().map(|it| it.0).collect()
    }

    #[test]
    fn a_link_to_what_is_not_there_is_told_with_where_it_may_be() {
        let fixture = "//- specs/a/spec.md\n- **FR-1**: x\n//- docs/why.md\n# Why\n//- specs/a/plan.md\nAs [why](../why.md#because) says.\n\n[spec]: ../spec.md\n";
        assert_eq!(
            told(fixture, &[], "specs/a/plan.md"),
            [
                (
                    "this link leads to `specs/why.md`, which is not there".to_string(),
                    "did you mean `docs/why.md`?".to_string(),
                    "As [why](../../docs/why.md#because) says.\n\n[spec]: ../spec.md\n".to_string()
                ),
                (
                    "this link leads to `specs/spec.md`, which is not there".to_string(),
                    "did you mean `specs/a/spec.md`?".to_string(),
                    "As [why](../why.md#because) says.\n\n[spec]: spec.md\n".to_string()
                ),
            ]
        );
    }

    #[test]
    fn a_link_to_one_machines_disk_is_told() {
        for target in ["file:///home/me/p/specs/a/data.md", "file:///C:/p/data.md", "C:/p/data.md"] {
            assert_eq!(messages(&format!("[a]({target})")), ["this link leads to one machine's disk"], "{target}");
        }
    }

    #[test]
    fn what_is_there_or_may_be_is_not_told() {
        for plan in [
            "[a](spec.md) [b](../../src/login.rs#L3) [c](../../src/login.rs:3-4) [d](../../docs/) [e](../../docs/site)",
            "[a](../../../other/x.md) [b](/docs/x.md) [c](https://x.org/y.md) [d](#x) [e](x)",
            "[a](../{feature}/spec.md) [b](../[###-x]/spec.md) [c](notes/YYYY-MM-DD.md)",
            "`[a](x.md)` ![a](x.png) <!-- [a](x.md) -->",
        ] {
            assert_eq!(messages(plan), [""; 0], "{plan}");
        }
    }

    #[test]
    fn many_links_of_a_document_are_one_finding() {
        let found = messages("[a](a.md) [b](b.md) [c](c.md)");
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(
            messages("[a](a.md) [b](b.md) [c](c.md) [d](../d.md)"),
            [
                "4 links of this document lead to what is not there: `specs/a/a.md`, `specs/a/b.md`, `specs/a/c.md` and `specs/d.md`"
            ]
        );
    }

    #[test]
    fn nothing_is_told_of_documents_that_are_no_plans() {
        let own = "//- specs/a/spec.md\n- **FR-1**: x\n";
        for (path, wanted) in [
            ("specs/a/notes.md", 1),
            ("specs/README.md", 1),
            ("README.md", 0),
            ("docs/guide.md", 0),
            ("specs/archive/a/plan.md", 0),
            ("templates/plan.md", 0),
            (".claude/commands/plan.md", 0),
        ] {
            let found = told(&format!("{own}//- {path}\n# T\n\n[a](x.md)\n"), &[], path);
            assert_eq!(found.len(), wanted, "{path}: {found:?}");
        }
    }

    #[test]
    fn nothing_is_missing_where_nobody_knows_what_is_there() {
        let mut world = world("//- a/spec.md\n- **FR-1**: x [a](x.md) [b](file:///x)\n");
        let found = |world: &crate::world::World| check(&world.snapshot(), &FilePath::new("/w/a/spec.md")).len();
        assert_eq!(found(&world), 0);
        world.set_places(Arc::new(Only::new(["/w/a/spec.md"])));
        assert_eq!(found(&world), 2);
        world.begin_listing();
        assert_eq!(found(&world), 0);
    }
}
