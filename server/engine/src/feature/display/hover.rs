//! Hover: what a requirement says, where it is defined, and who serves it.

use super::section_hover::section_hover;
use crate::facts::{Form, State};
use crate::feature::explain::unresolved;
use crate::feature::source::{Source, statement_text};
use crate::id::Id;
use crate::index::Link;
use crate::path::FilePath;
use crate::query::{
    Lookup, Symbol, SymbolRole, definitions_of, former_names_of, predecessors_of, successors_of, symbols_at,
};
use crate::review::{Suspect, suspect};
use crate::suggestion::likely_of;
use crate::text::{Encoding, Span};
use crate::trace_links::{Links, links_of};
use crate::wording::{Piece, Wording, difference, shortened};
use crate::world::{Snapshot, View};
use std::fmt::Write;

/// Longer lists are cut.
const MOST: usize = 12;

/// What is shown beside a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The text it is about, from the file's start.
    pub span: Span,
    /// Markdown.
    pub text: String,
}

/// What is to be said of the id at byte `offset` of the open document at `path`.
#[must_use]
pub fn hover(snapshot: &Snapshot, source: &dyn Source, path: &FilePath, offset: u32) -> Option<Hover> {
    /// A range over more ids than this is told by its titles alone.
    const MOST_IN_FULL: usize = 3;
    let view = snapshot.view(path)?;
    let symbols = symbols_at(snapshot, &view, offset);
    let Some(span) = symbols.first().map(|symbol| symbol.span) else {
        return section_hover(snapshot, path, offset).map(|(span, text)| Hover { span, text });
    };
    let lookup = Lookup::of(snapshot, view.scope);
    let mut text = String::new();
    for symbol in &symbols {
        if symbol.scope.is_none() && !lookup.complete {
            continue;
        }
        if !text.is_empty() {
            text.push_str(if symbols.len() > MOST_IN_FULL { "\n" } else { "\n\n---\n\n" });
        }
        if symbols.len() > MOST_IN_FULL {
            brief(snapshot, symbol, &mut text);
        } else {
            full(snapshot, source, &lookup, &view, offset, symbol, &mut text);
        }
    }
    (!text.is_empty()).then_some(Hover { span, text })
}

fn brief(snapshot: &Snapshot, symbol: &Symbol, out: &mut String) {
    let title = symbol.scope.as_ref().and_then(|scope| {
        definitions_of(snapshot, scope, &symbol.id).first().map(|defined| defined.title().to_string())
    });
    let gone = symbol.scope.as_ref().is_some_and(|scope| is_withdrawn(snapshot, scope, &symbol.id));
    let gone = if gone { " (withdrawn)" } else { "" };
    let _ = write!(out, "- **{}**{gone} {}", symbol.id, title.unwrap_or_else(|| "(not defined)".into()));
}

