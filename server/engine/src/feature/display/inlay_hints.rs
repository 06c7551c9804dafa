//! Inlay hints: what the ids of a trace line are about behind the line, and how a requirement is served behind its statement.

use super::response::response_of;
use crate::batch::{Meanings, RequirementKey, Service, Tally, Titles, many, service_of, tallies};
use crate::facts::{Form, Kind, Reach};
use crate::path::FilePath;
use crate::settings::Shown;
use crate::text::{Span, narrow};
use crate::world::{Snapshot, View};
use ropey::Rope;
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::fmt::Write;

/// Of how many characters of a title something can still be learnt.
const LEAST: usize = 8;
/// What stands between the parts of a hint.
pub const BETWEEN: &str = " · ";

/// Words that an editor shows at the end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The byte that they stand before, from the file's start.
    pub offset: u32,
    /// What is said, one beside the other with [`BETWEEN`] between them. There is at least one.
    pub parts: Vec<Part>,
}

/// What a hint says of one place in its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The words.
    pub words: String,
    /// The requirements that they are about: one, or all that a range means.
    pub about: Vec<RequirementKey>,
}

impl Hint {
    /// A hint in parentheses. VS Code draws the blanks in it as ones that keep words together, and breaks a line that is too long
    /// where it still can: before a parenthesis, and if there is none, behind the dot of `FR-1.1`.
    fn of(end: usize, mut parts: Vec<Part>) -> Option<Self> {
        parts.first_mut()?.words.insert(0, '(');
        parts.last_mut()?.words.push(')');
        Some(Self { offset: narrow(end), parts })
    }
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
    let mut out = Vec::new();
    if shown.title_length > 0 {
        out = titles_of_lines(snapshot, &view, &mut meanings, within, shown);
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
                let (_, end) = end_of(rope, line);
                out.extend(Hint::of(end, vec![Part { words, about: vec![(view.scope.clone(), id.clone())] }]));
            }
        }
    }
    out.sort_by_key(|hint| hint.offset);
    Some(out)
}

/// What is said of a place in a trace line.
struct Entry {
    said: Said,
    about: Vec<RequirementKey>,
}

enum Said {
    Title {
        withdrawn: bool,
        title: String,
    },
    Count,
    /// A name that says everything itself.
    Named,
    /// Nothing is known of it.
    Unknown,
}

/// The titles of the requirements that trace lines in `within` name, a hint for each line, at its end: between the ids, a line
/// could wrap inside one.
fn titles_of_lines(
    snapshot: &Snapshot,
    view: &View<'_>,
    meanings: &mut Meanings,
    within: Span,
    shown: &Shown,
) -> Vec<Hint> {
    let Some(rope) = view.document().map(|document| document.rope()) else { return Vec::new() };
    let words = &snapshot.dialect_of(view.path).table.definitions;
    let mut titles = Titles::of(snapshot);
    let mut out = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut open: Option<usize> = None;
    let mut close = |line: Option<usize>, entries: &mut Vec<Entry>| {
        let entries = std::mem::take(entries);
        let Some(line) = line else { return };
        let (length, end) = end_of(rope, line);
        if within.start as usize <= end && end <= within.end as usize {
            // The parentheses, and the blank that the editor leaves before them.
            let room = shown.line_length.saturating_sub(length + 3).min(shown.title_length);
            out.extend(Hint::of(end, fitted(entries, room)));
        }
    };
    let from = view.line_start(within.start);
    for (base, facts) in view.parts() {
        let first = facts.references.partition_point(|reference| reference.span.end + base < from);
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
            let line = rope.byte_to_line((span.end as usize).min(rope.len_bytes()));
            if open != Some(line) {
                close(open.replace(line), &mut entries);
            }
            let said = match &about[..] {
                [(scope, id)] if !id.is_name() => {
                    let title = titles.title(scope, id).map(|titled| unlinked(titled.title)).unwrap_or_default();
                    match response_of(&title, words) {
                        title if title.is_empty() => Said::Unknown,
                        title => Said::Title {
                            withdrawn: meanings.lookup.is_withdrawn(scope, id),
                            title: first_clause(&title).into_owned(),
                        },
                    }
                }
                [_, _, ..] if ranged => Said::Count,
                [_, ..] => Said::Named,
                [] => Said::Unknown,
            };
            if about.is_empty() || entries.iter().all(|entry| entry.about != about) {
                entries.push(Entry { said, about });
            }
        }
    }
    close(open, &mut entries);
    out
}

