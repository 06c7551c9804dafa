//! What a file says: definitions, references, trace lines, tasks, sections, placeholders, suppressions.

mod placeholder_blocks;
mod parallel_file;
mod around;
mod binding;
mod bold_titles;
mod builder;
mod table_cells;
mod task_state;
mod context;
mod line_end;
mod finished;
mod former_names;
mod front_matter;
mod headings;
mod holds;
mod unspaced_headings;
mod line_head;
mod inline;
mod leaf_hints;
mod links;
mod leaf_blocks;
mod lost_boxes;
mod named_requirements;
mod named_tasks;
mod open_blocks;
mod inner_fences;
mod open_fence;
mod optional_tasks;
mod own_numbers;
mod placeholder;
mod reader;
mod remains;
mod signs;
mod stated_states;
mod ears;
mod user_story;
mod table;
mod tool_tags;
mod title;
mod possible_definitions;
mod properties;
mod remarks;
mod trace;
mod trace_opening;
mod withdrawn;
mod packed;
mod totals;

pub use context::Context;
pub use holds::Holds;
pub(crate) use line_head::numbered_heading;
pub use properties::{Property, PropertyUse};
pub use reader::{Cut, Part, Reading, fold_label, front_matter_end, has_open_front_matter, read};
pub use unspaced_headings::{Slip, UnspacedHeading};

pub use inner_fences::{Held, InnerFence};
pub use links::{Link, is_on_disk};
pub use lost_boxes::{Lost, LostBox};
pub use open_fence::{FencedHeading, OpenFence};
pub use packed::Named;
pub(crate) use packed::Packed;
pub(crate) use parallel_file::changed_file;
pub use remains::Remains;
pub use stated_states::StatedState;
pub(crate) use table::column_name;
pub use task_state::State;
pub use title::{fold_title, title_key};
pub use tool_tags::ToolTag;
pub use totals::{Counted, Total};
pub use trace_opening::trace_value_start;

use crate::id::Id;
use crate::letter_set::LetterSet;
use crate::text::Span;
use std::ops::Range;

