//! Renaming of files and folders: relative links to what moves, and in it to what stays, lead where they led before.

use crate::edit::{Edit, FileEdits, Label, Move, Proposal};
use crate::feature::Source;
use crate::feature::refactoring::rename::links::names_file;
use crate::feature::source::FileText;
use crate::path::FilePath;
use crate::relative_link::{relative, resolved};
use crate::text::{Span, lines_of};
use crate::world::{Snapshot, View};

/// A longer line is no prose, in bytes.
const LONGEST_LINE: usize = 32 << 10;

/// How much text of files that stay is searched for links to those that move.
const MOST_BYTES: usize = 64 << 20;

/// The edits, in files where they are now, that keep links right when `moves` are made. Links in code, addresses and absolute
/// paths stay as they are, and so do files that have changed since they were read.
#[must_use]
pub fn file_rename(snapshot: &Snapshot, source: &dyn Source, moves: &[Move]) -> Proposal {
    let mut proposal = Proposal::default();
    let roots: Vec<&FilePath> = moves.iter().filter_map(|moved| snapshot.layout().root_of(&moved.from)).collect();
    let names: Vec<&str> = moves.iter().map(|moved| stem(moved.from.name())).collect();
    // What a closed file links to is known; the others need not be read.
    let may_change = |view: &View<'_>| {
        snapshot.layout().root_of(view.path).is_some_and(|root| roots.contains(&root))
            && (destination(moves, view.path).is_some() || moves.iter().any(|moved| view.may_lead_to(&moved.from)))
    };
    let mut views: Vec<View<'_>> = snapshot.views().filter(may_change).collect();
    views.sort_by_key(|view| view.path);
    // Where the bound is reached, those near the moved ones have been seen.
    views.sort_by_key(|view| !moves.iter().any(|moved| view.path.is_within(moved.from.folder().as_str())));
    let mut read = 0;
    for view in views {
        if read >= MOST_BYTES {
            break;
        }
        let path = view.path;
        let Ok(text) = FileText::of(snapshot, source, &view) else { continue };
        let text = text.whole();
        read += text.len();
        if destination(moves, path).is_none() && !names.iter().any(|name| text.contains(name)) {
            continue;
        }
        let edits = edits(snapshot, &view, &text, moves);
        if !edits.is_empty() {
            let label = Label { title: "Links".into(), about: "links to files that move".into(), confirm: false };
            proposal.changes.push(FileEdits { path: path.clone(), edits, label: Some(label) });
        }
    }
    proposal
}

/// Where `path` goes; none where it stays.
fn destination(moves: &[Move], path: &FilePath) -> Option<FilePath> {
    let moved =
        moves.iter().filter(|moved| path.is_within(moved.from.as_str())).max_by_key(|it| it.from.as_str().len())?;
    Some(FilePath::new(&format!("{}{}", moved.to, &path.as_str()[moved.from.as_str().len()..])))
}

fn stem(name: &str) -> &str {
    name.strip_suffix(".md").unwrap_or(name)
}

fn edits(snapshot: &Snapshot, view: &View<'_>, text: &str, moves: &[Move]) -> Vec<Edit> {
    let from = view.path;
    let to = destination(moves, from).unwrap_or_else(|| from.clone());
    let mut out = Vec::new();
    for Link { span, wiki } in links(text) {
        let written = &text[span.range()];
        let new =
            if wiki { wiki_link(snapshot, written, from, moves) } else { relative_link(written, from, &to, moves) };
        if let Some(new) = new.filter(|new| new != written) {
            out.push(Edit { span, text: new });
        }
    }
    out
}

