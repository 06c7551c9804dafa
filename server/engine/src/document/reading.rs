//! Reading what an edit has touched: a window of segments where that is enough, else the whole text.

use super::exported_ids::{ExportChange, ExportedIds, exported_by};
use super::{Document, Segment, Work};
use crate::dialect::{Role, head_len};
use crate::facts::{Context, Cut, Facts, Holds, fold_label, has_open_front_matter, read};
use crate::text::narrow;
use std::sync::{Arc, OnceLock};

/// What comes of reading some segments alone.
enum Window {
    /// They say what they would say if all were read, and so do the others; which ids they name in another way than before.
    Read(Option<ExportChange>),
    /// Something stays open behind them, or headings there mean something else now.
    Open,
    /// All has to be read: the edit has lost segments, defines a link label, or may end front matter.
    Lost,
}

impl Document {
    /// Reads what has changed since the last time. Returns which ids were and are defined in what was read, if that text
    /// names ids in another way than before.
    pub fn settle(&mut self, work: &mut Work) -> Option<ExportChange> {
        let renamed = self.read_dirty(work);
        self.note_what_is_held();
        renamed
    }

    fn note_what_is_held(&mut self) {
        self.holds = self.segments.iter().fold(Holds::default(), |all, segment| all.and(segment.holds));
    }

    fn read_dirty(&mut self, work: &mut Work) -> Option<ExportChange> {
        let mut renamed: Option<ExportChange> = None;
        let mut other = self.choose_again();
        // What stands before it has been read.
        let mut from = 0;
        while let Some(at) = self.segments[from..].iter().position(|segment| segment.dirty).map(|at| from + at) {
            from = at.saturating_sub(1);
            let window = if std::mem::take(&mut other) { Window::Lost } else { self.read_around(at, work) };
            match window {
                Window::Read(None) => {}
                Window::Read(Some(more)) => match &mut renamed {
                    Some(known) => known.join(more),
                    None => renamed = Some(more),
                },
                Window::Open | Window::Lost => {
                    let before = exported_by(
                        self.segments
                            .iter()
                            .map(|segment| &*segment.facts)
                            .chain(self.lost.iter().map(|facts| &**facts)),
                    );
                    let text = self.rope.to_string();
                    self.read_whole(&text, work);
                    self.lost.clear();
                    self.titles_changed = true;
                    let after = exported_by(self.segments.iter().map(|segment| &*segment.facts));
                    // A whole reading is rare, so whether anything but definitions changed is not worth finding out.
                    let mut all = ExportChange { before, after: ExportedIds::default() };
                    if let Some(ExportChange { before, .. }) = renamed {
                        all.join(ExportChange { before, after: ExportedIds::default() });
                    }
                    return Some(ExportChange { after, ..all });
                }
            }
        }
        renamed
    }

    /// Chooses the dialect that `head`, the text's beginning, says. Returns whether it is another than before.
    pub(super) fn choose(&mut self, head: &str) -> bool {
        let said = (self.role == Role::Spec).then(|| self.chosen.recognised(head)).flatten();
        let said = Arc::clone(said.unwrap_or(&self.chosen));
        !Arc::ptr_eq(&said, &std::mem::replace(&mut self.dialect, said.clone()))
    }

    /// The same by the text as it is now, where an edit has touched what is looked at.
    fn choose_again(&mut self) -> bool {
        let head = head_len(self.rope.len_bytes());
        if self.role != Role::Spec || !self.segments.iter().any(|s| s.dirty && (s.start as usize) < head.max(1)) {
            return false;
        }
        let head = self.rope.char_to_byte(self.rope.byte_to_char(head));
        let text = self.rope.byte_slice(..head).to_string();
        self.choose(&text)
    }

    /// Reads the segments around the dirty one at `at`, and as many behind them as what the edit opens goes on.
    fn read_around(&mut self, at: usize, work: &mut Work) -> Window {
        /// So many segments more: a fence that is opened ends where the next one does.
        const MORE: [usize; 4] = [0, 4, 16, 64];
        for more in MORE {
            match self.read_window(at, more, work) {
                Window::Open => {}
                done => return done,
            }
        }
        Window::Open
    }

