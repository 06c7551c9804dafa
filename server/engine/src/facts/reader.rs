//! The facts reader: CommonMark events in, facts out. Open and closed files are read by it alone.

use super::builder::Builder;
use super::context::Context;
use super::ears::binds;
use super::former_names::NameColumns;
use super::inline::{Masks, link_text_end};
use super::links;
pub(super) use super::open_blocks::{CountedItem, Item, Leaf, LeafKind, Nest};
use super::placeholder::row_of_hints;
use super::placeholder_blocks::Around;
use super::signs::Signs;
use super::table::stating_columns;
use super::{BlockKind, Facts, Form};
use crate::dialect::{Dialect, Role};
use crate::text::{Trim, lines_of};
use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

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
/// `labels` says of a link's label, as it is written, whether it is defined elsewhere in the file.
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
    let mut broken =
        |link: BrokenLink<'_>| labels(&link.reference).then_some((CowStr::Borrowed(""), CowStr::Borrowed("")));
    let parser = Parser::new_with_broken_link_callback(body, Options::ENABLE_TABLES, Some(&mut broken));
    let mut events = parser.into_offset_iter();
    let mut reader = Reader {
        text,
        dialect,
        role,
        cut,
        builder: Builder::spare(),
        parts: Vec::new(),
        part_before: before.clone(),
        context: before,
        nest: Vec::new(),
        leaf: None,
        block: (0..0, BlockKind::Paragraph),
        signs: Signs::default(),
        lines: Vec::new(),
        masks: Masks::default(),
        links: Vec::new(),
        open_links: Vec::new(),
        pending: Vec::new(),
        html: None,
        quotes: 0,
        heading: (0, false),
        headed: None,
        labelled: None,
        late: Vec::new(),
        form: None,
        property: None,
    };
    reader.heed_withdrawal();
    if skip > 0 && body.len() < text.len() {
        reader.read_front_matter(&(0..skip));
    }
    if reader.context.is_prompt() {
        reader.role = Role::None;
    }
    for (event, range) in events.by_ref() {
        reader.event(event, range.start + skip..range.end + skip);
    }
    reader.close_leaf();
    let links = links::defined(text, skip, events.reference_definitions());
    let mut labels: Vec<(usize, String)> = events
        .reference_definitions()
        .iter()
        .map(|(label, definition)| (definition.span.start + skip, fold_label(label)))
        .collect();
    labels.sort_unstable();
    reader.finish(labels, &links)
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

