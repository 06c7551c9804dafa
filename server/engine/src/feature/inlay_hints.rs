//! Inlay hints: a requirement's title behind its id in a trace line, and how a requirement is served behind its statement.

use crate::facts::{Form, Kind, Reach};
use crate::path::FilePath;
use crate::survey::{Meanings, Meant, Service, Tally, Titles, service_of, tallies};
use crate::text::{Span, narrow};
use crate::world::Snapshot;

/// Words that an editor shows within the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The byte that they stand before, from the file's start.
    pub offset: u32,
    /// The words.
    pub words: String,
    /// The requirement that they are about; none where they are about several.
    pub about: Option<Meant>,
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
                // The ids inside a range stand in one place, and only its ends could be told there.
                let mut ranged = matches!(reference.reach, Reach::Children | Reach::From);
                while references.next_if(|other| other.span == reference.span).is_some() {
                    ranged = true;
                }
                if reference.kind != Kind::Trace || ranged {
                    continue;
                }
                let [meant] = meanings.meant_by(facts, reference) else { continue };
                let meant = meant.clone();
                let Some(titled) = titles.title(&meant.0, &meant.1) else { continue };
                if !titled.title.is_empty() && !meant.1.is_name() {
                    let mut words = shortened(titled.title, shown.title_length);
                    if meanings.lookup.is_withdrawn(&meant.0, &meant.1) {
                        words.insert_str(0, "withdrawn · ");
                    }
                    out.push(Hint { offset: span.end, words, about: Some(meant) });
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
                out.push(Hint { offset: narrow(end), words, about: Some((view.scope.clone(), id.clone())) });
            }
        }
    }
    out.sort_by_key(|hint| hint.offset);
    Some(out)
}

/// How a requirement is served, as short as can be; nothing where nobody asked.
fn badge(service: &Service) -> Option<String> {
    match service {
        Service::Named(Tally { tasks: 0, sections, .. }) => {
            Some(format!("planned in {sections} section{}", if *sections == 1 { "" } else { "s" }))
        }
        Service::Named(Tally { tasks, done, .. }) => Some(format!("{done}/{tasks} done")),
        Service::Withdrawn(_) => Some("withdrawn".into()),
        Service::Parts(..) | Service::Above(_) | Service::Missing => Some(service.words()),
        Service::Unjudged => None,
    }
}

/// At most `most` characters, cut behind a word where there is one.
fn shortened(title: &str, most: usize) -> String {
    let Some((cut, _)) = title.char_indices().nth(most) else { return title.to_string() };
    let head = &title[..cut];
    let word = head.rfind(' ').filter(|at| *at >= cut / 2 && !title[cut..].starts_with(' ')).unwrap_or(cut);
    format!("{}…", head[..word].trim_end_matches([' ', ',', ';', ':', '.']))
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
            "## A\n\nSee FR-1.\n\n_Requirements: FR-1‹Check the password…›, FR-2‹Lock›, FR-9, FR-1–FR-2_\n"
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
    fn other_markdown_has_no_hints() {
        assert_eq!(hinted("//- README.md\n$0# Read me\n", |_| {}), None);
    }
}
