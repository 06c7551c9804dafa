//! The facts under construction: spans are made relative, ids and words are shared.

use super::inline::Mention;
use super::links::Link;
use super::lost_boxes::LostBox;
use super::open_fence::{FencedHeading, OpenFence};
use super::parallel_file::parallel_file;
use super::title::{PAUSES, end_title, is_plain, is_strike};
use super::title_key;
use super::tool_tags::ToolTag;
use super::trace::Found;
use super::unspaced_headings::{Slip, UnspacedHeading};
use super::{
    Block, BlockKind, Bracket, Cited, Criterion, Definition, Facts, Flaw, Form, FormerName, InnerFence, Kind, Lax,
    Property, Reach, Reference, Remains, Section, State, StatedState, Suppression, Task, TaskName, Total, TraceLine,
    Words,
};
use crate::id::Id;
use crate::text::{Span, narrow};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::Cell;
use std::ops::Range;

/// Titles are for lists and labels, kept for every file of a workspace; the whole statement is in the text. In bytes.
pub(super) const LONGEST_TITLE: usize = 120;
const LONGEST_COUNTED: usize = 72;
const LONGEST_TASK: usize = 72;

#[derive(Default)]
pub(super) struct Builder {
    base: usize,
    ids: Vec<Id>,
    known: FxHashMap<SmolStr, u32>,
    definitions: Vec<Definition>,
    references: Vec<Reference>,
    traces: Vec<TraceLine>,
    pub(super) tasks: Vec<Task>,
    task_names: Vec<TaskName>,
    pub(super) totals: Vec<Total>,
    pub(super) properties: Vec<Property>,
    criteria: Vec<Criterion>,
    cited: Vec<Cited>,
    sections: Vec<Section>,
    /// Whether what follows belongs to the last of them.
    fills: bool,
    possible: Vec<u32>,
    successors: Vec<(u32, u32)>,
    former_names: Vec<FormerName>,
    /// Whether what is defined now is withdrawn, whatever it says itself.
    pub(super) withdraws: bool,
    /// Whether what is defined now is put off.
    pub(super) defers: bool,
    /// Whether the front matter says that the file is written for an agent.
    pub(super) prompt: bool,
    pub(super) finished: bool,
    pub(super) done: Option<Span>,
    pub(super) to_review: bool,
    /// Whether the last heading is that of a status.
    pub(super) in_status: bool,
    shapeless: Vec<Span>,
    placeholders: Vec<Span>,
    likely_placeholders: Vec<Bracket>,
    nones: Vec<Span>,
    blanks: Vec<Span>,
    brackets: Vec<Bracket>,
    pub(super) remains: Vec<Remains>,
    pub(super) states: Vec<StatedState>,
    blocks: Vec<Block>,
    unspaced_headings: Vec<UnspacedHeading>,
    pub(super) tool_tags: Vec<ToolTag>,
    pub(super) remarks: Vec<Span>,
    pub(super) bold_titles: Vec<u32>,
    pub(super) lost_boxes: Vec<LostBox>,
    /// Whether anything stands there but headings.
    pub(super) says: bool,
    pub(super) links: Vec<Link>,
    /// The fence that nothing closes.
    pub(super) open_fence: Option<Box<OpenFence>>,
    pub(super) inner_fences: Vec<InnerFence>,
    suppressions: Vec<Suppression>,
    pub(super) words: String,
    pub(super) lax: Vec<Lax>,
    questions: Vec<Span>,
    /// The named requirement whose text is being read, while it does not bind.
    pub(super) open_name: Option<Lax>,
}

impl Builder {
    /// One with the room of what this thread has read before.
    pub(super) fn spare() -> Self {
        SPARE.take().unwrap_or_default()
    }

    pub(super) fn base(&self) -> usize {
        self.base
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        // A table's or a comment's range may begin at the part's edge but never before it.
        Span::new(range.start.saturating_sub(self.base), range.end.saturating_sub(self.base))
    }

    pub(super) fn id(&mut self, id: &Id) -> u32 {
        if let Some(index) = self.known.get(id.as_str()) {
            return *index;
        }
        let index = narrow(self.ids.len());
        self.known.insert(SmolStr::new(id.as_str()), index);
        self.ids.push(id.clone());
        index
    }

    pub(super) fn words(&mut self, text: &str) -> Words {
        let start = self.words.len();
        self.words.push_str(text);
        Words(Span::new(start, self.words.len()))
    }