/// The link `written` in the file `from`, which goes to `to`, so that it leads where it led.
fn relative_link(written: &str, from: &FilePath, to: &FilePath, moves: &[Move]) -> Option<String> {
    let target = resolved(written, from)?;
    let goes = destination(moves, &target);
    if goes.is_none() && from == to {
        return None;
    }
    let target = goes.unwrap_or(target);
    if resolved(written, to).as_ref() == Some(&target) {
        return None;
    }
    let mut new = relative(to, &target)?;
    if written.starts_with("./") && !new.starts_with("../") {
        new.insert_str(0, "./");
    }
    if written.ends_with('/') {
        new.push('/');
    }
    // Blanks end a link's target.
    Some(new.replace(' ', "%20"))
}

/// A wiki link names a file by its name, so it changes with the name alone; where several files have that name, only the
/// one of the same feature is meant.
fn wiki_link(snapshot: &Snapshot, written: &str, from: &FilePath, moves: &[Move]) -> Option<String> {
    if written.trim().is_empty() {
        return None;
    }
    let meant: Vec<&FilePath> = snapshot.files().filter(|path| names_file(written, from, path)).collect();
    let near = |path: &&&FilePath| snapshot.scope_of(path) == snapshot.scope_of(from);
    let target = match meant[..] {
        [only] => only,
        _ => meant.iter().find(near)?,
    };
    let to = destination(moves, target)?;
    let end = if written.trim_end().ends_with(".md") { ".md" } else { "" };
    let parts = written.trim().split('/').count();
    let all: Vec<&str> = stem(to.as_str()).split('/').collect();
    Some(format!("{}{end}", all[all.len().saturating_sub(parts)..].join("/")))
}

/// The file that a link names, without its anchor.
struct Link {
    span: Span,
    wiki: bool,
}