    /// Reads the segments around the dirty one at `at`, and `more` behind them.
    fn read_window(&mut self, at: usize, more: usize, work: &mut Work) -> Window {
        if self.open_front_matter {
            return Window::Lost;
        }
        // A heading that may be gone joins its text to the segment before.
        let first = if self.segments[at].head_touched { at.saturating_sub(1) } else { at };
        let mut last = (at + more).min(self.segments.len() - 1);
        while self.segments.get(last + 1).is_some_and(|next| next.dirty && next.head_touched) {
            last += 1;
        }
        if self.segments[first..=last].iter().any(|segment| segment.joined) {
            return Window::Lost;
        }
        let (start, end) = (self.segments[first].start as usize, self.segment_end(last) as usize);
        // Then all may as well be read.
        if more > 0 && (end - start) * 2 > self.rope.len_bytes() {
            return Window::Lost;
        }
        // The next heading is read too: that it is still found where it was shows that nothing stayed open before it.
        let guard = match self.segments.get(last + 1) {
            Some(_) => {
                let line = self.rope.byte_to_line(end) + 1;
                if line < self.rope.len_lines() { self.rope.line_to_byte(line) } else { self.rope.len_bytes() }
            }
            None => end,
        };
        let text = self.rope.byte_slice(start..guard).to_string();
        // Front matter may end anywhere.
        if start == 0 && text.trim_start_matches('\u{feff}').starts_with(['-', '+']) {
            return Window::Lost;
        }
        let labels = Arc::clone(&self.labels);
        let before = (*self.segments[first].before).clone();
        let mut reading = read(&text, &self.dialect, self.role, Cut::AtHeadings, before, start == 0, &|label| {
            labels.contains(&fold_label(label))
        });
        if let Some(next) = self.segments.get(last + 1) {
            let found = reading.parts.pop().filter(|part| part.start == end - start && !reading.parts.is_empty());
            if found.is_none_or(|found| found.before != *next.before) {
                return Window::Open;
            }
        }
        let old = self.segments[first..=last].iter().map(|segment| &*segment.facts);
        if !old.clone().flat_map(|facts| &facts.labels).eq(reading.parts.iter().flat_map(|part| &part.facts.labels)) {
            return Window::Lost;
        }
        work.segments += reading.parts.len();
        work.bytes += end - start;
        let renamed =
            (!Facts::has_same_names(old.clone(), reading.parts.iter().map(|part| &part.facts))).then(|| ExportChange {
                before: exported_by(old.clone()),
                after: exported_by(reading.parts.iter().map(|part| &part.facts)),
            });
        self.titles_changed |= !Facts::has_same_titles(old.clone(), reading.parts.iter().map(|part| &part.facts));
        let headings = |facts: &Facts| {
            let all = facts.sections.iter().map(|it| (it.level, it.top, it.key));
            all.collect::<Vec<_>>()
        };
        if !old.clone().flat_map(headings).eq(reading.parts.iter().flat_map(|part| headings(&part.facts))) {
            self.headings = Arc::default();
        }
        if let Some(targets) = self.targets.get_mut() {
            targets.replace(old, reading.parts.iter().map(|part| &part.facts));
        }
        let alone = first == last && reading.parts.len() == 1;
        let syntax = alone.then(|| Arc::clone(&self.segments[first].syntax));
        let parts = reading.parts.into_iter().map(|part| Segment {
            start: narrow(start + part.start),
            holds: Holds::of(&part.facts),
            facts: Arc::new(part.facts),
            before: Arc::new(part.before),
            syntax: syntax.clone().unwrap_or_default(),
            dirty: false,
            head_touched: false,
            joined: false,
        });
        self.segments.splice(first..=last, parts.collect::<Vec<_>>());
        Window::Read(renamed)
    }

    pub(super) fn read_whole(&mut self, text: &str, work: &mut Work) {
        let reading = read(text, &self.dialect, self.role, Cut::AtHeadings, Context::default(), true, &|_| false);
        self.open_front_matter = has_open_front_matter(text);
        self.headings = Arc::default();
        self.targets = OnceLock::new();
        work.whole += 1;
        work.segments += reading.parts.len();
        work.bytes += text.len();
        let labels = reading.parts.iter().flat_map(|part| part.facts.labels.iter().map(|label| fold_label(label)));
        self.labels = Arc::new(labels.collect());
        let mut before = Arc::new(Context::default());
        self.segments = reading
            .parts
            .into_iter()
            .map(|part| {
                if *before != part.before {
                    before = Arc::new(part.before);
                }
                Segment {
                    start: narrow(part.start),
                    holds: Holds::of(&part.facts),
                    facts: Arc::new(part.facts),
                    before: Arc::clone(&before),
                    syntax: Arc::default(),
                    dirty: false,
                    head_touched: false,
                    joined: false,
                }
            })
            .collect();
        self.note_what_is_held();
    }
}