    /// `text` without emphasis marks and line breaks, cut after `most` bytes.
    pub(super) fn title(&mut self, text: &str, most: usize) -> Words {
        let start = self.words.len();
        let bytes = text.as_bytes();
        if is_plain(&bytes[..bytes.len().min(most + 1)]) {
            self.words.push_str(&text[..text.floor_char_boundary(most)]);
            if bytes.len() > most {
                self.words.push('…');
            }
            return end_title(&mut self.words, start);
        }
        // Plain stretches, and single blanks between them, are copied whole; `from` is where the present one began.
        let (mut at, mut from, mut blank) = (0, 0, true);
        while at < bytes.len() {
            let byte = bytes[at];
            if !PAUSES[usize::from(byte)] {
                blank = false;
                at += 1;
                continue;
            }
            if byte == b' ' && !blank {
                blank = true;
                at += 1;
                if self.words.len() - start + at - from > most {
                    break;
                }
                continue;
            }
            let white = byte.is_ascii_whitespace();
            let mark = match byte {
                b'*' | b'`' => true,
                b'~' => is_strike(bytes, at),
                b'_' => !(at > 0 && bytes[at - 1].is_ascii_alphanumeric()),
                _ => false,
            };
            if !(mark || white) {
                blank = false;
                at += 1;
                continue;
            }
            self.words.push_str(&text[from..at]);
            if white && !blank {
                self.words.push(' ');
                blank = true;
            }
            at += 1;
            from = at;
            if self.words.len() - start > most {
                break;
            }
        }
        self.words.push_str(&text[from..at]);
        if self.words.len() - start > most {
            let cut = self.words.floor_char_boundary(start + most);
            self.words.truncate(cut);
            self.words.push('…');
        }
        end_title(&mut self.words, start)
    }

    pub(super) fn define(
        &mut self,
        id: &Id,
        place: Range<usize>,
        body: Range<usize>,
        title: &str,
        form: Form,
    ) -> usize {
        let most = if form.is_written() { LONGEST_TITLE } else { LONGEST_COUNTED };
        let (id, title) = (self.id(id), self.title(title, most));
        let (place, body) = (self.span(&place), self.span(&body));
        let (withdrawn, deferred) = (self.withdraws, self.defers);
        self.definitions.push(Definition { id, place, body, title, form, withdrawn, deferred, listed: false });
        self.definitions.len() - 1
    }

    pub(super) fn id_of(&self, index: usize) -> u32 {
        self.definitions[index].id
    }

    pub(super) fn is_withdrawn(&self, index: usize) -> bool {
        self.definitions[index].withdrawn
    }

    /// Notes that a definition stands where requirements are listed by what they are traced to.
    pub(super) fn list(&mut self, index: usize) {
        self.definitions[index].listed = true;
    }

    pub(super) fn defer(&mut self, index: usize) {
        self.definitions[index].deferred = true;
    }

    pub(super) fn is_deferred(&self, index: usize) -> bool {
        self.definitions[index].deferred
    }

    /// Notes that the requirement of a definition has been given up, and what takes its place.
    pub(super) fn withdraw(&mut self, index: usize, by: &[Id]) {
        self.definitions[index].withdrawn = true;
        // What does not hold need not bind.
        self.open_name = None;
        let own = self.definitions[index].id;
        for successor in by {
            let successor = self.id(successor);
            let mut known = self.successors.iter().rev().take_while(|(id, _)| *id == own);
            if successor != own && !known.any(|(_, by)| *by == successor) {
                self.successors.push((own, successor));
            }
        }
    }

    /// Notes that the requirement of a definition was called `former` before, as `place` says.
    pub(super) fn name_formerly(&mut self, index: usize, former: &Id, place: &Range<usize>) {
        self.push_former_name(self.definitions[index].id, former, place);
    }

    /// The same for the requirement that is called `id` now, wherever that is defined.
    pub(super) fn name_id_formerly(&mut self, id: &Id, former: &Id, place: &Range<usize>) {
        let id = self.id(id);
        self.push_former_name(id, former, place);
    }

    fn push_former_name(&mut self, id: u32, former: &Id, place: &Range<usize>) {
        let (former, span) = (self.id(former), self.span(place));
        let name = FormerName { id, former, span };
        // Some statements are looked at twice.
        let known = self.former_names.iter().rev().take_while(|known| known.id == id).any(|known| *known == name);
        if id != former && !known {
            self.former_names.push(name);
        }
    }

