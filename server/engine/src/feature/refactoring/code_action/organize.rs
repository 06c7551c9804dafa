//! Trace lines in order: ids sorted, each once, runs of them joined into ranges or ranges written out.

use super::offer::{Deed, Kind, Offer, Place, Style};
use crate::edit::{Edit, Proposal};
use crate::facts::{Facts, Reach, Reference, Sure, TraceLine};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::text::Span;
use crate::world::{Snapshot, View};

/// A line with more references is left as it is: nobody has written it.
const MOST: usize = 1000;

/// One element of a trace line's list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Element {
    text: String,
    /// The ids that it names; a wildcard is the one that it stands for.
    ids: Vec<Id>,
    shape: Shape,
    sure: Sure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    One,
    Range,
    Children,
    /// A range over parents.
    Wide,
}

/// Offers the trace line at the place with its ranges written out or its ids joined.
pub(super) fn offer_here(view: &View<'_>, place: Place<'_>, out: &mut Vec<Offer>) {
    let touched = view.parts().flat_map(|(base, facts)| facts.traces.iter().map(move |trace| trace.line.shifted(base)));
    let Some(line) = touched.into_iter().find(|line| line.start <= place.span.end && place.span.start <= line.end)
    else {
        return;
    };
    for (style, title) in [
        (Style::Keep, "Put this trace line in order"),
        (Style::WriteOut, "Write out the ranges of this trace line"),
        (Style::Join, "Join the ids of this trace line into ranges"),
    ] {
        let deed = Deed::Organize(style, Some(line));
        let proposal = organize(place.snapshot, view, style, Some(line));
        let in_order = |offer: &Offer| matches!(&offer.deed, Deed::Organize(Style::Keep, Some(_)));
        // What only puts the line in order is offered once.
        let same = out
            .iter()
            .filter(|offer| in_order(offer))
            .any(|_| proposal == organize(place.snapshot, view, Style::Keep, Some(line)));
        if !proposal.is_empty() && !same {
            out.push(Offer::new(title.into(), Kind::Rewrite, deed));
        }
    }
}

/// The trace lines within `span`, or all of the file, in order. Lines that hold other words are left alone.
pub(super) fn organize(snapshot: &Snapshot, view: &View<'_>, style: Style, span: Option<Span>) -> Proposal {
    let lookup = Lookup::of(snapshot, view.scope);
    let edits: Vec<Edit> = edits(view, &lookup, style, span).collect();
    if edits.is_empty() { Proposal::default() } else { Proposal::of_file(view.path, edits) }
}

/// Whether any trace line of the file would change.
pub(super) fn would_change(snapshot: &Snapshot, view: &View<'_>, style: Style) -> bool {
    edits(view, &Lookup::of(snapshot, view.scope), style, None).next().is_some()
}

fn edits<'a>(
    view: &'a View<'_>,
    lookup: &'a Lookup,
    style: Style,
    span: Option<Span>,
) -> impl Iterator<Item = Edit> + use<'a> {
    let traces = view.parts().flat_map(|(base, facts)| facts.traces.iter().map(move |trace| (base, facts, trace)));
    let within = move |line: Span| span.is_none_or(|span| line.start <= span.end && span.start <= line.end);
    traces
        .filter(move |(base, _, trace)| within(trace.line.shifted(*base)))
        .filter_map(move |(base, facts, trace)| in_order(view, lookup, facts, base, trace, style))
}

fn in_order(
    view: &View<'_>,
    lookup: &Lookup,
    facts: &Facts,
    base: u32,
    trace: &TraceLine,
    style: Style,
) -> Option<Edit> {
    let rope = view.document()?.rope();
    let references = &facts.references[trace.references.start as usize..trace.references.end as usize];
    // An id that is struck through is another word.
    if references.len() > MOST || references.iter().any(|reference| reference.kind != crate::facts::Kind::Trace) {
        return None;
    }
    let (first, last) = (references.first()?, references.last()?);
    let span = Span { start: first.span.start, end: last.span.end }.shifted(base);
    let text = rope.get_byte_slice(span.range())?.to_string();
    let value = rope.get_byte_slice(trace.value.shifted(base).range())?.to_string();
    if value.trim() != text.trim() {
        return None;
    }
    let mut elements: Vec<Element> = Vec::new();
    let mut separators: Vec<&str> = Vec::new();
    let mut end = 0;
    for group in references.chunk_by(|a, b| a.span == b.span) {
        let own = Span { start: group[0].span.start - first.span.start, end: group[0].span.end - first.span.start };
        let gap = text.get(end..own.start as usize)?;
        end = own.end as usize;
        if !elements.is_empty() {
            is_separator(gap).then_some(())?;
            separators.push(gap);
        }
        elements.push(element(facts, group, text.get(own.range())?));
    }
    let separator = match separators.first() {
        Some(first) if separators.iter().all(|other| other == first) && first.trim() != "/" => *first,
        _ => ", ",
    };
    let mut elements = match style {
        Style::Keep | Style::Join => elements,
        Style::WriteOut => elements.iter().flat_map(|element| written_out(lookup, element)).collect(),
    };
    elements.sort_by(|a, b| a.ids[0].cmp(&b.ids[0]).then(b.ids.len().cmp(&a.ids.len())));
    let mut kept: Vec<Element> = Vec::new();
    for element in elements {
        let covered = |id: &Id| {
            kept.iter().any(|other| match other.shape {
                Shape::One => other.ids.contains(id),
                // Within a range what nothing defines is no mistake; on its own it is one, and stays.
                Shape::Range => other.ids.contains(id) && lookup.meaning(id, element.sure).is_some(),
                Shape::Children => id.parent().as_ref() == other.ids.first(),
                Shape::Wide => false,
            })
        };
        let gone = match element.shape {
            Shape::One | Shape::Range => element.ids.iter().all(covered),
            Shape::Children | Shape::Wide => kept.contains(&element),
        };
        if !gone {
            kept.push(element);
        }
    }
    if style == Style::Join {
        kept = joined(lookup, kept);
    }
    let new = kept.iter().map(|element| element.text.as_str()).collect::<Vec<_>>().join(separator);
    (new != text).then_some(Edit { span, text: new })
}

