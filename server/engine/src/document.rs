//! An open document: a rope cut into segments at its top-level headings, each with its facts and its syntax tree.

mod exported_ids;
mod link_targets;
mod reading;

pub use exported_ids::{ExportChange, ExportedIds};
pub(crate) use exported_ids::{exported_by, exported_unsorted};

use self::link_targets::Targets;
use crate::dialect::{Dialect, Role};
use crate::facts::{Context, Facts, Holds};
use crate::syntax::{MOST_BLOCKS, Surroundings, Syntax, elements_around};
use crate::template::{Schema, read_form};
use crate::text::{Encoding, Range, Span, narrow, offset_in};
use ropey::Rope;
use rustc_hash::FxHashSet;
use std::sync::{Arc, OnceLock};

/// One change of an edit, as the protocol's `TextDocumentContentChangeEvent` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is replaced; the whole text where there is none.
    pub range: Option<Range>,
    /// What replaces it.
    pub text: String,
}

/// How much reading was done; tests count it instead of timing it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Segments whose facts were read.
    pub segments: usize,
    /// Bytes that were read.
    pub bytes: usize,
    /// Times that a whole document was read.
    pub whole: usize,
    /// Updates of a scope's index.
    pub index_updates: usize,
}

#[derive(Clone, Debug)]
struct Segment {
    start: u32,
    facts: Arc<Facts>,
    /// What is among these facts.
    holds: Holds,
    before: Arc<Context>,
    syntax: Arc<Syntax>,
    /// Its text has changed since `facts` were read.
    dirty: bool,
    /// Its first line, the heading that begins it, may have changed.
    head_touched: bool,
    /// An edit joined it with others, whose facts are lost.
    joined: bool,
}

/// The text of an open document and what it says. Facts lag behind the text until [`Document::settle`].
#[derive(Clone, Debug)]
pub struct Document {
    version: i32,
    rope: Rope,
    segments: Vec<Segment>,
    /// What is among the facts of all of them.
    holds: Holds,
    /// Where its links lead, counted when somebody wants to know.
    targets: OnceLock<Targets>,
    labels: Arc<FxHashSet<String>>,
    /// It begins like front matter that nothing closes yet: then any line may be the one that does.
    open_front_matter: bool,
    /// Facts of segments that edits have swallowed since the last reading.
    lost: Vec<Arc<Facts>>,
    /// Another one whenever a heading has changed.
    headings: Arc<()>,
    /// What other files show of this one has changed, see [`Document::take_titles_changed`].
    titles_changed: bool,
    dialect: Arc<Dialect>,
    /// The dialect of its path, and the one that the text says, if that is another.
    chosen: Arc<Dialect>,
    role: Role,
    /// What it asks for as a template, made when somebody wants to know.
    form: OnceLock<Arc<Schema>>,
}

impl Document {
    /// The document that says `text`, read as `role`, in `dialect` unless it says that it is written in another that this
    /// one knows.
    #[must_use]
    pub fn new(version: i32, text: &str, dialect: Arc<Dialect>, role: Role, work: &mut Work) -> Self {
        let rope = Rope::from_str(text);
        let mut document = Self {
            version,
            rope,
            segments: Vec::new(),
            holds: Holds::default(),
            targets: OnceLock::new(),
            labels: Arc::default(),
            open_front_matter: false,
            lost: Vec::new(),
            headings: Arc::default(),
            titles_changed: false,
            dialect: Arc::clone(&dialect),
            chosen: dialect,
            role,
            form: OnceLock::new(),
        };
        document.choose(text);
        document.read_whole(text, work);
        document
    }