    pub(super) fn end_definition(&mut self, index: usize, end: usize) {
        let end = narrow(end - self.base);
        self.definitions[index].body.end = end;
    }

    /// Gives a table row's requirement its title from the next cell that has one.
    pub(super) fn entitle(&mut self, index: usize, text: &str, end: usize) {
        if self.definitions[index].title.0.is_empty() {
            let title = self.title(text, LONGEST_TITLE);
            self.definitions[index].title = title;
        }
        self.end_definition(index, end);
    }

    pub(super) fn reference(&mut self, mention: Mention, kind: Kind) {
        let Mention { start, end, first, last, wildcard, sure } = mention;
        let span = self.span(&(start..end));
        let push = |builder: &mut Self, id: &Id, reach| {
            let id = builder.id(id);
            builder.references.push(Reference { id, span, kind, reach, sure });
        };
        match last {
            None => push(self, &first, if wildcard { Reach::Children } else { Reach::One }),
            Some(last) => match first.through(&last) {
                Some(ids) => {
                    for (at, id) in ids.iter().enumerate() {
                        let end = at == 0 || at + 1 == ids.len();
                        push(self, id, if end { Reach::One } else { Reach::Within });
                    }
                }
                None => {
                    push(self, &first, Reach::From);
                    push(self, &last, Reach::One);
                }
            },
        }
    }

    /// A trace line of `text`. An id in it that is struck through is none that it names any more.
    pub(super) fn trace(&mut self, text: &str, found: Found) {
        let first = narrow(self.references.len());
        // Read once for all of them: some trace lines are long.
        let (mut struck, mut from) = (false, found.line.start);
        let may_strike = text.get(found.line.clone()).is_none_or(|line| line.contains('~'));
        for mention in found.mentions {
            let between = text.get(from..mention.start).unwrap_or_default();
            struck ^= may_strike && between.matches("~~").count() % 2 == 1;
            from = mention.start.max(from);
            self.reference(mention, if struck { Kind::Mention } else { Kind::Trace });
        }
        let flaws = found.flaws.iter().map(|(range, what)| Flaw { span: self.span(range), what: *what }).collect();
        let line = TraceLine {
            line: self.span(&found.line),
            value: self.span(&found.value),
            references: first..narrow(self.references.len()),
            all: found.all,
            partial: found.partial,
            flaws,
        };
        self.traces.push(line);
    }

    pub(super) fn task(
        &mut self,
        head: Range<usize>,
        number: &str,
        (title, text): (&str, &str),
        state: State,
        parent: Option<u32>,
        step: bool,
    ) -> u32 {
        let above = parent.map(|parent| self.tasks[parent as usize].number);
        let step = step || !number.is_empty() && above.is_some_and(|above| self.words[above.0.range()] == *number);
        let file = parallel_file(title, text).map(|file| self.words(file)).unwrap_or_default();
        let (number, title, head) = (self.words(number), self.title(title, LONGEST_TASK), self.span(&head));
        self.tasks.push(Task { item: head, head, number, title, file, state, parent, step, optional: false });
        narrow(self.tasks.len() - 1)
    }

    /// Notes a task's number elsewhere than at its box; `begins` says that a line begins with it.
    pub(super) fn task_name(&mut self, text: &str, place: &Range<usize>, begins: bool) {
        let (number, span) = (self.words(&text[place.clone()]), self.span(place));
        self.task_names.push(TaskName { number, span, begins });
    }

    /// Notes that a task called `number` is summed up at `place`.
    pub(super) fn task_told(&mut self, number: &str, place: &Range<usize>) {
        let (number, span) = (self.words(number), self.span(place));
        self.task_names.push(TaskName { number, span, begins: true });
    }

    /// Notes a criterion of a story's own list.
    pub(super) fn criterion(&mut self, place: &Range<usize>, number: u32) {
        let span = self.span(place);
        self.criteria.push(Criterion { number, span });
    }

    /// Notes that a task cites criteria of the story's own list.
    pub(super) fn cite(&mut self, place: &Range<usize>, first: u32, last: u32) {
        let span = self.span(place);
        self.cited.push(Cited { first, last, span });
    }

    pub(super) fn end_task(&mut self, index: u32, end: usize) {
        let end = narrow(end - self.base);
        let item = &mut self.tasks[index as usize].item;
        item.end = end.max(item.end);
    }