/// The facts of one stretch of text: a whole closed file, or a segment of an open one. Spans are relative to its start.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Each distinct spelling of an id in the stretch; the other facts point here.
    pub ids: Box<[Id]>,
    /// Definitions in the order of the text.
    pub definitions: Box<[Definition]>,
    /// References in the order of the text.
    pub references: Box<[Reference]>,
    /// How far requirements are by their boxes and by rows of tables, in the order of the text.
    pub states: Box<[StatedState]>,
    /// Trace lines in the order of the text.
    pub traces: Box<[TraceLine]>,
    /// Tasks in the order of the text.
    pub tasks: Box<[Task]>,
    /// Tasks that are named elsewhere than at their boxes, in the order of the text.
    pub task_names: Box<[TaskName]>,
    /// Lines that say how many tasks there are, in the order of the text.
    pub totals: Box<[Total]>,
    /// Properties that a design states or a task names, in the order of the text.
    pub properties: Box<[Property]>,
    /// The criteria that a story's own list states, in the order of the text.
    pub criteria: Box<[Criterion]>,
    /// Those that its tasks cite, in the order of the text.
    pub cited: Box<[Cited]>,
    /// Headings in the order of the text.
    pub sections: Box<[Section]>,
    /// Named requirements whose text says in none of the dialect's words that it binds.
    pub lax: Box<[Lax]>,
    /// Requirements whose sentence has not the shape of EARS.
    pub shapeless: Box<[Span]>,
    /// Questions that somebody is to answer: `[NEEDS CLARIFICATION: …]`.
    pub questions: Box<[Span]>,
    /// What takes the place of withdrawn requirements: indexes into [`Facts::ids`], the withdrawn one's first.
    pub successors: Box<[(u32, u32)]>,
    /// What requirements were called before.
    pub former_names: Box<[FormerName]>,
    /// Ids that something begins with which does not define them, as indexes into [`Facts::ids`]: one of these may be
    /// defined in a way that is not understood.
    pub possible: Box<[u32]>,
    /// Unfilled placeholders.
    pub placeholders: Box<[Span]>,
    /// Those of them that somebody may mean: they only stand where a hint would, and hold a few words.
    pub likely_placeholders: Box<[Bracket]>,
    /// Paragraphs that stand for text which nobody has written: `TBD`. They are among no other placeholders.
    pub blanks: Box<[Span]>,
    /// Paragraphs that say that a section is empty on purpose, where the dialect knows headings of changes: `(none)`.
    pub nones: Box<[Span]>,
    /// What is left of the template where hints are not looked for. They are among no other placeholders.
    pub remains: Box<[Remains]>,
    /// Other bracketed text, which is a placeholder where the document's template has the same words in brackets.
    pub brackets: Box<[Bracket]>,
    /// The blocks around placeholders and brackets, each before those in it.
    pub blocks: Box<[Block]>,
    /// Lines that would be headings if a space stood behind their `#`s.
    pub unspaced_headings: Box<[UnspacedHeading]>,
    /// Boxes of tasks that are none.
    pub lost_boxes: Box<[LostBox]>,
    /// Tags of tool calls that what wrote the file may have left in it.
    pub tool_tags: Box<[ToolTag]>,
    /// Paragraphs in which a coding agent speaks to whom it works with.
    pub remarks: Box<[Span]>,
    /// The [`title_key`]s of lines in bold that stand where a heading might.
    pub bold_titles: Box<[u32]>,
    /// Links to files, in the order of the text.
    pub links: Box<[Link]>,
    /// The fence that nothing closes, if headings are lost in it.
    pub open_fence: Option<Box<OpenFence>>,
    /// Fences that are code, as the block above is still open.
    pub inner_fences: Box<[InnerFence]>,
    /// Comments that allow a rule.
    pub suppressions: Box<[Suppression]>,
    /// Whether anything stands there but headings and comments.
    pub says: bool,
    /// Whether it says that the work is done: `Status: Done`.
    pub finished: bool,
    /// Where it says so of all of it, in a word and without a doubt.
    pub done: Option<Span>,
    /// Whether it only says there that it waits for somebody to look at it.
    pub to_review: bool,
    /// Whether its front matter says that the file is written for an agent.
    pub prompt: bool,
    /// Labels of link reference definitions, folded as CommonMark compares them.
    pub labels: Box<[String]>,
    /// Titles and names that the spans of type [`Words`] point into.
    pub words: Box<str>,
}

/// A stretch of [`Facts::words`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Span);

/// What a requirement was called before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormerName {
    /// What it is called now: an index into [`Facts::ids`].
    pub id: u32,
    /// What it was called: an index into [`Facts::ids`].
    pub former: u32,
    /// Where that is said.
    pub span: Span,
}

/// A place that defines a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Index into [`Facts::ids`].
    pub id: u32,
    /// The id's text; for a counted one, the number of the list item.
    pub place: Span,
    /// The block that states it. A heading's requirement goes on to the end of its section.
    pub body: Span,
    /// The statement's first line without marks.
    pub title: Words,
    /// How the definition is written.
    pub form: Form,
    /// Whether the requirement has been given up, and stands there for its id alone.
    pub withdrawn: bool,
    /// Whether it is put off or left out on purpose, so that nothing need serve it yet.
    pub deferred: bool,
    /// Whether it stands below a heading of what is traced, where requirements are listed.
    pub listed: bool,
}

