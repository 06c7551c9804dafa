//! Facts in a few bytes: what is kept of a closed file until somebody looks at it.
//!
//! Numbers take as many bytes as they need, and what comes behind something is told by how far behind it stands.

mod pieces;

use super::{
    Cited, Criterion, Definition, Facts, Form, FormerName, InnerFence, LostBox, OpenFence, Remains, StatedState,
    Suppression, ToolTag, Total, UnspacedHeading, Words,
};
use crate::id::Id;
use crate::letter_set::LetterSet;
use crate::text::{Span, narrow, put_number, take_number};
use std::cell::RefCell;

/// The facts of a closed file. They are what they were once they are [unpacked](Packed::unpack).
#[derive(Clone, Debug, Default)]
pub(crate) struct Packed {
    bytes: Box<[u8]>,
    /// What few files hold.
    rare: Option<Box<Rare>>,
}

/// Facts that few files hold, as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rare {
    totals: Box<[Total]>,
    criteria: Box<[Criterion]>,
    cited: Box<[Cited]>,
    former_names: Box<[FormerName]>,
    unspaced_headings: Box<[UnspacedHeading]>,
    lost_boxes: Box<[LostBox]>,
    tool_tags: Box<[ToolTag]>,
    remarks: Box<[Span]>,
    bold_titles: Box<[u32]>,
    open_fence: Option<Box<OpenFence>>,
    inner_fences: Box<[InnerFence]>,
    remains: Box<[Remains]>,
    states: Box<[StatedState]>,
    suppressions: Box<[Suppression]>,
    labels: Box<[String]>,
}

impl Rare {
    fn memory(&self) -> usize {
        let Self {
            totals,
            criteria,
            cited,
            former_names,
            unspaced_headings,
            lost_boxes,
            tool_tags,
            remarks,
            bold_titles,
            open_fence,
            inner_fences,
            remains,
            states,
            suppressions,
            labels,
        } = self;
        size_of::<Self>()
            + size_of_val(&**totals)
            + size_of_val(&**criteria)
            + size_of_val(&**cited)
            + size_of_val(&**former_names)
            + size_of_val(&**unspaced_headings)
            + size_of_val(&**lost_boxes)
            + size_of_val(&**tool_tags)
            + size_of_val(&**remarks)
            + size_of_val(&**bold_titles)
            + size_of_val(&**inner_fences)
            + inner_fences.iter().map(|it| size_of_val(&*it.headings)).sum::<usize>()
            + size_of_val(&**remains)
            + size_of_val(&**states)
            + size_of_val(&**suppressions)
            + size_of_val(&**labels)
            + open_fence.as_deref().map_or(0, |it| size_of_val(it) + size_of_val(&*it.headings))
    }
}

/// A definition as lists show it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The id as it is written.
    pub id: &'a str,
    /// The statement's first line without marks.
    pub title: &'a str,
    /// The id's place.
    pub place: Span,
    /// How the definition is written.
    pub form: Form,
    /// Whether the requirement has been given up.
    pub withdrawn: bool,
}

impl<'a> Named<'a> {
    /// A definition of `facts`.
    pub(crate) fn of(facts: &'a Facts, definition: &Definition) -> Self {
        let Definition { place, form, withdrawn, .. } = *definition;
        Self { id: facts.id(definition.id).as_str(), title: facts.text(definition.title), place, form, withdrawn }
    }

    /// The letters of its id and title.
    pub(crate) fn letter_set(&self) -> LetterSet {
        LetterSet::of(self.id).and(LetterSet::of(self.title))
    }
}