    /// A heading whose block starts at `start`; `top` says that it stands at the margin.
    pub(super) fn section(&mut self, level: u8, start: usize, top: bool, head: Range<usize>, title: &str) {
        let (title, head) = (self.title(title, LONGEST_TITLE), self.span(&head));
        let key = title_key(&self.words[title.0.range()]);
        let start = narrow(start - self.base);
        self.sections.push(Section { level, top, filled: false, start, head, title, key });
        self.fills = true;
    }

    /// Notes that a heading begins: what follows is none of the section before, though the heading may be empty.
    pub(super) fn end_section(&mut self) {
        self.fills = false;
    }

    /// Whether what is read now belongs to a section.
    pub(super) fn is_in_section(&self) -> bool {
        self.fills
    }

    /// Notes that the section holds something.
    pub(super) fn fill(&mut self) {
        self.says = true;
        if let Some(section) = self.sections.last_mut().filter(|_| self.fills) {
            section.filled = true;
        }
    }

    /// Notes a line whose `#`s, `level` of them, touch its `title`; `defines` says that it is read as the heading it was
    /// meant to be.
    pub(super) fn unspaced_heading(&mut self, line: &Range<usize>, level: u8, title: &str, defines: bool, slip: Slip) {
        let (span, title) = (self.span(line), self.title(title, LONGEST_TITLE));
        let key = title_key(&self.words[title.0.range()]);
        self.unspaced_headings.push(UnspacedHeading { span, level, title, key, defines, slip });
    }

    /// A heading that stands in a fence, by its line and its title.
    pub(super) fn fenced_heading(&mut self, line: &Range<usize>, title: &str) -> FencedHeading {
        let (span, title) = (self.span(line), self.title(title, LONGEST_TITLE));
        FencedHeading { span, title, key: title_key(&self.words[title.0.range()]) }
    }

    pub(super) fn bracket(&mut self, range: Range<usize>, words: &str) {
        let (span, key) = (self.span(&range), title_key(words));
        self.brackets.push(Bracket { span, key });
    }

    /// Notes that something begins with `id` without defining it.
    pub(super) fn note_possible(&mut self, id: &Id) {
        let id = self.id(id);
        self.possible.push(id);
    }

    pub(super) fn shapeless(&mut self, place: &Range<usize>) {
        self.shapeless.push(self.span(place));
    }

    pub(super) fn question(&mut self, range: &Range<usize>) {
        self.questions.push(self.span(range));
    }

    pub(super) fn placeholder(&mut self, range: &Range<usize>) {
        self.placeholders.push(self.span(range));
    }

    /// Notes a placeholder that holds `words` and that somebody may mean.
    pub(super) fn likely_placeholder(&mut self, range: &Range<usize>, words: &str) {
        self.placeholder(range);
        self.likely_placeholders.push(Bracket { span: self.span(range), key: title_key(words) });
    }

    pub(super) fn none(&mut self, range: &Range<usize>) {
        self.nones.push(self.span(range));
    }

    pub(super) fn blank(&mut self, range: &Range<usize>) {
        self.blanks.push(self.span(range));
    }

    /// Notes a block around placeholders, after those that it is in.
    pub(super) fn block(&mut self, range: &Range<usize>, kind: BlockKind, parent: Option<u32>) -> u32 {
        let span = self.span(range);
        let same = |last: &Block| last.span == span && last.kind == kind;
        if !self.blocks.last().is_some_and(same) {
            self.blocks.push(Block { span, kind, parent, items: 0 });
        }
        narrow(self.blocks.len() - 1)
    }

    /// Notes how many items a list or table has, now that it is whole.
    pub(super) fn end_block(&mut self, index: u32, items: u32) {
        self.blocks[index as usize].items = items;
    }

    /// Notes the comment at `range` if it allows a rule: `<!-- traceline: allow RULE reason -->`.
    pub(super) fn suppression(&mut self, text: &str, range: Range<usize>) -> Option<usize> {
        let inner = text[range.clone()].strip_prefix("<!--")?.strip_suffix("-->")?;
        let order = inner.trim_start().strip_prefix("traceline:")?.trim_start();
        let (whole_file, rest) = match order.strip_prefix("allow-file") {
            Some(rest) => (true, rest),
            None => (false, order.strip_prefix("allow")?),
        };
        let rest = rest.strip_prefix([' ', '\t', '\n'])?.trim_start();
        let start = range.end - 3 - rest.len();
        let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
        let rule = start..start + len;
        let name = self.words(&text[rule.clone()]);
        let comment = self.span(&range);
        self.suppressions.push(Suppression { comment, rule: self.span(&rule), name, reach: comment, whole_file });
        Some(self.suppressions.len() - 1)
    }