/// How a definition is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `### FR-1: Title`
    Heading,
    /// `- **FR-1.1**: text`
    Item,
    /// `**FR-1.1** text`
    Paragraph,
    /// `| FR-1 | text |`
    Row,
    /// One of these below a heading such as *Open Questions*, where requirements are named again: it states one only where
    /// nothing else does.
    Again,
    /// `### Requirement: Name`: the name is the id.
    Name,
    /// `#### Scenario: Name` under one: the two names are the id.
    Scenario,
    /// `### Requirement 2`, `1.1 WHEN …`: the number is written, and stands for the id.
    Numbered,
    /// An ordered item under a heading with an id, by the number that is written.
    Counted,
    /// The same by the number that CommonMark renders, where it differs.
    Rendered,
    /// `### 2.1 Title`, where the file defines nothing else: a place to go to, never one that is missed.
    Section,
}

impl Form {
    /// The rank of what counts as a definition only where a file has no other.
    pub const WEAKEST: u8 = 4;

    /// Smaller is stronger: of several definitions of an id in a scope, the strongest is meant.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Heading | Self::Item | Self::Paragraph | Self::Name | Self::Scenario | Self::Numbered => 0,
            Self::Row | Self::Again => 1,
            Self::Counted => 2,
            Self::Rendered => 3,
            Self::Section => Self::WEAKEST,
        }
    }

    /// Whether the id itself stands in the text.
    #[must_use]
    pub fn is_written(self) -> bool {
        !matches!(self, Self::Scenario | Self::Numbered | Self::Counted | Self::Rendered | Self::Section)
    }
}

/// A place that names a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Index into [`Facts::ids`].
    pub id: u32,
    /// The text that names it; for a range, all of it.
    pub span: Span,
    /// Where it stands.
    pub kind: Kind,
    /// Which ids it means.
    pub reach: Reach,
    /// How sure it is to be an id.
    pub sure: Certainty,
}

/// Where a reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// In the value of a trace line.
    Trace,
    /// Alone in brackets, `[US1]`, or in the first column of a trace matrix.
    Tag,
    /// In a table of a specification below a heading that says what is traced to what.
    Listed,
    /// Anywhere else.
    Mention,
    /// The name of a requirement that a change modifies, removes or renames.
    Delta,
}

/// Which ids a reference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// The id itself.
    One,
    /// The id inside a range whose ends are others; a gap in a range is no mistake.
    Within,
    /// Every child of the id (`FR-1.*`).
    Children,
    /// The first id of a range over parents (`1.1–3.4`); the next reference is the last.
    From,
}

/// How sure a reference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// It is written as an id is.
    Firm,
    /// In another case or without its hyphen.
    Loose,
    /// Of a family that counts only where the feature defines it.
    Conditional,
    /// A bare number in a trace line.
    Number,
    /// With a blank for its hyphen, in a trace line: `FR 1.1`.
    Spaced,
    /// It may mean something else: of another feature, which is named before it (`spec 006 FR-014`), or a number behind a
    /// key that also cites chapters. Where something of that name is defined it is meant; where not, nothing is amiss.
    Guess,
}

/// A line that says which requirements the text above it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// From the opening mark to the closing one.
    pub line: Span,
    /// What follows the colon.
    pub value: Span,
    /// Its references: a range of [`Facts::references`].
    pub references: Range<u32>,
    /// Whether it names all requirements instead of any: `_Requirements: All_`.
    pub all: bool,
    /// Whether it names a part of what is served on purpose, so that nothing follows from what it leaves out.
    pub partial: bool,
    /// What is wrong with its shape.
    pub flaws: Box<[Flaw]>,
}

/// Something wrong with the shape of a trace line, and the text that mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The text to replace; empty where text is missing.
    pub span: Span,
    /// What is wrong.
    pub what: FlawKind,
}

/// What is wrong with a trace line's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// The emphasis is not closed; the mark that closes it.
    Open(&'static str),
    /// Two ids are not separated by a comma.
    Separator,
    /// The mark of the emphasis is escaped, so that it opens none.
    Escaped,
    /// The hyphen of a list before it has no blank behind.
    Marker,
    /// The key is misspelt; which of the dialect's is meant, counted in the order of its table.
    Key(u32),
    /// No colon stands behind the key; another sign or a blank does.
    Colon,
}

