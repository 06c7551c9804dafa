//! Tasks that text names by their numbers: behind a word for tasks, or with their letter; also in other files of their feature.

use super::entries::{Elsewhere, Entries};
use crate::dialect::{Lexicon, Role};
use crate::edit::{Edit, FileEdits, Label, Refusal};
use crate::feature::Source;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::text::{Encoding, Span, lines_of};
use crate::world::{Snapshot, Trial, View};
use rustc_hash::{FxHashMap, FxHashSet};

/// The numbers behind words for tasks, which are no more than text: `Task 18`, `tasks 3–5 and 7`.
pub(super) fn spoken(text: &str, words: &Lexicon) -> Vec<Span> {
    let bytes = text.as_bytes();
    let number = |at: usize| {
        let end = number_end(bytes, at)?;
        Some(Span::new(at, end)).filter(|span| !span.is_empty())
    };
    let mut out: Vec<Span> = Vec::new();
    for (at, c) in text.char_indices() {
        let before = text[..at].chars().next_back();
        // Writing without blanks goes on with a word from letter to letter.
        let within = before.is_some_and(|before| before.is_ascii_alphanumeric() && c.is_ascii_alphanumeric());
        if within || !c.is_alphabetic() {
            continue;
        }
        let Some(len) = words.longest_start(&text[at..]) else { continue };
        let rest = &text[at + len..];
        let mut next = at + len + rest.len() - rest.trim_start_matches([' ', '\u{a0}', '#']).len();
        while let Some(span) = number(next) {
            out.push(span);
            let behind = &text[span.end as usize..];
            let joints = [
                " through ",
                " and ",
                " und ",
                " or ",
                " to ",
                ", and ",
                ", ",
                " – ",
                " - ",
                "–",
                "-",
                "—",
                "/",
                " & ",
                ",",
            ];
            let Some(joint) = joints.iter().find(|joint| behind.starts_with(**joint)) else { break };
            next = span.end as usize + joint.len();
        }
    }
    out
}

/// Where the number of a task ends that begins at `at`: `18`, `1.2`, `3a`.
fn number_end(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = at + digits(at);
    if end == at {
        return None;
    }
    while bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    end += usize::from(letter(end) && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric));
    (!letter(end)).then_some(end)
}

/// Numbers with their letter: `T012`, `T012a`.
fn lettered(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    for at in memchr::memchr_iter(b'T', bytes) {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        // In `T009-T011` the dash joins two of them.
        let joined = at > 1 && matches!(bytes[at - 1], b'-' | b'/') && bytes[at - 2].is_ascii_alphanumeric();
        let within = before.is_some_and(|b| b.is_ascii_alphanumeric() || b"-_./#\\@=".contains(&b)) && !joined;
        let Some(end) = number_end(bytes, at + 1).filter(|_| !within) else { continue };
        let more = matches!(bytes.get(end), Some(b'_' | b'-' | b'.'))
            && bytes.get(end + 1).is_some_and(u8::is_ascii_lowercase);
        if (2..=6).contains(&(end - at - 1)) && !bytes[at..end].contains(&b'.') && !more {
            out.push(Span::new(at, end));
        }
    }
    out
}

/// What stands in a fence or belongs to one.
fn is_fenced(text: &str) -> impl Fn(&Span) -> bool + use<> {
    let mut fences: Vec<Span> = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    for line in lines_of(text) {
        let own = text[line.clone()].trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| own.starts_with(mark));
        match (open, mark) {
            (None, Some(mark)) => open = Some((line.start, mark)),
            (Some((start, own)), Some(mark)) if own == mark => {
                fences.push(Span::new(start, line.end));
                open = None;
            }
            _ => {}
        }
    }
    fences.extend(open.map(|(start, _)| Span::new(start, text.len())));
    move |span| fences.iter().any(|fence| fence.covers(*span))
}

