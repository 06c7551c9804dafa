//! The facts reader: CommonMark events in, facts out. Open and closed files are read by it alone.

use super::builder::Builder;
use super::head::{Head, checkbox, dotted_number, head_at, item_number, task_number};
use super::inline::{Masks, scan};
use super::placeholder::placeholders;
use super::table::states_requirements;
use super::trace::trace_at;
use super::{Facts, Form, Kind, State};
use crate::dialect::{Counted, Dialect, Role, contains};
use crate::id::Id;
use crate::text::lines_of;
use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// What the headings so far mean for what follows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    open: Vec<OpenSection>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OpenSection {
    level: u8,
    id: Option<Id>,
    criteria: bool,
}

impl Context {
    fn enter(&mut self, level: u8, id: Option<Id>, criteria: bool) {
        while self.open.last().is_some_and(|section| section.level >= level) {
            self.open.pop();
        }
        self.open.push(OpenSection { level, id, criteria });
    }

    /// The id whose criteria are being listed here.
    fn counted_parent(&self) -> Option<&Id> {
        let mut sections = self.open.iter().rev();
        let inner = sections.next()?;
        match &inner.id {
            Some(id) => Some(id),
            None if inner.criteria => sections.next()?.id.as_ref(),
            None => None,
        }
    }
}

/// A stretch that was read on its own.
#[derive(Debug)]
pub struct Part {
    /// Its first byte in the text that was read.
    pub start: usize,
    /// What it says, relative to `start`.
    pub facts: Facts,
    /// What the headings before it meant.
    pub before: Context,
}

/// What a text says, in one part or cut at its top-level headings.
#[derive(Debug)]
pub struct Reading {
    /// The parts in order; never empty.
    pub parts: Vec<Part>,
    /// What the headings mean for whatever follows the text.
    pub after: Context,
}

/// Whether to cut the text into parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// One part, for a closed file.
    Never,
    /// A part for each ATX heading at the top level and in column 0: whatever stands before such a line, it closes every
    /// open block, so what follows can be read alone.
    AtHeadings,
}