/// A checkbox item of a task list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The whole item with its details and subtasks.
    pub item: Span,
    /// The number and title, as far as the first line goes.
    pub head: Span,
    /// The number as it is written (`1.2`, `T001`); empty without one.
    pub number: Words,
    /// The title without the number.
    pub title: Words,
    /// Whether it is done.
    pub state: State,
    /// The last path in its text, of one that may run beside others (`[P]`).
    pub file: Words,
    /// The task it is part of: an index into [`Facts::tasks`].
    pub parent: Option<u32>,
    /// Whether the heading, label or task above has the same number: then it is a step of that one.
    pub step: bool,
    /// Whether it need not be done, or not now, as its mark (`[ ]*`) or a word of it says: `(optional)`, `— deferred`.
    pub optional: bool,
}

/// The number of a task elsewhere than at its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskName {
    /// The number as it is written.
    pub number: Words,
    /// Where it stands.
    pub span: Span,
    /// Whether a line begins with it: that may be a task without a box.
    pub begins: bool,
}

/// A criterion in the list of a story that holds its own tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its number; 0 where it has none.
    pub number: u32,
    /// The number's place.
    pub span: Span,
}

/// A citation of such criteria: `(AC: 1-3)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The first of them.
    pub first: u32,
    /// The last; [`u32::MAX`] where all are meant.
    pub last: u32,
    /// The text that names them.
    pub span: Span,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// From 1 to 6.
    pub level: u8,
    /// Whether it stands at the margin, in no list or quote: only then is it a section of the document.
    pub top: bool,
    /// Whether anything but comments stands between it and the next heading.
    pub filled: bool,
    /// The heading's first byte.
    pub start: u32,
    /// The heading's text, without the `#`s.
    pub head: Span,
    /// The text without marks.
    pub title: Words,
    /// [`title_key`] of the text.
    pub key: u32,
}

/// A named requirement that does not bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lax {
    /// The name.
    pub span: Span,
    /// Whether it has any text above its first scenario.
    pub has_text: bool,
    /// Whether its text binds less on purpose: it says SHOULD or MAY.
    pub graded: bool,
    /// Whether its text binds in another language: it says ДОЛЖЕН.
    pub translated: bool,
}

/// Text in brackets that may be a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bracket {
    /// With its brackets.
    pub span: Span,
    /// [`title_key`] of what they hold.
    pub key: u32,
}

/// A block around placeholders or brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// All of it.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
    /// The block that it is in: an index into [`Facts::blocks`].
    pub parent: Option<u32>,
    /// How many items a list has, and how many rows a table below its head.
    pub items: u32,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading's text.
    Heading,
    /// A paragraph.
    Paragraph,
    /// A fenced block of code.
    Fence,
    /// A list; its items are blocks of their own.
    List,
    /// An item with all that is in it.
    Item,
    /// A table; its rows are blocks of their own.
    Table,
    /// A table's row.
    Row,
}

/// `<!-- traceline: allow RULE reason -->`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The comment.
    pub comment: Span,
    /// The rule's name in it.
    pub rule: Span,
    /// The rule's name.
    pub name: Words,
    /// The text in which the rule is allowed to be broken.
    pub reach: Span,
    /// Whether it speaks for the whole file (`allow-file`).
    pub whole_file: bool,
}

impl Facts {
    /// The id of a definition or reference.
    #[must_use]
    pub fn id(&self, index: u32) -> &Id {
        &self.ids[index as usize]
    }

    /// The letters of a definition's id and title.
    pub(crate) fn letter_set_of(&self, definition: &Definition) -> LetterSet {
        Named::of(self, definition).letter_set()
    }