/// One past the bytes at a file's start that are not Markdown.
#[must_use]
pub fn front_matter_end(text: &str) -> usize {
    preamble(text)
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
    let fence = match lines.next().map(|line| text[bom..][line].trimmed_end()) {
        Some("---") => "---",
        Some("+++") => "+++",
        _ => return (bom, false),
    };
    for line in lines {
        let content = text[bom..][line.clone()].trimmed_end();
        if content == fence || (fence == "---" && content == "...") {
            return (bom + line.end, false);
        }
    }
    (bom, true)
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) dialect: &'a Dialect,
    pub(super) role: Role,
    pub(super) cut: Cut,
    pub(super) builder: Builder,
    pub(super) parts: Vec<Part>,
    pub(super) part_before: Context,
    pub(super) context: Context,
    pub(super) nest: Vec<Nest>,
    pub(super) leaf: Option<Leaf>,
    /// The block of text that is being read.
    pub(super) block: (Range<usize>, BlockKind),
    /// What signs it holds.
    pub(super) signs: Signs,
    /// Its lines, kept for their room alone while none is read.
    pub(super) lines: Vec<Range<usize>>,
    pub(super) masks: Masks,
    pub(super) links: Vec<usize>,
    pub(super) open_links: Vec<Option<(usize, Option<CowStr<'a>>)>>,
    /// Suppressions that wait for the block they speak of.
    pub(super) pending: Vec<usize>,
    pub(super) html: Option<usize>,
    /// How many block quotes are open: what stands in one was written elsewhere.
    pub(super) quotes: u32,
    /// Where the heading that is being read starts, and whether it stands at the margin.
    pub(super) heading: (usize, bool),
    /// The definition that the heading above makes.
    pub(super) headed: Option<usize>,
    /// The number of the task that the heading or label above names.
    pub(super) labelled: Option<Range<usize>>,
    /// Text that CommonMark takes for the end of a list or table, and that begins with a heading without its space.
    pub(super) late: Vec<Range<usize>>,
    /// How deep the line stands that says that a form follows: `Write them in this format:`.
    pub(super) form: Option<usize>,
    /// The number of the property whose text is being read.
    pub(super) property: Option<u32>,
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
                self.read_tool_tags(&range);
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
        if matches!(tag, Tag::Paragraph | Tag::List(_) | Tag::Table(_) | Tag::CodeBlock(_)) {
            self.builder.fill();
        }
        match tag {
            Tag::Heading { level, .. } => {
                self.close_leaf();
                // A heading without a word ends what the one before it states, too.
                self.headed = None;
                self.builder.close_name();
                let at = range.start;
                let column_0 = at == 0 || matches!(self.text.as_bytes()[at - 1], b'\n' | b'\r');
                if self.nest.is_empty() && column_0 && is_atx(&self.text[at..]) {
                    self.settle_pending(&range);
                    self.next_part(at);
                }
                self.builder.end_section();
                self.headed = None;
                self.heading = (at, self.nest.is_empty() && column_0);
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
                    block: Around::of(&range),
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
                let block = Around::of(&range);
                self.nest.push(Nest::Table { columns: Vec::new(), ids: 0, names: None, head: true, block });
            }
            Tag::TableHead => {}
            Tag::TableRow => {
                if let Some(Nest::Table { block, .. }) = self.nest.last_mut() {
                    block.items += 1;
                }
                let hints = row_of_hints(&self.text[range.clone()]);
                self.nest.push(Nest::Row { cell: 0, definition: None, names: None, block: Around::of(&range), hints });
            }
            Tag::TableCell => self.open_leaf(LeafKind::Cell, &range),
            Tag::BlockQuote(_) => {
                self.close_leaf();
                self.quotes += 1;
            }
            Tag::FootnoteDefinition(_) | Tag::DefinitionList => self.close_leaf(),
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => {
                self.close_leaf();
                if let Tag::CodeBlock(CodeBlockKind::Fenced(info)) = tag {
                    self.block = (range.clone(), BlockKind::Fence);
                    self.read_fence(info, &range);
                    self.read_open_fence(info, &range);
                    self.read_inner_fences(info, &range);
                    self.read_fenced_remains(info, &range);
                    self.context.fence(&self.text[range.clone()]);
                }
                self.note_fenced_properties(&range);
                self.settle_pending(&range);
                self.nest.push(Nest::Other);
            }
            Tag::HtmlBlock => {
                self.close_leaf();
                self.html = Some(range.start);
            }
            Tag::Link { link_type, dest_url, .. } => {
                self.inline(&range);
                let auto = matches!(link_type, LinkType::Autolink | LinkType::Email);
                if auto {
                    self.masks.add(range.start, range.end);
                } else {
                    self.links.push(range.start);
                }
                let target = (*link_type == LinkType::Inline).then(|| dest_url.clone());
                self.open_links.push((!auto).then_some((range.start + 1, target)));
            }
            Tag::Image { .. } => {
                self.inline(&range);
                self.links.push(range.start + 1);
                self.open_links.push(Some((range.start + 2, None)));
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
                if let Some(Nest::List { items, block, .. }) = self.nest.pop() {
                    self.end_block(&block);
                    self.count(&items);
                }
                self.read_late(range.end);
            }
            TagEnd::TableHead => {
                if let Some(Nest::Table { columns, ids, names, head, .. }) = self.nest.last_mut() {
                    *ids = stating_columns(columns, &self.dialect.table.definitions);
                    *names = NameColumns::of(columns, &self.dialect.table.former, ids);
                    *head = false;
                }
            }
            TagEnd::Table => {
                if let Some(Nest::Table { block, .. }) = self.nest.pop() {
                    self.end_block(&block);
                }
                self.read_late(range.end);
            }
            TagEnd::TableRow | TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => {
                let row = self.nest.pop();
                if let Some(Nest::Row { names: Some(names), definition, .. }) = row {
                    self.end_name_row(&names, definition.map(|(made, _)| made));
                }
                self.read_late(range.end);
            }
            TagEnd::BlockQuote(_) => {
                self.close_leaf();
                self.quotes -= 1;
            }
            TagEnd::HtmlBlock => {
                if let Some(start) = self.html.take() {
                    if !is_comment(&self.text[start..range.end]) {
                        self.builder.fill();
                        self.read_tool_tags(&(start..range.end));
                    }
                    self.comment(start..range.end);
                }
            }
            TagEnd::Link | TagEnd::Image => {
                // What stands behind the text of a link is its target.
                if let Some(Some((inner, target))) = self.open_links.pop()
                    && let Some(close) = link_text_end(self.text, inner, &range)
                {
                    self.masks.add(close, range.end);
                    if let Some(target) = target {
                        self.read_link(&target, close + 2, range.end);
                    }
                }
                self.inline(&range);
            }
            _ => self.inline(&range),
        }
    }

    fn start_item(&mut self, range: &Range<usize>) {
        if let Some(Nest::List { block, .. }) = self.nest.last_mut() {
            block.items += 1;
        }
        let number = match self.nest.last_mut() {
            Some(Nest::List { ordered: true, next, .. }) => {
                let digits = self.text[range.clone()].bytes().take_while(u8::is_ascii_digit).count();
                let rendered = *next;
                *next += 1;
                (digits > 0).then(|| (range.start..range.start + digits, rendered))
            }
            _ => None,
        };
        self.nest.push(Nest::Item(Item {
            start: range.start,
            block: Around::of(range),
            fresh: true,
            number,
            ..Item::default()
        }));
    }

    fn end_item(&mut self, range: &Range<usize>) {
        let Some(Nest::Item(item)) = self.nest.pop() else { return };
        let end = item.start + self.text[item.start..range.end].trimmed_end().len();
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
        let Some(parent) = self.context.counted_parent().cloned() else {
            self.count_beside(items);
            return;
        };
        let text = self.text;
        let literal = |item: &CountedItem| text[item.number.clone()].trim_start_matches('0');
        // `1. 1. 1.` is Markdown's lazy numbering: only the rendered number names anything.
        let lazy = items.len() > 1 && items.iter().all(|item| literal(item) == literal(&items[0]));
        for item in items {
            let withdrawn = self.withdrawal(&(item.text.start..item.text.start), &item.text, Form::Counted);
            if withdrawn.is_none() {
                self.note_shape(&item.number, &text[item.text.clone()], Form::Counted);
            }
            let (written, rendered) = (literal(item), item.rendered.to_string());
            let sole = lazy || written.is_empty();
            let first = Some((if sole { &rendered } else { written }, Form::Counted));
            let second = (!sole && written != rendered).then_some((rendered.as_str(), Form::Rendered));
            for (name, form) in first.into_iter().chain(second) {
                let (id, body) = (parent.child(name), item.body.clone());
                let title = &text[item.text.clone()];
                let made = self.builder.define(&id, item.number.clone(), body, title, form);
                // Hardly any criterion ends with brackets.
                let ends = || title.trim_end_matches(['.', ' ', '\n', '\r']).ends_with([')', ']', '）', '］']);
                if form == Form::Counted && ends() {
                    self.heed_former_names(made, item.text.clone());
                }
                match &withdrawn {
                    Some(by) => self.builder.withdraw(made, by),
                    None => self.heed_deferral(made, &item.text),
                }
            }
        }
    }

    /// Gives the items of a list of criteria below a section's number their ids, and those of a list in another section of a
    /// requirement, where most of them bind as criteria do. Where criteria have the same numbers, those are meant.
    fn count_beside(&mut self, items: &[CountedItem]) {
        let text = self.text;
        let modals = &self.dialect.table.definitions.modals;
        let binding = || items.iter().filter(|item| binds(&text[item.text.clone()], modals)).count();
        let (parent, form) = match (self.context.section_of_criteria(), self.context.loose_parent()) {
            (Some(section), _) => (section.clone(), Form::Section),
            (None, Some(parent)) if items.len() > 1 && binding() * 4 >= items.len() * 3 => {
                (parent.clone(), Form::Rendered)
            }
            _ => return,
        };
        for item in items {
            let id = parent.child(text[item.number.clone()].trim_start_matches('0'));
            self.builder.define(&id, item.number.clone(), item.body.clone(), &text[item.text.clone()], form);
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
                let heading = matches!(leaf.kind, LeafKind::Heading(_));
                self.block = (leaf.start..leaf.end, if heading { BlockKind::Heading } else { BlockKind::Paragraph });
                self.read_leaf(&leaf);
            } else if leaf.kind == LeafKind::Cell {
                self.signs = Signs::default();
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
        let before = std::mem::replace(&mut self.part_before, self.context.clone());
        let start = self.builder.base();
        self.parts.push(Part { start, facts: self.builder.finish(at), before });
        self.heed_withdrawal();
        self.pending.clear();
    }

    fn finish(mut self, labels: Vec<(usize, String)>, links: &[(Range<usize>, String)]) -> Reading {
        let after = self.context.clone();
        let start = self.builder.base();
        self.parts.push(Part { start, facts: self.builder.finish(0), before: self.part_before });
        self.builder.keep();
        for (at, label) in labels {
            let part = self.parts.partition_point(|part| part.start <= at).saturating_sub(1);
            let facts = &mut self.parts[part].facts;
            let mut all = std::mem::take(&mut facts.labels).into_vec();
            all.push(label);
            facts.labels = all.into();
        }
        links::put(links, &mut self.parts);
        Reading { parts: self.parts, after }
    }

    // Comments ----------------------------------------------------------------------------------------------------

    fn comment(&mut self, range: Range<usize>) {
        let text = &self.text[range.clone()];
        let mut from = 0;
        while let Some(open) = text[from..].find(COMMENT).map(|at| from + at) {
            let Some(close) = text[open..].find("-->").map(|at| open + at + 3) else { return };
            from = close;
            self.read_instruction(&(range.start + open + COMMENT.len()..range.start + close));
            if let Some(made) = self.builder.suppression(self.text, range.start + open..range.start + close) {
                self.pending.push(made);
            }
        }
    }

    fn settle_pending(&mut self, reach: &Range<usize>) {
        while let Some(made) = self.pending.pop() {
            self.builder.reach(made, reach.clone());
        }
    }
}

/// What a comment begins with.
const COMMENT: &str = "<!--";

/// Whether a block of HTML holds nothing but comments.
fn is_comment(block: &str) -> bool {
    let mut rest = block.trimmed();
    while let Some(open) = rest.strip_prefix(COMMENT) {
        let Some(close) = open.find("-->") else { return true };
        rest = open[close + 3..].trim_start();
    }
    rest.is_empty()
}

/// Whether a heading's text begins as an ATX heading does; a setext heading may begin with `#` too.
fn is_atx(text: &str) -> bool {
    let rest = text.trim_start_matches('#');
    (1..=6).contains(&(text.len() - rest.len())) && (rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}
