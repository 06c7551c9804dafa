//! Inlay hints: a requirement's title behind its id in a trace line, and how a requirement is served behind its statement.

use crate::batch::{Meanings, RequirementKey, Service, Tally, Titles, many, service_of, tallies};
use crate::facts::{Form, Kind, Reach};
use crate::path::FilePath;
use crate::text::{Span, narrow};
use crate::world::Snapshot;
use std::borrow::Cow;
use std::fmt::Write;

/// Words that an editor shows within the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The byte that they stand before, from the file's start.
    pub offset: u32,
    /// The words.
    pub words: String,
    /// The requirements that they are about: one, or all that a range means.
    pub about: Vec<RequirementKey>,
}

/// The hints of the open document at `path` in `within`, in order; none at all where it is no plan document.
#[must_use]
pub fn inlay_hints(snapshot: &Snapshot, path: &FilePath, within: Span) -> Option<Vec<Hint>> {
    let view = snapshot.view(path)?;
    let rope = view.document()?.rope();
    if !view.is_ours() {
        return None;
    }
    let shown = &snapshot.settings_of(path).shown;
    let mut meanings = Meanings::of(snapshot, view.scope);
    let mut titles = Titles::of(snapshot);
    let mut out = Vec::new();
    if shown.title_length > 0 {
        for (base, facts) in view.parts() {
            let first = facts.references.partition_point(|reference| reference.span.end + base < within.start);
            let mut references = facts.references[first..].iter().peekable();
            while let Some(reference) = references.next() {
                let span = reference.span.shifted(base);
                if span.start > within.end {
                    break;
                }
                let mut about = meanings.meant_by(facts, reference).to_vec();
                let (mut ranged, trace) = (reference.reach != Reach::One, reference.kind == Kind::Trace);
                // The ids of a range stand in one place.
                while let Some(other) = references.next_if(|other| trace && other.span == reference.span) {
                    ranged = true;
                    about.extend_from_slice(meanings.meant_by(facts, other));
                }
                // Of a range over parents only the ends are known here.
                if !trace || reference.reach == Reach::From {
                    continue;
                }
                let words = match &about[..] {
                    [(scope, id)] if !id.is_name() => {
                        let title = titles.title(scope, id).map(|titled| unlinked(titled.title)).unwrap_or_default();
                        let words = shortened(&title, shown.title_length);
                        let gone = !words.is_empty() && meanings.lookup.is_withdrawn(scope, id);
                        if gone { format!("withdrawn · {words}") } else { words }
                    }
                    [_, _, ..] if ranged => format!("{} requirements", about.len()),
                    _ => continue,
                };
                if !words.is_empty() {
                    out.push(Hint { offset: span.end, words, about });
                }
            }
        }
    }
    if shown.coverage {
        let here = |span: Span| span.start <= within.end && within.start <= span.end;
        let (counted, _) = tallies(snapshot, &view, within);
        let mut last = None;
        for (base, facts) in view.parts() {
            for definition in &facts.definitions {
                let (id, span) = (facts.id(definition.id), definition.place.shifted(base));
                let line = rope.byte_to_line((span.start as usize).min(rope.len_bytes()));
                let index = meanings.lookup.own();
                let known = index.is_some_and(|index| index.names_of(path).is_some_and(|names| names.defines(id)));
                if !here(span) || !known || definition.form.rank() == Form::WEAKEST || last == Some(line) {
                    continue;
                }
                let tally = counted.get(id).copied().unwrap_or_default();
                let Some(words) = badge(&service_of(&meanings.lookup, view.scope, id, tally)) else { continue };
                last = Some(line);
                let text = rope.line(line).to_string();
                let end = rope.line_to_byte(line) + text.trim_end().len();
                out.push(Hint { offset: narrow(end), words, about: vec![(view.scope.clone(), id.clone())] });
            }
        }
    }
    out.sort_by_key(|hint| hint.offset);
    Some(out)
}

/// How a requirement is served, as short as can be; nothing where nobody asked.
fn badge(service: &Service) -> Option<String> {
    match service {
        Service::Named(Tally { tasks: 0, sections, .. }) => Some(format!("planned in {}", many(*sections, "section"))),
        Service::Named(Tally { tasks, done, .. }) => Some(format!("{done}/{tasks} done")),
        Service::Withdrawn(_) => Some("withdrawn".into()),
        Service::Parts(..) | Service::Above(_) | Service::Missing => Some(service.words()),
        Service::Unjudged => None,
    }
}

/// The requirements that one hint is about, each with its title: Markdown.
#[must_use]
pub fn tooltip(snapshot: &Snapshot, about: &[RequirementKey]) -> String {
    const MOST: usize = 24;
    let mut titles = Titles::of(snapshot);
    let mut out = String::new();
    for (scope, id) in about.iter().take(MOST) {
        let title = titles.title(scope, id).map(|titled| titled.title).unwrap_or_default();
        let _ = writeln!(out, "- **{id}** {title}");
    }
    if about.len() > MOST {
        let _ = writeln!(out, "- and {} more", about.len() - MOST);
    }
    out
}

