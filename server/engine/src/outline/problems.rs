//! What is amiss with the sections of a document that follows its template.

use super::heading::{Fit, Heading};
use super::mend::Mend;
use super::sections::Outline;
use crate::facts::Sure;
use crate::text::Span;
use std::cmp::Ordering;

/// Something amiss with a document's sections.
#[derive(Clone, Debug)]
pub enum Problem {
    /// A section of the template is not there.
    Missing {
        /// Its heading.
        title: String,
        /// The heading after or under which it should be.
        span: Span,
        /// Where it belongs: `after` or `before` a heading, or `in` one.
        relation: &'static str,
        /// The text of that heading; none where there is none.
        anchor: Option<String>,
        /// Whether the section that should hold it has most of its other subsections; a lean one lacks nothing.
        plain: bool,
        /// Whether the template does not ask for it, but nearly every document has it.
        usual: bool,
        /// How it is put in.
        mend: Mend,
    },
    /// A section stands in another place than in the template.
    Misplaced {
        /// Which one.
        heading: usize,
        /// Where it belongs: `after` or `before` a section, or `in` one.
        relation: &'static str,
        /// That section.
        anchor: String,
        /// How it is moved.
        mend: Mend,
    },
    /// A section is called almost as in the template.
    Misspelt {
        /// Which one.
        heading: usize,
        /// What it should be called.
        right: String,
    },
    /// A section holds nothing.
    Empty {
        /// Which one.
        heading: usize,
        /// The text that the template has for it, where it asks for the section.
        mend: Option<Mend>,
    },
    /// A section has no trace line though the template has one.
    Untraced {
        /// Which one.
        heading: usize,
        /// How one is added.
        mend: Mend,
    },
    /// A section that the template does not know.
    Unknown {
        /// Which one.
        heading: usize,
    },
}

/// Everything that is amiss.
#[must_use]
pub fn problems(outline: &Outline<'_>) -> Vec<Problem> {
    let mut out = Vec::new();
    group(outline, None, &mut out);
    for at in 0..outline.headings.len() {
        let heading = &outline.headings[at];
        if let Fit::Misspelt(right) = &heading.fit {
            out.push(Problem::Misspelt { heading: at, right: right.clone() });
        }
        if let Some(slot) = heading.slot.filter(|_| heading.is_in_place())
            && !outline.schema.slots[slot].children.is_empty()
        {
            group(outline, Some(at), &mut out);
        }
        empty(outline, at, &mut out);
    }
    untraced(outline, &mut out);
    out
}

/// Whether the section counts for order: it is known and stands where the template has it.
fn counts(heading: &Heading<'_>, parent: Option<usize>) -> bool {
    heading.slot.is_some() && heading.parent == parent && matches!(heading.fit, Fit::Exact | Fit::Misspelt(_))
}