/// Reads `text` as `role` in `dialect`. `before` is what precedes it in its file, `at_start` says that nothing does;
/// `labels` are link labels defined elsewhere in the file, folded by [`fold_label`].
#[must_use]
pub fn read(
    text: &str,
    dialect: &Dialect,
    role: Role,
    cut: Cut,
    before: Context,
    at_start: bool,
    labels: &dyn Fn(&str) -> bool,
) -> Reading {
    let skip = if at_start { preamble(text) } else { 0 };
    let body = &text[skip..];
    let mut broken = |link: BrokenLink<'_>| {
        labels(&fold_label(&link.reference)).then(|| (CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    let parser = Parser::new_with_broken_link_callback(body, Options::ENABLE_TABLES, Some(&mut broken));
    let mut events = parser.into_offset_iter();
    let mut reader = Reader {
        text,
        dialect,
        role,
        cut,
        builder: Builder::new(0),
        parts: Vec::new(),
        part_before: before.clone(),
        context: before,
        nest: Vec::new(),
        leaf: None,
        masks: Masks::default(),
        links: Vec::new(),
        open_links: Vec::new(),
        pending: Vec::new(),
        html: None,
    };
    for (event, range) in events.by_ref() {
        reader.event(event, range.start + skip..range.end + skip);
    }
    reader.close_leaf();
    let mut labels: Vec<(usize, String)> = events
        .reference_definitions()
        .iter()
        .map(|(label, definition)| (definition.span.start + skip, fold_label(label)))
        .collect();
    labels.sort_unstable();
    reader.finish(labels)
}

/// A link label as CommonMark compares labels: case folded and blanks collapsed.
#[must_use]
pub fn fold_label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The bytes at a file's start that are not Markdown: a byte order mark and YAML or TOML front matter.
fn preamble(text: &str) -> usize {
    front_matter(text).0
}

/// Whether the text begins like front matter that nothing closes; a line anywhere in it may still do so.
#[must_use]
pub fn has_open_front_matter(text: &str) -> bool {
    front_matter(text).1
}

/// One past the front matter, and whether it is opened but not closed.
fn front_matter(text: &str) -> (usize, bool) {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut lines = lines_of(&text[bom..]);
    let fence = match lines.next().map(|line| text[bom..][line].trim_end()) {
        Some("---") => "---",
        Some("+++") => "+++",
        _ => return (bom, false),
    };
    for line in lines {
        let content = text[bom..][line.clone()].trim_end();
        if content == fence || (fence == "---" && content == "...") {
            return (bom + line.end, false);
        }
    }
    (bom, true)
}

enum Nest {
    List { ordered: bool, next: u64, items: Vec<CountedItem>, top: bool },
    Item(Item),
    Table { columns: Vec<String>, states: bool, head: bool },
    Row { cell: usize, definition: Option<usize> },
    Other,
}

#[derive(Default)]
struct Item {
    start: usize,
    fresh: bool,
    number: Option<(Range<usize>, u64)>,
    task: Option<u32>,
    definition: Option<usize>,
    counted: Option<usize>,
}

/// An ordered item that may be a criterion; which number names it shows when the list is whole.
struct CountedItem {
    number: Range<usize>,
    rendered: u64,
    body: Range<usize>,
    title: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LeafKind {
    Heading(u8),
    Paragraph,
    Item,
    Cell,
}

struct Leaf {
    kind: LeafKind,
    start: usize,
    end: usize,
}

struct Reader<'a> {
    text: &'a str,
    dialect: &'a Dialect,
    role: Role,
    cut: Cut,
    builder: Builder,
    parts: Vec<Part>,
    part_before: Context,
    context: Context,
    nest: Vec<Nest>,
    leaf: Option<Leaf>,
    masks: Masks,
    links: Vec<usize>,
    open_links: Vec<Option<usize>>,
    /// Suppressions that wait for the block they speak of.
    pending: Vec<usize>,
    html: Option<usize>,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.inline(&range);
                self.masks.add(range.start, range.end);
            }
            Event::InlineHtml(_) => {
                self.inline(&range);
                self.masks.add(range.start, range.end);
                self.comment(range.clone());
                // A comment behind text speaks of the block that it stands in.
                if let Some(leaf) = &self.leaf {
                    let reach = leaf.start..range.end;
                    self.settle_pending(&reach);
                }
            }
            Event::Text(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {
                if self.html.is_none() && !matches!(self.nest.last(), Some(Nest::Other)) {
                    self.inline(&range);
                }
            }
            Event::Html(_) | Event::Rule => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.close_leaf();
                let at = range.start;
                let column_0 = at == 0 || matches!(self.text.as_bytes()[at - 1], b'\n' | b'\r');
                if self.nest.is_empty() && column_0 && self.text[at..].starts_with('#') {
                    self.settle_pending(&range);
                    self.next_part(at);
                }
                self.settle_pending(&range);
                self.open_leaf(LeafKind::Heading(*level as u8), &range);
            }
            Tag::Paragraph => {
                self.close_leaf();
                self.settle_pending(&range);
                self.open_leaf(LeafKind::Paragraph, &range);
            }
            Tag::List(first) => {
                self.close_leaf();
                let top = self.nest.is_empty();
                self.nest.push(Nest::List {
                    ordered: first.is_some(),
                    next: first.unwrap_or(0),
                    items: Vec::new(),
                    top,
                });
            }
            Tag::Item => {
                self.close_leaf();
                self.settle_pending(&range);
                self.start_item(&range);
            }
            Tag::Table(_) => {
                self.close_leaf();
                self.settle_pending(&range);
                self.nest.push(Nest::Table { columns: Vec::new(), states: false, head: true });
            }
            Tag::TableHead => {}
            Tag::TableRow => self.nest.push(Nest::Row { cell: 0, definition: None }),
            Tag::TableCell => self.open_leaf(LeafKind::Cell, &range),
            Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) | Tag::DefinitionList => self.close_leaf(),
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => {
                self.close_leaf();
                self.settle_pending(&range);
                self.nest.push(Nest::Other);
            }
            Tag::HtmlBlock => {
                self.close_leaf();
                self.html = Some(range.start);
            }
            Tag::Link { link_type, .. } => {
                self.inline(&range);
                let auto = matches!(link_type, LinkType::Autolink | LinkType::Email);
                if auto {
                    self.masks.add(range.start, range.end);
                } else {
                    self.links.push(range.start);
                }
                self.open_links.push((!auto).then_some(range.start + 1));
            }
            Tag::Image { .. } => {
                self.inline(&range);
                self.links.push(range.start + 1);
                self.open_links.push(Some(range.start + 2));
            }
            _ => self.inline(&range),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::TableCell => self.close_leaf(),
            TagEnd::Item => {
                self.close_leaf();
                self.end_item(&range);
            }
            TagEnd::List(_) => {
                self.close_leaf();
                if let Some(Nest::List { items, .. }) = self.nest.pop() {
                    self.count(&items);
                }
            }
            TagEnd::TableHead => {
                if let Some(Nest::Table { columns, states, head }) = self.nest.last_mut() {
                    *states = states_requirements(columns, &self.dialect.table.definitions);
                    *head = false;
                }
            }
            TagEnd::Table | TagEnd::TableRow | TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => {
                self.nest.pop();
            }
            TagEnd::BlockQuote(_) => self.close_leaf(),
            TagEnd::HtmlBlock => {
                if let Some(start) = self.html.take() {
                    self.comment(start..range.end);
                }
            }
            TagEnd::Link | TagEnd::Image => {
                // What stands behind the text of a link is its target.
                if let Some(Some(inner)) = self.open_links.pop()
                    && let Some(close) = link_text_end(self.text, inner, &range)
                {
                    self.masks.add(close, range.end);
                }
                self.inline(&range);
            }
            _ => self.inline(&range),
        }
    }

    fn start_item(&mut self, range: &Range<usize>) {
        let number = match self.nest.last_mut() {
            Some(Nest::List { ordered: true, next, .. }) => {
                let digits = self.text[range.clone()].bytes().take_while(u8::is_ascii_digit).count();
                let rendered = *next;
                *next += 1;
                (digits > 0).then(|| (range.start..range.start + digits, rendered))
            }
            _ => None,
        };
        self.nest.push(Nest::Item(Item { start: range.start, fresh: true, number, ..Item::default() }));
    }

    fn end_item(&mut self, range: &Range<usize>) {
        let Some(Nest::Item(item)) = self.nest.pop() else { return };
        let end = item.start + self.text[item.start..range.end].trim_end().len();
        if let Some(task) = item.task {
            self.builder.end_task(task, end);
        }
        if let Some(definition) = item.definition {
            self.builder.end_definition(definition, end);
        }
        if let (Some(counted), Some(Nest::List { items, .. })) = (item.counted, self.nest.last_mut()) {
            items[counted].body.end = end;
        }
    }

    /// Gives the items of a list their ids, now that all its numbers are known.
    fn count(&mut self, items: &[CountedItem]) {
        let Some(parent) = self.context.counted_parent().cloned() else { return };
        let literal = |item: &CountedItem| self.text[item.number.clone()].trim_start_matches('0').to_string();
        // `1. 1. 1.` is Markdown's lazy numbering: only the rendered number names anything.
        let lazy = items.len() > 1 && items.iter().all(|item| literal(item) == literal(&items[0]));
        for item in items {
            let (written, rendered) = (literal(item), item.rendered.to_string());
            if lazy || written.is_empty() {
                self.builder.define(
                    &parent.child(&rendered),
                    item.number.clone(),
                    item.body.clone(),
                    &item.title,
                    Form::Counted,
                );
                continue;
            }
            self.builder.define(
                &parent.child(&written),
                item.number.clone(),
                item.body.clone(),
                &item.title,
                Form::Counted,
            );
            if written != rendered {
                self.builder.define(
                    &parent.child(&rendered),
                    item.number.clone(),
                    item.body.clone(),
                    &item.title,
                    Form::Rendered,
                );
            }
        }
    }

    /// Makes sure that a block of text is open around an inline event, and that it reaches the event's end.
    fn inline(&mut self, range: &Range<usize>) {
        if let Some(leaf) = &mut self.leaf {
            leaf.start = leaf.start.min(range.start);
            leaf.end = leaf.end.max(range.end);
            return;
        }
        if matches!(self.nest.last(), Some(Nest::Item(_))) {
            self.leaf = Some(Leaf { kind: LeafKind::Item, start: range.start, end: range.end });
        }
    }

    fn open_leaf(&mut self, kind: LeafKind, range: &Range<usize>) {
        // Inline events stretch the leaf to what they cover, so that `#`s and table bars stay outside.
        self.leaf = Some(Leaf { kind, start: range.end, end: range.start });
    }

    fn close_leaf(&mut self) {
        if let Some(leaf) = self.leaf.take() {
            if leaf.start < leaf.end {
                self.masks.sort();
                self.read_leaf(&leaf);
            } else if leaf.kind == LeafKind::Cell {
                self.read_cell(&(leaf.end..leaf.end));
            }
        }
        self.masks.clear();
        self.links.clear();
    }

    fn next_part(&mut self, at: usize) {
        if self.cut == Cut::Never || at == self.builder.base() {
            return;
        }
        let done = std::mem::replace(&mut self.builder, Builder::new(at));
        let before = std::mem::replace(&mut self.part_before, self.context.clone());
        self.parts.push(Part { start: done.base(), facts: done.finish(), before });
        self.pending.clear();
    }

    fn finish(mut self, labels: Vec<(usize, String)>) -> Reading {
        let after = self.context.clone();
        let done = std::mem::replace(&mut self.builder, Builder::new(0));
        self.parts.push(Part { start: done.base(), facts: done.finish(), before: self.part_before });
        for (at, label) in labels {
            let part = self.parts.partition_point(|part| part.start <= at).saturating_sub(1);
            let facts = &mut self.parts[part].facts;
            let mut all = std::mem::take(&mut facts.labels).into_vec();
            all.push(label);
            facts.labels = all.into();
        }
        Reading { parts: self.parts, after }
    }

    // Leaves ------------------------------------------------------------------------------------------------------

    fn read_leaf(&mut self, leaf: &Leaf) {
        let range = leaf.start..leaf.end;
        match leaf.kind {
            LeafKind::Heading(level) => self.read_heading(level, &range),
            LeafKind::Cell => self.read_cell(&range),
            LeafKind::Paragraph | LeafKind::Item => {
                let fresh = match self.nest.last_mut() {
                    Some(Nest::Item(item)) => std::mem::take(&mut item.fresh),
                    _ => false,
                };
                let lines = self.block_lines(&range);
                let mut at = 0;
                let mut from = range.start;
                if fresh {
                    from = self.read_item_head(&range, &lines);
                } else if let Some(head) = self
                    .definition_head(from, lines[0].end)
                    .filter(|head| head.marked && self.dialect.table.definitions.paragraphs)
                    && self.nest.is_empty()
                {
                    from = head.end;
                    self.define(&head, range.clone(), &range, Form::Paragraph);
                }
                while at < lines.len() {
                    let line = lines[at].start.max(from)..lines[at].end;
                    let mut rest = lines[at..].to_vec();
                    rest[0] = line.clone();
                    at += match trace_at(self.text, &rest, &self.masks, self.dialect) {
                        Some(found) => {
                            for line in &rest[..found.lines] {
                                self.read_placeholders(line);
                            }
                            let lines = found.lines;
                            self.builder.trace(found);
                            lines
                        }
                        None => {
                            self.read_line(&line);
                            1
                        }
                    };
                }
            }
        }
    }

    /// The lines of a block without what its containers put before them.
    fn block_lines(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let text = &self.text[range.clone()];
        let mut lines: Vec<Range<usize>> =
            lines_of(text).map(|line| range.start + line.start..range.start + line.end).collect();
        for line in &mut lines[1..] {
            line.start = line.end - self.text[line.clone()].trim_start_matches([' ', '\t', '>']).len();
        }
        lines
    }

    fn read_line(&mut self, line: &Range<usize>) {
        let mut start = line.start;
        if self.role == Role::Spec
            && self.dialect.table.definitions.counted == Counted::UnderIds
            && self.is_outside_items(line)
            && let Some(parent) = self.context.counted_parent()
            && let Some((number, title)) =
                dotted_number(self.text, line.start, line.end).or_else(|| item_number(self.text, line.start, line.end))
        {
            let literal = &self.text[number.clone()];
            // `8.1` under FR-8 is FR-8.1; under another number it is a criterion of that criterion.
            let id = match literal.split_once('.') {
                Some((head, rest)) if parent.tail().rsplit('.').next() == Some(head) => parent.child(rest),
                _ => parent.child(literal),
            };
            let title = self.text[title..line.end].to_string();
            self.builder.define(&id, number.clone(), line.clone(), &title, Form::Counted);
            start = number.end;
        }
        self.mentions(start..line.end);
        self.read_placeholders(line);
    }

    /// Whether a line stands at the margin, though it may lazily continue an item's paragraph: authors write a criterion
    /// right under a list, and mean it to stand for itself.
    fn is_outside_items(&self, line: &Range<usize>) -> bool {
        let margin = line.start == 0 || matches!(self.text.as_bytes()[line.start - 1], b'\n' | b'\r');
        self.nest.is_empty() || (margin && matches!(self.nest[..], [Nest::List { .. }, Nest::Item(_)]))
    }

    fn mentions(&mut self, range: Range<usize>) {
        let Self { text, builder, masks, dialect, links, .. } = self;
        scan(text, range.start, range.end, masks, &dialect.families, |mention| {
            let bytes = text.as_bytes();
            let bracketed =
                mention.start > 0 && bytes[mention.start - 1] == b'[' && bytes.get(mention.end) == Some(&b']');
            let link = bracketed && links.contains(&(mention.start - 1));
            builder.reference(mention, if bracketed && !link { Kind::Tag } else { Kind::Mention });
        });
    }

    fn read_placeholders(&mut self, line: &Range<usize>) {
        if matches!(self.role, Role::Spec | Role::Plan | Role::Tasks | Role::Template) {
            for found in placeholders(self.text, line, &self.masks, &self.links) {
                self.builder.placeholder(found);
            }
        }
    }

    fn definition_head(&self, start: usize, end: usize) -> Option<Head> {
        (self.role == Role::Spec).then(|| head_at(self.text, start, end, &self.dialect.families))?
    }

    fn define(&mut self, head: &Head, body: Range<usize>, block: &Range<usize>, form: Form) -> usize {
        let id = Id::new(&self.text[head.start..head.end]);
        let title = self.text[head.title.min(block.end)..block.end].to_string();
        self.builder.define(&id, head.start..head.end, body, &title, form)
    }

    fn read_heading(&mut self, level: u8, range: &Range<usize>) {
        let rules = &self.dialect.table.definitions;
        let title = self.text[range.clone()].to_string();
        let criteria = contains(&rules.criteria, title.trim_matches(['*', '_', ':', ' ']));
        let head = self.definition_head(range.start, range.end).filter(|_| rules.headings);
        let mut from = range.start;
        let mut id = None;
        if let Some(head) = head {
            id = Some(Id::new(&self.text[head.start..head.end]));
            from = head.end;
            self.define(&head, range.clone(), range, Form::Heading);
        }
        self.builder.section(level, range.clone(), &title);
        self.context.enter(level, id, criteria);
        self.mentions(from..range.end);
        self.read_placeholders(range);
    }

    /// Reads the start of a list item, and returns where its text goes on.
    fn read_item_head(&mut self, range: &Range<usize>, lines: &[Range<usize>]) -> usize {
        let first = lines[0].end;
        let boxed = checkbox(self.text, range.start, first);
        let mut from = boxed.map_or(range.start, |(_, at)| at);
        if let (Some((mark, at)), Role::Tasks) = (boxed, self.role) {
            let state = match mark {
                b' ' => State::Open,
                b'x' | b'X' => State::Done,
                _ => State::Other,
            };
            let numbered = task_number(self.text, at, first);
            let (number, title) = numbered.map_or((None, at), |(number, title)| (Some(number), title));
            let head = number.as_ref().map_or(at, |number| number.start);
            let parent = self.nest.iter().rev().skip(1).find_map(|nest| match nest {
                Nest::Item(item) => item.task,
                _ => None,
            });
            let number = number.map_or("", |number| &self.text[number]);
            let title = &self.text[title..first];
            let task = self.builder.task(head..first, number, title, state, parent);
            if let Some(Nest::Item(item)) = self.nest.last_mut() {
                item.task = Some(task);
            }
            return from;
        }
        let rules = &self.dialect.table.definitions;
        if rules.items
            && let Some(head) = self.definition_head(from, first)
        {
            from = head.end;
            let form = if head.marked || head.separated { Form::Item } else { Form::Row };
            let definition = self.define(&head, head.start..range.end, range, form);
            if let Some(Nest::Item(item)) = self.nest.last_mut() {
                item.definition = Some(definition);
            }
            return from;
        }
        let counts =
            self.role == Role::Spec && rules.counted == Counted::UnderIds && self.context.counted_parent().is_some();
        let depth = self.nest.len();
        if counts
            && depth == 2
            && let [Nest::List { items, top: true, .. }, Nest::Item(item)] = &mut self.nest[..]
            && let Some((number, rendered)) = item.number.clone()
        {
            item.counted = Some(items.len());
            items.push(CountedItem {
                body: number.start..range.end,
                number,
                rendered,
                title: self.text[range.clone()].to_string(),
            });
        }
        from
    }

    fn read_cell(&mut self, range: &Range<usize>) {
        let text = self.text[range.clone()].trim();
        let states = match self.nest.iter_mut().rev().find(|nest| matches!(nest, Nest::Table { .. })) {
            Some(Nest::Table { columns, head: true, .. }) => {
                columns.push(text.to_string());
                self.mentions(range.clone());
                return;
            }
            Some(Nest::Table { states, .. }) => *states,
            _ => false,
        };
        let Some(Nest::Row { cell, definition }) = self.nest.last_mut() else { return };
        let index = *cell;
        *cell += 1;
        let defined = *definition;
        let mut from = range.start;
        if index == 0 && states && self.dialect.table.definitions.rows {
            if let Some(head) = self.definition_head(range.start, range.end) {
                from = head.end;
                let made = self.define(&head, range.clone(), range, Form::Row);
                if let Some(Nest::Row { definition, .. }) = self.nest.last_mut() {
                    *definition = Some(made);
                }
            }
        } else if let Some(definition) = defined {
            self.builder.entitle(definition, text, range.end);
        }
        self.mentions(from..range.end);
        self.read_placeholders(range);
    }

    // Comments ----------------------------------------------------------------------------------------------------

    fn comment(&mut self, range: Range<usize>) {
        let text = &self.text[range.clone()];
        let mut from = 0;
        while let Some(open) = text[from..].find("<!--").map(|at| from + at) {
            let Some(close) = text[open..].find("-->").map(|at| open + at + 3) else { return };
            from = close;
            if let Some(made) = self.builder.suppression(self.text, range.start + open..range.start + close) {
                self.pending.push(made);
            }
        }
    }

    fn settle_pending(&mut self, reach: &Range<usize>) {
        for made in self.pending.drain(..) {
            self.builder.reach(made, reach.clone());
        }
    }
}

/// Where the text of the link at `range` ends: at the bracket that closes it.
fn link_text_end(text: &str, inner: usize, range: &Range<usize>) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    let mut at = inner;
    while at < range.end {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}