/// A title with the words of its links and without where they lead.
fn unlinked(title: &str) -> Cow<'_, str> {
    if !title.contains("](") {
        return title.into();
    }
    let (mut out, mut rest) = (String::new(), title);
    while let Some(middle) = rest.find("](") {
        let Some(open) = rest[..middle].rfind('[') else { break };
        out.push_str(&rest[..open]);
        out.push_str(&rest[open + 1..middle]);
        // The title may have been cut inside the link.
        let Some(close) = rest[middle..].find(')') else { return (out + "…").into() };
        rest = &rest[middle + close + 1..];
    }
    (out + rest).into()
}

/// At most `most` characters, cut behind a word where there is one.
fn shortened(title: &str, most: usize) -> String {
    let Some((mut cut, _)) = title.char_indices().nth(most) else { return title.to_string() };
    // What is drawn as one is not cut: `👩‍👧` is a woman, a joiner and a girl, and an accent may follow its letter.
    let joins =
        |c: char| matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe0e}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    while title[cut..].starts_with(joins) || title[..cut].ends_with('\u{200d}') {
        cut -= title[..cut].chars().next_back().map_or(cut, char::len_utf8);
    }
    let head = &title[..cut];
    let word = head.rfind(' ').filter(|at| *at >= cut / 2 && !title[cut..].starts_with(' ')).unwrap_or(cut);
    format!("{}…", head[..word].trim_end_matches([' ', ',', ';', ':', '.', '…']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;
    use crate::settings::Settings;

    fn hinted(fixture: &str, change: impl FnOnce(&mut Settings)) -> Option<String> {
        let (mut world, path, _) = cursor(fixture);
        let mut settings = Settings::default();
        change(&mut settings);
        world.set_settings(settings);
        let snapshot = world.snapshot();
        let mut text = snapshot.document(&path)?.rope().to_string();
        for hint in inlay_hints(&snapshot, &path, Span { start: 0, end: u32::MAX })?.into_iter().rev() {
            text.insert_str(hint.offset as usize, &format!("‹{}›", hint.words));
        }
        Some(text)
    }

    const SPEC: &str = "- **FR-1**: Check the password, slowly\n- **FR-2**: Lock\n- **NFR-1**: Fast\n";

    #[test]
    fn titles_stand_behind_ids_in_trace_lines_alone() {
        let fixture = format!(
            "//- a/spec.md\n{SPEC}//- a/plan.md\n$0## A\n\nSee FR-1.\n\n_Requirements: FR-1, FR-2, FR-9, FR-1–FR-2_\n"
        );
        assert_eq!(
            hinted(&fixture, |settings| settings.shown.title_length = 20).unwrap(),
            "## A\n\nSee FR-1.\n\n_Requirements: FR-1‹Check the password…›, FR-2‹Lock›, FR-9, FR-1–FR-2‹2 requirements›_\n"
        );
        assert!(!hinted(&fixture, |settings| settings.shown.title_length = 0).unwrap().contains('‹'));
    }

    #[test]
    fn how_a_requirement_is_served_stands_at_its_end() {
        let fixture = format!(
            "//- a/spec.md\n$0{SPEC}//- a/plan.md\n## A\n\n_Requirements: FR-1, FR-2_\n//- a/tasks.md\n- [x] 1. A\n  - _Requirements: FR-1_\n- [ ] 2. B FR-1\n"
        );
        assert_eq!(
            hinted(&fixture, |_| {}).unwrap(),
            "- **FR-1**: Check the password, slowly‹1/2 done›\n- **FR-2**: Lock‹planned in 1 section›\n- **NFR-1**: Fast\n"
        );
        assert!(!hinted(&fixture, |settings| settings.shown.coverage = false).unwrap().contains('‹'));
    }

    #[test]
    fn titles_are_cut_where_a_reader_would() {
        assert_eq!(shortened("Check it", 8), "Check it");
        assert_eq!(shortened("Check it all", 8), "Check it…");
        assert_eq!(shortened("Check, slowly", 8), "Check…");
        assert_eq!(shortened("字字字字", 2), "字字…");
        assert_eq!(shortened("ab👩\u{200d}👧 go", 4), "ab…", "a family is drawn as one");
        assert_eq!(shortened("cafe\u{301}s", 4), "caf…");
        assert_eq!(unlinked("See [it](x.md) and [[FR-1]] ([b](c))"), "See it and [[FR-1]] (b)");
        assert_eq!(unlinked("See [it](http://very.long…"), "See it…");
        assert_eq!(unlinked("a ](b"), "a ](b");
    }

    #[test]
    fn a_range_tells_how_many_it_means() {
        let (world, path, _) = cursor(
            "//- a/spec.md\n- **FR-1**: A\n- **FR-1.1**: B\n- **FR-1.2**: C\n- **FR-1.4**: D\n//- a/plan.md\n$0## A\n\n_Requirements: FR-1.*, FR-1.1–1.4, FR-1, FR-1_\n",
        );
        let snapshot = world.snapshot();
        let hints = inlay_hints(&snapshot, &path, Span { start: 0, end: u32::MAX }).unwrap();
        let words: Vec<&str> = hints.iter().map(|hint| hint.words.as_str()).collect();
        assert_eq!(words, ["3 requirements", "3 requirements", "A", "A"]);
        assert_eq!(tooltip(&snapshot, &hints[1].about), "- **FR-1.1** B\n- **FR-1.2** C\n- **FR-1.4** D\n");
    }

    #[test]
    fn other_markdown_has_no_hints() {
        assert_eq!(hinted("//- README.md\n$0# Read me\n", |_| {}), None);
    }
}
