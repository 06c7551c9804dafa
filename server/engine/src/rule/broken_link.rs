//! `broken-link`: a link leads to a path at which nothing is, or to one machine's disk.

use super::doubt::is_archived;
use super::repeated::{MOST_APART, gathered, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::{Edit, Fix};
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
        "Leads the link to the file that is likely meant: the path as it stands from the top of the workspace, or the only file of its name there or in the feature.",
    ),
    check: Checker::File(check),
};

/// What is amiss with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    Missing,
    OnDisk,
}

/// The links of a document that have one flaw: each target, what it is called, and its places.
type Broken<'a> = Vec<(&'a str, String, Vec<Span>)>;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let snapshot = check.snapshot;
    if check.template || !check.view.holds(Holds::LINKS) || !snapshot.looks_at_places() || !is_plan(check) {
        return;
    }
    // While files are being listed, what is missing may be found, and so may another of its name.
    if is_archived(check) || snapshot.horizon().is_some() {
        return;
    }
    // A long document has few targets and many links, and mostly all of them lead somewhere.
    let flaws = check.view.link_targets().into_iter().filter_map(|target| Some((target, flaw_of(check, target)?)));
    let flaws: FxHashMap<&str, (Flaw, String)> = flaws.collect();
    if flaws.is_empty() {
        return;
    }
    let (mut missing, mut on_disk) = (Broken::new(), Broken::new());
    let mut known: FxHashMap<&str, usize> = FxHashMap::default();
    for (base, facts) in check.view.parts_with(Holds::LINKS) {
        for link in &facts.links {
            let target = facts.text(link.target);
            let Some((flaw, name)) = flaws.get(target) else { continue };
            let all = if *flaw == Flaw::Missing { &mut missing } else { &mut on_disk };
            let at = *known.entry(target).or_insert_with(|| {
                all.push((target, name.clone(), Vec::new()));
                all.len() - 1
            });
            all[at].2.push(link.span.shifted(base));
        }
    }
    for (flaw, broken) in [(Flaw::Missing, missing), (Flaw::OnDisk, on_disk)] {
        let mut found: Vec<(String, Finding)> = broken
            .into_iter()
            .map(|(target, name, spans)| (name.clone(), told(check, flaw, target, &name, &spans)))
            .collect();
        placed(&mut found, check.view.path);
        let many = |count| match flaw {
            Flaw::Missing => format!("links of this document lead to {count} paths at which nothing is"),
            Flaw::OnDisk => format!("links of this document lead to {count} places on one machine's disk"),
        };
        let mut all = gathered(&found, many);
        if let [one] = &mut all[..]
            && found.len() > MOST_APART
        {
            join(one, &found);
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

/// Whether a document of no role stands beside the plans of a feature, or indexes such.
fn is_among_plans(check: &Check<'_>) -> bool {
    let (snapshot, path) = (check.snapshot, check.view.path);
    let inside = snapshot.display_path(path);
    // What stands at the top of a workspace is about all of it, and tools have hidden folders of their own.
    let Some((folders, name)) = inside.rsplit_once('/') else { return false };
    if folders.split('/').any(|folder| folder.starts_with('.')) {
        return false;
    }
    let is_index = ["readme.md", "index.md"].iter().any(|index| name.eq_ignore_ascii_case(index));
    let indexes = || {
        let roles = [Role::Spec, Role::Plan, Role::Tasks];
        snapshot.files_below(&path.folder()).any(|(_, role)| roles.contains(&role))
    };
    let is_beside = snapshot.layout().root_of(path) != Some(check.view.scope) && path.folder() == *check.view.scope;
    is_beside || is_index && indexes()
}

/// Whether the target of a link stands for one that somebody is to write.
fn has_placeholder(target: &str) -> bool {
    const SIGNS: [&str; 12] = ["{", "}", "<", ">", "[", "]", "*", "$", "…", "...", "YYYY", "XXX"];
    SIGNS.iter().any(|sign| target.contains(sign))
}

/// What is amiss with the link `target`, if anything, and what its target is called.
fn flaw_of(check: &Check<'_>, target: &str) -> Option<(Flaw, String)> {
    if has_placeholder(target) {
        return None;
    }
    if is_on_disk(target) {
        return Some((Flaw::OnDisk, name_of(target)));
    }
    let target = without_line(target);
    // A site gives pages names of its own, and one word may be anything: `f[i](x)`.
    let is_named = |name: &str| name.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && !end.is_empty());
    let is_path = target.ends_with('/') || target.rsplit('/').next().is_some_and(is_named);
    let path = resolved(target, check.view.path).filter(|_| is_path && !target.contains('\\'))?;
    let name = || check.snapshot.display_path(&path).to_string();
    check.snapshot.is_missing(&path).then(|| (Flaw::Missing, name()))
}

/// A path without the line that some write behind it: `src/login.rs:12`, `src/login.rs:12-40`.
fn without_line(target: &str) -> &str {
    let is_line = |behind: &str| {
        let digits = behind.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        digits && behind.starts_with(|c: char| c.is_ascii_digit())
    };
    let strip = |text| match str::rsplit_once(text, ':') {
        Some((path, line)) if is_line(line) => path,
        _ => text,
    };
    strip(strip(target))
}

/// The last part of a path.
fn name_of(target: &str) -> String {
    let whole = unescaped(without_line(target));
    whole.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default().to_string()
}

/// The file that is most likely meant by a link to `target`, which leads to none.
fn meant<'a>(check: &Check<'a>, flaw: Flaw, target: &str) -> Option<&'a FilePath> {
    /// No path has more folders.
    const DEEPEST: usize = 32;
    let (snapshot, own) = (check.snapshot, check.view.path);
    let whole = unescaped(without_line(target));
    let parts: Vec<&str> = whole.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let root = snapshot.layout().root_of(own)?;
    // Written as from the top of the workspace, wherever that lies.
    let ends = (0..parts.len().saturating_sub(1).min(DEEPEST)).map(|start| parts[start..].join("/"));
    let from_top = ends.filter_map(|end| snapshot.known_path(&FilePath::new(&format!("{root}/{end}"))));
    let name = parts.last()?;
    let in_scope = || {
        let scope = snapshot.scope(check.view.scope).filter(|_| flaw == Flaw::Missing)?;
        let mut named = scope.files().filter(|path| path.name() == *name);
        named.next().filter(|_| named.next().is_none()).and_then(|path| snapshot.known_path(path))
    };
    let named = || snapshot.only_file_named(name).or_else(in_scope);
    from_top.into_iter().next().or_else(named).filter(|meant| *meant != own)
}

