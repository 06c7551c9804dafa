//! Leaves: what the blocks that hold text say — headings, paragraphs, the starts of items.

use super::inline::{Mention, scan};
use super::line_head::{LineHead, behind_symbols, behind_tags, checkbox, dotted_number, item_number, task_number};
use super::reader::{CountedItem, Leaf, LeafKind, Nest, Reader};
use super::signs::Signs;
use super::trace::trace_at;
use super::{Certainty, FlawKind, Form, Kind, State};
use crate::dialect::{ChangeKind, Counted, Role};
use crate::id::Id;
use crate::text::{Trim, lines_of};
use std::ops::Range;

impl Reader<'_> {
    pub(super) fn read_leaf(&mut self, leaf: &Leaf) {
        let range = leaf.start..leaf.end;
        self.form = self.form.filter(|above| self.nest.len() > *above);
        self.signs = Signs::of(&self.text[range.clone()]);
        let mut lines = std::mem::take(&mut self.lines);
        self.put_lines(&range, &mut lines);
        self.note_tasks(&lines);
        self.note_changed_file(&lines);
        self.note_story(leaf, &lines);
        self.note_properties(leaf, &lines);
        self.note_lost_boxes(&lines);
        if self.signs.hold(Signs::BRACKET) {
            self.read_remains(&range);
        }
        match leaf.kind {
            LeafKind::Heading(level) => {
                self.read_instruction(&range);
                // Underlined by `---`, a heading without its space is one of another level.
                if !self.read_glued(&range) {
                    self.read_heading(level, &range);
                }
            }
            LeafKind::Cell => self.read_cell(&range),
            LeafKind::Paragraph | LeafKind::Item => {
                self.note_alone(leaf, &lines);
                self.note_remark(leaf);
                if matches!(leaf.kind, LeafKind::Paragraph) {
                    self.read_instruction(&range);
                }
                self.note_bold_title(leaf, &lines);
                self.read_blank(&range);
                self.read_text(&range, &lines);
                self.note_form(&range);
            }
        }
        self.lines = lines;
    }

    /// Whether the leaf is a paragraph of the document itself, in no list and no quotation.
    pub(super) fn is_own_paragraph(&self, leaf: &Leaf) -> bool {
        matches!(leaf.kind, LeafKind::Paragraph) && self.nest.is_empty() && self.quotes == 0
    }

    /// Reads a block of text without headings.
    pub(super) fn read_block(&mut self, range: &Range<usize>, lines: &[Range<usize>]) {
        let fresh = match self.nest.last_mut() {
            Some(Nest::Item(item)) => std::mem::take(&mut item.fresh),
            _ => false,
        };
        for line in lines {
            self.read_binding(line);
            self.read_change(line);
            self.heed_status(line);
            self.heed_former_line(line);
            self.line_status(line);
        }
        let (mut at, mut from) = (0, range.start);
        let mut later = Vec::new();
        let first = self.text[lines[0].clone()].trimmed();
        if self.role == Role::Tasks && first.starts_with(['*', '_']) {
            self.labelled = self.task_named(&lines[0]).or(self.labelled.take());
        }
        let opens = first.starts_with(['_', '*']) && !first.ends_with(['_', '*']);
        if fresh {
            from = self.read_item_head(range, lines);
        } else if let Some((own, head)) = self
            .opening_line(lines)
            .and_then(|own| Some((own, self.definition_head(lines[own].start.max(from), lines[own].end)?)))
            .filter(|(own, head)| {
                let behind = &self.text[head.end..lines[*own].end];
                head.marked
                    || behind.starts_with([':', '：'])
                    || self.text[lines[*own].start..head.start].trim_start().starts_with("**")
            })
            .filter(|_| self.dialect.table.definitions.paragraphs)
            && self.nest.is_empty()
        {
            at = own;
            from = head.end;
            later = self.define_lines(own, &head, lines, range);
        }
        self.note_optional(range.start, fresh, lines);
        while at < lines.len() {
            if let Some((_, end)) = later.iter().find(|(line, _)| *line == at) {
                from = *end;
            }
            let line = lines[at].start.max(from)..lines[at].end;
            at += match trace_at(self.text, &line, &lines[at + 1..], &self.masks, self.dialect) {
                Some(mut found) => {
                    // Within a stretch that is emphasised as a whole, as prompts are, nothing is closed by itself.
                    if at > 0 && opens {
                        found.flaws.retain(|(_, flaw)| !matches!(flaw, FlawKind::Open(_)));
                    }
                    self.read_placeholders(&line);
                    for line in &lines[at + 1..at + found.lines] {
                        self.read_placeholders(line);
                    }
                    let lines = found.lines;
                    self.builder.trace(self.text, found);
                    lines
                }
                None => {
                    let line = self.read_trace_at_end(&line);
                    self.read_line(&line);
                    1
                }
            };
        }
    }

    /// The number of the task that a heading or a bold line names: boxes below that repeat it are its steps.
    pub(super) fn task_named(&self, line: &Range<usize>) -> Option<Range<usize>> {
        task_number(self.text, line.start, line.end).map(|(number, _)| number)
    }

    /// Defines what the paragraph at `range` states: the requirement that its line `own` begins with, and those of lines further
    /// down that begin so, too. Returns the latter lines and where their ids end.
    fn define_lines(
        &mut self,
        own: usize,
        first: &LineHead,
        lines: &[Range<usize>],
        range: &Range<usize>,
    ) -> Vec<(usize, usize)> {
        let family = self.text[first.start..first.end].bytes().take_while(u8::is_ascii_alphabetic).count();
        let family = self.text[first.start..first.start + family].to_string();
        let names = |head: &LineHead| {
            let behind = self.text[head.end..range.end].trim_start_matches(['*', '_', '`']);
            let label = behind.starts_with([':', '：']) || head.marked && behind.starts_with([' ']) && head.separated;
            // A plain one goes on where others of its family do.
            label && (head.marked || self.text[head.start..].starts_with(family.as_str()))
        };
        let later: Vec<(usize, LineHead)> = (own + 1..lines.len())
            .filter_map(|at| Some((at, self.definition_head(lines[at].start, lines[at].end).filter(names)?)))
            .collect();
        let end = later.first().map_or(range.end, |(next, _)| lines[next - 1].end);
        let block = range.start..end;
        // `**FR-2** allows the owner to …` is a sentence about it.
        let behind = self.text[first.end..range.end].trim_start_matches(['*', '_', '`']);
        let sentence = behind.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        let form = if first.marked && !first.separated && sentence { Form::Again } else { Form::Paragraph };
        self.define(first, block.clone(), &block, form);
        for (nth, (at, head)) in later.iter().enumerate() {
            let end = later.get(nth + 1).map_or(range.end, |(next, _)| lines[next - 1].end);
            let block = lines[*at].start..end;
            self.define(head, block.clone(), &block, Form::Paragraph);
        }
        later.into_iter().map(|(at, head)| (at, head.end)).collect()
    }

    /// The first line of a block that holds more than anchors.
    fn opening_line(&self, lines: &[Range<usize>]) -> Option<usize> {
        lines
            .iter()
            .position(|line| !self.text[behind_tags(self.text, line.start, line.end)..line.end].trimmed().is_empty())
    }

    /// The lines of a block without what its containers put before them.
    pub(super) fn block_lines(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        self.put_lines(range, &mut lines);
        lines
    }

    /// Puts them into `lines` instead of what was there.
    fn put_lines(&self, range: &Range<usize>, lines: &mut Vec<Range<usize>>) {
        lines.clear();
        if !self.signs.hold(Signs::BREAK) {
            lines.push(range.clone());
            return;
        }
        let bytes = self.text.as_bytes();
        lines.extend(lines_of(&self.text[range.clone()]).map(|line| range.start + line.start..range.start + line.end));
        for line in &mut lines[1..] {
            while line.start < line.end && matches!(bytes[line.start], b' ' | b'\t' | b'>') {
                line.start += 1;
            }
        }
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
            let statement = title..title;
            let title = &self.text[title..line.end];
            let made = self.builder.define(&id, number.clone(), line.clone(), title, Form::Counted);
            if !self.heed_statement(made, &statement, line, Form::Counted) {
                self.note_shape(&number, title, Form::Counted);
            }
            // A trace to the whole means both halves of it.
            if literal.ends_with(|c: char| c.is_ascii_lowercase())
                && let Some(whole) = id.parent()
            {
                self.builder.define(&whole, number.clone(), line.clone(), title, Form::Rendered);
            }
            start = number.end;
        } else if let Some(end) = self.bare_number(line.start, line.end, &(line.start..line.end)) {
            start = end;
        } else {
            self.note_head(line, false);
        }
        let end = self.read_line_end(start, line).unwrap_or(line.end);
        self.mentions(start..end);
        self.read_placeholders(line);
    }

    /// Whether a line stands at the margin, though it may lazily continue an item's paragraph: authors write a criterion
    /// right under a list, and mean it to stand for itself.
    fn is_outside_items(&self, line: &Range<usize>) -> bool {
        let margin = line.start == 0 || matches!(self.text.as_bytes()[line.start - 1], b'\n' | b'\r');
        self.nest.is_empty() || (margin && matches!(self.nest[..], [Nest::List { .. }, Nest::Item(_)]))
    }

    pub(super) fn mentions(&mut self, range: Range<usize>) {
        self.mentions_as(range, Kind::Mention);
    }

    /// Reads the ids of a stretch; those alone in brackets are tags, the others are `kind`.
    pub(super) fn mentions_as(&mut self, range: Range<usize>, kind: Kind) {
        if !self.signs.hold(Signs::DIGIT) {
            return;
        }
        let Self { text, builder, masks, dialect, links, .. } = self;
        scan(text, range.start, range.end, masks, dialect, |mention| {
            let bytes = text.as_bytes();
            let bracketed =
                mention.start > 0 && bytes[mention.start - 1] == b'[' && bytes.get(mention.end) == Some(&b']');
            let link = bracketed && links.contains(&(mention.start - 1));
            builder.reference(mention, if bracketed && !link { Kind::Tag } else { kind });
        });
    }

    pub(super) fn definition_head(&self, start: usize, end: usize) -> Option<LineHead> {
        if self.role != Role::Spec || self.quotes > 0 || self.context.is_spilled() || !self.signs.hold(Signs::DIGIT) {
            return None;
        }
        let behind = |at: usize| (at > start).then(|| self.head_at(at, end)).flatten();
        // Where requirements are named again, capitals that no dialect knows are another feature's.
        let counts = |head: &LineHead| {
            !self.context.restates() || self.dialect.families.has(Id::new(&self.text[head.start..head.end]).family())
        };
        self.head_at(start, end)
            .or_else(|| behind(self.behind_mark(start, end)?))
            .or_else(|| behind(behind_symbols(self.text, start, end)).filter(|head| head.marked || head.separated))
            .filter(counts)
    }

    pub(super) fn define(&mut self, head: &LineHead, body: Range<usize>, block: &Range<usize>, form: Form) -> usize {
        let id = Id::new(&self.text[head.start..head.end]);
        let text = self.text;
        let statement = &text[head.title.min(block.end)..block.end];
        let title = self.behind_former_name(statement);
        // A line that is broken on purpose ends a title.
        let title = broken_on_purpose(title).map_or(title, |at| &title[..at]);
        let place = head.start..head.end;
        let form = if self.context.restates() {
            self.builder.note_possible(&id);
            Form::Again
        } else {
            form
        };
        let made = self.builder.define(&id, place.clone(), body, title, form);
        if self.context.lists() {
            self.builder.list(made);
        }
        if !self.heed_statement(made, &place, block, form) {
            self.note_shape(&place, statement, form);
        }
        made
    }

    /// A heading that names a requirement: it states it, or says which one changes.
    pub(super) fn name(&mut self, name: &Id, place: Range<usize>, body: &Range<usize>) -> Option<usize> {
        let change = self.context.change();
        if matches!(change, Some(ChangeKind::Modified | ChangeKind::Removed)) {
            self.changes(name, &place);
        }
        (!matches!(change, Some(ChangeKind::Removed | ChangeKind::Renamed))).then(|| {
            let made = self.builder.define(name, place.clone(), body.clone(), name.as_str(), Form::Name);
            self.builder.open_name(&place);
            self.heed_statement(made, &(place.start..place.start), &place, Form::Name);
            made
        })
    }

    fn changes(&mut self, name: &Id, place: &Range<usize>) {
        let (start, end) = (place.start, place.end);
        let mention = Mention { start, end, first: name.clone(), last: None, wildcard: false, sure: Certainty::Firm };
        self.builder.reference(mention, Kind::Delta);
    }

    /// A line of a list of changes: ``- `### Requirement: Name` ``, perhaps behind `FROM:` or `TO:`.
    fn read_change(&mut self, line: &Range<usize>) {
        let Some(change) = self.context.change() else { return };
        if !matches!(change, ChangeKind::Removed | ChangeKind::Renamed) {
            return;
        }
        let text = &self.text[line.clone()];
        let mut rest = text.trim_start_matches(['-', '*', ' ', '_']);
        let mut new = false;
        if change == ChangeKind::Renamed {
            let Some(at) = rest.find(':') else { return };
            match rest[..at].trim_matches(['*', ' ', '_']).to_ascii_lowercase().as_str() {
                "from" => {}
                "to" => new = true,
                _ => return,
            }
            rest = &rest[at + 1..];
        }
        rest = rest.trim_start_matches(['*', ' ', '`', '#']);
        let Some((name, begin)) = self.requirement_name(rest) else { return };
        let start = line.end - rest.len() + begin;
        let place = start..start + name.as_str().len();
        if new {
            // Stating it anew under its new name is no second definition.
            self.builder.define(&name, place, line.clone(), name.as_str(), Form::Row);
        } else {
            self.changes(&name, &place);
        }
    }

    /// Reads the start of a list item, and returns where its text goes on.
    fn read_item_head(&mut self, range: &Range<usize>, lines: &[Range<usize>]) -> usize {
        let first = lines[0].end;
        let boxed = checkbox(self.text, range.start, first);
        let content = boxed.map_or(range.start, |(_, at)| at);
        let mut from = content;
        if let (Some((mark, at)), Role::Tasks) = (boxed, self.role) {
            let state = match mark {
                // What is struck through is set aside.
                b' ' if self.text[at..first].starts_with("~~") => State::Other,
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
            let step =
                !number.is_empty() && self.labelled.as_ref().is_some_and(|label| self.text[label.clone()] == *number);
            let title = (&self.text[title..first], &self.text[title..range.end]);
            let task = self.builder.task(head..first, number, title, state, parent, step);
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
            // Behind a sign (`✅ FR-1: …`) it is most often told again.
            let signed = !self.text[content..head.start].is_ascii();
            let form = if (head.marked || head.separated) && !signed { Form::Item } else { Form::Row };
            let definition = self.define(&head, content..range.end, range, form);
            if let Some((mark, _)) = boxed {
                self.note_box(definition, mark, head.start..head.end);
            }
            if let Some(Nest::Item(item)) = self.nest.last_mut() {
                item.definition = Some(definition);
            }
            return from;
        }
        if let Some(end) = self
            .bare_number(from, first, &(from..range.end))
            .or_else(|| self.anchored_number(from, first, &(from..range.end)))
        {
            return end;
        }
        // `- **3.2** WHEN …` under Requirement 3 says itself which criterion it is.
        let bare = first - self.text[from..first].trim_start_matches(['*', '_']).len();
        if self.role == Role::Spec
            && rules.counted == Counted::UnderIds
            && let Some(parent) = self.context.counted_parent()
            && let Some((number, title)) = dotted_number(self.text, bare, first)
            && let Some((head, rest)) = self.text[number.clone()].split_once('.')
            && parent.tail() == head
        {
            let id = parent.child(rest);
            let title = &self.text[title.min(first)..first];
            let made = self.builder.define(&id, number.clone(), from..range.end, title, Form::Counted);
            if !self.heed_statement(made, &number, &(from..range.end), Form::Counted) {
                self.note_shape(&number, &self.text[range.clone()], Form::Counted);
            }
            return number.end;
        }
        let counts =
            self.role == Role::Spec && rules.counted == Counted::UnderIds && self.context.counted_parent().is_some();
        let depth = self.nest.len();
        let number = match self.nest.last() {
            Some(Nest::Item(item)) => item.number.clone(),
            _ => None,
        };
        if let Some((number, rendered)) = number.clone().filter(|_| !counts || depth != 2) {
            self.note_item(&number, rendered);
        }
        let loose = self.role == Role::Spec
            && rules.counted == Counted::UnderIds
            && (self.context.loose_parent().is_some() || self.context.section_of_criteria().is_some());
        if (counts || loose)
            && depth == 2
            && let [Nest::List { items, top: true, .. }, Nest::Item(item)] = &mut self.nest[..]
            && let Some((number, rendered)) = number
        {
            item.counted = Some(items.len());
            items.push(CountedItem { body: number.start..range.end, number, rendered, text: range.clone() });
        }
        from
    }
}

/// Where the first line of `text` ends that two blanks or a backslash end.
fn broken_on_purpose(text: &str) -> Option<usize> {
    memchr::memchr_iter(b'\n', text.as_bytes()).find_map(|end| {
        let line = &text[..end];
        let line = line.strip_suffix('\r').unwrap_or(line);
        line.strip_suffix("  ").or_else(|| line.strip_suffix('\\')).map(str::len)
    })
}