/// What is said of a line's `entries`, in the order in which they stand there, in `room` UTF-16 code units: whole titles, shorter
/// ones where there is no room for these, and nothing where too little of them would be left, or where nothing is known.
fn fitted(entries: Vec<Entry>, room: usize) -> Vec<Part> {
    let units = |text: &str| text.encode_utf16().count();
    if entries.iter().all(|entry| matches!(entry.said, Said::Named | Said::Unknown)) {
        return Vec::new();
    }
    let words = |entry: &Entry| match &entry.said {
        Said::Title { withdrawn: true, title } => format!("withdrawn: {title}"),
        Said::Title { withdrawn: false, title } => title.clone(),
        Said::Count if entries.len() > 1 => format!("{} ids", entry.about.len()),
        Said::Count => format!("{} requirements", entry.about.len()),
        Said::Named => "…".into(),
        Said::Unknown => "?".into(),
    };
    let all: Vec<String> = entries.iter().map(words).collect();
    let Some(mut left) = room.checked_sub((all.len() - 1) * units(BETWEEN)) else { return Vec::new() };
    // Short titles leave room for long ones: those that are longer than an equal share of what is left are cut to that.
    let mut lengths: Vec<usize> = all.iter().map(|words| units(words)).collect();
    lengths.sort_unstable();
    let mut share = usize::MAX;
    for (n, length) in lengths.iter().enumerate() {
        let equal = left / (lengths.len() - n);
        if *length > equal {
            share = equal;
            break;
        }
        left -= length;
    }
    if share < LEAST {
        return Vec::new();
    }
    let cut = |words: String| {
        let shorter = || (1..share).rev().map(|most| shortened(&words, most)).find(|words| units(words) <= share);
        if units(&words) > share { shorter().unwrap_or_default() } else { words }
    };
    all.into_iter().zip(entries).map(|(words, Entry { about, .. })| Part { words: cut(words), about }).collect()
}

