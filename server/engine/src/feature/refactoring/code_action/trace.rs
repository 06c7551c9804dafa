//! Gives a task or a section of the plan a trace line, or puts an id into the one it has.

use super::offer::{Deed, Kind, Offer, Place};
use crate::dialect::Role;
use crate::edit::{Edit, Proposal, Refusal};
use crate::facts::{Facts, Kind as Mentioned, TraceLine};
use crate::feature::list_items::{Head, first_below};
use crate::feature::source::FileText;
use crate::id::Id;
use crate::query::{Lookup, SymbolRole, definitions_of, symbols_at};
use crate::text::Span;
use crate::words::words;
use crate::world::View;

/// So many tasks are asked how they write the points below them.
const MOST_TASKS: usize = 100;

/// A task or section that can have a trace line.
struct Owner<'a> {
    name: String,
    /// Its text as far as its own trace line goes for it, from the file's start.
    span: Span,
    /// The trace line that it has.
    trace: Option<(u32, &'a Facts, &'a TraceLine)>,
    /// Whether the line is a point of a list.
    is_task: bool,
}

pub(super) fn offer(place: Place<'_>, view: &View<'_>, automatic: bool, out: &mut Vec<Offer>) {
    let Some(owner) = owner_at(place, view) else { return };
    let symbols = symbols_at(place.snapshot, view, place.span.start);
    let mention = symbols.first().filter(|symbol| symbol.role == SymbolRole::Reference(Mentioned::Mention));
    if let Some(symbol) = mention.filter(|symbol| symbols.len() == 1 && symbol.scope.is_some()) {
        let named = owner.trace.is_some_and(|(_, facts, trace)| names(facts, trace, &symbol.id));
        if !named {
            let title = format!("Trace {} to `{}`", owner.name, symbol.id);
            out.push(Offer::new(title, Kind::Rewrite, Deed::Trace(Some(symbol.id.clone()))));
        }
        return;
    }
    if owner.trace.is_some() || automatic {
        return;
    }
    let mut offer = Offer::new(format!("Add a trace line to {}", owner.name), Kind::Rewrite, Deed::Trace(None));
    offer.disabled = likely(place, view, &owner).err();
    out.push(offer);
}

fn names(facts: &Facts, trace: &TraceLine, id: &Id) -> bool {
    facts.references[trace.references.start as usize..trace.references.end as usize]
        .iter()
        .any(|reference| facts.id(reference.id) == id)
}

/// The task or section that the place is in. In tasks files a place outside of tasks has none.
fn owner_at<'a>(place: Place<'_>, view: &View<'a>) -> Option<Owner<'a>> {
    let at = place.span.start;
    let (base, facts) = view.part_at(at)?;
    if view.role == Role::Tasks {
        let index = facts.tasks.iter().rposition(|task| task.item.shifted(base).touches(at))?;
        let task = &facts.tasks[index];
        let below = facts.tasks[index + 1..].iter().find(|other| task.item.covers(other.item));
        let own = Span { start: task.item.start, end: below.map_or(task.item.end, |below| below.item.start) };
        let trace = facts.traces.iter().find(|trace| own.covers(trace.line));
        let number = facts.text(task.number);
        let name = if number.is_empty() { "this task".into() } else { format!("task {number}") };
        let span = own.shifted(base);
        return Some(Owner { name, span, trace: trace.map(|trace| (base, facts, trace)), is_task: true });
    }
    if view.role != Role::Plan {
        return None;
    }
    let sections: Vec<(u32, u32, &str)> = view
        .parts()
        .flat_map(|(base, facts)| {
            facts
                .sections
                .iter()
                .map(move |section| (section.head.start + base, section.head.end + base, facts.text(section.title)))
        })
        .collect();
    let index = sections.iter().rposition(|(start, _, _)| *start <= at)?;
    let (_, start, title) = sections[index];
    let end = sections.get(index + 1).map_or(u32::MAX, |(next, _, _)| *next);
    let own = Span { start, end };
    let trace = view.parts().find_map(|(base, facts)| {
        let trace = facts.traces.iter().find(|trace| own.covers(trace.line.shifted(base)))?;
        Some((base, facts, trace))
    });
    Some(Owner { name: format!("*{title}*"), span: own, trace, is_task: false })
}