impl Packed {
    pub(crate) fn of(facts: &Facts) -> Self {
        let bytes = ROOM.with_borrow_mut(|room| room.pack(facts));
        let rare = Rare {
            totals: facts.totals.clone(),
            criteria: facts.criteria.clone(),
            cited: facts.cited.clone(),
            former_names: facts.former_names.clone(),
            unspaced_headings: facts.unspaced_headings.clone(),
            lost_boxes: facts.lost_boxes.clone(),
            tool_tags: facts.tool_tags.clone(),
            remarks: facts.remarks.clone(),
            bold_titles: facts.bold_titles.clone(),
            open_fence: facts.open_fence.clone(),
            inner_fences: facts.inner_fences.clone(),
            remains: facts.remains.clone(),
            states: facts.states.clone(),
            suppressions: facts.suppressions.clone(),
            labels: facts.labels.clone(),
        };
        let packed = Self { bytes, rare: (rare != Rare::default()).then(|| Box::new(rare)) };
        debug_assert_eq!(packed.unpack(), *facts);
        packed
    }

    /// Whether nothing was packed: then the facts are kept as they are.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn unpack(&self) -> Facts {
        let (mut all, words) = self.parts();
        let rare = self.rare.as_deref().cloned().unwrap_or_default();
        let flags = all.byte();
        let ids = all.ids();
        Facts {
            ids,
            definitions: all.list(),
            references: all.list(),
            traces: all.list(),
            tasks: all.list(),
            task_names: all.list(),
            totals: rare.totals,
            properties: all.list(),
            criteria: rare.criteria,
            cited: rare.cited,
            sections: all.list(),
            lax: all.list(),
            shapeless: all.list(),
            questions: all.list(),
            successors: all.list(),
            former_names: rare.former_names,
            possible: all.list(),
            placeholders: all.list(),
            likely_placeholders: all.list(),
            blanks: all.list(),
            nones: all.list(),
            brackets: all.list(),
            blocks: all.list(),
            unspaced_headings: rare.unspaced_headings,
            lost_boxes: rare.lost_boxes,
            tool_tags: rare.tool_tags,
            remarks: rare.remarks,
            bold_titles: rare.bold_titles,
            links: all.list(),
            open_fence: rare.open_fence,
            inner_fences: rare.inner_fences,
            remains: rare.remains,
            states: rare.states,
            suppressions: rare.suppressions,
            says: flags & 4 != 0,
            finished: flags & 1 != 0,
            done: (flags & 8 != 0).then(|| all.behind(0)),
            to_review: flags & 16 != 0,
            prompt: flags & 2 != 0,
            labels: rare.labels,
            words: str::from_utf8(words).unwrap_or_default().into(),
        }
    }

    /// Those of its definitions, by their places among all of them, that are `wanted`, in their order and without the rest.
    pub(crate) fn definitions<F: Fn(usize) -> bool>(
        &self,
        wanted: F,
    ) -> impl Iterator<Item = (usize, Named<'_>)> + use<'_, F> {
        let (mut all, words) = self.parts();
        all.byte();
        let length = all.number() as usize;
        let ids = all.bytes.get(..length).unwrap_or_default();
        all.bytes = all.bytes.get(length..).unwrap_or_default();
        let count = all.number() as usize;
        (0..count).filter_map(move |which| {
            let (Definition { place, title, form, withdrawn, .. }, at) = all.definition();
            wanted(which).then(|| {
                let title = words.get(title.0.range()).and_then(|title| str::from_utf8(title).ok()).unwrap_or_default();
                (which, Named { id: id_at(ids, at), title, place, form, withdrawn })
            })
        })
    }

    /// How many bytes are kept beside the value itself.
    pub(crate) fn memory(&self) -> [usize; 2] {
        let rare = self.rare.as_deref().map_or(0, Rare::memory);
        let words = self.parts().1.len();
        [words, self.bytes.len() - words + rare]
    }

    /// What is read first, and the words, which stand behind it.
    fn parts(&self) -> (Packing<'_>, &[u8]) {
        let mut all = Packing { bytes: &self.bytes, ..Packing::default() };
        let words = all.number() as usize;
        let (front, words) = all.bytes.split_at(all.bytes.len().saturating_sub(words));
        all.bytes = front;
        (all, words)
    }
}

