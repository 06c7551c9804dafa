//! Properties that a design says hold of every run (`### Property 5: …`), and the tasks that name them.

use super::inline::{JOINTS, first_digit, names_another};
use super::line_head::checkbox;
use super::reader::{Leaf, LeafKind, Reader};
use super::signs::Signs;
use super::{Form, Words};
use crate::dialect::Role;
use crate::text::{Span, lines_of};
use std::ops::Range;

/// A property that a design states or a task names, or several in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its number.
    pub first: u32,
    /// The last of a range: `Properties 3-5`.
    pub last: u32,
    /// Where it stands.
    pub span: Span,
    /// The word and the number, of one that is stated.
    pub name: Words,
    /// What it is called there.
    pub title: Words,
    /// What is done with it.
    pub usage: PropertyUse,
}

/// What is done with a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PropertyUse {
    /// A heading or paragraph states it.
    Stated,
    /// An item begins with it: that states it, too, where nothing else does.
    Listed,
    /// Its text, or a remark of the design, says that it needs no test.
    Waived,
    /// A task names it as what is tested.
    Named,
    /// A task list mentions it.
    Mentioned,
    /// The same by a letter, which may mean something else: `(P4)`.
    Short,
    /// A task names all of them.
    All,
}

impl Property {
    /// What other files hear of it.
    pub(super) fn naming(&self) -> (u32, u32, PropertyUse) {
        (self.first, self.last, self.usage)
    }
}

/// Numbers as a text names them.
struct Named {
    first: u32,
    last: u32,
    place: Range<usize>,
    /// Where the word before the number begins, and whether that is only a letter.
    noun: usize,
    short: bool,
    /// Whether it stands behind another of one list.
    follows: bool,
}

/// No number has more digits.
const MOST_DIGITS: usize = 4;
/// No range of properties is wider.
const WIDEST: u32 = 200;
/// In bytes: a remark in brackets between two numbers of a list is no longer.
const LONGEST_REMARK: usize = 80;
/// What stands between numbers of a list.
const LINKS: [&str; 15] = [",", "、", "，", "&", "+", "/", "and ", "und ", "y ", "e ", "et ", "и ", "和", "与", "及"];

