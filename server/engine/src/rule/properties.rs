//! The properties that a design numbers, and which of them the tasks of its feature name.

use super::Check;
use super::doubt::is_archived;
use crate::dialect::Role;
use crate::facts::{Facts, Holds, Property, PropertyUse};
use crate::text::Span;
use crate::world::View;

/// So many are numbered where that is the design's way.
pub(super) const FEWEST: usize = 3;

/// A property that a design states.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated<'a> {
    pub number: u32,
    /// `Property 5`
    pub name: &'a str,
    pub title: &'a str,
    pub span: Span,
}

/// Whether properties are judged in the file: it names or states some, and all of its feature is known.
pub(super) fn are_judged(check: &Check<'_>, role: Role) -> bool {
    let view = &check.view;
    view.role == role
        && !check.template
        && view.holds(Holds::PROPERTIES)
        && check.lookup.complete
        && !is_archived(check)
}

/// The properties of a file with where their parts begin.
pub(super) fn all_in<'a>(view: &View<'a>) -> impl Iterator<Item = (u32, &'a Facts, &'a Property)> {
    let parts = view.parts_with(Holds::PROPERTIES);
    parts.flat_map(|(base, facts)| facts.properties.iter().map(move |it| (base, facts, it)))
}

/// The properties that a design states, in the order of their numbers; none where it gives a number to several.
pub(super) fn stated<'a>(view: &View<'a>) -> Vec<Stated<'a>> {
    let of = |usage: PropertyUse| {
        let own = all_in(view).filter(move |(.., it)| it.usage == usage && it.first == it.last);
        let all = own.map(|(base, facts, it)| Stated {
            number: it.first,
            name: facts.text(it.name),
            title: facts.text(it.title),
            span: it.span.shifted(base),
        });
        let mut all: Vec<Stated<'_>> = all.collect();
        all.sort_by_key(|it| (it.number, it.span));
        all
    };
    let mut all = of(PropertyUse::Stated);
    if all.len() < FEWEST {
        all = of(PropertyUse::Listed);
    }
    let same = |one: &Stated<'_>, other: &Stated<'_>| one.title.eq_ignore_ascii_case(other.title);
    if all.windows(2).any(|two| two[0].number == two[1].number && !same(&two[0], &two[1])) {
        return Vec::new();
    }
    all.dedup_by_key(|it| it.number);
    all
}

/// Which of `numbers`, which are in order, some of `ranges` hold.
pub(super) fn held(numbers: &[u32], ranges: impl Iterator<Item = (u32, u32)>) -> Vec<bool> {
    // Each range opens at one number and closes at another, so that none is gone through.
    let mut steps = vec![0_i64; numbers.len() + 1];
    for (first, last) in ranges {
        steps[numbers.partition_point(|it| *it < first)] += 1;
        steps[numbers.partition_point(|it| *it <= last)] -= 1;
    }
    let mut open = 0;
    let sums = steps.iter().take(numbers.len()).map(|step| {
        open += step;
        open > 0
    });
    sums.collect()
}