/// The sections under one heading: what is missing there, out of order or unknown.
fn group(outline: &Outline<'_>, parent: Option<usize>, out: &mut Vec<Problem>) {
    let schema = outline.schema;
    let expected = schema.children_of(parent.and_then(|parent| outline.headings[parent].slot));
    let order = |at: usize| {
        let heading = &outline.headings[at];
        let place = heading.slot.and_then(|slot| expected.iter().position(|other| *other == slot));
        let counted = heading.slot.is_some_and(|slot| schema.slots[slot].options.sequence);
        (place.unwrap_or(usize::MAX), heading.number.filter(|_| counted).unwrap_or_default())
    };
    let inside: Vec<usize> = outline.inside(parent).collect();
    let present: Vec<usize> = inside.iter().copied().filter(|at| counts(&outline.headings[*at], parent)).collect();
    // What stands before the title is out of place in any order.
    let below =
        |at: &usize| parent.is_some() || outline.title.is_none_or(|title| outline.headings[*at].start() > title.end);
    let below: Vec<usize> = present.iter().copied().filter(below).collect();
    let kept = longest_in_order(&below.iter().map(|at| order(*at)).collect::<Vec<_>>());
    let settled: Vec<usize> = kept.iter().map(|at| below[*at]).collect();
    let place = Place { outline, parent, settled: &settled, order: &order };

    let strays: Vec<usize> = present.iter().copied().filter(|at| !settled.contains(at)).collect();
    // With that many out of order, the document has an order of its own.
    if strays.len() <= 1 || strays.len() * 3 <= present.len() {
        for at in strays {
            out.push(place.misplaced(at, order(at)));
        }
    }
    for (at, heading) in outline.headings.iter().enumerate() {
        if heading.fit == Fit::Astray(parent) && heading.slot.is_some() && !orphaned_parent_of(outline, at) {
            out.push(place.misplaced(at, order(at)));
        }
    }
    let levels = expected.iter().any(|slot| schema.slots[*slot].heading.pattern.key.is_some());
    for at in inside.iter().copied().filter(|_| levels) {
        if outline.headings[at].slot.is_none() {
            out.push(Problem::Unknown { heading: at });
        }
    }
    // A section that does without all of the template's subsections has a form of its own.
    let any = inside.iter().any(|at| outline.headings[*at].slot.is_some());
    if parent.is_some() && !any {
        return;
    }
    let held = |heading: &Heading<'_>, slot: usize| {
        heading.slot == Some(slot)
            && (heading.parent == parent || heading.fit == Fit::Astray(parent) || heading.fit == Fit::Alike)
    };
    let asked = expected.iter().copied().filter(|slot| !schema.slots[*slot].options.optional);
    let (there, lacking): (Vec<usize>, Vec<usize>) =
        asked.partition(|slot| outline.headings.iter().any(|heading| held(heading, *slot)));
    let plain = parent.is_none() || there.len() >= lacking.len();
    // Who has all the usual ones but one has forgotten it; who has fewer has chosen.
    let usual = expected.iter().copied().filter(|slot| schema.slots[*slot].options.usual);
    let (kept, left): (Vec<usize>, Vec<usize>) =
        usual.partition(|slot| outline.headings.iter().any(|heading| held(heading, *slot)));
    let forgotten = left.len() == 1 && kept.len() > 2;
    for (at, slot) in expected.iter().copied().enumerate() {
        let options = schema.slots[slot].options;
        let held = |heading: &&Heading<'_>| held(heading, slot);
        let there: Vec<u32> =
            outline.headings.iter().filter(held).map(|heading| heading.number.unwrap_or_default()).collect();
        if options.sequence {
            let last = there.iter().copied().max().unwrap_or_default();
            let gaps = (1..last.min(99)).filter(|number| !there.contains(number));
            out.extend(gaps.map(|number| place.missing(slot, (at, number), Some(number), true)));
        }
        if there.is_empty() && (!options.optional || options.usual && forgotten) {
            let number = options.sequence.then_some(1);
            let mut missing = place.missing(slot, (at, number.unwrap_or_default()), number, plain);
            if let Problem::Missing { usual, .. } = &mut missing {
                *usual = options.usual;
            }
            out.push(missing);
        }
    }
}

/// Whether the section that holds this one is itself out of place, so that moving it mends both.
fn orphaned_parent_of(outline: &Outline<'_>, at: usize) -> bool {
    let mut up = outline.headings[at].parent;
    while let Some(parent) = up {
        if matches!(outline.headings[parent].fit, Fit::Astray(_)) && outline.headings[parent].slot.is_some() {
            return true;
        }
        up = outline.headings[parent].parent;
    }
    false
}

/// Where sections of one group belong.
struct Place<'o, 'a, O: Fn(usize) -> (usize, u32)> {
    outline: &'o Outline<'a>,
    parent: Option<usize>,
    /// The headings that stand in order.
    settled: &'o [usize],
    order: &'o O,
}

impl<O: Fn(usize) -> (usize, u32)> Place<'_, '_, O> {
    /// The settled heading before which something of this order comes last, and the one that follows.
    fn neighbours(&self, order: (usize, u32)) -> (Option<usize>, Option<usize>) {
        let before = self.settled.iter().copied().rfind(|at| (self.order)(*at) < order);
        let after = self.settled.iter().copied().find(|at| (self.order)(*at) > order);
        (before, after)
    }

    fn target(&self, order: (usize, u32)) -> u32 {
        match (self.neighbours(order), self.parent) {
            ((Some(before), _), _) => self.outline.headings[before].end,
            ((None, Some(after)), _) => self.outline.headings[after].start(),
            ((None, None), Some(parent)) => self.outline.headings[parent].own_end,
            ((None, None), None) => {
                let below = |heading: &&Heading<'_>| self.outline.title.is_none_or(|title| heading.start() > title.end);
                self.outline.headings.iter().find(below).map_or(u32::MAX, Heading::start)
            }
        }
    }

    fn misplaced(&self, at: usize, order: (usize, u32)) -> Problem {
        let title = |at: usize| self.outline.headings[at].title().to_string();
        let (relation, anchor) = match (self.neighbours(order), self.parent) {
            ((Some(before), _), _) => ("after", title(before)),
            ((None, Some(after)), _) => ("before", title(after)),
            ((None, None), Some(parent)) => ("in", title(parent)),
            ((None, None), None) => ("at", "the top".to_string()),
        };
        let heading = &self.outline.headings[at];
        let mend = Mend::Move { from: Span { start: heading.start(), end: heading.end }, to: self.target(order) };
        Problem::Misplaced { heading: at, relation, anchor, mend }
    }