fn is_withdrawn(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> bool {
    snapshot.index(scope).is_some_and(|index| index.is_withdrawn(id))
}

fn full(
    snapshot: &Snapshot,
    source: &dyn Source,
    lookup: &Lookup,
    view: &View<'_>,
    offset: u32,
    symbol: &Symbol,
    out: &mut String,
) {
    let home = view.scope;
    let id = &symbol.id;
    let Some(scope) = &symbol.scope else {
        let _ = write!(out, "**{id}** is not defined in {}", snapshot.display_scope(home, id));
        if let Some(likely) = likely_of(snapshot, lookup, id) {
            let _ = write!(out, " · did you mean **{likely}**?");
        }
        let judged = unresolved(snapshot, *view, offset).into_iter().find(|judged| judged.id == *id);
        if let Some(judged) = judged
            && let Some(doubted) = judged.doubts.first()
        {
            let said = if judged.level.is_some() { "A remark only" } else { "Not reported" };
            let _ = write!(out, "\n\n*{said}*: {}.", doubted.words);
        }
        for folder in snapshot.neighbours_defining(id, home) {
            let _ = write!(out, "\n\n{} defines {id}, but ids are local to a feature.", snapshot.display_path(folder));
        }
        return;
    };
    let definitions = definitions_of(snapshot, scope, id);
    let Some(defined) = definitions.first() else { return };
    let line = defined.view.position(defined.place().span.start, Encoding::Utf8).line + 1;
    let _ = write!(
        out,
        "**{id}** · {}:{line}\n\n{}\n",
        snapshot.display_path(defined.view.path),
        statement_text(source, defined)
    );
    if let Some(Suspect { was, now }) = suspect(snapshot, scope, id, |path| source.text(path)) {
        let _ = write!(out, "\n*Changed since its review*: {}\n", marked(&was, &now));
    }
    let withdrawn = is_withdrawn(snapshot, scope, id);
    if withdrawn {
        let next: Vec<String> = successors_of(snapshot, scope, id).iter().map(|by| format!("**{by}**")).collect();
        let by = if next.is_empty() { String::new() } else { format!(", superseded by {}", next.join(", ")) };
        let _ = write!(out, "\n*Withdrawn*{by}.\n");
    }
    out.push_str(&history(snapshot, scope, id));
    let everything = || snapshot.scopes_seeing(scope).all(|seeing| snapshot.is_read(seeing));
    served(out, &links_of(snapshot, scope, id), lookup.complete || snapshot.is_read(scope) && everything());
    if definitions.len() > 1 && definitions.iter().filter(|other| other.view.path == defined.view.path).count() > 1 {
        let _ = write!(out, "\n*Defined {} times.*\n", definitions.len());
    }
    if matches!(symbol.role, SymbolRole::Definition(form) if !form.is_written() && form != Form::Scenario) {
        out.push_str("\n*The id is counted, not written.*\n");
    }
}

/// What the requirement was called, and what it takes the place of.
fn history(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> String {
    let list = |ids: &[Id]| ids.iter().map(|id| format!("**{id}**")).collect::<Vec<_>>().join(", ");
    let former = former_names_of(snapshot, scope, id);
    let before = predecessors_of(snapshot, scope, id);
    let mut out = String::new();
    if !former.is_empty() {
        let _ = write!(out, "\n*Formerly* {}.\n", list(&former));
    }
    if !before.is_empty() {
        let _ = write!(out, "\n*Takes the place of* {}.\n", list(&before));
    }
    out
}

/// Which words have gone and come, as Markdown.
fn marked(was: &Wording, now: &Wording) -> String {
    let escaped = |words: &str| {
        let mut out = String::with_capacity(words.len());
        for c in words.chars() {
            if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '-' | '/' | ':' | '\'' | '%') {
                out.push('\\');
            }
            out.push(c);
        }
        out
    };
    let told = |piece: Piece| match piece {
        Piece::Same(words) => escaped(&words),
        Piece::Gone(words) => format!("~~{}~~", escaped(&words)),
        Piece::New(words) => format!("**{}**", escaped(&words)),
    };
    shortened(difference(was, now)).into_iter().map(told).collect::<Vec<_>>().join(" ")
}

/// The three links: where it is planned, which tasks build it, how many of these are done; and which is missing.
fn served(out: &mut String, links: &Links, complete: bool) {
    let titles: Vec<String> = links.planned.iter().map(|section| format!("*{}*", section.title)).collect();
    if !titles.is_empty() {
        let more = titles.len().saturating_sub(MOST);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = write!(out, "\nplanned in {}{more}\n", titles[..titles.len().min(MOST)].join(", "));
    }
    if !links.tasks.is_empty() {
        let _ = writeln!(out, "\ntasks, done {} of {}", links.done(), links.tasks.len());
        for task in links.tasks.iter().take(MOST) {
            let _ = writeln!(out, "- {} {}", task.state.map_or("", mark), task.title);
        }
        if links.tasks.len() > MOST {
            let _ = writeln!(out, "- and {} more", links.tasks.len() - MOST);
        }
    }
    // Before everything is read, nothing is missing.
    let missing = |link: Link| complete && link == Link::Missing;
    let words = match (missing(links.chain.planned), missing(links.chain.tasked)) {
        (true, true) => "*No section of the plan serves it, and no task builds it.*",
        (true, false) => "*No section of the plan serves it.*",
        (false, true) => "*No task builds it.*",
        (false, false) => return,
    };
    let _ = write!(out, "\n{words}\n");
}

fn mark(state: State) -> &'static str {
    match state {
        State::Open => "☐",
        State::Done => "☑",
        State::Other => "◐",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, cursor, files};

    fn said(id: &str) -> String {
        let fixture = "//- a/spec.md\n- **FR-1**: A\n- **FR-2**: B\n- **FR-3**: C\n- **FR-4**: D\n//- a/plan.md\n# P\n\n## Data\n\n_Requirements: FR-1, FR-2_\n\n## Flow\n\n_Requirements: FR-1_\n//- a/tasks.md\n- [x] 1. One\n  - _Requirements: FR-1, FR-3_\n- [ ] 2. Two\n  - _Requirements: FR-1_\n";
        let (world, path, offset) = cursor(&fixture.replacen(id, &format!("$0{id}"), 1));
        hover(&world.snapshot(), &Texts(files(fixture)), &path, offset).expect("an id stands there").text
    }

    #[test]
    fn the_three_links_are_told() {
        let end = |id: &str| said(id).split_once("\n\n").expect("the place comes first").1.to_string();
        assert!(end("FR-1").ends_with("\nplanned in *Data*, *Flow*\n\ntasks, done 1 of 2\n- ☑ 1 One\n- ☐ 2 Two\n"));
        assert!(end("FR-2").ends_with("\nplanned in *Data*\n\n*No task builds it.*\n"));
        assert!(end("FR-3").ends_with("\ntasks, done 1 of 1\n- ☑ 1 One\n\n*No section of the plan serves it.*\n"));
        assert!(end("FR-4").ends_with("\n*No section of the plan serves it, and no task builds it.*\n"));
    }

    #[test]
    fn the_history_of_a_requirement_is_told_wherever_it_is_named() {
        let fixture = "//- a/spec.md\n- **FR-1** (formerly FR-7, FR-8): A\n- ~~**FR-2**: B~~ Superseded by FR-1.\n- **FR-3**: C\n\n| Old ID | New ID |\n|---|---|\n| FR-9 | FR-8 |\n//- a/tasks.md\n- [x] 1. One\n  - _Requirements: FR-1, FR-8, FR-3, FR-9_\n";
        let said = |at: &str| {
            let (world, path, offset) = cursor(&fixture.replacen(at, &format!("$0{at}"), 1));
            hover(&world.snapshot(), &Texts(files(fixture)), &path, offset).expect("an id stands there").text
        };
        let history = "\n*Formerly* **FR-7**, **FR-8**, **FR-9**.\n\n*Takes the place of* **FR-2**.\n\ntasks, done 1 of 1\n- ☑ 1 One\n";
        for at in ["FR-1**", "FR-1, FR-8, ", "FR-8, FR-3", "FR-9_"] {
            let text = said(at);
            assert!(text.starts_with("**FR-1** · ") && text.contains(history), "{at}: {text}");
        }
        assert!(!said("FR-3**").contains("Formerly"));
    }

    #[test]
    fn what_has_changed_since_the_review_is_told_word_by_word() {
        let fixture = "//- a/spec.md\n- **FR-1**: The system SHALL lock it after 3 tries, not > 4\n- **FR-2**: Same\n//- a/tasks.md\n- [x] 1. One\n  - _Requirements: FR-1, FR-2_\n";
        let mut lock = crate::review_lock::Lock::default();
        let put = |lock: &mut crate::review_lock::Lock, id: &str, words: &str| {
            lock.put("a", &Id::new(id), Wording::of(words));
        };
        put(&mut lock, "FR-1", "FR-1: The system SHALL lock it *after* 5 tries not < 4");
        put(&mut lock, "FR-2", "**FR-2** Same");
        let said = |at: &str, known: bool| {
            let (mut world, path, offset) = cursor(&fixture.replacen(at, &format!("{}$0{}", &at[..1], &at[1..]), 1));
            if known {
                let reviews = [(FilePath::new("/w"), std::sync::Arc::new(lock.clone()))].into();
                world.set_settings(crate::settings::Settings { reviews, ..Default::default() });
            }
            hover(&world.snapshot(), &Texts(files(fixture)), &path, offset).expect("an id stands there").text
        };
        let change = "\n*Changed since its review*: FR-1 The system SHALL lock it after ~~5~~ **3** tries not ~~\\<~~ **\\>** 4\n";
        for at in ["FR-1**", "FR-1, "] {
            assert!(said(at, true).contains(change), "{}", said(at, true));
            assert!(!said(at, false).contains("Changed since"), "{at}");
        }
        assert!(!said("FR-2**", true).contains("Changed since"));
    }
}