impl Reader<'_> {
    /// Notes the properties that a stretch of text states or, in a task list, names.
    pub(super) fn note_properties(&mut self, leaf: &Leaf, lines: &[Range<usize>]) {
        let heading = matches!(leaf.kind, LeafKind::Heading(_));
        if heading {
            self.property = None;
        }
        if self.context.is_spilled() {
            return;
        }
        if self.role == Role::Tasks {
            for (at, line) in lines.iter().enumerate() {
                self.note_named_properties(line, at == 0);
            }
        } else if matches!(self.role, Role::Spec | Role::Plan | Role::Other)
            && (self.property.is_some() || self.signs.hold(Signs::DIGIT))
        {
            for (at, line) in lines.iter().enumerate() {
                let states = (at == 0 || matches!(leaf.kind, LeafKind::Paragraph))
                    && self.quotes == 0
                    && !matches!(leaf.kind, LeafKind::Cell);
                let item = matches!(leaf.kind, LeafKind::Item) || !self.nest.is_empty();
                if states {
                    self.note_stated_property(line, heading, item);
                }
                if self.role == Role::Plan {
                    self.heed_waiver(line);
                }
            }
        }
    }

    /// Notes the properties that a block of code in a task list names, as tags of tests do.
    pub(super) fn note_fenced_properties(&mut self, range: &Range<usize>) {
        if self.role != Role::Tasks || self.context.is_spilled() {
            return;
        }
        for line in lines_of(&self.text[range.clone()]) {
            let line = range.start + line.start..range.start + line.end;
            for named in self.properties_in(&line) {
                self.add_property(&named, PropertyUse::Mentioned);
            }
        }
    }

    /// The property that a line begins with: `### Property 5: Title`, `**Property 5: …**`.
    fn note_stated_property(&mut self, line: &Range<usize>, heading: bool, item: bool) {
        let text = self.text;
        let content = text[line.clone()].trim_start_matches(['*', '_', '~', ' ', '#']);
        let start = line.end - content.len();
        let names = &self.dialect.table.properties.names;
        if names.longest_start(content).is_none() {
            return;
        }
        let mut all = self.properties_in(line).into_iter();
        let Some(named) = all.next().filter(|named| named.noun == start && !named.short) else { return };
        let end = named.place.end;
        let rest = text[end..line.end].trim_start_matches(['*', '_', '~']);
        let closed = end + rest.len() < line.end;
        let behind = rest.trim_start();
        let title = behind.trim_start_matches([':', '：', '-', '–', '—', '.', ' ']);
        let parted = behind.starts_with([':', '：', '—', '–']) || behind.starts_with("- ");
        let opened = text[line.start..start].contains(['*', '_']);
        if !(heading || parted || closed && opened) || all.next().is_some_and(|next| next.follows) {
            return;
        }
        let usage = if item && !heading { PropertyUse::Listed } else { PropertyUse::Stated };
        let name = self.builder.words(&text[named.place.clone()]);
        let title = self.builder.words(title.trim_end_matches(['*', '_', '~', ':', ' ']));
        let span = self.builder.span(&(named.place.start..line.end));
        let (first, last) = (named.first, named.last);
        self.builder.properties.push(Property { first, last, span, name, title, usage });
        if usage == PropertyUse::Stated {
            self.property = (first == last).then_some(first);
            // What is struck through, or marked as gone, is not to be tested.
            let gone =
                text[line.start..start].contains("~~") || self.withdrawal(&named.place, line, Form::Heading).is_some();
            if gone {
                self.waive(first, last, &named.place);
            }
        }
    }

    /// Heeds that a line of a design says of a property that it needs no test: of those that it names before it says so, else
    /// of the one whose text it stands in. What is named behind is what covers it.
    fn heed_waiver(&mut self, line: &Range<usize>) {
        if self.property.is_none() && !self.signs.hold(Signs::DIGIT) {
            return;
        }
        let text = &self.text[line.clone()];
        let words = &self.dialect.table.properties;
        let named = if self.signs.hold(Signs::DIGIT) { self.properties_in(line) } else { Vec::new() };
        if named.is_empty() && self.property.is_none() || !words.untested.stands_in(text) {
            return;
        }
        let folded = text.to_lowercase();
        let said = words.untested.iter().filter_map(|word| folded.find(word.as_str())).min().unwrap_or_default();
        let (mut before, own) = (named.iter().filter(|it| it.noun - line.start < said).peekable(), self.property);
        if let (None, Some(own)) = (before.peek(), own) {
            self.waive(own, own, line);
        }
        for it in before {
            self.waive(it.first, it.last, &it.place);
        }
    }

    fn waive(&mut self, first: u32, last: u32, place: &Range<usize>) {
        let (span, usage) = (self.builder.span(place), PropertyUse::Waived);
        let (name, title) = (Words::default(), Words::default());
        self.builder.properties.push(Property { first, last, span, name, title, usage });
    }

    fn add_property(&mut self, named: &Named, usage: PropertyUse) {
        let usage = if named.short { PropertyUse::Short } else { usage };
        let Named { first, last, place, .. } = named;
        let (span, name, title) = (self.builder.span(place), Words::default(), Words::default());
        self.builder.properties.push(Property { first: *first, last: *last, span, name, title, usage });
    }

    /// Notes the properties that a line of a task list names; `opens` says that its block begins with it.
    fn note_named_properties(&mut self, line: &Range<usize>, opens: bool) {
        let text = self.text;
        let boxed = opens.then(|| checkbox(text, line.start, line.end)).flatten();
        let words = &self.dialect.table.properties;
        let begin = boxed.map_or(line.start, |(_, behind)| behind);
        let content = text[begin..line.end].trim_start_matches(['*', '_', ' ']);
        if words.names.occurs_in(content) {
            let folded = content.to_lowercase();
            // `all 12 properties` are all of them.
            let plain = folded.split_whitespace().filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
            let plain = plain.collect::<Vec<_>>().join(" ");
            let bare = plain.trim_start_matches(|c: char| !c.is_alphabetic());
            if words.all.iter().any(|all| plain.contains(all.as_str())) && words.checks.longest_start(bare).is_none() {
                let (span, usage) = (self.builder.span(&(begin..line.end)), PropertyUse::All);
                let (name, title) = (Words::default(), Words::default());
                self.builder.properties.push(Property { first: 0, last: 0, span, name, title, usage });
            }
        }
        if !self.signs.hold(Signs::DIGIT) {
            return;
        }
        let plurals = &self.dialect.table.properties.plurals;
        for named in self.properties_in(&(begin..line.end)) {
            let before = text[begin..named.noun].chars().next_back();
            let behind = text[named.place.end..line.end].chars().next();
            let set_off = boxed.is_some()
                || named.noun == line.end - content.len()
                || before.is_some_and(|c| matches!(c, '(' | '（' | '*' | '_' | '['))
                || behind.is_some_and(|c| matches!(c, ':' | '：' | ')' | '）' | '*' | '_' | ']'));
            let quoted = before.is_some_and(|c| matches!(c, '"' | '“' | '\'' | '‘' | '「' | '/' | '`'));
            let sure = set_off
                && !quoted
                && self.masks.end_of(named.noun).is_none()
                && !names_another(text, begin, named.noun, &self.dialect.table.ids)
                && (!named.follows || {
                    let noun = text[named.noun..line.end].split(|c: char| !c.is_alphabetic()).next();
                    plurals.contains(noun.unwrap_or_default())
                });
            self.add_property(&named, if sure { PropertyUse::Named } else { PropertyUse::Mentioned });
        }
    }

    /// The properties that a line names, in its order.
    fn properties_in(&self, line: &Range<usize>) -> Vec<Named> {
        let bytes = &self.text.as_bytes()[..line.end];
        let mut all = Vec::new();
        let mut at = line.start;
        while let Some(digit) = first_digit(&bytes[at..]) {
            let start = at + digit;
            let Some((noun, short)) = self.property_noun(line.start, start) else {
                // Nothing names what stands behind a dot: `2.1`.
                at = start + bytes[start..].iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'.')).count();
                continue;
            };
            let mut named = Named { first: 0, last: 0, place: noun..start, noun, short, follows: false };
            let mut number = start;
            loop {
                at = number + digits(&bytes[number..]);
                let Some(value) = number_at(bytes, number) else { break };
                (named.first, named.last) = (value, value);
                named.place = if named.follows { number..at } else { noun..at };
                let mut next = self.joined(at, line.end, short);
                if let Some((true, last)) = next
                    && let Some(end) = number_at(bytes, last)
                    && (value + 1..=value + WIDEST).contains(&end)
                {
                    (named.last, at) = (end, last + digits(&bytes[last..]));
                    named.place.end = at;
                    next = self.joined(at, line.end, short);
                }
                let place = named.place.clone();
                all.push(Named { place, ..named });
                let Some((_, more)) = next else { break };
                (number, named.follows) = (more, true);
            }
        }
        all
    }

    /// Where the word for a property begins that stands before the number at `at`, and whether that is only a letter.
    fn property_noun(&self, from: usize, at: usize) -> Option<(usize, bool)> {
        /// In bytes.
        const LONGEST: usize = 32;
        let words = &self.dialect.table.properties;
        let bytes = &self.text.as_bytes()[from..at];
        let marks = bytes.iter().rev().take_while(|byte| matches!(byte, b' ' | b'*' | b'_' | b'#')).count();
        // Before most numbers stands no such word.
        let seen = &bytes[..bytes.len() - marks];
        let last = *seen.last()?;
        let letter = marks == 0 && self.role == Role::Tasks && words.short.may_start(last, None);
        if last.is_ascii() && !(last.is_ascii_alphabetic() && (letter || words.names.may_end(seen))) {
            return None;
        }
        let before = &self.text[from..at];
        let bare = before.trim_end_matches([' ', '\u{a0}', '*', '_', '#']);
        let last = bare.chars().next_back().filter(|c| c.is_alphabetic())?;
        let tail = &bare[bare.ceil_char_boundary(bare.len().saturating_sub(LONGEST))..];
        let whole =
            |start: usize, wide: bool| wide || !bare[..start].chars().next_back().is_some_and(char::is_alphabetic);
        if bare.len() == before.len() && self.role == Role::Tasks {
            let start = bare.len() - last.len_utf8();
            let parted = !bare[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
            if parted && words.short.contains(&bare[start..]) {
                return Some((from + start, true));
            }
        }
        let folded = (!tail.is_ascii()).then(|| tail.to_lowercase());
        let ends = |word: &String| match &folded {
            // A letter whose lower case is longer or shorter is in none of the words.
            Some(folded) => folded.ends_with(word.as_str()) && folded.len() == tail.len(),
            None => {
                let head = tail.len().checked_sub(word.len());
                head.is_some_and(|head| tail.as_bytes()[head..].eq_ignore_ascii_case(word.as_bytes()))
            }
        };
        let found = words.names.iter().filter(|word| ends(word)).max_by_key(|word| word.len())?;
        let start = bare.len() - found.len();
        whole(start, last >= '\u{2e80}').then_some((from + start, false))
    }

    /// Whether what stands behind the number that ends at `at` joins it with another to a range, and where that other begins.
    fn joined(&self, at: usize, end: usize, short: bool) -> Option<(bool, usize)> {
        let rest = self.text[at..end].trim_start_matches([' ', '*', '`']);
        let joint = JOINTS.iter().find(|joint| rest.starts_with(**joint));
        let (range, mut rest) = match joint {
            Some(joint) => (true, &rest[joint.len()..]),
            None => {
                // `Property 1 (order), 2 (filter)`
                let behind = match rest.strip_prefix(['(', '（']) {
                    Some(inner) => {
                        let close = inner.char_indices().find(|(_, c)| matches!(c, ')' | '）'))?;
                        if close.0 > LONGEST_REMARK {
                            return None;
                        }
                        inner[close.0 + close.1.len_utf8()..].trim_start()
                    }
                    None => rest,
                };
                let link = LINKS.iter().find(|link| behind.starts_with(**link))?;
                let behind = behind[link.len()..].trim_start();
                (false, LINKS.iter().find_map(|link| behind.strip_prefix(link)).unwrap_or(behind))
            }
        };
        rest = rest.trim_start();
        if short {
            let letter = rest.chars().next()?;
            rest = if letter.is_ascii_alphabetic() { &rest[1..] } else { rest };
        }
        rest.starts_with(|c: char| c.is_ascii_digit()).then_some((range, end - rest.len()))
    }
}