/// Whether nothing but a separator stands between two ids.
fn is_separator(gap: &str) -> bool {
    let sign = gap.trim();
    !gap.contains(['\n', '\r'])
        && (matches!(sign, "," | ";" | "、" | "，" | "/" | "·" | "&" | "+" | "and")
            || sign.is_empty() && !gap.is_empty())
}

fn element(facts: &Facts, group: &[Reference], text: &str) -> Element {
    let ids: Vec<Id> = group.iter().map(|reference| facts.id(reference.id).clone()).collect();
    let shape = match group[0].reach {
        Reach::Children => Shape::Children,
        Reach::From => Shape::Wide,
        _ if group.len() > 1 => Shape::Range,
        _ => Shape::One,
    };
    // An element of a slash list says only the end of its id.
    let whole = group[0].sure == Sure::Number || !text.starts_with(|c: char| c.is_ascii_digit());
    let text = if whole || shape != Shape::One { text.to_string() } else { ids[0].to_string() };
    Element { text, ids, shape, sure: group[0].sure }
}

/// The ids of a range or a wildcard that mean something, and a range's ends.
fn written_out(lookup: &Lookup, element: &Element) -> Vec<Element> {
    let one = |id: Id| Element { text: id.to_string(), ids: vec![id], shape: Shape::One, sure: element.sure };
    let (first, last) = (&element.ids[0], &element.ids[element.ids.len() - 1]);
    let mut ids: Vec<Id> = match element.shape {
        Shape::One => return vec![element.clone()],
        Shape::Range => {
            let meant = |id: &Id| lookup.meaning(id, element.sure).is_some();
            let there = |id: &&Id| *id == first || *id == last || meant(id);
            element.ids.iter().filter(there).cloned().collect()
        }
        Shape::Children => {
            let children = lookup.all_defined().filter(|(_, id)| id.parent().as_ref() == Some(first));
            children.map(|(_, id)| id.clone()).collect()
        }
        Shape::Wide => {
            let between = lookup.all_defined().map(|(_, id)| id).filter(|id| first <= *id && *id <= last);
            // Whole requirements stand between those that are named.
            let depth = first.tail().matches('.').count();
            between
                .filter(|id| id.prefix() == first.prefix() && id.tail().matches('.').count() == depth)
                .cloned()
                .collect()
        }
    };
    if ids.is_empty() {
        return vec![element.clone()];
    }
    ids.sort();
    ids.dedup();
    ids.into_iter().map(one).collect()
}

/// Runs of three or more ids whose last numbers follow each other, as ranges; a range that one follows grows. What nothing
/// defines or what is withdrawn stays on its own: in a range it would be no mistake any more.
fn joined(lookup: &Lookup, elements: Vec<Element>) -> Vec<Element> {
    const LEAST: usize = 3;
    let mut out: Vec<Element> = Vec::new();
    let mut run: Vec<Element> = Vec::new();
    let count = |run: &[Element]| run.iter().map(|element| element.ids.len()).sum::<usize>();
    let follows = |run: &[Element], next: &Element| {
        let (Some(first), Some(last), Some(end)) = (run.first(), run.last(), next.ids.last()) else { return false };
        let plain = |it: &Element| {
            let whole = it.shape == Shape::Range || it.shape == Shape::One && it.text == it.ids[0].as_str();
            let binds = |(scope, id): (&FilePath, &Id)| !lookup.is_withdrawn(scope, id);
            whole && it.ids.iter().all(|id| lookup.meaning(id, it.sure).is_some_and(binds))
        };
        let through = || first.ids[0].through(end).is_some_and(|all| all.len() == count(run) + next.ids.len());
        plain(next) && plain(last) && through()
    };
    let close = |run: &mut Vec<Element>, out: &mut Vec<Element>| {
        if run.len() > 1 && count(run) >= LEAST {
            let ids: Vec<Id> = run.iter().flat_map(|element| element.ids.clone()).collect();
            let (first, last) = (&ids[0], &ids[ids.len() - 1]);
            let (text, sure) = (format!("{first}–{last}"), run[0].sure);
            run.clear();
            out.push(Element { text, ids, shape: Shape::Range, sure });
        } else {
            out.append(run);
        }
    };
    for element in elements {
        if !follows(&run, &element) {
            close(&mut run, &mut out);
        }
        run.push(element);
    }
    close(&mut run, &mut out);
    out
}