/// The length of a line without blanks at its end, in UTF-16 code units, and the byte where it ends.
fn end_of(rope: &Rope, line: usize) -> (usize, usize) {
    let text = rope.line(line).to_string();
    let text = text.trim_end();
    (text.encode_utf16().count(), rope.line_to_byte(line) + text.len())
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
    // Ranges of a line may have some in common.
    let mut told = FxHashSet::default();
    for (scope, id) in about.iter().filter(|key| told.insert(*key)).take(MOST) {
        let title = titles.title(scope, id).map(|titled| titled.title).unwrap_or_default();
        let _ = writeln!(out, "- **{id}** {title}");
    }
    let all = about.iter().collect::<FxHashSet<_>>().len();
    if all > MOST {
        let _ = writeln!(out, "- and {} more", all - MOST);
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

/// A title up to the first mark that ends a clause, if that says something: a hint is also short where there is room, and VS Code
/// would break a line behind such a mark.
fn first_clause(title: &str) -> Cow<'_, str> {
    const MARKS: [char; 12] = [',', ';', '(', '[', '{', '?', '，', '；', '（', '、', '。', '？'];
    let title = title.trim_end_matches(['.', '。']);
    let from = title.char_indices().nth(LEAST).map_or(title.len(), |(at, _)| at);
    let rest = &title[from..];
    match [rest.find(MARKS), rest.find(". ")].into_iter().flatten().min() {
        Some(len) => format!("{}…", title[..from + len].trim_end()).into(),
        None => title.into(),
    }
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

    fn hinted_within(fixture: &str, within: Span, change: impl FnOnce(&mut Settings)) -> Option<String> {
        let (mut world, path, _) = cursor(fixture);
        let mut settings = Settings::default();
        change(&mut settings);
        world.set_settings(settings);
        let snapshot = world.snapshot();
        let mut text = snapshot.document(&path)?.rope().to_string();
        for hint in inlay_hints(&snapshot, &path, within)?.into_iter().rev() {
            let words: Vec<String> = hint.parts.into_iter().map(|part| part.words).collect();
            text.insert_str(hint.offset as usize, &format!("‹{}›", words.join(BETWEEN)));
        }
        Some(text)
    }

    fn hinted(fixture: &str, change: impl FnOnce(&mut Settings)) -> Option<String> {
        hinted_within(fixture, Span { start: 0, end: u32::MAX }, change)
    }

    const SPEC: &str = "- **FR-1**: Check the password, slowly\n- **FR-2**: Lock\n- **NFR-1**: Fast\n";

    #[test]
    fn titles_stand_together_at_the_end_of_trace_lines_alone() {
        let fixture = format!(
            "//- a/spec.md\n{SPEC}//- a/plan.md\n$0## A\n\nSee FR-1.\n\n_Requirements: FR-1, FR-2, FR-9, FR-1_\n- _Requirements: FR-1–FR-2, FR-2_ \n\n_Requirements: FR-9_\n"
        );
        assert_eq!(
            hinted(&fixture, |settings| settings.shown.title_length = 30).unwrap(),
            "## A\n\nSee FR-1.\n\n_Requirements: FR-1, FR-2, FR-9, FR-1_‹(Check the password… · Lock · ?)›\n- _Requirements: FR-1–FR-2, FR-2_‹(2 ids · Lock)› \n\n_Requirements: FR-9_\n"
        );
        assert!(!hinted(&fixture, |settings| settings.shown.title_length = 0).unwrap().contains('‹'));
    }

    #[test]
    fn a_title_is_what_the_sentence_demands() {
        let spec = "- **FR-1**: **WHEN** a user signs in **THEN** the system **SHALL** open a session.\n- ~~**FR-2**: The system SHALL ask for a PIN~~\n";
        let fixture = format!("//- a/spec.md\n{spec}//- a/plan.md\n$0## A\n\n_Requirements: FR-1, FR-2_");
        let text = hinted(&fixture, |_| {}).unwrap();
        assert!(text.ends_with("FR-2_‹(open a session · withdrawn: ask for a…)›"), "{text}");
    }

    #[test]
    fn no_line_becomes_too_long() {
        let spec = "- **FR-1**: Check the password of everybody who signs in\n- **FR-2**: Lock\n- **FR-3**: Expire sessions of whoever does nothing\n";
        let line = |before: usize, longest: usize| {
            let fixture = format!(
                "//- a/spec.md\n{spec}//- a/plan.md\n$0## A\n\n{} _Requirements: FR-1, FR-2, FR-3_\n",
                "é".repeat(before)
            );
            let text = hinted(&fixture, |settings| settings.shown.line_length = longest).unwrap();
            let line = text.lines().last().unwrap().to_string();
            let (text, hint) = line.split_once('‹')?;
            let hint = hint.trim_end_matches('›').to_string();
            assert!(text.chars().count() + 1 + hint.chars().count() <= longest, "{line}");
            Some(hint)
        };
        assert_eq!(line(1, 80).as_deref(), Some("(Check the… · Lock · Expire session…)"));
        assert_eq!(line(16, 80).as_deref(), Some("(Check… · Lock · Expire…)"));
        assert_eq!(line(24, 80), None, "too little would be left of a title");
        assert_eq!(line(200, 80), None);
        assert_eq!(line(16, 95), line(1, 80));
    }

    #[test]
    fn a_hint_is_of_the_range_in_which_its_line_ends() {
        let fixture = format!("//- a/spec.md\n{SPEC}//- a/plan.md\n$0## A\n\n_Requirements: FR-1, FR-2_\n");
        let within = |start, end| hinted_within(&fixture, Span { start, end }, |_| {}).unwrap().contains('‹');
        assert!(within(0, 32) && within(32, 32) && within(30, 40), "all of its ids are before the range");
        assert!(!within(0, 31) && !within(33, 40));
    }

    #[test]
    fn how_a_requirement_is_served_stands_at_its_end() {
        let fixture = format!(
            "//- a/spec.md\n$0{SPEC}//- a/plan.md\n## A\n\n_Requirements: FR-1, FR-2_\n//- a/tasks.md\n- [x] 1. A\n  - _Requirements: FR-1_\n- [ ] 2. B FR-1\n"
        );
        assert_eq!(
            hinted(&fixture, |_| {}).unwrap(),
            "- **FR-1**: Check the password, slowly‹(1/2 done)›\n- **FR-2**: Lock‹(planned in 1 section)›\n- **NFR-1**: Fast\n"
        );
        assert!(!hinted(&fixture, |settings| settings.shown.coverage = false).unwrap().contains('‹'));
    }

    #[test]
    fn titles_are_cut_where_a_reader_would() {
        assert_eq!(first_clause("Check the password, slowly."), "Check the password…");
        assert_eq!(first_clause("Check it (FR-1.2). Then go"), "Check it…");
        assert_eq!(first_clause("A, then version 1.2"), "A, then version 1.2");
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
            "//- a/spec.md\n- **FR-1**: A\n- **FR-1.1**: B\n- **FR-1.2**: C\n- **FR-1.4**: D\n//- a/plan.md\n$0## A\n\n_Requirements: FR-1.*, FR-1.1–1.2_\n\n_Requirements: FR-1, FR-1_\n",
        );
        let snapshot = world.snapshot();
        let hints = inlay_hints(&snapshot, &path, Span { start: 0, end: u32::MAX }).unwrap();
        let words: Vec<&str> = hints.iter().flat_map(|hint| &hint.parts).map(|part| part.words.as_str()).collect();
        assert_eq!(words, ["(3 ids", "2 ids)", "(A)"]);
        let all: Vec<RequirementKey> =
            hints.iter().flat_map(|hint| &hint.parts).flat_map(|part| part.about.clone()).collect();
        assert_eq!(tooltip(&snapshot, &all), "- **FR-1.1** B\n- **FR-1.2** C\n- **FR-1.4** D\n- **FR-1** A\n");
    }

    #[test]
    fn other_markdown_has_no_hints() {
        assert_eq!(hinted("//- README.md\n$0# Read me\n", |_| {}), None);
    }
}