    pub(super) fn reach(&mut self, index: usize, reach: Range<usize>) {
        let span = self.span(&reach);
        let own = &mut self.suppressions[index].reach;
        *own = Span { start: own.start.min(span.start), end: own.end.max(span.end) };
    }

    /// What it has built. What follows begins at byte `next`, and takes the room of what was there.
    pub(super) fn finish(&mut self, next: usize) -> Facts {
        self.close_name();
        self.definitions.sort_by_key(|definition| (definition.place.start, definition.form));
        let facts = Facts {
            ids: exactly(&mut self.ids),
            definitions: exactly(&mut self.definitions),
            references: exactly(&mut self.references),
            traces: exactly(&mut self.traces),
            tasks: exactly(&mut self.tasks),
            task_names: exactly(&mut self.task_names),
            totals: exactly(&mut self.totals),
            properties: exactly(&mut self.properties),
            criteria: exactly(&mut self.criteria),
            cited: exactly(&mut self.cited),
            sections: exactly(&mut self.sections),
            lax: exactly(&mut self.lax),
            questions: exactly(&mut self.questions),
            possible: exactly(&mut self.possible),
            successors: exactly(&mut self.successors),
            former_names: exactly(&mut self.former_names),
            shapeless: exactly(&mut self.shapeless),
            placeholders: exactly(&mut self.placeholders),
            likely_placeholders: exactly(&mut self.likely_placeholders),
            nones: exactly(&mut self.nones),
            blanks: exactly(&mut self.blanks),
            remains: exactly(&mut self.remains),
            states: exactly(&mut self.states),
            brackets: exactly(&mut self.brackets),
            blocks: exactly(&mut self.blocks),
            unspaced_headings: exactly(&mut self.unspaced_headings),
            tool_tags: exactly(&mut self.tool_tags),
            remarks: exactly(&mut self.remarks),
            bold_titles: exactly(&mut self.bold_titles),
            lost_boxes: exactly(&mut self.lost_boxes),
            links: exactly(&mut self.links),
            open_fence: self.open_fence.take(),
            inner_fences: exactly(&mut self.inner_fences),
            suppressions: exactly(&mut self.suppressions),
            prompt: self.prompt,
            says: self.says,
            finished: self.finished,
            done: self.done.take(),
            to_review: std::mem::take(&mut self.to_review),
            labels: Box::default(),
            words: self.words.as_str().into(),
        };
        self.words.clear();
        self.forget_ids();
        self.base = next;
        (self.fills, self.says, self.withdraws, self.defers) = (false, false, false, false);
        (self.prompt, self.finished, self.in_status) = (false, false, false);
        facts
    }

    fn forget_ids(&mut self) {
        /// To clear a map takes as long as it has room.
        const MOST: usize = 1 << 10;
        if self.known.capacity() > MOST {
            self.known = FxHashMap::default();
        } else {
            self.known.clear();
        }
    }

    /// Keeps its room for the next text that this thread reads.
    pub(super) fn keep(self) {
        /// In bytes and references; few texts need more.
        const MOST: usize = 1 << 18;
        if self.words.capacity() <= MOST && self.references.capacity() <= MOST {
            SPARE.set(Some(self));
        }
    }
}

thread_local! {
    /// One that has served for another text.
    static SPARE: Cell<Option<Builder>> = const { Cell::new(None) };
}

/// What `all` holds, in as much room as it takes.
fn exactly<T>(all: &mut Vec<T>) -> Box<[T]> {
    if all.is_empty() { Box::default() } else { all.drain(..).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_plain_title_is_what_another_becomes(text in "[a-c é_*~` ]{0,14}", most in 1_usize..12) {
            let titled = |text: &str| {
                let mut builder = Builder::default();
                let title = builder.title(text, most);
                builder.words[title.0.range()].to_string()
            };
            // Marks at the front are left out, and keep it from being plain.
            prop_assert_eq!(titled(&text), titled(&format!("**{text}")));
        }
    }
}
