//! Document links: ids inside links and wiki links, which lead to what they name rather than to where the link was aimed.

use crate::batch::{Meanings, RequirementKey, Titles};
use crate::facts::front_matter_end;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Defined, Place, definitions_of};
use crate::text::Span;
use crate::world::{Snapshot, View};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// A stretch that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The stretch, from the file's start.
    pub span: Span,
    /// Where it leads.
    pub aim: Aim,
    /// What it leads to, in words.
    pub words: String,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// To a requirement.
    Requirement(RequirementKey),
    /// To a file.
    File(FilePath),
}

/// The links of the open document at `path`, in order; none at all where it is no plan document.
#[must_use]
pub fn document_links(snapshot: &Snapshot, path: &FilePath) -> Option<Vec<Link>> {
    let view = snapshot.view(path)?;
    let text = view.document()?.rope().to_string();
    if !view.is_ours() {
        return None;
    }
    // Most plans have no link, and then there is no need to read all of one again: inline, by reference, by name.
    if !["](", "]:", "[["].iter().any(|mark| text.contains(mark)) {
        return Some(Vec::new());
    }
    let mut meanings = Meanings::of(snapshot, view.scope);
    let mut titles = Titles::of(snapshot);
    let mut out = Vec::new();
    let (labels, wikis) = links(&text);
    for (base, facts) in view.parts() {
        for reference in &facts.references {
            let span = reference.span.shifted(base);
            let at = labels.partition_point(|label| label.end <= span.start);
            if !labels.get(at).is_some_and(|label| label.covers(span)) {
                continue;
            }
            if let [meant] = meanings.meant_by(facts, reference) {
                out.push(Link {
                    span,
                    words: words(snapshot, &mut titles, meant),
                    aim: Aim::Requirement(meant.clone()),
                });
            }
        }
    }
    for (span, target) in wikis {
        if let Some(aim) = aim_of(snapshot, &view, &meanings, &target) {
            let words = match &aim {
                Aim::Requirement(meant) => words(snapshot, &mut titles, meant),
                Aim::File(path) => snapshot.spoken(path).to_string(),
            };
            out.push(Link { span, aim, words });
        }
    }
    out.sort_by_key(|link| (link.span.start, std::cmp::Reverse(link.span.end)));
    out.dedup_by(|next, before| next.span.start < before.span.end);
    Some(out)
}

/// Where the link leads now.
#[must_use]
pub fn target(snapshot: &Snapshot, aim: &Aim) -> Option<Place> {
    match aim {
        Aim::Requirement((scope, id)) => definitions_of(snapshot, scope, id).first().map(Defined::place),
        Aim::File(path) => Some(Place { path: path.clone(), span: Span::default() }),
    }
}

fn words(snapshot: &Snapshot, titles: &mut Titles<'_>, meant: &RequirementKey) -> String {
    let Some(titled) = titles.title(&meant.0, &meant.1) else { return meant.1.to_string() };
    format!("{} {} · {}", meant.1, titled.title, snapshot.spoken(&titled.place.path))
}

/// The labels of links, and wiki links with what they name.
fn links(text: &str) -> (Vec<Span>, Vec<(Span, String)>) {
    let skip = front_matter_end(text);
    let (mut labels, mut wikis) = (Vec::new(), Vec::new());
    let options = Options::ENABLE_TABLES | Options::ENABLE_WIKILINKS;
    let mut open: Option<(usize, Option<String>)> = None;
    for (event, range) in Parser::new_ext(&text[skip..], options).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { link_type: LinkType::WikiLink { .. }, dest_url, .. }) => {
                open = Some((range.start + skip, Some(dest_url.to_string())));
            }
            Event::Start(Tag::Link { .. }) => open = Some((range.start + skip, None)),
            Event::End(TagEnd::Link) => match open.take() {
                Some((start, Some(target))) => wikis.push((Span::new(start, range.end + skip), target)),
                Some((start, None)) => labels.push(Span::new(start, range.end + skip)),
                None => {}
            },
            _ => {}
        }
    }
    (labels, wikis)
}

/// What `[[FR-1]]`, `[[spec]]`, `[[login/spec.md#FR-1]]` name.
fn aim_of(snapshot: &Snapshot, view: &View<'_>, meanings: &Meanings, target: &str) -> Option<Aim> {
    let (note, part) = target.split_once('#').unwrap_or((target, target));
    if let Some((scope, id)) = meanings.lookup.resolve(&Id::new(part.trim())) {
        return Some(Aim::Requirement((scope.clone(), id.clone())));
    }
    let note = note.trim().trim_start_matches("./");
    if note.is_empty() {
        return None;
    }
    let scope = snapshot.scope(view.scope)?;
    let named = |path: &&FilePath| {
        let path = path.as_str();
        [path, path.strip_suffix(".md").unwrap_or(path)]
            .into_iter()
            .any(|path| path.strip_suffix(note).is_some_and(|before| before.ends_with('/')))
    };
    scope.files().find(named).map(|path| Aim::File(path.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    fn linked(fixture: &str) -> Option<Vec<(String, String)>> {
        let (world, path, _) = cursor(fixture);
        let snapshot = world.snapshot();
        let text = snapshot.document(&path)?.rope().to_string();
        let links = document_links(&snapshot, &path)?;
        let place =
            |link: &Link| target(&snapshot, &link.aim).map_or(String::new(), |place| place.path.name().to_string());
        for link in &links {
            assert!(!place(link).is_empty(), "{link:?}");
        }
        Some(links.into_iter().map(|link| (text[link.span.range()].to_string(), link.words)).collect())
    }

    fn pair(text: &str, words: &str) -> (String, String) {
        (text.to_string(), words.to_string())
    }

    #[test]
    fn ids_inside_links_and_wiki_links_lead_to_what_they_name() {
        assert_eq!(
            linked("//- a/spec.md\n- **FR-1**: Check\n//- a/plan.md\n$0See [FR-1](../b.md#fr-1), FR-1, [[FR-1]], [[spec]], [[a/spec.md#FR-1|here]], [[nowhere]], `[[FR-1]]` and [x](y).\n").unwrap(),
            [
                pair("FR-1", "FR-1 Check · a/spec.md"),
                pair("[[FR-1]]", "FR-1 Check · a/spec.md"),
                pair("[[spec]]", "a/spec.md"),
                pair("[[a/spec.md#FR-1|here]]", "FR-1 Check · a/spec.md"),
            ]
        );
    }

    #[test]
    fn every_way_of_writing_a_link_is_one() {
        let found = |text: &str| {
            let links = linked(&format!("//- a/spec.md\n- **FR-1**: Check\n//- a/plan.md\n$0{text}\n")).unwrap();
            links.into_iter().map(|(text, _)| text).collect::<Vec<_>>()
        };
        for text in ["[FR-1](b.md)", "[FR-1][b]\n\n[b]: b.md", "[FR-1][]\n\n[FR-1]: b.md", "[FR-1]\n\n[fr-1]: <b.md>"] {
            assert_eq!(found(text), ["FR-1"], "{text}");
        }
        assert_eq!(found("[[FR-1]]"), ["[[FR-1]]"]);
        assert!(found("FR-1 and [FR-1] [x] (b.md)").is_empty());
    }

    #[test]
    fn other_markdown_keeps_its_links() {
        assert_eq!(linked("//- README.md\n$0[[spec]] and [a](b)\n"), None);
    }
}
