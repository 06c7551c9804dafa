//! Making an outline: the headings of a document, and whether it is to have the template's sections at all.

use super::assign::assign;
use super::heading::{Fit, Heading};
use super::sections::Outline;
use crate::facts::fold_title;
use crate::template::Schema;
use crate::text::Span;
use crate::world::View;

/// Whether a document has more headings than any form that somebody fills in: comparing it would take a while at each question.
pub(super) fn is_too_long(view: &View<'_>) -> bool {
    const MOST_HEADINGS: usize = 4000;
    view.parts().flat_map(|(_, facts)| &facts.sections).nth(MOST_HEADINGS).is_some()
}

impl<'a> Outline<'a> {
    /// The outline of the file; `plain` only by what it has.
    #[must_use]
    pub fn of(view: &View<'a>, schema: &'a Schema) -> Self {
        let count = Count::of(view, schema);
        let mut outline = Self {
            schema,
            headings: Vec::new(),
            title: count.title,
            titled: count.titled,
            plain: count.is_plain(),
            top: count.top,
        };
        let mut stack: Vec<usize> = Vec::new();
        for (base, facts) in view.parts() {
            for section in facts.sections.iter().filter(|section| section.top) {
                let start = base + section.start;
                if let Some(last) = outline.headings.last_mut() {
                    last.own_end = last.own_end.min(start);
                }
                let title = section.level == 1 && Some(section.head.shifted(base)) == outline.title;
                while let Some(at) = stack.last().copied() {
                    if !title && outline.headings[at].section.level < section.level {
                        break;
                    }
                    outline.headings[at].end = start;
                    stack.pop();
                }
                if title {
                    continue;
                }
                let parent = stack.last().copied();
                if let Some(parent) = parent {
                    outline.headings[parent].has_children = true;
                }
                stack.push(outline.headings.len());
                outline.headings.push(Heading {
                    section,
                    facts,
                    base,
                    own_end: u32::MAX,
                    end: u32::MAX,
                    depth: (section.level + 1).saturating_sub(outline.top),
                    parent,
                    has_children: false,
                    slot: None,
                    number: None,
                    fit: Fit::Exact,
                });
            }
        }
        assign(&mut outline);
        outline
    }

    /// The same for a file that follows the template; none where it does not, which is found out without making one. A
    /// template of the team's own (`own`) asks for less to be followed.
    #[must_use]
    pub fn of_follower(view: &View<'a>, schema: &'a Schema, own: bool) -> Option<Self> {
        let count = Count::of(view, schema);
        let follows = count.follows() || own && count.is_begun();
        follows.then(|| {
            let outline = Self::of(view, schema);
            Self { plain: outline.plain || own, ..outline }
        })
    }
}

/// What tells whether a document follows a template, counted without making its outline.
struct Count {
    title: Option<Span>,
    titled: bool,
    top: u8,
    /// Sections of the template that are there, at the top.
    there: usize,
    /// Sections of the template that should be.
    wanted: usize,
    /// Headings at the top, and how many of them the template knows.
    headings: usize,
    known: usize,
    /// Sections of the template at the top, and how many of them are there, optional ones too.
    slots: usize,
    present: usize,
}

/// A document that has fewer of the template's sections is a lean one, unless the template has hardly more.
const PLAIN: usize = 3;

impl Count {
    fn of(view: &View<'_>, schema: &Schema) -> Self {
        let all = || {
            let parts = view.parts();
            parts.flat_map(|(base, facts)| {
                facts.sections.iter().filter(|section| section.top).map(move |section| (base, facts, section))
            })
        };
        let known = |key: u32| {
            let slots = schema.keys.get(&key).into_iter().flatten();
            slots.copied().find(|slot| schema.slots[*slot].depth == 1)
        };
        let (mut title, mut titled, mut ones, mut own_ones, mut least) = (None, false, 0, 0, 6);
        for (base, facts, section) in all() {
            least = least.min(section.level);
            if section.level > 1 {
                continue;
            }
            ones += 1;
            own_ones += usize::from(known(section.key).is_some());
            let bears = schema.is_titled(&fold_title(facts.text(section.title)));
            if title.is_none() && known(section.key).is_none() || bears && !titled {
                title = Some(section.head.shifted(base));
                titled |= bears;
            }
        }
        // Where several headings of the first level are the template's sections, there is no title above them.
        let top = match ones {
            0 => least,
            1 => 2,
            _ if own_ones > 1 => 1,
            _ => 2,
        };
        if top != 2 {
            title = title.filter(|_| titled);
        }
        let required = |slot: &&usize| !schema.slots[**slot].options.optional && !schema.slots[**slot].options.repeats;
        let fixed = |slot: &&usize| schema.slots[**slot].heading.pattern.key.is_some();
        let mut wanted: Vec<usize> = schema.top.iter().filter(fixed).filter(required).copied().collect();
        if wanted.is_empty() {
            wanted = schema.top.iter().filter(fixed).copied().collect();
        }
        let loose: Vec<usize> = schema.top.iter().copied().filter(|slot| !fixed(&slot)).collect();
        let slots = schema.top.len();
        let mut count =
            Self { title, titled, top, there: 0, wanted: wanted.len(), headings: 0, known: 0, slots, present: 0 };
        let mut seen = vec![false; schema.slots.len()];
        for (base, facts, section) in all() {
            if section.level != top || Some(section.head.shifted(base)) == title {
                continue;
            }
            count.headings += 1;
            if let Some(slot) = known(section.key) {
                count.known += 1;
                let new = !std::mem::replace(&mut seen[slot], true);
                count.present += usize::from(new);
                count.there += usize::from(new && wanted.contains(&slot));
            } else if schema.keys.contains_key(&section.key) {
                // It stands at another depth than in the template.
                count.known += 1;
            } else if !loose.is_empty() {
                let folded = fold_title(facts.text(section.title));
                let any = |slot: &usize| schema.slots[*slot].heading.pattern.matches(&folded).is_some();
                count.known += usize::from(loose.iter().any(any));
            }
        }
        count
    }

    /// Whether the document is made by the template: it bears its title or has half of its sections, and most of its own
    /// sections are the template's.
    fn follows(&self) -> bool {
        let half = 2 * self.there >= self.wanted && (self.there > 1 || self.wanted == 1 && self.titled);
        self.there > 0 && (self.titled || half) && 2 * self.known >= self.headings
    }

    /// Whether it is begun by a template that its team made for all such documents.
    fn is_begun(&self) -> bool {
        self.present > 0 && (self.titled || 2 * self.known >= self.headings)
    }

    /// Whether it is plain that the document is to have the template's sections: two in five of those that it asks for are
    /// there, at least three in all, and three in four of its own are the template's. Who drops most of a template, or
    /// shares a few headings with one, has a form of their own.
    fn is_plain(&self) -> bool {
        let few = PLAIN.min(self.slots.saturating_sub(1)).max(1);
        self.present >= few
            && (few == PLAIN || self.titled)
            && 5 * self.there >= 2 * self.wanted
            && 4 * self.known >= 3 * self.headings
    }
}