fn links(text: &str) -> Vec<Link> {
    let mut out = Vec::new();
    let mut fence: Option<&str> = None;
    for range in lines_of(text) {
        let line = &text[range.clone()];
        let trimmed = line.trim_start_matches([' ', '\t', '>', '-', '*']);
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_some() || mark.is_some() || line.len() > LONGEST_LINE {
            continue;
        }
        for (opening, ends, wiki) in [
            ("](", &[")", "#", " ", "\t", ">"][..], false),
            ("[[", &["]]", "#", "|"][..], true),
            ("href=\"", &["\"", "#"][..], false),
            ("]: ", &["#", " ", "\t", ">"][..], false),
        ] {
            for (at, _) in line.match_indices(opening) {
                let code = line[..at].matches('`').count() % 2 == 1;
                let definition = opening == "]: ";
                if code || definition && !line.trim_start().starts_with('[') {
                    continue;
                }
                let mut start = at + opening.len();
                start += line[start..].len() - line[start..].trim_start_matches(['<', ' ']).len();
                let rest = &line[start..];
                let len = ends.iter().filter_map(|end| rest.find(end)).min();
                let Some(len) = len.or(definition.then_some(rest.len())).filter(|len| *len > 0) else { continue };
                out.push(Link { span: Span::new(range.start + start, range.start + start + len), wiki });
            }
        }
    }
    out.sort_by_key(|link| link.span);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, files, proposed, world};

    fn moved(fixture: &str, moves: &[(&str, &str)]) -> String {
        let world = world(fixture);
        let texts = files(fixture);
        let path = |path: &str| FilePath::new(&format!("/w/{path}"));
        let moves: Vec<Move> = moves.iter().map(|(from, to)| Move { from: path(from), to: path(to) }).collect();
        let proposal = file_rename(&world.snapshot(), &Texts(texts.clone()), &moves);
        proposed(&texts, &proposal)
    }

    #[test]
    fn links_to_a_file_that_is_renamed_follow() {
        let fixture = "//- a/spec.md\n# S\n//- a/plan.md\n[s](spec.md#fr-1) ![i](./spec.md \"t\") [[spec]] [[spec#FR-1|x]] <a href=\"spec.md\">\n\n[r]: <spec.md>\n";
        let wanted = fixture
            .replace("spec.md#", "requirements.md#")
            .replace("./spec.md", "./requirements.md")
            .replace("[[spec", "[[requirements")
            .replace("\"spec.md\"", "\"requirements.md\"")
            .replace("<spec.md>", "<requirements.md>");
        assert_eq!(moved(fixture, &[("a/spec.md", "a/requirements.md")]), wanted);
    }

    #[test]
    fn links_in_a_file_that_moves_lead_where_they_led() {
        let fixture = "//- a/plan.md\n[s](../b/spec.md) [own](#x) [i](img/a%20b.png) [w](https://e.org/x.md) [abs](/x.md)\n//- b/spec.md\n[p](../a/plan.md)\n";
        assert_eq!(
            moved(fixture, &[("a/plan.md", "c/d/plan.md")]),
            "//- a/plan.md\n[s](../../b/spec.md) [own](#x) [i](../../a/img/a%20b.png) [w](https://e.org/x.md) [abs](/x.md)\n//- b/spec.md\n[p](../c/d/plan.md)\n"
        );
    }

    #[test]
    fn a_folder_takes_its_files_along() {
        let fixture = "//- specs/a/spec.md\n[p](plan.md) [other](../b/spec.md)\n//- specs/a/plan.md\n[s](./spec.md)\n//- specs/b/spec.md\n[a](../a/spec.md) [folder](../a/)\n";
        assert_eq!(
            moved(fixture, &[("specs/a", "specs/login")]),
            fixture.replace("../a/spec.md", "../login/spec.md").replace("../a/)", "../login/)")
        );
        assert_eq!(
            moved(fixture, &[("specs/a", "old/a")]),
            fixture
                .replace("(../b/spec.md)", "(../../specs/b/spec.md)")
                .replace("../a/spec.md", "../../old/a/spec.md")
                .replace("../a/)", "../../old/a/)")
        );
    }

    #[test]
    fn code_and_other_files_of_the_same_name_stay() {
        let fixture = "//- a/spec.md\n# S\n//- b/spec.md\n# S\n//- b/plan.md\n[s](spec.md) [[spec]]\n\n```\n[x](../a/spec.md)\n```\n\n`[x](../a/spec.md)`\n";
        assert_eq!(moved(fixture, &[("a/spec.md", "a/s.md")]), fixture);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
        #[test]
        fn what_is_known_of_links_leaves_no_link_out(
            links in proptest::collection::vec((0..5_usize, proptest::collection::vec(0..9_usize, 1..5)), 1..4),
            at in 0..3_usize,
            moved in 0..5_usize,
        ) {
            const PARTS: [&str; 9] = ["..", ".", "a", "b", "c d", "c%20d", "spec.md", "spec", "plan.md"];
            let mut text = String::new();
            for (kind, parts) in links {
                let target = parts.iter().map(|part| PARTS[*part]).collect::<Vec<_>>().join("/");
                text += &match kind {
                    0 => format!("[x]({target})\n\n"),
                    1 => format!("[[{target}|x]]\n\n"),
                    2 => format!("<a href=\"{target}#y\">x</a>\n\n"),
                    3 => format!("[x]: <{target}>\n\n"),
                    _ => format!("[x](<{target}> \"t\")\n\n"),
                };
            }
            let from = ["a/b/notes.md", "a/notes.md", "notes.md"][at];
            let moved = ["a/spec.md", "a/b", "b/plan.md", "c d/spec.md", "a/b/spec.md"][moved];
            let fixture = format!("//- {from}\n{text}//- a/spec.md\n//- a/b/spec.md\n//- b/plan.md\n//- c d/spec.md\n");
            let moves = [Move { from: FilePath::new(&format!("/w/{moved}")), to: FilePath::new("/w/z/other.md") }];
            let proposal = |open: bool| {
                let mut world = world(&fixture);
                if open {
                    world.open(&FilePath::new(&format!("/w/{from}")), 1, &text);
                }
                file_rename(&world.snapshot(), &Texts(files(&fixture)), &moves).changes
            };
            proptest::prop_assert_eq!(format!("{:?}", proposal(false)), format!("{:?}", proposal(true)));
        }
    }
}