    /// The version that the editor gave this text.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.version
    }

    /// The text.
    #[must_use]
    pub fn rope(&self) -> &Rope {
        &self.rope
    }

    /// The dialect it is read in.
    #[must_use]
    pub fn dialect(&self) -> &Arc<Dialect> {
        &self.dialect
    }

    /// The role it is read as.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The sections that it asks for as a template that a workspace keeps for its documents.
    #[must_use]
    pub fn form(&self) -> &Arc<Schema> {
        self.form.get_or_init(|| Arc::new(read_form(&self.rope.to_string(), &self.dialect)))
    }

    /// Its facts in order, each with the offset that its spans are relative to.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = (u32, &Arc<Facts>)> {
        self.segments.iter().map(|segment| (segment.start, &segment.facts))
    }

    /// The part that holds the byte `offset`.
    pub(crate) fn part_at(&self, offset: u32) -> Option<(u32, &Arc<Facts>)> {
        self.segments.get(self.segment_at(offset)).map(|segment| (segment.start, &segment.facts))
    }

    /// A mark that is another one once the level or the title of a heading is, or there are more or fewer.
    pub(crate) fn headings(&self) -> &Arc<()> {
        &self.headings
    }

    /// Those that hold some of `wanted`; the others are not looked at.
    pub(crate) fn parts_with(&self, wanted: Holds) -> impl Iterator<Item = (u32, &Arc<Facts>)> {
        let all = if self.holds.any(wanted) { &self.segments[..] } else { &[] };
        let some = all.iter().filter(move |segment| segment.holds.any(wanted));
        some.map(|segment| (segment.start, &segment.facts))
    }

    /// Where its links lead, each once: of a long document far fewer than there are parts with links.
    pub(crate) fn link_targets(&self) -> impl Iterator<Item = &str> {
        let count = || Targets::of(self.parts_with(Holds::LINKS).map(|(_, facts)| &**facts));
        self.targets.get_or_init(count).each()
    }

    /// Applies an edit's changes one after the other, each to the text that the one before left. Columns are in units of
    /// `encoding`; places that do not exist are moved to ones that do, and a reversed range is turned round.
    pub fn apply(&mut self, version: i32, changes: &[Change], encoding: Encoding) {
        self.version = version;
        self.form = OnceLock::new();
        for change in changes {
            match change.range {
                None => self.replace(Span::new(0, self.rope.len_bytes()), &change.text),
                Some(range) => {
                    let place = |position| offset_in(&self.rope, position, encoding);
                    let a = place(range.start);
                    // What is typed replaces nothing.
                    let b = if range.end == range.start { a } else { place(range.end) };
                    self.replace(Span { start: a.min(b), end: a.max(b) }, &change.text);
                }
            }
        }
    }

    fn replace(&mut self, old: Span, text: &str) {
        let first = self.segment_at(old.start);
        let last = self.segments.partition_point(|segment| segment.start < old.end).saturating_sub(1).max(first);
        let start = self.segments[first].start;
        let head = {
            let line = self.rope.byte_to_line(start as usize);
            if line + 1 < self.rope.len_lines() {
                narrow(self.rope.line_to_byte(line + 1))
            } else {
                narrow(self.rope.len_bytes())
            }
        };
        let (a, b) = (self.rope.byte_to_char(old.start as usize), self.rope.byte_to_char(old.end as usize));
        if a < b {
            self.rope.remove(a..b);
        }
        if !text.is_empty() {
            self.rope.insert(a, text);
        }
        let inserted = narrow(text.len());
        let relative = Span { start: old.start - start, end: old.end - start };
        let segment = &mut self.segments[first];
        segment.dirty = true;
        // An edit at the very end of the heading's line may join it with the next.
        segment.head_touched |= old.start < head || head == start;
        segment.syntax = Arc::new(if first == last {
            segment.syntax.edited(relative, (relative.start + inserted) as usize)
        } else {
            Syntax::default()
        });
        if last > first {
            self.segments[first].joined = true;
            let swallowed = self.segments.drain(first + 1..=last).map(|segment| segment.facts);
            self.lost.extend(swallowed);
        }
        for segment in &mut self.segments[first + 1..] {
            segment.start = segment.start - (old.end - old.start) + inserted;
        }
    }

    /// Whether a title or a task's state has changed since the last call: other files show them.
    pub fn take_titles_changed(&mut self) -> bool {
        std::mem::take(&mut self.titles_changed)
    }

    fn segment_at(&self, offset: u32) -> usize {
        self.segments.partition_point(|segment| segment.start <= offset).saturating_sub(1)
    }

    fn segment_end(&self, index: usize) -> u32 {
        self.segments.get(index + 1).map_or_else(|| narrow(self.rope.len_bytes()), |next| next.start)
    }

    /// What kind of text the byte `offset` is in, by the syntax tree of its segment.
    #[must_use]
    pub fn surroundings(&self, offset: u32) -> Surroundings {
        let index = self.segment_at(offset);
        let segment = &self.segments[index];
        let span = Span { start: segment.start, end: self.segment_end(index) };
        segment.syntax.surroundings(&self.rope, span, offset - segment.start)
    }

    /// The stretches around the byte `offset` that the syntax of its segment knows, in no order, without the blank lines at
    /// their ends. No more than the segment is looked at, and of a long one no more than the task.
    #[must_use]
    pub fn enclosing(&self, offset: u32) -> Vec<Span> {
        let index = self.segment_at(offset);
        let segment = &self.segments[index];
        let mut span = Span { start: segment.start, end: self.segment_end(index) };
        let found = if span.len() <= MOST_BLOCKS {
            segment.syntax.enclosing(&self.rope, span, offset - segment.start)
        } else {
            // A list of tasks may be all of a document: then the task at the top is enough of it.
            if let Some(task) = segment.facts.task_around(offset - segment.start) {
                let start = self.rope.line_to_byte(self.rope.byte_to_line((task.start + span.start) as usize));
                span = Span::new(start, (task.end + span.start) as usize);
            }
            let text = self.rope.byte_slice(span.range()).to_string();
            elements_around(&text, (offset - span.start) as usize)
        };
        let trim = |inner: Span| {
            let absolute = inner.shifted(span.start);
            let text = self.rope.get_byte_slice(absolute.range()).map_or_else(String::new, |slice| slice.to_string());
            Span::new(absolute.start as usize, absolute.start as usize + text.trim_end().len())
        };
        found.into_iter().map(trim).collect()
    }

    /// How many segments have a syntax tree.
    #[must_use]
    pub fn parsed_segments(&self) -> usize {
        self.segments.iter().filter(|segment| segment.syntax.is_parsed()).count()
    }

    /// The line that holds the byte `offset`: its text without terminator, and its first byte.
    #[must_use]
    pub fn line_at(&self, offset: u32) -> (String, u32) {
        let line = self.rope.byte_to_line((offset as usize).min(self.rope.len_bytes()));
        let text = self.rope.line(line).to_string();
        (text.trim_end_matches(['\r', '\n']).to_string(), narrow(self.rope.line_to_byte(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Cut, Words, read};
    use crate::text::position_in;
    use proptest::prelude::*;

    /// Every fact with absolute places, so that facts cut in different ways can be compared.
    fn said<'a>(parts: impl Iterator<Item = (u32, &'a Facts)>) -> Vec<String> {
        let mut out = Vec::new();
        // Each part says for itself what takes the place of what.
        let mut successors = std::collections::BTreeSet::new();
        for (base, facts) in parts {
            let at = |span: Span| span.shifted(base).range();
            let text = |words: Words| facts.text(words);
            out.extend(facts.definitions.iter().map(|d| {
                let (id, gone) = (facts.id(d.id), d.withdrawn);
                let (place, body) = (at(d.place), at(d.body));
                format!("{id} {place:?} {body:?} {:?} {:?} {gone}", text(d.title), d.form)
            }));
            let succeed = facts.successors.iter();
            successors.extend(succeed.map(|(id, by)| format!("successor {} {}", facts.id(*id), facts.id(*by))));
            out.extend(
                facts
                    .former_names
                    .iter()
                    .map(|it| format!("formerly {} {} {:?}", facts.id(it.id), facts.id(it.former), at(it.span))),
            );
            out.extend(facts.shapeless.iter().map(|span| format!("shapeless {:?}", at(*span))));
            out.extend(
                facts
                    .references
                    .iter()
                    .map(|r| format!("{} {:?} {:?} {:?} {:?}", facts.id(r.id), at(r.span), r.kind, r.reach, r.sure)),
            );
            out.extend(facts.traces.iter().map(|t| {
                let ids: Vec<_> =
                    t.references.clone().map(|r| facts.id(facts.references[r as usize].id).to_string()).collect();
                let flaws: Vec<_> = t.flaws.iter().map(|f| (at(f.span), f.what)).collect();
                format!("{:?} {:?} {ids:?} {flaws:?}", at(t.line), at(t.value))
            }));
            out.extend(facts.tasks.iter().map(|t| {
                let parent = t.parent.map(|p| at(facts.tasks[p as usize].head));
                format!(
                    "{:?} {:?} {:?} {:?} {:?} {parent:?}",
                    at(t.item),
                    at(t.head),
                    text(t.number),
                    text(t.title),
                    t.state
                )
            }));
            out.extend(facts.sections.iter().map(|s| {
                let start = at(Span::at(s.start as usize)).start;
                format!("{} {start} {:?} {:?} {} {} {}", s.level, at(s.head), text(s.title), s.key, s.top, s.filled)
            }));
            out.extend(facts.brackets.iter().map(|b| format!("bracket {:?} {}", at(b.span), b.key)));
            out.extend(facts.blocks.iter().map(|b| format!("block {:?} {:?} {}", at(b.span), b.kind, b.items)));
            out.extend(
                facts
                    .unspaced_headings
                    .iter()
                    .map(|g| format!("glued {:?} {:?} {} {:?}", at(g.span), text(g.title), g.defines, g.slip)),
            );
            out.extend(
                facts.totals.iter().map(|total| format!("total {:?} {} {:?}", at(total.span), total.count, total.of)),
            );
            out.extend(
                facts.tool_tags.iter().map(|tag| format!("tag {:?} {:?} {}", at(tag.span), text(tag.name), tag.closes)),
            );
            out.extend(
                facts
                    .lost_boxes
                    .iter()
                    .map(|lost| format!("box {:?} {} {:?}", at(lost.span), text(lost.number), lost.how)),
            );
            out.extend(facts.open_fence.iter().map(|fence| {
                let lost: Vec<_> = fence.headings.iter().map(|it| (at(it.span), text(it.title), it.key)).collect();
                format!(
                    "fence {:?} {} {:?} {} {lost:?}",
                    at(fence.span),
                    fence.begins,
                    fence.hampered.map(at),
                    fence.traces
                )
            }));
            out.extend(facts.links.iter().map(|link| format!("link {:?} {}", at(link.span), text(link.target))));
            out.extend(facts.remarks.iter().map(|span| format!("remark {:?}", at(*span))));
            out.extend(facts.bold_titles.iter().map(|key| format!("bold {key}")));
            out.extend(facts.questions.iter().map(|span| format!("question {:?}", at(*span))));
            out.extend(
                facts
                    .lax
                    .iter()
                    .map(|it| format!("lax {:?} {} {} {}", at(it.span), it.has_text, it.graded, it.translated)),
            );
            out.extend(facts.likely_placeholders.iter().map(|b| format!("likely {:?} {}", at(b.span), b.key)));
            out.extend(facts.nones.iter().map(|p| format!("none {:?}", at(*p))));
            out.extend(facts.blanks.iter().map(|p| format!("blank {:?}", at(*p))));
            out.extend(facts.placeholders.iter().map(|p| format!("placeholder {:?}", at(*p))));
            out.extend(
                facts.suppressions.iter().map(|s| format!("{:?} {:?} {:?}", at(s.comment), at(s.reach), text(s.name))),
            );
            out.extend(facts.labels.iter().map(|label| format!("label {label}")));
        }
        out.extend(successors);
        // Kinds are listed part by part in one dump and all together in the other.
        out.sort();
        out
    }

    fn fresh(text: &str, role: Role) -> Vec<String> {
        fresh_in(text, &Dialect::home(), role)
    }

    fn fresh_in(text: &str, dialect: &Dialect, role: Role) -> Vec<String> {
        let other = (role == Role::Spec).then(|| dialect.recognised(text)).flatten();
        let dialect = other.map_or(dialect, |other| other);
        let reading = read(text, dialect, role, Cut::Never, Context::default(), true, &|_| false);
        assert_eq!(reading.parts.len(), 1);
        said(reading.parts.iter().map(|part| (0, &part.facts)))
    }

    fn open(text: &str, role: Role) -> (Document, Work) {
        let mut work = Work::default();
        (Document::new(1, text, Dialect::home(), role, &mut work), work)
    }

    fn type_at(document: &mut Document, offset: usize, removed: usize, text: &str) -> Work {
        let at = |offset| position_in(&document.rope, narrow(offset), Encoding::Utf16);
        let range = Some(Range { start: at(offset), end: at(offset + removed) });
        let change = Change { range, text: text.into() };
        document.apply(document.version + 1, &[change], Encoding::Utf16);
        let mut work = Work::default();
        document.settle(&mut work);
        work
    }

    #[test]
    fn one_letter_reads_one_segment_and_keeps_its_tree() {
        let text = "# Plan\n\nWords.\n\n## A\n\nMore words.\n\n_Requirements: FR-1_\n\n## B\n\nEnd.\n".repeat(50);
        let (mut document, _) = open(&text, Role::Plan);
        let at = text.len() / 2 + text[text.len() / 2..].find("More").unwrap();
        let _ = document.surroundings(narrow(at));
        let mut work = Work::default();
        let place = position_in(&document.rope, narrow(at), Encoding::Utf16);
        document.apply(
            2,
            &[Change { range: Some(Range { start: place, end: place }), text: "x".into() }],
            Encoding::Utf16,
        );
        assert_eq!(document.settle(&mut work), None, "prose names nothing");
        assert_eq!((work.segments, work.whole), (1, 0));
        assert!(work.bytes < 100, "{work:?}");
        assert_eq!(document.surroundings(narrow(at)), Surroundings::Prose);
        assert_eq!(document.parsed_segments(), 1);
    }

    #[test]
    fn an_edit_of_a_heading_reads_it_with_the_segment_before() {
        let text = "# A\n\none\n\n# B\n\ntwo\n\n# C\n";
        let (mut document, _) = open(text, Role::Plan);
        let work = type_at(&mut document, text.find("# B").unwrap() + 3, 0, "x");
        assert_eq!((work.segments, work.whole), (2, 0));
        assert_eq!(
            said(document.parts().map(|(at, facts)| (at, &**facts))),
            fresh(&document.rope.to_string(), Role::Plan)
        );
    }

    #[test]
    fn a_heading_without_words_ends_the_text_of_a_named_requirement() {
        let text = "### Requirement: A name\n#\r\nment\n";
        let home = Dialect::home();
        let dialect = home.at("openspec/specs/a");
        for cut in [Cut::AtHeadings, Cut::Never] {
            let reading = read(text, dialect, Role::Spec, cut, Context::default(), true, &|_| false);
            let lax: Vec<bool> =
                reading.parts.iter().flat_map(|part| &part.facts.lax).map(|lax| lax.has_text).collect();
            assert_eq!(lax, [false], "{cut:?}");
        }
    }

    #[test]
    fn a_heading_without_words_ends_no_list_of_withdrawn_requirements() {
        let text = "## Withdrawn Requirements\n\n- **FR-1**: a\n\n##\n\n**Status**: Removed\n\n- **FR-2**: b\n";
        let withdrawn = |parts: &mut dyn Iterator<Item = &Facts>| {
            parts.flat_map(|facts| facts.definitions.iter().map(|it| it.withdrawn)).collect::<Vec<_>>()
        };
        let (document, _) = open(text, Role::Spec);
        assert_eq!(withdrawn(&mut document.parts().map(|(_, facts)| &**facts)), [true, true]);
        let dialect = Dialect::home();
        let reading = read(text, &dialect, Role::Spec, Cut::Never, Context::default(), true, &|_| false);
        assert_eq!(withdrawn(&mut reading.parts.iter().map(|part| &part.facts)), [true, true]);
    }

    #[test]
    fn front_matter_for_an_agent_speaks_for_every_segment() {
        let text = "---\ntitle: x\n---\n# A\n\n- **FR-1**: a\n\n# B\n\n- **FR-2**: b\n";
        let (mut document, _) = open(text, Role::Spec);
        type_at(&mut document, text.find("title").unwrap(), 5, "tools");
        let defined = document.parts().map(|(_, facts)| facts.definitions.len()).sum::<usize>();
        assert_eq!(defined, 0);
        assert!(document.parts().next().unwrap().1.prompt);
        let at = document.rope.to_string().find("FR-2").unwrap();
        type_at(&mut document, at + 3, 1, "3");
        assert_eq!(
            said(document.parts().map(|(at, facts)| (at, &**facts))),
            fresh(&document.rope.to_string(), Role::Spec)
        );
        type_at(&mut document, text.find("title").unwrap(), 5, "title");
        assert_eq!(document.parts().map(|(_, facts)| facts.definitions.len()).sum::<usize>(), 2);
    }

    #[test]
    fn what_is_opened_in_a_long_document_is_read_as_far_as_it_goes() {
        let section = |number: usize| {
            format!(
                "## Section {number}\n\nText of FR-{number}.\n\n### Details\n\n- **FR-{number}.1**: x\n\n```sql\nSELECT {number}; -- FR-7\n```\n\n_Requirements: FR-{number}_ <!-- a\nb -->\n\n"
            )
        };
        let text = (0..60).map(section).collect::<String>();
        let typed = [
            "```",
            "~~~\n",
            "<!--",
            "-->",
            "\n# Open Questions\n\n",
            "\n### FR-9: Nine\n\n",
            "> a\n",
            "1. a\n",
            "</b>\n<div>\n",
            "    ",
        ];
        for role in [Role::Plan, Role::Spec, Role::Tasks] {
            let (mut document, _) = open(&text, role);
            let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
            for (number, words) in typed.iter().cycle().take(120).enumerate() {
                let at = lines[number * 37 % lines.len()];
                for (removed, inserted) in [(0, *words), (words.len(), "")] {
                    type_at(&mut document, at, removed, inserted);
                    let own = said(document.parts().map(|(at, facts)| (at, &**facts)));
                    assert!(own == fresh(&document.rope.to_string(), role), "{words:?} at {at}: {removed}");
                }
            }
        }
        let (mut document, _) = open(&text, Role::Plan);
        let at = text.find("Text of FR-30").unwrap();
        for (removed, inserted) in [(0, "```\n"), (4, "")] {
            let work = type_at(&mut document, at, removed, inserted);
            assert_eq!(work.whole, 0);
            assert!(work.segments < 12, "{work:?}");
        }
    }

    #[test]
    fn a_fence_that_stays_open_is_the_same_fact_however_it_came() {
        let text = "# A\n\none\n\n## B\n\ntwo\n\n## C\n\nthree\n";
        let (mut document, _) = open(text, Role::Plan);
        let lost = |document: &Document| {
            let own = said(document.parts().map(|(at, facts)| (at, &**facts)));
            assert_eq!(own, fresh(&document.rope.to_string(), Role::Plan));
            document
                .parts()
                .filter_map(|(_, facts)| facts.open_fence.as_ref())
                .map(|it| it.headings.len())
                .sum::<usize>()
        };
        let find = |document: &Document, words: &str| document.rope.to_string().find(words).unwrap();
        assert_eq!(lost(&document), 0);
        let at = find(&document, "one");
        type_at(&mut document, at, 0, "~~~\n");
        assert_eq!(lost(&document), 2);
        let at = find(&document, "three");
        let work = type_at(&mut document, at, 0, "x");
        assert_eq!((lost(&document), work.segments, work.whole), (2, 1, 0));
        let at = find(&document, "## C");
        type_at(&mut document, at, 0, "~~~\n\n");
        assert_eq!(lost(&document), 0);
        let at = find(&document, "xthree");
        type_at(&mut document, at, 0, "~~~\n\n## D\n\n");
        assert_eq!(lost(&document), 1);
        let at = find(&document, "two");
        let work = type_at(&mut document, at, 0, "x");
        assert_eq!((lost(&document), work.segments, work.whole), (1, 1, 0));
    }

    #[test]
    fn an_opened_fence_swallows_the_headings_behind_it() {
        let text = "# A\n\none\n\n# B\n\nFR-1\n\n```\ncode\n```\n";
        let (mut document, _) = open(text, Role::Plan);
        let work = type_at(&mut document, text.find("one").unwrap(), 3, "```");
        assert_eq!(work.whole, 1);
        assert_eq!(
            said(document.parts().map(|(at, facts)| (at, &**facts))),
            fresh(&document.rope.to_string(), Role::Plan)
        );
    }

    #[test]
    fn a_place_in_code_a_comment_or_a_link_is_literal() {
        let text = "# A\n\nsee [x](specs/FR-1) and `FR-2` but FR-3\n\n<!-- FR-4 -->\n\n```\nFR-5\n```\n\n| a | FR-6 |\n|---|---|\n| b | FR-7 |\n";
        let (document, _) = open(text, Role::Plan);
        let around = |word: &str| document.surroundings(narrow(text.find(word).unwrap() + 3));
        assert_eq!(
            ["FR-1", "FR-2", "FR-3", "FR-4", "FR-5", "FR-7"].map(around),
            [
                Surroundings::LinkTarget,
                Surroundings::Code,
                Surroundings::Prose,
                Surroundings::Html,
                Surroundings::Code,
                Surroundings::Cell,
            ]
        );
    }

    const PIECES: &[&str] = &[
        "# H\n",
        "## FR-1: x\n",
        "### Acceptance Criteria\n",
        " # I\n",
        "\n",
        "\n\n",
        "- **FR-1.1**: a\n",
        "- a\n",
        "  b\n",
        "1. WHEN\n",
        "7. x\n",
        "1.1. WHEN\n",
        "```\n",
        "~~~\n",
        "    code\n",
        "<!--",
        "-->",
        "<!-- traceline: allow id-case why -->\n",
        "<div>\n",
        "</div>\n",
        "> q\n",
        "Title\n===\n",
        "---\n",
        "[foo]: /u\n",
        "[foo]",
        "[Fill this in]\n",
        "[owner]",
        "```\n[Draw it here]\n```\n",
        "```sql\n-- The tables and their keys\n```\n",
        "[a b]: /v\n",
        "[a b]",
        "| ID | Requirement |\n|---|---|\n| FR-2 | t |\n",
        "_Requirements: FR-1.1, NFR-1_\n",
        "_Requirements: FR-1",
        "- [ ] 1. Task\n",
        "  - [x] 1.1 Sub\n",
        "\r\n",
        "\r",
        "é",
        "中文👍",
        "`",
        "*",
        "_",
        "  ",
        "\t",
        "FR-2.1–2.3",
        "### Requirement 2: x\n",
        "##### Errors\n",
        "1a. WHEN\n",
        "4. d\n",
        "#### Acceptance Criteria\n",
        "### 2.1 T\n",
        "### Story 4 & 5\n",
        "---\nrequirements: [FR-1,\n",
        "text. _Requirements: all 1.1 (2.1)_\n",
        "spec 006 FR-9, FR-8\n",
        "Requirement 2.1\n",
        "| FR-2, FR-3 | t |\n",
        "## REMOVED Requirements\n",
        "## RENAMED Requirements\n",
        "### Requirement: A name\n",
        "- FROM: `### Requirement: A`\n",
        "#### Scenario: s\n",
        "It SHALL.\n",
        "### Log in {#US-1}\n",
        "- a *(AC-1.1)*\n",
        "**Requirement ID:** CBIN-144\n",
        "[NEEDS CLARIFICATION: which]",
        "[US1]",
        "~~",
        "~~**FR-1.2**: b~~ (replaced by FR-2)\n",
        " (withdrawn)\n",
        " (formerly FR-1, FR-2)\n",
        "**Former ID**: FR-3\n",
        "| Old ID | ID |\n|-|-|\n| FR-3 | FR-1 |\n",
        "**Status**: Withdrawn\n",
        "  - Status: superseded by FR-3\n",
        "## Withdrawn Requirements\n",
        "| ~~FR-4~~ | t | Removed |\n",
        "_Requirements: ~~FR-1.1~~, FR-2_\n",
        "```markdown\n",
        "```rust\n",
        "#",
        "x",
        "\u{feff}",
    ];

    fn texts() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(PIECES), 0..30).prop_map(|pieces| pieces.concat())
    }

    fn edits() -> impl Strategy<Value = Vec<Vec<(f64, f64, String)>>> {
        let text = prop::collection::vec(prop::sample::select(PIECES), 0..3).prop_map(|pieces| pieces.concat());
        let change = (0.0..1.0, prop_oneof![Just(0.0), 0.0..0.3], text);
        prop::collection::vec(prop::collection::vec(change, 1..4), 1..8)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

        #[test]
        fn edits_one_by_one_say_what_the_final_text_says(text in texts(), batches in edits(), role in prop::sample::select(vec![Role::Spec, Role::Tasks, Role::Plan]), place in prop::sample::select(vec!["specs/a", ".kiro/specs/a", "a/bugfix.md", "openspec/changes/a/specs/b"])) {
            let home = Dialect::home();
            let dialect = home.at(place);
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let mut work = Work::default();
                let mut document = Document::new(1, &text, Arc::clone(dialect), role, &mut work);
                let mut model = text.clone();
                let _ = document.link_targets();
                for (version, batch) in batches.iter().enumerate() {
                    let mut changes = Vec::new();
                    for (from, len, inserted) in batch {
                        let edge = |share: f64| {
                            let mut at = ((model.len() as f64) * share) as usize;
                            while !model.is_char_boundary(at) || model[..at].ends_with('\r') && model[at..].starts_with('\n') { at -= 1; }
                            at
                        };
                        let (a, b) = (edge(*from), edge((from + len).min(1.0)));
                        let rope = Rope::from_str(&model);
                        let at = |offset| position_in(&rope, narrow(offset), encoding);
                        changes.push(Change { range: Some(Range { start: at(a), end: at(b) }), text: inserted.clone() });
                        model.replace_range(a..b, inserted);
                    }
                    document.apply(i32::try_from(version).unwrap() + 2, &changes, encoding);
                    if version % 2 == 0 { document.settle(&mut work); }
                }
                document.settle(&mut work);
                prop_assert_eq!(document.rope.to_string(), model.clone());
                prop_assert_eq!(said(document.parts().map(|(at, facts)| (at, &**facts))), fresh_in(&model, dialect, role), "{:?}", model);
                let targets = Targets::of(document.parts().map(|(_, facts)| &**facts));
                prop_assert_eq!(document.targets.get().unwrap_or(&targets), &targets, "{:?}", model);
                let segments: String = document.segments.iter().enumerate().map(|(at, s)| document.rope.byte_slice(s.start as usize..document.segment_end(at) as usize).to_string()).collect();
                prop_assert_eq!(segments, model.clone());
            }
        }
    }
}
