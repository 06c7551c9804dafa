//! How each kind of fact is packed. What is packed is taken apart in full, so that nothing of it is forgotten.

use super::{Pack, Packing, Room, bits};
use crate::facts::{
    Block, BlockKind, Bracket, Certainty, Definition, Flaw, FlawKind, Form, Kind, Lax, Link, Property, PropertyUse,
    Reach, Reference, Section, State, Task, TaskName, TraceLine, Words,
};
use crate::text::{Span, narrow};

/// All values of an enum in their order; without one of them it does not compile.
macro_rules! all_of {
    ($name:ident, $of:ident: $($value:ident),+ $(,)?) => {
        const $name: &[$of] = {
            let all: &[$of] = &[$($of::$value),+];
            match all[0] {
                $($of::$value => all),+
            }
        };
    };
}

all_of!(FORMS, Form: Heading, Item, Paragraph, Row, Again, Name, Scenario, Numbered, Counted, Rendered, Section);
all_of!(KINDS, Kind: Trace, Tag, Listed, Mention, Delta);
all_of!(REACHES, Reach: One, Within, Children, From);
all_of!(CERTAINTIES, Certainty: Firm, Loose, Conditional, Number, Spaced, Guess);
all_of!(STATES, State: Open, Done, Other);
all_of!(BLOCKS, BlockKind: Heading, Paragraph, Fence, List, Item, Table, Row);
all_of!(USES, PropertyUse: Stated, Listed, Waived, Named, Mentioned, Short, All);

// Each has its bits in a byte.
const _: () = assert!(FORMS.len() <= 16 && STATES.len() <= 4 && BLOCKS.len() <= 8 && USES.len() <= 8);
const _: () = assert!(KINDS.len() * REACHES.len() * CERTAINTIES.len() <= 256);

/// The marks that may be missing.
const MARKS: [&str; 5] = ["", "_", "*", "**", "__"];

/// What stands at `at` of `all`, or the last one.
#[inline]
fn one_of<T: Copy>(all: &[T], at: usize) -> T {
    all[at.min(all.len() - 1)]
}

impl Packing<'_> {
    /// A definition whose id is still to be found, and where that begins in the bytes of all ids.
    #[inline]
    pub(super) fn definition(&mut self) -> (Definition, u32) {
        let (at, bits) = (self.number(), self.byte());
        let place = self.span();
        let body = self.behind(place.start);
        let title = self.words();
        let form = one_of(FORMS, usize::from(bits & 15));
        let (withdrawn, deferred, listed) = (bits & 16 != 0, bits & 32 != 0, bits & 64 != 0);
        (Definition { id: 0, place, body, title, form, withdrawn, deferred, listed }, at)
    }
}

impl Pack for Definition {
    fn pack(&self, room: &mut Room) {
        let Self { id, place, body, title, form, withdrawn, deferred, listed } = self;
        room.number(room.ids[*id as usize]);
        room.bytes.push(*form as u8 | bits([*withdrawn, *deferred, *listed]) << 4);
        room.span(*place);
        room.behind(place.start, *body);
        room.words(*title);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        let (definition, at) = from.definition();
        Self { id: narrow(from.ids.partition_point(|start| *start < at)), ..definition }
    }
}

impl Pack for Reference {
    fn pack(&self, room: &mut Room) {
        let Self { id, span, kind, reach, sure } = self;
        room.number(*id);
        let which = *kind as usize + KINDS.len() * (*reach as usize + REACHES.len() * *sure as usize);
        room.bytes.push(u8::try_from(which).unwrap_or_default());
        room.span(*span);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        let (id, which, span) = (from.number(), usize::from(from.byte()), from.span());
        let (kind, which) = (KINDS[which % KINDS.len()], which / KINDS.len());
        let (reach, which) = (REACHES[which % REACHES.len()], which / REACHES.len());
        Self { id, span, kind, reach, sure: one_of(CERTAINTIES, which) }
    }
}

