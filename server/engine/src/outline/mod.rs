//! Outlines: the sections of a document, and which sections of its template they are.

mod assign;
mod mend;
mod problems;
mod state;

pub(crate) use mend::Candidate;
pub use mend::Mend;

pub(crate) use mend::{joined, section_inserted};
pub use problems::{Problem, problems};
pub use state::State;

use crate::dialect::Role;
use crate::facts::{Facts, Section, fold_title};
use crate::path::FilePath;
use crate::query::{Lookup, definitions_of};
use crate::template::{Schema, built_in};
use crate::text::Span;
use crate::world::{Snapshot, View};
use std::sync::Arc;

/// The sections of a document beside those of its template.
#[derive(Debug)]
pub struct Outline<'a> {
    /// What the template asks for.
    pub schema: &'a Schema,
    /// The headings but the title, in the order of the text.
    pub headings: Vec<Heading<'a>>,
    /// The title's text, if the document has one.
    pub title: Option<Span>,
    /// Whether that is the template's.
    pub titled: bool,
    /// Whether it is plain that the document is to have the template's sections: it has many of them and few others, or its
    /// team says so. Else it is a lean document of a team's own, which lacks nothing.
    pub plain: bool,
    /// Level of the headings of sections at the top.
    pub top: u8,
}

/// A heading of a document and the section that it begins. Places count from the file's start.
#[derive(Debug)]
pub struct Heading<'a> {
    /// What the facts say of it.
    pub section: &'a Section,
    /// The facts that say it.
    pub facts: &'a Facts,
    /// What their spans are relative to.
    pub base: u32,
    /// Where the next heading starts; for the last one, behind any text.
    pub own_end: u32,
    /// Where the section ends with all that is in it.
    pub end: u32,
    /// 1 at the top; 0 above that.
    pub depth: u8,
    /// The section around it.
    pub parent: Option<usize>,
    /// Whether there are headings in it.
    pub has_children: bool,
    /// The section of the template that it is.
    pub slot: Option<usize>,
    /// Its number where the template counts it.
    pub number: Option<u32>,
    /// How it comes to be that section.
    pub fit: Fit,
}

/// How a heading and a section of the template came together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// By its title, where the template has it.
    Exact,
    /// By its title without a mistake: what it should be called.
    Misspelt(String),
    /// By what its title seems to mean, or on another level: nothing is said of it.
    Alike,
    /// By its title, but inside another section than that of the template: the heading that it belongs under, none at the
    /// top.
    Astray(Option<usize>),
    /// By its title, where the section that should hold it is missing.
    Orphan,
}

impl Heading<'_> {
    /// The heading's first byte.
    #[must_use]
    pub fn start(&self) -> u32 {
        self.base + self.section.start
    }

    /// The heading's text.
    #[must_use]
    pub fn head(&self) -> Span {
        self.section.head.shifted(self.base)
    }

    /// The heading's text without marks.
    #[must_use]
    pub fn title(&self) -> &str {
        self.facts.text(self.section.title)
    }

    /// Whether it stands where the template has it, as far as anybody can say.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        self.slot.is_some() && !matches!(self.fit, Fit::Astray(_) | Fit::Orphan)
    }
}

/// A document with more headings has no template.
const MOST_HEADINGS: usize = 4000;

/// The template of the file: its team's own, else that of its dialect.
#[must_use]
pub fn schema_of<'a>(snapshot: &'a Snapshot, view: &View<'_>) -> Option<&'a Arc<Schema>> {
    // Nobody fills in a form of that length, and comparing it would take a while at each question.
    if view.parts().map(|(_, facts)| facts.sections.len()).sum::<usize>() > MOST_HEADINGS {
        return None;
    }
    template_of(snapshot, view.path, view.role)
}

/// Whether the file's template is its team's own.
#[must_use]
pub fn is_own(snapshot: &Snapshot, view: &View<'_>) -> bool {
    snapshot.settings_of(view.path).templates.contains_key(&view.role)
}

/// The template of a file of this role at this path.
#[must_use]
pub fn template_of<'a>(snapshot: &'a Snapshot, path: &FilePath, role: Role) -> Option<&'a Arc<Schema>> {
    if let Some(own) = snapshot.settings_of(path).templates.get(&role) {
        return Some(own);
    }
    let names = &snapshot.dialect_of(path).table.templates;
    built_in(match role {
        Role::Spec => &names.spec,
        Role::Plan => &names.plan,
        Role::Tasks => &names.tasks,
        _ => return None,
    })
}

/// The requirements that a trace line of the file could name.
pub(crate) fn candidates(snapshot: &Snapshot, view: &View<'_>) -> Vec<Candidate> {
    let lookup = Lookup::of(snapshot, view.scope);
    let title = |scope, id| definitions_of(snapshot, scope, id).first().map(|defined| defined.title().to_string());
    let all = lookup.all_defined();
    all.filter_map(|(scope, id)| Some(Candidate { id: id.clone(), title: title(scope, id)? })).collect()
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
        assign::assign(&mut outline);
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

    /// The section that holds `offset`.
    #[must_use]
    pub fn holder_of(&self, offset: u32) -> Option<usize> {
        let first = self.headings.partition_point(|heading| heading.start() <= offset);
        first.checked_sub(1).filter(|at| offset <= self.headings[*at].own_end)
    }

    /// The headings right under `parent`, or those at the top.
    pub fn inside(&self, parent: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        let from = parent.map_or(0, |parent| parent + 1);
        let inner = (from..self.headings.len())
            .take_while(move |at| parent.is_none_or(|parent| self.headings[*at].start() < self.headings[parent].end));
        inner.filter(move |at| self.headings[*at].parent == parent)
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