/// The defined ids whose statements share the most words with the owner's text.
fn likely(place: Place<'_>, view: &View<'_>, owner: &Owner<'_>) -> Result<Vec<Id>, Refusal> {
    const MOST: usize = 3;
    let about = words(&text_of(view, owner.span));
    let lookup = Lookup::of(place.snapshot, view.scope);
    let mut ranked: Vec<(usize, Id)> = lookup
        .all_defined()
        .filter_map(|(scope, id)| {
            let defined = definitions_of(place.snapshot, scope, id).into_iter().next()?;
            let shared = words(defined.title()).intersection(&about).count();
            (shared > 0).then(|| (shared, id.clone()))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let best = ranked.first().map_or(0, |(shared, _)| *shared);
    let mut ids: Vec<Id> =
        ranked.into_iter().take_while(|(shared, _)| *shared == best).map(|(_, id)| id).take(MOST).collect();
    ids.sort();
    if ids.is_empty() {
        return Err(Refusal("no requirement speaks of what stands here".into()));
    }
    Ok(ids)
}

fn text_of(view: &View<'_>, span: Span) -> String {
    let Some(document) = view.document() else { return String::new() };
    let rope = document.rope();
    let char_at = |byte: u32| rope.byte_to_char((byte as usize).min(rope.len_bytes()));
    rope.slice(char_at(span.start)..char_at(span.end)).to_string()
}

pub(super) fn trace(place: Place<'_>, view: &View<'_>, id: Option<&Id>) -> Result<Proposal, Refusal> {
    let gone = || Refusal("there is no task or section any more".into());
    let owner = owner_at(place, view).ok_or_else(gone)?;
    let ids = match id {
        Some(id) => vec![id.clone()],
        None => likely(place, view, &owner)?,
    };
    let list = ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ");
    if let Some((base, _, trace)) = owner.trace {
        let value = text_of(view, trace.value.shifted(base));
        let end = trace.value.start + crate::text::narrow(value.trim_end().len());
        let edit = Edit { span: Span::at((end + base) as usize), text: format!(", {list}") };
        return Ok(Proposal::of_file(view.path, vec![edit]));
    }
    let text = text_of(view, owner.span);
    // A section goes on to the next heading's text, so that heading's marks are still there.
    let body = text.trim_end_matches(['#', ' ', '\t', '\n', '\r']);
    let end = owner.span.start + crate::text::narrow(body.len());
    let whole = view.document().ok_or_else(gone)?;
    let newline = FileText::Open(whole.rope()).newline();
    let Marks { open, close, bullet } = marks(view);
    let text = if owner.is_task {
        let (line, start) = whole.line_at(owner.span.start);
        let (blanks, own) = place_below(view, &line, &text_of(view, Span { start, end }));
        let bullet = if bullet { format!("{own} ") } else { String::new() };
        format!("{newline}{blanks}{bullet}{open}{list}{close}")
    } else {
        format!("{newline}{newline}{open}{list}{close}")
    };
    Ok(Proposal::of_file(view.path, vec![Edit { span: Span::at(end as usize), text }]))
}

/// The blanks and the bullet of a new point below the task that `line` begins and `text` is: those of the points that it has,
/// else those that other tasks' points have.
fn place_below(view: &View<'_>, line: &str, text: &str) -> (String, char) {
    let bullet = |mark: &str| mark.chars().next().filter(|c| matches!(c, '-' | '*' | '+'));
    let own = Head::of(line);
    let usual = own.and_then(|own| bullet(own.mark)).unwrap_or('-');
    if let Some(point) = first_below(text.lines()) {
        return (point.indent.to_string(), bullet(point.mark).unwrap_or(usual));
    }
    let Some(own) = own else { return (String::new(), usual) };
    let others = view.parts().flat_map(|(base, facts)| facts.tasks.iter().map(move |task| task.item.shifted(base)));
    let step = others.take(MOST_TASKS).find_map(|item| {
        let (line, start) = view.document()?.line_at(item.start);
        let text = text_of(view, Span { start, ..item });
        let point = first_below(text.lines())?;
        // An ordered task needs as many blanks as its number is long.
        let alike = Head::of(&line)?.mark.len() == own.mark.len();
        let step = point.indent.strip_prefix(Head::of(&line)?.indent)?.to_string();
        alike.then_some((step, bullet(point.mark)))
    });
    match step {
        Some((step, other)) => (format!("{}{step}", own.indent), other.unwrap_or(usual)),
        None => (own.below(false), usual),
    }
}

/// How trace lines are written.
struct Marks {
    open: String,
    close: String,
    /// Whether one is a point of a task's list.
    bullet: bool,
}

/// How the trace lines of the file are written, else as the templates have it.
fn marks(view: &View<'_>) -> Marks {
    let usual = || Marks { open: "_Requirements: ".into(), close: "_".into(), bullet: true };
    let first =
        view.parts().find_map(|(base, facts)| Some((base, facts.traces.iter().find(|trace| trace.flaws.is_empty())?)));
    let (Some((base, trace)), Some(document)) = (first, view.document()) else { return usual() };
    let open = text_of(view, Span { start: trace.line.start, end: trace.value.start }.shifted(base));
    let close =
        text_of(view, Span { start: trace.value.end, end: trace.line.end }.shifted(base)).trim_end().to_string();
    let (line, start) = document.line_at(trace.line.start + base);
    let before = line.get(..(trace.line.start + base - start) as usize).unwrap_or_default();
    Marks { open, close, bullet: Head::of(before).is_some() || before.is_empty() }
}