/// The edits of the other files of the feature that name tasks of `list`. Of a number that another list has as well it cannot be
/// told whose task is meant.
///
/// # Errors
/// Which lines may mean several tasks, or would come to mean another.
pub(super) fn elsewhere(
    snapshot: &Snapshot,
    source: &dyn Source,
    list: &View<'_>,
    entries: &Entries,
    elsewhere: Elsewhere,
) -> Result<Vec<FileEdits>, Refusal> {
    let meant = entries.meant(elsewhere);
    let shared: FxHashSet<&Id> = entries.shared().collect();
    let taken: FxHashSet<&Id> = entries.all.iter().map(|entry| &entry.new).collect();
    let told = elsewhere != Elsewhere::Unknown;
    let others = || snapshot.views_in(list.scope).filter(|it| it.path != list.path && it.role != Role::Template);
    let numbers = |view: &View<'_>| -> FxHashSet<Id> {
        let all = view.parts().flat_map(|(_, facts)| facts.tasks.iter().map(|task| Id::new(facts.text(task.number))));
        all.collect()
    };
    let lists: Vec<_> =
        others().filter(|it| it.role == Role::Tasks).map(|it| (it.path.clone(), numbers(&it))).collect();
    let name = snapshot.display_path(list.path);
    let mut trial = Trial::of(snapshot);
    let (mut out, mut unclear): (Vec<FileEdits>, Vec<(Id, String)>) = (Vec::new(), Vec::new());
    for view in others() {
        let text = FileText::of(snapshot, source, &view)?;
        let whole = text.whole();
        let words = &snapshot.dialect_of(view.path).table.tasks.names;
        let mut spans = spoken(&whole, words);
        let letters: FxHashSet<Span> = lettered(&whole).into_iter().collect();
        spans.extend(&letters);
        spans.sort();
        spans.dedup();
        let own = lists.iter().find(|(path, _)| path == view.path).map(|(_, numbers)| numbers);
        let known: FxHashSet<Span> = view
            .parts()
            .flat_map(|(base, facts)| facts.references.iter().map(move |it| it.span.shifted(base)))
            .collect();
        let fenced = is_fenced(&whole);
        let mut edits: Vec<Edit> = Vec::new();
        for span in spans.into_iter().filter(|span| !known.contains(span) && !fenced(span)) {
            let id = Id::new(&whole[span.range()]);
            let place = || {
                let line = view.position(span.start, Encoding::Utf8).line + 1;
                format!("{}:{line}", snapshot.display_path(view.path))
            };
            if own.is_some_and(|own| own.contains(&id)) {
                continue;
            }
            let Some(new) = meant.get(&id) else {
                let elsewhere = lists.iter().any(|(_, numbers)| numbers.contains(&id));
                if taken.contains(&id) && letters.contains(&span) && !elsewhere {
                    let place = place();
                    return Err(Refusal(format!(
                        "`{id}` in {place} names no task yet and would then mean another · correct that first"
                    )));
                }
                continue;
            };
            let several = shared.contains(&id)
                || new.as_str() != id.as_str() && lists.iter().any(|(_, numbers)| numbers.contains(&id));
            if several && !told {
                unclear.push((id, place()));
            } else if new.as_str() != id.as_str() {
                edits.push(Edit { span, text: new.to_string() });
            }
        }
        if edits.is_empty() {
            continue;
        }
        text.try_out(&mut trial, view.path, &edits);
        let label = Label {
            title: "References".into(),
            about: "what names the tasks in other files of the feature".into(),
            confirm: false,
        };
        out.push(FileEdits { path: view.path.clone(), edits, label: Some(label) });
    }
    if let Some((id, _)) = unclear.first() {
        let mut places: Vec<String> = unclear.iter().map(|(_, place)| place.clone()).collect();
        places.dedup();
        return Err(Refusal(format!(
            "task `{id}` may mean one of several, of {name} or another list, in {}; nothing was changed · say which is meant",
            places.join(", ")
        )));
    }
    let after = trial.end();
    for edited in &out {
        let same = |(old, new): (View<'_>, View<'_>)| references(&old) == references(&new);
        let views = snapshot.view(&edited.path).zip(after.view(&edited.path));
        if !views.is_some_and(same) {
            let name = snapshot.display_path(&edited.path);
            return Err(Refusal(format!("{name} would name other requirements than before; nothing was changed")));
        }
    }
    Ok(out)
}

/// How often each requirement is named.
pub(super) fn references(view: &View<'_>) -> FxHashMap<Id, usize> {
    let mut out: FxHashMap<Id, usize> = FxHashMap::default();
    for (_, facts) in view.parts() {
        facts.references.iter().for_each(|it| *out.entry(facts.id(it.id).clone()).or_default() += 1);
    }
    out
}