thread_local! {
    /// Where files that this thread reads are packed.
    static ROOM: RefCell<Room> = RefCell::default();
}

/// Room for what is being packed.
#[derive(Default)]
struct Room {
    bytes: Vec<u8>,
    /// Where each id begins in the bytes of all.
    ids: Vec<u32>,
    /// Where the span before begins, and where the words before end.
    at: u32,
    word: u32,
}

/// What is being unpacked.
#[derive(Default)]
struct Packing<'a> {
    bytes: &'a [u8],
    ids: Vec<u32>,
    at: u32,
    word: u32,
}

/// What stands in packed facts by itself. Whatever the numbers are, they come back as they were.
trait Pack: Sized {
    fn pack(&self, room: &mut Room);
    fn unpack(from: &mut Packing<'_>) -> Self;
}

impl Room {
    fn pack(&mut self, facts: &Facts) -> Box<[u8]> {
        // What is `_` here is rare. Whatever a file says besides has its place here, or this does not compile.
        let Facts {
            ids,
            definitions,
            references,
            traces,
            tasks,
            task_names,
            totals: _,
            properties,
            criteria: _,
            cited: _,
            sections,
            lax,
            shapeless,
            questions,
            successors,
            former_names: _,
            possible,
            placeholders,
            likely_placeholders,
            blanks,
            nones,
            brackets,
            blocks,
            unspaced_headings: _,
            lost_boxes: _,
            tool_tags: _,
            remarks: _,
            bold_titles: _,
            links,
            open_fence: _,
            inner_fences: _,
            remains: _,
            states: _,
            suppressions: _,
            says,
            finished,
            done,
            to_review,
            prompt,
            labels: _,
            words,
        } = facts;
        self.bytes.clear();
        self.number(narrow(words.len()));
        self.bytes.push(bits([*finished, *prompt, *says, done.is_some(), *to_review]));
        self.pack_ids(ids);
        self.list(definitions);
        self.list(references);
        self.list(traces);
        self.list(tasks);
        self.list(task_names);
        self.list(properties);
        self.list(sections);
        self.list(lax);
        self.list(shapeless);
        self.list(questions);
        self.list(successors);
        self.list(possible);
        self.list(placeholders);
        self.list(likely_placeholders);
        self.list(blanks);
        self.list(nones);
        self.list(brackets);
        self.list(blocks);
        self.list(links);
        done.iter().for_each(|done| self.behind(0, *done));
        self.bytes.extend_from_slice(words.as_bytes());
        self.bytes.as_slice().into()
    }

    /// The ids one after the other, each with its length, so that one is found without the others.
    fn pack_ids(&mut self, ids: &[Id]) {
        self.ids.clear();
        let mut length = 0;
        for id in ids {
            self.ids.push(length);
            let bytes = narrow(id.as_str().len());
            length += bytes + length_of(bytes);
        }
        self.number(length);
        for id in ids {
            self.number(narrow(id.as_str().len()));
            self.bytes.extend_from_slice(id.as_str().as_bytes());
        }
    }

    fn list<T: Pack>(&mut self, all: &[T]) {
        (self.at, self.word) = (0, 0);
        self.number(narrow(all.len()));
        all.iter().for_each(|one| one.pack(self));
    }

    #[inline]
    fn number(&mut self, number: u32) {
        put_number(&mut self.bytes, number);
    }

    /// How far `to` stands behind `from`, or before it.
    #[inline]
    fn step(&mut self, from: u32, to: u32) {
        let step = to.wrapping_sub(from).cast_signed();
        self.number((step << 1 ^ step >> 31).cast_unsigned());
    }

    /// A span behind the last one.
    #[inline]
    fn span(&mut self, span: Span) {
        self.step(self.at, span.start);
        self.number(span.end.wrapping_sub(span.start));
        self.at = span.start;
    }