impl Pack for TraceLine {
    fn pack(&self, room: &mut Room) {
        let Self { line, value, references, all, partial, flaws } = self;
        room.bytes.push(bits([*all, *partial, !flaws.is_empty()]));
        room.span(*line);
        room.step(line.start, value.start);
        room.step(line.end, value.end);
        room.step(room.word, references.start);
        room.number(references.end.wrapping_sub(references.start));
        room.word = references.end;
        if !flaws.is_empty() {
            room.number(narrow(flaws.len()));
            for Flaw { span, what } in flaws {
                room.number(number_of(*what));
                room.behind(line.start, *span);
            }
        }
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        let (bits, line) = (from.byte(), from.span());
        let value = Span { start: from.step(line.start), end: from.step(line.end) };
        let first = from.step(from.word);
        let references = first..first.wrapping_add(from.number());
        from.word = references.end;
        let count = if bits & 4 == 0 { 0 } else { from.number() };
        let flaws = (0..count).map(|_| {
            let what = flaw_of(from.number());
            Flaw { what, span: from.behind(line.start) }
        });
        let flaws = flaws.collect();
        Self { line, value, references, all: bits & 1 != 0, partial: bits & 2 != 0, flaws }
    }
}

/// Where the numbers of flaws that are no missing marks begin.
const FLAWS: u32 = 5;
const _: () = assert!(MARKS.len() == FLAWS as usize);

/// The number of a flaw; those of misspelt keys go on without end.
fn number_of(what: FlawKind) -> u32 {
    match what {
        FlawKind::Open(mark) => narrow(MARKS.iter().position(|known| *known == mark).unwrap_or_default()),
        FlawKind::Separator => FLAWS,
        FlawKind::Escaped => FLAWS + 1,
        FlawKind::Marker => FLAWS + 2,
        FlawKind::Colon => FLAWS + 3,
        FlawKind::Key(which) => (FLAWS + 4).wrapping_add(which),
    }
}

fn flaw_of(number: u32) -> FlawKind {
    match number.wrapping_sub(FLAWS) {
        0 => FlawKind::Separator,
        1 => FlawKind::Escaped,
        2 => FlawKind::Marker,
        3 => FlawKind::Colon,
        _ if number < FLAWS => FlawKind::Open(one_of(&MARKS, number as usize)),
        which => FlawKind::Key(which - 4),
    }
}

impl Pack for Task {
    fn pack(&self, room: &mut Room) {
        let Self { item, head, number, title, state, file, parent, step, optional } = self;
        let has_file = *file != Words::default();
        room.bytes.push(*state as u8 | bits([*step, parent.is_some(), has_file, *optional]) << 2);
        room.span(*item);
        room.behind(item.start, *head);
        room.words(*number);
        room.words(*title);
        parent.iter().for_each(|parent| room.number(*parent));
        if has_file {
            room.words(*file);
        }
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        let (bits, item) = (from.byte(), from.span());
        let head = from.behind(item.start);
        let (number, title) = (from.words(), from.words());
        let parent = (bits & 8 != 0).then(|| from.number());
        let file = if bits & 16 == 0 { Words::default() } else { from.words() };
        let state = one_of(STATES, usize::from(bits & 3));
        Self { item, head, number, title, state, file, parent, step: bits & 4 != 0, optional: bits & 32 != 0 }
    }
}

impl Pack for TaskName {
    fn pack(&self, room: &mut Room) {
        let Self { number, span, begins } = self;
        room.words(*number);
        room.span(*span);
        room.bytes.push(bits([*begins]));
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        Self { number: from.words(), span: from.span(), begins: from.byte() != 0 }
    }
}