    fn missing(&self, slot: usize, order: (usize, u32), number: Option<u32>, plain: bool) -> Problem {
        let outline = self.outline;
        let level = outline.schema.slots[slot].depth + outline.top - 1;
        // Where only the heading is gone, what it held stands in the section before.
        let orphan = outline.headings.iter().find(|heading| {
            heading.fit == Fit::Orphan && heading.slot.is_some_and(|own| outline.schema.slots[own].parent == Some(slot))
        });
        let at = orphan.map_or_else(|| self.target(order), Heading::start);
        let (relation, anchor, span) = match (self.neighbours(order).0, self.parent) {
            (Some(before), _) => {
                ("after", Some(outline.headings[before].title().to_string()), outline.headings[before].head())
            }
            (None, Some(parent)) => {
                ("in", Some(outline.headings[parent].title().to_string()), outline.headings[parent].head())
            }
            (None, None) => {
                let first = outline.headings.first().map_or(Span::at(0), Heading::head);
                let next = self.neighbours(order).1.map(|next| outline.headings[next].title().to_string());
                ("before", next, outline.title.unwrap_or(first))
            }
        };
        let title = outline.schema.heading(slot, number);
        let mend = Mend::Insert { slot, number, level, at, bare: orphan.is_some() };
        Problem::Missing { title, span, relation, anchor, plain, usual: false, mend }
    }
}

/// The longest run of indices whose orders do not fall.
fn longest_in_order(orders: &[(usize, u32)]) -> Vec<usize> {
    // `ends[n]` is the index at which a run of n + 1 can end with the least order.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for (at, order) in orders.iter().enumerate() {
        let length = ends.partition_point(|end| orders[*end].cmp(order) != Ordering::Greater);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut run: Vec<usize> = std::iter::successors(ends.last().copied(), |at| before[*at]).collect();
    run.reverse();
    run
}

fn empty(outline: &Outline<'_>, at: usize, out: &mut Vec<Problem>) {
    let heading = &outline.headings[at];
    if heading.section.filled || heading.has_children || heading.depth == 0 {
        return;
    }
    let asked = heading.slot.filter(|slot| {
        let options = outline.schema.slots[*slot].options;
        !options.optional && (!options.repeats || options.sequence)
    });
    let body = |slot: usize| Mend::Body { slot, number: heading.number, at: heading.head().end };
    out.push(Problem::Empty { heading: at, mend: asked.map(body) });
}

/// Sections without a trace line, if the document has any elsewhere.
fn untraced(outline: &Outline<'_>, out: &mut Vec<Problem>) {
    let mut uses = None;
    for (at, heading) in outline.headings.iter().enumerate() {
        let Some(slot) = heading.slot.filter(|_| heading.fit == Fit::Exact && heading.section.filled) else { continue };
        let Some(marks) = &outline.schema.slots[slot].trace else { continue };
        let whole = outline.headings[at..].iter().take_while(|inner| inner.start() < heading.end);
        let names = |inner: &Heading<'_>| {
            let (start, end) = (inner.section.start, inner.own_end - inner.base);
            let holds = |offset: u32| start <= offset && offset < end;
            inner.facts.traces.iter().any(|trace| holds(trace.line.start))
                || inner.facts.references.iter().any(|it| it.sure == Sure::Firm && holds(it.span.start))
        };
        if whole.clone().any(names) {
            continue;
        }
        let has = |other: &Heading<'_>| other.facts.traces.iter().any(|trace| !trace.references.is_empty());
        if !*uses.get_or_insert_with(|| outline.headings.iter().any(has)) {
            return;
        }
        let mend = Mend::Trace { marks: marks.clone(), head: heading.head(), end: heading.own_end };
        out.push(Problem::Untraced { heading: at, mend });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_stands_wrong_leaves_the_others_in_order() {
        let run = |orders: &[usize]| longest_in_order(&orders.iter().map(|order| (*order, 0)).collect::<Vec<_>>());
        assert_eq!(run(&[0, 1, 2]), [0, 1, 2]);
        assert_eq!(run(&[3, 0, 1, 2]), [1, 2, 3]);
        assert_eq!(run(&[0, 2, 1, 3]).len(), 3);
        assert_eq!(run(&[]), [0; 0]);
    }
}