    /// A span by how far behind `from` it stands.
    #[inline]
    fn behind(&mut self, from: u32, span: Span) {
        self.step(from, span.start);
        self.number(span.end.wrapping_sub(span.start));
    }

    #[inline]
    fn words(&mut self, words: Words) {
        self.step(self.word, words.0.start);
        self.number(words.0.end.wrapping_sub(words.0.start));
        self.word = words.0.end;
    }

    fn key(&mut self, key: u32) {
        self.bytes.extend_from_slice(&key.to_le_bytes());
    }
}

impl<'a> Packing<'a> {
    fn ids(&mut self) -> Box<[Id]> {
        let length = self.number() as usize;
        let ids = self.bytes.get(..length).unwrap_or_default();
        self.bytes = self.bytes.get(length..).unwrap_or_default();
        let (mut at, mut out) = (0, Vec::new());
        while at < length {
            self.ids.push(narrow(at));
            let id = id_at(ids, narrow(at));
            out.push(Id::new(id));
            at += id.len() + length_of(narrow(id.len())) as usize;
        }
        out.into()
    }

    fn list<T: Pack>(&mut self) -> Box<[T]> {
        (self.at, self.word) = (0, 0);
        let count = self.number();
        (0..count).map(|_| T::unpack(self)).collect()
    }

    #[inline]
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    #[inline]
    fn number(&mut self) -> u32 {
        take_number(&mut self.bytes)
    }

    #[inline]
    fn step(&mut self, from: u32) -> u32 {
        let step = self.number();
        from.wrapping_add(step >> 1 ^ (step & 1).wrapping_neg())
    }

    #[inline]
    fn span(&mut self) -> Span {
        let start = self.step(self.at);
        let end = start.wrapping_add(self.number());
        self.at = start;
        Span { start, end }
    }

    #[inline]
    fn behind(&mut self, from: u32) -> Span {
        let start = self.step(from);
        Span { start, end: start.wrapping_add(self.number()) }
    }

    #[inline]
    fn words(&mut self) -> Words {
        let start = self.step(self.word);
        let end = start.wrapping_add(self.number());
        self.word = end;
        Words(Span { start, end })
    }

    fn key(&mut self) -> u32 {
        let Some((key, rest)) = self.bytes.split_first_chunk() else { return 0 };
        self.bytes = rest;
        u32::from_le_bytes(*key)
    }
}

/// Up to eight answers in a byte, the first one in its lowest bit.
#[inline]
fn bits<const N: usize>(all: [bool; N]) -> u8 {
    const { assert!(N <= 8) };
    all.iter().rev().fold(0, |bits, one| bits << 1 | u8::from(*one))
}

/// How many bytes a number takes.
fn length_of(number: u32) -> u32 {
    (u32::BITS - (number | 1).leading_zeros()).div_ceil(7)
}

/// The id that begins at a byte of those of all ids.
fn id_at(ids: &[u8], at: u32) -> &str {
    let mut from = Packing { bytes: ids.get(at as usize..).unwrap_or_default(), ..Packing::default() };
    let length = from.number() as usize;
    from.bytes.get(..length).and_then(|id| str::from_utf8(id).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were() {
        let mut room = Room::default();
        let numbers = [0, 1, 127, 128, 16_383, 16_384, 1 << 21, 1 << 28, u32::MAX - 1, u32::MAX];
        for number in numbers {
            room.number(number);
            room.step(7, number);
            room.step(number, 7);
        }
        let mut from = Packing { bytes: &room.bytes, ..Packing::default() };
        for number in numbers {
            let mut alone = Room::default();
            alone.number(number);
            assert_eq!(alone.bytes.len(), length_of(number) as usize);
            assert_eq!((from.number(), from.step(7), from.step(number)), (number, number, 7));
        }
        assert!(from.bytes.is_empty());
    }
}