impl Pack for Property {
    fn pack(&self, room: &mut Room) {
        let Self { first, last, span, name, title, usage } = self;
        let told = [name, title].map(|it| *it != Words::default());
        room.bytes.push(*usage as u8 | bits(told) << 3);
        room.number(*first);
        room.step(*first, *last);
        room.span(*span);
        if told[0] {
            room.words(*name);
        }
        if told[1] {
            room.words(*title);
        }
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        let (bits, first) = (from.byte(), from.number());
        let (last, span) = (from.step(first), from.span());
        let name = if bits & 8 == 0 { Words::default() } else { from.words() };
        let title = if bits & 16 == 0 { Words::default() } else { from.words() };
        Self { first, last, span, name, title, usage: one_of(USES, usize::from(bits & 7)) }
    }
}

impl Pack for Link {
    fn pack(&self, room: &mut Room) {
        let Self { span, target } = self;
        room.span(*span);
        room.words(*target);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        Self { span: from.span(), target: from.words() }
    }
}

impl Pack for Section {
    fn pack(&self, room: &mut Room) {
        let Self { level, top, filled, start, head, title, key } = self;
        room.bytes.push(level | bits([*top, *filled]) << 4);
        room.step(room.at, *start);
        room.at = *start;
        room.span(*head);
        room.words(*title);
        room.key(*key);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        let (bits, start) = (from.byte(), from.step(from.at));
        from.at = start;
        let (head, title, key) = (from.span(), from.words(), from.key());
        Self { level: bits & 15, top: bits & 16 != 0, filled: bits & 32 != 0, start, head, title, key }
    }
}

impl Pack for Lax {
    fn pack(&self, room: &mut Room) {
        let Self { span, has_text, graded, translated } = self;
        room.span(*span);
        room.bytes.push(bits([*has_text, *graded, *translated]));
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        let (span, bits) = (from.span(), from.byte());
        Self { span, has_text: bits & 1 != 0, graded: bits & 2 != 0, translated: bits & 4 != 0 }
    }
}

impl Pack for Span {
    fn pack(&self, room: &mut Room) {
        room.span(*self);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        from.span()
    }
}

impl Pack for u32 {
    fn pack(&self, room: &mut Room) {
        room.number(*self);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        from.number()
    }
}

impl Pack for (u32, u32) {
    fn pack(&self, room: &mut Room) {
        room.number(self.0);
        room.number(self.1);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        (from.number(), from.number())
    }
}

impl Pack for Bracket {
    fn pack(&self, room: &mut Room) {
        let Self { span, key } = self;
        room.span(*span);
        room.key(*key);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        Self { span: from.span(), key: from.key() }
    }
}

impl Pack for Block {
    fn pack(&self, room: &mut Room) {
        let Self { span, kind, parent, items } = self;
        room.bytes.push(*kind as u8 | bits([parent.is_some()]) << 3);
        room.span(*span);
        parent.iter().for_each(|parent| room.number(*parent));
        room.number(*items);
    }

    fn unpack(from: &mut Packing<'_>) -> Self {
        let (bits, span) = (from.byte(), from.span());
        let parent = (bits & 8 != 0).then(|| from.number());
        Self { span, kind: one_of(BLOCKS, usize::from(bits & 7)), parent, items: from.number() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_number() {
        assert!(FORMS.iter().enumerate().all(|(at, it)| *it as usize == at));
        assert!(KINDS.iter().enumerate().all(|(at, it)| *it as usize == at));
        assert!(REACHES.iter().enumerate().all(|(at, it)| *it as usize == at));
        assert!(CERTAINTIES.iter().enumerate().all(|(at, it)| *it as usize == at));
        assert!(STATES.iter().enumerate().all(|(at, it)| *it as usize == at));
        assert!(BLOCKS.iter().enumerate().all(|(at, it)| *it as usize == at));
        assert!(USES.iter().enumerate().all(|(at, it)| *it as usize == at));
    }

    #[test]
    fn flaws_come_back_as_they_were() {
        let others = [FlawKind::Separator, FlawKind::Escaped, FlawKind::Marker, FlawKind::Colon];
        let keys = [0, 1, 200].map(FlawKind::Key);
        for flaw in MARKS.map(FlawKind::Open).into_iter().chain(others).chain(keys) {
            assert_eq!(flaw_of(number_of(flaw)), flaw);
        }
    }
}