/// How many digits `bytes` begin with.
fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The number at `at`, unless it is part of another: `2.1`, `4b`, `100%`.
fn number_at(bytes: &[u8], at: usize) -> Option<u32> {
    let len = digits(&bytes[at..]);
    let behind = &bytes[at + len..];
    let goes_on = match behind {
        [b'.', next, ..] => next.is_ascii_digit(),
        [next, ..] => next.is_ascii_alphabetic() || *next == b'%',
        [] => false,
    };
    if goes_on || !(1..=MOST_DIGITS).contains(&len) {
        return None;
    }
    std::str::from_utf8(&bytes[at..at + len]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::PropertyUse::{self, All, Listed, Mentioned, Named, Short, Stated, Waived};
    use crate::dialect::{Dialect, Role};
    use crate::facts::{Context, Cut, Facts, read};

    fn facts(text: &str, role: Role) -> Facts {
        let home = Dialect::home();
        let reading = read(text, &home, role, Cut::Never, Context::default(), true, &|_| false);
        reading.parts.into_iter().next().expect("there is always a part").facts
    }

    fn noted(text: &str, role: Role) -> Vec<(u32, u32, PropertyUse)> {
        facts(text, role).properties.iter().map(|it| (it.first, it.last, it.usage)).collect()
    }

    #[test]
    fn a_design_states_properties_by_headings_paragraphs_and_items() {
        for (text, usage) in [
            ("### Property 5: Votes", Stated),
            ("#### **Property 5**: Votes", Stated),
            ("### 属性 5：投票", Stated),
            ("### 属性5", Stated),
            ("### Propiedad 5: Votos", Stated),
            ("**Property 5: Votes**\n*For any* vote", Stated),
            ("**Property 5 — Votes:**", Stated),
            ("Property 5: Votes", Stated),
            ("- **Property 5**: Votes", Listed),
        ] {
            assert_eq!(noted(text, Role::Plan), [(5, 5, usage)], "{text}");
        }
        for text in [
            "Property 5 is the one to test.",
            "Properties 1-5 are tested here.",
            "### Property 2.1: Votes",
            "### Property 4b: Votes",
            "### Property tests",
            "| Property 5 | Votes |\n|---|---|\n| Property 6 | Votes |",
            "### Requirement 5: Property",
        ] {
            assert_eq!(noted(text, Role::Plan), [], "{text}");
        }
        let told = facts("### Property 5: Votes count", Role::Plan);
        let it = told.properties[0];
        assert_eq!((told.text(it.name), told.text(it.title)), ("Property 5", "Votes count"));
    }

    #[test]
    fn a_design_may_say_that_a_property_needs_no_test() {
        let waived = |text: &str| noted(text, Role::Plan).contains(&(5, 5, Waived));
        assert!(waived("### Property 5: Votes\n\n> Already covered by Property 3. No new test is needed."));
        assert!(waived("### Property 5: Votes\n\nText.\n\n*Not tested*: it holds by construction."));
        assert!(waived("### ~~Property 5: Votes~~"));
        assert!(waived("### Property 5: Votes (removed)"));
        assert!(waived("Properties 4 and 5 are verified manually."));
        assert!(waived("### Property 5: Votes (consolidated into Property 2)"));
        assert!(!waived("1. Counting (2.4): redundant, covered by Property 5"));
        assert!(!waived("### Property 5: Votes\n\nText.\n\n### Notes\n\nThe colour is not tested."));
        assert!(!waived("### Property 5: Votes\n\n*For any* vote, it counts.\n\n**Validates: Requirements 2.4**"));
    }

    #[test]
    fn tasks_name_properties_one_by_one_in_lists_and_in_ranges() {
        for (text, all) in [
            ("**Property 5: Votes**", &[(5, 5, Named)][..]),
            ("Write tests for counting (Property 5)", &[(5, 5, Named)]),
            ("(Properties 3-5)", &[(3, 5, Named)]),
            ("(Properties 3–5, 7 and 9)", &[(3, 5, Named), (7, 7, Mentioned), (9, 9, Named)]),
            ("(Properties 1, 2, and 4)", &[(1, 1, Named), (2, 2, Mentioned), (4, 4, Named)]),
            ("（Property 2 + 3）", &[(2, 2, Named), (3, 3, Mentioned)]),
            ("Property 1 (order), 2 (filter)", &[(1, 1, Named), (2, 2, Mentioned)]),
            ("see `# Property 5`, or property_6", &[(5, 5, Mentioned), (6, 6, Mentioned)]),
            ("update \"Property 11\" of the old test", &[(11, 11, Mentioned)]),
            ("编写属性5的测试", &[(5, 5, Mentioned)]),
            ("Strings (P4), P2-P3", &[(4, 4, Short), (2, 3, Short)]),
            ("Write tests for all 12 correctness properties", &[(0, 0, All)]),
            ("Verify all 12 correctness properties", &[]),
            ("properties (100+ runs), property 2.4, 5 properties, STEP4, MAP5", &[]),
        ] {
            let found = noted(&format!("- [ ] 1. Test\n  - {text}\n"), Role::Tasks);
            let firm = |it: &(u32, u32, PropertyUse)| (it.0, it.1, if it.2 == Mentioned { Named } else { it.2 });
            let (found, all): (Vec<_>, Vec<_>) = (found.iter().map(firm).collect(), all.iter().map(firm).collect());
            assert_eq!(found, all, "{text}");
        }
        let quoted = noted("- Update \"Property 11\" in `a.test.ts`", Role::Tasks);
        assert_eq!(quoted, [(11, 11, Mentioned)]);
        let fenced = noted("- [ ] 1. Test\n\n  ```ts\n  // Feature: votes, Property 5: Votes\n  ```\n", Role::Tasks);
        assert_eq!(fenced, [(5, 5, Mentioned)]);
    }
}