    /// Whether what stands at `place` belongs to a task whose title is still a hint, or to a section that holds one: it is
    /// an example of the template's.
    pub(crate) fn is_in_hint(&self, place: Span) -> bool {
        if self.placeholders.is_empty() {
            return false;
        }
        let around = match self.task_at(place.start) {
            Some(task) => task.head,
            None => {
                let at = self.sections.partition_point(|section| section.head.start <= place.start);
                let end = self.sections.get(at).map_or(u32::MAX, |next| next.start);
                Span { start: at.checked_sub(1).map_or(0, |at| self.sections[at].start), end }
            }
        };
        let first = self.placeholders.partition_point(|hint| hint.start < around.start);
        self.placeholders.get(first).is_some_and(|hint| hint.start < around.end)
    }

    /// Whether the reference at index `at` stands in a trace line that leaves others out on purpose.
    pub(crate) fn is_partial(&self, at: usize) -> bool {
        let at = crate::text::narrow(at);
        let next = self.traces.partition_point(|trace| trace.references.start <= at);
        next.checked_sub(1).is_some_and(|it| self.traces[it].partial && self.traces[it].references.contains(&at))
    }

    /// What takes the place of the withdrawn requirement `id`, an index into [`Facts::ids`].
    pub fn successors_of(&self, id: u32) -> impl Iterator<Item = &Id> {
        self.successors.iter().filter(move |(own, _)| *own == id).map(|(_, by)| self.id(*by))
    }

    /// The text of `words`.
    #[must_use]
    pub fn text(&self, words: Words) -> &str {
        &self.words[words.0.range()]
    }

    /// Whether two stretches name the same ids in the same way: then no index needs to hear of the change.
    #[must_use]
    pub fn has_same_names<'a>(one: impl Iterator<Item = &'a Facts>, other: impl Iterator<Item = &'a Facts>) -> bool {
        let names = |facts: &'a Facts| {
            let defined = facts
                .definitions
                .iter()
                .map(|d| (facts.id(d.id).as_str(), Some((d.form, d.withdrawn, d.listed)), None));
            let properties = facts.properties.iter().map(Property::naming);
            let possible = facts.possible.iter().map(|id| (facts.id(*id).as_str(), None, None));
            let named = |r: &'a Reference| {
                (facts.id(r.id).as_str(), None, Some((r.kind, r.reach, r.sure, facts.is_in_hint(r.span))))
            };
            let all = facts.traces.iter().filter(|trace| trace.all).map(|_| ("", None, None));
            let partial = facts.traces.iter().filter(|trace| trace.partial).map(|_| ("partial", None, None));
            // What trace lines in it may name is less surely uncovered.
            let hidden = facts.open_fence.iter().filter(|fence| fence.traces).map(|_| ("fence", None, None));
            let succeed = facts.successors.iter().flat_map(|(id, by)| [*id, *by]);
            let former = facts.former_names.iter().flat_map(|name| [name.id, name.former]);
            let succeed = succeed.chain(former).map(|id| (facts.id(id).as_str(), None, None));
            defined
                .chain(possible)
                .chain(all)
                .chain(partial)
                .chain(hidden)
                .chain(succeed)
                .chain(facts.references.iter().map(named))
                .map(Ok)
                .chain(properties.map(Err))
        };
        one.flat_map(names).eq(other.flat_map(names))
    }

    /// Whether two stretches, which name the same ids, say the same of them where other files show it: titles of
    /// requirements and states of tasks.
    #[must_use]
    pub fn has_same_titles<'a>(one: impl Iterator<Item = &'a Facts>, other: impl Iterator<Item = &'a Facts>) -> bool {
        let told = |facts: &'a Facts| {
            let titles = facts.definitions.iter().map(|definition| (facts.text(definition.title), None));
            // Where a requirement is planned is told by the section's title.
            let sections = facts.sections.iter().filter(|_| !facts.traces.is_empty());
            titles
                .chain(facts.tasks.iter().map(|task| ("", Some(task.state))))
                .chain(sections.map(|section| (facts.text(section.title), None)))
        };
        one.flat_map(told).eq(other.flat_map(told))
    }
}