/// The finding of the links to `target`, which is called `name`.
fn told(check: &Check<'_>, flaw: Flaw, target: &str, name: &str, spans: &[Span]) -> Finding {
    let message = match flaw {
        Flaw::Missing => format!("this link leads to `{name}`, and nothing is there"),
        Flaw::OnDisk => "this link leads to one machine's disk".to_string(),
    };
    let mut finding = Finding::new(&RULE, spans[0], message);
    finding.also_at(check, &spans[1..], "another link to it");
    let meant = meant(check, flaw, target);
    let shown = meant.map(|meant| check.snapshot.display_path(meant));
    finding.help = match (shown, flaw) {
        (Some(shown), _) => Some(format!("did you mean `{shown}`?").into()),
        (None, Flaw::OnDisk) => Some("link the file by its path from this document's folder".into()),
        (None, Flaw::Missing) => None,
    };
    if let Some(new) = meant.and_then(|meant| relative(check.view.path, meant)) {
        // Blanks and brackets end a link's target.
        let text = new.replace(' ', "%20").replace('(', "%28").replace(')', "%29");
        let edits = spans.iter().map(|span| Edit { span: *span, text: text.clone() }).collect();
        let what = if spans.len() == 1 { "the link" } else { "the links" };
        finding.fix = Some(Fix::of(format!("Lead {what} to {}", shown.unwrap_or_default()), edits));
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
        one.fix = Some(Fix::of("Lead these links to the files that are likely meant".to_string(), edits));
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
            (it.message, it.help.unwrap_or_default().into_owned(), mended)
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
                    "this link leads to `specs/why.md`, and nothing is there".to_string(),
                    "did you mean `docs/why.md`?".to_string(),
                    "As [why](../../docs/why.md#because) says.\n\n[spec]: ../spec.md\n".to_string()
                ),
                (
                    "this link leads to `specs/spec.md`, and nothing is there".to_string(),
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
    fn what_is_meant_is_found_by_its_path_before_its_name() {
        let specs = "//- specs/a/spec.md\n- **FR-1**: x\n//- specs/b/spec.md\n- **FR-1**: x\n";
        for (link, wanted) in [
            ("../spec.md", Some("specs/a/spec.md")),
            ("specs/b/spec.md", Some("specs/b/spec.md")),
            ("../../b/spec.md", Some("specs/a/spec.md")),
            ("file:///home/me/w/specs/b/spec.md", Some("specs/b/spec.md")),
            ("file:///home/me/w/specs/c/spec.md", None),
            ("../data.md", None),
        ] {
            let found = told(&format!("{specs}//- specs/a/plan.md\n[a]({link})\n"), &[], "specs/a/plan.md");
            let help = wanted.map(|path| format!("did you mean `{path}`?"));
            assert_eq!(found.len(), 1, "{link}");
            assert_eq!(Some(&found[0].1).filter(|help| help.starts_with("did")), help.as_ref(), "{link}");
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
        assert_eq!(messages("[a](a.md) [b](a.md) [c](./a.md#x)").len(), 2, "each way of writing it once");
        assert_eq!(
            messages("[a](a.md) [b](b.md) [c](c.md) [d](../d.md)"),
            [
                "links of this document lead to 4 paths at which nothing is: `specs/a/a.md`, `specs/a/b.md`, `specs/a/c.md` and `specs/d.md`"
            ]
        );
    }

    #[test]
    fn nothing_is_told_of_documents_that_are_no_plans() {
        let own = "//- specs/a/spec.md\n- **FR-1**: x\n";
        for (path, wanted) in [
            ("specs/a/notes.md", 1),
            ("specs/README.md", 1),
            ("specs/a/design/more.md", 0),
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
